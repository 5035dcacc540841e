//! What is left alone: values, domains, forms of values, and parts of events.

use regex::{Regex, RegexBuilder};

use crate::scan::mistakes::Mistakes;

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
            match PathPattern::new(path) {
                Ok(path) => allowed.paths.push(path),
                Err(problem) => {
                    let switch = if path_is_all(path) {
                        format!("; to look for nothing, write `{family} = false`")
                    } else {
                        String::new()
                    };
                    mistakes.add(format_args!("{family}.allow_paths[{index}]"), format_args!("{problem}{switch}"));
                }
            }
        }
        allowed
    }

    /// Whether a value that was found is left alone.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.values.iter().any(|value| value.eq_ignore_ascii_case(text))
            || text.find('@').is_some_and(|at| self.domains.iter().any(|domain| domain.eq_ignore_ascii_case(&text[at..])))
            || self.patterns.iter().any(|pattern| pattern.is_match(text))
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

/// A JSON Pointer in which `*` stands for any part of one name and `**` for any number of names.
#[derive(Debug, PartialEq)]
struct PathPattern(Vec<Segment>);

#[derive(Debug, PartialEq)]
enum Segment {
    Is(String),
    /// The parts of a name between its `*`.
    Glob(Vec<String>),
    AnyNumber,
}

/// A path pattern may have so many segments, one for each bit of what is remembered while it is compared.
const SEGMENTS_MAX: usize = 32;

impl PathPattern {
    fn new(path: &str) -> Result<Self, String> {
        let Some(rest) = path.strip_prefix('/') else {
            let meant = path.trim_start_matches(['$', '.']).replace(['.', '['], "/").replace(']', "");
            let example = if meant.is_empty() { "payload/params".to_owned() } else { meant };
            return Err(format!("`{path}` is no JSON Pointer; one begins with `/`, as in `/{example}`"));
        };
        let segments = rest.split('/').map(|segment| Self::segment(path, segment)).collect::<Result<Vec<_>, _>>()?;
        if path_is_all(path) {
            return Err(format!("`{path}` is everything"));
        }
        if segments.len() > SEGMENTS_MAX {
            return Err(format!("`{path}` has {} segments; at most {SEGMENTS_MAX} are read", segments.len()));
        }
        Ok(Self(segments))
    }

    fn segment(path: &str, segment: &str) -> Result<Segment, String> {
        match segment {
            "**" => Ok(Segment::AnyNumber),
            _ if segment.replace("~0", "").replace("~1", "").contains('~') => {
                Err(format!("`{segment}` in `{path}`: a `~` is written `~0`, and a `/` in a name `~1`"))
            }
            _ if segment.contains('*') => Ok(Segment::Glob(segment.split('*').map(unescaped).collect())),
            _ => Ok(Segment::Is(unescaped(segment))),
        }
    }

    /// Whether a pointer leads to what the pattern names, or to something in it. All ways to read `**` are followed at once, so
    /// the work is the pointer's length times the pattern's.
    fn covers(&self, pointer: &str) -> bool {
        let end = self.0.len();
        let mut states = self.closed(1);
        for token in pointer.split('/').skip(1) {
            if states & (1 << end) != 0 {
                return true;
            }
            let token = unescaped(token);
            let mut next = 0;
            for (place, segment) in self.0.iter().enumerate().filter(|(place, _)| states & (1 << place) != 0) {
                next |= match segment {
                    Segment::Is(name) if *name == token => 1 << (place + 1),
                    Segment::Glob(parts) if is_like(parts, &token) => 1 << (place + 1),
                    Segment::AnyNumber => 1 << place,
                    Segment::Is(_) | Segment::Glob(_) => 0u64,
                };
            }
            states = self.closed(next);
        }
        states & (1 << end) != 0
    }

    /// The states with those that are reached by reading nothing.
    fn closed(&self, mut states: u64) -> u64 {
        for (place, segment) in self.0.iter().enumerate() {
            if *segment == Segment::AnyNumber && states & (1 << place) != 0 {
                states |= 1 << (place + 1);
            }
        }
        states
    }
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Whether a name is these parts with anything between them.
fn is_like(parts: &[String], name: &str) -> bool {
    let [first, between @ .., last] = parts else { return false };
    let Some(mut rest) = name.strip_prefix(first.as_str()) else { return false };
    for part in between {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}

/// Whether a path pattern names all that there is.
fn path_is_all(path: &str) -> bool {
    path.is_empty() || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|segment| matches!(segment, "**" | "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, covered: &[&str], others: &[&str]) {
        let pattern = PathPattern::new(pattern).unwrap();
        covered.iter().for_each(|pointer| assert!(pattern.covers(pointer), "{pattern:?} {pointer}"));
        others.iter().for_each(|pointer| assert!(!pattern.covers(pointer), "{pattern:?} {pointer}"));
    }

    #[test]
    fn paths_cover_what_is_under_them() {
        check(
            "/payload/params/to",
            &["/payload/params/to", "/payload/params/to/0"],
            &["/payload/params", "/payload/params/tom", "/to"],
        );
        check("/payload/*/id", &["/payload/result/id"], &["/payload/id", "/payload/a/b/id", "/payload/result"]);
        check("/**/ref", &["/ref", "/payload/a/b/ref", "/a/ref/x"], &["/payload/reference", "/"]);
        check("/a/**/b/**/c", &["/a/b/c", "/a/x/b/b/y/c", "/a/b/c/b"], &["/a/c/b", "/a/b"]);
        check(
            "/payload/acc*_no",
            &["/payload/account_no/x", "/payload/acc_no"],
            &["/payload/acc_number", "/payload/my_acc_no"],
        );
        check("/a*a*a", &["/aaa", "/abaca"], &["/aa", "/a"]);
        check("/a~1b/c~0d", &["/a~1b/c~0d"], &["/a/b/c~0d"]);
    }

    #[test]
    fn many_wildcards_are_no_more_work() {
        let pattern = PathPattern::new(&"/**/a".repeat(16)).unwrap();
        assert!(!pattern.covers(&"/a/b".repeat(5_000).replace("a", "c")));
        assert!(pattern.covers(&"/a".repeat(16)));
    }
}
