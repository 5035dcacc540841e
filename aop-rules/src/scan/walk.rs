//! The walk over a document's values, and what happens at each text.

mod attacks;
mod numbers;
mod parameters;
mod within;

use std::borrow::Cow;
use std::ops::Range;

use aop_toon::{Document, Event, EventType, Kind, Severity, Value};

use crate::scan::enabled::{Forms, Judgement};
use crate::scan::fields::ActionFields;
use crate::scan::hit::{Hit, POINTER_BYTES_MAX, Provenance};
use crate::scan::names::{Meaning, NOTHING, TECHNICAL};
use crate::scan::prefilter::{Cause, Place};
use crate::scan::recognizer::{Candidate, Language, Look, Match};
use crate::scan::site::{self, Site};
use crate::scan::token::{OPAQUE_BYTES_MIN, Tokens};
use crate::scan::{Detectors, JSON_LEVELS, Scratch};
use crate::text::disguise::Disguise;
use crate::text::inline::DECODINGS_MAX;
use crate::text::view::{self, View};
use crate::text::{codes, encoded, hidden, inline};

pub(crate) use attacks::WordScratch;
pub(crate) use within::{Within, held_document};

use within::{inner, level_of, outermost};

/// One scan: what it looks with and where its hits go.
pub(crate) struct Walk<'w> {
    detectors: &'w Detectors,
    provenance: Provenance,
    hits: &'w mut Vec<Hit>,
    /// How many encodings have been undone on the way to what is looked at.
    decodings: usize,
    /// Whether its texts are parts of one that is still coming, which the model cannot weigh.
    in_parts: bool,
    /// Whether attacks are left out.
    for_data: bool,
    /// Where the walk is among an action's parameters: what is declared of them.
    params: Option<&'w ActionFields<'w>>,
    /// Inside of a decoded piece: what the parameter that holds the piece is declared to hold.
    piece_language: Option<Language>,
}

/// One key, string or number.
#[derive(Clone, Copy)]
struct Text<'t> {
    /// As it was sent, a JSON string's escapes undone.
    sent: &'t str,
    /// As the recognizers see it: decoded, and normalised when there is a view.
    text: &'t str,
    /// The map back, when `text` is not the decoded text itself.
    view: Option<&'t View>,
    /// Whether `text` is what a reader makes of the characters that the decoded text spells out.
    is_read: bool,
    /// The disguise of its words that is undone in `text`.
    undone: Option<Disguise>,
    site: &'t Site<'t>,
    value: Option<Value<'t>>,
    /// What its key says.
    meaning: &'t Meaning,
    at_key: bool,
    within: Option<&'t Within<'t>>,
    /// How many hits there were before this text.
    hits_before: usize,
}

/// The shortest text in which anything is found that no key names, such as `a@b.co` or `[INST]`.
const TEXT_BYTES_MIN: usize = 6;
/// The shortest text among an action's parameters that attacks what reads it: `1--`.
const PARAMETER_BYTES_MIN: usize = 3;

impl<'w> Walk<'w> {
    pub(crate) fn new(detectors: &'w Detectors, provenance: Provenance, hits: &'w mut Vec<Hit>) -> Self {
        Self {
            detectors,
            provenance,
            hits,
            decodings: 0,
            in_parts: false,
            for_data: false,
            params: None,
            piece_language: None,
        }
    }

    /// The same walk, over a text that is a part of one.
    pub(crate) fn in_parts(self) -> Self {
        Self { in_parts: true, ..self }
    }

    /// The same walk, past all attacks.
    pub(crate) fn for_data(self) -> Self {
        Self { for_data: true, ..self }
    }

    /// Everything in an event but what identifies it or measures it.
    pub(crate) fn event(&mut self, event: &Event<'_>, scratch: &mut Scratch) {
        for (key, value) in event.document().root().entries() {
            match key.content() {
                "seq" | "t" | "actor" | "type" => {}
                "payload" => {
                    let measure = match event.event_type() {
                        EventType::ActionResponse => "latency_ms",
                        EventType::FinalOutput => "confidence",
                        _ => "",
                    };
                    for (key, field) in value.entries().filter(|(key, _)| !key.is(measure)) {
                        if key.is("params") && event.event_type() == EventType::ActionRequest {
                            self.params(event, field, scratch);
                        } else {
                            self.tree(field, None, scratch);
                        }
                    }
                }
                "meta" => {
                    let mut identity = [None; 8];
                    for (slot, node) in identity.iter_mut().zip(event.meta().identity_nodes()) {
                        *slot = Some(node);
                    }
                    let fields = value.entries().filter(|(_, field)| !identity.contains(&Some(field.id())));
                    fields.for_each(|(_, field)| self.tree(field, None, scratch));
                }
                _ => self.tree(value, None, scratch),
            }
        }
    }

