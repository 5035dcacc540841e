//! What a `$` begins: substitutions, arithmetic, and variables, of which those are filled in that the text itself sets.

use super::{Closes, DEPTH_MAX, FILLED_IN_BYTES_MAX, Reader};
use crate::threats::code::shell::script::Place;

/// A parameter expansion is no longer than this.
const EXPANSION_BYTES_MAX: usize = 256;

impl Reader<'_> {
    pub(super) fn dollar(&mut self) {
        let in_quotes = self.frame().in_quotes;
        match self.peek(1) {
            Some(b'(') if self.peek(2) == Some(b'(') && self.arithmetic().is_some() => {
                let end = self.arithmetic().unwrap_or(self.at + 1);
                self.literal(end - self.at);
            }
            Some(b'(') if self.frames.len() < DEPTH_MAX => self.open(Closes::Parenthesis, Place::Substitution, 2),
            Some(b'{') => {
                let window = &self.bytes[self.at..self.bytes.len().min(self.at + EXPANSION_BYTES_MAX)];
                let length = memchr::memchr(b'}', window).map_or(1, |close| close + 1);
                let inside = self.text.get(self.at + 2..(self.at + length).saturating_sub(1)).unwrap_or_default();
                self.expansion(inside, length);
            }
            Some(b'\'') if !in_quotes => self.ansi_quotes(),
            Some(b'"') if !in_quotes => self.at += 1,
            Some(next) if next.is_ascii_alphabetic() || next == b'_' => {
                let rest = &self.bytes[self.at + 1..];
                let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let length = rest.iter().take(EXPANSION_BYTES_MAX).take_while(is_name).count();
                let name = &self.text[self.at + 1..self.at + 1 + length];
                self.expansion(name, length + 1);
            }
            // What a command was called with is nothing, mostly.
            Some(b'@' | b'*' | b'1'..=b'9') if !in_quotes && self.is_between_letters(2) => {
                self.draft().is_hidden = true;
                self.at += 2;
            }
            _ => self.literal(1),
        }
    }

    fn is_between_letters(&mut self, ahead: usize) -> bool {
        let is_after =
            self.frame().word.as_ref().is_some_and(|word| word.text.ends_with(|last: char| last.is_alphanumeric()));
        is_after && self.peek(ahead).is_some_and(|byte| byte.is_ascii_alphanumeric())
    }

    /// The byte behind `$((…))`.
    fn arithmetic(&self) -> Option<usize> {
        let window = &self.bytes[self.at..self.bytes.len().min(self.at + EXPANSION_BYTES_MAX)];
        let mut depth = 0_usize;
        for (index, byte) in window.iter().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        // `$( (a) | (b) )` is none.
                        return (window.get(index - 1) == Some(&b')')).then_some(self.at + index + 1);
                    }
                }
                b'\n' => return None,
                _ => {}
            }
        }
        None
    }

    /// `$NAME` or `${…}`, which is so long.
    fn expansion(&mut self, inside: &str, length: usize) {
        let in_quotes = self.frame().in_quotes;
        let is_blank = !in_quotes && (inside == "IFS" || inside.starts_with("IFS:") || inside.starts_with("IFS%"));
        if is_blank {
            let follows = self.frame().word.is_some();
            if follows {
                self.draft().is_hidden = true;
                self.end_word();
            }
            self.at += length;
            if self.peek(0) == Some(b'$') && self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 2;
            }
            if follows && self.peek(0).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                self.draft().is_hidden = true;
            }
            return;
        }
        let value = self.variables.iter().rev().find(|(name, _)| *name == inside).map(|(_, value)| value.clone());
        match value.filter(|value| self.filled_in + value.len() <= FILLED_IN_BYTES_MAX) {
            Some(value) => {
                self.filled_in += value.len();
                // Not in quotes, a value is as many words as it has.
                let mut words = value.split(|character: char| !in_quotes && character.is_ascii_whitespace());
                if let Some(first) = words.next() {
                    self.draft().text.push_str(first);
                }
                for word in words {
                    self.end_word();
                    self.draft().text.push_str(word);
                }
                self.draft();
                self.at += length;
            }
            None => self.literal(length),
        }
    }
}
