//! Texts that a pattern cannot match without.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

/// No more alternatives are looked for.
const ALTERNATIVES_MAX: usize = 32;

/// Shorter texts are found everywhere.
const LITERAL_BYTES_MIN: usize = 2;

/// One of these is in every text that a regular expression matches; nothing when there is no such list.
pub(super) fn of_regex(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let inner = required(&hir);
    let best = inner.or_else(|| {
        let prefixes = Extractor::new().extract(&hir);
        let texts =
            prefixes.literals()?.iter().map(|literal| std::str::from_utf8(literal.as_bytes()).ok().map(str::to_owned));
        texts.collect::<Option<Vec<String>>>()
    })?;
    let is_good = (1..=ALTERNATIVES_MAX).contains(&best.len()) && shortest(&best) >= LITERAL_BYTES_MIN;
    is_good.then_some(best)
}

/// One of these is in every text that a glob matches.
pub(super) fn of_glob(glob: &str) -> Option<Vec<String>> {
    if glob.contains(['[', ']', '{', '}', '\\', '!']) {
        return None;
    }
    // A `**/` may match nothing, and its slash with it.
    let longest = glob.split(['*', '?', '/']).max_by_key(|part| part.len())?;
    (longest.len() >= LITERAL_BYTES_MIN).then(|| vec![longest.to_owned()])
}

fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(required).max_by_key(|texts| shortest(texts)),
        HirKind::Alternation(alternatives) => {
            let mut all = Vec::new();
            for alternative in alternatives {
                all.extend(required(alternative)?);
                if all.len() > ALTERNATIVES_MAX {
                    return None;
                }
            }
            Some(all)
        }
        _ => None,
    }
}

fn shortest(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_regular_expressions() {
        let cases: &[(&str, Option<&[&str]>)] = &[
            ("base64", Some(&["base64"])),
            ("^C-[0-9]{8}$", Some(&["C-"])),
            ("a+(curl|wget) +http", Some(&["http"])),
            ("(curl|wget)", Some(&["curl", "wget"])),
            ("(curl|w?)", None),
            ("[0-9]+", None),
            ("(?i)rm", Some(&["RM", "Rm", "rM", "rm"])),
            ("x*yes?", Some(&["ye"])),
            ("", None),
        ];
        for (pattern, expected) in cases {
            let mut found = of_regex(pattern);
            found.iter_mut().for_each(|texts| texts.sort());
            let expected = expected.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn of_globs() {
        assert_eq!(of_glob("/etc/**"), Some(vec!["etc".to_owned()]));
        assert_eq!(of_glob("**/.ssh/*"), Some(vec![".ssh".to_owned()]));
        assert_eq!(of_glob("{a,bcd}"), None);
        assert_eq!(of_glob("*"), None);
    }
}
