//! Where the words of a text are, without a look at each character.

/// A bit for each byte of a text: finds the words without a look at each character.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// It may be part of a token.
    token: Vec<u64>,
    /// It is a letter of the ASCII lower case.
    lower: Vec<u64>,
    /// It is part of a token and no such letter, or a backslash: a word without one is plain.
    odd: Vec<u64>,
}

impl Marks {
    pub(super) fn read(&mut self, bytes: &[u8]) {
        self.token.clear();
        self.lower.clear();
        self.odd.clear();
        let (blocks, rest) = bytes.as_chunks::<64>();
        for block in blocks {
            self.read_block(block);
        }
        let mut last = [b' '; 64];
        last[..rest.len()].copy_from_slice(rest);
        self.read_block(&last);
    }

    fn read_block(&mut self, block: &[u8; 64]) {
        // Written so that the compiler takes many bytes at a time; it says what `CLASSES` says.
        let lower: [u8; 64] = std::array::from_fn(|at| u8::from(block[at].wrapping_sub(b'a') < 26));
        let token: [u8; 64] = std::array::from_fn(|at| {
            let byte = block[at];
            let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            // `-`, `.`, `/`, the digits and `:` are neighbours.
            let joined = byte.wrapping_sub(b'-') < 14;
            let other = (byte == b'_') | (byte == b'@') | (byte == b'#') | (byte == b'+') | (byte >= 0x80);
            u8::from(letter | joined | other)
        });
        let slash: [u8; 64] = std::array::from_fn(|at| u8::from(block[at] == b'\\'));
        let (token, lower) = (bits(&token), bits(&lower));
        self.token.push(token);
        self.lower.push(lower);
        self.odd.push(token & !lower | bits(&slash));
    }

    /// The next byte at or behind one that may be part of a token.
    pub(super) fn next_of_token(&self, from: usize) -> Option<usize> {
        next(&self.token, from)
    }

    /// The next byte at or behind one that makes a word less than plain, or is a backslash.
    pub(super) fn next_odd(&self, from: usize) -> Option<usize> {
        next(&self.odd, from)
    }

    pub(super) fn is_of_token(&self, at: usize) -> bool {
        self.token.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 != 0)
    }

    /// Where the bytes of a token begin that reach to this one, at `from` or behind it.
    pub(super) fn run_start(&self, at: usize, from: usize) -> usize {
        let mut end = at;
        loop {
            let word = end / 64;
            let gaps = !self.token.get(word).copied().unwrap_or_default() & ((1 << (end % 64)) - 1);
            if gaps != 0 {
                return (word * 64 + 64 - gaps.leading_zeros() as usize).max(from);
            }
            if word * 64 <= from {
                return from;
            }
            // The whole word before it: its last bit is looked at apart, so that the mask above stays small.
            end = word * 64 - 1;
            if !self.is_of_token(end) {
                return (end + 1).max(from);
            }
        }
    }

    /// How many times bytes of a token begin between two bytes.
    pub(super) fn runs(&self, from: usize, to: usize) -> usize {
        let mut count = 0;
        let mut is_in_run = false;
        let mut at = from;
        while at < to {
            let (word, shift) = (at / 64, at % 64);
            let length = (64 - shift).min(to - at);
            let mask = if length == 64 { u64::MAX } else { (1 << length) - 1 };
            let bits = self.token.get(word).map_or(0, |bits| bits >> shift) & mask;
            count += (bits & !(bits << 1 | u64::from(is_in_run))).count_ones() as usize;
            is_in_run = bits >> (length - 1) & 1 != 0;
            at += length;
        }
        count
    }

    /// The end of a word of ASCII letters, at most the first of them a capital, that begins here; a full stop or the like may
    /// follow it.
    pub(super) fn plain_word(&self, bytes: &[u8], start: usize) -> Option<usize> {
        let (token, lower) = (self.window(&self.token, start), self.window(&self.lower, start));
        // A run of 63 or more is looked at the slow way.
        let run = (!token).trailing_zeros() as usize;
        let letters = (!(lower | 1)).trailing_zeros() as usize;
        let is_plain = letters < 63
            && (run == letters || run == letters + 1 && is_mark(bytes[start + letters]))
            && bytes[start].is_ascii_alphabetic()
            && (start == 0 || bytes[start - 1] != b'\\');
        is_plain.then_some(start + letters)
    }

    /// The 64 bits from one on.
    fn window(&self, bits: &[u64], start: usize) -> u64 {
        let (word, shift) = (start / 64, start % 64);
        let low = bits.get(word).map_or(0, |bits| bits >> shift);
        let high = bits.get(word + 1).map_or(0, |bits| bits.checked_shl(64 - shift as u32).unwrap_or(0));
        low | high
    }
}

/// The next bit that is set, at or behind one.
fn next(bits: &[u64], from: usize) -> Option<usize> {
    let mut word = from / 64;
    let mut found = bits.get(word)? & (u64::MAX << (from % 64));
    while found == 0 {
        word += 1;
        found = *bits.get(word)?;
    }
    Some(word * 64 + found.trailing_zeros() as usize)
}

/// Whether it may stand behind a word without being part of it.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b':' | b'/' | b'#' | b'+' | b'-' | b'_' | b'@')
}

/// The lowest bits of 64 bytes, as bits.
fn bits(flags: &[u8; 64]) -> u64 {
    let mut bits = 0;
    for (place, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Each flag lands in a bit of the highest byte.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (place * 8);
    }
    bits
}
