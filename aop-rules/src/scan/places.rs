//! Patterns of places: JSON Pointers with `*` and `**`.

use aop_toon::unescape_pointer_token;

/// A JSON Pointer in which `*` stands for any part of one name and `**` for any number of names. It means the value there and
/// whatever lies in it.
///
/// ```
/// use aop_rules::scan::PathPattern;
///
/// let pattern = PathPattern::new("/payload/**/acc*_no").unwrap();
/// assert!(pattern.covers("/payload/params/account_no"));
/// assert!(!pattern.covers("/payload/params/account"));
/// assert!(PathPattern::new("payload").unwrap_err().contains("is no JSON Pointer"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Is(String),
    /// The parts of a name between its `*`.
    Glob(Vec<String>),
    AnyNumber,
}

/// A path pattern may have so many segments, one for each bit of what is remembered while it is compared.
const SEGMENTS_MAX: usize = 32;

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote it.
    pub fn new(path: &str) -> Result<Self, String> {
        let Some(rest) = path.strip_prefix('/') else {
            let meant = path.trim_start_matches(['$', '.']).replace(['.', '['], "/").replace(']', "");
            let example = if meant.is_empty() { "payload/params".to_owned() } else { meant };
            return Err(format!("`{path}` is no JSON Pointer; one begins with `/`, as in `/{example}`"));
        };
        let segments = rest.split('/').map(|segment| Self::segment(path, segment)).collect::<Result<Vec<_>, _>>()?;
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
            _ if segment.contains('*') => {
                Ok(Segment::Glob(segment.split('*').map(|part| unescape_pointer_token(part).into_owned()).collect()))
            }
            _ => Ok(Segment::Is(unescape_pointer_token(segment).into_owned())),
        }
    }

    /// Whether a pointer leads to what the pattern names, or to something in it. All ways to read `**` are followed at once, so
    /// the work is the pointer's length times the pattern's.
    pub fn covers(&self, pointer: &str) -> bool {
        let end = self.0.len();
        let mut states = self.closed(1);
        for token in pointer.split('/').skip(1) {
            if states & (1 << end) != 0 {
                return true;
            }
            let token = unescape_pointer_token(token);
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

    /// Whether it names all that there is, or all below some depth: it gives no name, not even in part.
    pub fn is_all(&self) -> bool {
        self.0.iter().all(|segment| match segment {
            Segment::AnyNumber => true,
            Segment::Is(name) => name.is_empty(),
            Segment::Glob(parts) => parts.iter().all(String::is_empty),
        })
    }

    /// How much it says of where it leads, to order patterns by: first how many names it gives in full, then in part, then how
    /// many it has at all.
    pub fn specificity(&self) -> (usize, usize, usize) {
        let count = |is: fn(&Segment) -> bool| self.0.iter().filter(|segment| is(segment)).count();
        let partial =
            |segment: &Segment| matches!(segment, Segment::Glob(parts) if parts.iter().any(|part| !part.is_empty()));
        (count(|segment| matches!(segment, Segment::Is(_))), count(partial), count(|segment| *segment != Segment::AnyNumber))
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
    fn what_names_everything_is_known() {
        for (pattern, expected) in
            [("/", true), ("/**", true), ("/**/", true), ("/*", true), ("/*/**", true), ("/**/a", false), ("/a*", false)]
        {
            assert_eq!(PathPattern::new(pattern).unwrap().is_all(), expected, "{pattern}");
        }
    }

    #[test]
    fn many_wildcards_are_no_more_work() {
        let pattern = PathPattern::new(&"/**/a".repeat(16)).unwrap();
        assert!(!pattern.covers(&"/a/b".repeat(5_000).replace("a", "c")));
        assert!(pattern.covers(&"/a".repeat(16)));
    }
}
