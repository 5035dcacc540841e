//! Laws of redaction, for every operator and for documents with drawn values in all places.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aop_engine::rules::verify;
use aop_engine::{Document, Engine, Event, Kind, Limits, Operator, Provenance, RedactionKey, RedactionSettings};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

const OPERATORS: [Operator; 6] =
    [Operator::Replace, Operator::Mask, Operator::Remove, Operator::Hash, Operator::Token, Operator::Keep];

/// An engine for each operator, in their order.
static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let engine = |operator: Operator| {
        let redaction = RedactionSettings { default: operator.into(), ..RedactionSettings::default() };
        let key = RedactionKey::new(std::array::from_fn(|at| at as u8));
        Engine::builder().redaction(redaction).redaction_key(key).build().unwrap()
    };
    OPERATORS.into_iter().map(engine).collect()
});

fn document(json: &str) -> Document<'_> {
    Document::parse(json.as_bytes(), &Limits::default()).expect(json)
}

fn redact(engine: &Engine, json: &str) -> String {
    engine.redact(&document(json), Provenance::Agent).unwrap_or_else(|| json.to_owned())
}

fn digits(count: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(0u8..10, count).prop_map(|digits| digits.iter().map(u8::to_string).collect())
}

/// A card number of a known issuer, in one of its writings.
fn card() -> impl Strategy<Value = String> {
    (prop_oneof![Just("4"), Just("51"), Just("2221")], digits(15), 0usize..3).prop_map(|(issuer, digits, form)| {
        let body: String = issuer.chars().chain(digits.chars()).take(15).collect();
        let doubled =
            |place: usize, digit: u32| if place.is_multiple_of(2) { digit * 2 / 10 + digit * 2 % 10 } else { digit };
        let values = body.chars().map(|digit| digit.to_digit(10).unwrap());
        let sum: u32 = values.enumerate().map(|(place, digit)| doubled(place, digit)).sum();
        let number = format!("{body}{}", (10 - sum % 10) % 10);
        assert!(verify::luhn::is_valid_ascii(number.as_bytes()), "{number}");
        let groups: Vec<&str> = (0..4).map(|group| &number[group * 4..group * 4 + 4]).collect();
        groups.join(["", " ", "-"][form])
    })
}

fn ssn() -> impl Strategy<Value = String> {
    (100u32..666, 10u32..99, 1000u32..9999).prop_map(|(area, group, serial)| format!("{area:03}-{group:02}-{serial:04}"))
}

fn iban() -> impl Strategy<Value = String> {
    digits(18).prop_map(|account| {
        // ISO/IEC 7064, MOD 97-10, over the account, the country's letters as numbers, and 00.
        let digits = account.chars().chain("131400".chars()).map(|digit| digit.to_digit(10).unwrap());
        let check = 98 - digits.fold(0, |remainder, digit| (remainder * 10 + digit) % 97);
        let iban = format!("DE{check:02}{account}");
        assert!(verify::iban::has_check_digits(iban.as_bytes()), "{iban}");
        iban
    })
}

fn email() -> impl Strategy<Value = String> {
    ("[a-z]{3,8}", "[a-z]{3,8}", "[a-z]{4,9}").prop_map(|(first, last, host)| format!("{first}.{last}@{host}.org"))
}

fn github() -> impl Strategy<Value = String> {
    "[A-Za-z][0-9][A-Z][a-z][A-Za-z0-9]{26}".prop_map(|body| {
        let sum = verify::crc32::base62(verify::crc32::of(body.as_bytes()));
        format!("ghp_{body}{}", std::str::from_utf8(&sum).unwrap())
    })
}

/// What is found where it stands alone; what is found in a document is then the question. Not every number is a card that exists.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![card(), ssn(), iban(), email(), github()].prop_filter("it is found alone", |secret| entity(secret).is_some())
}

/// What a text is found as, when all of it is one thing.
fn entity(text: &str) -> Option<String> {
    let redacted = redact(&ENGINES[0], &serde_json::to_string(&[text]).unwrap());
    let entity = redacted.strip_prefix("[\"<")?.strip_suffix(">\"]")?;
    (!entity.contains('<')).then(|| entity.to_owned())
}

