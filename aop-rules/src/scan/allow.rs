//! What is left alone: values, domains, forms of values, and parts of events.

use regex::{Regex, RegexBuilder};

use crate::scan::mistakes::Mistakes;
use crate::scan::places::PathPattern;

/// An operator's words about what one family of detectors leaves alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowLists<'s> {
    /// The family's table in the settings.
    pub(crate) family: &'static str,
    pub(crate) values: &'s [String],
    pub(crate) patterns: &'s [String],
    pub(crate) paths: &'s [String],
}

/// What one family leaves alone.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    values: Vec<String>,
    domains: Vec<String>,
    patterns: Vec<Regex>,
    paths: Vec<PathPattern>,
}

/// An allow-list's expression may compile to so many bytes.
const PATTERN_BYTES_MAX: usize = 1 << 20;

impl Allowed {
    /// Reads the lists. What is wrong in them is noted and left out.
    pub(crate) fn new(lists: AllowLists<'_>, mistakes: &mut Mistakes) -> Self {
        let AllowLists { family, values, patterns, paths } = lists;
        let mut allowed = Self::default();
        for (index, value) in values.iter().enumerate() {
            match value.as_str() {
                "" => mistakes.add(
                    format_args!("{family}.allow[{index}]"),
                    "an empty value allows nothing; write one, or take it out",
                ),
                "@" => mistakes.add(
                    format_args!("{family}.allow[{index}]"),
                    "`@` names no domain; write it behind, as in `@example.org`",
                ),
                value if value.starts_with('@') => allowed.domains.push(value.to_ascii_lowercase()),
                value => allowed.values.push(value.to_ascii_lowercase()),
            }
        }
        for (index, pattern) in patterns.iter().enumerate() {
            match whole_match(pattern) {
                Ok(pattern) => allowed.patterns.push(pattern),
                Err(problem) => mistakes.add(format_args!("{family}.allow_patterns[{index}]"), problem),
            }
        }
        for (index, path) in paths.iter().enumerate() {
            let instead = format_args!("to look for nothing, write `{family} = false`");
            let problem = match PathPattern::new(path) {
                Ok(pattern) if pattern.is_all() => format!("`{path}` is everything; {instead}"),
                Ok(pattern) => {
                    allowed.paths.push(pattern);
                    continue;
                }
                Err(problem) if path.is_empty() => format!("{problem}; {instead}"),
                Err(problem) => problem,
            };
            mistakes.add(format_args!("{family}.allow_paths[{index}]"), problem);
        }
        allowed
    }

    /// Whether a value that was found is left alone.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.values.iter().any(|value| value.eq_ignore_ascii_case(text))
            || text.find('@').is_some_and(|at| self.domains.iter().any(|domain| domain.eq_ignore_ascii_case(&text[at..])))
            || self.patterns.iter().any(|pattern| pattern.is_match(text))
    }

    /// Whether no value is left alone.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.domains.is_empty() && self.patterns.is_empty()
    }

    /// Whether any part of an event is left alone.
    pub(crate) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Whether what a JSON Pointer leads to is left alone.
    pub(crate) fn covers(&self, pointer: &str) -> bool {
        self.paths.iter().any(|path| path.covers(pointer))
    }
}

/// A pattern that has to match the whole of a value. It is compiled alone first, so that an error shows what was written.
fn whole_match(pattern: &str) -> Result<Regex, String> {
    const UNLIKE: [&str; 3] = ["a", "0123 4567 89", "Ärger@example.org"];
    if pattern.is_empty() {
        return Err("an empty pattern allows nothing; write one, or take it out".to_owned());
    }
    let compile = |pattern: &str| RegexBuilder::new(pattern).size_limit(PATTERN_BYTES_MAX).build();
    let whole = compile(pattern).and_then(|_| compile(&format!(r"\A(?:{pattern})\z"))).map_err(|error| error.to_string())?;
    if UNLIKE.iter().all(|value| whole.is_match(value)) {
        return Err(format!("`{pattern}` allows every value; write what is allowed"));
    }
    Ok(whole)
}
