//! The texts of what was found, for fingerprints and for hiding them.

use aop_rules::scan::Detectors;
use aop_toon::Document;

use super::decoded::value_in;
use super::key::DerivedKeys;
use super::redactor::canonical_of;
use super::{Target, held};

/// The fingerprint of each target, in their order; nothing for a text that is not there.
pub(crate) fn fingerprints(
    detectors: &Detectors,
    document: &Document<'_>,
    targets: &[Target<'_>],
    keys: &DerivedKeys,
) -> Vec<Option<String>> {
    let mut fingerprints = vec![None; targets.len()];
    each_of(document, targets, &mut |index, target, text| {
        let value = target.is_encoded.then(|| value_in(detectors, target.entity, text)).flatten();
        let canonical = match &value {
            Some(value) => canonical_of(target.entity, value, false),
            None => canonical_of(target.entity, text, target.is_encoded),
        };
        fingerprints[index] = Some(keys.fingerprint(target.entity, &canonical));
    });
    fingerprints
}

/// What each target is, in their order: the text of its span, and the value in that where it is an encoding.
pub(crate) fn found_texts(detectors: &Detectors, document: &Document<'_>, targets: &[Target<'_>]) -> Vec<Vec<String>> {
    let mut texts = vec![Vec::new(); targets.len()];
    each_of(document, targets, &mut |index, target, text| {
        texts[index].push(text.to_owned());
        texts[index].extend(target.is_encoded.then(|| value_in(detectors, target.entity, text)).flatten());
    });
    texts
}

/// Shows each target, with its number and its decoded text.
pub(super) fn each_of<'h>(document: &Document<'_>, targets: &[Target<'h>], visit: &mut dyn FnMut(usize, &Target<'h>, &str)) {
    each_text(document, targets.iter().cloned().enumerate().collect(), visit);
}

/// Shows each target with its decoded text. Each string is decoded, and the JSON in it parsed, once.
fn each_text<'h>(
    document: &Document<'_>,
    mut targets: Vec<(usize, Target<'h>)>,
    visit: &mut dyn FnMut(usize, &Target<'h>, &str),
) {
    let place = |target: &Target<'_>| (target.node, target.is_in_key());
    targets.sort_by_key(|(_, target)| place(target));
    for group in targets.chunk_by(|(_, a), (_, b)| place(a) == place(b)) {
        let value = document.value(group[0].1.node);
        let is_in_key = group[0].1.is_in_key();
        let text = if is_in_key { value.key().map(|key| key.as_str()) } else { value.as_str() };
        let text = text.unwrap_or_else(|| value.raw().into());
        let mut nested = Vec::new();
        for (index, target) in group {
            match target.inner.split_first() {
                None => visit(*index, target, text.get(target.span.clone()).unwrap_or(&text)),
                Some((&node, inner)) => nested.push((*index, Target { node, inner, ..target.clone() })),
            }
        }
        if let Some((_, inner)) = held(&text).filter(|_| !nested.is_empty()) {
            each_text(&inner, nested, visit);
        }
    }
}