    /// The parameters of an action, where it matters what they hold.
    fn params(&mut self, event: &Event<'_>, params: Value<'_>, scratch: &mut Scratch) {
        let fields = self.detectors.fields();
        let declared =
            if fields.is_empty() { ActionFields::default() } else { fields.of_action(&event.action().unwrap_or_default()) };
        let mut inside = Walk { params: Some(&declared), hits: &mut *self.hits, ..*self };
        inside.tree(params, None, scratch);
    }

    /// A value and all below it.
    pub(crate) fn tree(&mut self, root: Value<'_>, within: Option<&Within<'_>>, scratch: &mut Scratch) {
        for value in root.descendants() {
            // Among parameters even `$ne` says something.
            let is_operator = |key: &str| self.params.is_some() && key.starts_with('$');
            let is_long = |key: &str| key.len() >= self.text_bytes_min() || is_operator(key);
            if let Some(key) = value.key().filter(|key| is_long(key.content())) {
                self.key(value, &key.as_str(), within, scratch);
            }
            match value.kind() {
                Kind::String => self.string(value, within, scratch),
                Kind::Number => self.number(value, within, scratch),
                _ => {}
            }
        }
    }

    fn key(&mut self, value: Value<'_>, key: &str, within: Option<&Within<'_>>, scratch: &mut Scratch) {
        let detectors = self.detectors.number();
        // What is harmless as a key elsewhere may be an operator among parameters.
        let is_parameter = self.params.is_some() && !self.detectors.parameters().is_empty();
        if !is_parameter && scratch.clean_keys.has(detectors, self.provenance, key) {
            return;
        }
        let (site, before) = (Site::bare(), self.hits.len());
        self.text(Text { at_key: true, ..self.text_of(key, &site, Some(value), within, &NOTHING) }, scratch);
        // Deep within encodings a key is not decoded any further: that it is clean there says nothing of elsewhere.
        if self.hits.len() == before && self.decodings == 0 && !is_parameter && self.detectors.keys_are_alike() {
            scratch.clean_keys.add(detectors, self.provenance, key);
        }
    }

    /// A text that is in no document.
    pub(crate) fn bare_text(&mut self, text: &str, scratch: &mut Scratch) {
        let site = Site::bare();
        self.as_sent(|walk| walk.text(walk.text_of(text, &site, None, None, &NOTHING), scratch));
    }

    /// A document that is no event.
    pub(crate) fn document(&mut self, document: &Document<'_>, scratch: &mut Scratch) {
        self.as_sent(|walk| walk.tree(document.root(), None, scratch));
    }

    /// Walks through what is no event: what is said to be of parameters is looked at as those of an action of which nothing is
    /// declared.
    fn as_sent(&mut self, walk: impl FnOnce(&mut Walk<'_>)) {
        let nothing = ActionFields::default();
        let params = if self.provenance == Provenance::Params { Some(&nothing) } else { self.params };
        walk(&mut Walk { params, hits: &mut *self.hits, ..*self });
    }

    fn string(&mut self, value: Value<'_>, within: Option<&Within<'_>>, scratch: &mut Scratch) {
        let Some(content) = value.content().filter(|content| !content.is_empty()) else { return };
        let meaning = self.meaning(value, scratch);
        let of_parameters = if self.params.is_some() { PARAMETER_BYTES_MIN } else { usize::MAX };
        if content.len() < self.text_bytes_min().min(of_parameters) && meaning.owners.is_empty() {
            return;
        }
        if !value.is_escaped() {
            self.decoded_string(content, value, &meaning, within, scratch);
            return;
        }
        let level = level_of(within);
        let mut decoded = std::mem::take(&mut scratch.decoded[level]);
        decoded.clear();
        value.decode_into(&mut decoded);
        self.decoded_string(&decoded, value, &meaning, within, scratch);
        scratch.decoded[level] = decoded;
    }

    /// The shortest text that is looked at though no key names what is in it.
    fn text_bytes_min(&self) -> usize {
        TEXT_BYTES_MIN.min(self.detectors.own().bytes_min())
    }

    /// What the value's key says.
    fn meaning(&self, value: Value<'_>, scratch: &mut Scratch) -> Cow<'static, Meaning> {
        let (detectors, names) = (self.detectors.number(), self.detectors.prefilter().names());
        let own = value.key().filter(|key| !key.is_escaped());
        let is_full = own.is_some_and(|key| scratch.meanings.of(detectors, names, key.content()).is_full);
        let meaning = match own {
            Some(key) if is_full => scratch.meanings.of(detectors, names, key.content()),
            _ => match site::full_name(value) {
                Some(name) => scratch.meanings.of(detectors, names, &name),
                None => return Cow::Borrowed(&NOTHING),
            },
        };
        if meaning.owners.is_empty() {
            Cow::Borrowed(if meaning.is_technical { &TECHNICAL } else { &NOTHING })
        } else {
            Cow::Owned(meaning.clone())
        }
    }

    fn decoded_string(
        &mut self,
        text: &str,
        value: Value<'_>,
        meaning: &Meaning,
        within: Option<&Within<'_>>,
        scratch: &mut Scratch,
    ) {
        if level_of(within) + 1 < JSON_LEVELS
            && let Some(document) = held_document(text)
        {
            self.tree(document.root(), Some(&Within { outer: within, value }), scratch);
            return;
        }
        let site = Site::of(value);
        let says_nothing = meaning.is_technical && meaning.owners.is_empty() && site::is_prose(text);
        let meaning = if says_nothing { &NOTHING } else { meaning };
        self.text(self.text_of(text, &site, Some(value), within, meaning), scratch);
    }

    fn text_of<'t>(
        &self,
        text: &'t str,
        site: &'t Site<'t>,
        value: Option<Value<'t>>,
        within: Option<&'t Within<'t>>,
        meaning: &'t Meaning,
    ) -> Text<'t> {
        Text {
            sent: text,
            text,
            view: None,
            is_read: false,
            undone: None,
            site,
            value,
            meaning,
            at_key: false,
            within,
            hits_before: self.hits.len(),
        }
    }

