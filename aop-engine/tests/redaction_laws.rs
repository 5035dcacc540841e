//! Laws of redaction, for every operator and for documents with drawn values in all places.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::sync::LazyLock;

use aop_engine::rules::verify;
use aop_engine::{Document, Engine, Event, Kind, Limits, Operator, Provenance, RedactionKey, RedactionSettings, Value};
use proptest::prelude::*;

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
        let check =
            (0..10).map(|digit| format!("{body}{digit}")).find(|number| verify::luhn::is_valid(number.as_bytes())).unwrap();
        let groups: Vec<&str> = (0..4).map(|group| &check[group * 4..group * 4 + 4]).collect();
        groups.join(["", " ", "-"][form])
    })
}

fn ssn() -> impl Strategy<Value = String> {
    (100u32..666, 10u32..99, 1000u32..9999).prop_map(|(area, group, serial)| format!("{area:03}-{group:02}-{serial:04}"))
}

fn iban() -> impl Strategy<Value = String> {
    digits(18).prop_map(|account| {
        (2..99)
            .map(|check| format!("DE{check:02}{account}"))
            .find(|iban| verify::iban::has_check_digits(iban.as_bytes()))
            .unwrap()
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
    prop_oneof![card(), ssn(), iban(), email(), github()].prop_filter("it is found alone", |secret| {
        let redacted = redact(&ENGINES[0], &serde_json::to_string(&[secret]).unwrap());
        redacted.strip_prefix("[\"<").and_then(|rest| rest.strip_suffix(">\"]")).is_some_and(|entity| !entity.contains('<'))
    })
}

/// A document with a secret in it, and the secret.
fn held() -> impl Strategy<Value = (String, String)> {
    let before = prop_oneof![Just(""), Just("pay: "), Just("é 🦀 \"q\" \\ \t"), Just("see <US_SSN> and ")];
    let after = prop_oneof![Just(""), Just(" please"), Just(". \u{7}"), Just(", <EMAIL_ADDRESS> too")];
    (secret(), secret(), before, after, 0usize..7, 0usize..3).prop_map(|(secret, other, before, after, form, levels)| {
        let text = serde_json::to_string(&format!("{before}{secret}{after}")).unwrap();
        let escaped = escaped(&text, &secret);
        let mut json = match form {
            0 => format!(r#"{{ "text" : {text}, "n":1.50, "x": [null, true, {{}}] }}"#),
            1 => format!(r#"["a", {text}, {text}, {escaped}]"#),
            2 => format!(r#"{{{text}: 1, "k": {{{escaped}: [2]}}}}"#),
            3 => format!(r#"{{"text": {escaped}, "id": "7dcd6739-1c75-5aaa-8597-684e07fd0439"}}"#),
            4 => format!(
                r#"{{"both": {}, "list": [[{text}], []]}}"#,
                serde_json::to_string(&format!("{secret} and {other}")).unwrap()
            ),
            5 => {
                let mut text = format!("the value is {secret} for now");
                text.extend(std::iter::repeat_n(' ', (3 - text.len() % 3) % 3));
                format!(r#"{{"blob": "{}", "rest": 1}}"#, base64(text.as_bytes()))
            }
            _ => match secret.replace(['-', ' '], "").parse::<u64>() {
                Ok(number) => {
                    let key = if number < 1_000_000_000 { "ssn" } else { "card" };
                    format!(r#"{{"{key}": {number}, "rows": [{{"{key}": {number}}}], "text": {text}}}"#)
                }
                Err(_) => format!(r#"{{"value": {text}}}"#),
            },
        };
        for _ in 0..levels {
            json = format!(r#"{{"held": {}}}"#, serde_json::to_string(&json).unwrap());
        }
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

/// A secret as it may be written.
fn writings(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let each = |form: fn(u8) -> String| bytes.iter().copied().map(form).collect::<String>();
    let mut writings = vec![
        secret.to_owned(),
        each(|byte| format!("{byte:02x}")),
        each(|byte| format!("%{byte:02X}")),
        each(|byte| format!("\\u{byte:04x}")),
    ];
    // whole groups of three bytes, at each of the three places in a group that the secret can begin at
    for skipped in 0..3.min(bytes.len()) {
        let whole = (bytes.len() - skipped) / 3 * 3;
        writings.push(base64(&bytes[skipped..skipped + whole]));
    }
    let compact: String = secret.chars().filter(|character| character.is_alphanumeric()).collect();
    writings.push(compact);
    writings
}

fn base64(bytes: &[u8]) -> String {
    let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let sextets = |group: &[u8]| {
        let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        [18, 12, 6, 0].map(|shift| digits[(bits >> shift & 63) as usize])
    };
    bytes.chunks_exact(3).flat_map(sextets).collect()
}

/// Kinds in document order, with keys: what must stay. Numbers may have become strings or null.
fn shape(json: &str) -> Vec<(Kind, usize)> {
    let kind = |value: Value<'_>| match value.kind() {
        Kind::Number | Kind::String | Kind::Null => Kind::Null,
        kind => kind,
    };
    document(json).root().descendants().map(|value| (kind(value), value.entries().count() + value.items().count())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn nothing_of_a_secret_is_seen_again((json, secret) in held()) {
        for (engine, operator) in ENGINES.iter().zip(OPERATORS) {
            let redacted = redact(engine, &json);
            prop_assert_eq!(shape(&redacted), shape(&json), "{}", redacted);
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
