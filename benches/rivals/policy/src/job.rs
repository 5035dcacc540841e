//! The rounds: every contender on traces of every length, in turns.

use crate::aop::Aop;
use crate::board::Row;
use crate::by_hand::ByHand;
use crate::cel_expression::Cel;
use crate::contender::{Absent, Contender, Error, Loaded, Search, load};
use crate::dogwood::{Dogwood, Monitor};
use crate::measure::{Contender as Turn, Series, take_turns};
use crate::rego::Rego;
use crate::trace::{Step, trace};

/// How many events the traces have.
pub const LENGTHS: [usize; 4] = [20, 50, 100, 200];

/// How many events a round judges, trace by trace.
const EVENTS_A_ROUND: usize = 2000;
/// Ours divided by a peer's, at the greatest length.
const RATIO_GOAL: f64 = 0.1;

/// The others, in the order of the board, and whether the goal is about them.
const OTHERS: [(&str, bool); 7] = [
    ("dogwood-local-engine 1.1.1", true),
    ("regorus 0.14.1, some", true),
    ("regorus 0.14.1, in", true),
    ("cel 0.15.0, exists", true),
    ("cel 0.15.0, in", true),
    ("dogwood-local-engine 1.1.1, monitor alone", false),
    ("plain Rust", false),
];

/// What was measured, and why ours was not where it was not.
#[derive(Debug, Default)]
pub struct Outcome {
    /// A row for each length and each of the others.
    pub rows: Vec<Row>,
    /// What our own engine got wrong; its figures are left out then.
    pub failures: Vec<String>,
}

/// Measures every row. Our own engine may fail, which is then said in its rows; a peer that is wrong is used wrongly, and
/// ends the bench.
///
/// # Errors
/// When a peer fails or its verdicts are not the reference's.
pub fn measure(rounds: usize) -> Result<Outcome, Error> {
    let mut aop = Aop::new();
    let (mut dogwood, mut monitor) = (Dogwood::new()?, Monitor::new()?);
    let (mut rego_some, mut rego_in) = (Rego::new(Search::AnyCondition)?, Rego::new(Search::EqualRecord)?);
    let (mut cel_exists, mut cel_in) = (Cel::new(Search::AnyCondition)?, Cel::new(Search::EqualRecord)?);
    let mut by_hand = ByHand::default();

    let mut outcome = Outcome::default();
    for length in LENGTHS {
        let trace = trace(length);
        let own = aop
            .as_mut()
            .map_err(|error| error.to_string())
            .and_then(|aop| proven(aop, &trace).map_err(|error| format!("{length} events: {error}")));
        let failure = own.as_ref().err().cloned();
        let contenders = [
            own.unwrap_or_else(|_| Box::new(Absent)),
            proven(&mut dogwood, &trace).map_err(wrong("dogwood"))?,
            proven(&mut rego_some, &trace).map_err(wrong("regorus, some"))?,
            proven(&mut rego_in, &trace).map_err(wrong("regorus, in"))?,
            proven(&mut cel_exists, &trace).map_err(wrong("cel, exists"))?,
            proven(&mut cel_in, &trace).map_err(wrong("cel, in"))?,
            proven(&mut monitor, &trace).map_err(wrong("dogwood's monitor"))?,
            proven(&mut by_hand, &trace).map_err(wrong("plain Rust"))?,
        ];
        let [own, others @ ..] = take_rounds(rounds, length, contenders);
        outcome.rows.extend(rows(length, failure.as_deref().map_or(Ok(&own), Err), &others));
        if !failure.as_ref().is_none_or(|failure| outcome.failures.contains(failure)) {
            outcome.failures.extend(failure);
        }
    }
    Ok(outcome)
}

fn proven<'c, C: Contender>(contender: &'c mut C, trace: &[Step]) -> Result<Box<dyn Loaded + 'c>, Error>
where
    C::Event: 'c,
{
    let mut loaded = load(contender, trace)?;
    loaded.prove()?;
    Ok(loaded)
}

fn wrong(name: &str) -> impl Fn(Error) -> Error {
    move |error| format!("{name}: {error}").into()
}

fn take_rounds<const N: usize>(rounds: usize, length: usize, mut contenders: [Box<dyn Loaded + '_>; N]) -> [Series; N] {
    let times = (EVENTS_A_ROUND / length).max(1);
    let mut turns = contenders.each_mut().map(|contender| move || contender.micros(times));
    take_turns(rounds, turns.each_mut().map(|turn| -> Turn<'_> { turn }))
}

/// The rows of one length; `own` is our series, or why there is none.
fn rows(length: usize, own: Result<&Series, &str>, others: &[Series; OTHERS.len()]) -> Vec<Row> {
    let is_longest = LENGTHS.iter().all(|other| *other <= length);
    let what = format!("external mail after a page, {length} events");
    let row = |((name, is_rival), series): (&(&'static str, bool), &Series)| {
        let row = Row::new(what.clone(), own, name, series);
        if is_longest && *is_rival { row.ratio_at_most(RATIO_GOAL) } else { row }
    };
    OTHERS.iter().zip(others).map(row).collect()
}
