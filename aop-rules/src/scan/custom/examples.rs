//! The examples of a company's recognizer, tried when the settings are loaded.

use std::sync::Arc;

use aop_toon::{Document, Kind, Limits};

use crate::scan::custom::pattern::CustomPattern;
use crate::scan::custom::settings::CustomRecognizer;
use crate::scan::custom::{How, OwnRecognizer};
use crate::scan::enabled::Enabled;
use crate::scan::hit::{Hit, Provenance};
use crate::scan::mistakes::{Mistakes, shown};
use crate::scan::site::Site;
use crate::scan::{Detectors, Scratch};

/// Tries a recognizer alone, as it runs under these settings, so that no other finds hide its own.
pub(super) fn check(
    settings: &CustomRecognizer,
    place: &str,
    own: &OwnRecognizer,
    enable: &dyn Fn(&OwnRecognizer) -> Enabled,
    mistakes: &mut Mistakes,
) {
    let How::Pattern(pattern) = &own.how else { return };
    let enabled = enable(own);
    let threshold = enabled.threshold;
    if !(0.0..=1.0).contains(&threshold) {
        // That is told already, and nothing is as it will be.
        return;
    }
    let mut enabled_alone = vec![enabled];
    let alone = super::Own::of(&[(0, own)]);
    let allowed = Arc::clone(&enabled_alone[0].allowed);
    let detectors = Detectors::of(std::mem::take(&mut enabled_alone), alone);

    for (index, text) in settings.must_find.iter().enumerate() {
        if hits_in(&detectors, text).is_empty() {
            let why = why_not(pattern, text, threshold, &|value| allowed.contains(value));
            mistakes
                .add(format_args!("{place}.must_find[{index}]"), format_args!("nothing is found in {}: {why}", shown(text)));
        }
    }
    for (index, text) in settings.must_leave.iter().enumerate() {
        if let Some(hit) = hits_in(&detectors, text).first() {
            let what = match hit.node {
                None => text.get(hit.span.start as usize..hit.span.end as usize).map(shown),
                Some(_) => None,
            };
            let what = what.unwrap_or_else(|| "a value".to_owned());
            mistakes.add(
                format_args!("{place}.must_leave[{index}]"),
                format_args!("{what} is found in {}, with the score {}", shown(text), hit.score),
            );
        }
    }
    let placeholder = format!("<{}>", own.recognizer.entity);
    if !hits_in(&detectors, &placeholder).is_empty() {
        mistakes.add(
            format_args!("{place}.pattern"),
            format_args!("it matches `{placeholder}`, which is put in the place of what it finds: redacting twice would not be redacting once"),
        );
    }
}

/// What is found in an example: as JSON where it is an object, else as text.
fn hits_in(detectors: &Detectors, example: &str) -> Vec<Hit> {
    let (mut hits, mut scratch) = (Vec::new(), Scratch::default());
    match document(example) {
        Some(document) => detectors.scan_json(&document, Provenance::Tool, &mut scratch, &mut hits),
        None => detectors.scan_text(example, Provenance::Tool, &mut scratch, &mut hits),
    }
    hits
}

fn document(example: &str) -> Option<Document<'_>> {
    let document = Document::parse(example.as_bytes(), &Limits::default()).ok();
    document.filter(|_| example.starts_with('{'))
}

/// Why nothing is found: how far the match that came farthest has come.
fn why_not(pattern: &CustomPattern, example: &str, threshold: f64, is_allowed: &dyn Fn(&str) -> bool) -> String {
    let mut reasons: Vec<(u8, String)> = Vec::new();
    let mut look = |text: &str, is_named: bool| {
        pattern.each(text, is_named, |seen| {
            let value = shown(&text[seen.value.clone()]);
            reasons.push(if !seen.is_right {
                let checksum = pattern.checksum.map_or("", |checksum| checksum.as_str());
                (1, format!("the check digits of {value} are not right by `{checksum}`"))
            } else if seen.score < threshold {
                let hint = if seen.stands_alone { missing(pattern) } else { String::new() };
                (2, format!("{value} has the score {}, and the threshold is {threshold}{hint}", seen.score))
            } else if seen.is_part {
                (3, format!("{value} is a part of a longer id, hash or encoding"))
            } else if is_allowed(&text[seen.value]) {
                (4, format!("{value} is on an allow-list"))
            } else {
                (4, format!("{value} stands where nothing is looked at"))
            });
        });
    };
    match document(example) {
        None => look(example, false),
        Some(document) => {
            let names: Vec<&str> = pattern.names.iter().map(String::as_str).collect();
            let looked_at = |kind| matches!(kind, Kind::String | Kind::Number);
            for value in document.root().descendants().filter(|value| looked_at(value.kind())) {
                let is_named = Site::of(value).is_named(&names);
                look(&value.as_str().unwrap_or_else(|| value.raw().into()), is_named);
            }
        }
    }
    reasons.sort_by_key(|(progress, _)| std::cmp::Reverse(*progress));
    let reason =
        reasons.into_iter().next().map_or_else(|| "the pattern matches nothing in it".to_owned(), |(_, reason)| reason);
    if example.starts_with('{') && document(example).is_none() {
        return format!("it begins with `{{` and is no JSON, so it is read as text; {reason}");
    }
    reason
}

/// What would have made a match surer.
fn missing(pattern: &CustomPattern) -> String {
    let listed = |phrases: &[String]| phrases.iter().map(|phrase| format!("`{phrase}`")).collect::<Vec<_>>().join(", ");
    match (&pattern.keywords[..], &pattern.names[..]) {
        ([], []) => String::new(),
        ([], names) => format!("; no key and no word near it says {}", listed(names)),
        (keywords, []) => format!("; near it stands none of {}", listed(keywords)),
        (keywords, names) => format!("; near it stands none of {}, and no key says {}", listed(keywords), listed(names)),
    }
}
