//! What holds for the syntax of every text. Long ones, and what the checker makes of them, are in `compiler_laws.rs`.

#![allow(clippy::disallowed_methods, reason = "the sample is in a file")]
#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aop_dsl::{format, syntax_diagnostics, syntax_shape};
use proptest::prelude::*;
use proptest::sample::select;

const HEADER: &str = "policy acme.mail version \"1.0.0\" dsl 1;\n";
const FIXTURE: &str = include_str!("fixtures/every_construct.aop");

/// Words, signs and literals of the language, and some that are none.
const TOKENS: [&str; 79] = [
    "policy",
    "acme.mail",
    "version",
    "\"1.0.0\"",
    "dsl",
    "1",
    ";",
    "use",
    "std.labels",
    "as",
    "schema",
    "{",
    "}",
    "action",
    "label",
    "effect",
    "type",
    "send",
    "(",
    ")",
    ":",
    ",",
    "->",
    "string",
    "list<",
    ">",
    "enum[",
    "]",
    "[",
    "?",
    "let",
    "=",
    "fn",
    "rule",
    "batch rule",
    "on",
    "c",
    "request(",
    "response(*)",
    "where",
    "after",
    "without",
    "seq",
    "count(",
    "sum(",
    "for",
    "cycle(",
    "within",
    "10m",
    "30 events",
    "run",
    "unless",
    "expect",
    "then",
    "deny",
    "\"{c.x}\"",
    "and",
    "or",
    "not",
    "any x in",
    "all",
    "==",
    "!=",
    "<",
    "in",
    "matches",
    "re\"a\"",
    "??",
    "?.",
    ".",
    "-",
    "*",
    "@severity(",
    "test \"t\" for",
    "\n",
    "\"",
    "'",
    "// c\n",
    "&&",
];

/// Whatever a text is, it is answered; diagnostics lie within it and can be shown.
fn answer(source: &str) {
    let diagnostics = syntax_diagnostics("x.aop", source);
    let shape = syntax_shape(source);
    assert_eq!(shape.is_none(), diagnostics.has_errors());
    for diagnostic in &diagnostics {
        assert!(source.get(diagnostic.span.clone()).is_some(), "{diagnostic:?}");
        assert!(diagnostic.message.chars().count() < 400, "{}", diagnostic.message);
        for related in &diagnostic.related {
            assert!(source.get(related.span.clone()).is_some(), "{related:?}");
        }
        if let Some(fix) = &diagnostic.fix {
            assert!(source.get(fix.span.clone()).is_some(), "{fix:?}");
        }
    }
    let page = diagnostics.to_string();
    assert!(page.is_empty() || page.starts_with("error["));
    assert!(!page.contains(|character: char| character.is_control() && character != '\n'), "{page:?}");
    match format(source) {
        Ok(formatted) => formats_well(source, &formatted),
        Err(_) => assert!(shape.is_none()),
    }
}

fn formats_well(source: &str, formatted: &str) {
    assert_eq!(syntax_shape(formatted), syntax_shape(source), "another meaning:\n{source}\n---\n{formatted}");
    assert_eq!(format(formatted).unwrap(), formatted, "not the same a second time:\n{source}\n---\n{formatted}");
    for line in formatted.lines() {
        assert_eq!(line, line.trim_end(), "white space at a line's end");
    }
}

#[test]
fn the_sample_of_the_language_is_read_and_keeps_its_meaning() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/design/LANGUAGE.md");
    // Beside the repository on the machines where it is made.
    let Ok(page) = fs::read_to_string(path) else {
        // Past the test runner's capture: nobody should take it for passed.
        let _ =
            writeln!(std::io::stderr(), "skipped: the specification's sample: ../shared/design/LANGUAGE.md is not there");
        return;
    };
    let sample = page.split("```\n").nth(1).expect("the page begins with a sample");
    let diagnostics = syntax_diagnostics("sample.aop", sample);
    assert!(diagnostics.is_empty(), "{diagnostics}");
    answer(sample);
}

#[test]
fn every_construct_is_read() {
    let diagnostics = syntax_diagnostics("every_construct.aop", FIXTURE);
    assert!(diagnostics.is_empty(), "{diagnostics}");
    answer(FIXTURE);
    answer(&FIXTURE.replace('\n', "\r\n"));
    answer(&FIXTURE.replace("  ", "\t"));
}

/// Every text that the fixture begins with or ends with, and every text with one character taken out.
#[test]
fn parts_of_a_policy_are_answered() {
    let places: Vec<usize> = FIXTURE.char_indices().map(|(at, _)| at).step_by(61).collect();
    for at in places {
        answer(&FIXTURE[..at]);
        answer(&FIXTURE[at..]);
        let mut without = FIXTURE.to_owned();
        without.remove(at);
        answer(&without);
    }
}

