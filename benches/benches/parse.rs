//! Parsing, by criterion: an event as Toon and, as the floor, as `serde_json::Value`.

use aop_benches::events::Events;
use aop_benches::parse::{typed, untyped};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn parse(criterion: &mut Criterion) {
    let events = Events::load();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Elements(events.count() as u64));
    group.bench_function("Event::parse", |bencher| bencher.iter(|| events.lines().for_each(typed)));
    group.bench_function("serde_json::Value", |bencher| bencher.iter(|| events.lines().for_each(untyped)));
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
