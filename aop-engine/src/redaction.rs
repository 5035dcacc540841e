//! What of a document is redacted: what the detectors hit, what policies ask for, and what stands at places that are taken whole.

use aop_rules::scan::{self, Hit, Provenance};
use aop_toon::{Document, Effect, Event, Kind, Limits, META, Shape, Value, payload_fields};

use crate::engine::Engine;
use crate::ingest::{self, by_threshold};
use crate::redact::{REDACTED, Redactor, RestoreError, Target, redact, restore};

/// What callers ask an engine to redact, and to bring back.
impl Engine {
    /// Redacts all personal data and all secrets that the engine looks for, whatever their effect, in any JSON document, as the
    /// settings of redaction say; nothing when nothing changes.
    ///
    /// ```
    /// use aop_engine::{Document, Engine, Limits, Provenance};
    ///
    /// let engine = Engine::builder().build().unwrap();
    /// let document = Document::parse(br#"{"to": "bob@example.org", "id": 7}"#, &Limits::default()).unwrap();
    /// let redacted = engine.redact(&document, Provenance::User);
    /// assert_eq!(redacted.as_deref(), Some(r#"{"to": "<EMAIL_ADDRESS>", "id": 7}"#));
    /// ```
    pub fn redact(&self, document: &Document<'_>, provenance: Provenance) -> Option<String> {
        self.redact_with(document, provenance, &mut ingest::Scratch::default())
    }

    /// [`Engine::redact`] with buffers that are used again.
    pub fn redact_with(
        &self,
        document: &Document<'_>,
        provenance: Provenance,
        scratch: &mut ingest::Scratch,
    ) -> Option<String> {
        redact_document(self, document, provenance, &mut scratch.detectors)
    }

    /// As [`Engine::redact`], of an event: what names the event and its run stays.
    pub fn redact_event(&self, event: &Event<'_>) -> Option<String> {
        self.redact_event_with(event, &mut ingest::Scratch::default())
    }

    /// [`Engine::redact_event`] with buffers that are used again.
    pub fn redact_event_with(&self, event: &Event<'_>, scratch: &mut ingest::Scratch) -> Option<String> {
        redact_event(self, event, &mut scratch.detectors)
    }

    /// Brings back what the operator `token` has put away, byte for byte; nothing when there is no token. Whatever else stands in
    /// the document stays, other placeholders too.
    ///
    /// # Errors
    /// When a token was made with another key or has been changed, or the engine has no key.
    ///
    /// ```
    /// use aop_engine::{Document, Engine, Limits, Operator, Provenance, RedactionKey, RedactionSettings};
    ///
    /// let key: RedactionKey = "8f3ac1d0457be92613fd6a80c5274e9b0d61f7a3c82e95b4706d1fe83ab2c954".parse()?;
    /// let settings = RedactionSettings { default: Operator::Token.into(), ..RedactionSettings::default() };
    /// let engine = Engine::builder().redaction(settings).redaction_key(key).build()?;
    ///
    /// let sent = r#"{"to": "bob@example.org", "ssn": 536904399}"#;
    /// let document = Document::parse(sent.as_bytes(), &Limits::default())?;
    /// let redacted = engine.redact(&document, Provenance::User).unwrap();
    /// assert!(redacted.starts_with(r#"{"to": "<EMAIL_ADDRESS:t:"#) && !redacted.contains("536904399"));
    ///
    /// let document = Document::parse(redacted.as_bytes(), &Limits::default())?;
    /// assert_eq!(engine.restore_tokens(&document)?.as_deref(), Some(sent));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn restore_tokens(&self, document: &Document<'_>) -> Result<Option<String>, RestoreError> {
        restore(document, &self.redactor)
    }
}

/// Which hits are redacted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// Those whose effect says so.
    Effect,
    /// All personal data and all secrets.
    Data,
}

/// How often a document is looked at again when what was put there may be found itself. Masks and gaps settle at the second look.
const LOOKS_MAX: usize = 4;

/// What the engine looks for in a document of any form.
pub(crate) fn redact_document(
    engine: &Engine,
    document: &Document<'_>,
    provenance: Provenance,
    scratch: &mut scan::Scratch,
) -> Option<String> {
    let mut once = |document: &Document<'_>| {
        let mut hits = Vec::new();
        engine.detectors.scan_json(document, provenance, scratch, &mut hits);
        let mut targets = targets(hits.iter().filter(|hit| hit.is_data()));
        targets.extend(whole_leaves(&engine.redactor, document.root(), &|_| true));
        redact(document, targets, &engine.redactor)
    };
    let mut text = once(document)?;
    for _ in 0..LOOKS_MAX {
        match parse(&text).and_then(|document| once(&document)) {
            Some(next) => text = next,
            None => break,
        }
    }
    Some(text)
}

/// What the engine looks for in an event.
pub(crate) fn redact_event(engine: &Engine, event: &Event<'_>, scratch: &mut scan::Scratch) -> Option<String> {
    let mut hits = Vec::new();
    engine.detectors.scan(event, scratch, &mut hits);
    redact_judged(engine, &engine.redactor, event, &hits, Vec::new(), Which::Data, scratch)
}