#[test]
fn what_is_nested_ten_thousand_deep_is_refused() {
    let deep = |open: &str, inner: &str, close: &str| {
        let source = format!("{HEADER}let a = {}{inner}{};\n", open.repeat(10_000), close.repeat(10_000));
        answer(&source);
        let diagnostics = syntax_diagnostics("x.aop", &source);
        assert_eq!(diagnostics.diagnostics()[0].code.as_str(), "nesting", "{open}");
    };
    deep("(", "1", ")");
    deep("[", "1", "]");
    deep("f(", "1", ")");
    deep("a[", "1", "]");
    deep("not ", "true", "");
    deep("- ", "1", "");
    deep("any x in y: ", "true", "");
    deep("a + ", "1", "");
    deep("a.", "b", "");
    deep("x as list<", "int", ">");
    deep("x is { a: ", "int", "}");
    let source = format!("{HEADER}rule x {{ on request(*) then deny \"{}\"; }}", "{".repeat(10_001));
    answer(&source);
    let source = format!("{HEADER}test \"t\" for x {{ meta {{ a: {}{} }}; }}", "[".repeat(10_000), "]".repeat(10_000));
    answer(&source);
}

/// What is as deep as may be still fits on a thread's stack.
#[test]
fn what_is_sixty_deep_is_read() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("{ a: list<", "int", ">}"),
        ("[", "1", "]"),
        ("f(x: ", "1", ")"),
        ("a[", "1", "]"),
        ("any x in y: ", "true", ""),
        ("1 + (2 * ", "1", ")"),
        ("list<", "int", ">"),
    ] {
        let count = if open.len() == 10 { 30 } else { 60 };
        let start = if inner == "int" { "let a = x is" } else { "let a =" };
        let source = format!("{HEADER}{start} {}{inner}{};\n", open.repeat(count), close.repeat(count));
        let diagnostics = syntax_diagnostics("x.aop", &source);
        assert!(diagnostics.is_empty(), "{diagnostics}");
        answer(&source);
    }
}

#[test]
fn more_than_sixteen_megabytes_are_not_read() {
    let source = format!("{HEADER}{}", " ".repeat(16 << 20));
    let diagnostics = syntax_diagnostics("x.aop", &source);
    assert_eq!(diagnostics.diagnostics()[0].code.as_str(), "file-size");
}

/// A policy as the list of its words, signs and literals.
fn policy() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop_oneof![3 => rule(), 1 => definition(), 1 => schema(), 1 => test(), 1 => batch()], 0..5)
        .prop_map(|items| items.concat())
}

type Words = BoxedStrategy<Vec<String>>;

/// The words of a text; `~` stands for a space within one.
fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(|word| word.replace('~', " ")).collect()
}

/// `$` in a text stands for the next of these parts.
fn fill(text: &str, parts: Vec<Vec<String>>) -> Vec<String> {
    let mut parts = parts.into_iter();
    words(text)
        .into_iter()
        .flat_map(|word| if word == "$" { parts.next().unwrap_or_default() } else { vec![word] })
        .collect()
}

fn one(choices: &'static [&'static str]) -> Words {
    select(choices).prop_map(words).boxed()
}

fn joined(part: Words, sign: &'static str, count: std::ops::Range<usize>) -> Words {
    prop::collection::vec(part, count).prop_map(move |parts| parts.join(&sign.to_owned())).boxed()
}