    fn text(&mut self, text: Text<'_>, scratch: &mut Scratch) {
        let has_digits_apart = self.in_view(text, scratch);
        if self.decodings < DECODINGS_MAX && (has_digits_apart || inline::spells_out(text.text)) {
            self.read(text, scratch);
        }
        if self.decodings < DECODINGS_MAX {
            self.pieces(text, scratch);
        }
        self.settle(text.hits_before);
    }

    /// Looks at a text, in its normalised view where that is another. Whether it has digits that are set apart.
    fn in_view(&mut self, text: Text<'_>, scratch: &mut Scratch) -> bool {
        if !view::needs_view(text.text) {
            return self.look_over(text, scratch);
        }
        self.unseen(text);
        let mut view = std::mem::take(&mut scratch.view);
        view.build_through(text.text, text.view);
        let has_digits_apart = self.look_over(Text { text: view.text(), view: Some(&view), ..text }, scratch);
        scratch.view = view;
        self.unspaced(text, &mut scratch.words);
        has_digits_apart
    }

    /// The text once more, with what it spells out read, and again while that spells something out.
    #[cold]
    fn read(&mut self, text: Text<'_>, scratch: &mut Scratch) {
        inline::each_reading(text.text, DECODINGS_MAX - self.decodings, |read| {
            let now = Text { text: read.text(), view: Some(read), is_read: true, ..text };
            self.in_view(now, scratch);
            self.pieces(now, scratch);
        });
    }

