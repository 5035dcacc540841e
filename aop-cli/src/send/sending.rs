//! From lines to answers: reads events, sends them batch by batch, and finalizes their runs.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use aop_engine::{Event, FaultKind};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::batch::{Outcome, Parcel, Stopped, deliver};
use super::client::{Client, Patience, Reply};
use super::tally::Tally;
use super::{Arguments, Format};
use crate::error::Error;
use crate::input::{Chunk, Doubt, Fill, Line, Source};
use crate::output::{complain, count, note, shown, visible};
use crate::progress::Progress;
use crate::scan::LINE_LIMITS;

/// A request holds no more than this, whatever the number of its events.
const BATCH_BYTES_MAX: usize = 8 << 20;
/// Runs are finalized at the latest when so many are waiting for it.
const RUNS_TOGETHER: usize = 100;

/// The work of sending, and how far it has come.
pub(crate) struct Sending<'a, W> {
    arguments: &'a Arguments,
    client: &'a Client,
    sources: &'a [Source],
    progress: &'a Progress,
    out: W,
    /// Events that are read and not sent yet, and their bytes.
    parcels: Vec<Parcel>,
    bytes: usize,
    /// The runs that are not finalized, in the order of their sources and first events, and the place of each.
    runs: Vec<OpenRun>,
    places: HashMap<(usize, Rc<str>), usize>,
    tally: Tally,
}

/// A run that may get more events, or that waits for its last ones to be sent.
struct OpenRun {
    run_id: Rc<str>,
    /// Whether all of its events were taken so far.
    is_whole: bool,
}

/// Why the work does not go on.
pub(crate) enum Halt {
    /// The host takes no more.
    Stopped(Stopped),
    /// The verb cannot do its work.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl<'a, W: Write> Sending<'a, W> {
    /// Nothing is read or sent yet.
    pub(crate) fn new(
        arguments: &'a Arguments,
        client: &'a Client,
        sources: &'a [Source],
        progress: &'a Progress,
        out: W,
        tally: Tally,
    ) -> Self {
        let (parcels, runs, places) = (Vec::new(), Vec::new(), HashMap::new());
        Self { arguments, client, sources, progress, out, parcels, bytes: 0, runs, places, tally }
    }

    /// The numbers, and where the answers went.
    pub(crate) fn into_parts(self) -> (Tally, W) {
        (self.tally, self.out)
    }

    /// Reads and sends everything.
    pub(crate) fn all(&mut self) -> Result<(), Halt> {
        for index in 0..self.sources.len() {
            self.source(index)?;
        }
        self.flush()?;
        self.finalize()
    }

    /// Reads a source, and sends what fills a batch. Batches go across sources; runs do not.
    fn source(&mut self, index: usize) -> Result<(), Halt> {
        let source = &self.sources[index];
        let mut doubt = Doubt::new(source);
        let bad_before = self.tally.bad_lines;
        let first_run = self.runs.len();
        let is_read = self.read(index, &mut doubt)?;
        self.progress.aside(|| doubt.end(source));
        self.places.clear();
        if !is_read || self.tally.bad_lines > bad_before {
            self.runs[first_run..].iter_mut().for_each(|run| run.is_whole = false);
        }
        if self.runs.len() >= RUNS_TOGETHER {
            self.flush()?;
            self.finalize()?;
        }
        Ok(())
    }

    /// Reads a source to its end; false when that failed.
    fn read(&mut self, index: usize, doubt: &mut Doubt) -> Result<bool, Halt> {
        let source = &self.sources[index];
        let mut chunk = Chunk::default();
        let mut lines = match source.open(LINE_LIMITS.bytes) {
            Ok(lines) => lines,
            Err(error) => return Ok(self.unreadable(source, &error)),
        };
        loop {
            let is_more = match lines.read(index, Fill::Available, &mut chunk) {
                Ok(is_more) => is_more,
                Err(error) => return Ok(self.unreadable(source, &error)),
            };
            for line in &chunk.lines {
                self.line(&chunk, line, doubt)?;
                self.progress.advance(line.bytes);
            }
            chunk.clear();
            if !is_more {
                return Ok(true);
            }
        }
    }

    fn unreadable(&mut self, source: &Source, error: &io::Error) -> bool {
        self.tally.bad_paths += 1;
        self.progress.aside(|| complain(format_args!("{}: {error}", visible(&source.name))));
        false
    }

    fn line(&mut self, chunk: &Chunk, line: &Line, doubt: &mut Doubt) -> Result<(), Halt> {
        let source = &self.sources[line.source];
        let event = chunk.text(line).and_then(|text| Event::parse_with(text, &LINE_LIMITS));
        let event = match event {
            Ok(event) => event,
            Err(error) if error.faults()[0].kind == FaultKind::Empty => return Ok(()),
            Err(error) => {
                self.tally.bad_lines += self.progress.aside(|| doubt.no_event(source, line.number, error));
                return Ok(());
            }
        };
        self.tally.bad_lines += self.progress.aside(|| doubt.event(source));
        let Some(run_id) = event.meta().run_id() else {
            self.tally.bad_lines += 1;
            let place = format_args!("{}:{}", visible(&source.name), line.number);
            let message = "it is missing; a host must know which run an event belongs to";
            self.progress.aside(|| complain(format_args!("{place}: at /meta/run_id: {message}")));
            return Ok(());
        };
        let text = event.raw().trim_ascii().as_bytes();
        if self.parcels.len() >= self.arguments.batch as usize || self.bytes + text.len() > BATCH_BYTES_MAX {
            self.flush()?;
        }
        let run = self.run(line.source, Rc::from(run_id));
        self.bytes += text.len() + 1;
        self.parcels.push(Parcel {
            source: line.source,
            line: line.number,
            run,
            run_id: self.runs[run].run_id.clone(),
            seq: event.seq(),
            text: text.to_vec(),
        });
        Ok(())
    }

