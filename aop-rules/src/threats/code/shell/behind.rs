//! What stands behind the signs of a value, read so that the work stays in bounds.

use std::ops::Range;

use super::command::attack;
use super::injection::COMMAND_BYTES_MAX;

/// The attacks behind a value's signs. What stands behind one sign stands, for the most part, behind the one before it too, and
/// is not read again.
pub(super) struct Attacks<'t> {
    pub(super) text: &'t str,
    /// Read from a sign on, and nothing found.
    read: Range<usize>,
    /// So often something may still be read.
    left: usize,
}

/// So many stretches of a value are read.
const READS_MAX: usize = 24;

impl<'t> Attacks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, read: 0..0, left: READS_MAX }
    }

    /// Where an attack ends that stands behind a sign, counted from there.
    pub(super) fn at(&mut self, start: usize) -> Option<usize> {
        let end = self.text.len().min(start + COMMAND_BYTES_MAX);
        // What quotes, nests or comments may change what the rest says to who begins behind it.
        let changes = |byte: &u8| b"'\"`\\$(){}<#".contains(byte);
        let is_read = self.read.contains(&start)
            && end <= self.read.end
            && !self.text.as_bytes()[self.read.start..start].iter().any(changes);
        if is_read {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let end = self.text.floor_char_boundary(self.text.len().min(start + 2 * COMMAND_BYTES_MAX));
        let found = attack(&self.text[start..end]);
        self.read = start..end;
        found.map(|found| found.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_two_signs_is_read_once() {
        let text = format!("{}rm -rf / ", "echo a; ".repeat(100));
        let mut attacks = Attacks::new(&text);
        let found = (0..=100).find_map(|place| attacks.at(place * 8).map(|end| place * 8 + end));
        assert_eq!(found, Some(text.len() - 1));
        assert!(attacks.left > READS_MAX - 4, "{}", attacks.left);
    }

    #[test]
    fn what_a_quotation_mark_hides_is_read_again() {
        let text = "x' ; echo a'; rm -rf / ; echo '";
        let mut attacks = Attacks::new(text);
        assert_eq!(attacks.at(4), None);
        assert!(attacks.at(13).is_some());
    }
}
