//! Judges the runs in files: chunk by chunk, the runs of a chunk in parallel, each run's events in the order of their lines.
//!
//! In memory are one chunk of lines, and of every run whose file is still being read its state (of bounded size) and its
//! findings. The findings are those of [`Engine::evaluate`] over the same run.

use std::collections::HashMap;
use std::io;

use aop_engine::explain::Excerpt;
use aop_engine::{
    Context, EndedRun, Engine, Event, FaultKind, Finding, Limits, ParseError, RunNotes, RunState, Scope, Scratch,
    SharedState,
};
use rayon::prelude::*;

use crate::error::Error;
use crate::input::{Chunk, Doubt, Fill, Line, Source};
use crate::progress::Progress;
use crate::report::Step;

/// A run of which everything has been said.
#[derive(Debug)]
pub(crate) struct JudgedRun {
    /// Which source it is from.
    pub(crate) source: usize,
    pub(crate) run_id: Option<String>,
    /// What it is called: by its events, else by its file.
    pub(crate) name: String,
    pub(crate) events: u64,
    pub(crate) refused: u64,
    pub(crate) findings: Vec<Located>,
    /// What rules over many runs need of it, when they are asked.
    pub(crate) ended: Option<EndedRun>,
    /// Its events, where the listener shows them.
    pub(crate) steps: Vec<Step>,
    /// By `seq`, the line of the first event that has it.
    lines: HashMap<u64, usize>,
}

/// A finding, and the line of the event it is about.
#[derive(Debug)]
pub(crate) struct Located {
    /// Its id, which is the same one whenever it is found again.
    pub(crate) id: String,
    pub(crate) finding: Finding,
    pub(crate) line: Option<usize>,
    /// The place in the event, where the listener shows it.
    pub(crate) excerpt: Option<Excerpt>,
}

impl JudgedRun {
    /// Where its findings are from, for their ids.
    fn scope(&self) -> Scope<'_> {
        Scope { run: Some(&self.name), ..Scope::default() }
    }

    /// The line of the first event with this `seq`.
    pub(crate) fn line_of(&self, seq: u64) -> Option<usize> {
        self.lines.get(&seq).copied()
    }
}

/// What the work has to tell while it goes on.
pub(crate) trait Listener {
    /// Whether it shows each event, so that these have to be kept until their run is done.
    fn shows_steps(&self) -> bool;
    /// A run is done.
    fn judged(&mut self, run: JudgedRun) -> io::Result<()>;
    /// So many lines turned out to be no events; it has been said which.
    fn bad_lines(&mut self, count: u64);
    /// A file that cannot be read to its end.
    fn unreadable(&mut self, source: &Source, error: io::Error);
}

/// Whoever sends the events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'c> {
    /// For rules that ask `principal.role`.
    pub(crate) role: Option<&'c str>,
    /// For rules that ask `principal.organisation`.
    pub(crate) organisation: Option<&'c str>,
}

impl<'c> Caller<'c> {
    pub(crate) fn context(self) -> Context<'c> {
        Context { role: self.role, tenant: self.organisation, ..Context::default() }
    }
}

/// Judges all runs of the sources. A run is what one source holds under one `meta.run_id`; events that name no run are one
/// more. `with_notes` keeps of each run what rules over many runs need.
pub(crate) fn judge(
    engine: &Engine,
    caller: Caller<'_>,
    with_notes: bool,
    sources: &[Source],
    listener: &mut dyn Listener,
    progress: &Progress,
) -> Result<(), Error> {
    let limits = Limits::default();
    let doubts = sources.iter().map(Doubt::new).collect();
    let shared = engine.policies().uses_shared_state().then(SharedState::default);
    let mut judge = Judge {
        with_notes,
        shows_steps: listener.shows_steps(),
        engine,
        caller,
        sources,
        limits,
        open: Vec::new(),
        places: HashMap::new(),
        doubts,
        shared,
    };
    let mut chunk = Chunk::default();
    let mut bytes = 0;
    for (index, source) in sources.iter().enumerate() {
        let mut lines = match source.open(limits.bytes) {
            Ok(lines) => lines,
            Err(error) => {
                listener.unreadable(source, error);
                continue;
            }
        };
        loop {
            match lines.read(index, Fill::Full, &mut chunk) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    listener.unreadable(source, error);
                    break;
                }
            }
            judge.work(&mut chunk, listener, progress)?;
        }
        // small files are judged together, so that every core has runs to judge
        bytes += source.bytes;
        if bytes >= BYTES_TOGETHER || judge.open.len() >= RUNS_TOGETHER || index + 1 == sources.len() {
            judge.work(&mut chunk, listener, progress)?;
            judge.close(listener)?;
            bytes = 0;
        }
    }
    for (doubt, source) in judge.doubts.iter().zip(sources) {
        progress.aside(|| doubt.end(source));
    }
    Ok(())
}

/// Files are judged together up to so many bytes of them,
const BYTES_TOGETHER: u64 = 16 << 20;
/// or so many runs in them.
const RUNS_TOGETHER: usize = 4096;

