//! Which bytes a text has: what a look needs before it reads a text at all.

use std::fmt;

/// The bytes that are in a text, whatever their order and number.
#[derive(Clone, Copy)]
pub struct Bytes([bool; 256]);

impl Bytes {
    /// Those of a text, in one pass.
    pub fn of(text: &str) -> Self {
        let mut has = [false; 256];
        text.bytes().for_each(|byte| has[usize::from(byte)] = true);
        Self(has)
    }

    /// Whether the text has this byte.
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// Whether it has any of these.
    pub fn has_any(&self, bytes: &[u8]) -> bool {
        bytes.iter().any(|&byte| self.has(byte))
    }

    /// Whether it has all of these.
    pub fn has_all(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|&byte| self.has(byte))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries((0..=u8::MAX).filter(|&byte| self.has(byte)).map(char::from)).finish()
    }
}
