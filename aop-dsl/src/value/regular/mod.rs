//! Regular expressions: they search, in time linear in the text.
//!
//! How large one is once it is compiled is known from its syntax ([`size`]), so that a policy is refused without compiling
//! anything, and what was accepted surely compiles.

mod size;

use std::fmt;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::TranslatorBuilder;

use super::show::quoted;
pub(crate) use size::STATES_MAX;

/// Longer expressions are refused, in bytes.
pub(crate) const TEXT_MAX: usize = 16_384;

/// How deep groups may stand inside one another.
pub(crate) const NEST_MAX: u32 = 100;

/// Why an expression is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    /// It is none.
    Syntax(Box<regex_syntax::Error>),
    /// It has so many bytes.
    TooLong(String, usize),
    /// It would have more than [`STATES_MAX`] states.
    TooLarge(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => match &**error {
                regex_syntax::Error::Parse(error) => {
                    write!(f, "{} at byte {}", error.kind(), error.span().start.offset)
                }
                regex_syntax::Error::Translate(error) => {
                    write!(f, "{} at byte {}", error.kind(), error.span().start.offset)
                }
                _ => f.write_str("this is no regular expression"),
            },
            Self::TooLong(text, bytes) => {
                write!(f, "{text} has {bytes} bytes; a regular expression may have {TEXT_MAX}")
            }
            Self::TooLarge(text) => {
                write!(f, "{text} is too large once it is compiled; use smaller counts, or [a-z] instead of \\w")
            }
        }
    }
}

/// Compiles an expression, or says what is wrong with it.
pub(crate) fn compile(text: &str) -> Result<Regex, Problem> {
    size(text)?;
    let builder = RegexBuilder::new(text).size_limit(size::BYTES_MAX).nest_limit(NEST_MAX).build();
    builder.map_err(|_| Problem::TooLarge(quoted(text)))
}

/// About how many states an expression has, and at most [`STATES_MAX`]: a letter one, `[a-z]` four, `\d` some 250, `\w` some
/// 3,400. Takes little time whatever the expression would take to compile.
pub(crate) fn size(text: &str) -> Result<usize, Problem> {
    if text.len() > TEXT_MAX {
        return Err(Problem::TooLong(quoted(text), text.len()));
    }
    let syntax = |error: regex_syntax::Error| Problem::Syntax(Box::new(error));
    let ast = ParserBuilder::new().nest_limit(NEST_MAX).build().parse(text).map_err(|error| syntax(error.into()))?;
    if size::to_read(&ast) > STATES_MAX {
        return Err(Problem::TooLarge(quoted(text)));
    }
    let hir: Hir = TranslatorBuilder::new().build().translate(text, &ast).map_err(|error| syntax(error.into()))?;
    let states = size::to_compile(&hir);
    if states > STATES_MAX { Err(Problem::TooLarge(quoted(text))) } else { Ok(states) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let check = |text: &str| size(text).map_err(|problem| problem.to_string());
        assert!(check("^C-[0-9]{8}$").is_ok());
        assert!(check(r"\w+@\w+\.com").is_ok());
        assert!(check(r"(?i)straße").is_ok());
        assert_eq!(check("a(b").unwrap_err(), "unclosed group at byte 1");
        assert_eq!(check("[a-").unwrap_err(), "unclosed character class at byte 0");
        assert_eq!(check(r"x\p{Nowhere}").unwrap_err(), "Unicode property not found at byte 1");
        assert!(check(r"(a)\1").unwrap_err().contains("backreferences"));
        assert!(check(r"(?=a)").unwrap_err().contains("look-around"));
        assert!(check(r"(((\w{50}){50}){50})").unwrap_err().contains("too large"));
        assert!(check(r"\w{1000}").unwrap_err().contains("too large"));
        assert!(check(&"(".repeat(10_000)).is_err());
        assert!(check(&"a".repeat(20_000)).unwrap_err().contains("20000 bytes"));
    }

    /// What takes long to read is refused before it is read.
    #[test]
    fn what_is_large_to_read_is_refused() {
        for part in [r"(?i)[\x00-\x{10FFFF}]", r"[\w&&\pL]", r"(?i)[\w]", r"\W", r"\p{Any}"] {
            let text = part.repeat(TEXT_MAX / part.len());
            assert!(matches!(size(&text), Err(Problem::TooLarge(_))), "{part}");
        }
        let in_one_class = format!("[{}]", r"\w".repeat(8_000));
        assert!(matches!(size(&in_one_class), Err(Problem::TooLarge(_))));
    }

    /// The largest that are accepted compile: the size that is told is no guess too low.
    #[test]
    fn what_is_accepted_compiles() {
        let parts = [
            r"\w",
            r"\W",
            r"\d",
            r"\s",
            ".",
            "[^/]",
            "[a-z]",
            "(?i)[a-z]",
            "(a|b|c|dd)",
            "(abc|bcd|cde|def)",
            r"\pL",
            "(x?)",
            "[αβγ]",
            r"\p{Han}",
            "(a?b?)",
            r"[a\x{1F600}-\x{1F64F}]",
            "(a*)",
            "straße",
            "[^a]",
        ];
        for part in parts {
            let one = size(part).unwrap();
            let count = (STATES_MAX / (one + 3)).min(20_000);
            let text = format!("(?:{part}){{{count}}}");
            // The last ones below the limit: a part takes little more than by itself.
            let Ok(states) = size(&text) else { panic!("{text} is refused") };
            assert!(states > count, "{text}");
            assert!(compile(&text).is_ok(), "{text} has {states} states and does not compile");
        }
    }
}
