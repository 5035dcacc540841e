//! Regular expressions: they search, in time linear in the text.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::show::quoted;

/// Longer expressions, and those that need more memory, are refused.
const TEXT_MAX: usize = 16_384;
const COMPILED_BYTES_MAX: usize = 4 << 20;

/// How deep groups may stand inside one another.
const NEST_MAX: u32 = 100;

/// Expressions whose estimated size is below this need not be compiled to know that they can be.
const SURELY_SMALL: usize = 2_000;

/// Compiles an expression, or says what is wrong with it.
pub(crate) fn compile(text: &str) -> Result<Regex, String> {
    parse(text)?;
    build(text)
}

/// Whether an expression compiles; quicker than to compile it.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let hir = parse(text)?;
    if estimate(&hir) < SURELY_SMALL { Ok(()) } else { build(text).map(drop) }
}

fn build(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).nest_limit(NEST_MAX).build().map_err(|_| {
        format!("{} is too large once it is compiled; use smaller counts, or [a-z] instead of \\w", quoted(text))
    })
}

fn parse(text: &str) -> Result<Hir, String> {
    if text.len() > TEXT_MAX {
        return Err(format!("{} has {} bytes; a regular expression may have {TEXT_MAX}", quoted(text), text.len()));
    }
    let parsed = regex_syntax::ParserBuilder::new().nest_limit(NEST_MAX).build().parse(text);
    parsed.map_err(|error| match error {
        regex_syntax::Error::Parse(error) => format!("{} at byte {}", error.kind(), error.span().start.offset),
        regex_syntax::Error::Translate(error) => format!("{} at byte {}", error.kind(), error.span().start.offset),
        _ => format!("{} is no regular expression", quoted(text)),
    })
}

/// About how many states it takes. As deep as groups may nest.
fn estimate(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(4),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            estimate(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => estimate(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(estimate).fold(parts.len(), usize::saturating_add)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        assert!(check("^C-[0-9]{8}$").is_ok());
        assert!(check(r"\w+@\w+\.com").is_ok());
        assert!(check(r"(?i)straße").is_ok());
        assert_eq!(check("a(b").unwrap_err(), "unclosed group at byte 1");
        assert_eq!(check("[a-").unwrap_err(), "unclosed character class at byte 0");
        assert!(check(r"(a)\1").unwrap_err().contains("backreferences"));
        assert!(check(r"(?=a)").unwrap_err().contains("look-around"));
        assert!(check(r"(((\w{50}){50}){50})").unwrap_err().contains("too large"));
        assert!(check(&"(".repeat(10_000)).is_err());
        assert!(check(&"a".repeat(20_000)).unwrap_err().contains("20000 bytes"));
    }

    #[test]
    fn what_is_surely_small_compiles() {
        for text in ["a{1999}", "[a-c]{400}", r"\w{2}", "(a|b|c){200}", r"(?:\d{3}){9}"] {
            assert!(estimate(&parse(text).unwrap()) < SURELY_SMALL || text.len() < 30, "{text}");
            assert!(build(text).is_ok(), "{text}");
        }
    }
}
