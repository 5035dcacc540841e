//! Runs a peer's side of a bench, one job a line, so that the scoreboard can alternate its own rounds with the peer's.
//!
//! Started as `aop-rivals raft-engine DIR`. Each line on standard input is a job
//! `{"appenders":8,"appends":100,"records":1,"record_bytes":1024}`; each is answered by a line
//! `{"seconds":0.5,"latencies_us":[…]}` with one latency an append.

mod raft_engine_log;

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

/// What one round does: every appender makes `appends` durable appends, one after the other.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Job {
    /// Threads that append at the same time.
    pub appenders: usize,
    /// Appends of each.
    pub appends: usize,
    /// Records in an append.
    pub records: usize,
    /// Bytes of a record.
    pub record_bytes: usize,
}

/// What one round took.
#[derive(Debug, Serialize)]
pub struct Round {
    /// Of the whole round.
    pub seconds: f64,
    /// Of each append, from the call to its being durable.
    pub latencies_us: Vec<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [peer, dir] = &arguments[..] else {
        return Err("usage: aop-rivals raft-engine DIR".into());
    };
    if peer != "raft-engine" {
        return Err(format!("{peer} is no peer we know; raft-engine is").into());
    }
    let log = raft_engine_log::open(dir)?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let job: Job = serde_json::from_str(&line?)?;
        let round = raft_engine_log::round(&log, job)?;
        serde_json::to_writer(&mut out, &round)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}
