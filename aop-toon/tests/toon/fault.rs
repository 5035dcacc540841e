//! What a sender reads when an event is refused: each input with a caret under the fault's offset, then the faults.

use std::fmt::Write;

use aop_toon::{Document, Event, FaultKind, Limits};

use crate::sample::event_json;

/// The longest input that a snapshot shows.
const SHOWN_MAX: usize = 220;

/// Holds the page for these inputs against its snapshot.
fn check(name: &str, cases: &[(&str, Vec<u8>)]) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, page(cases)) });
}

/// The page for these inputs; every one of them must be refused.
fn page(cases: &[(&str, Vec<u8>)]) -> String {
    let mut page = String::new();
    for (title, bytes) in cases {
        let error = Event::parse(bytes).expect_err(title);
        writeln!(page, "{title}").unwrap();
        if bytes.len() <= SHOWN_MAX {
            let place = error.faults()[0].offset;
            writeln!(page, "    {}\n    {}^", written(bytes), " ".repeat(written(&bytes[..place]).chars().count())).unwrap();
        } else {
            writeln!(page, "    ({} bytes)", bytes.len()).unwrap();
        }
        for fault in error.faults() {
            let kind = serde_json::to_value(fault.kind).unwrap();
            writeln!(page, "  {} {fault}", kind.as_str().unwrap()).unwrap();
        }
        page.push('\n');
    }
    page
}

/// Bytes as a line of text: UTF-8 as it is, the rest and the invisible escaped.
fn written(bytes: &[u8]) -> String {
    let mut line = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                ' '..='~' => line.push(character),
                other if other.is_alphanumeric() => line.push(other),
                other => line.extend(other.escape_unicode()),
            }
        }
        for byte in chunk.invalid() {
            write!(line, "\\x{byte:02X}").unwrap();
        }
    }
    line
}