    /// The place of a run of a source among the open ones.
    fn run(&mut self, source: usize, run_id: Rc<str>) -> usize {
        let runs = &mut self.runs;
        *self.places.entry((source, run_id)).or_insert_with_key(|(_, run_id)| {
            runs.push(OpenRun { run_id: run_id.clone(), is_whole: true });
            self.tally.runs += 1;
            runs.len() - 1
        })
    }

    /// Sends what is waiting.
    fn flush(&mut self) -> Result<(), Halt> {
        let parcels = std::mem::take(&mut self.parcels);
        self.bytes = 0;
        if parcels.is_empty() {
            return Ok(());
        }
        let (outcomes, done) =
            deliver(self.client, &parcels, self.arguments.retries, &mut |reason, pause| self.wait(reason, pause));
        for (parcel, outcome) in parcels.iter().zip(&outcomes) {
            match outcome {
                Some(outcome) => self.settle(parcel, outcome)?,
                None => {
                    self.tally.not_taken += 1;
                    self.runs[parcel.run].is_whole = false;
                }
            }
        }
        if self.arguments.format == Format::Jsonl {
            self.out.flush()?;
        }
        self.progress.say(format!("{} sent", count(self.tally.accepted + self.tally.refused, "event")));
        done.map_err(Halt::Stopped)
    }

    /// Counts an event's answer, and tells it.
    fn settle(&mut self, parcel: &Parcel, outcome: &Outcome) -> Result<(), Halt> {
        self.tally.duplicates += u64::from(outcome.is_duplicate);
        match outcome.status {
            202 => self.tally.accepted += 1,
            422 => {
                self.tally.refused += 1;
                self.tally.findings += outcome.findings.len() as u64;
            }
            status => {
                self.tally.not_taken += 1;
                self.runs[parcel.run].is_whole = false;
                let place = format!("{}:{}", visible(&self.sources[parcel.source].name), parcel.line);
                let event = format!("run {} seq {}", shown(&parcel.run_id), parcel.seq);
                let detail = outcome.detail.as_deref().map(|detail| format!(": {}", visible(detail))).unwrap_or_default();
                let finding =
                    outcome.findings.first().and_then(|finding| serde_json::from_str::<Reason<'_>>(finding.get()).ok());
                let finding = finding
                    .map(|Reason { rule, message }| format!(" ({}: {})", visible(&rule), visible(&message)))
                    .unwrap_or_default();
                let code = visible(&outcome.code);
                self.progress
                    .aside(|| complain(format_args!("{place}: {event}: not taken: {status} {code}{finding}{detail}")));
            }
        }
        if self.arguments.format == Format::Jsonl {
            let answer = Answer {
                run_id: &parcel.run_id,
                seq: parcel.seq,
                status: outcome.status,
                code: &outcome.code,
                duplicate: outcome.is_duplicate,
                detail: outcome.detail.as_deref(),
                findings: &outcome.findings,
            };
            let mut line = serde_json::to_vec(&answer).expect("an answer is words and numbers, which JSON has");
            line.push(b'\n');
            self.progress.aside(|| self.out.write_all(&line))?;
        }
        Ok(())
    }

    /// Ends the runs whose sources are read and whose events are sent.
    fn finalize(&mut self) -> Result<(), Halt> {
        for run in std::mem::take(&mut self.runs) {
            if !self.arguments.no_finalize && run.is_whole && self.finalize_run(&run.run_id)? {
                self.tally.finalized += 1;
            }
        }
        Ok(())
    }

    /// Ends a run; false when the host refuses to.
    fn finalize_run(&self, run_id: &str) -> Result<bool, Halt> {
        let mut patience = Patience::default();
        loop {
            match self.client.finalize(run_id) {
                Reply::Done((), _) => return Ok(true),
                Reply::Later { reason, after } => match patience.next(self.arguments.retries, after) {
                    Some(pause) => self.wait(&reason, pause),
                    None => return Err(Halt::Stopped(Stopped(format!("{}: {reason}", self.client.url())))),
                },
                Reply::Refused(refusal) => {
                    let reason = refusal.to_string();
                    self.progress.aside(|| complain(format_args!("run {run_id}: not finalized: {}", visible(&reason))));
                    return Ok(false);
                }
            }
        }
    }

    fn wait(&self, reason: &str, pause: Duration) {
        let seconds = pause.as_secs_f64();
        self.progress.aside(|| note(format_args!("trying again in {seconds} s: {}", visible(reason))));
        thread::sleep(pause);
    }
}

/// What a finding says of why an event is not taken.
#[derive(Deserialize)]
struct Reason<'a> {
    rule: Cow<'a, str>,
    message: Cow<'a, str>,
}

/// What is told of an event as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    run_id: &'a str,
    seq: u64,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    duplicate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    findings: &'a [Box<RawValue>],
}
