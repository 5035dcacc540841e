//! What a company adds and leaves out: its own recognizers, its model, and allow-lists.

use aop_rules::scan::site::Site;
use aop_rules::scan::{
    Checksum, Code, CustomRecognizer, DetectorSettings, Detectors, Hit, Match, Ml, Model, PiiSettings, Provenance,
    Recognize, Scratch, SecretSettings, Stream,
};
use aop_toon::{Document, Effect, Event, Limits, Severity};

fn detectors_of(pii: PiiSettings) -> Detectors {
    let settings = DetectorSettings { pii: Some(pii), threats: None, ..DetectorSettings::default() };
    Detectors::new(&settings).unwrap_or_else(|error| panic!("{error}"))
}

fn staff_number() -> CustomRecognizer {
    CustomRecognizer {
        keywords: vec!["staff".into(), "Personal-Nr".into()],
        names: vec!["staffNumber".into()],
        checksum: Some(Checksum::Luhn),
        ..CustomRecognizer::new("ACME_STAFF_NUMBER", r"\b[0-9]{6}\b")
    }
}

fn of(recognizer: CustomRecognizer) -> Detectors {
    detectors_of(PiiSettings { recognizers: vec![recognizer], ..PiiSettings::default() })
}

fn in_text(detectors: &Detectors, text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    detectors.scan_text(text, Provenance::Tool, &mut Scratch::default(), &mut hits);
    hits
}

fn in_json(detectors: &Detectors, json: &str) -> Vec<Hit> {
    let document = Document::parse(json.as_bytes(), &Limits::default()).expect("it is JSON");
    let mut hits = Vec::new();
    detectors.scan_json(&document, Provenance::Tool, &mut Scratch::default(), &mut hits);
    hits
}