fn texts(cases: &[(&'static str, &str)]) -> Vec<(&'static str, Vec<u8>)> {
    cases.iter().map(|(title, text)| (*title, text.as_bytes().to_vec())).collect()
}

#[test]
fn bytes_that_are_no_text() {
    check(
        "bytes_that_are_no_text",
        &[
            ("nothing", b"".to_vec()),
            ("white space alone", b" \r\n\t".to_vec()),
            ("a byte order mark", b"\xEF\xBB\xBF{}".to_vec()),
            ("a byte order mark of UTF-16", b"\xFF\xFE{\0}\0".to_vec()),
            ("Latin-1 in a value", b"{\"payload\":{\"thought\":\"caf\xE9\"}}".to_vec()),
            ("Latin-1 in a key", b"{\"payload\":{\"caf\xE9\":1}}".to_vec()),
            ("Latin-1 in an array", b"[\"a\",\"b\",{\"c\":\"\xFF\"}]".to_vec()),
            ("an overlong slash", b"{\"path\":\"\xC0\xAF\"}".to_vec()),
            ("a surrogate encoded in UTF-8", b"{\"a\":\"\xED\xA0\x80\"}".to_vec()),
            ("a character cut in half at the end", b"{\"a\":\"\xE2\x82".to_vec()),
            ("no text after the document", b"{\"a\":1}\x80".to_vec()),
            ("a raw NUL in a string", b"{\"a\":\"x\0y\"}".to_vec()),
            ("a raw line end in a string", b"{\"a\":{\"b\":\"x\ny\"}}".to_vec()),
            ("a raw tab in a key", b"{\"a\":{\"x\ty\":1}}".to_vec()),
            ("more than the limit", [b"\"".to_vec(), vec![b'a'; 1 << 20], b"\"".to_vec()].concat()),
        ],
    );
}

#[test]
fn text_that_is_no_json() {
    check(
        "text_that_is_no_json",
        &texts(&[
            ("no JSON at all", "hello"),
            ("only an opening", "{"),
            ("only a quote", "\""),
            ("cut in a key", r#"{"payload":{"tho"#),
            ("cut after a key", r#"{"payload":{"thought""#),
            ("cut after a colon", r#"{"payload":{"thought":"#),
            ("cut in a value", r#"{"payload":{"thought":"he"#),
            ("cut after a value", r#"{"payload":{"thought":"he""#),
            ("cut in an array", r#"{"meta":{"call_id":["a","#),
            ("cut in a word", r#"{"a":tru"#),
            ("cut in a number", r#"{"a":1."#),
            ("a comma too many in an array", "[1,2, ]"),
            ("a comma too many in an object", r#"{"a":1,}"#),
            ("a comma too few in an object", r#"{"a":1 "b":2}"#),
            ("a comma too few in an array", "[1 2]"),
            ("a colon too few", r#"{"a" 1}"#),
            ("a bare key", "{seq:1}"),
            ("Python's quotes", "{'seq':1}"),
            ("Python's words", r#"{"a":{"ok":True}}"#),
            ("not a number", r#"{"latency_ms":NaN}"#),
            ("a comment", "{ // first\n\"seq\":1}"),
            ("a mark for a bracket", r#"[{"a":1]"#),
            ("an unknown escape", r#"{"path":"C:\dir"}"#),
            ("an escape cut short", r#"{"a":"\u12"}"#),
            ("an escape that is not hexadecimal", r#"{"a":"\u12g4"}"#),
            ("half a pair, the first", r#"{"a":["x","\ud83d"]}"#),
            ("half a pair, the second", r#"{"a":"\uDE00"}"#),
            ("a pair in the wrong order", r#"{"a":"\ude00\ud83d"}"#),
            ("a first half before something else", r#"{"a":"\ud83d\n"}"#),
            ("half a pair in a key", r#"{"a":{"\ud83d":1}}"#),
            ("two documents", r#"{"seq":1}{"seq":2}"#),
            ("two lines", "{\"seq\":1}\n{\"seq\":2}\n"),
            ("something after the document", r#"{"seq":1};"#),
        ]),
    );
}

#[test]
fn numbers_that_cannot_be_kept() {
    let long = format!(r#"{{"rows":[{{"id":{}}}]}}"#, "9".repeat(400));
    check(
        "numbers_that_cannot_be_kept",
        &texts(&[
            ("overflow by exponent", r#"{"payload":{"result":[1,1e999]}}"#),
            ("overflow below zero", r#"{"a":-1e309}"#),
            ("overflow by 400 digits", &long),
            ("a leading zero", r#"{"zip":01234}"#),
            ("a plus", r#"{"a":+1}"#),
            ("a point without digits before it", r#"{"a":.5}"#),
            ("a point without digits after it", r#"{"a":5.}"#),
            ("an exponent without digits", r#"{"a":5e+}"#),
            ("a minus alone", r#"{"a":-}"#),
            ("hexadecimal", r#"{"a":0x1F}"#),
        ]),
    );
}

#[test]
fn depth() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(nested(64).as_bytes(), &Limits::default()).is_ok());
    check(
        "depth",
        &[
            ("65 levels", nested(65).into_bytes()),
            ("200 levels", nested(200).into_bytes()),
            ("100,000 brackets", vec![b'['; 100_000]),
            ("objects in objects", br#"{"a":"#.repeat(70)),
        ],
    );
    // However deep a caller allows, the parser's own stack is safe.
    let limits = Limits { bytes: usize::MAX, depth: usize::MAX };
    assert!(Document::parse(nested(128).as_bytes(), &limits).is_ok());
    for depth in [129, 1_000_000] {
        let error = Document::parse(nested(depth).as_bytes(), &limits).map(|_| ()).unwrap_err();
        assert_eq!(error.faults()[0].kind, FaultKind::TooDeep);
    }
}

#[test]
fn keys_that_stand_twice() {
    check(
        "keys_that_stand_twice",
        &texts(&[
            ("in the event", r#"{"seq":1,"t":"x","seq":2}"#),
            ("in the parameters", r#"{"payload":{"params":{"to":"a","cc":"b","to":"c"}}}"#),
            ("in an array's object", r#"{"rows":[{"id":1},{"id":2,"id":2}]}"#),
            ("equal after unescaping", r#"{"a":{"role":"user","r\u006fle":"admin"}}"#),
            ("equal after unescaping, both escaped", r#"{"\u0061\/b":1,"a/\u0062":2}"#),
            ("empty", r#"{"":1,"":2}"#),
            ("with a slash and a tilde", r#"{"x":{"a/b~c":1,"a/b~c":2}}"#),
            ("three times", r#"{"k":1,"k":2,"k":3}"#),
            ("two keys, twice each", r#"{"b":1,"a":2,"a":3,"b":4}"#),
            ("longer than an error is", &format!(r#"{{"{0}":1,"{0}":2}}"#, "k".repeat(100))),
        ]),
    );
}

#[test]
fn events_against_the_schema() {
    let with = |t: &str| event_json(1, "reasoning", r#"{"thought":"x"}"#, "{}").replace("2025-12-05T10:00:00Z", t);
    let request = |payload: &str, meta: &str| event_json(1, "action_request", payload, meta);
    let asked = r#"{"action":"search","params":{}}"#;
    let ids = |count: usize| format!(r#"{{"call_id":[{}]}}"#, vec![r#""a""#; count].join(","));
    let cases: Vec<(&str, String)> = vec![
        ("an array", "[]".into()),
        ("a string", r#""seq""#.into()),
        ("an empty object", "{}".into()),
        ("other types everywhere", r#"{"seq":"1","t":0,"actor":null,"type":[],"payload":"x","meta":[]}"#.into()),
        ("a payload without its fields", event_json(1, "error", "{}", "{}")),
        ("the payload of another type", event_json(1, "final_output", r#"{"thought":"x"}"#, "{}")),
        ("a type that does not exist", event_json(1, "tool_call", asked, "{}")),
        ("an actor that does not exist", event_json(1, "reasoning", r#"{"thought":"x"}"#, "{}").replace("agent", "Agent")),
        ("seq below zero", event_json(1, "reasoning", "{}", "{}").replace(r#""seq":1"#, r#""seq":-1"#)),
        ("seq with a fraction", with("2025-12-05T10:00:00Z").replace(r#""seq":1"#, r#""seq":1.0"#)),
        ("seq beyond 2^63", with("2025-12-05T10:00:00Z").replace(r#""seq":1"#, r#""seq":9223372036854775808"#)),
        ("a time without an offset", with("2025-12-05T10:00:00")),
        ("a time with a space", with("2025-12-05 10:00:00Z")),
        ("a date alone", with("2025-12-05")),
        ("a day that does not exist", with("2025-02-29T10:00:00Z")),
        ("an hour that does not exist", with("2025-12-05T24:00:00Z")),
        ("a time of another year than it says", with("9999-12-31T23:59:59-12:00")),
        ("an empty time", with("")),
        ("parameters as text", request(r#"{"action":"search","params":"{\"q\":1}"}"#, "{}")),
        ("an action without a name", request(r#"{"action":"","params":{}}"#, "{}")),
        ("an action with a long name", request(&format!(r#"{{"action":"{}","params":{{}}}}"#, "a".repeat(257)), "{}")),
        ("a status that does not exist", event_json(1, "action_response", r#"{"status":"ok"}"#, "{}")),
        ("a latency below zero", event_json(1, "action_response", r#"{"status":"success","latency_ms":-3}"#, "{}")),
        ("a share over 1", event_json(1, "final_output", r#"{"output":null,"confidence":85}"#, "{}")),
        ("steps that are no list", event_json(1, "reasoning", r#"{"thought":"x","steps":"first"}"#, "{}")),
        ("a run's name with a path", request(asked, r#"{"run_id":"../../etc"}"#)),
        ("a run's name of dots", request(asked, r#"{"run_id":".."}"#)),
        ("a run without a name", request(asked, r#"{"run_id":""}"#)),
        ("a run's name with control characters", request(asked, r#"{"run_id":"a\r\nb\u001b[31m"}"#)),
        ("an agent's id as text", request(asked, r#"{"agent_id":"7"}"#)),
        ("a call id that is a number", request(asked, r#"{"call_id":7}"#)),
        ("a list of call ids with a number", request(asked, r#"{"tool_call_id":["a",7]}"#)),
        ("a list of call ids with an empty one", request(asked, r#"{"tool_call_id":["a",""]}"#)),
        ("257 call ids", request(asked, &ids(257))),
        ("faults in every part", request(r#"{"action":1}"#, r#"{"session_id":"","signature":false}"#)),
    ];
    assert!(Event::parse(request(asked, &ids(256)).as_bytes()).is_ok());
    let cases: Vec<(&str, Vec<u8>)> = cases.into_iter().map(|(title, text)| (title, text.into_bytes())).collect();
    check("events_against_the_schema", &cases);
}

#[test]
fn an_error_says_all_faults_in_one_line() {
    let error = Event::parse(event_json(1, "error", "{}", "{}").as_bytes()).unwrap_err();
    insta::assert_snapshot!(error, @"at /payload/error_type (byte 77): `error_type` is missing: the kind of error; at /payload/message (byte 77): `message` is missing: what failed");
}

#[test]
fn a_document_that_is_cut_anywhere_is_refused() {
    let whole = request_with_everything();
    assert!(Event::parse(whole.as_bytes()).is_ok());
    for end in 0..whole.len() {
        let error = Event::parse(&whole.as_bytes()[..end]).unwrap_err();
        let [fault] = error.faults() else { panic!("a cut document has one fault: {error}") };
        let expected = if end == 0 {
            FaultKind::Empty
        } else if whole.is_char_boundary(end) {
            fault.kind
        } else {
            FaultKind::InvalidUtf8
        };
        assert_eq!(fault.kind, expected, "{error}");
        assert!(matches!(
            fault.kind,
            FaultKind::Empty | FaultKind::Syntax | FaultKind::InvalidUtf8 | FaultKind::LoneSurrogate
        ));
        assert!(fault.offset <= end, "{error}");
    }
}

/// An event with every kind of JSON in it.
fn request_with_everything() -> String {
    event_json(
        7,
        "action_request",
        r#"{"action":"send","params":{"é":["\u00e9\ud83d\ude00\n",-1.5e+3,0,true,false,null,{}],"":[[]]},"rationale":"für 😀"}"#,
        r#"{"run_id":"r-1","call_id":["a","b"],"x":{"y":"z"}}"#,
    )
}

#[test]
fn strange_values_that_are_lawful_are_kept() {
    for lawful in [
        r#"9007199254740993"#,
        r#"-9223372036854775809"#,
        r#"123456789012345678901234567890"#,
        r#"0.1000000000000000055511151231257827021181583404541015625"#,
        r#"1e-999"#,
        r#"-0"#,
        r#""\u0000""#,
        "\"\u{7f}\u{feff}\u{2028}\"",
        r#""\ud83d\ude00""#,
    ] {
        let json = event_json(1, "final_output", &format!(r#"{{"output":[{lawful}]}}"#), "{}");
        let event = Event::parse(json.as_bytes()).unwrap();
        assert_eq!(event.document().pointer("/payload/output/0").unwrap().raw(), lawful);
    }
    let zero = Document::parse(br#""a\u0000b""#, &Limits::default()).unwrap();
    assert_eq!(zero.root().as_str().unwrap(), "a\0b");
}

/// A million keys of one length, first and last byte are sorted, not compared each with each: the test would not end.
#[test]
fn a_million_keys_are_read_in_a_moment() {
    let limits = Limits { bytes: 64 << 20, ..Limits::default() };
    let members: Vec<String> = (0..1_000_000).map(|key| format!("\"k{key:07}k\":0")).collect();
    let json = format!("{{{}}}", members.join(","));
    assert_eq!(Document::parse(json.as_bytes(), &limits).unwrap().node_count(), 2_000_001);

    let twice = json.replace("\"k0999999k\"", "\"k0000007k\"");
    let error = Document::parse(twice.as_bytes(), &limits).unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/k0000007k");
    assert_eq!(error.faults()[0].offset, json.find("\"k0999999k\"").unwrap());
}

#[test]
fn a_string_of_ten_megabytes_is_read_when_the_limit_allows() {
    let limits = Limits { bytes: 16 << 20, ..Limits::default() };
    let thought = "0123456789abcde\\n".repeat(10 << 16);
    let json = event_json(1, "reasoning", &format!(r#"{{"thought":"{thought}"}}"#), "{}");
    assert_eq!(Event::parse(json.as_bytes()).unwrap_err().faults()[0].kind, FaultKind::TooLarge);
    let event = Event::parse_with(json.as_bytes(), &limits).unwrap();
    let aop_toon::Payload::Reasoning(reasoning) = event.payload() else { panic!("it is reasoning") };
    assert_eq!(reasoning.thought.len(), 16 * (10 << 16));
}
