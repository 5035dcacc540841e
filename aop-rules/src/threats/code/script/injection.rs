//! Values that a page would run instead of showing.

use super::decoded::{Address, address};
use super::{breakout, markup};
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};
use crate::threats::code::source;

/// `threats/script-injection`
pub static RULE: Rule = Rule {
    id: "threats/script-injection",
    summary: "HTML or JavaScript that a page would run",
    why: "A page that shows such a value runs it, with the rights of whoever looks at it. Tags and attributes are read as \
          tolerantly as browsers read them, entities and control characters undone. Left alone: markup that only describes, \
          documents of several lines, and parameters whose key says that they hold source code or a command; what hides in \
          those is not seen.",
    source: "CWE-79, CWE-611; OWASP, Cross Site Scripting Prevention Cheat Sheet; WHATWG, HTML Standard, Tokenization",
    ..Rule::ATTACK
};

/// Finds markup and scripts in values.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "Kim<script>steal()</script>",
        "<svg/onload=steal()>",
        "<a href=\"java&#9;script:steal()\">me</a>",
        "javascript:steal()",
        "x\" onfocus=\"steal()",
        "<p style=\"width: exp/**/ression(steal())\">",
        "<meta http-equiv=refresh content=0>",
        "<iframe src=//evil.example>",
        "Kim';alert(7)//",
        "<?php system('id') ?>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hosts\">]>",
        r#"{"nickname": "<img src=x onerror=steal()>"}"#,
    ],
    misses: &[
        "<p>Dear <b>Kim</b>, see <a href=\"https://shop.example/a?b=1\">your order</a></p>",
        "a < b and b > c",
        "<p style=\"color: #333; margin: 0\">Thanks</p>",
        "Put the script on; load = 5 kg, price = 3",
        "JavaScript: The Good Parts",
        "the boys' room; alert the staff (today)",
        "<img src=\"https://cdn.example/logo.png\" alt=\"Logo\">",
        "data:image/png;base64,iVBORw0KGgo=",
        "x <- c(1, 2); y <- x",
        r#"{"command": "echo '<script src=app.js></script>' >> index.html"}"#,
    ],
}];

/// Looks at a parameter.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    let is_value = !parameter.is_key && parameter.language == Language::Undeclared && text.len() >= VALUE_BYTES_MIN;
    if !is_value || parameter.is_named_source() || parameter.is_page() || source::is_document(text) {
        return None;
    }
    let (start, end) = in_value(parameter)?;
    let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end.min(text.len())));
    (start < end).then_some(Match { start, end, score: 0.9 })
}

/// The shortest: `<?=`, which prints what follows.
const VALUE_BYTES_MIN: usize = 3;

fn in_value(parameter: &Parameter<'_>) -> Option<(usize, usize)> {
    let (text, has) = (parameter.text, parameter.bytes());
    let bytes = text.as_bytes();
    let budget = markup::Budget::default();
    for open in memchr::memchr_iter(b'<', bytes) {
        if let Some(end) = markup::tag(text, open, &budget) {
            return Some((open, end));
        }
    }
    if has.has(b':') && is_address(text) {
        return Some((0, text.len()));
    }
    // Without quotation marks only an attribute that the value begins with can break out.
    let has_quotes = has.has_any(b"\"'`");
    let may_break_out = has.has(b'=') && has_quotes || bytes.iter().take(ATTRIBUTE_BEGIN_MAX).any(|&byte| byte == b'=');
    if may_break_out && let Some(found) = breakout::of_attribute(text) {
        return Some(found);
    }
    let in_script = if has_quotes { breakout::of_script(text) } else { None };
    let as_script = || if has.has_any(b"([=") { breakout::is_obscure_script(text) } else { None };
    in_script.or_else(as_script).or_else(|| if has.has(b'+') { in_utf7(text) } else { None })
}

/// So far from a value's begin an attribute that it brings along has its sign.
const ATTRIBUTE_BEGIN_MAX: usize = 64;

/// Whether a value as a whole is an address that runs something.
fn is_address(text: &str) -> bool {
    let value = text.trim_start_matches(|sign: char| sign <= ' ' || matches!(sign, '"' | '\'' | '`'));
    let may_be = matches!(
        value.as_bytes().first(),
        Some(b'j' | b'J' | b'v' | b'V' | b'd' | b'D' | b'l' | b'L' | b'm' | b'M' | b'&' | b'f' | b'F' | 1..=31 | 0xe2)
    );
    // Behind a scheme comes code; in prose a colon is followed by a blank.
    may_be && address(value) == Address::Runs && value.contains(':') && is_run(value)
}

/// Whether what an address holds is code or a page: `javascript:x()`, not `JavaScript: The Good Parts`.
fn is_run(value: &str) -> bool {
    let behind = value.find(':').map_or("", |colon| &value[colon + 1..]);
    let is_data = value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if is_data {
        return behind.get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case("text/html")) || behind.contains('<');
    }
    behind.contains(['(', '`', '=', '[', '&', '%']) && !behind.starts_with(' ')
}

/// `+ADw-script+AD4-`: markup in an encoding that only old browsers guess.
fn in_utf7(text: &str) -> Option<(usize, usize)> {
    let start = memchr::memchr_iter(b'+', text.as_bytes()).find(|&at| text.as_bytes()[at..].starts_with(b"+ADw-"))?;
    Some((start, start + 5))
}
