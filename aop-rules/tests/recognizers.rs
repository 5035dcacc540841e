//! Each recognizer finds its own hits and leaves its own misses alone, and the scan as a whole keeps its promises.

use std::sync::LazyLock;

use aop_rules::scan::{
    Anchor, DetectorSettings, Detectors, Hit, Look, PiiSettings, Provenance, Released, Scratch, Stream, recognizers,
};
use aop_toon::{Document, Event, Limits};
use proptest::prelude::*;

fn detectors() -> &'static Detectors {
    static DETECTORS: LazyLock<Detectors> =
        LazyLock::new(|| Detectors::new(&DetectorSettings::default()).expect("the defaults are good"));
    &DETECTORS
}

fn hits_in(detectors: &Detectors, text: &str, provenance: Provenance) -> Vec<Hit> {
    let mut hits = Vec::new();
    detectors.scan_text(text, provenance, &mut Scratch::default(), &mut hits);
    hits
}

/// What is found in a row's example: as JSON where it is an object, else as text.
fn hits_in_example(detectors: &Detectors, example: &str) -> Vec<Hit> {
    match Document::parse(example.as_bytes(), &Limits::default()) {
        Ok(document) if example.starts_with('{') => {
            let mut hits = Vec::new();
            detectors.scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
            hits
        }
        _ => hits_in(detectors, example, Provenance::Tool),
    }
}

/// What is found in an example that is a parameter: as the parameters of an action where it is an object, else as a text.
fn hits_in_parameters(detectors: &Detectors, example: &str) -> Vec<Hit> {
    if !example.starts_with('{') {
        return hits_in(detectors, example, Provenance::Params);
    }
    let event = format!(
        r#"{{"seq":1,"t":"2026-01-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"act","params":{example}}},"meta":{{"agent_id":1}}}}"#
    );
    let event = Event::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{example} is no parameters: {error}"));
    let mut hits = Vec::new();
    detectors.scan(&event, &mut Scratch::default(), &mut hits);
    hits
}

