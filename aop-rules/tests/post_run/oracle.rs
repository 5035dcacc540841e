//! What some rules mean, written down directly over the whole list of events, without state.

use std::collections::BTreeSet;

use aop_rules::post_run::{By, Limit};
use aop_toon::{Event, EventBuf, EventType};

/// An event and whether it was accepted.
pub(crate) type Seen = (EventBuf, bool);

/// The run's clock at each event, in microseconds.
fn clocks(events: &[Seen]) -> Vec<i64> {
    (0..events.len())
        .map(|end| events[..=end].iter().map(|(event, _)| event.t().micros()).max().expect("at least one event"))
        .collect()
}

/// What is wrong with the number of each event: the rule and its witnesses.
pub(crate) fn numbers(events: &[Seen]) -> Vec<(&'static str, u64, Vec<u64>)> {
    let mut found = Vec::new();
    for (index, (event, _)) in events.iter().enumerate() {
        let seq = event.seq();
        let before: BTreeSet<u64> = events[..index].iter().map(|(event, _)| event.seq()).collect();
        match before.last().copied() {
            None if seq > 1 => found.push(("seq/gap", seq, vec![])),
            None => {}
            Some(_) if before.contains(&seq) => found.push(("seq/duplicate", seq, vec![])),
            Some(greatest) if seq < greatest => found.push(("seq/regression", seq, vec![greatest])),
            Some(greatest) if seq > greatest + 1 => found.push(("seq/gap", seq, vec![greatest])),
            Some(_) => {}
        }
    }
    found
}

/// The gaps longer than `limit`: event and the one before it.
pub(crate) fn gaps(events: &[Seen], limit: impl Fn(&[i64]) -> Option<i64>) -> Vec<(u64, u64)> {
    let clocks = clocks(events);
    let lengths: Vec<i64> = clocks.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some(limit) = limit(&lengths) else { return Vec::new() };
    let seq = |index: usize| events[index].0.seq();
    let mut found: Vec<(u64, u64)> =
        (1..events.len()).filter(|index| lengths[index - 1] > limit).map(|index| (seq(index), seq(index - 1))).collect();
    found.sort_unstable();
    found
}

/// Median + k · MAD, where the deviation is at least a fiftieth of the median.
pub(crate) fn robust(values: &[i64], k: f64) -> Option<i64> {
    let median = |mut values: Vec<i64>| {
        values.sort_unstable();
        let (low, high) = (values.get((values.len().checked_sub(1)?) / 2)?, values.get(values.len() / 2)?);
        Some((low + high) / 2)
    };
    let middle = median(values.to_vec())?;
    let deviation = median(values.iter().map(|value| (value - middle).abs()).collect())?;
    Some((middle as f64 + k * deviation.max(middle / 50) as f64) as i64)
}

/// Requests without a response, responses without a request, and second responses, each as (event, witnesses).
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Pairs {
    pub(crate) unanswered: Vec<u64>,
    pub(crate) orphans: Vec<(u64, Vec<u64>)>,
    pub(crate) doubles: Vec<(u64, Vec<u64>)>,
}

fn ids(event: &Event<'_>) -> Vec<String> {
    event.meta().call_ids().map(|id| id.into_owned()).collect()
}

/// For runs in which every request and response has at most one call id and a number of its own.
pub(crate) fn pairs(events: &[Seen]) -> Pairs {
    let mut pairs = Pairs::default();
    // For each response its request, by going through the responses in order.
    let mut answers: Vec<(usize, usize)> = Vec::new();
    let mut early: BTreeSet<usize> = BTreeSet::new();
    let is = |index: usize, event_type| events[index].0.event_type() == event_type;
    for (index, (response, _)) in events.iter().enumerate() {
        if !is(index, EventType::ActionResponse) {
            continue;
        }
        let id = ids(&events[index].0);
        let fits: Vec<usize> =
            (0..index).filter(|at| is(*at, EventType::ActionRequest) && ids(&events[*at].0) == id).collect();
        let answer_of = |at: &usize| answers.iter().find(|(request, _)| request == at).map(|(_, response)| *response);
        if let Some(request) = fits.iter().find(|at| events[**at].1 && answer_of(at).is_none()) {
            answers.push((*request, index));
            continue;
        }
        // Of the requests with this id, the one that left the queue last.
        let left = fits.iter().map(|at| (answer_of(at).unwrap_or(*at), *at)).max();
        match left.filter(|_| !id.is_empty()) {
            Some((_, request)) => {
                if let Some(first) = answer_of(&request) {
                    pairs.doubles.push((response.seq(), vec![events[request].0.seq(), events[first].0.seq()]));
                }
            }
            None => {
                let later = (index + 1..events.len())
                    .find(|at| {
                        !id.is_empty()
                            && is(*at, EventType::ActionRequest)
                            && ids(&events[*at].0) == id
                            && !early.contains(at)
                    })
                    .inspect(|at| {
                        early.insert(*at);
                    });
                pairs.orphans.push((response.seq(), later.map(|at| events[at].0.seq()).into_iter().collect()));
            }
        }
    }
    for (index, (request, accepted)) in events.iter().enumerate() {
        let answered = answers.iter().any(|(at, _)| *at == index);
        if is(index, EventType::ActionRequest) && *accepted && !answered && !early.contains(&index) {
            pairs.unanswered.push(request.seq());
        }
    }
    pairs
}

/// The events over a limit on requests.
pub(crate) fn over_limit(events: &[Seen], limit: &Limit) -> Vec<u64> {
    let clocks = clocks(events);
    let counts = |index: usize| limit.of.event_type.is_none_or(|wanted| events[index].0.event_type() == wanted);
    let key = |index: usize| match limit.by {
        Some(By::Action) => events[index].0.action().map(|action| action.into_owned()).unwrap_or_default(),
        Some(By::Actor) => events[index].0.actor().to_string(),
        _ => String::new(),
    };
    (0..events.len())
        .filter(|index| {
            let earlier = (0..*index).filter(|at| {
                let in_window = clocks[*at] > clocks[*index] - limit.within.micros();
                events[*at].1 && counts(*at) && in_window && key(*at) == key(*index)
            });
            counts(*index) && earlier.count() >= limit.max
        })
        .map(|index| events[index].0.seq())
        .collect()
}
