//! A finding never shows what it found: personal data and secrets are taken out of its message and its pointers.

use std::borrow::Cow;
use std::ops::Range;

use aop_rules::scan::{self, Detectors, Hit, Provenance};
use aop_toon::{Finding, escape_pointer_token, unescape_pointer_token};

use crate::known::KnownData;
use crate::redact::replace_spans;

/// Takes data out of findings about one event. `known` is what has been found in it, which a finding's text alone may not tell.
pub(crate) struct Hiding<'h> {
    pub(crate) detectors: &'h Detectors,
    pub(crate) known: &'h KnownData,
    pub(crate) scratch: &'h mut scan::Scratch,
}

impl Hiding<'_> {
    /// Takes it out of a finding's pointers (a key may hold it) and out of its message.
    pub(crate) fn in_finding(&mut self, finding: &mut Finding) {
        self.in_pointers(finding);
        self.in_message(finding);
    }

    pub(crate) fn in_message(&mut self, finding: &mut Finding) {
        let spans = self.known.in_message(&finding.message);
        if let Cow::Owned(hidden) = hidden(self.detectors, Cow::Borrowed(&finding.message), spans, self.scratch) {
            finding.message = hidden;
        }
    }

    pub(crate) fn in_pointers(&mut self, finding: &mut Finding) {
        if let Some(hidden) = finding.path.as_deref().and_then(|path| self.keys(path)) {
            finding.path = Some(hidden);
        }
        if let Some(path) = &finding.inner_path {
            let mut inner = |pointer: &str| {
                let pointer = pointer.replace("%20", " ");
                self.keys(&pointer).unwrap_or(pointer).replace(' ', "%20")
            };
            finding.inner_path = Some(path.split(' ').map(&mut inner).collect::<Vec<_>>().join(" "));
        }
    }

    /// A pointer with the data in its keys replaced; nothing when there is none. Each key is looked at as it is: what a pointer writes
    /// in the place of a `/` would hide where a word begins.
    fn keys(&mut self, pointer: &str) -> Option<String> {
        let mut is_changed = false;
        let mut hide_key = |token| {
            let key = unescape_pointer_token(token);
            let spans = self.known.in_key(&key);
            let hidden = hidden(self.detectors, Cow::Borrowed(&key), spans, self.scratch);
            let token = escape_pointer_token(&hidden).into_owned();
            is_changed |= matches!(hidden, Cow::Owned(_));
            token
        };
        let mut all = String::with_capacity(pointer.len());
        for (at, token) in pointer.split('/').enumerate() {
            if at > 0 {
                all.push('/');
            }
            all.push_str(&hide_key(token));
        }
        (is_changed || all != pointer).then_some(all)
    }
}

/// A text with personal data and secrets replaced.
pub(crate) fn without_data<'t>(detectors: &Detectors, text: Cow<'t, str>, scratch: &mut scan::Scratch) -> Cow<'t, str> {
    hidden(detectors, text, Vec::new(), scratch)
}

/// A text with these spans, and what the detectors find in it, replaced.
fn hidden<'t>(
    detectors: &Detectors,
    text: Cow<'t, str>,
    mut spans: Vec<(Range<usize>, &'static str)>,
    scratch: &mut scan::Scratch,
) -> Cow<'t, str> {
    let mut hits = Vec::new();
    detectors.scan_text_for_data(&text, Provenance::Agent, scratch, &mut hits);
    hits.retain(Hit::is_data);
    spans.extend(hits.iter().map(|hit| (hit.span.start as usize..hit.span.end as usize, hit.entity)));
    if spans.is_empty() { text } else { Cow::Owned(replace_spans(&text, spans.into_iter())) }
}
