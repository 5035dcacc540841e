//! The engine with everything on, by criterion: events that are parsed already, and from their bytes.

use aop_benches::engine::speed::parse_and_check;
use aop_benches::engine::{check, parse_all, with_rules};
use aop_benches::events::Events;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn engine(criterion: &mut Criterion) {
    let events = Events::load();
    let engine = with_rules().expect("the settings of the benches are right");
    let parsed = parse_all(&events).expect("the events of the benches are valid");
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(events.count() as u64));
    group.bench_function("check", |bencher| bencher.iter(|| check(&engine, &parsed)));
    group.bench_function("parse and check", |bencher| bencher.iter(|| parse_and_check(&engine, &events)));
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
