//! What the batch rules need of a run that has ended.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aop_toon::{Event, EventType, Finding, Status, Timestamp};
use serde::{Deserialize, Serialize};

use super::destinations;
use crate::post_run::{TraceRecord, shown};

/// How many destinations, and how many fingerprints, a profile has; further ones are counted.
pub const PROFILE_NAMES_MAX: usize = 64;

/// Whose run it is: an agent, in an organisation where there are several.
///
/// ```
/// use aop_rules::batch::Who;
///
/// let who = Who { organisation: Some("acme".into()), agent: Some(7) };
/// assert_eq!(who.to_string(), "agent 7 of acme");
/// assert_eq!(Who::default().to_string(), "agents without an id");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The organisation, by any name that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The agent; runs that name none are judged together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<i64>,
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.agent {
            Some(agent) => write!(f, "agent {agent}")?,
            None => f.write_str("agents without an id")?,
        }
        self.organisation.as_ref().map_or(Ok(()), |organisation| write!(f, " of {}", shown(organisation)))
    }
}

/// What went to one destination in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// How many accepted requests named it.
    pub requests: u64,
    /// The bytes of their parameters.
    pub bytes: u64,
}

/// A run that has ended, as the batch rules see it: bounded, writable, and the same for the same events.
///
/// It holds no personal data and no secrets, as far as `hide` and its maker know them: its own name and its session's are hidden like others, names are those of the run's [`TraceRecord`], destinations are hosts and the domains
/// of mail addresses, and a person's address or account is there by its keyed fingerprint alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProfile {
    /// Its name, for findings.
    pub run_id: String,
    /// Whose it is.
    pub who: Who,
    /// When it began; this decides in which bucket of time it is.
    pub start: Timestamp,
    /// From its first event to its clock's end.
    pub duration_micros: i64,
    /// Events, refused ones included.
    pub events: u64,
    /// Requests for actions.
    pub requests: u64,
    /// Events of type error, and responses with status error.
    pub errors: u64,
    /// Events that were refused.
    pub refused: u64,
    /// How often each action was asked for.
    pub actions: BTreeMap<String, u64>,
    /// How many requests were for actions that are not listed, since there are too many names.
    #[serde(default)]
    pub other_actions: u64,
    /// What was sent where, what came up, and when something failed.
    #[serde(default)]
    pub traits: RunTraits,
}

/// What a [`RunProfile`] has beyond a run's numbers; it is made event by event, and bounded whatever the run.
///
/// ```
/// use aop_rules::batch::RunTraits;
/// use aop_toon::Event;
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"post","params":{"url":"https://Files.Example.ORG:8443/up","body":"see https://x.example"}},
///     "meta":{"session_id":"s-1"}}"#)?;
/// let mut traits = RunTraits::default();
/// traits.observe(&event, true, &[], &|text| text.into());
/// assert_eq!(traits.destinations.keys().collect::<Vec<_>>(), ["files.example.org"]);
/// # Ok::<(), aop_toon::ParseError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunTraits {
    /// The agent that its events name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<i64>,
    /// The session that its events name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Hosts as `example.org`, domains of mail addresses as `@example.org`, and, by their fingerprints, addresses and accounts as
    /// `EMAIL_ADDRESS 0123456789abcdef`.
    pub destinations: BTreeMap<String, Sent>,
    /// How many requests named a destination that is not listed.
    pub other_destinations: u64,
    /// What secrets and personal data came up, by their keyed fingerprints, and what they are: `SECRET`, `EMAIL_ADDRESS`.
    pub fingerprints: BTreeMap<String, String>,
    /// How many finds had a fingerprint that is not listed.
    pub other_fingerprints: u64,
    /// When something failed or was refused, in microseconds since 1970, with how many such events.
    pub failures: BTreeMap<i64, u64>,
}

impl RunTraits {
    /// Takes in an event and what ingestion has found in it. `hide` takes personal data and secrets out of a name.
    pub fn observe(
        &mut self,
        event: &Event<'_>,
        accepted: bool,
        findings: &[Finding],
        hide: &dyn for<'t> Fn(&'t str) -> Cow<'t, str>,
    ) {
        let meta = event.meta();
        self.agent_id = self.agent_id.or_else(|| meta.agent_id());
        if self.session.is_none() {
            self.session = meta.session_id().map(|session| shown(&hide(&session)).into_owned());
        }
        if !accepted || event.event_type() == EventType::Error || event.status() == Some(Status::Error) {
            self.fail(event.t());
        }
        for finding in findings {
            if let (Some(print), Some(entity)) = (&finding.fingerprint, &finding.entity) {
                self.print(print, entity);
            }
        }
        if let Some(params) = event.params().filter(|_| accepted) {
            let bytes = params.raw().len() as u64;
            let mut named = destinations::of_params(params);
            named.extend(destinations::of_findings(findings));
            for name in named {
                self.send(&name, bytes, hide);
            }
        }
    }

    fn print(&mut self, print: &str, entity: &str) {
        if self.fingerprints.contains_key(print) {
            return;
        }
        match self.fingerprints.len() < PROFILE_NAMES_MAX {
            true => drop(self.fingerprints.insert(print.to_owned(), entity.to_owned())),
            false => self.other_fingerprints = self.other_fingerprints.saturating_add(1),
        }
    }

    fn send(&mut self, name: &str, bytes: u64, hide: &dyn for<'t> Fn(&'t str) -> Cow<'t, str>) {
        // A name that is listed has been hidden before; and a machine's address is where something went, not who somebody is.
        let is_plain = self.destinations.contains_key(name) || name.parse::<std::net::IpAddr>().is_ok();
        let name = if is_plain { Cow::Borrowed(name) } else { hide(name) };
        if !self.destinations.contains_key(&*name) && self.destinations.len() >= PROFILE_NAMES_MAX {
            self.other_destinations = self.other_destinations.saturating_add(1);
            return;
        }
        let sent = self.destinations.entry(name.into_owned()).or_default();
        sent.requests = sent.requests.saturating_add(1);
        sent.bytes = sent.bytes.saturating_add(bytes);
    }

    /// Past the bound a failure counts at the latest time that is listed before it, or at the first: bursts stay bursts.
    fn fail(&mut self, t: Timestamp) {
        let mut at = t.micros();
        if !self.failures.contains_key(&at) && self.failures.len() >= PROFILE_NAMES_MAX {
            let before = self.failures.range(..at).next_back().or_else(|| self.failures.first_key_value());
            at = before.map_or(at, |(at, _)| *at);
        }
        let count = self.failures.entry(at).or_default();
        *count = count.saturating_add(1);
    }

    /// The profile of the run whose numbers these are; nothing of a run without events. A caller who knows the agent or the
    /// organisation puts them in.
    pub fn profile(self, run_id: &str, record: &TraceRecord) -> Option<RunProfile> {
        let others = record.other_actions.as_ref().map_or(0, |others| others.requests);
        Some(RunProfile {
            run_id: shown(run_id).into_owned(),
            who: Who { organisation: None, agent: self.agent_id },
            start: record.first?,
            duration_micros: record.duration_micros,
            events: record.events,
            requests: record.types.action_request,
            errors: record.errors,
            refused: record.refused,
            actions: record.actions.iter().map(|(name, action)| (name.clone(), action.requests)).collect(),
            other_actions: others,
            traits: self,
        })
    }
}