fn expression() -> Words {
    let leaf = one(&[
        "c . params . x",
        "c ?. then",
        "a",
        "1",
        "-5",
        "5000.00",
        "1_000",
        "10m",
        "2kib",
        "\"a~\\\"~b\"",
        "re\"^[a-z]+$\"",
        "true",
        "f ( )",
        "glob\"/etc/**\"",
        "[ ]",
        "c . params [ \"a~b\" ]",
        "has c . x",
    ]);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let operator = one(&[
            "and",
            "or",
            "and",
            "or",
            "==",
            "!=",
            "<",
            ">=",
            "in",
            "not in",
            "matches",
            "contains",
            "starts_with",
            "derives_from",
            "??",
            "+",
            "-",
            "*",
            "/",
            "%",
        ]);
        prop_oneof![
            // In parentheses, since comparisons do not chain and `not` binds loosely.
            (inner.clone(), operator, inner.clone())
                .prop_map(|(left, operator, right)| fill("( $ ) $ ( $ )", vec![left, operator, right])),
            (inner.clone(), one(&["and", "or"]), inner.clone())
                .prop_map(|(left, operator, right)| fill("$ $ $", vec![left, operator, right])),
            inner.clone().prop_map(|inner| fill("not ( $ )", vec![inner])),
            inner.clone().prop_map(|inner| fill("- ( $ )", vec![inner])),
            inner.clone().prop_map(|inner| fill("( $ )", vec![inner])),
            inner.clone().prop_map(|inner| fill("( any x in xs : $ )", vec![inner])),
            (inner.clone(), inner.clone()).prop_map(|(list, body)| fill("( all y in ( $ ) : $ )", vec![list, body])),
            (inner.clone(), ty()).prop_map(|(inner, ty)| fill("( $ ) as $", vec![inner, ty])),
            (inner.clone(), ty()).prop_map(|(inner, ty)| fill("( ( $ ) is $ )", vec![inner, ty])),
            joined(inner.clone(), ",", 1..4).prop_map(|items| fill("[ $ ]", vec![items])),
            joined(inner.clone(), ",", 1..3).prop_map(|items| fill("f ( $ , k : 1 )", vec![items])),
            inner.prop_map(|inner| fill("a . g ( $ ) [ 0 ] . within", vec![inner])),
        ]
    })
    .boxed()
}

fn ty() -> Words {
    let leaf = one(&["string", "int ?", "list < email >", "std.labels.thing", "enum [ \"a\" , \"b\" ]"]);
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| fill("list < $ >", vec![inner])),
            (inner.clone(), inner).prop_map(|(left, right)| fill("{ a : $ , \"b~c\" : $ }", vec![left, right])),
        ]
    })
    .boxed()
}

fn event() -> Words {
    let pattern = one(&[
        "request ( send_email )",
        "r : response ( * )",
        "w : request ( db.delete | mail.* | \"a~b\" )",
        "final",
        "e : error ( * )",
        "event",
    ]);
    prop_oneof![
        pattern.clone(),
        (pattern, expression()).prop_map(|(pattern, condition)| fill("$ where $", vec![pattern, condition])),
    ]
    .boxed()
}

fn clause() -> Words {
    let window = || one(&["", "within 10m", "within 30 events", "within run", "within 1h per agent"]);
    let plain = prop_oneof![
        expression().prop_map(|condition| fill("where $", vec![condition])),
        (event(), window()).prop_map(|(event, window)| fill("after $ $", vec![event, window])),
        (event(), window()).prop_map(|(event, window)| fill("without $ $", vec![event, window])),
        (joined(event(), ";", 1..4), one(&["", ";"]), window())
            .prop_map(|(events, last, window)| fill("seq [ $ $ ] $", vec![events, last, window])),
        (event(), one(&["", "within 60s", "within 60s by params.x , agent.id max 10 keys", "by a per organisation"]))
            .prop_map(|(event, rest)| fill("count ( $ ) >= 3 $", vec![event, rest])),
        (expression(), event(), window())
            .prop_map(|(value, event, window)| fill("sum ( $ for $ ) > 5 * 2 $", vec![value, event, window])),
        expression().prop_map(|key| fill("cycle ( $ where c . a == prev . a ) >= 3 within 30 events", vec![key])),
        event().prop_map(|event| fill("expect $ within 30s", vec![event])),
    ]
    .boxed();
    prop_oneof![
        4 => plain.clone().prop_map(|clause| clause),
        1 => plain.prop_map(|clause| match clause[0].as_str() {
            "expect" => clause,
            "where" => fill("unless $", vec![clause[1..].to_vec()]),
            _ => fill("unless $", vec![clause]),
        }),
        1 => expression().prop_map(|condition| fill("unless ( $ )", vec![condition])),
    ]
    .boxed()
}

fn then() -> Words {
    one(&[
        "then deny ;",
        "then flag \"a{c.x}b{{}}\" ;",
        "then redact ( c . params ) , throttle ( wait : 5s ) \"{a[\"k\"]}\" ;",
        "then require_approval ( role : \"finance\" , ttl : 10m ) \"é\" ;",
    ])
}

fn rule() -> Words {
    let head =
        one(&["rule x", "rule y @severity ( critical ) @allow ( never-fires , a-b )", "rule z @tags ( \"a\" , \"b\" , )"]);
    (head, event(), prop::collection::vec(clause(), 0..4), then())
        .prop_map(|(head, event, clauses, then)| fill("$ { on $ $ $ }", vec![head, event, clauses.concat(), then]))
        .boxed()
}

fn batch() -> Words {
    (expression(), expression(), then())
        .prop_map(|(condition, test, then)| {
            fill("batch rule b { over runs where $ window 7d by meta.a if $ $ }", vec![condition, test, then])
        })
        .boxed()
}

