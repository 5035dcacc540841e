//! Events on their way: a batch goes out, its answers come back, and what was only put off goes out again.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use serde_json::value::RawValue;

use super::client::{BatchAnswer, Client, EventResult, Patience, Refusal, Reply, is_temporary};

/// An event that is to be sent.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// Where it is from: the source, by its place in the list, and the line.
    pub(crate) source: usize,
    pub(crate) line: usize,
    pub(crate) run_id: Rc<str>,
    /// The run's place among those that are open.
    pub(crate) run: usize,
    pub(crate) seq: u64,
    /// Its bytes as they stand in the file.
    pub(crate) text: Vec<u8>,
}

/// What the host said about an event in the end.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) is_duplicate: bool,
    pub(crate) detail: Option<String>,
    pub(crate) findings: Vec<Box<RawValue>>,
}

/// Why sending cannot go on.
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) String);

/// Sends a batch until each event has its answer: accepted, refused, or not to be taken. The outcomes are in the order of
/// the parcels; where sending stops, those of the parcels that are still out are missing.
pub(crate) fn deliver(
    client: &Client,
    parcels: &[Parcel],
    attempts_max: u32,
    wait: &mut dyn FnMut(&str, Duration),
) -> (Vec<Option<Outcome>>, Result<(), Stopped>) {
    let mut outcomes: Vec<Option<Outcome>> = Vec::new();
    outcomes.resize_with(parcels.len(), || None);
    let mut patience = Patience::default();
    // the parcels that are still out, in order, and how many of them go at once
    let mut out: Vec<usize> = (0..parcels.len()).collect();
    let mut at_once = parcels.len();
    while !out.is_empty() {
        at_once = at_once.clamp(1, out.len());
        let (going, waiting) = out.split_at(at_once);
        match client.send(&body(parcels, going)) {
            Reply::Done(answer, after) => {
                let PutOff { parcels: back, reason, after: asked } = sort(parcels, going, answer, &mut outcomes);
                if back.len() < going.len() {
                    patience.renew();
                }
                let later: Vec<usize> = back.iter().map(|(index, _)| *index).collect();
                if let Some(reason) = reason {
                    match patience.next(attempts_max, asked.or(after)) {
                        Some(pause) => wait(&reason, pause),
                        None => {
                            back.into_iter().for_each(|(index, outcome)| outcomes[index] = Some(outcome));
                            out = waiting.to_vec();
                            patience.renew();
                            continue;
                        }
                    }
                }
                out = [&later, waiting].concat();
            }
            Reply::Later { reason, after } => match patience.next(attempts_max, after) {
                Some(pause) => wait(&reason, pause),
                None => return (outcomes, Err(Stopped(format!("{}: {reason}", client.url())))),
            },
            // the events may be fine one by one
            Reply::Refused(Refusal { status: 413, .. }) if going.len() > 1 => at_once = going.len() / 2,
            Reply::Refused(Refusal { status: status @ 413, code, detail }) => {
                let outcome = Outcome { status, code, is_duplicate: false, detail: Some(detail), findings: Vec::new() };
                outcomes[going[0]] = Some(outcome);
                out = waiting.to_vec();
            }
            Reply::Refused(refusal) => return (outcomes, Err(Stopped(format!("{}: {refusal}", client.url())))),
        }
    }
    (outcomes, Ok(()))
}

fn body(parcels: &[Parcel], going: &[usize]) -> Vec<u8> {
    going.iter().map(|&index| parcels[index].text.as_slice()).collect::<Vec<_>>().join(&b'\n')
}

/// What the host did not take now, and may take later.
#[derive(Default)]
struct PutOff {
    /// The parcels in order, with what to say of them if it stays so.
    parcels: Vec<(usize, Outcome)>,
    /// What the host said of the first.
    reason: Option<String>,
    /// How long the host asks to wait, the longest where it does so for several.
    after: Option<Duration>,
}

/// Puts the final answers where they belong, and gives back what was only put off.
fn sort(parcels: &[Parcel], going: &[usize], answer: BatchAnswer, outcomes: &mut [Option<Outcome>]) -> PutOff {
    let all_known = answer.duplicates == going.len();
    let mut results: Vec<Option<EventResult>> = Vec::new();
    results.resize_with(going.len(), || None);
    for result in answer.results {
        if let Some(place) = results.get_mut(result.index) {
            *place = Some(result);
        }
    }
    let mut runs_put_off: BTreeSet<&str> = BTreeSet::new();
    let mut put_off = PutOff::default();
    for (&index, result) in going.iter().zip(results) {
        let run_id = &*parcels[index].run_id;
        let asked = result.as_ref().and_then(|result| result.retry_after_s).map(Duration::from_secs);
        // what a batch that was accepted as a whole does not list was accepted
        let outcome = result.map_or_else(|| accepted(all_known), Outcome::from);
        let follows = outcome.code == "earlier_event_failed" && runs_put_off.contains(run_id);
        if is_temporary(outcome.status) || follows {
            put_off.reason.get_or_insert_with(|| format!("{} {}", outcome.status, outcome.code));
            put_off.after = put_off.after.max(asked);
            put_off.parcels.push((index, outcome));
            runs_put_off.insert(run_id);
        } else {
            outcomes[index] = Some(outcome);
        }
    }
    put_off
}

fn accepted(is_duplicate: bool) -> Outcome {
    Outcome { status: 202, code: "accepted".to_owned(), is_duplicate, detail: None, findings: Vec::new() }
}

impl From<EventResult> for Outcome {
    fn from(result: EventResult) -> Self {
        let EventResult { status, code, duplicate, detail, findings, .. } = result;
        Self { status, code, is_duplicate: duplicate, detail, findings }
    }
}
