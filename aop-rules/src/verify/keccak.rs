//! Keccak-256 with the padding that Ethereum has, which is not that of SHA-3, and the case of letters by EIP-55.

/// The hash of at most 135 bytes: one block.
fn hash_block(text: &[u8]) -> Option<[u8; 32]> {
    const RATE: usize = 136;
    let mut block = [0u8; RATE];
    block.get_mut(..text.len())?.copy_from_slice(text);
    *block.get_mut(text.len())? ^= 0x01;
    block[RATE - 1] ^= 0x80;
    let mut state = [0u64; 25];
    for (lane, bytes) in state.iter_mut().zip(block.chunks_exact(8)) {
        *lane = bytes.iter().rev().fold(0, |lane, &byte| lane << 8 | u64::from(byte));
    }
    permute(&mut state);
    let mut hash = [0; 32];
    for (bytes, lane) in hash.chunks_exact_mut(8).zip(state) {
        bytes.copy_from_slice(&lane.to_le_bytes());
    }
    Some(hash)
}

/// Keccak-f[1600] (FIPS 202, section 3).
fn permute(state: &mut [u64; 25]) {
    const ROTATIONS: [u32; 24] = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
    const LANES: [usize; 24] = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
    for constant in round_constants() {
        let mut columns = [0; 5];
        for (x, column) in columns.iter_mut().enumerate() {
            *column = (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]);
        }
        for (index, lane) in state.iter_mut().enumerate() {
            *lane ^= columns[(index + 4) % 5] ^ columns[(index + 1) % 5].rotate_left(1);
        }
        let mut carried = state[1];
        for (lane, rotation) in LANES.into_iter().zip(ROTATIONS) {
            carried = std::mem::replace(&mut state[lane], carried.rotate_left(rotation));
        }
        for row in state.chunks_exact_mut(5) {
            let old = [row[0], row[1], row[2], row[3], row[4]];
            for (x, lane) in row.iter_mut().enumerate() {
                *lane = old[x] ^ (!old[(x + 1) % 5] & old[(x + 2) % 5]);
            }
        }
        state[0] ^= constant;
    }
}

/// The constants of the 24 rounds, from their shift register (FIPS 202, algorithm 5).
fn round_constants() -> impl Iterator<Item = u64> {
    let mut register = 1u8;
    let mut next = move || {
        let bit = register & 1;
        register = register << 1 ^ if register & 0x80 != 0 { 0x71 } else { 0 };
        bit
    };
    (0..24).map(move |_| (0..7).fold(0, |constant, place| constant | u64::from(next()) << ((1u32 << place) - 1)))
}

/// Whether the capitals among 40 hexadecimal digits are those that EIP-55 gives the address.
///
/// ```
/// use aop_rules::verify::keccak;
///
/// assert!(keccak::has_checksum_case(b"5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
/// assert!(!keccak::has_checksum_case(b"5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
/// ```
pub fn has_checksum_case(address: &[u8]) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some(hash) = hash_block(&lower).filter(|_| address.len() == 40) else { return false };
    address.iter().enumerate().all(|(place, byte)| {
        let nibble = (hash[place / 2] >> (4 * (1 - place % 2))) & 0x0F;
        !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
    })
}
