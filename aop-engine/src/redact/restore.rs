//! The way back from tokens to what they stand for.

use std::ops::Range;

use aop_toon::{Document, Limits, Value};

use super::placeholder::{self, Form};
use super::redactor::Redactor;
use super::token::{self, Sealed};

/// Why a document's tokens cannot be brought back, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RestoreError {
    message: String,
    pointer: String,
    offset: usize,
}

impl RestoreError {
    fn at(document: &Document<'_>, offset: usize, what: &str) -> Self {
        let holds = |value: &Value<'_>| {
            let start = value.key().map_or(value.span().start, |key| key.span().start);
            (start..value.span().end).contains(&offset)
        };
        // Descendants come outermost first, so that the last one is the string itself.
        let pointer = document.root().descendants().filter(holds).last().map(Value::pointer).unwrap_or_default();
        let place = if pointer.is_empty() { "the document" } else { &pointer };
        Self { message: format!("at {place} (byte {offset}): {what}"), pointer, offset }
    }

    /// The JSON Pointer to the value with the token.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The token's first byte in the document's text.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// The document with its tokens replaced by what they stand for; nothing when it has none.
///
/// # Errors
/// When there is no key, or a token does not open with it.
pub(crate) fn restore(document: &Document<'_>, redactor: &Redactor) -> Result<Option<String>, RestoreError> {
    let text = document.text();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(":t:").map(|found| at + found) {
        at = found + 1;
        let Some(Written { range, entity, body }) = token_at(text, found) else { continue };
        // Whatever has the name of an entity and a `t` is a token that was damaged; other words are somebody's text.
        if !redactor.is_entity(&entity) && body.len() < token::CHARACTERS_MIN {
            continue;
        }
        let fail = |what: &str| Err(RestoreError::at(document, range.start, what));
        if redactor.keys().is_none() {
            return fail(&format!("a redaction key is needed to restore the token <{entity}:t:…>"));
        }
        let Some(Sealed { raw, is_bare }) = redactor.opened(&entity, &body) else {
            return fail(&format!("the token <{entity}:t:…> was made with another key, or it has been changed"));
        };
        let range = if is_bare { with_quotes(text, range) } else { range };
        out.push_str(&text[copied..range.start]);
        out.push_str(&raw);
        copied = range.end;
        at = range.end;
    }
    if copied == 0 {
        return Ok(None);
    }
    out.push_str(&text[copied..]);
    let limits = Limits { bytes: out.len(), depth: usize::MAX };
    let again = match Document::parse(out.as_bytes(), &limits) {
        // A token may have been put away with what stood around it. What does not open there was sent so.
        Ok(document) => restore(&document, redactor).ok().flatten(),
        Err(error) => {
            let what = format!("its tokens have been moved, and with what they stand for it is no JSON any more: {error}");
            return Err(RestoreError::at(document, 0, &what));
        }
    };
    Ok(Some(again.unwrap_or(out)))
}

/// A token as it stands in a document's text.
struct Written {
    range: Range<usize>,
    entity: String,
    body: String,
}

/// The token whose `:t:` is at `colon`. Some programs write `<` and `>` as `\u003c` and `\u003e`.
fn token_at(text: &str, colon: usize) -> Option<Written> {
    let is_name = |byte: &u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
    let is_body = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let bytes = text.as_bytes();
    // The `c` of `\u003c` is in lower case or, as `C`, the first letter of the name.
    let name_start = bytes[..colon].iter().rposition(|byte| !is_name(byte)).map_or(0, |other| other + 1);
    let body_end = colon + 3 + bytes[colon + 3..].iter().position(|byte| !is_body(byte))?;
    let before = &text[..name_start];
    let (start, name_start) = if before.ends_with('<') {
        (name_start - 1, name_start)
    } else if before.ends_with("u003c") {
        (escape_start(before, name_start - 5)?, name_start)
    } else if before.ends_with("\\u") && text[name_start..colon].starts_with("003C") {
        (escape_start(before, name_start - 1)?, name_start + 4)
    } else {
        return None;
    };
    let after = &text[body_end..];
    let end = if after.starts_with('>') {
        body_end + 1
    } else {
        let digits = after.trim_start_matches('\\');
        let is_bracket = after.starts_with('\\') && (digits.starts_with("u003e") || digits.starts_with("u003E"));
        is_bracket.then(|| text.len() - digits.len() + 5)?
    };
    let (entity, body) = (&text[name_start..colon], &text[colon + 3..body_end]);
    let plain = format!("<{entity}:t:{body}>");
    matches!(placeholder::parse(&plain)?.form, Form::Token(_)).then(|| Written {
        range: start..end,
        entity: entity.to_owned(),
        body: body.to_owned(),
    })
}

/// Where the backslashes before the `u` of an escape begin.
fn escape_start(text: &str, u: usize) -> Option<usize> {
    let start = text[..u].trim_end_matches('\\').len();
    (start < u).then_some(start)
}

/// The range with the quotes around it, however they are escaped; as it is where it is a part of a longer text.
fn with_quotes(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start].strip_suffix('"').map(|before| before.trim_end_matches('\\').len());
    let after = text[range.end..].trim_start_matches('\\').strip_prefix('"').map(|after| text.len() - after.len());
    match (before, after) {
        (Some(start), Some(end)) => start..end,
        _ => range,
    }
}
