//! What a scan gives: hits, and the findings they become.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use aop_toon::{Actor, At, Document, Effect, Finding, LiteralOffsets, NodeId, Severity, Value};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::scan::mistakes::suggestion;
use crate::scan::walk::held_document;

/// Where a text came from. It decides what an instruction in it is worth; of an event it is the actor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// The person whom the agent serves.
    User,
    /// The operator's prompt.
    System,
    /// The agent itself.
    Agent,
    /// A tool's result: a web page, a mail, a file.
    Tool,
    /// A test of the agent's defences.
    Redteam,
    /// A parameter of an action, where only the text is known and not who wrote it; judged like the agent's own.
    Params,
}

impl Provenance {
    /// Every provenance, in the order of the words `aop scan` takes.
    pub const ALL: [Provenance; 6] = [Self::User, Self::System, Self::Agent, Self::Tool, Self::Redteam, Self::Params];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        ["user", "system", "agent", "tool", "redteam", "params"][self as usize]
    }

    /// The provenance that a word names.
    ///
    /// ```
    /// use aop_rules::scan::Provenance;
    ///
    /// assert_eq!(Provenance::from_word("tool"), Some(Provenance::Tool));
    /// assert_eq!(Provenance::from_word("internet"), None);
    /// ```
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provenance| provenance.as_str() == word)
    }
}

/// What people call provenances besides.
const ALSO: &[(&str, &str)] = &[
    ("human", "user"),
    ("person", "user"),
    ("customer", "user"),
    ("operator", "system"),
    ("developer", "system"),
    ("prompt", "system"),
    ("assistant", "agent"),
    ("ai", "agent"),
    ("model", "agent"),
    ("result", "tool"),
    ("response", "tool"),
    ("function", "tool"),
    ("red_team", "redteam"),
    ("red-team", "redteam"),
    ("arguments", "params"),
];

impl<'de> Deserialize<'de> for Provenance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;

        impl Visitor<'_> for Word {
            type Value = Provenance;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "one of {}", Provenance::ALL.map(Provenance::as_str).join(", "))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Provenance, E> {
                let names = || Provenance::ALL.map(Provenance::as_str);
                Provenance::from_word(word).ok_or_else(|| E::custom(suggestion(word, ALSO, &names())))
            }
        }

        deserializer.deserialize_str(Word)
    }
}

impl From<Actor> for Provenance {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Agent => Self::Agent,
            Actor::Tool => Self::Tool,
            Actor::User => Self::User,
            Actor::System => Self::System,
            Actor::Redteam => Self::Redteam,
        }
    }
}

/// The longest JSON Pointer that a hit or a finding holds, in bytes. Past that it leads to a container around the place: who
/// chooses the keys of an event must not choose the size of what is said about it.
pub(crate) const POINTER_BYTES_MAX: usize = 1024;

/// One place where a detector found something.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What was found, such as `EMAIL_ADDRESS`.
    pub entity: &'static str,
    /// The string or number it is in; nothing when a bare text was scanned.
    pub node: Option<NodeId>,
    /// Whether it is in the key of `node`, not in its value.
    pub at_key: bool,
    /// The place inside the JSON that the string at `node` holds.
    pub inner: Option<Inner>,
    /// Bytes of the decoded string, the innermost one; of a number's lexeme.
    pub span: Range<u32>,
    /// How sure the recognizer is.
    pub score: f64,
    /// Who said the text.
    pub provenance: Provenance,
    /// The decodings between the sent text and the match, from the outside in: `json`; then `normalised`, or `unescaped`
    /// where JSON escapes stood in a text that is not JSON as a whole.
    pub views: Vec<&'static str>,
    /// How bad it is here: the provenance may weigh more than the rule's own.
    pub severity: Severity,
    /// What to do about it; `None` leaves it to the engine: deny at or over its threshold, flag below.
    pub effect: Option<Effect>,
    /// The recognizer's number, which is its place in the manual.
    pub(crate) owner: u16,
}

/// The way into JSON that is held by strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// One JSON Pointer for each string that was parsed, from the outside in: the first leads into the JSON of the
    /// hit's node, the second into the JSON of the string found there. `at_key` speaks of the last. One of more than 1,024
    /// bytes leads to a container around the place instead.
    pub pointers: Vec<String>,
    /// The same ways as ids: the first is of the JSON that the string at the hit's node holds, and so on. A string's JSON
    /// is what [`Document::parse`] makes of it without the ASCII white space around it.
    pub nodes: Vec<NodeId>,
}

impl Inner {
    /// The pointers joined by a space, as [`Finding::inner_path`] wants them.
    pub fn path(&self) -> String {
        self.pointers.iter().map(|pointer| pointer.replace(' ', "%20")).collect::<Vec<_>>().join(" ")
    }
}

impl Hit {
    /// Whether it is somebody's data: personal data, a secret, or what a company's own recognizers find.
    pub fn is_data(&self) -> bool {
        matches!(self.rule.family(), "pii" | "secrets" | "custom")
    }

    /// Whether another hit of the same text lies in this one.
    pub(crate) fn holds(&self, other: &Hit) -> bool {
        self.span.start <= other.span.start && other.span.end <= self.span.end
    }