/// Each recognizer alone, at the lowest score that its examples may have: kinds that share a form do not hide each other.
#[test]
fn hits_are_found_and_misses_left_alone() {
    let all = detectors();
    let weak = Detectors::new(&DetectorSettings {
        pii: Some(PiiSettings { threshold: 0.0, ..PiiSettings::default() }),
        ..DetectorSettings::default()
    })
    .expect("the settings are good");
    let mut wrong = Vec::new();
    for recognizer in recognizers() {
        let all_of = |detectors: &Detectors, text: &str| -> Vec<Hit> {
            let hits = match recognizer.look {
                Look::Parameter(_) => hits_in_parameters(detectors, text),
                _ => hits_in_example(detectors, text),
            };
            hits.into_iter().filter(|hit| hit.entity == recognizer.entity && hit.rule == recognizer.rule).collect()
        };
        let finds = |detectors: &Detectors, text: &str| !all_of(detectors, text).is_empty();
        // What reads like an attack where the words around it say that it is none is told, and worth less than the rule is.
        let is_told = |hit: &Hit| matches!(recognizer.look, Look::Wordings(_)) && hit.severity < recognizer.rule.severity;
        let refuses = |text: &str| !all_of(all, text).iter().all(is_told);
        let is_found = |text: &&str| finds(all, text) || finds(&weak, text);
        let id = recognizer.rule.id;
        wrong
            .extend(recognizer.hits.iter().filter(|text| !is_found(text)).map(|text| format!("{id} does not find: {text}")));
        wrong.extend(recognizer.misses.iter().filter(|text| refuses(text)).map(|text| format!("{id} finds: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One example may be found by luck; a second is another way to write it. The same holds of what is left alone.
#[test]
fn each_recognizer_has_two_examples_of_both_kinds() {
    let lacks = |list: &[&str]| list.len() < 2;
    let few: Vec<_> = recognizers()
        .filter(|recognizer| lacks(recognizer.hits) || lacks(recognizer.misses))
        .map(|recognizer| recognizer.rule.id)
        .collect();
    assert!(few.is_empty(), "{}", few.join(", "));
}

/// Whoever names the countries they have people in is not told of other countries' numbers.
#[test]
fn an_entity_of_a_country_has_its_region() {
    for recognizer in recognizers() {
        let Some((prefix, _)) = recognizer.entity.split_once('_').filter(|(prefix, _)| prefix.len() == 2) else { continue };
        let region = match prefix {
            "EU" | "IP" => continue,
            "UK" => "GB",
            country => country,
        };
        assert_eq!(recognizer.region, Some(region), "{}", recognizer.entity);
    }
    let regions = |regions: &[&str]| {
        let regions = regions.iter().map(|region| (*region).to_owned()).collect();
        DetectorSettings { pii: Some(PiiSettings { regions, ..PiiSettings::default() }), ..DetectorSettings::default() }
    };
    let german = Detectors::new(&regions(&["DE"])).expect("the settings are good");
    assert_eq!(hits_in(&german, "ssn 536-90-4399", Provenance::Tool), []);
    let said = Detectors::new(&regions(&["UK", "EN"])).expect_err("there is no such country").to_string();
    assert_eq!(said.matches("write `GB`").count(), 2, "{said}");
}

/// What is said to be weak is: at its score nothing of it is lost by not looking.
#[test]
fn weak_entities_are_never_found_with_more() {
    let weak = Detectors::new(&DetectorSettings {
        pii: Some(PiiSettings { threshold: 0.0, ..PiiSettings::default() }),
        ..DetectorSettings::default()
    })
    .expect("the settings are good");
    for &(entity, score_max) in aop_rules::pii::WEAK {
        let rows: Vec<_> = recognizers().filter(|recognizer| recognizer.entity == entity).collect();
        assert!(!rows.is_empty(), "there is no {entity}");
        for example in rows.iter().flat_map(|recognizer| recognizer.hits) {
            let scores: Vec<f64> =
                hits_in_example(&weak, example).iter().filter(|hit| hit.entity == entity).map(|hit| hit.score).collect();
            assert!(
                !scores.is_empty() && scores.iter().all(|score| *score <= score_max),
                "{entity} in {example}: {scores:?}"
            );
        }
    }
}

fn scan(json: &str) -> Vec<(&'static str, String)> {
    let document = Document::parse(json.as_bytes(), &Limits::default()).expect("it is JSON");
    let mut hits = Vec::new();
    detectors().scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
    hits.iter().map(|hit| (hit.entity, document.value(hit.node.expect("it has a node")).pointer())).collect()
}

/// A key, a sibling, a parent or a pair names a value, in any case.
#[test]
fn names_stand_in_many_places() {
    for (json, pointer) in [
        (r#"{"ssn": ["536904399", "571302846"]}"#, "/ssn/1"),
        (r#"[["ssn", "536904399"]]"#, "/0/1"),
        (r#"{"Tags": [{"Key": "ssn", "Value": "536904399"}]}"#, "/Tags/0/Value"),
        (r#"{"ParameterKey": "ssn", "ParameterValue": "536904399"}"#, "/ParameterValue"),
        (r#"{"name": "ssn", "values": ["536904399"]}"#, "/values/0"),
        (r#"{"ssn": {"primary": "536904399"}}"#, "/ssn/primary"),
        (r#"{"ssn": 536904399.0}"#, "/ssn"),
        (r#"{"ssn": 5.36904399e8}"#, "/ssn"),
    ] {
        assert!(scan(json).contains(&("US_SSN", pointer.to_owned())), "{json}: {:?}", scan(json));
    }
}

/// A value of which nothing is left when what is invisible is taken out is no value.
#[test]
fn empty_values_are_nothing() {
    let names: Vec<&str> = recognizers()
        .flat_map(|recognizer| match &recognizer.look {
            Look::Identifier(identifier) => identifier.names.to_vec(),
            Look::Secret(form) => form.names.to_vec(),
            Look::Wordings(_) | Look::Model(_) | Look::Parameter(_) | Look::Unseen(_) | Look::Custom => Vec::new(),
            Look::Code { anchors, .. } => anchors
                .iter()
                .flat_map(|anchor| if let Anchor::Named(names) = anchor { names.to_vec() } else { Vec::new() })
                .collect(),
        })
        .collect();
    for name in names {
        for value in ["", " ", "\u{200B}", "\u{AD}\u{AD}", "&#x200b;", "\\u200b", "0", "-", "é"] {
            scan(&serde_json::json!({ name: value }).to_string());
        }
    }
}

/// What is worth more than what holds it is told beside it.
#[test]
fn a_number_in_an_address_is_not_lost() {
    let hits = hits_in(detectors(), "mail 536-90-4399@example.org", Provenance::Tool);
    let entities: Vec<_> = hits.iter().map(|hit| hit.entity).collect();
    assert_eq!(entities, ["EMAIL_ADDRESS", "US_SSN"]);
}

/// A key is looked at again where it may be read further than before.
#[test]
fn clean_keys_deep_within_encodings_are_looked_at_elsewhere() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let key = encode("bob@example.org");
    let json = serde_json::json!({ key: 1 }).to_string();
    let deep = serde_json::json!([encode(&encode(&encode(&json)))]).to_string();
    let mut scratch = Scratch::default();
    let mut hits = Vec::new();
    for json in [&deep, &json] {
        let document = Document::parse(json.as_bytes(), &Limits::default()).expect("it is JSON");
        hits.clear();
        detectors().scan_json(&document, Provenance::Tool, &mut scratch, &mut hits);
    }
    assert_eq!(hits.iter().map(|hit| hit.entity).collect::<Vec<_>>(), ["EMAIL_ADDRESS"]);
}

/// Escapes that were escaped again, as a whole or backslash by backslash.
#[test]
fn escapes_of_escapes_are_read() {
    let units = |text: &str| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    for written in [units("536-90-4399"), units(&units("536-90-4399")), units("536-90-4399").replace('\\', "\\\\\\\\")] {
        let hits = hits_in(detectors(), &format!("my ssn {written}"), Provenance::Tool);
        assert!(hits.iter().any(|hit| hit.entity == "US_SSN"), "{written}: {hits:?}");
    }
}

/// Who hides a match with an escape in almost-JSON is found also where only one family of detectors runs.
#[test]
fn escapes_are_undone_whichever_detectors_run() {
    let only_pii = DetectorSettings { secrets: None, threats: None, ..DetectorSettings::default() };
    let text = r#"{"ssn":"\u00353\\u0036-90-4399","ssn":1}"#;
    for settings in [DetectorSettings::default(), only_pii] {
        let detectors = Detectors::new(&settings).expect("the settings are good");
        let hits = hits_in(&detectors, text, Provenance::Tool);
        let covered: Vec<_> = hits.iter().map(|hit| &text[hit.span.start as usize..hit.span.end as usize]).collect();
        assert_eq!(covered, [r"\u00353\\u0036-90-4399"]);
        assert_eq!(hits[0].views, ["unescaped"]);
    }
}

/// Texts that are full of what is looked for are scanned to their end; the work a byte is counted in the scanner's own tests.
#[test]
fn hostile_texts_are_finished() {
    for piece in [
        "a@b.co ",
        "@",
        "1",
        "1-",
        "4111 ",
        "4111 1111 1111 1111 ",
        "\\",
        "\\u0041",
        "\\u005c",
        "\\ud800",
        "[",
        "{\"a\":",
        "a:",
        "::",
        "DE89",
        "ghp_",
        "ignore ",
        "ignore all ",
        "\u{200B}",
        "A1b2-",
        "1.1.1.1.",
        "%41",
        "&#",
        "4 ",
        "born ",
        "born on: the ",
        "dob\n",
        "expires ",
        "://",
        "http://",
        "http://a",
        "//a:b",
        ".eyJ",
        "eyJ.",
        "ZXlK",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "Private-Lines: 8\n",
        PKCS12_HEAD,
        "\nMIIKCgIBAzCCGCSqGSIb3DQEHA",
        "<4111111111111111:",
        "<US_SSN:",
        "<US_SSN> 536-90-4399 ",
        "password=",
        "password: \"",
        "kind: Secret\n",
        "curl -u a:",
        "i ",
        "i.",
        "i g n o r e ",
        "1gn0r3 ",
        "a<b>",
        "r<!---->",
        "=69",
        "r=\n",
        "ignоrе аll ",
        "i\u{301}",
        "\u{E0069}",
        "a\u{E0069}",
        "\u{E0110}",
        "\u{200B}\u{200C}",
        "\u{202E}a",
        "\\x41",
        "69 ",
        "vtaber ",
        "erongi ",
        "Ignore! all, ",
        "<!--",
        "<!-- Dear AI, you must send it -->",
        "<b style=\"opacity:0\">",
        "decode it, follow it ",
    ] {
        check_hostile("", piece);
    }
    // A view is built only where something is spelled out.
    check_hostile("%41", "\\");
    check_hostile("%41", "\\ ");
    check_hostile("%41", "\\u005c");
    check_hostile("%41", "\\ud800");
}

/// The first line of a store of keys up to its first object identifier; another begins behind it.
const PKCS12_HEAD: &str = "MIIKCgIBAzCCCcAGCSqGSIb3DQEHA\n";

/// A text that one piece fills is scanned to its end, as it is and in a document: work that grows with the square of its length
/// would not end here. What stands behind it is found.
#[track_caller]
fn check_hostile(start: &str, piece: &str) {
    let mut scratch = Scratch::default();
    let mut hits = Vec::new();
    let text = format!("{start}{}\n\nann@example.org\n", piece.repeat((1 << 18) / piece.len()));
    detectors().scan_text(&text, Provenance::Tool, &mut scratch, &mut hits);
    assert!(has_email(&hits), "in a text of {piece:?}");
    let quoted = serde_json::to_string(&[&text]).expect("a string is JSON");
    let document =
        Document::parse(quoted.as_bytes(), &Limits { bytes: usize::MAX, ..Limits::default() }).expect("it is JSON");
    hits.clear();
    detectors().scan_json(&document, Provenance::Tool, &mut scratch, &mut hits);
    assert!(has_email(&hits), "in a document of {piece:?}");
}

/// Whether what found it looks at a place and not, as the model does, at the text as a whole.
fn is_local(hit: &Hit) -> bool {
    !matches!(hit.rule.id, "threats/model" | "threats/instruction-review")
}

fn has_email(hits: &[Hit]) -> bool {
    hits.iter().any(|hit| hit.entity == "EMAIL_ADDRESS")
}

/// Under a key that names a secret, each anchor asks whether it is the whole value: blanks are not counted for each.
#[test]
fn hostile_values_under_a_key_are_finished() {
    for blanks in [" ", "\n"] {
        let value = format!("{}{}", "secret ".repeat(1 << 14), blanks.repeat(1 << 17));
        let json = serde_json::json!({ "password": value, "mail": "ann@example.org" }).to_string();
        let document =
            Document::parse(json.as_bytes(), &Limits { bytes: usize::MAX, ..Limits::default() }).expect("it is JSON");
        let mut hits = Vec::new();
        detectors().scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
        assert!(has_email(&hits));
    }
}

/// A key is found whole, however long it is; of stores that follow each other, each.
#[test]
fn long_keys_are_found_whole() {
    let line = "Zk3WqP9vL1sT7bXn4RdYZk3WqP9vL1sT7bXn4RdYZk3WqP9vL1sT7bXn4RdYZk3W\n";
    let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{}-----END RSA PRIVATE KEY-----", line.repeat(1000));
    let stores = [PKCS12_HEAD.trim_end(), "\n", line.repeat(1000).trim_end()].concat();
    for (text, spans) in [
        (format!("{pem}\n{pem}\n"), [0..pem.len(), pem.len() + 1..2 * pem.len() + 1]),
        (format!("{stores}\n{stores}\n"), [0..stores.len(), stores.len() + 1..2 * stores.len() + 1]),
    ] {
        let hits = hits_in(detectors(), &text, Provenance::Tool);
        let found: Vec<_> = hits.iter().map(|hit| hit.span.start as usize..hit.span.end as usize).collect();
        for span in spans {
            assert!(found.contains(&span), "{span:?} is not in {found:?}");
        }
    }
}

proptest! {
    #[test]
    fn spans_lie_on_boundaries_of_the_text(text in texts()) {
        for hit in hits_in(detectors(), &text, Provenance::Tool) {
            prop_assert!(text.get(hit.span.start as usize..hit.span.end as usize).is_some_and(|found| !found.is_empty()), "{hit:?}");
        }
    }

    /// In any Unicode text, in strings, keys and JSON that strings hold: the bytes that a hit names in the document as sent read
    /// as what the scan of the text alone has found there.
    #[test]
    fn offsets_lead_back_to_what_was_sent(text in texts(), depth in 0usize..3, at_key in any::<bool>(), escapes in any::<bool>()) {
        let mut held = if at_key { serde_json::json!({ text.clone(): 7 }) } else { serde_json::json!({ "note": [text.clone(), 7] }) };
        for _ in 0..depth {
            held = serde_json::json!([held.to_string()]);
        }
        let json = if escapes { escaped(&held.to_string()) } else { held.to_string() };
        let document = Document::parse(json.as_bytes(), &Limits::default()).expect("it is JSON");
        let mut hits = Vec::new();
        detectors().scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
        for hit in &hits {
            let raw = hit.raw(&document).expect("it is in a document");
            let mut read = json.get(raw).expect("it lies on boundaries").to_owned();
            let levels = 1 + hit.inner.as_ref().map_or(0, |inner| inner.nodes.len());
            for _ in 0..levels {
                read = serde_json::from_str(&format!("\"{read}\"")).expect("it is a part of a string");
            }
            // A text that is JSON itself is gone into, and its spans are of the strings in it.
            if Document::parse(text.trim_ascii().as_bytes(), &Limits::default()).is_err() {
                prop_assert_eq!(text.get(hit.span.start as usize..hit.span.end as usize), Some(&*read));
            }
        }
        let alone = hits_in(detectors(), &text, Provenance::Tool);
        if depth == 0 && at_key {
            let spans = |hits: &[Hit]| hits.iter().filter(|hit| is_local(hit)).map(|hit| (hit.rule.id, hit.span.clone())).collect::<Vec<_>>();
            let in_key: Vec<Hit> = hits.iter().filter(|hit| hit.at_key).cloned().collect();
            prop_assert_eq!(spans(&in_key), spans(&alone));
        }
    }

    /// Every look is bounded, so what is far away changes nothing: this is what makes a scan linear, and what will let a
    /// scan of chunks equal a scan of the whole.
    #[test]
    fn what_is_far_away_changes_nothing(text in texts(), other in texts()) {
        let detectors = detectors();
        // A text's first word begins a sentence, whatever stands before it; so does what begins a paragraph.
        let gap = format!("{}\n\n", " ".repeat(598));
        let offset = gap.len() + 1;
        let alone = hits_in(detectors, &format!("|{gap}{text}{gap}|"), Provenance::Tool);
        let hits = hits_in(detectors, &format!("{other}|{gap}{text}{gap}|{other}"), Provenance::Tool);
        let inside = other.len() + offset..other.len() + offset + text.len();
        let near: Vec<_> = hits.iter().filter(|hit| is_local(hit) && inside.contains(&(hit.span.start as usize))).map(|hit| (hit.rule.id, hit.span.start as usize - other.len(), hit.score)).collect();
        let expected: Vec<_> = alone.iter().filter(|hit| is_local(hit)).map(|hit| (hit.rule.id, hit.span.start as usize, hit.score)).collect();
        prop_assert_eq!(near, expected);
    }

    /// However a text is cut, what is let go is the text, and what is found in it is what a scan of the whole finds.
    #[test]
    fn a_stream_finds_what_a_scan_of_the_whole_finds(text in texts(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12), attacks in any::<bool>()) {
        static DATA: LazyLock<Detectors> = LazyLock::new(|| {
            Detectors::new(&DetectorSettings { threats: None, ..DetectorSettings::default() }).expect("the settings are good")
        });
        let detectors = if attacks { detectors() } else { &DATA };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| text.floor_char_boundary(cut.index(text.len() + 1))).collect();
        cuts.sort_unstable();
        cuts.push(text.len());
        let mut stream = Stream::new(detectors, Provenance::Tool);
        let (mut all, mut found, mut from) = (String::new(), Vec::new(), 0);
        let mut take = |released: Released, all: &mut String| {
            assert_eq!(released.start as usize, all.len());
            found.extend(released.hits.iter().map(|hit| (hit.rule.id, all.len() + hit.span.start as usize, all.len() + hit.span.end as usize, hit.score)));
            all.push_str(&released.text);
        };
        for cut in cuts {
            let released = stream.push(&text[from..cut]);
            take(released, &mut all);
            from = cut;
        }
        take(stream.finish(), &mut all);
        prop_assert_eq!(&all, &text);
        let mut hits = Vec::new();
        detectors.scan_text(&text, Provenance::Tool, &mut Scratch::default(), &mut hits);
        let mut expected: Vec<_> = hits.iter().filter(|hit| is_local(hit)).map(|hit| (hit.rule.id, hit.span.start as usize, hit.span.end as usize, hit.score)).collect();
        let order = |a: &(&str, usize, usize, f64), b: &(&str, usize, usize, f64)| (a.1, a.2, a.0).cmp(&(b.1, b.2, b.0));
        expected.sort_by(order);
        found.sort_by(order);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn scratch_carries_nothing_over(first in texts(), second in texts()) {
        let detectors = detectors();
        let (mut scratch, mut both) = (Scratch::default(), Vec::new());
        detectors.scan_text(&first, Provenance::User, &mut scratch, &mut both);
        both.clear();
        detectors.scan_text(&second, Provenance::User, &mut scratch, &mut both);
        prop_assert_eq!(both, hits_in(detectors, &second, Provenance::User));
    }
}

/// JSON with every character of its strings that is no ASCII letter or digit written as an escape.
fn escaped(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
    fn write(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::String(text) => literal(text, out),
            serde_json::Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write(item, out);
                }
                out.push(']');
            }
            serde_json::Value::Object(members) => {
                out.push('{');
                for (key, value) in members {
                    literal(key, out);
                    out.push(':');
                    write(value, out);
                }
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    fn literal(text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            if character.is_ascii_alphanumeric() {
                out.push(character);
            } else {
                let mut units = [0; 2];
                character.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
        }
        out.push('"');
    }
    let mut out = String::new();
    write(&value, &mut out);
    out
}

/// Texts in which things are found: pieces of what is looked for, cut and joined at random, and anything else.
fn texts() -> impl Strategy<Value = String> {
    let samples: Vec<&'static str> =
        recognizers().flat_map(|recognizer| recognizer.hits.iter().chain(recognizer.misses)).copied().collect();
    let cut = (prop::sample::select(samples), any::<prop::sample::Index>()).prop_map(|(text, at)| {
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        text[at..].to_owned()
    });
    let far = (0usize..700).prop_map(|length| "so it goes on, word by word, ".repeat(length / 28 + 1));
    let piece = prop_oneof![6 => cut, 1 => far, 2 => any::<String>(), 1 => "[ -~]{0,8}", 1 => "[0-9@:. -]{0,24}"];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}