/// An event whose hits are known, and what else is to be redacted of it.
pub(crate) fn redact_judged(
    engine: &Engine,
    redactor: &Redactor,
    event: &Event<'_>,
    hits: &[Hit],
    asked: Vec<Target<'_>>,
    which: Which,
    scratch: &mut scan::Scratch,
) -> Option<String> {
    let picked = |hit: &&Hit| match which {
        Which::Data => hit.is_data(),
        Which::Effect => {
            hit.effect.unwrap_or_else(|| by_threshold(hit.severity, engine.settings.threshold)) == Effect::Redact
        }
    };
    let once = |event: &Event<'_>, hits: &[Hit], asked: Vec<Target<'_>>, redactor: &Redactor| {
        let mut targets = targets(hits.iter().filter(picked));
        targets.extend(asked);
        targets.extend(whole_leaves(redactor, event.document().root(), &|value| is_free(event, value)));
        redact(event.document(), targets, redactor)
    };
    let mut text = once(event, hits, asked.clone(), redactor)?;
    // A name of an action may not be empty, nor longer than 256 bytes. An event stays an event.
    if !redactor.is_plain() && parse_event(&text).is_none() {
        return once(event, hits, asked, &redactor.plain());
    }
    for _ in 0..looks(redactor, which) {
        let next = parse_event(&text).and_then(|event| {
            let mut hits = Vec::new();
            engine.detectors.scan(&event, scratch, &mut hits);
            once(&event, &hits, Vec::new(), redactor)
        });
        match next {
            Some(next) if parse_event(&next).is_some() => text = next,
            _ => break,
        }
    }
    Some(text)
}

/// A name in angle brackets may be read as the label of what follows it, so that a document is looked at until nothing changes. A
/// verdict's event is so only where what was put there is no placeholder: its findings are of the first look.
fn looks(redactor: &Redactor, which: Which) -> usize {
    if matches!(which, Which::Data) || redactor.needs_another_look() { LOOKS_MAX } else { 0 }
}

fn parse(text: &str) -> Option<Document<'_>> {
    Document::parse(text.as_bytes(), &Limits { bytes: text.len(), depth: usize::MAX }).ok()
}

fn parse_event(text: &str) -> Option<Event<'_>> {
    Event::from_document(parse(text)?).ok()
}

/// What is replaced where the detectors have hit.
pub(crate) fn targets<'h>(hits: impl IntoIterator<Item = &'h Hit>) -> Vec<Target<'h>> {
    let target = |hit: &'h Hit| {
        Some(Target {
            node: hit.node?,
            at_key: hit.at_key,
            inner: hit.inner.as_ref().map_or(&[], |inner| &inner.nodes),
            span: hit.span.start as usize..hit.span.end as usize,
            entity: hit.entity,
            is_encoded: hit.views.iter().any(|view| !matches!(*view, "json" | "normalised")),
        })
    };
    hits.into_iter().filter_map(target).collect()
}

/// A value that is taken whole.
pub(crate) fn leaf(value: Value<'_>) -> Target<'static> {
    let bytes = value.as_str().map_or(0, |text| text.len());
    Target { node: value.id(), at_key: false, inner: &[], span: 0..bytes, entity: REDACTED, is_encoded: false }
}

/// What stands at the places that the settings take whole.
fn whole_leaves(redactor: &Redactor, root: Value<'_>, is_free: &dyn Fn(Value<'_>) -> bool) -> Vec<Target<'static>> {
    if !redactor.takes_leaves_whole() {
        return Vec::new();
    }
    let is_leaf = |value: &Value<'_>| matches!(value.kind(), Kind::String | Kind::Number | Kind::Bool);
    let leaves = root.descendants().filter(is_leaf);
    leaves.filter(|value| redactor.is_whole(&value.pointer()) && is_free(*value)).map(leaf).collect()
}

/// Whether an event is an event whatever stands here: it does not name it, its run or its action, and is no measure or status.
fn is_free(event: &Event<'_>, value: Value<'_>) -> bool {
    let way = std::iter::successors(Some(value), |value| value.parent());
    let mut way: Vec<_> = way.filter_map(|value| value.key()).map(|key| key.as_str()).collect();
    way.reverse();
    let knows = |fields: &[aop_toon::Field], name: &str, is_bound: fn(Shape) -> bool| {
        fields.iter().any(|field| field.name == name && is_bound(field.shape))
    };
    match way.as_slice() {
        [part, name, ..] if part == "payload" => {
            let is_bound = |shape| !matches!(shape, Shape::Text | Shape::Any | Shape::Object | Shape::Array);
            !knows(payload_fields(event.event_type()), name, is_bound)
        }
        [part, name, ..] if part == "meta" => !knows(META, name, |_| true),
        [part, ..] => !aop_toon::ENVELOPE.iter().any(|field| field.name == part),
        [] => false,
    }
}