/// How a text is written in another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    HexLower,
    HexUpper,
    Percent,
    /// With the bytes that RFC 3986 reserves nowhere as they are.
    PercentReserved,
    Escapes,
    References,
    Base64,
    Base64Url,
}

impl Encoding {
    const ALL: [Self; 8] = [
        Self::HexLower,
        Self::HexUpper,
        Self::Percent,
        Self::PercentReserved,
        Self::Escapes,
        Self::References,
        Self::Base64,
        Self::Base64Url,
    ];

    fn encode(self, text: &str) -> String {
        let each = |form: &dyn Fn(u8) -> String| text.bytes().map(form).collect::<String>();
        match self {
            Self::HexLower => each(&|byte| format!("{byte:02x}")),
            Self::HexUpper => each(&|byte| format!("{byte:02X}")),
            Self::Percent => each(&|byte| format!("%{byte:02X}")),
            Self::PercentReserved => each(&|byte| match byte {
                b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            }),
            Self::Escapes => each(&|byte| format!("\\u{byte:04x}")),
            Self::References => each(&|byte| format!("&#{byte};")),
            Self::Base64 => base64(text.as_bytes(), ['+', '/']),
            Self::Base64Url => base64(text.as_bytes(), ['-', '_']),
        }
    }

    /// What of a text is seen where it was encoded as a part of a longer one.
    fn parts(self, text: &str) -> Vec<String> {
        match self {
            // Whole groups of three bytes, at each of the three places in a group that the text can begin at.
            Self::Base64 | Self::Base64Url => (0..3.min(text.len()))
                .map(|skipped| self.encode(&text[skipped..skipped + (text.len() - skipped) / 3 * 3]))
                .collect(),
            _ => vec![self.encode(text)],
        }
    }
}

fn encoding() -> impl Strategy<Value = Encoding> {
    proptest::sample::select(&Encoding::ALL[..])
}

