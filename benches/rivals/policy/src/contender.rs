//! What a contender must be able to do, and how its rounds are timed.

use std::hint::black_box;
use std::time::Instant;

use crate::trace::{Step, reference};

/// Whatever went wrong, in words.
pub type Error = Box<dyn std::error::Error>;

/// An engine with the rule in it, that watches one run.
pub trait Contender {
    /// An event in the form in which the engine takes it, parsed beforehand.
    type Event;

    /// Parses an event; not timed.
    ///
    /// # Errors
    /// When the engine does not take it.
    fn parse(&self, step: &Step) -> Result<Self::Event, Error>;

    /// Begins a new run, with nothing remembered; not timed.
    ///
    /// # Errors
    /// When the engine cannot.
    fn start(&mut self) -> Result<(), Error>;

    /// Judges the events of a run in order, each as it arrives and before those after it are looked at: for each, whether it
    /// is refused. This is what is timed.
    ///
    /// # Errors
    /// When the engine fails on one of them.
    fn judge(&mut self, events: &[Self::Event]) -> Result<Vec<bool>, Error>;
}

/// How the rule of an engine that keeps nothing looks for the page in the history that it is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// It tests the fields of each record: so any condition on the past can be written, and so it is usually written.
    AnyCondition,
    /// It looks for a record that is equal to one: the quickest form, for a rule that asks for nothing but equal fields.
    EqualRecord,
}

/// A contender with a trace that it has parsed.
pub trait Loaded {
    /// Judges the trace once, and holds the verdicts against the reference.
    ///
    /// # Errors
    /// The first event about which the contender is wrong, or what it failed on.
    fn prove(&mut self) -> Result<(), Error>;

    /// Judges the trace so many times, and gives the mean in microseconds; after [`Loaded::prove`].
    fn micros(&mut self, times: usize) -> f64;
}

/// Lets a contender parse a trace.
///
/// # Errors
/// When it does not take one of the events.
pub fn load<'c, C: Contender>(contender: &'c mut C, trace: &[Step]) -> Result<Box<dyn Loaded + 'c>, Error>
where
    C::Event: 'c,
{
    let events = trace.iter().map(|step| contender.parse(step)).collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(WithTrace { contender, events, expected: reference(trace) }))
}

struct WithTrace<'c, C: Contender> {
    contender: &'c mut C,
    events: Vec<C::Event>,
    expected: Vec<bool>,
}

impl<C: Contender> Loaded for WithTrace<'_, C> {
    fn prove(&mut self) -> Result<(), Error> {
        self.contender.start()?;
        let verdicts = self.contender.judge(&self.events)?;
        if verdicts.len() != self.expected.len() {
            return Err(format!("{} verdicts for {} events", verdicts.len(), self.expected.len()).into());
        }
        let wrong = verdicts.iter().zip(&self.expected).position(|(verdict, expected)| verdict != expected);
        let word = |is_refused: bool| if is_refused { "refused" } else { "accepted" };
        wrong.map_or(Ok(()), |place| {
            let (is, ought) = (word(verdicts[place]), word(self.expected[place]));
            Err(format!("event #{} of {} is {is} and ought to be {ought}", place + 1, self.events.len()).into())
        })
    }

    fn micros(&mut self, times: usize) -> f64 {
        const PROVEN: &str = "it has judged this trace before, and nothing but the trace decides";
        let mut seconds = 0.0;
        for _ in 0..times {
            self.contender.start().expect(PROVEN);
            let began = Instant::now();
            let verdicts = self.contender.judge(black_box(&self.events)).expect(PROVEN);
            seconds += began.elapsed().as_secs_f64();
            black_box(verdicts);
        }
        seconds * 1e6 / times as f64
    }
}

/// The place of a contender that cannot do the job.
#[derive(Debug)]
pub struct Absent;

impl Loaded for Absent {
    fn prove(&mut self) -> Result<(), Error> {
        Err("it does not take part".into())
    }

    fn micros(&mut self, _times: usize) -> f64 {
        f64::NAN
    }
}
