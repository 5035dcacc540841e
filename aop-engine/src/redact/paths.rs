//! Patterns of places: JSON Pointers with `*` and `**`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::settings::{Operation, SettingsError};

/// The operations by place, the most specific first.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths(Vec<(Pattern, Operation)>);

#[derive(Debug, Clone)]
struct Pattern(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Name(String),
    /// The parts of a name between its `*`.
    Glob(Vec<String>),
    /// `**`
    Any,
}

impl Paths {
    pub(super) fn new(settings: &BTreeMap<String, Operation>) -> Result<Self, SettingsError> {
        let patterns = settings.iter().map(|(path, operation)| Ok((Pattern::new(path)?, operation.clone())));
        let mut patterns = patterns.collect::<Result<Vec<_>, SettingsError>>()?;
        patterns.sort_by_key(|(pattern, _)| Reverse(pattern.specificity()));
        Ok(Self(patterns))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any takes all that lies at its place.
    pub(super) fn any_whole(&self) -> bool {
        self.0.iter().any(|(_, operation)| operation.whole)
    }

    /// What is said of the value that a pointer leads to: of itself or of what it lies in.
    pub(super) fn operation(&self, pointer: &str) -> Option<&Operation> {
        let names: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
        self.0.iter().find(|(pattern, _)| matches(&pattern.0, &names)).map(|(_, operation)| operation)
    }
}

impl Pattern {
    fn new(path: &str) -> Result<Self, SettingsError> {
        let Some(names) = path.strip_prefix('/') else {
            let message = format!("`{path}` begins with no /, as a JSON Pointer does; for the whole document set `default`");
            return Err(SettingsError::new("paths", message));
        };
        let segment = |name: &str| match name {
            "**" => Segment::Any,
            name if name.contains('*') => Segment::Glob(name.split('*').map(unescaped).collect()),
            name => Segment::Name(unescaped(name)),
        };
        Ok(Self(names.split('/').map(segment).collect()))
    }

    /// First how many names it gives in full, then in part, then how many it has at all.
    fn specificity(&self) -> (usize, usize, usize) {
        let count = |is: fn(&Segment) -> bool| self.0.iter().filter(|segment| is(segment)).count();
        let partial =
            |segment: &Segment| matches!(segment, Segment::Glob(parts) if parts.iter().any(|part| !part.is_empty()));
        (count(|segment| matches!(segment, Segment::Name(_))), count(partial), count(|segment| *segment != Segment::Any))
    }
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// Whether the names begin as the pattern says.
fn matches(pattern: &[Segment], names: &[String]) -> bool {
    let Some((first, pattern_rest)) = pattern.split_first() else { return true };
    if *first == Segment::Any {
        // What follows may begin at any name; a pattern has few `**`, and documents are at most 128 deep.
        return (0..=names.len()).any(|skipped| matches(pattern_rest, &names[skipped..]));
    }
    let Some((name, rest)) = names.split_first() else { return false };
    let fits = match first {
        Segment::Name(wanted) => name == wanted,
        Segment::Glob(parts) => glob(parts, name),
        Segment::Any => true,
    };
    fits && matches(pattern_rest, rest)
}

/// Whether a name is these parts with anything between them.
fn glob(parts: &[String], name: &str) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return name.is_empty() };
    let Some(mut rest) = name.strip_prefix(first.as_str()) else { return false };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::settings::Operator;

    #[track_caller]
    fn check(patterns: &[(&str, Operator)], pointer: &str, expected: Option<Operator>) {
        let settings = patterns.iter().map(|(path, operator)| ((*path).to_owned(), Operation::from(*operator))).collect();
        let paths = Paths::new(&settings).unwrap();
        assert_eq!(paths.operation(pointer).map(|operation| operation.operator), expected, "{pointer}");
    }

    #[test]
    fn a_path_means_what_lies_there_and_below() {
        let paths = [("/payload/params", Operator::Mask)];
        check(&paths, "/payload/params", Some(Operator::Mask));
        check(&paths, "/payload/params/a/0", Some(Operator::Mask));
        check(&paths, "/payload", None);
        check(&paths, "/payload/parameters", None);
        check(&[("/a~1b/c~0d", Operator::Hash)], "/a~1b/c~0d", Some(Operator::Hash));
    }

    #[test]
    fn stars_stand_for_names_and_parts_of_names() {
        check(&[("/a/*/c", Operator::Hash)], "/a/b/c", Some(Operator::Hash));
        check(&[("/a/*/c", Operator::Hash)], "/a/c", None);
        check(&[("/a/acc*_no", Operator::Hash)], "/a/account_no", Some(Operator::Hash));
        check(&[("/a/acc*_no", Operator::Hash)], "/a/acc_number", None);
        check(&[("/**/card", Operator::Mask)], "/card", Some(Operator::Mask));
        check(&[("/**/card", Operator::Mask)], "/a/0/b/card/number", Some(Operator::Mask));
        check(&[("/**/card", Operator::Mask)], "/a/0/b/cards", None);
    }

    #[test]
    fn the_most_specific_wins() {
        let paths = [
            ("/**", Operator::Replace),
            ("/payload", Operator::Remove),
            ("/payload/*", Operator::Hash),
            ("/payload/params/*", Operator::Token),
            ("/payload/params/acc*", Operator::Keep),
            ("/payload/params/account", Operator::Mask),
        ];
        check(&paths, "/payload/params/account/0", Some(Operator::Mask));
        check(&paths, "/payload/params/accent", Some(Operator::Keep));
        check(&paths, "/payload/params/to", Some(Operator::Token));
        check(&paths, "/payload/result", Some(Operator::Hash));
        check(&paths, "/payload", Some(Operator::Remove));
        check(&paths, "/meta", Some(Operator::Replace));
    }

    #[test]
    fn a_path_without_its_slash_is_told() {
        let settings = [("payload/x".to_owned(), Operation::default())].into();
        let said = Paths::new(&settings).unwrap_err().to_string();
        assert!(said.starts_with("redaction.paths: `payload/x` begins with no /"), "{said}");
    }
}
