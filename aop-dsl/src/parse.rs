//! Text → syntax: a policy's header, or what is wrong with it.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use crate::diagnostic::{Diagnostic, DiagnosticCode};
use grammar::{PolicyParser, Rule};

/// The version of the language that this crate reads.
const LANGUAGE_VERSION: &str = "1";

/// A whole header, for the messages.
const EXAMPLE: &str = r#"policy acme.mail version "1.0.0" dsl 1;"#;

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar.pest"]
    pub(super) struct PolicyParser;
}

/// A policy's header: `policy acme.mail version "1.4.0" dsl 1;`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header<'s> {
    pub(crate) name: &'s str,
    /// Where the name stands, in bytes.
    pub(crate) name_span: Range<usize>,
    pub(crate) version: &'s str,
}

/// The header of a policy's text, or every mistake in it.
pub(crate) fn parse(source: &str) -> Result<Header<'_>, Vec<Diagnostic>> {
    if source.starts_with('\u{FEFF}') {
        let message = "the file begins with a byte order mark; save it as UTF-8 without one";
        return Err(vec![Diagnostic::new(DiagnosticCode::ByteOrderMark, message, source, 0..'\u{FEFF}'.len_utf8())]);
    }
    let mut file = PolicyParser::parse(Rule::file, source).expect("the grammar takes every text");
    let file = file.next().expect("a parse has its rule as its one pair");
    let (mut parts, mut rest) = (Vec::new(), source.len()..source.len());
    for pair in file.into_inner() {
        match pair.as_rule() {
            Rule::header => parts.extend(pair.into_inner()),
            Rule::rest => rest = span(&pair),
            _ => {}
        }
    }
    let wanted = [Rule::policy, Rule::name, Rule::version, Rule::text, Rule::dsl, Rule::number, Rule::end];
    let wrong = wanted.iter().zip(0..).find(|(rule, at)| parts.get(*at).map(Pair::as_rule) != Some(**rule));
    if let Some((&rule, at)) = wrong {
        let start = parts.get(at).map_or(rest.start, |part| span(part).start);
        let before =
            at.checked_sub(1).and_then(|last| parts.get(last)).map_or(source.trim_end().len(), |part| span(part).end);
        return Err(vec![expected(rule, source, start, before)]);
    }

    let mut diagnostics = Vec::new();
    let mut refuse = |code, message: String, span| diagnostics.push(Diagnostic::new(code, message, source, span));
    let [_, name, _, version, _, language, _] = &parts[..] else { unreachable!("each of the seven parts is there") };
    if let Some(message) = name_fault(name.as_str()) {
        refuse(DiagnosticCode::PackageName, message, span(name));
    }
    let version_text = version.as_str().trim_matches('"');
    if !is_version(version_text) {
        let message = format!("{} is no version; write three numbers, such as \"1.4.0\"", version.as_str());
        refuse(DiagnosticCode::PackageVersion, message, span(version));
    }
    if language.as_str() != LANGUAGE_VERSION {
        let message = format!("dsl {} is not known here; this version of AOP reads dsl 1", language.as_str());
        refuse(DiagnosticCode::LanguageVersion, message, span(language));
    }
    if !rest.is_empty() {
        let message = "this version reads a policy's header only; rules are not compiled yet".to_owned();
        refuse(DiagnosticCode::NotCompiledYet, message, word_at(source, rest.start));
    }
    if diagnostics.is_empty() {
        Ok(Header { name: name.as_str(), name_span: span(name), version: version_text })
    } else {
        Err(diagnostics)
    }
}

/// The diagnostic for a part of the header that does not stand at `start`; what came before it ends at `before`.
fn expected(rule: Rule, source: &str, start: usize, before: usize) -> Diagnostic {
    let wanted = match rule {
        Rule::policy => "`policy`",
        Rule::name => "the policy's name",
        Rule::version => "`version`",
        Rule::text => "the policy's version in double quotes",
        Rule::dsl => "`dsl`",
        Rule::number => "the language's version (1)",
        _ => "`;` at the header's end",
    };
    let span = word_at(source, start);
    let found: String = source[span.clone()].chars().take(40).flat_map(shown).collect();
    let message = if found.is_empty() {
        format!("the file ends where {wanted} was expected; a policy begins with `{EXAMPLE}`")
    } else {
        format!("`{found}` stands where {wanted} was expected; a policy begins with `{EXAMPLE}`")
    };
    let span = if span.is_empty() { before..before } else { span };
    Diagnostic::new(DiagnosticCode::Header, message, source, span)
}

fn shown(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default()).into_iter().flatten();
    escaped.chain((!character.is_control()).then_some(character))
}

/// The bytes from `start` to the next white space or semicolon; a semicolon is a word by itself.
fn word_at(source: &str, start: usize) -> Range<usize> {
    let rest = &source[start..];
    let length = rest.find(|character: char| character.is_whitespace() || character == ';').unwrap_or(rest.len());
    start..start + if rest.starts_with(';') { 1 } else { length }
}

fn span(pair: &Pair<'_, Rule>) -> Range<usize> {
    pair.as_span().start()..pair.as_span().end()
}

/// What is wrong with a policy's name; its rules are called `name.rule`.
fn name_fault(name: &str) -> Option<String> {
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_lowercase())
            && segment.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if name == "std" || name.starts_with("std.") {
        return Some(format!("`{name}` is taken: packages that begin with `std` come with AOP"));
    }
    (!name.split('.').all(is_segment))
        .then(|| format!("`{name}` is no policy's name; write words of a-z, 0-9 and _ with dots between, such as acme.mail"))
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