fn definition() -> Words {
    prop_oneof![
        one(&["use std.labels ;", "use acme.common as common ;"]),
        expression().prop_map(|value| fill("let a = $ ;", vec![value])),
        (ty(), expression()).prop_map(|(ty, value)| fill("let b : $ = $ ;", vec![ty, value])),
        (ty(), ty(), expression())
            .prop_map(|(param, result, body)| fill("fn f ( a : $ , within : int ) -> $ = $ ;", vec![param, result, body])),
    ]
    .boxed()
}

fn schema() -> Words {
    let member = prop_oneof![
        one(&["label untrusted ;", "effect egress ;", "action ping ( ) ;"]),
        ty().prop_map(|ty| fill("type T = $ ;", vec![ty])),
        (ty(), ty()).prop_map(|(param, result)| fill(
            "action db.drop ( a : $ , \"b~c\" : int , ) -> $ : x , y ;",
            vec![param, result]
        )),
    ];
    prop::collection::vec(member, 0..4).prop_map(|members| fill("schema { $ }", vec![members.concat()])).boxed()
}

fn test() -> Words {
    let json =
        one(&["1", "-2.5e-3", "null", "\"s\"", "{ }", "[ 1 , [ ] , ]", "{ a : 1 , \"b\" : { then : \"x\" } }", "20s"]);
    let step = prop_oneof![
        json.clone().prop_map(|json| fill("3s request ( send_email ) { to : $ } ;", vec![json])),
        json.clone().prop_map(|json| fill("response ( \"a~b\" ) { result : $ , } ;", vec![json])),
        json.prop_map(|json| fill("5 runs { duration : $ } ;", vec![json])),
        one(&[
            "agent 7 ;",
            "user \"a\" ;",
            "end after 5s ;",
            "3s 30 user \"a\" ;",
            "30 final ;",
            "expect deny at seq 3 ;",
            "expect nothing ;",
            "role \"x\" ;",
            "final ;"
        ]),
    ];
    prop::collection::vec(step, 0..4).prop_map(|steps| fill("test \"t\" for x { $ }", vec![steps.concat()])).boxed()
}

/// Words with any white space and comments between them.
fn laid_out(words: &[String], gaps: &[u8]) -> String {
    let mut text = HEADER.to_owned();
    for (at, word) in words.iter().enumerate() {
        text.push_str(word);
        text.push_str(match gaps.get(at % gaps.len().max(1)).copied().unwrap_or(0) {
            0..=180 => " ",
            181..=220 => "\n",
            221..=230 => "\n\n\n",
            231..=240 => " // behind\n",
            241..=250 => "\n  // its own\n",
            _ => "\n// one\n\n// two\n\n",
        });
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_policy_is_read_and_has_one_layout(words in policy(), gaps in prop::collection::vec(any::<u8>(), 1..200)) {
        let source = laid_out(&words, &gaps);
        let diagnostics = syntax_diagnostics("x.aop", &source);
        prop_assert!(diagnostics.is_empty(), "{}\n{}", diagnostics, source);
        formats_well(&source, &format(&source).unwrap());
        // Where lines were broken counts for blocks on one line and for blank lines only.
        let plain = laid_out(&words, &[0]);
        formats_well(&plain, &format(&plain).unwrap());
    }

    #[test]
    fn any_text_is_answered(source in any::<String>()) {
        answer(&source);
        answer(&format!("{HEADER}{source}"));
        answer(&format!("{HEADER}rule x {{ {source}"));
    }

    #[test]
    fn token_soup_is_answered(
        tokens in prop::collection::vec(select(TOKENS.to_vec()), 0..60),
        start in select(vec!["", HEADER, "rule x { on c: request(*) ", "schema { ", "test \"t\" for x { ", "let a = ", "fn f("]),
    ) {
        answer(&format!("{HEADER}{start}{}", tokens.join(" ")));
        answer(&format!("{HEADER}{start}{}", tokens.concat()));
    }

    #[test]
    fn a_policy_with_changes_is_answered(
        words in policy(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, select(TOKENS.to_vec())), 1..6),
    ) {
        let mut words = words;
        words.push(";".to_owned());
        for (at, kind, token) in changes {
            let at = at.index(words.len());
            match kind {
                0 => words[at] = token.to_owned(),
                1 => words.insert(at, token.to_owned()),
                2 => words[at] = words[at].chars().skip(1).collect(),
                _ => words[at].push_str(token),
            }
        }
        answer(&laid_out(&words, &[0, 0, 0, 200]));
    }
}
