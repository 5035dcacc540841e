//! What is noted of a run's events for the rules over many runs.

use aop_rules::batch::RunTraits;
use aop_rules::scan;
use aop_toon::Event;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::hiding::without_data;
use crate::verdict::Verdict;

/// What rules over many runs need of a run beyond its [`RunState`](crate::RunState): a value of bounded size.
///
/// ```
/// use aop_engine::{Engine, Event, RunNotes};
///
/// let engine = Engine::builder().build().unwrap();
/// let (mut state, mut notes) = (engine.new_state(), RunNotes::default());
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"post","params":{"url":"https://api.example.org/v1"}},"meta":{"agent_id":7}}"#).unwrap();
/// let verdict = engine.check(&event, &mut state);
/// engine.note(&event, &verdict, &mut notes);
///
/// let run = engine.ended_run("r-1", &state, notes).unwrap();
/// assert_eq!(run.profile.who.agent, Some(7));
/// assert!(run.profile.traits.destinations.contains_key("api.example.org"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunNotes {
    pub(crate) traits: RunTraits,
    /// Of each member that its events' meta have, the first value as it was sent, for policies.
    pub(crate) meta: Vec<(String, String)>,
    /// How many members of events' meta had no place.
    pub(crate) unnoted_meta: u64,
}

/// So many members of meta are noted,
const MEMBERS_MAX: usize = 64;
/// each with a name and a value of at most so many bytes. To a policy, what is not noted is missing.
const MEMBER_BYTES_MAX: usize = 1024;

/// and of all of them together at most so many bytes.
const META_BYTES_MAX: usize = 4096;

/// These tell events and runs apart, and say nothing of a run.
const OF_EVENTS: [&str; 3] = ["call_id", "idempotency_key", "run_id"];

impl RunNotes {
    /// The noted meta as one JSON object.
    #[cfg(feature = "policies")]
    pub(crate) fn meta_text(&self) -> Option<String> {
        let member = |(name, value): &(String, String)| format!("{}:{value}", serde_json::Value::from(name.as_str()));
        let members: Vec<String> = self.meta.iter().map(member).collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }

    fn take_meta(&mut self, event: &Event<'_>) {
        for (name, value) in event.meta().object().entries() {
            if self.meta.iter().any(|(known, _)| name.is(known)) {
                continue;
            }
            let name = name.as_str();
            if OF_EVENTS.contains(&name.as_ref()) {
                continue;
            }
            let taken: usize = self.meta.iter().map(|(name, value)| name.len() + value.len()).sum();
            let has_place = self.meta.len() < MEMBERS_MAX
                && name.len() <= MEMBER_BYTES_MAX
                && value.raw().len() <= MEMBER_BYTES_MAX
                && taken + name.len() + value.raw().len() <= META_BYTES_MAX;
            match has_place {
                true => self.meta.push((name.into_owned(), value.raw().to_owned())),
                false => self.unnoted_meta = self.unnoted_meta.saturating_add(1),
            }
        }
    }
}

impl Engine {
    /// Notes an event whose verdict is known, for [`Engine::ended_run`].
    pub fn note(&self, event: &Event<'_>, verdict: &Verdict, notes: &mut RunNotes) {
        if self.asks_for_meta() {
            notes.take_meta(event);
        }
        notes.traits.observe(event, verdict.is_accepted(), &verdict.findings, &|text| {
            without_data(&self.detectors, text.into(), &mut scan::Scratch::default())
        });
    }
}
