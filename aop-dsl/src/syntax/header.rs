//! A policy's header: `policy acme.mail version "1.4.0" dsl 1;`.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::ast::{Header, Name, Span};
use super::grammar::{PolicyParser, Rule};
use super::reader::Reader;
use super::words;
use crate::diagnostic::{DiagnosticCode, shown};

/// The version of the language that this crate reads.
const LANGUAGE_VERSION: &str = "1";

/// A whole header, for the messages.
const EXAMPLE: &str = r#"policy acme.mail version "1.0.0" dsl 1;"#;

/// Reads the header with which a text begins; also comes back: the token behind it.
///
/// A header that is missing or cannot be read has no name.
pub(super) fn read(reader: &mut Reader<'_, '_, '_>) -> (Header, usize) {
    let tokens = 0..end_of_header(reader);
    let span = reader.span_of(tokens.clone());
    let unnamed = Name { text: String::new(), span: Span { start: span.start, end: span.start } };
    let mut header = Header { name: unnamed.clone(), version: unnamed, span };
    if reader.patches_have_flaw(tokens.clone()) {
        return (header, tokens.end);
    }
    let part = span;
    reader.patches.sort();
    let edits = reader.patches.edits(part).to_vec();
    let patched = super::patch::Patched::new(reader.source, part, edits);
    let mut file = PolicyParser::parse(Rule::header, &patched.text).expect("the grammar takes every text as a header");
    let file = file.next().expect("a parse has its rule as its one pair");
    let parts: Vec<Pair<'_, Rule>> = file.into_inner().filter(|part| part.as_rule() != Rule::EOI).collect();
    let place = |pair: &Pair<'_, Rule>| patched.source_span(pair.as_span().start(), pair.as_span().end());

    let wanted = [Rule::h_policy, Rule::h_name, Rule::h_version, Rule::h_text, Rule::h_dsl, Rule::h_number, Rule::semicolon];
    let wrong = wanted.iter().zip(0..).find(|(rule, at)| parts.get(*at).map(Pair::as_rule) != Some(**rule));
    if let Some((&rule, at)) = wrong {
        let found = parts.get(at).map(|part| place(part).range().start);
        let before = at.checked_sub(1).map(|last| place(&parts[last]).range().end);
        expected(reader, rule, found, before, tokens.clone());
    }
    for part in &parts[..wrong.map_or(parts.len(), |(_, at)| at)] {
        match part.as_rule() {
            Rule::h_name if header.name.text.is_empty() => header.name = name(reader, part.as_str(), place(part)),
            Rule::h_text if header.version.text.is_empty() => header.version = version(reader, part.as_str(), place(part)),
            Rule::h_number if part.as_str() != LANGUAGE_VERSION => {
                let message = format!("dsl {} is not known here; this version of AOP reads dsl 1", shown(part.as_str()));
                reader.flaw(DiagnosticCode::LanguageVersion, place(part), message);
            }
            _ => {}
        }
    }
    (header, tokens.end)
}

/// Behind the header's `;`, or where the first item begins.
fn end_of_header(reader: &mut Reader<'_, '_, '_>) -> usize {
    let first = reader.text(0);
    if reader.is_word(1) && is_header_word(first) && first != "policy" {
        let message = format!("`{}` begins no policy; did you mean `policy`?", shown(first));
        reader.mended_word(0, "policy", message);
    }
    if reader.text(0) != "policy" {
        // Something else is read as what it is, and the header is missing.
        let is_item =
            reader.starts_item(0) || matches!(first, "rule" | "schema" | "test" | "let" | "fn" | "use" | "batch" | "@");
        if is_item || first.is_empty() {
            return 0;
        }
    }
    for at in 0..reader.tokens.len() {
        if reader.text(at) == ";" {
            return at + 1;
        }
        if at > 0 && reader.text(at) != "policy" && reader.starts_item(at) {
            return at;
        }
    }
    reader.tokens.len()
}

fn is_header_word(word: &str) -> bool {
    matches!(word, "package" | "module" | "namespace") || words::nearest(word, &["policy"]).is_some()
}

/// Says what is missing at a place of the header.
fn expected(reader: &mut Reader<'_, '_, '_>, rule: Rule, found: Option<usize>, before: Option<usize>, tokens: Range<usize>) {
    let wanted = match rule {
        Rule::h_policy => "`policy`",
        Rule::h_name => "the policy's name",
        Rule::h_version => "`version`",
        Rule::h_text => "the policy's version in double quotes",
        Rule::h_dsl => "`dsl`",
        Rule::h_number => "the language's version (1)",
        _ => "`;` at the header's end",
    };
    let next = found.and_then(|found| reader.tokens.iter().find(|token| token.span.range().end > found)).copied();
    let next = next.or_else(|| reader.tokens.get(tokens.end).copied()).map(|token| token.span);
    let Some(span) = next else {
        let end = Span::new(before.unwrap_or(0), before.unwrap_or(0));
        let message = format!("the file ends where {wanted} was expected; a policy begins with `{EXAMPLE}`");
        let diagnostic = reader.flaw(DiagnosticCode::Header, end, message);
        if rule == Rule::semicolon {
            diagnostic.fix(end, ";");
        }
        return;
    };
    let written = &reader.source[span.range()];
    let message = format!("`{}` stands where {wanted} was expected; a policy begins with `{EXAMPLE}`", shown(written));
    let diagnostic = reader.flaw(DiagnosticCode::Header, span, message);
    if rule == Rule::h_name && written.starts_with('"') {
        diagnostic.fix(span, written.trim_matches('"'));
    } else if rule == Rule::semicolon
        && let Some(before) = before
    {
        diagnostic.fix(Span::new(before, before), ";");
    }
}

fn name(reader: &mut Reader<'_, '_, '_>, text: &str, span: Span) -> Name {
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_lowercase())
            && segment.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if !text.split('.').all(is_segment) {
        let message = format!(
            "`{}` is no policy's name; write words of a-z, 0-9 and _ with dots between, such as acme.mail",
            shown(text)
        );
        reader.flaw(DiagnosticCode::PackageName, span, message);
    }
    Name { text: text.to_owned(), span }
}

fn version(reader: &mut Reader<'_, '_, '_>, written: &str, span: Span) -> Name {
    let text = written.trim_matches('"');
    if !is_version(text) {
        let message = format!("{} is no version; write three numbers, such as \"1.4.0\"", shown(written));
        reader.flaw(DiagnosticCode::PackageVersion, span, message);
    }
    Name { text: text.to_owned(), span }
}

/// Whether a text is a semantic version (semver.org 2.0.0): three numbers, then perhaps `-pre.release` and `+build`.
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre_release) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    let is_number = |number: &str| {
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits && (number == "0" || !number.starts_with('0'))
    };
    let is_tag = |tag: &str| {
        tag.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    core.split('.').count() == 3 && core.split('.').all(is_number) && [build, pre_release].into_iter().flatten().all(is_tag)
}