    /// Where it is in the document as it was sent, in bytes; nothing when a bare text was scanned.
    ///
    /// ```
    /// use aop_rules::scan::{DetectorSettings, Detectors, Provenance, Scratch};
    /// use aop_toon::{Document, Limits};
    ///
    /// let sent = br#"{"held": "{\"to\": \"tab\\tbob@example.org\"}"}"#;
    /// let document = Document::parse(sent, &Limits::default()).unwrap();
    /// let mut hits = Vec::new();
    /// let detectors = Detectors::new(&DetectorSettings::default()).unwrap();
    /// detectors.scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
    /// assert_eq!(&sent[hits[0].raw(&document).unwrap()], b"bob@example.org");
    /// ```
    pub fn raw(&self, document: &Document<'_>) -> Option<Range<usize>> {
        let inner = self.inner.as_ref().map_or(&[][..], |inner| &inner.nodes);
        raw_of(document.value(self.node?), self.at_key, inner, self.span.start as usize..self.span.end as usize)
    }

    /// The finding that says so. Its message names what and where, and never holds the text. Its effect is the hit's, or
    /// flag where the engine has yet to decide.
    ///
    /// ```
    /// use aop_rules::scan::{DetectorSettings, Detectors, Scratch};
    /// use aop_toon::Event;
    ///
    /// let detectors = Detectors::new(&DetectorSettings::default()).unwrap();
    /// let event = Event::parse(br#"{"seq":4,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
    ///     "payload":{"action":"send","params":{"to":"bob@example.org"}},"meta":{}}"#).unwrap();
    /// let mut hits = Vec::new();
    /// detectors.scan(&event, &mut Scratch::default(), &mut hits);
    /// let finding = hits[0].finding(event.document(), Some(event.seq()));
    /// assert_eq!(finding.path.as_deref(), Some("/payload/params/to"));
    /// assert_eq!(finding.message, "e-mail address in an action's parameters");
    /// ```
    pub fn finding(&self, document: &Document<'_>, seq: Option<u64>) -> Finding {
        let path = self.node.map(|node| document.value(node).pointer_within(POINTER_BYTES_MAX).0);
        let place = path.as_deref().map_or("the text", place);
        let at_key = if self.at_key { "a key in " } else { "" };
        Finding {
            severity: self.severity,
            effect: self.effect.unwrap_or(Effect::Flag),
            seq,
            path,
            at: self.at_key.then_some(At::Key),
            span: Some((self.span.start, self.span.end)),
            raw: self.raw(document).map(|raw| (raw.start as u32, raw.end as u32)),
            inner_path: self.inner.as_ref().map(Inner::path),
            views: self.views.iter().map(|&view| Cow::Borrowed(view)).collect(),
            entity: Some(Cow::Borrowed(self.entity)),
            score: Some(self.score),
            provenance: (self.rule.family() == "threats").then(|| Cow::Borrowed(self.provenance.as_str())),
            ..self.rule.finding(format!("{} in {at_key}{place}", self.rule.summary))
        }
    }
}

/// The bytes of a document that stand for a span of one of its texts, or of a text in the JSON that one of its strings holds.
fn raw_of(value: Value<'_>, at_key: bool, inner: &[NodeId], span: Range<usize>) -> Option<Range<usize>> {
    let Some((first, rest)) = inner.split_first() else {
        return match value.key() {
            Some(key) if at_key => Some(raw_in_literal(key.span().start, key.content(), span)),
            _ => match value.content() {
                Some(content) => Some(raw_in_literal(value.span().start, content, span)),
                None => Some(value.span().start + span.start..value.span().start + span.end),
            },
        };
    };
    let held = value.as_str()?;
    let blank = held.len() - held.trim_ascii_start().len();
    let within = held_document(&held)?;
    let range = raw_of(within.value(*first), at_key, rest, span)?;
    Some(raw_in_literal(value.span().start, value.content()?, blank + range.start..blank + range.end))
}

/// The bytes of a string literal that begins with its quote at an offset, for a span of its text.
fn raw_in_literal(quote: usize, content: &str, span: Range<usize>) -> Range<usize> {
    let mut offsets = LiteralOffsets::new(content);
    let start = offsets.raw(span.start);
    quote + 1 + start..quote + 1 + offsets.raw(span.end)
}

/// What people call the part of an event that a pointer leads to.
fn place(pointer: &str) -> &'static str {
    let mut tokens = pointer.split('/').skip(1);
    match (tokens.next(), tokens.next()) {
        (Some("payload"), Some("params")) => "an action's parameters",
        (Some("payload"), Some("result")) => "an action's result",
        (Some("payload"), Some("thought")) => "a thought or message",
        (Some("payload"), Some("output" | "summary")) => "the final output",
        (Some("payload"), Some("rationale")) => "an action's rationale",
        (Some("payload"), Some("error" | "message" | "stack_trace")) => "an error",
        (Some("payload"), _) => "the payload",
        (Some("meta"), _) => "the event's meta data",
        _ => "the document",
    }
}
