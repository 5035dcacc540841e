//! Which requests an entry of the settings is about.

use super::super::compiled_in::ActionError;
use super::super::text::quoted;
use super::super::{ActionRule, ActionSettings};
use super::terms::is_like;

/// The entries in the order in which they are asked: exact names, then the most telling pattern; equal ones by the alphabet.
pub(in crate::actions) fn by_precedence(settings: &ActionSettings) -> Result<Vec<(&str, &ActionRule)>, ActionError> {
    if settings.actions.contains_key("") {
        return Err(ActionError::new("\"\"", "an empty name matches nothing; write a name, or \"*\" for all of them"));
    }
    let mut named: Vec<(&str, &ActionRule)> = settings.actions.iter().map(|(name, rule)| (name.as_str(), rule)).collect();
    let plain = |name: &str| name.chars().filter(|character| !is_wildcard(*character)).count();
    named.sort_by_key(|(name, _)| (!is_exact(name), std::cmp::Reverse(plain(name))));
    Ok(named)
}

fn is_wildcard(character: char) -> bool {
    matches!(character, '*' | '?')
}

fn is_exact(name: &str) -> bool {
    !name.contains(is_wildcard)
}

/// The actions that one entry is about: those of its name that no entry before it names.
pub(super) struct Meant {
    name: String,
    /// As it stands in the parentheses of `request` and `response`.
    pattern: String,
    /// A pattern that these parentheses cannot hold.
    like: Option<String>,
    but_names: Vec<String>,
    but_like: Vec<String>,
}

impl Meant {
    pub(super) fn new<'n>(name: &str, before: impl Iterator<Item = &'n str>) -> Self {
        let overlapping = before.filter(|other| may_overlap(name, other)).map(str::to_owned);
        let (but_names, but_like) = match is_exact(name) {
            true => (Vec::new(), Vec::new()),
            false => overlapping.partition(|other| is_exact(other)),
        };
        let (pattern, like) = match (is_exact(name), is_plain_glob(name)) {
            (true, _) => (quoted(name), None),
            (false, _) if name.chars().all(|character| character == '*') => ("*".to_owned(), None),
            (false, true) => (name.to_owned(), None),
            (false, false) => ("*".to_owned(), Some(name.to_owned())),
        };
        Self { name: name.to_owned(), pattern, like, but_names, but_like }
    }

    /// `request(read_*) where …`: the event `event` and what else has to hold for it.
    pub(super) fn request(&self, event: &str, conditions: &[String]) -> String {
        self.of("request", event, conditions)
    }

    pub(super) fn response(&self, event: &str, conditions: &[String]) -> String {
        self.of("response", event, conditions)
    }

    fn of(&self, kind: &str, event: &str, conditions: &[String]) -> String {
        let mut all = Vec::new();
        if let Some(like) = &self.like {
            all.push(format!("is_like({event}.action, {})", quoted(like)));
        }
        if !self.but_names.is_empty() {
            let names: Vec<String> = self.but_names.iter().map(|name| quoted(name)).collect();
            all.push(format!("not ({event}.action in [{}])", names.join(", ")));
        }
        let but_like: Vec<String> = self.but_like.iter().map(|name| quoted(name)).collect();
        all.extend(is_like(&format!("{event}.action"), &but_like).map(|like| format!("not {like}")));
        all.extend_from_slice(conditions);
        let conditions = if all.is_empty() { String::new() } else { format!(" where {}", all.join(" and ")) };
        format!("{kind}({}){conditions}", self.pattern)
    }

    /// The action's name as a message shows it.
    pub(super) fn shown(&self) -> String {
        if is_exact(&self.name) { super::in_message(&self.name) } else { "{c.action}".to_owned() }
    }
}

/// Whether a pattern can be written without quotes.
fn is_plain_glob(name: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    // With one `*` at its end: what may follow one would have to be told apart from words of the language.
    starts_well && name.strip_suffix('*').is_some_and(|stem| stem.chars().all(is_word))
}

/// Whether a name may be like both patterns.
fn may_overlap(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // `reached[j]`: what is read of `one` and the first `j` of `other` may stand for the same text.
    let stars = other.iter().take_while(|character| **character == '*').count();
    let mut reached: Vec<bool> = (0..=other.len()).map(|at| at <= stars).collect();
    for first in &one {
        let mut next = vec![false; other.len() + 1];
        next[0] = *first == '*' && reached[0];
        for (at, second) in other.iter().enumerate() {
            next[at + 1] = match (first, second) {
                ('*', _) => reached[at + 1] || next[at],
                (_, '*') => next[at] || reached[at + 1],
                ('?', _) | (_, '?') => reached[at],
                (first, second) => first == second && reached[at],
            };
        }
        reached = next;
    }
    reached[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_overlap() {
        for (one, other, expected) in [
            ("read_*", "read_secret", true),
            ("read_*", "write_*", false),
            ("*_x", "a_*", true),
            ("a?c", "a*", true),
            ("a?c", "abbc", false),
            ("*", "x", true),
            ("a*b", "*c", false),
            ("a*b", "?*b", true),
        ] {
            assert_eq!(may_overlap(one, other), expected, "{one} {other}");
            assert_eq!(may_overlap(other, one), expected, "{other} {one}");
        }
    }
}
