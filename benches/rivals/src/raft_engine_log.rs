//! raft-engine as a log of byte records: each appender is a raft group, each record an entry, each append a synced batch.

use std::thread;
use std::time::Instant;

use protobuf::well_known_types::Any;
use raft_engine::{Config, Engine, LogBatch, MessageExt, ReadableSize};

use crate::{Job, Round};

/// How an entry says its index: a record of bytes, with the index beside it.
struct Record;

impl MessageExt for Record {
    type Entry = Any;

    fn index(entry: &Any) -> u64 {
        entry.type_url.parse().unwrap_or_default()
    }
}

/// Opens the engine in `dir` with its defaults, but for compression: the records are random, so it only costs it time.
pub fn open(dir: &str) -> Result<Engine, raft_engine::Error> {
    Engine::open(Config { dir: dir.to_owned(), batch_compression_threshold: ReadableSize(0), ..Config::default() })
}

/// Runs one round.
pub fn round(engine: &Engine, job: Job) -> Result<Round, raft_engine::Error> {
    let text = text(job.record_bytes);
    let started = Instant::now();
    let outcomes = thread::scope(|scope| {
        let text = &text;
        let appenders: Vec<_> =
            (0..job.appenders).map(|group| scope.spawn(move || append_all(engine, job, group as u64 + 1, text))).collect();
        appenders.into_iter().map(|appender| appender.join().expect("an appender returns its errors")).collect::<Vec<_>>()
    });
    let seconds = started.elapsed().as_secs_f64();
    let mut latencies_us = Vec::new();
    for outcome in outcomes {
        latencies_us.extend(outcome?);
    }
    // What a round wrote is dropped from the index, as a log's reader would; outside of the time.
    for group in 1..=job.appenders as u64 {
        if let Some(last) = engine.last_index(group) {
            engine.compact_to(group, last);
        }
    }
    Ok(Round { seconds, latencies_us })
}

fn append_all(engine: &Engine, job: Job, group: u64, text: &[u8]) -> Result<Vec<f64>, raft_engine::Error> {
    let mut next = engine.last_index(group).unwrap_or(0) + 1;
    let mut latencies_us = Vec::with_capacity(job.appends);
    for _ in 0..job.appends {
        let started = Instant::now();
        let entries: Vec<Any> = (next..)
            .take(job.records)
            .map(|index| {
                let mut entry = Any::new();
                entry.type_url = index.to_string();
                entry.value = text.to_vec();
                entry
            })
            .collect();
        next += job.records as u64;
        let mut batch = LogBatch::with_capacity(1);
        batch.add_entries::<Record>(group, &entries)?;
        engine.write(&mut batch, true)?;
        latencies_us.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(latencies_us)
}

/// Bytes that do not compress.
fn text(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
