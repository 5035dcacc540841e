//! The operations by place.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aop_rules::scan::PathPattern;

use super::settings::{Operation, SettingsError};

/// The operations by place, the most specific first.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths(Vec<(PathPattern, Operation)>);

impl Paths {
    pub(super) fn new(settings: &BTreeMap<String, Operation>) -> Result<Self, SettingsError> {
        let pattern = |path: &str| PathPattern::new(path).map_err(|problem| SettingsError::new("paths", problem));
        let patterns = settings.iter().map(|(path, operation)| Ok((pattern(path)?, operation.clone())));
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
        self.0.iter().find(|(pattern, _)| pattern.covers(pointer)).map(|(_, operation)| operation)
    }
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

    // Every way to skip names was once tried for each `**`, so that this took years.
    #[test]
    fn many_wildcards_are_no_more_work() {
        let pattern = format!("{}/b", "/**/a".repeat(12));
        check(&[(&pattern, Operator::Mask)], &"/a".repeat(60), None);
        check(&[(&pattern, Operator::Mask)], &format!("{}/b/c", "/a".repeat(60)), Some(Operator::Mask));
    }

    #[test]
    fn a_path_without_its_slash_is_told() {
        let settings = [("payload/x".to_owned(), Operation::default())].into();
        let said = Paths::new(&settings).unwrap_err().to_string();
        assert!(
            said.starts_with("redaction.paths: `payload/x` is no JSON Pointer; one begins with `/`, as in `/payload/x`"),
            "{said}"
        );
    }
}
