//! Why there is a finding: its rule, its place, its reasons, its witnesses, what was decided, and what to do about it.
//!
//! An explanation is made from the run again, so that nothing has to be kept for it. It shows no personal data and no secret: what is
//! quoted of an event is hidden and cut as [`Engine::excerpt`] does it, in the clauses of policies too.

#[cfg(feature = "policies")]
mod clauses;
mod decision;
mod excerpt;
mod reasons;
mod remedy;
mod text;

use aop_rules::catalogue;
use aop_toon::{Event, EventType, Finding, Timestamp, Trace};
use serde::Serialize;

use crate::engine::Engine;
use crate::policies;

pub use excerpt::{EXCERPT_CHARACTERS_MAX, Excerpt};
pub use remedy::Remedy;

/// What is to be explained.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The finding, as the engine has made it.
    pub finding: &'a Finding,
    /// Its id.
    pub id: &'a str,
    /// The run it was found in.
    pub trace: &'a Trace<'a>,
    /// The role of whoever sent the events, for policies that ask.
    pub role: Option<&'a str>,
    /// Their organisation, for policies that ask.
    pub organisation: Option<&'a str>,
    /// The line of an event of the run, by its place among them, where it is from a file.
    pub lines: &'a [usize],
}

/// Why there is a finding. [`std::fmt::Display`] writes it for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The finding's id.
    pub id: String,
    /// The finding.
    pub finding: Finding,
    /// The rule.
    pub rule: ToldRule,
    /// The event it is about; nothing when it is about the run as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<ToldEvent>,
    /// The place in the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// What spoke for it, a sentence each.
    pub reasons: Vec<String>,
    /// The settings that decided, with their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<ToldSetting>,
    /// What each clause of a policy's rule gave.
    #[cfg(feature = "policies")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clauses: Option<aop_dsl::Explanation>,
    /// The other events that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<ToldEvent>,
    /// Why it has its effect.
    pub decision: String,
    /// What can be done when it is wrong here.
    pub remedies: Vec<Remedy>,
}

/// A rule, as its catalogue or its policy tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldRule {
    /// Its code.
    pub code: String,
    /// What it finds, in a few words; of a policy, what its author says of it.
    pub title: String,
    /// Why it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where the fact it checks comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it is described.
    pub docs: String,
}

/// An event in one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToldEvent {
    /// Its number.
    pub seq: u64,
    /// Its line in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// When it happened.
    pub t: Timestamp,
    /// How long after (or, below 0, before) the event that the finding is about, in microseconds; of that event, after the one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_micros: Option<i64>,
    /// Who.
    pub actor: String,
    /// What kind.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The action of a request, or its payload's beginning, without data.
    pub about: String,
}

/// A setting and its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToldSetting {
    /// Its place below `[engine]`, such as `timelag.max_gap`.
    pub name: String,
    /// What it is set to.
    pub value: serde_json::Value,
}

impl Engine {
    /// Says why there is a finding in a run, in full. It always says something: what cannot be told is left out.
    ///
    /// ```
    /// use aop_engine::explain::About;
    /// use aop_engine::{Engine, Event, Scope, Trace};
    ///
    /// let engine = Engine::builder().build()?;
    /// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
    ///     "payload":{"thought":"my card is 4111 1111 1111 1111"},"meta":{}}"#)?;
    /// let trace = Trace::new(None, vec![event]);
    /// let findings = engine.evaluate(&trace).findings;
    /// let id = &engine.finding_ids(Scope::default(), &findings)[0];
    /// let explanation = engine.explain(About { finding: &findings[0], id, trace: &trace, role: None, organisation: None, lines: &[] });
    /// assert_eq!(explanation.rule.title, "payment card number");
    /// assert!(!explanation.to_string().contains("4111"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, about: About<'_>) -> Explanation {
        let About { finding, id, trace, .. } = about;
        let events = trace.events();
        let place = finding.seq.and_then(|seq| events.iter().position(|event| event.seq() == seq));
        let event = place.map(|place| &events[place]);
        let origin = event.map(Event::t);
        let told = |place: usize, since: Option<Timestamp>| self.told(&about, place, since);
        let before = place.filter(|place| *place > 0).map(|place| events[place - 1].t());
        let witnesses = finding.witnesses.iter().chain(&finding.decided_at);
        let places = witnesses.filter_map(|seq| events.iter().position(|event| event.seq() == *seq));
        Explanation {
            id: id.to_owned(),
            finding: finding.clone(),
            rule: self.told_rule(finding),
            event: place.map(|place| told(place, before)),
            excerpt: event.and_then(|event| self.excerpt(event, finding)),
            reasons: reasons::of(self, event, finding),
            settings: self.deciding(finding),
            #[cfg(feature = "policies")]
            clauses: clauses::of(self, &about),
            witnesses: places.map(|place| told(place, origin)).collect(),
            decision: decision::of(self, finding),
            remedies: remedy::of(self, finding),
        }
    }

    fn told_rule(&self, finding: &Finding) -> ToldRule {
        let code = finding.rule.to_string();
        if let Some(rule) = catalogue::rule(&code) {
            let docs = match rule.family() {
                "secrets" => "docs/rules.md#secrets".to_owned(),
                family => format!("docs/rules.md#{family}{}", rule.id[family.len()..].replace('/', "")),
            };
            let (why, source) = (Some(rule.why.to_owned()), Some(rule.source.to_owned()));
            return ToldRule { code, title: rule.summary.to_owned(), why, source, docs };
        }
        match policies::told(&self.policies, &code) {
            Some(said) => {
                let title = if said.is_empty() { format!("the rule {code} of a policy") } else { said };
                ToldRule { code, title, why: None, source: None, docs: "docs/language.md".to_owned() }
            }
            None => {
                let title = "a recognizer of the settings or the program".to_owned();
                ToldRule { code, title, why: None, source: None, docs: "docs/recognizers.md".to_owned() }
            }
        }
    }

    fn told(&self, about: &About<'_>, place: usize, since: Option<Timestamp>) -> ToldEvent {
        const CHARACTERS_MAX: usize = 60;
        let event = &about.trace.events()[place];
        let said = match event.event_type() {
            EventType::ActionRequest => event.action().map(|action| action.into_owned()),
            _ => ["thought", "error", "result", "output", "message"].iter().find_map(|name| {
                let value = event.document().pointer(&format!("/payload/{name}"))?;
                Some(value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.into_owned()))
            }),
        };
        ToldEvent {
            seq: event.seq(),
            line: about.lines.get(place).copied(),
            t: event.t(),
            gap_micros: since.map(|since| event.t().micros_since(since)),
            actor: event.actor().as_str().to_owned(),
            event_type: event.event_type().as_str().to_owned(),
            about: self.shown_text(event, &said.unwrap_or_default(), CHARACTERS_MAX),
        }
    }

    /// The settings that a rule goes by, with their values.
    fn deciding(&self, finding: &Finding) -> Vec<ToldSetting> {
        let written = serde_json::to_value(self.settings()).unwrap_or_default();
        let setting = |name: &&'static str| {
            let value = written.pointer(&format!("/{}", name.replace('.', "/")))?.clone();
            Some(ToldSetting { name: (*name).to_owned(), value })
        };
        aop_rules::validators::deciding(&finding.rule).iter().filter_map(setting).collect()
    }
}