/// A document in which a sentence with a secret is written in one encoding, or in two.
fn encoded() -> impl Strategy<Value = (String, String)> {
    let in_key = any::<bool>();
    (secret(), encoding(), proptest::option::of(encoding()), in_key).prop_map(|(secret, inner, outer, in_key)| {
        let said = inner.encode(&format!("the value is {secret} for now"));
        let said = outer.map_or(said.clone(), |outer| outer.encode(&said));
        let said = serde_json::to_string(&said).unwrap();
        let json =
            if in_key { format!(r#"{{"rest": 1, {said}: [2]}}"#) } else { format!(r#"{{"blob": {said}, "rest": 1}}"#) };
        (json, secret)
    })
}

/// A document with a secret in it, and the secret.
fn held() -> impl Strategy<Value = (String, String)> {
    let json = prop_oneof![2 => plain(), 1 => encoded()];
    (json, 0usize..3).prop_map(|((mut json, secret), levels)| {
        for _ in 0..levels {
            json = format!(r#"{{"held": {}}}"#, serde_json::to_string(&json).unwrap());
        }
        (json, secret)
    })
}

/// A document with a secret in it, as it is or with some of its characters as escapes.
fn plain() -> impl Strategy<Value = (String, String)> {
    let before = prop_oneof![Just(""), Just("pay: "), Just("é 🦀 \"q\" \\ \t"), Just("see <US_SSN> and ")];
    let after = prop_oneof![Just(""), Just(" please"), Just(". \u{7}"), Just(", <EMAIL_ADDRESS> too")];
    (secret(), secret(), before, after, 0usize..6).prop_map(|(secret, other, before, after, form)| {
        let text = serde_json::to_string(&format!("{before}{secret}{after}")).unwrap();
        let escaped = escaped(&text, &secret);
        let json = match form {
            0 => format!(r#"{{ "text" : {text}, "n":1.50, "x": [null, true, {{}}] }}"#),
            1 => format!(r#"["a", {text}, {text}, {escaped}]"#),
            2 => format!(r#"{{{text}: 1, "k": {{{escaped}: [2]}}}}"#),
            3 => format!(r#"{{"text": {escaped}, "id": "7dcd6739-1c75-5aaa-8597-684e07fd0439"}}"#),
            4 => format!(
                r#"{{"both": {}, "list": [[{text}], []]}}"#,
                serde_json::to_string(&format!("{secret} and {other}")).unwrap()
            ),
            _ => match secret.replace(['-', ' '], "").parse::<u64>() {
                Ok(number) => {
                    let key = if number < 1_000_000_000 { "ssn" } else { "card" };
                    format!(r#"{{"{key}": {number}, "rows": [{{"{key}": {number}}}], "text": {text}}}"#)
                }
                Err(_) => format!(r#"{{"value": {text}}}"#),
            },
        };
        (json, secret)
    })
}

/// The literal with some characters of the secret written as escapes.
fn escaped(literal: &str, secret: &str) -> String {
    let mut written = String::new();
    for (at, character) in secret.chars().enumerate() {
        if at % 3 == 1 { written.push_str(&format!("\\u{:04x}", u32::from(character))) } else { written.push(character) }
    }
    literal.replace(secret, &written)
}

/// Everything a reader of the document comes to see: its text, and each string decoded, those in strings too.
fn readings(json: &str) -> Vec<String> {
    let mut readings = vec![json.to_owned()];
    for value in document(json).root().descendants() {
        readings.extend(value.key().map(|key| key.as_str().into_owned()));
        let Some(text) = value.as_str() else { continue };
        if text.starts_with('{') && Document::parse(text.as_bytes(), &Limits::default()).is_ok() {
            readings.extend(self::readings(&text));
        }
        readings.push(text.into_owned());
    }
    readings
}

/// A secret as it may be written: as it is, and in every encoding and every encoding of an encoding.
fn writings(secret: &str) -> Vec<String> {
    let once: Vec<String> = Encoding::ALL.iter().flat_map(|encoding| encoding.parts(secret)).collect();
    let twice = Encoding::ALL.iter().flat_map(|encoding| once.iter().flat_map(|writing| encoding.parts(writing)));
    let compact: String = secret.chars().filter(|character| character.is_alphanumeric()).collect();
    let mut writings: BTreeSet<String> = twice.collect();
    writings.extend(once);
    writings.extend([secret.to_owned(), compact]);
    writings.into_iter().collect()
}

/// Base64 without padding, whose last two digits are these.
fn base64(bytes: &[u8], last: [char; 2]) -> String {
    let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(last).collect();
    let sextets = |group: &[u8]| {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let written = [18, 12, 6, 0].map(|shift| digits[(bits >> shift & 63) as usize]);
        written.into_iter().take(group.len() + 1).collect::<Vec<_>>()
    };
    bytes.chunks(3).flat_map(sextets).collect()
}

/// What must stay of each value, in document order: its kind, its key, how many entries and items it has; and that of the JSON in
/// strings.
fn shape(json: &str) -> Vec<(Kind, Option<String>, usize, usize)> {
    let mut shape = Vec::new();
    for value in document(json).root().descendants() {
        let key = value.key().map(|key| key.as_str().into_owned());
        shape.push((value.kind(), key, value.entries().count(), value.items().count()));
        if let Some(held) = value.as_str().filter(|text| text.starts_with('{')) {
            shape.extend(self::shape(&held));
        }
    }
    shape
}

/// The same values in the same places. A key may differ where one was redacted, and a number may have become a string or null.
fn check_same_shape(before: &str, after: &str) -> Result<(), TestCaseError> {
    let (sent, redacted) = (shape(before), shape(after));
    prop_assert_eq!(sent.len(), redacted.len(), "{}", after);
    for ((kind, key, entries, items), (kind_after, key_after, entries_after, items_after)) in sent.into_iter().zip(redacted)
    {
        let may_become = matches!((kind, kind_after), (Kind::Number, Kind::String | Kind::Null));
        prop_assert!(kind == kind_after || may_become, "{kind:?} became {kind_after:?} in {after}");
        prop_assert_eq!((entries, items), (entries_after, items_after), "{}", after);
        let is_plain = |key: &String| key.bytes().all(|byte| byte.is_ascii_lowercase());
        if key.as_ref().is_none_or(is_plain) {
            prop_assert_eq!(key, key_after, "{}", after);
        } else {
            prop_assert!(key_after.is_some(), "{}", after);
        }
    }
    Ok(())
}

#[test]
fn every_kind_of_secret_is_drawn() {
    const DRAWN: usize = 400;
    let mut runner = TestRunner::deterministic();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..DRAWN {
        let secret = secret().new_tree(&mut runner).unwrap().current();
        *counts.entry(entity(&secret).unwrap()).or_default() += 1;
    }
    let few = DRAWN / 10;
    for entity in ["CREDIT_CARD", "US_SSN", "IBAN_CODE", "EMAIL_ADDRESS"] {
        assert!(counts.get(entity).is_some_and(|count| *count > few), "{entity}: {counts:?}");
    }
    let tokens: usize = counts
        .iter()
        .filter(|(entity, _)| entity.contains("TOKEN") || entity.contains("SECRET"))
        .map(|(_, count)| count)
        .sum();
    assert!(tokens > few, "{counts:?}");
}

#[test]
fn a_secret_is_looked_for_in_every_writing() {
    let secret = "ann.lee@example.org";
    let all = writings(secret);
    for inner in Encoding::ALL {
        let once = inner.encode(&format!("the value is {secret} for now"));
        for said in Encoding::ALL.iter().map(|outer| outer.encode(&once)).chain([once.clone()]) {
            assert!(all.iter().any(|writing| said.contains(writing)), "{inner:?}: {said}");
        }
    }
}

#[test]
fn shapes_tell_how_values_are_nested() {
    for (one, other) in [("[[],[]]", "[[[]]]"), (r#"{"a":1}"#, r#"{"b":1}"#), ("[1]", "[[]]"), (r#"["x"]"#, "[1]")] {
        assert!(check_same_shape(one, other).is_err(), "{one} {other}");
    }
    assert!(check_same_shape(r#"{"a":[1, 2]}"#, r#"{"a":["<X>", null]}"#).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn nothing_of_a_secret_is_seen_again((json, secret) in held()) {
        for (engine, operator) in ENGINES.iter().zip(OPERATORS) {
            let redacted = redact(engine, &json);
            check_same_shape(&json, &redacted)?;
            prop_assert_eq!(redact(engine, &redacted), redacted.clone(), "redacting twice, {:?}", operator);
            if operator == Operator::Keep {
                prop_assert_eq!(&redacted, &json);
                continue;
            }
            for reading in readings(&redacted) {
                for writing in writings(&secret) {
                    prop_assert!(!reading.contains(&writing), "{operator:?}: {writing} is still in {reading}");
                }
            }
        }
    }

    #[test]
    fn tokens_go_back_to_every_byte((json, secret) in held()) {
        let engine = &ENGINES[4];
        let redacted = redact(engine, &json);
        prop_assert!(redacted != json, "{secret} is not found in {json}");
        let restored = engine.restore_tokens(&document(&redacted)).unwrap();
        prop_assert_eq!(restored.as_deref(), Some(json.as_str()), "{}", redacted);
        // a document that was redacted by another operator has no tokens
        for engine in &ENGINES[..4] {
            prop_assert_eq!(engine.restore_tokens(&document(&redact(engine, &json))).unwrap(), None);
        }
    }

    #[test]
    fn no_finding_shows_a_secret((json, secret) in held()) {
        let event = format!(
            r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"pay","params":{{"p":{json}}}}},"meta":{{}}}}"#
        );
        for engine in ENGINES.iter() {
            let verdict = engine.start_run().check(&Event::parse(event.as_bytes()).unwrap());
            let findings = serde_json::to_string(&verdict.findings).unwrap();
            prop_assert!(!verdict.findings.is_empty());
            for writing in writings(&secret) {
                prop_assert!(!findings.contains(&writing), "{writing} is in {findings}");
            }
        }
    }

    #[test]
    fn equal_values_are_joined_by_their_hashes(secret in secret()) {
        let engine = &ENGINES[3];
        let json = serde_json::to_string(&[&secret, &format!("x {secret} y"), &secret]).unwrap();
        let hashed: Vec<String> = serde_json::from_str(&redact(engine, &json)).unwrap();
        prop_assert_eq!(&hashed[0], &hashed[2]);
        prop_assert_eq!(&hashed[1], &format!("x {} y", hashed[0]));
    }
}
