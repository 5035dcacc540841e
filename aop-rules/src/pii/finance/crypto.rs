//! Addresses of cryptocurrencies, by their check sums.

use aop_toon::{Effect, Severity};

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::verify::{base58, bech32, keccak};

/// Finds `CRYPTO`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/crypto-address",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "cryptocurrency address",
        why: "All payments of an address are public, so whoever knows its owner knows them all. The check sum leaves other \
              tokens alone; forms without one are found only where a key or a label names the currency.",
        source: "BIP 13, BIP 173 and BIP 350; EIP-55 (case of letters); XRP Ledger, address encodings; the chains' own address versions",
        ..Rule::PII
    },
    entity: "CRYPTO",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Atom(BASE58_BYTES_MIN, ADDRESS_BYTES_MAX),
            Anchor::Literal("0x"),
            Anchor::Literal("bc1"),
            Anchor::Literal("tb1"),
            Anchor::Literal("ltc1"),
            Anchor::Literal("addr1"),
            Anchor::Literal("wallet"),
            Anchor::Literal("litecoin"),
            Anchor::Literal("dogecoin"),
            Anchor::Literal("tron"),
            Anchor::Literal("xrp"),
            Anchor::Literal("ripple"),
            Anchor::Literal("solana"),
            Anchor::Literal("address"),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "send to 1VGCVNzu6qn2cM5L7QMC2SBuJy82vb6hV now",
        "3LYJT6Zb71c4JuWA9HFYpbNwCu58CPEboN",
        "bc1qe2tczyk2rw7u47kzxxee5g7ufkncdmlcpmw3pk",
        "BC1P8C37S9SQ89V55VUFFAJKFCD3XJ9M67SQ3R2ZCJKTW0H2A4VUQZWSU0FSLL",
        "ltc1q9e7jcqaf2pawye0v7k6n26y955ee8gsz0a6vsz",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xb6e11ebe3bfea5a61193966e4ebb05ebefadbc97",
        "Litecoin address: LZJobbEXLhhi8MePT9TRmL19qAcDxAK2Rb",
        r#"{"tron_address": "TXvSF4WfyvwpTEkJKPmTEr72wbgTwa6aP1"}"#,
        r#"{"wallet": "rhcYv28Z3suJgQF8hjxmDNW3kegujvH97Q"}"#,
        r#"{"sol_address": "4CNH7F5Bdcn7uJRTe4uXcu53455BYMG6W44m55NtN9YM"}"#,
    ],
    misses: &[
        "1VGCVNzu6qn2cM5L7QMC2SBuJy82vb6hW",
        "bc1qe2tczyk2rw7u47kzxxee5g7ufkncdmlcpmw3pq",
        "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x0000000000000000000000000000000000000000",
        "segfault at 0x7f3c55d0e81b94a2",
        "LZJobbEXLhhi8MePT9TRmL19qAcDxAK2Rb",
        "address 0xb6e11ebe3bfea5a61193966e4ebb05ebefadbc97aa",
        "150912345678901234567890123456",
        "9ooo/xrp/4CNH7F5Bdcn7uJRTe4uXcu53455BYMG6W44m55NtN9YM/aB4",
        "9ooo-Tron-4CNH7F5Bdcn7uJRTe4uXcu53455BYMG6W44m55NtN9YM-aB4",
    ],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "wallet",
    "wallet address",
    "walletaddress",
    "btc",
    "btc address",
    "bitcoin",
    "bitcoin address",
    "eth address",
    "ethereum address",
    "crypto address",
    "ltc address",
    "litecoin address",
    "doge address",
    "tron address",
    "trx address",
    "xrp address",
    "ripple address",
    "solana address",
    "sol address",
    "deposit address",
    "payout address",
];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    if candidate.is_keyed {
        return found(candidate, candidate.start, true);
    }
    match bytes[candidate.start] {
        b'1' | b'3' if candidate.end - candidate.start >= BASE58_BYTES_MIN => found(candidate, candidate.start, false),
        b'0' if candidate.end - candidate.start == 2 && bytes[candidate.start + 1].eq_ignore_ascii_case(&b'x') => {
            found(candidate, candidate.start, false)
        }
        byte if byte.is_ascii_digit() => None,
        // A prefix, which ends in the separator `1`.
        _ if bytes[candidate.end - 1] == b'1' => found(candidate, candidate.start, false),
        _ => {
            let start = value_start(candidate)?;
            let is_told = bytes[candidate.end..start].iter().any(|byte| !matches!(byte, b'-' | b'_' | b'/'));
            found(candidate, start, true).filter(|found| is_told || found.score > WITHOUT_SUM)
        }
    }
}

/// The score of an address without a check sum: a label must be parted from it, as a few letters of base64 are not.
const WITHOUT_SUM: f64 = 0.6;

const BASE58_BYTES_MIN: usize = 26;
const ADDRESS_BYTES_MAX: usize = 110;

/// The address that begins at a place; `is_named` where a key or a label names a currency.
fn found(candidate: &Candidate<'_>, start: usize, is_named: bool) -> Option<Match> {
    let rest = candidate.bytes().get(start..)?;
    let length = rest.iter().take(ADDRESS_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let address = &rest[..length];
    let score = match address {
        [b'0', b'x', hex @ ..] if hex.len() == 40 && hex.iter().all(u8::is_ascii_hexdigit) => ethereum(hex),
        _ if PREFIXES
            .iter()
            .any(|prefix| address.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))) =>
        {
            bech32::is_valid(address).then_some(1.0)
        }
        _ if (BASE58_BYTES_MIN..=35).contains(&length) => base58_score(address, is_named),
        // Solana's are keys of 32 bytes without a check sum.
        _ if is_named && (43..=44).contains(&length) => {
            base58::decode(address, base58::BITCOIN).is_some_and(|(_, bytes)| bytes == 32).then_some(WITHOUT_SUM)
        }
        _ => None,
    }?;
    candidate.stands_alone(start..start + length).then_some(Match { start, end: start + length, score })
}

const PREFIXES: &[&[u8]] = &[b"bc1", b"tb1", b"ltc1", b"addr1"];

/// Letters of one case carry no check sum.
fn ethereum(hex: &[u8]) -> Option<f64> {
    let (upper, lower) = (hex.iter().any(u8::is_ascii_uppercase), hex.iter().any(u8::is_ascii_lowercase));
    let is_nobodys = hex.iter().all(|byte| *byte == hex[0]);
    match (upper, lower) {
        (true, true) => keccak::has_checksum_case(hex).then_some(1.0),
        _ => (!is_nobodys).then_some(WITHOUT_SUM),
    }
}

/// Bitcoin's own versions count anywhere, the kin's where they are named.
fn base58_score(address: &[u8], is_named: bool) -> Option<f64> {
    match base58::version(address, base58::BITCOIN) {
        Some(0x00 | 0x05) => Some(1.0),
        // Litecoin, Dogecoin, Dash, Tron.
        Some(0x30 | 0x32 | 0x1E | 0x16 | 0x4C | 0x10 | 0x41) if is_named => Some(1.0),
        _ if is_named && address[0] == b'r' => (base58::version(address, base58::RIPPLE) == Some(0)).then_some(1.0),
        _ => None,
    }
}
