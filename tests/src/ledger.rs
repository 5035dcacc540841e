//! What clients were told about their events, and how a stored trace contradicts it.

use std::fmt;

/// One run, written by one client in the order of `seq`.
///
/// ```
/// use aop_tests::{RunLedger, Stored, Told, Violation};
///
/// let mut run = RunLedger::new("r-1", 1);
/// run.sent("one");
/// run.sent("two");
/// run.told(1, Told { accepted: true, answer: "{}".into() });
///
/// // The first event was acknowledged; the second was on its way, and may be there or not.
/// let stored = |seq, body: &str| Stored { seq, accepted: true, body: body.into() };
/// assert_eq!(run.violations(&[stored(1, "one")]), []);
/// assert_eq!(run.violations(&[stored(1, "one"), stored(2, "two")]), []);
/// assert_eq!(run.violations(&[]), [Violation::Lost { seq: 1 }]);
/// ```
#[derive(Debug)]
pub struct RunLedger {
    /// The run's name.
    pub run_id: String,
    first_seq: u64,
    events: Vec<Sent>,
    contradictions: Vec<Violation>,
}

#[derive(Debug)]
struct Sent {
    body: String,
    told: Option<Told>,
}

/// What a client was told about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Accepted, or refused by a rule.
    pub accepted: bool,
    /// The whole answer, without what may differ between the first time and a repetition.
    pub answer: String,
}

/// An event as a trace gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its place in its run.
    pub seq: u64,
    /// Whether it is marked as accepted.
    pub accepted: bool,
    /// Its bytes.
    pub body: String,
}

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// It was acknowledged and is not there.
    Lost {
        /// The event.
        seq: u64,
    },
    /// It is there more than once.
    Doubled {
        /// The event.
        seq: u64,
    },
    /// It stands behind a later one.
    Disordered {
        /// The event.
        seq: u64,
    },
    /// Its bytes are not those that were sent.
    Altered {
        /// The event.
        seq: u64,
    },
    /// It was told to be accepted and is stored as refused, or the other way round.
    Turned {
        /// The event.
        seq: u64,
    },
    /// Nobody sent it.
    Invented {
        /// The event.
        seq: u64,
    },
    /// It is not there although a later one is.
    Gap {
        /// The event.
        seq: u64,
    },
    /// Sent again, it was answered differently.
    Contradicted {
        /// The event.
        seq: u64,
        /// What was said at first.
        first: String,
        /// What was said later.
        again: String,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Lost { seq } => write!(f, "seq {seq} was acknowledged and is lost"),
            Violation::Doubled { seq } => write!(f, "seq {seq} is stored more than once"),
            Violation::Disordered { seq } => write!(f, "seq {seq} stands behind a later event"),
            Violation::Altered { seq } => write!(f, "seq {seq} has other bytes than were sent"),
            Violation::Turned { seq } => write!(f, "seq {seq} is stored with another verdict than was told"),
            Violation::Invented { seq } => write!(f, "seq {seq} was sent by nobody"),
            Violation::Gap { seq } => write!(f, "seq {seq} is missing before a later event"),
            Violation::Contradicted { seq, first, again } => {
                write!(f, "seq {seq} was answered {first} at first and {again} when sent again")
            }
        }
    }
}

impl RunLedger {
    /// A run without events, whose first will have this `seq`.
    pub fn new(run_id: impl Into<String>, first_seq: u64) -> Self {
        Self { run_id: run_id.into(), first_seq, events: Vec::new(), contradictions: Vec::new() }
    }

    /// The `seq` of the next event to be sent for the first time.
    pub fn next_seq(&self) -> u64 {
        self.first_seq + self.events.len() as u64
    }

    /// Notes an event's bytes before they are sent, and gives its `seq`.
    pub fn sent(&mut self, body: impl Into<String>) -> u64 {
        let seq = self.next_seq();
        self.events.push(Sent { body: body.into(), told: None });
        seq
    }

    /// Notes what was answered; an answer that differs from an earlier one is a violation.
    ///
    /// # Panics
    /// When no event with this `seq` was sent.
    pub fn told(&mut self, seq: u64, told: Told) {
        let place = self.place(seq).expect("only what was sent is answered");
        match &self.events[place].told {
            Some(first) if *first != told => {
                let (first, again) = (first.answer.clone(), told.answer);
                self.contradictions.push(Violation::Contradicted { seq, first, again });
            }
            Some(_) => {}
            None => self.events[place].told = Some(told),
        }
    }

    /// The events that were sent and of which nothing is known, by `seq`, with their bytes.
    pub fn unanswered(&self) -> impl Iterator<Item = (u64, &str)> {
        let events = (self.first_seq..).zip(&self.events);
        events.filter(|(_, event)| event.told.is_none()).map(|(seq, event)| (seq, event.body.as_str()))
    }

    /// How many events were answered.
    pub fn answered_count(&self) -> usize {
        self.events.iter().filter(|event| event.told.is_some()).count()
    }

