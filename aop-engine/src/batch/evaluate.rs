//! Stored runs, many at once.

use std::sync::{Mutex, PoisonError};

use aop_toon::{Finding, Trace};
use serde::Serialize;

use super::{BatchState, EndedRun, RunNotes};
use crate::engine::Engine;
use crate::ingest::Scratch;
use crate::policies::SharedState;
use crate::report::Report;

/// What is said of many runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchReport {
    /// Of each run, in their order.
    pub reports: Vec<Report>,
    /// Of the runs together.
    pub findings: Vec<Finding>,
}

/// So many runs are read and judged at a time.
const RUNS_AT_ONCE: usize = 1024;

impl Engine {
    /// Judges many runs, each by itself, and then together: as of the time of the latest run, where a few runs whose clocks are far ahead
    /// of nearly all others are left aside. Whoever knows what time it is gives it to [`Engine::set_batch_horizon`] and
    /// [`Engine::finish_batch`], with [`Engine::evaluate_stream`] between them.
    ///
    /// All cores work when the feature `rayon` is on, unless a policy looks per agent or organisation: then the runs are judged one
    /// after the other, in the order in which they stand. [`Engine::evaluate_stream`] does the same for runs that need not be in
    /// memory at once.
    ///
    /// ```
    /// use aop_engine::{Engine, traces_from_jsonl};
    ///
    /// let lines = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"2+2?"},"meta":{"run_id":"a"}}
    /// {"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"3+3?"},"meta":{"run_id":"b"}}
    /// "#;
    /// let (traces, _) = traces_from_jsonl(lines, &Default::default());
    /// let batch = Engine::builder().build()?.evaluate_all(&traces);
    /// assert_eq!(batch.reports.len(), 2);
    /// assert!(batch.findings.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate_all(&self, traces: &[Trace<'_>]) -> BatchReport {
        let mut batch = self.new_batch();
        let starts = traces.iter().filter_map(|trace| trace.events().first()).map(|event| (event.t().micros(), 1)).collect();
        if let Some(latest) = aop_rules::batch::BatchState::latest_of(&self.batch_settings(), starts) {
            self.set_batch_horizon(&mut batch, latest);
        }
        let mut reports = Vec::with_capacity(traces.len());
        self.evaluate_stream(traces.iter(), |trace| (*trace).clone(), &mut batch, |report| reports.push(report));
        let findings = self.latest_of_batch(&batch).map_or_else(Vec::new, |now| self.finish_batch(&batch, now));
        BatchReport { reports, findings }
    }

    /// Judges runs that come one after the other, without keeping them: `open` makes a run of what came (it may read and parse, and is
    /// called on all cores), each report is given away in the order of the runs, and of the runs themselves stays what `batch`
    /// remembers. Memory does not grow with the number of runs.
    ///
    /// ```
    /// use aop_engine::{Engine, Trace, traces_from_jsonl};
    ///
    /// let engine = Engine::builder().build()?;
    /// let texts = (0..5000).map(|number| format!(
    ///     r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{{"thought":"hi"}},"meta":{{"run_id":"r-{number}"}}}}"#
    /// ));
    /// let mut batch = engine.new_batch();
    /// let mut findings = 0;
    /// let open = |text: &String| traces_from_jsonl(text.as_bytes(), &Default::default()).0.remove(0).into_owned();
    /// engine.evaluate_stream(texts, open, &mut batch, |report| findings += report.findings.len());
    /// assert_eq!((batch.runs(), findings), (5000, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate_stream<'t, R: Send + Sync>(
        &self,
        mut runs: impl Iterator<Item = R> + Send,
        open: impl Fn(&R) -> Trace<'t> + Sync,
        batch: &mut BatchState,
        mut tell: impl FnMut(Report),
    ) {
        let mut shared = self.policies.uses_shared_state().then(SharedState::default);
        let mut number = 0;
        let mut chunk: Vec<R> = runs.by_ref().take(RUNS_AT_ONCE).collect();
        while !chunk.is_empty() {
            let first = number;
            number += chunk.len();
            let mut read = || runs.by_ref().take(RUNS_AT_ONCE).collect();
            let (reports, next) = match &mut shared {
                Some(shared) => (self.evaluate_in_order(&chunk, first, &open, shared, batch), read()),
                None => self.evaluate_chunk(&chunk, first, &open, batch, read),
            };
            reports.into_iter().for_each(&mut tell);
            chunk = next;
        }
    }

    fn evaluate_in_order<'t, R>(
        &self,
        chunk: &[R],
        first: usize,
        open: &impl Fn(&R) -> Trace<'t>,
        shared: &mut SharedState,
        batch: &mut BatchState,
    ) -> Vec<Report> {
        let mut scratch = Scratch::default();
        let judge = |(place, run): (usize, &R)| {
            let (report, ended) = self.evaluate_noting(&open(run), first + place, Some(&mut *shared), &mut scratch);
            ended.iter().for_each(|ended| self.observe_run(ended, batch));
            report
        };
        chunk.iter().enumerate().map(judge).collect()
    }

    /// Judges a chunk on all cores, while the next one is read. Whichever run has ended is taken in at once: their order makes no
    /// difference, and nobody has to wait long, since judging takes many times longer.
    fn evaluate_chunk<'t, R: Send + Sync>(
        &self,
        chunk: &[R],
        first: usize,
        open: &(impl Fn(&R) -> Trace<'t> + Sync),
        batch: &mut BatchState,
        read: impl FnOnce() -> Vec<R> + Send,
    ) -> (Vec<Report>, Vec<R>) {
        let batch = Mutex::new(batch);
        let judge = |scratch: &mut Scratch, (place, run): (usize, &R)| {
            let (report, ended) = self.evaluate_noting(&open(run), first + place, None, scratch);
            if let Some(ended) = ended {
                self.observe_run(&ended, &mut batch.lock().unwrap_or_else(PoisonError::into_inner));
            }
            report
        };
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            rayon::join(
                || {
                    chunk
                        .par_iter()
                        .enumerate()
                        .map_init(Scratch::default, |scratch, (place, run)| judge(scratch, (place, run)))
                        .collect()
                },
                read,
            )
        }
        #[cfg(not(feature = "rayon"))]
        {
            let mut scratch = Scratch::default();
            (chunk.iter().enumerate().map(|run| judge(&mut scratch, run)).collect(), read())
        }
    }

    /// Judges a run, and gives what rules over many runs need of it. A run without a name gets its number.
    fn evaluate_noting(
        &self,
        trace: &Trace<'_>,
        place: usize,
        shared: Option<&mut SharedState>,
        scratch: &mut Scratch,
    ) -> (Report, Option<EndedRun>) {
        let mut notes = RunNotes::default();
        let (state, report) =
            self.evaluate_with(trace, shared, scratch, |event, verdict| self.note(event, verdict, &mut notes));
        let run_id = trace.run_id().map_or_else(|| format!("run {}", place + 1), str::to_owned);
        (report, self.ended_run(&run_id, &state, notes))
    }
}
