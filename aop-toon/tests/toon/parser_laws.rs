//! Laws of the parser, held against serde_json and against itself.

use aop_toon::{Document, Event, FaultKind, Kind, Limits, LiteralOffsets, Value, canonical_json};
use proptest::prelude::*;

use crate::sample::{event_json, json_text, mutated};

fn parse(bytes: &[u8]) -> Result<Document<'_>, FaultKind> {
    Document::parse(bytes, &Limits::default()).map_err(|error| error.faults()[0].kind)
}

/// Both parsers agree about a text, but for what we refuse by design.
fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
    match (parse(bytes), serde_json::from_slice::<serde_json::Value>(bytes)) {
        (Ok(document), Ok(theirs)) => same(document.root(), &theirs),
        (Err(FaultKind::DuplicateKey | FaultKind::TooDeep), Ok(_)) | (Err(_), Err(_)) => Ok(()),
        (Ok(_), Err(theirs)) => Err(TestCaseError::fail(format!("serde_json refuses what we take: {theirs}"))),
        (Err(ours), Ok(_)) => Err(TestCaseError::fail(format!("we refuse what serde_json takes: {ours:?}"))),
    }
}

fn same(ours: Value<'_>, theirs: &serde_json::Value) -> Result<(), TestCaseError> {
    match theirs {
        serde_json::Value::Null => prop_assert!(ours.is_null()),
        serde_json::Value::Bool(theirs) => prop_assert_eq!(ours.as_bool(), Some(*theirs)),
        serde_json::Value::String(theirs) => {
            let text = ours.as_str();
            prop_assert_eq!(text.as_deref(), Some(theirs.as_str()));
            let mut decoded = String::new();
            prop_assert!(ours.decode_into(&mut decoded));
            prop_assert_eq!(&decoded, theirs);
        }
        serde_json::Value::Number(theirs) => {
            let ours = ours.as_number().unwrap();
            // serde_json keeps no lexeme: what it reads as an integer we must give to the digit.
            if let Some(theirs) = theirs.as_u64() {
                prop_assert_eq!(ours.as_u64(), Some(theirs));
            } else if let Some(theirs) = theirs.as_i64() {
                prop_assert_eq!(ours.as_i64(), Some(theirs));
            } else {
                // By default serde_json may miss the nearest double by one or two places; we may not.
                let (ours, theirs) = (ours.as_f64(), theirs.as_f64().unwrap());
                prop_assert!((ours - theirs).abs() <= theirs.abs() * 1e-15, "{} is not {}", ours, theirs);
            }
        }
        serde_json::Value::Array(theirs) => {
            prop_assert_eq!(ours.items().count(), theirs.len());
            for (ours, theirs) in ours.items().zip(theirs) {
                same(ours, theirs)?;
            }
        }
        serde_json::Value::Object(theirs) => {
            prop_assert_eq!(ours.entries().count(), theirs.len());
            for (key, ours) in ours.entries() {
                let theirs = theirs.get(&*key.as_str());
                prop_assert!(theirs.is_some(), "the key {:?} is only ours", key);
                same(ours, theirs.unwrap())?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn both_parsers_agree_about_json(text in json_text()) {
        agree(text.as_bytes())?;
    }

    #[test]
    fn both_parsers_agree_about_damaged_json(bytes in mutated(json_text())) {
        agree(&bytes)?;
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        agree(&bytes)?;
        let _ = Event::parse(&bytes);
    }

    #[test]
    fn damaged_events_are_read_or_refused_with_a_place(
        bytes in mutated(json_text().prop_map(|thought| {
            event_json(1, "reasoning", &format!(r#"{{"thought":"x","plan":{thought}}}"#), r#"{"call_id":["a","b"]}"#)
        })),
    ) {
        match Event::parse(&bytes) {
            Ok(event) => {
                prop_assert_eq!(event.raw().as_bytes(), &bytes[..]);
                prop_assert_eq!(event.payload().event_type(), event.event_type());
                let _ = event.meta().call_ids().count();
            }
            Err(error) => {
                prop_assert!(!error.faults().is_empty());
                for fault in error.faults() {
                    prop_assert!(fault.offset <= bytes.len());
                    prop_assert!(fault.message.len() < 400, "too long to read: {}", fault.message);
                }
            }
        }
    }

    #[test]
    fn every_node_has_its_span_its_pointer_and_its_neighbours(text in json_text()) {
        let Ok(document) = parse(text.as_bytes()) else { return Ok(()) };
        prop_assert_eq!(document.text(), &text);
        prop_assert_eq!(document.root().raw(), text.trim_matches([' ', '\n', '\t', '\r']));
        let mut last = None;
        for value in document.root().descendants() {
            // Ids rise, and a value begins after all that came before it.
            prop_assert!(last.is_none_or(|(id, start)| id < value.id() && start < value.span().start));
            last = Some((value.id(), value.span().start));

            let named = document.pointer(&value.pointer());
            prop_assert_eq!(named.map(Value::id), Some(value.id()), "by {}", value.pointer());
            prop_assert_eq!(document.value(value.id()).raw(), &text[value.span()]);
            same(value, &serde_json::from_str(value.raw()).unwrap())?;

            let Some(parent) = value.parent() else { continue };
            prop_assert!(parent.span().start < value.span().start && value.span().end < parent.span().end);
            let own = if parent.is_array() {
                prop_assert!(value.key().is_none());
                parent.items().nth(value.index())
            } else {
                let key = value.key().unwrap();
                prop_assert_eq!(serde_json::from_str::<String>(&text[key.span()]).unwrap(), key.as_str());
                prop_assert!(key.is(&key.as_str()));
                parent.get(&key.as_str())
            };
            prop_assert_eq!(own.map(Value::id), Some(value.id()));
        }
        let owned = document.clone().into_owned();
        prop_assert_eq!(owned.root().raw(), document.root().raw());
    }

    #[test]
    fn offsets_lead_from_decoded_text_to_the_literal(text in json_text()) {
        let Ok(document) = parse(text.as_bytes()) else { return Ok(()) };
        for literal in document.root().descendants().filter(|value| value.kind() == Kind::String) {
            let (content, decoded) = (literal.content().unwrap(), literal.as_str().unwrap());
            let mut offsets = LiteralOffsets::new(content);
            let boundaries: Vec<usize> = decoded.char_indices().map(|(at, _)| at).chain([decoded.len()]).collect();
            let raw: Vec<usize> = boundaries.iter().map(|&at| offsets.raw(at)).collect();
            prop_assert_eq!((raw[0], raw[raw.len() - 1]), (0, content.len()));
            for (decoded_ends, raw_ends) in boundaries.windows(2).zip(raw.windows(2)) {
                // Each character's own piece of the literal means that character and nothing else.
                let piece: String = serde_json::from_str(&format!("\"{}\"", &content[raw_ends[0]..raw_ends[1]])).unwrap();
                prop_assert_eq!(piece, &decoded[decoded_ends[0]..decoded_ends[1]]);
            }
            for &at in &boundaries {
                prop_assert_eq!(LiteralOffsets::new(content).raw(at), raw[boundaries.binary_search(&at).unwrap()]);
            }
        }
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form(text in json_text()) {
        let Some(once) = parse(text.as_bytes()).ok().and_then(|document| canonical_json(&document).ok()) else {
            return Ok(());
        };
        let again = parse(once.as_bytes()).unwrap();
        // ECMAScript writes 1e16 as an integer, which as an input would be refused: only that may come between.
        match canonical_json(&again) {
            Ok(twice) => prop_assert_eq!(&twice, &once),
            Err(error) => prop_assert_eq!(error.faults()[0].kind, FaultKind::NotInteroperable),
        }
        // It means what the text means.
        same(again.root(), &serde_json::from_str(&text).unwrap())?;
    }
}