    /// How many events were refused.
    pub fn refused_count(&self) -> usize {
        self.events.iter().filter(|event| event.told.as_ref().is_some_and(|told| !told.accepted)).count()
    }

    /// The bytes sent under a `seq`.
    pub fn body(&self, seq: u64) -> Option<&str> {
        self.place(seq).map(|place| self.events[place].body.as_str())
    }

    /// How the run as stored, in the order it was given back, contradicts what was told, and how answers contradicted
    /// one another.
    pub fn violations(&self, stored: &[Stored]) -> Vec<Violation> {
        let mut violations = self.contradictions.clone();
        let mut times = vec![0_usize; self.events.len()];
        let mut greatest = None;
        for event in stored {
            let seq = event.seq;
            if greatest.is_some_and(|greatest| seq < greatest) {
                violations.push(Violation::Disordered { seq });
            }
            greatest = greatest.max(Some(seq));
            let Some(place) = self.place(seq) else {
                violations.push(Violation::Invented { seq });
                continue;
            };
            times[place] += 1;
            let sent = &self.events[place];
            if sent.body != event.body {
                violations.push(Violation::Altered { seq });
            }
            if sent.told.as_ref().is_some_and(|told| told.accepted != event.accepted) {
                violations.push(Violation::Turned { seq });
            }
        }
        for ((seq, sent), times) in (self.first_seq..).zip(&self.events).zip(times) {
            match times {
                0 if sent.told.is_some() => violations.push(Violation::Lost { seq }),
                0 if greatest.is_some_and(|greatest| seq < greatest) => violations.push(Violation::Gap { seq }),
                0 | 1 => {}
                _ => violations.push(Violation::Doubled { seq }),
            }
        }
        violations
    }

    fn place(&self, seq: u64) -> Option<usize> {
        let place = usize::try_from(seq.checked_sub(self.first_seq)?).ok()?;
        (place < self.events.len()).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six events: the first four answered, the third of them refused, the last two on their way.
    fn run() -> RunLedger {
        let mut run = RunLedger::new("r", 1);
        for seq in 1..=6 {
            assert_eq!(run.sent(format!("event {seq}")), seq);
            if seq <= 4 {
                run.told(seq, Told { accepted: seq != 3, answer: format!("answer {seq}") });
            }
        }
        run
    }

    fn stored(seqs: &[u64]) -> Vec<Stored> {
        seqs.iter().map(|&seq| Stored { seq, accepted: seq != 3, body: format!("event {seq}") }).collect()
    }

    fn check(stored: &[Stored], expected: &[Violation]) {
        assert_eq!(run().violations(stored), expected);
    }

    #[test]
    fn what_was_promised_and_what_was_on_its_way_is_right() {
        check(&stored(&[1, 2, 3, 4]), &[]);
        check(&stored(&[1, 2, 3, 4, 5]), &[]);
        check(&stored(&[1, 2, 3, 4, 5, 6]), &[]);
    }

    #[test]
    fn a_lost_event_is_found_at_the_end_and_in_the_middle() {
        check(&stored(&[1, 2, 3]), &[Violation::Lost { seq: 4 }]);
        check(&stored(&[1, 3, 4]), &[Violation::Lost { seq: 2 }]);
        check(&stored(&[1, 2, 4]), &[Violation::Lost { seq: 3 }]);
    }

    #[test]
    fn a_doubled_event_is_found() {
        check(&stored(&[1, 2, 2, 3, 4]), &[Violation::Doubled { seq: 2 }]);
    }

    #[test]
    fn a_changed_order_is_found() {
        check(&stored(&[1, 3, 2, 4]), &[Violation::Disordered { seq: 2 }]);
    }

    #[test]
    fn a_hole_among_unanswered_events_is_found() {
        check(&stored(&[1, 2, 3, 4, 6]), &[Violation::Gap { seq: 5 }]);
    }

    #[test]
    fn changed_bytes_a_changed_verdict_and_a_foreign_event_are_found() {
        let mut events = stored(&[1, 2, 3, 4]);
        events[1].body.push(' ');
        check(&events, &[Violation::Altered { seq: 2 }]);
        let mut events = stored(&[1, 2, 3, 4]);
        events[2].accepted = true;
        check(&events, &[Violation::Turned { seq: 3 }]);
        check(&stored(&[1, 2, 3, 4, 5, 6, 7]), &[Violation::Invented { seq: 7 }]);
        check(&stored(&[0, 1, 2, 3, 4]), &[Violation::Invented { seq: 0 }]);
    }

    #[test]
    fn another_answer_to_the_same_event_is_found() {
        let mut run = run();
        run.told(2, Told { accepted: true, answer: "answer 2".into() });
        assert_eq!(run.violations(&stored(&[1, 2, 3, 4])), []);
        run.told(2, Told { accepted: true, answer: "another".into() });
        let expected = Violation::Contradicted { seq: 2, first: "answer 2".into(), again: "another".into() };
        assert_eq!(run.violations(&stored(&[1, 2, 3, 4])), [expected]);
    }
}