struct Judge<'a> {
    engine: &'a Engine,
    /// Of whoever sends the events, for policies that ask.
    caller: Caller<'a>,
    sources: &'a [Source],
    limits: Limits,
    /// The runs that may still get events, in the order of their first events.
    open: Vec<OpenRun>,
    /// Where in `open` the run of a source with this id is.
    places: HashMap<(usize, Option<String>), usize>,
    doubts: Vec<Doubt>,
    /// What runs share, when a policy asks for it: then they are judged one after the other, in the order of the lines.
    shared: Option<SharedState>,
    with_notes: bool,
    shows_steps: bool,
}

struct OpenRun {
    run: JudgedRun,
    shows_steps: bool,
    state: RunState,
    /// Only where rules over many runs want them.
    notes: Option<RunNotes>,
}

impl Judge<'_> {
    /// Judges the events of a chunk, and empties it.
    fn work(&mut self, chunk: &mut Chunk, listener: &mut dyn Listener, progress: &Progress) -> Result<(), Error> {
        let limits = self.limits;
        let parse = |line: &Line| Event::parse_with(chunk.text(line)?, &limits);
        let parsed: Vec<Result<Event<'_>, ParseError>> = chunk.lines.par_iter().map(parse).collect();

        let mut arrivals: Vec<Vec<(usize, Event<'_>)>> = Vec::new();
        arrivals.resize_with(self.open.len(), Vec::new);
        let mut scratch = Scratch::default();
        for (line, parsed) in chunk.lines.iter().zip(parsed) {
            let (doubt, source) = (&mut self.doubts[line.source], &self.sources[line.source]);
            match parsed {
                Ok(event) => {
                    listener.bad_lines(progress.aside(|| doubt.event(source)));
                    let place = self.place(line.source, &event);
                    arrivals.resize_with(self.open.len(), Vec::new);
                    match &mut self.shared {
                        Some(shared) => {
                            let context = Context { shared: Some(shared), ..self.caller.context() };
                            self.open[place].take(self.engine, &event, line.number, &mut scratch, context);
                        }
                        None => arrivals[place].push((line.number, event)),
                    }
                }
                Err(error) if error.faults()[0].kind == FaultKind::Empty => {}
                Err(error) => listener.bad_lines(progress.aside(|| doubt.no_event(source, line.number, error))),
            }
        }

        let (engine, caller) = (self.engine, self.caller);
        self.open.par_iter_mut().zip(&arrivals).for_each_init(Scratch::default, |scratch, (open, events)| {
            for (line, event) in events {
                open.take(engine, event, *line, scratch, caller.context());
            }
        });
        drop(arrivals);
        progress.advance(chunk.lines.iter().map(|line| line.bytes).sum());
        chunk.clear();
        Ok(())
    }

    /// Where the run of this event is among the open ones.
    fn place(&mut self, source: usize, event: &Event<'_>) -> usize {
        let run_id = event.meta().run_id().map(|id| id.into_owned());
        let (open, engine, sources) = (&mut self.open, self.engine, self.sources);
        let (notes, shows_steps) = (self.with_notes.then(RunNotes::default), self.shows_steps);
        *self.places.entry((source, run_id)).or_insert_with_key(|(source, run_id)| {
            let run = JudgedRun {
                source: *source,
                run_id: run_id.clone(),
                name: run_id.clone().unwrap_or_else(|| sources[*source].name.clone()),
                events: 0,
                refused: 0,
                findings: Vec::new(),
                ended: None,
                steps: Vec::new(),
                lines: HashMap::new(),
            };
            open.push(OpenRun { run, shows_steps, state: engine.new_state(), notes });
            open.len() - 1
        })
    }

    /// The files that were read are at their ends: so are their runs.
    fn close(&mut self, listener: &mut dyn Listener) -> Result<(), Error> {
        let engine = self.engine;
        self.open.par_iter_mut().for_each(|open| open.finish(engine));
        for OpenRun { run, .. } in self.open.drain(..) {
            listener.judged(run)?;
        }
        self.places.clear();
        Ok(())
    }
}

impl OpenRun {
    fn take(&mut self, engine: &Engine, event: &Event<'_>, line: usize, scratch: &mut Scratch, context: Context<'_>) {
        let verdict = engine.check_in(event, &mut self.state, context, scratch);
        if let Some(notes) = &mut self.notes {
            engine.note(event, &verdict, notes);
        }
        let run = &mut self.run;
        run.events += 1;
        run.refused += u64::from(!verdict.is_accepted());
        run.lines.entry(event.seq()).or_insert(line);
        let ids = engine.finding_ids(run.scope(), &verdict.findings);
        if self.shows_steps {
            run.steps.push(Step::new(event, &verdict, line));
        }
        let excerpt = |finding: &Finding| self.shows_steps.then(|| engine.excerpt(event, finding)).flatten();
        let located =
            |(id, finding): (String, Finding)| Located { id, line: Some(line), excerpt: excerpt(&finding), finding };
        run.findings.extend(ids.into_iter().zip(verdict.findings).map(located));
    }

    fn finish(&mut self, engine: &Engine) {
        self.run.ended = self.notes.take().and_then(|notes| engine.ended_run(&self.run.name, &self.state, notes));
        let findings = engine.finish(&self.state, None).findings;
        let ids = engine.finding_ids(self.run.scope(), &findings);
        for (id, finding) in ids.into_iter().zip(findings) {
            let line = finding.seq.and_then(|seq| self.run.line_of(seq));
            self.run.findings.push(Located { id, finding, line, excerpt: None });
        }
    }
}
