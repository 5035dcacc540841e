//! Tokens inside of a piece: people write `IBAN:LT60…`, `mailto:kim@mail.example`, `LT60…/EUR`, and the host of a URL says
//! whose it is.

use std::ops::Range;

use super::kind::{Canonical, behind_scheme, classify, host_in, is_account, is_date};
use super::piece::{AT, DIGIT, DOT, JOINER, LOWER, SLASH, UNDERLINE, UPPER, WIDE, has_of};
use super::{TokenKind, WORD_BYTES_MIN};

/// A part of a piece that counts as a token of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: TokenKind,
    /// Bytes of the piece.
    pub(super) place: Range<usize>,
    /// What of these bytes is compared.
    pub(super) canonical: Canonical,
}

/// The parts of a piece of this kind and canonical form.
pub(super) fn parts(bytes: &[u8], has: u16, kind: TokenKind, canonical: &Canonical, mut found: impl FnMut(Part)) {
    if has & (AT | DOT | SLASH | UNDERLINE | JOINER) == 0 {
        return;
    }
    let mut whole = |kind, place: Range<usize>| {
        found(Part { kind, canonical: Canonical::Bytes(0..place.len()), place });
    };
    let has_scheme = behind_scheme(bytes, has).is_some();
    if has_scheme || kind == TokenKind::Address {
        if let Some(host) = host_in(bytes, has).filter(|host| *canonical != Canonical::Bytes(host.clone())) {
            whole(TokenKind::Host, host);
        }
        if has_scheme {
            return;
        }
    }
    let tail = tail_of(bytes, has).filter(|_| kind != TokenKind::Address && !is_date(bytes));
    if has & DIGIT != 0 && has & (LOWER | UPPER | WIDE) != 0 {
        let mut start = 0;
        for part in bytes.split(|byte| !byte.is_ascii_alphanumeric()) {
            let place = start..start + part.len();
            start = place.end + 1;
            if is_account(part) && tail != Some(place.start) && place.len() < bytes.len() {
                whole(TokenKind::Address, place);
            }
        }
    }
    if let Some(start) = tail {
        let tail = &bytes[start..];
        let has = has_of(tail);
        let (kind, canonical) = classify(tail, has);
        let kind = match kind {
            TokenKind::Word if has & (LOWER | UPPER | WIDE) == 0 || tail.len() < WORD_BYTES_MIN => return,
            TokenKind::Word => TokenKind::WordInside,
            kind => kind,
        };
        found(Part { kind, place: start..bytes.len(), canonical });
    }
}

/// Where what stands behind the last `:` or `#` begins.
fn tail_of(bytes: &[u8], has: u16) -> Option<usize> {
    (has & JOINER != 0).then(|| bytes.iter().rposition(|byte| matches!(byte, b':' | b'#')))?.map(|at| at + 1)
}
