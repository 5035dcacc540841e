//! Secrets that have a written form: what a row says about one, and where it is found.

use std::ops::Range;

use crate::scan::assignment::assigned_value;
use crate::scan::pattern::Pattern;
use crate::scan::prefilter::Cause;
use crate::scan::recognizer::{Candidate, Match};
use crate::secrets::placeholder::is_placeholder;

/// A secret's written form.
///
/// ```
/// use aop_rules::scan::SecretForm;
///
/// static ACME_KEY: SecretForm =
///     SecretForm { tokens: &["acme_{a32}"], names: &["acme"], values: &["{h40}"], entropy: 3.0, ..SecretForm::NONE };
/// assert_eq!((ACME_KEY.check)("acme_…"), Some(0.9));
/// ```
///
/// A form is literal text and parts in braces, each a class and a count (`20`, `20-24`, `20-`): `d` digits, `l` lower-case
/// letters, `u` upper-case letters, `L` and `U` those with digits, `a` letters and digits, `h` lower-case hexadecimal, `x`
/// hexadecimal, `n` base32, `v` `a` and `_`, `w` `v` and `-`, `k` lower-case `w`, `b` base64 without padding, `B` with it, `g`
/// base64 and base64url with padding, `r` `w` with `.` and `=`, `s` whatever is printable but blanks, quotes, `<`, `>` and `\`.
#[derive(Debug, Clone, Copy)]
pub struct SecretForm {
    /// Tokens that say what they are, such as `acme_{a32}`. Each has a literal text of three bytes or more.
    pub tokens: &'static [&'static str],
    /// Lower-case phrases that name the issuer: in a key, or left of an assignment.
    pub names: &'static [&'static str],
    /// The forms of a value that is so named; the whole of it has to match.
    pub values: &'static [&'static str],
    /// The least Shannon entropy, in bits a character, of what was drawn at random; 0 asks for none.
    pub entropy: f64,
    /// A further check of the whole token, such as a check sum: how sure it makes, or nothing when it is none.
    pub check: fn(&str) -> Option<f64>,
}

impl SecretForm {
    /// One without a form and a name, for struct update.
    pub const NONE: Self = Self { tokens: &[], names: &[], values: &[], entropy: 0.0, check: |_| Some(0.9) };
}

impl SecretForm {
    /// Decides at a place.
    pub(crate) fn verify(
        &self,
        tokens: &[Pattern],
        values: &[Pattern],
        cause: Cause,
        candidate: &Candidate<'_>,
    ) -> Option<Match> {
        let bytes = candidate.bytes();
        match cause {
            Cause::Token(number) => {
                let pattern = tokens.get(usize::from(number))?;
                self.judged(candidate, pattern, pattern.token_around(bytes, candidate.start)?)
            }
            Cause::Key => self.valued(candidate, values, candidate.start..candidate.end),
            Cause::Label => self.valued(candidate, values, assigned_value(bytes, candidate.end)?),
            Cause::Anchor | Cause::Layout(_) | Cause::Near => None,
        }
    }

    /// A value that is written as one under the issuer's name.
    fn valued(&self, candidate: &Candidate<'_>, values: &[Pattern], value: Range<usize>) -> Option<Match> {
        let pattern = values.iter().find(|pattern| pattern.is_whole(&candidate.bytes()[value.clone()]))?;
        self.judged(candidate, pattern, value)
    }

    fn judged(&self, candidate: &Candidate<'_>, pattern: &Pattern, span: Range<usize>) -> Option<Match> {
        let token = candidate.text.get(span.clone())?;
        let random = pattern.random_part(token);
        if is_placeholder(&random) || (self.entropy > 0.0 && entropy(&random) < self.entropy) {
            return None;
        }
        Some(Match { start: span.start, end: span.end, score: (self.check)(token)? })
    }
}

/// The Shannon entropy of a text's bytes, in bits a byte.
///
/// ```
/// assert_eq!(aop_rules::scan::entropy("aaaa"), 0.0);
/// assert_eq!(aop_rules::scan::entropy("abcd"), 2.0);
/// ```
pub fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = text.len() as f64;
    let share = |count: &u32| f64::from(*count) / length;
    counts.iter().filter(|count| **count > 0).map(share).map(|share| -share * share.log2()).sum::<f64>().max(0.0)
}
