//! Names with wildcards, as settings write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time_span::TextVisitor;

/// A name, or many: `*` stands for any text (also none), `?` for any one character, everything else for itself.
/// It must match the whole name, and case counts.
///
/// ```
/// use aop_rules::post_run::Pattern;
///
/// let pattern: Pattern = "send_*".parse()?;
/// assert!(pattern.matches("send_email"));
/// assert!(!pattern.matches("resend_email"));
/// # Ok::<(), aop_rules::post_run::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern(String);

impl Pattern {
    /// Whether the whole of `name` matches. Takes at most |pattern| × |name| steps.
    pub fn matches(&self, name: &str) -> bool {
        let (mut pattern, mut rest) = (self.0.chars(), name.chars());
        // Where to go on after the latest `*`, with one more character given to it.
        let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
        loop {
            let before = pattern.clone();
            match (pattern.next(), rest.clone().next()) {
                (None, None) => return true,
                (Some('*'), _) => {
                    retry = Some((before, rest.clone()));
                    continue;
                }
                (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                    rest.next();
                    continue;
                }
                _ => {}
            }
            let Some((star, mut start)) = retry.take() else { return false };
            if start.next().is_none() {
                return false;
            }
            pattern = star.clone();
            pattern.next();
            rest = start.clone();
            retry = Some((star, start));
        }
    }

    /// The same pattern in lower case, for names that are in lower case.
    pub(super) fn to_lowercase(&self) -> Self {
        Self(self.0.to_lowercase())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an empty name matches nothing; write a name, or \"*\" for all of them")]
pub struct PatternError;

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        match text {
            "" => Err(PatternError),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(TextVisitor { expected: "a name such as \"send_email\" or \"send_*\"", parse: str::parse })
    }
}

/// Patterns as a message lists them: `a, b or c`.
pub(super) fn list(patterns: &[Pattern]) -> String {
    let names: Vec<&str> = patterns.iter().map(Pattern::as_str).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pattern: &str, name: &str, expected: bool) {
        let pattern: Pattern = pattern.parse().expect("not empty");
        assert_eq!(pattern.matches(name), expected, "{pattern} on {name}");
    }

    #[test]
    fn stars_and_question_marks() {
        check("*", "", true);
        check("a*c", "ac", true);
        check("a*c", "abcbc", true);
        check("a*c", "abcb", false);
        check("a?c", "aéc", true);
        check("a?c", "ac", false);
        check("**x", "aax", true);
        check("db.*", "db.drop", true);
        check("db.*", "dbx", false);
        check("Send", "send", false);
    }

    /// The definition, written down directly.
    fn naive(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|taken| naive(rest, &name[taken..])),
            Some((wanted, rest)) => {
                name.split_first().is_some_and(|(found, tail)| (*wanted == '?' || wanted == found) && naive(rest, tail))
            }
        }
    }

    proptest! {
        #[test]
        fn matches_as_defined(pattern in "[ab*?]{1,8}", name in "[ab]{0,10}") {
            let expected = naive(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>());
            prop_assert_eq!(pattern.parse::<Pattern>().expect("not empty").matches(&name), expected);
        }
    }
}
