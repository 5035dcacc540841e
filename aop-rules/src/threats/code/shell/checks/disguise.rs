//! Commands that are written so that nobody recognises them (MITRE ATT&CK T1027.010).

use std::borrow::Cow;

use super::At;
use crate::threats::code::shell::names::is_command;
use crate::threats::code::shell::script::{Word, base_name};

pub(super) fn check(at: At<'_>) -> bool {
    let call = at.call();
    let Some(name) = call.words.first() else { return false };
    is_hidden(call.words) || is_broken_up(name) || is_guessed(name) || is_computed(name)
}

/// `cat${IFS}/etc/passwd`, `{cat,/etc/passwd}`, `w$@get`
fn is_hidden(words: &[Word<'_>]) -> bool {
    let [name, rest @ ..] = words else { return false };
    let hides = name.is_hidden || rest.first().is_some_and(|word| word.is_hidden && !word.raw.starts_with('{'));
    hides && is_command(&base_name(&name.text))
}

/// `c""url`, `w'g'et`, `c\url`, `$'\x72m'`: the name of a command, with something in it that the shell takes out.
fn is_broken_up(name: &Word<'_>) -> bool {
    if name.raw == name.text || name.raw.len() > 256 || !is_command(&base_name(&name.text)) {
        return false;
    }
    let raw = name.raw.as_bytes();
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    // `$a$b`, of variables that the script itself sets.
    let is_joined = name.raw.matches('$').take(2).count() == 2 && !name.raw.contains('/');
    let spells = is_joined || name.raw.contains("$'") && name.raw.contains('\\');
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\');
    let is_within = (1..raw.len())
        .any(|at| is_quote(raw[at]) && is_letter(raw.get(at - 1)) && raw[at + 1..].iter().any(u8::is_ascii_alphanumeric));
    // `"r"m`, but not `"$BIN"/git` nor `'my folder'/git`.
    let is_short = raw.len() < 24 && !name.text.contains([' ', '/', '$']);
    let ends_within = is_short
        && (1..raw.len())
            .any(|at| matches!(raw[at], b'"' | b'\'') && is_letter(raw.get(at - 1)) && is_letter(raw.get(at + 1)));
    let opens_within = name.text.contains('/')
        && is_within
        && !name.text.contains(' ')
        && raw.windows(2).any(|pair| matches!(pair, b"''" | b"\"\""));
    spells || (is_within && is_short) || ends_within || opens_within
}

/// `/b?n/c?t`
fn is_guessed(name: &Word<'_>) -> bool {
    !name.is_quoted
        && name.text.starts_with('/')
        && name.text.len() < 64
        && name.text.contains('?')
        && name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'?' | b'*' | b'[' | b']'))
}

/// `${PATH:0:1}bin`, `$(printf r)m`: a name that is put together.
fn is_computed(name: &Word<'_>) -> bool {
    let text: Cow<'_, str> = name.text.clone();
    let slices = text.matches("${").count() > 0
        && text.split("${").skip(1).any(|part| {
            let inside = part.split('}').next().unwrap_or_default();
            let numbers = inside.split_once(':').map(|(_, numbers)| numbers).unwrap_or_default();
            !numbers.is_empty() && numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        });
    let joins = text
        .strip_prefix("$()")
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()) && rest.len() <= 6);
    slices || joins
}
