//! Numbers of mobile equipment, SIM cards and their advertising ids.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::luhn;

/// Finds `IMEI`, `IMSI` and `ADVERTISING_ID`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/imei",
            severity: Severity::Warning,
            summary: "mobile device number (IMEI)",
            why: "It names a phone for life, and networks know who carries it. Fifteen digits fit the check digit one time in \
                  ten, so only a key, a label or the written form with hyphens makes them a finding.",
            source: "3GPP TS 23.003, section 6 and annex B (Luhn digit)",
            ..Rule::PII
        },
        entity: "IMEI",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99-999999-999999-9", 0.8),
                ("999999-99-999999-9", 0.8),
                ("99 999999 999999 9", 0.5),
                ("999999999999999", 0.1),
            ],
            check: is_imei,
            names: &["imei", "imei number", "device imei", "meid", "international mobile equipment identity"],
            words: &["handset", "sim", "serial", "device"],
            near: 0.4,
            named: 0.95,
        }),
        hits: &[
            "IMEI 356938035643809",
            "35-693803-564380-9",
            r#"{"imei": 356938035643809}"#,
            r#"{"device": {"imei": "35 693803 564380 9"}}"#,
        ],
        misses: &["356938035643809", "IMEI 356938035643808", "IMEI 000000000000000", r#"{"trace_id": "356938035643809"}"#],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/imsi",
            severity: Severity::Warning,
            summary: "SIM subscriber number (IMSI)",
            why: "It names a subscriber in every mobile network. It has no check digit, so only a key or a label makes it a finding.",
            source: "3GPP TS 23.003, section 2.2; ITU-T E.212 (first digit of the country code)",
            ..Rule::PII
        },
        entity: "IMSI",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("999999999999999", 0.02), ("99999999999999", 0.01)],
            check: |digits| matches!(digits.first(), Some(b'2'..=b'7')),
            names: &["imsi", "imsi number", "international mobile subscriber identity"],
            named: 0.9,
            ..Identifier::NONE
        }),
        hits: &["IMSI: 262019876543210", r#"{"imsi": "310150123456789"}"#],
        misses: &["262019876543210", "IMSI: 962019876543210", "IMSI: 26201987654"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/iccid",
            severity: Severity::Warning,
            summary: "SIM card number (ICCID)",
            why: "It names a SIM card and so its holder.",
            source: "ITU-T E.118 (89 for telecommunications, Luhn digit)",
            ..Rule::PII
        },
        entity: "ICCID",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("9999999999999999999", 0.3), ("99999999999999999999", 0.3)],
            check: is_iccid,
            names: &["iccid", "sim card number", "sim number", "sim serial", "icc id"],
            words: &["sim"],
            near: 0.6,
            named: 0.95,
        }),
        hits: &["ICCID 8949226012345678901", r#"{"iccid": "8949226012345678901"}"#],
        misses: &["8949226012345678901", "ICCID 8949226012345678902", "ICCID 7949226012345678902"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/advertising-id",
            severity: Severity::Info,
            effect: Some(Effect::Flag),
            summary: "advertising id",
            why: "Advertisers follow a person by it across apps. It is a UUID like any other, so only its key makes it a finding.",
            source: "Apple, ASIdentifierManager (IDFA); Google Play services, AdvertisingIdClient (GAID)",
            ..Rule::PII
        },
        entity: "ADVERTISING_ID",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX", 0.0)],
            check: |id| id.iter().all(u8::is_ascii_hexdigit) && id.iter().any(|byte| *byte != b'0'),
            names: &[
                "idfa",
                "gaid",
                "aaid",
                "idfv",
                "advertising id",
                "ad id google",
                "google advertising id",
                "android advertising id",
            ],
            named: 0.9,
            ..Identifier::NONE
        }),
        hits: &[
            r#"{"idfa": "6D92078A-8246-4BA4-AE5B-76104861E7DC"}"#,
            r#"{"advertisingId": "cdda802e-fb9c-47ad-9866-0794d394c912"}"#,
        ],
        misses: &[
            r#"{"run": "6D92078A-8246-4BA4-AE5B-76104861E7DC"}"#,
            r#"{"idfa": "00000000-0000-0000-0000-000000000000"}"#,
            "6D92078A-8246-4BA4-AE5B-76104861E7DC",
        ],
    },
];

/// Fifteen digits with their check digit, and a body that names the kind of device.
fn is_imei(digits: &[u8]) -> bool {
    digits.len() == 15 && digits[..8].iter().any(|digit| *digit != b'0') && luhn::is_valid_ascii(digits)
}

fn is_iccid(digits: &[u8]) -> bool {
    digits.starts_with(b"89") && luhn::is_valid_ascii(digits)
}