    /// Looks into the pieces of a text that are written in another way or in what nobody sees. What is found there is the whole
    /// piece's.
    fn pieces(&mut self, text: Text<'_>, scratch: &mut Scratch) {
        let mut found = Vec::new();
        let language = self.language(text);
        let mut look_into = |piece: Range<usize>, encoding: &'static str, said: &str| {
            let mut inside = Vec::new();
            let mut walk = Walk {
                hits: &mut inside,
                decodings: self.decodings + 1,
                in_parts: self.in_parts,
                for_data: self.for_data,
                detectors: self.detectors,
                provenance: self.provenance,
                params: self.params,
                piece_language: Some(language),
            };
            match held_document(said) {
                Some(document) => walk.tree(document.root(), None, scratch),
                None => {
                    let site = Site::bare();
                    walk.text(walk.text_of(said, &site, None, None, text.meaning), scratch);
                }
            }
            let mut rules = Vec::new();
            for hit in inside {
                if !rules.contains(&hit.rule.id) {
                    rules.push(hit.rule.id);
                    found.push((piece.clone(), encoding, hit));
                }
            }
        };
        encoded::each_piece(text.text, |piece, encoding, said| look_into(piece, encoding.as_str(), said));
        codes::each_row(text.text, |row, said| look_into(row, "codes", said));
        hidden::each_message(text.text, |range, hiding, said| look_into(range, hiding.as_str(), said));
        for (piece, encoding, hit) in found {
            if self.is_excused(text, hit.owner) {
                continue;
            }
            let views = std::iter::once(encoding).chain(hit.views.iter().copied().filter(|&view| view != "json"));
            let own = self.hit_at(text, piece, views.collect());
            self.hits.push(Hit {
                rule: hit.rule,
                entity: hit.entity,
                score: hit.score,
                severity: hit.severity,
                effect: hit.effect,
                owner: hit.owner,
                ..own
            });
        }
    }

    /// Everything that is to be seen in a text, in one view. Whether it has digits that are set apart.
    fn look_over(&mut self, text: Text<'_>, scratch: &mut Scratch) -> bool {
        self.named(text);
        self.own(text);
        self.literals(text);
        self.parameter(text);
        self.wordings(text, &mut scratch.words);
        self.marks(text)
    }

    /// Lets those look that the text's key names.
    fn named(&mut self, text: Text<'_>) {
        let trimmed = text.text.trim_ascii();
        if trimmed.is_empty() {
            return;
        }
        let start = text.text.len() - text.text.trim_ascii_start().len();
        for &owner in &text.meaning.owners {
            let place = Place { owner, cause: Cause::Key, range: start..start + trimmed.len() };
            self.look(text, place, None);
        }
    }

    /// Lets those look that are not ours.
    fn own(&mut self, text: Text<'_>) {
        let own = self.detectors.own();
        if own.is_empty() {
            return;
        }
        let is_number = !text.at_key && text.value.is_some_and(|value| value.kind() == Kind::Number);
        let mut found = Vec::new();
        own.scan(text.text, text.site, &text.meaning.owners, is_number, &mut found);
        for (owner, found) in found {
            self.report(text, owner, found);
        }
    }

    fn literals(&mut self, text: Text<'_>) {
        self.detectors.prefilter().literals(text.text, |place| {
            self.look(text, place, None);
        });
    }

    fn marks(&mut self, text: Text<'_>) -> bool {
        let mut tokens = Tokens::default();
        self.detectors.prefilter().marks(text.text, |place| self.look(text, place, Some(&mut tokens)))
    }

    /// Lets one recognizer look at one place; the end of what it found there. With `tokens`, what lies in a token that is an
    /// identifier as a whole is left alone.
    fn look(&mut self, text: Text<'_>, place: Place, tokens: Option<&mut Tokens>) -> Option<usize> {
        let enabled = self.detectors.enabled(place.owner);
        let judgement = enabled.judgement(self.provenance)?;
        let recognizer = enabled.recognizer;
        if self.for_data && recognizer.rule.family() == "threats" {
            return None;
        }
        let candidate = Candidate {
            text: text.text,
            start: place.range.start,
            end: place.range.end,
            site: text.site,
            is_keyed: place.cause == Cause::Key,
            is_named: text.meaning.owners.contains(&place.owner),
            is_technical: text.meaning.is_technical,
            is_spelled: text.is_read && self.params.is_none(),
        };
        let found = match (&recognizer.look, &enabled.forms) {
            (Look::Code { verify, .. }, _) => verify(&candidate)?,
            (Look::Identifier(identifier), Forms::Layouts(layouts)) => {
                identifier.verify(layouts, place.cause, &candidate)?
            }
            (Look::Secret(form), Forms::Patterns { tokens, values }) => {
                form.verify(tokens, values, place.cause, &candidate)?
            }
            _ => return None,
        };
        if found.score < judgement.threshold {
            return None;
        }
        let is_number = text.text.as_bytes()[place.range.start].is_ascii_digit() || matches!(place.cause, Cause::Layout(_));
        // What a check sum vouches for at such a length is itself the token.
        let is_vouched_for = found.score >= 1.0 && found.end - found.start >= OPAQUE_BYTES_MIN;
        if is_number && !is_vouched_for && tokens.is_some_and(|tokens| tokens.is_opaque(text.text, &place.range)) {
            return None;
        }
        self.report(text, place.owner, found)
    }

    /// Adds a find to the hits, unless it is too unsure or the operator wants it left alone; its end.
    fn report(&mut self, text: Text<'_>, owner: u16, found: Match) -> Option<usize> {
        let judgement = self.detectors.enabled(owner).judgement(self.provenance)?;
        self.report_as(judgement, text, owner, found)
    }

    /// The same, worth what this judgement says.
    fn report_as(&mut self, judgement: Judgement, text: Text<'_>, owner: u16, found: Match) -> Option<usize> {
        let enabled = self.detectors.enabled(owner);
        let recognizer = enabled.recognizer;
        if found.score < judgement.threshold {
            return None;
        }
        if enabled.allowed.contains(&text.text[found.start..found.end]) || self.is_excused(text, owner) {
            return Some(found.end);
        }
        let span = found.start..found.end;
        let views = self.views(text, span.clone());
        let hit = Hit {
            rule: recognizer.rule,
            entity: recognizer.entity,
            score: found.score,
            severity: judgement.severity,
            effect: judgement.effect,
            owner,
            ..self.hit_at(text, span, views)
        };
        self.hits.push(hit);
        Some(found.end)
    }

    /// Whether a text stands in a part of the event that this recognizer's family leaves alone. Inside of a decoded piece nobody
    /// asks: it is in the part that holds the piece.
    fn is_excused(&self, text: Text<'_>, owner: u16) -> bool {
        let allowed = &self.detectors.enabled(owner).allowed;
        if self.decodings > 0 || !allowed.has_paths() {
            return false;
        }
        let Some(outer) = outermost(text.within).or(text.value) else { return false };
        let mut pointer = outer.pointer_within(POINTER_BYTES_MAX).0;
        pointer.extend(inner(text).into_iter().flat_map(|inner| inner.pointers));
        allowed.covers(&pointer)
    }

    /// What undid the disguise of a span.
    fn views(&self, text: Text<'_>, span: Range<usize>) -> Vec<&'static str> {
        if let Some(disguise) = text.undone {
            return vec![disguise.as_str()];
        }
        let Some(view) = text.view.filter(|view| view.is_folded(span.clone())) else { return Vec::new() };
        let written = view.original(span);
        let written = text.sent.get(written).unwrap_or_default();
        let reads = [("percent", "%"), ("html", "&"), ("unescaped", "\\")];
        let mut views: Vec<_> =
            reads.iter().filter(|(_, sign)| text.is_read && written.contains(sign)).map(|(name, _)| *name).collect();
        if views.is_empty() {
            views.push("normalised");
        }
        views
    }

    /// A hit at a span of a text, of which only the place is told.
    fn hit_at(&self, text: Text<'_>, span: Range<usize>, views: Vec<&'static str>) -> Hit {
        let original = text.view.map_or(span.clone(), |view| view.original(span));
        Hit {
            rule: &crate::rule::Rule::PII,
            entity: "",
            node: outermost(text.within).or(text.value).map(Value::id),
            at_key: text.at_key,
            inner: inner(text),
            span: original.start as u32..original.end as u32,
            score: 0.0,
            provenance: self.provenance,
            views: text.within.map(|_| "json").into_iter().chain(views).collect(),
            severity: Severity::Info,
            effect: None,
            owner: 0,
        }
    }

    /// Puts the hits of one text in order. What several anchors of a rule have found in one place is one hit; of data that is
    /// found twice, as one kind and as another, the surer stays.
    fn settle(&mut self, from: usize) {
        if self.hits.len() - from < 2 {
            return;
        }
        let mut found = self.hits.split_off(from);
        found.sort_by_key(|hit| (hit.owner, hit.span.start));
        found.dedup_by(|next, kept| {
            // Several recognizers may have one rule, so the next may also stand before the one that is kept.
            let is_same = next.rule == kept.rule && next.span.start < kept.span.end && kept.span.start < next.span.end;
            if is_same {
                kept.span.start = kept.span.start.min(next.span.start);
                kept.span.end = kept.span.end.max(next.span.end);
                kept.score = kept.score.max(next.score);
                // What is only told does not take its weight from what is meant.
                if next.severity > kept.severity {
                    (kept.severity, kept.effect) = (next.severity, next.effect);
                }
            }
            is_same
        });
        found.sort_by(|a, b| {
            let place = a.span.start.cmp(&b.span.start).then(b.span.end.cmp(&a.span.end));
            place.then(a.views.len().cmp(&b.views.len())).then(b.score.total_cmp(&a.score)).then(a.owner.cmp(&b.owner))
        });
        for hit in found {
            // As it stands is how it is told, where an encoding of it says the same.
            let is_surer =
                |kept: &Hit| kept.score >= hit.score || (kept.span == hit.span && kept.views.len() < hit.views.len());
            // What is done about the outer one must do for the inner one too.
            let is_covered = |kept: &Hit| kept.effect >= hit.effect || (kept.effect.is_none() && hit.effect.is_none());
            let is_told =
                |kept: &Hit| hit.is_data() && kept.is_data() && kept.holds(&hit) && is_surer(kept) && is_covered(kept);
            if !self.hits[from..].iter().rev().take(OVERLAPS_MAX).any(is_told) {
                self.hits.push(hit);
            }
        }
    }
}

/// How many hits before one are asked whether they hold it.
const OVERLAPS_MAX: usize = 8;
