//! Sixty-four bytes of text at a time, a bit for each: which are letters, which are digits.
//!
//! Whoever asks the same of each byte asks it of eight at once (SWAR), and then goes from one bit to the next: no step depends
//! on how long words are.

/// So many bytes are in a block.
pub(crate) const BLOCK_BYTES: usize = 64;

/// What the bytes of a block are; a bit for each, the first byte's the lowest. No bit is set for what is not ASCII.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) letters: u64,
    pub(crate) digits: u64,
    /// Of the signs that some readers ask for, whether the block may have any; [`signs`] says where.
    pub(crate) may_have_signs: bool,
    /// The same of the signs that are drawn like letters: `!`, `$`, `+`, `@`, `|`. Some others are taken for them.
    pub(crate) may_have_drawn: bool,
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

impl Block {
    /// The block that begins at an offset; blanks stand behind the text.
    #[inline]
    pub(crate) fn at(bytes: &[u8], offset: usize) -> Self {
        let rest = &bytes[offset..];
        match rest.first_chunk() {
            Some(whole) => Self::of(whole),
            None => {
                let mut padded = [b' '; BLOCK_BYTES];
                padded[..rest.len()].copy_from_slice(rest);
                Self::of(&padded)
            }
        }
    }

    #[inline]
    fn of(bytes: &[u8; BLOCK_BYTES]) -> Self {
        let (mut letters, mut digits, mut signs, mut drawn) = (0, 0, 0, 0);
        for (place, part) in bytes.chunks_exact(8).enumerate() {
            let part = u64::from_le_bytes(part.try_into().expect("a part has eight bytes"));
            let (ascii, others) = (part & !HIGH, part);
            // Sums of seven bits and a constant below 0x80 never carry into the next byte, so every flag is exact.
            let from = |value: u64, least: u8| value + LOW * u64::from(0x80 - least);
            let lower = ascii | (LOW * 0x20);
            let letter = from(lower, b'a') & !from(lower, b'z' + 1) & !others;
            let digit = from(ascii, b'0') & !from(ascii, b'9' + 1) & !others;
            letters |= gathered(letter) << (8 * place);
            digits |= gathered(digit) << (8 * place);
            signs |= !(from(ascii ^ (LOW * u64::from(b'@')), 1) & from(ascii ^ (LOW * u64::from(b'$')), 1));
            signs |= !from(ascii ^ (LOW * u64::from(b'\\')), 1);
            // `!` and `+`, which differ from control characters by that bit alone, and from `|` by more.
            drawn |= !(from(lower ^ (LOW * u64::from(b'!')), 1)
                & from(lower ^ (LOW * u64::from(b'+')), 1)
                & from(lower ^ (LOW * u64::from(b'|')), 1));
        }
        Self { letters, digits, may_have_signs: signs & HIGH != 0, may_have_drawn: (signs | drawn) & HIGH != 0 }
    }

    /// The letters and digits.
    #[inline]
    pub(crate) fn words(self) -> u64 {
        self.letters | self.digits
    }
}

/// The highest bits of eight bytes, side by side.
#[inline]
fn gathered(flags: u64) -> u64 {
    ((flags & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Which bytes of the block that begins at an offset are one of these signs.
#[cold]
pub(crate) fn signs(bytes: &[u8], offset: usize, is_sign: impl Fn(u8) -> bool) -> u64 {
    let block = bytes[offset..].iter().take(BLOCK_BYTES).enumerate();
    block.fold(0, |found, (place, &byte)| found | u64::from(is_sign(byte)) << place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_bit_says_what_its_byte_is(bytes in prop::collection::vec(any::<u8>(), 0..200), from in 0usize..150) {
            let from = from.min(bytes.len());
            let block = Block::at(&bytes, from);
            for place in 0..BLOCK_BYTES {
                let byte = bytes.get(from + place).copied().unwrap_or(b' ');
                prop_assert_eq!(block.letters >> place & 1 == 1, byte.is_ascii_alphabetic());
                prop_assert_eq!(block.digits >> place & 1 == 1, byte.is_ascii_digit());
            }
            let is_sign = |byte: u8| matches!(byte, b'@' | b'$' | b'\\');
            prop_assert!(block.may_have_signs || signs(&bytes, from, is_sign) == 0);
            prop_assert!(block.may_have_drawn || signs(&bytes, from, |byte| b"!$+@|".contains(&byte)) == 0);
        }
    }
}