/// What is found in a text, as it stands there, with its score.
#[track_caller]
fn check(detectors: &Detectors, text: &str, expected: &[(&str, f64)]) {
    let hits = in_text(detectors, text);
    let found: Vec<_> = hits.iter().map(|hit| (&text[hit.span.start as usize..hit.span.end as usize], hit.score)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_pattern_needs_its_keyword_or_its_name() {
    let detectors = of(staff_number());
    check(&detectors, "staff 100008 and STAFF: 100016", &[("100008", 0.8), ("100016", 0.8)]);
    check(&detectors, "staffing 100008, falsestaff 100008", &[]);
    check(&detectors, "Personal Nr. 100008", &[("100008", 0.8)]);
    check(&detectors, "the staff number is 100008", &[("100008", 0.95)]);
    check(&detectors, "staff 100009", &[]);
    check(&detectors, &format!("staff {} 100008", "x ".repeat(60)), &[]);
    let found = |json: &str| in_json(&detectors, json).iter().map(|hit| (hit.entity, hit.score)).collect::<Vec<_>>();
    assert_eq!(found(r#"{"staff_number": 100008}"#), [("ACME_STAFF_NUMBER", 0.95)]);
    assert_eq!(found(r#"{"name": "staffNumber", "value": "100008"}"#), [("ACME_STAFF_NUMBER", 0.95)]);
    assert_eq!(found(r#"{"order": 100008, "note": "100008"}"#), []);
}

#[test]
fn a_pattern_without_either_is_enough() {
    let detectors = of(CustomRecognizer::new("ACME_BADGE", r"\bB[0-9]{3}\b"));
    check(&detectors, "B123", &[("B123", 0.8)]);
    assert_eq!(in_json(&detectors, r#"{"a": "B123", "B124": "B12", "c": [{"d": "xB123"}]}"#).len(), 2);
    let number = of(CustomRecognizer::new("ACME_ROOM", "^[0-9]{3}$"));
    assert_eq!(in_json(&number, r#"{"a": 123, "b": 1234, "c": "321"}"#).len(), 2);
}

#[test]
fn the_group_is_what_counts() {
    let detectors = of(CustomRecognizer {
        checksum: Some(Checksum::Mod97And10),
        ..CustomRecognizer::new("ACME_REF", r"ref (?<value>[0-9]{5})(?: by [a-z]{1,20})?")
    });
    check(&detectors, "ref 79444 by bob, ref 79445", &[("79444", 0.8)]);
}

#[test]
fn ids_and_hashes_are_not_broken() {
    let detectors = of(CustomRecognizer::new("ACME_TWELVE", r"\b[0-9a-f]{12}\b"));
    check(&detectors, "8b21d60e-7704-4f3a-b916-e5093ca27d48 and e5093ca27d48", &[("e5093ca27d48", 0.8)]);
    let whole = of(CustomRecognizer::new("ACME_KEY", r"\bacme-[0-9a-f]{32}\b"));
    check(&whole, "x=acme-7d20e9c41fb35a8860ce1b97d4a2f053", &[("acme-7d20e9c41fb35a8860ce1b97d4a2f053", 0.8)]);
}

#[test]
fn disguises_are_seen_through() {
    let detectors = of(staff_number());
    let views = |text: &str| in_text(&detectors, text).iter().map(|hit| hit.views.clone()).collect::<Vec<_>>();
    assert_eq!(views("staff １０0008"), [["normalised"]]);
    assert_eq!(views("staff 1000%308"), [["percent"]]);
    assert_eq!(views("c3RhZmYgbnVtYmVyIDEwMDAwOCBoYXMgbGVmdCB1cw=="), [["base64"]]);
    let held = in_json(&detectors, r#"{"body": "{\"staff_number\": \"100008\"}"}"#);
    assert_eq!(held[0].inner.as_ref().expect("it is inside of a string").pointers, ["/staff_number"]);
}

#[test]
fn settings_of_entities_hold_for_own_ones() {
    let with = |entities: &str| {
        let mut pii: PiiSettings = serde_json::from_str(entities).expect("the settings are JSON");
        pii.recognizers = vec![staff_number()];
        in_text(&detectors_of(pii), "staff 100008")
    };
    assert_eq!(with("{}")[0].effect, Some(Effect::Redact));
    assert_eq!(with(r#"{"entities": {"ACME_STAFF_NUMBER": {"effect": "deny"}}}"#)[0].effect, Some(Effect::Deny));
    assert!(with(r#"{"entities": {"ACME_STAFF_NUMBER": {"enabled": false}}}"#).is_empty());
    assert!(with(r#"{"entities": {"ACME_STAFF_NUMBER": {"threshold": 0.9}}}"#).is_empty());
    assert!(with(r#"{"threshold": 0.9, "entities": {"ACME_STAFF_NUMBER": {"threshold": 0.7}}}"#).len() == 1);
    assert!(with(r#"{"allow": ["100008"]}"#).is_empty());
    assert!(with(r#"{"regions": ["DE"]}"#).len() == 1);
}

#[test]
fn its_finding_names_its_rule() {
    let recognizer = CustomRecognizer {
        severity: Severity::Warning,
        effect: Effect::Flag,
        summary: Some("number of one of our people".into()),
        ..staff_number()
    };
    let event = Event::parse(
        br#"{"seq":4,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
        "payload":{"action":"send","params":{"staff_number":"100008"}},"meta":{}}"#,
    )
    .expect("it is an event");
    let mut hits = Vec::new();
    of(recognizer).scan(&event, &mut Scratch::default(), &mut hits);
    let finding = hits[0].finding(event.document(), Some(4));
    assert_eq!(
        (&*finding.rule, finding.severity, finding.effect),
        ("custom/acme-staff-number", Severity::Warning, Effect::Flag)
    );
    assert_eq!(finding.message, "number of one of our people in an action's parameters");
    assert_eq!(finding.path.as_deref(), Some("/payload/params/staff_number"));
}

#[test]
fn equal_settings_share_their_rules() {
    let rule = || in_text(&of(staff_number()), "staff 100008")[0].rule;
    assert!(std::ptr::eq(rule(), rule()));
}

#[test]
fn settings_are_written_as_they_are_read() {
    let pii = PiiSettings { recognizers: vec![staff_number()], ..PiiSettings::default() };
    let written = serde_json::to_string(&pii).expect("settings are JSON");
    assert_eq!(serde_json::from_str::<PiiSettings>(&written).expect("it was written so"), pii);
}

/// However a text is cut, a company's recognizer finds in its pieces what it finds in the whole.
#[test]
fn a_stream_is_scanned_as_the_whole() {
    let detectors = of(CustomRecognizer::new("ACME_CASE", r"\bcase [a-z]{8,200} [a-z]{3}\b"));
    let text = format!("{} case {} abc. {}", "so it went ".repeat(120), "z".repeat(200), "and on ".repeat(150));
    let whole: Vec<_> = in_text(&detectors, &text).iter().map(|hit| u64::from(hit.span.start)).collect();
    assert_eq!(whole.len(), 1);
    for size in [1, 7, 64, 1000] {
        let mut stream = Stream::new(&detectors, Provenance::Tool);
        let mut found = Vec::new();
        let mut pieces: Vec<_> =
            text.as_bytes().chunks(size).map(|piece| stream.push(std::str::from_utf8(piece).unwrap())).collect();
        pieces.push(stream.finish());
        for piece in &pieces {
            found.extend(piece.hits.iter().map(|hit| piece.start + u64::from(hit.span.start)));
        }
        assert_eq!(found, whole, "pieces of {size}");
    }
}

/// Finds what it is told to, where it is told to.
struct Told(Vec<Match>);

impl Recognize for Told {
    fn entity(&self) -> &str {
        "TOLD"
    }

    fn scan(&self, _text: &str, _site: &Site<'_>, found: &mut Vec<Match>) {
        found.extend(self.0.iter().copied());
    }

    fn effect(&self) -> Option<Effect> {
        None
    }
}

#[test]
fn code_that_is_wrong_harms_nobody() {
    let wrong = [(0, 99, 0.9), (3, 2, 0.9), (1, 1, 0.9), (0, 1, 0.9), (0, 2, f64::NAN), (0, 2, 7.0), (0, 2, 0.6)];
    let told = Told(wrong.map(|(start, end, score)| Match { start, end, score }).to_vec());
    let detectors = detectors_of(PiiSettings { code: vec![Code::new(told)], ..PiiSettings::default() });
    check(&detectors, "ä b c", &[("ä", 0.6)]);
    assert_eq!(in_text(&detectors, "ä")[0].effect, None);
    assert_eq!(detectors.own_entities().collect::<Vec<_>>(), ["TOLD"]);
}

/// Recognizes people by a list of names; what it is shown is at most so long.
struct Names(usize);

impl Model for Names {
    fn entities(&self) -> &[&str] {
        &["PERSON", "PLACE"]
    }

    fn text_bytes_max(&self) -> usize {
        self.0
    }

    fn scan(&self, text: &str, found: &mut dyn FnMut(&str, Match)) {
        assert!(text.len() <= self.0);
        for (name, entity) in [("Grace Hopper", "PERSON"), ("Arlington", "PLACE"), ("Cobol", "LANGUAGE")] {
            let at = |(start, _)| Match { start, end: start + name.len(), score: 0.7 };
            text.match_indices(name).map(at).for_each(|at| found(entity, at));
        }
    }
}

#[test]
fn a_model_sees_every_part_of_a_long_text() {
    let detectors = detectors_of(PiiSettings { ml: Some(Ml::new(Names(64))), ..PiiSettings::default() });
    for gap in 0..80 {
        let text = format!("{}Grace Hopper wrote Cobol, and lies in Arlington{}", "o ".repeat(gap), " o".repeat(gap));
        let found: Vec<_> = in_text(&detectors, &text).iter().map(|hit| (hit.rule.id, hit.entity)).collect();
        assert_eq!(found, [("custom/ml-person", "PERSON"), ("custom/ml-place", "PLACE")], "{gap}");
    }
    let quiet: PiiSettings = PiiSettings {
        ml: Some(Ml::new(Names(64))),
        entities: serde_json::from_str(r#"{"PERSON": {"threshold": 0.8}, "PLACE": {"enabled": false}}"#).unwrap(),
        ..PiiSettings::default()
    };
    check(&detectors_of(quiet), "Grace Hopper in Arlington", &[]);
}

#[test]
fn what_is_given_by_a_program_is_checked_too() {
    struct Nameless;
    impl Recognize for Nameless {
        fn entity(&self) -> &str {
            "ship's name"
        }
        fn scan(&self, _: &str, _: &Site<'_>, _: &mut Vec<Match>) {}
    }
    let told = || Code::new(Told(Vec::new()));
    let pii = PiiSettings {
        code: vec![Code::new(Nameless), told(), told()],
        ml: Some(Ml::new(Names(5))),
        ..PiiSettings::default()
    };
    let error = Detectors::new(&DetectorSettings { pii: Some(pii), ..DetectorSettings::default() }).unwrap_err();
    insta::assert_snapshot!(error, @r"
    pii.code[0]: `ship's name` is no entity's name; they have capitals, digits and single `_`: `SHIP_S_NAME`
    pii.code[2]: another recognizer has the name `TOLD`
    pii.ml: a model that takes 5 bytes at a time; 64 are the least
    ");
}

const MAIL: &str = r#"{"to": "bob@example.org", "log": {"who": ["eve@example.net"], "held": "{\"a\":\"ann@example.com\"}"},
    "blob": "bWFpbCBqb2VAZXhhbXBsZS5pbmZvIHRvZGF5IHBsZWFzZQ=="}"#;

#[track_caller]
fn check_allowed(settings: &str, expected: &[&str]) {
    let pii: PiiSettings = serde_json::from_str(settings).expect("the settings are JSON");
    let document = Document::parse(MAIL.as_bytes(), &Limits::default()).expect("it is JSON");
    let hits = in_json(&detectors_of(pii), MAIL);
    let paths: Vec<_> = hits.iter().map(|hit| document.value(hit.node.expect("it has a node")).pointer()).collect();
    assert_eq!(paths, expected, "{settings}");
}

#[test]
fn what_is_allowed_is_left_alone() {
    check_allowed("{}", &["/to", "/log/who/0", "/log/held", "/blob"]);
    check_allowed(r#"{"allow_patterns": ["[a-z]{3}@example\\.(org|com)"]}"#, &["/log/who/0", "/blob"]);
    check_allowed(r#"{"allow_patterns": ["example"]}"#, &["/to", "/log/who/0", "/log/held", "/blob"]);
    check_allowed(r#"{"allow_paths": ["/log"]}"#, &["/to", "/blob"]);
    check_allowed(r#"{"allow_paths": ["/*/who", "/blob"]}"#, &["/to", "/log/held"]);
    check_allowed(r#"{"allow_paths": ["/**/a"]}"#, &["/to", "/log/who/0", "/blob"]);
    check_allowed(r#"{"allow_paths": ["/log/held/a", "/to/x"]}"#, &["/to", "/log/who/0", "/blob"]);
}

/// Who writes what is inside of an encoding cannot choose a path there that the operator has allowed elsewhere.
#[test]
fn a_path_inside_of_an_encoding_is_none_of_the_event() {
    let encoded = "eyJsb2ciOiAibWFpbCBqb2VAZXhhbXBsZS5pbmZvIn0=";
    let pii = PiiSettings { allow_paths: vec!["/log".into()], ..PiiSettings::default() };
    assert_eq!(in_json(&detectors_of(pii), &format!(r#"{{"text": "{encoded}"}}"#)).len(), 1);
}

#[test]
fn each_family_has_its_own_lists() {
    let key = "AKIAZQ3T6WNB5DLX2YRM";
    let text = format!("mail bob@example.org, key {key}");
    let settings = |pii: PiiSettings, secrets: SecretSettings| DetectorSettings {
        pii: Some(pii),
        secrets: Some(secrets),
        threats: None,
    };
    let found = |settings: &DetectorSettings| {
        let detectors = Detectors::new(settings).expect("the settings are good");
        in_text(&detectors, &text).iter().map(|hit| hit.rule.id).collect::<Vec<_>>()
    };
    let pii = PiiSettings { allow: vec![key.into(), "bob@example.org".into()], ..PiiSettings::default() };
    assert!(found(&settings(pii, SecretSettings::default())).iter().all(|rule| rule.starts_with("secrets/")));
    let secrets = SecretSettings { allow_patterns: vec!["AKIA.{16}".into()], ..SecretSettings::default() };
    assert_eq!(found(&settings(PiiSettings::default(), secrets)), ["pii/email"]);
}
