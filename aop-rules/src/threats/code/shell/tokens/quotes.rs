//! What takes a character's meaning away from it: quotes, backslashes and the escapes of `$'…'`.

use super::Reader;

impl Reader<'_> {
    pub(super) fn single_quotes(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        match memchr::memchr(b'\'', rest).filter(|_| self.has_single) {
            Some(length) => {
                let draft = self.draft();
                draft.is_quoted = true;
                self.at += 1;
                self.literal(length);
                self.at += 1;
            }
            // An apostrophe.
            None => {
                self.has_single = false;
                self.literal(1);
            }
        }
    }

    pub(super) fn double_quotes(&mut self) {
        if self.has_double && memchr::memchr(b'"', &self.bytes[self.at + 1..]).is_some() {
            self.draft().is_quoted = true;
            self.frame().in_quotes = true;
            self.at += 1;
        } else {
            self.has_double = false;
            self.literal(1);
        }
    }

    pub(super) fn backslash(&mut self) {
        if self.peek(1) == Some(b'\n') {
            self.at += 2;
            return;
        }
        // In a path of Windows it parts folders.
        let is_path = self.frame().word.as_ref().is_some_and(|word| {
            word.text.contains('\\') || matches!(word.text.as_bytes(), [_, b':'] | [b'.'] | [b'.', b'.'])
        });
        if !is_path {
            self.draft();
            self.at += 1;
        }
        if self.at < self.bytes.len() {
            self.literal(1);
        }
    }

    pub(super) fn ansi_quotes(&mut self) {
        self.draft().is_quoted = true;
        self.at += 2;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\'' => {
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    let (character, length) = ansi_escape(&self.bytes[self.at..]);
                    match character {
                        Some(character) => {
                            self.draft().text.push(character);
                            self.at += length;
                        }
                        None => self.literal(1),
                    }
                }
                _ => {
                    let rest = &self.bytes[self.at..];
                    let length = rest.iter().take_while(|&&byte| !matches!(byte, b'\'' | b'\\')).count();
                    self.literal(length);
                }
            }
        }
    }
}

/// What an escape of `$'…'` stands for, and how long it is.
fn ansi_escape(bytes: &[u8]) -> (Option<char>, usize) {
    let digits = |from: usize, radix: u32, most: usize| {
        let count =
            bytes[from.min(bytes.len())..].iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let text = std::str::from_utf8(&bytes[from.min(bytes.len())..from.min(bytes.len()) + count]).unwrap_or_default();
        (u32::from_str_radix(text, radix).ok().and_then(char::from_u32), from + count)
    };
    match bytes.get(1) {
        Some(b'x') => digits(2, 16, 2),
        Some(b'u') => digits(2, 16, 4),
        Some(b'U') => digits(2, 16, 8),
        Some(b'0'..=b'7') => digits(1, 8, 3),
        Some(b'n') => (Some('\n'), 2),
        Some(b't') => (Some('\t'), 2),
        Some(b'e' | b'E') => (Some('\x1b'), 2),
        Some(&byte) if byte.is_ascii() => (Some(char::from(byte)), 2),
        _ => (None, 1),
    }
}
