//! What holds for all values, and what each type reads.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use aop_toon::{Document, Limits};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::compare::equal;
use super::*;
use crate::syntax::ast::BinaryOp;
use crate::types::{CodeLanguage, Field, PatternKind, Type};

fn json(text: &str) -> Value<'static> {
    let document = Document::parse(text.as_bytes(), &Limits { bytes: 1 << 24, depth: 128 }).unwrap().into_owned();
    let root = document.root().id();
    Value::OwnedJson(Rc::new(document), root)
}

fn record(fields: &[(&str, Type)]) -> Type {
    Type::Record(fields.iter().map(|(name, ty)| Field { name: (*name).to_owned(), ty: ty.clone() }).collect())
}

fn words(words: &[&str]) -> Type {
    Type::Enum(words.iter().map(|word| (*word).to_owned()).collect())
}

fn number(text: &str) -> Value<'static> {
    Value::Number(text.parse().unwrap())
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

const MISSING: Gap = Gap::Unknown(Reason::Missing);
const WRONG_TYPE: Gap = Gap::Unknown(Reason::WrongType);
const MALFORMED: Gap = Gap::Unknown(Reason::Malformed);

/// What JSON gives when it is read as a type: as a message shows it, or why not.
fn check_read(source: &str, ty: &Type, expected: Result<&str, Gap>) {
    let document = Document::parse(source.as_bytes(), &Limits::default()).unwrap();
    let shown = read(document.root(), ty).map(|value| show(&value));
    assert_eq!(shown.as_deref(), expected.as_ref().map(|shown| *shown), "{source} as {ty}");
    // What is read from JSON that a list or a memory shares is the same.
    let shared = cast(&json(source), &Type::Any, ty).map(|value| show(&value));
    if *ty != Type::Any {
        assert_eq!(shared.as_deref(), expected.as_ref().map(|shown| *shown), "{source} as {ty}, shared");
    }
}

#[test]
fn json_is_read_as_its_declared_type() {
    let optional = |ty: Type| ty.optional();
    check_read("null", &Type::String, Err(MISSING));
    check_read("null", &optional(Type::String), Err(Gap::Absent));
    check_read("null", &Type::Any, Ok("null"));
    check_read("null", &optional(Type::Any), Err(Gap::Absent));
    check_read("true", &Type::Bool, Ok("true"));
    check_read("1", &Type::Bool, Err(WRONG_TYPE));
    check_read("5000", &Type::Int, Ok("5000"));
    check_read("5000.0", &Type::Int, Err(WRONG_TYPE));
    check_read("\"5000\"", &Type::Int, Err(WRONG_TYPE));
    check_read("\"5000\"", &Type::Decimal, Err(WRONG_TYPE));
    check_read("12345678901234567890123456789", &Type::Int, Err(MALFORMED));
    check_read("5000.10", &Type::Decimal, Ok("5000.1"));
    check_read("1e-3", &Type::Decimal, Ok("0.001"));
    check_read("1e300", &Type::Decimal, Err(MALFORMED));
    check_read("0.1", &Type::Float, Ok("0.1"));
    check_read("1e300", &Type::Float, Ok("1e300"));
    check_read("\"a\\nb\"", &Type::String, Ok("a\\nb"));
    check_read("\"Bob <B@X.org>\"", &Type::Email, Ok("b@x.org"));
    check_read("\"bob\"", &Type::Email, Err(MALFORMED));
    check_read("\"Example.COM\"", &Type::Domain, Ok("example.com"));
    check_read("\"HTTP://Example.COM\"", &Type::Url, Ok("http://example.com/"));
    check_read("\"::ffff:10.0.0.1\"", &Type::Ip, Ok("10.0.0.1"));
    check_read("\"10.1.2.3/8\"", &Type::Cidr, Ok("10.0.0.0/8"));
    check_read("\"/a/../etc\"", &Type::Path, Ok("/etc"));
    check_read("\"v1.2.3\"", &Type::Semver, Ok("1.2.3"));
    check_read("\"1.2\"", &Type::Semver, Err(MALFORMED));
    check_read("\"2025-12-05T11:00:00+01:00\"", &Type::Time, Ok("2025-12-05T10:00:00Z"));
    check_read("\"yesterday\"", &Type::Time, Err(MALFORMED));
    check_read("\"90s\"", &Type::Duration, Ok("1m30s"));
    check_read("90", &Type::Duration, Err(WRONG_TYPE));
    check_read("\"64kb\"", &Type::Size, Ok("64kb"));
    check_read("\"EUR\"", &words(&["EUR", "USD"]), Ok("EUR"));
    check_read("\"GBP\"", &words(&["EUR", "USD"]), Err(MALFORMED));
    check_read("[1, \"x\"]", &Type::list(Type::String), Ok("[1, \"x\"]"));
    check_read("{\"a\": 1}", &Type::list(Type::String), Err(WRONG_TYPE));
    check_read("{\"a\": 1}", &record(&[("a", Type::Int)]), Ok("{\"a\": 1}"));
    check_read("[]", &record(&[]), Err(WRONG_TYPE));
    check_read("1", &Type::Error, Err(WRONG_TYPE));
}

#[test]
fn literals_are_read_or_the_mistake_is_named() {
    let ok = |text: &str, ty: &Type| show(&from_const(&const_read(text, ty).unwrap()));
    assert_eq!(ok("Bob@X.org", &Type::Email), "bob@x.org");
    assert_eq!(ok("10.1.2.3/8", &Type::Cidr), "10.0.0.0/8");
    assert_eq!(ok("5000.00", &Type::Decimal), "5000");
    assert_eq!(ok("^C-[0-9]{8}$", &Type::Pattern(PatternKind::Regex)), "^C-[0-9]{8}$");
    for (text, ty, message) in [
        ("bob", Type::Email, "\"bob\" is no e-mail address; write one such as \"bob@example.org\""),
        ("*.x.org", Type::Domain, "\"*.x.org\" stands for many domains, so it can only be in a set of domains"),
        ("10.0.0.0/8", Type::Ip, "\"10.0.0.0/8\" is a network; write a single address such as \"192.0.2.1\""),
        (
            "10 minutes",
            Type::Duration,
            "\"10 minutes\" is no duration; write one such as \"10m\" (units are ms, s, m, h, d and w)",
        ),
        ("GBP", words(&["EUR", "USD"]), "\"GBP\" is none of \"EUR\" or \"USD\""),
        ("a(b", Type::Pattern(PatternKind::Regex), "unclosed group at byte 1"),
        ("[a", Type::Pattern(PatternKind::Glob), "\"[a\" is no glob: unclosed character class; missing ']'"),
        (
            "one",
            Type::Pattern(PatternKind::Versions),
            "\"one\" is no version requirement; write one such as \"^1.2\" or \">=1.2, <2\"",
        ),
        ("x", Type::list(Type::Int), "\"x\" is a text, and a value of type list<int> cannot be written as one"),
    ] {
        assert_eq!(const_read(text, &ty).unwrap_err(), message);
    }
    assert_eq!(const_member("*.X.org", &Type::Domain).unwrap(), Const::Text(Arc::from("*.x.org")));
    assert!(const_member("*", &Type::Domain).unwrap_err().contains("\"*.example.com\""));
}

#[test]
fn members_that_are_not_there_are_absent_or_missing() {
    let base = json(r#"{"a": {"b": "x"}, "n": null, "t": "text"}"#);
    let any = Type::Any;
    let get = |name: &str, ty: &Type| field(&base, name, ty).map(|value| show(&value));
    assert_eq!(get("a", &any).unwrap(), "{\"b\": \"x\"}");
    assert_eq!(get("x", &any), Err(MISSING));
    assert_eq!(get("x", &any.clone().optional()), Err(Gap::Absent));
    assert_eq!(get("n", &any.clone().optional()), Err(Gap::Absent));
    assert_eq!(get("n", &Type::String), Err(MISSING));
    assert_eq!(get("t", &Type::Int), Err(WRONG_TYPE));
    let inner = field(&base, "t", &any).unwrap();
    assert_eq!(field(&inner, "x", &any).map(|_| ()), Err(WRONG_TYPE));
    let list = json(r#"["a", null, "c"]"#);
    let at = |index_: &str| index(&list, &number(index_), &Type::String).map(|value| show(&value));
    assert_eq!((at("0"), at("2")), (Ok("a".to_owned()), Ok("c".to_owned())));
    for outside in ["1", "3", "-1", "1.5", "99999999999999999999"] {
        assert_eq!(at(outside), Err(Gap::Absent), "{outside}");
    }
    assert_eq!(index(&base, &text("t"), &Type::String).map(|value| show(&value)), Ok("text".to_owned()));
    assert_eq!(index(&base, &text("z"), &any).map(|_| ()), Err(Gap::Absent));
}

#[test]
fn values_are_narrowed() {
    let recipient = json(r#""Bob <b@x.org>""#);
    assert_eq!(cast(&recipient, &Type::Any, &Type::Email).map(|value| show(&value)), Ok("b@x.org".to_owned()));
    assert_eq!(cast(&recipient, &Type::Any, &Type::Int).map(|_| ()), Err(WRONG_TYPE));
    assert_eq!(cast(&text("B@X.org"), &Type::String, &Type::Email).map(|value| show(&value)), Ok("b@x.org".to_owned()));
    assert_eq!(cast(&number("1.5"), &Type::Decimal, &Type::Int).map(|_| ()), Err(WRONG_TYPE));
    assert_eq!(cast(&number("2.0"), &Type::Decimal, &Type::Int).map(|value| show(&value)), Ok("2".to_owned()));
    assert!(matches!(cast(&number("1.5"), &Type::Decimal, &Type::Float), Ok(Value::Float(float)) if float == 1.5));
    assert!(is_a(&json(r#"["a@x.org", "b@x.org"]"#), &Type::Any, &Type::list(Type::Email)));
    assert!(!is_a(&json(r#"["a@x.org", "b"]"#), &Type::Any, &Type::list(Type::Email)));
    let address = record(&[("street", Type::String), ("zip", Type::String.optional())]);
    assert!(is_a(&json(r#"{"street": "x", "more": 1}"#), &Type::Any, &address));
    assert!(!is_a(&json(r#"{"zip": "x"}"#), &Type::Any, &address));
    assert!(!is_a(&json("null"), &Type::Any, &Type::String));
}

#[test]
fn equality_is_that_of_json() {
    for (a, b, expected) in [
        ("1", "1.0", true),
        ("100", "1e2", true),
        ("9007199254740993", "9007199254740992", false),
        ("\"a\"", "\"\\u0061\"", true),
        ("{\"a\": 1, \"b\": [2, 3]}", "{\"b\": [2.0, 3], \"a\": 1}", true),
        ("{\"a\": 1}", "{\"a\": 1, \"b\": null}", false),
        ("[1, 2]", "[2, 1]", false),
        ("[]", "{}", false),
        ("1", "\"1\"", false),
        ("null", "false", false),
    ] {
        assert_eq!(equal(&json(a), &json(b)), Ok(expected), "{a} == {b}");
        assert_eq!(key(&json(a)) == key(&json(b)), expected, "{a} == {b}");
    }
    assert_eq!(equal(&number("1.50"), &json("1.5")), Ok(true));
    assert_eq!(equal(&Value::Float(0.1), &json("0.1")), Ok(true));
    assert_eq!(equal(&text("a"), &json("\"a\"")), Ok(true));
    let emails = Type::list(Type::Email);
    let sent = json(r#"["Bob <B@X.org>", "c@y.org"]"#);
    let constant = Const::List([Const::Text("b@x.org".into()), Const::Text("c@y.org".into())].into());
    assert_eq!(equal_as(&emails, &sent, &from_const(&constant)), Ok(true));
    assert_eq!(equal_as(&emails, &json("[\"b\"]"), &from_const(&constant)), Err(MALFORMED));
    let (left, right) = (json(r#"["a", "b", "a"]"#), json(r#"["b", "a"]"#));
    assert_eq!(equal_as(&Type::set(Type::String), &left, &right), Ok(true));
    assert_eq!(equal_as(&Type::list(Type::String), &left, &right), Ok(false));
}

#[test]
fn order_is_by_value() {
    assert_eq!(order(&Type::Decimal, &number("1.50"), &number("1.5")), Ok(Ordering::Equal));
    assert_eq!(order(&Type::String, &text("a"), &text("ä")), Ok(Ordering::Less));
    assert_eq!(order(&Type::String, &text("1.10.0"), &text("1.9.0")), Ok(Ordering::Less));
    assert_eq!(order(&Type::Semver, &text("1.10.0"), &text("1.9.0")), Ok(Ordering::Greater));
    assert_eq!(order(&Type::Semver, &text("1.0.0-rc.1"), &text("1.0.0")), Ok(Ordering::Less));
    assert_eq!(order(&Type::Duration, &Value::Duration(1), &Value::Duration(2)), Ok(Ordering::Less));
    assert_eq!(order(&Type::Any, &json("1"), &json("2")), Err(WRONG_TYPE));
}

#[test]
fn what_holds_what() {
    let emails = Type::list(Type::Email);
    let sent = json(r#"["Bob <B@X.org>", "c@y.org"]"#);
    assert_eq!(in_list(&text("b@x.org"), &sent, &Type::Email), Ok(true));
    assert_eq!(contains(&sent, &text("b@x.org"), &emails), Ok(true));
    assert_eq!(contains(&sent, &text("d@x.org"), &emails), Ok(false));
    // One that cannot be read might be it, when none of the others is.
    let broken = json(r#"["x", "c@y.org"]"#);
    assert_eq!(in_list(&text("c@y.org"), &broken, &Type::Email), Ok(true));
    assert_eq!(in_list(&text("b@x.org"), &broken, &Type::Email), Err(MALFORMED));
    assert_eq!(contains(&text("base64 -d"), &text("base64"), &Type::String), Ok(true));
    let network = const_read("10.0.0.0/8", &Type::Cidr).unwrap();
    let address = cast(&text("10.1.2.3"), &Type::String, &Type::Ip).unwrap();
    assert_eq!(contains(&from_const(&network), &address, &Type::Cidr), Ok(true));
    assert_eq!(contains(&from_const(&network), &text("10.1.2.3"), &Type::Cidr), Err(WRONG_TYPE));
    assert_eq!(starts_with(&address, &text("10.")), Ok(true));
    assert_eq!(starts_with(&text("abc"), &text("ab")), Ok(true));
    assert_eq!(ends_with(&text("abc"), &text("ab")), Ok(false));
    let effects = ["egress".to_owned(), "spend".to_owned()];
    assert_eq!(in_list(&text("egress"), &Value::Words(&effects), &Type::String), Ok(true));
}

/// A set is the same whether it was made ready or not.
fn check_in(entries: &[&str], item: &Type, value: &str, value_ty: &Type, expected: bool) {
    let entries: Vec<Const> = entries.iter().map(|entry| const_member(entry, item).unwrap()).collect();
    let value = read_text(Cow::Borrowed(value), value_ty).unwrap();
    assert_eq!(Members::new(&entries, item).unwrap().has(&value), Ok(expected), "{value:?} in {entries:?}");
    assert_eq!(in_list(&value, &Value::Const(&Const::List(entries.into())), item), Ok(expected), "{value:?}");
}

#[test]
fn constant_sets_know_domains_networks_and_patterns() {
    let internal = ["ourcompany.com", "*.ourcompany.com"];
    for (domain, expected) in [
        ("ourcompany.com", true),
        ("Mail.OurCompany.com", true),
        ("a.b.ourcompany.com", true),
        ("notourcompany.com", false),
        ("ourcompany.com.evil.example", false),
        ("com", false),
    ] {
        check_in(&internal, &Type::Domain, domain, &Type::Domain, expected);
    }
    check_in(&["*.ourcompany.com"], &Type::Domain, "ourcompany.com", &Type::Domain, false);
    let networks = ["10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/24", "192.168.1.0/24", "2001:db8::/32"];
    for (ip, expected) in [
        ("10.255.0.1", true),
        ("10.1.2.3", true),
        ("11.0.0.0", false),
        ("9.255.255.255", false),
        ("192.168.1.255", true),
        ("192.168.2.0", false),
        ("2001:db8::1", true),
        ("2001:db9::1", false),
        ("::ffff:10.0.0.1", true),
    ] {
        check_in(&networks, &Type::Cidr, ip, &Type::Ip, expected);
    }
    check_in(&networks, &Type::Cidr, "10.2.0.0/16", &Type::Cidr, true);
    check_in(&networks, &Type::Cidr, "10.0.0.0/7", &Type::Cidr, false);
    check_in(&networks, &Type::Cidr, "192.168.0.0/23", &Type::Cidr, false);
    check_in(&["/etc", "/home/**"], &Type::Path, "/home/bob/../eve/x", &Type::Path, true);
    check_in(&["/etc", "/home/**"], &Type::Path, "/etc/passwd", &Type::Path, false);
    check_in(&["/etc", "/home/**"], &Type::Path, "/etc/", &Type::Path, true);
    check_in(&["*.exe", "a?"], &Type::Pattern(PatternKind::Glob), "x.exe", &Type::String, true);
    check_in(&["^a", "b$"], &Type::Pattern(PatternKind::Regex), "xb", &Type::String, true);
    check_in(&["^a", "b$"], &Type::Pattern(PatternKind::Regex), "xbx", &Type::String, false);
    check_in(&["Bob@X.org"], &Type::Email, "b@x.org", &Type::Email, false);
    check_in(&["Bob@X.org"], &Type::Email, "bob@X.ORG", &Type::Email, true);
    let ids = [Const::Number(7.into()), Const::Number(Decimal::new(90, 1))];
    let ids = Members::new(&ids, &Type::Int).unwrap();
    assert_eq!((ids.has(&number("7.0")), ids.has(&number("9")), ids.has(&number("8"))), (Ok(true), Ok(true), Ok(false)));
    assert_eq!((ids.has(&json("7")), ids.has(&json("\"7\""))), (Ok(true), Ok(false)));
}

#[test]
fn patterns_match_as_their_kind_says() {
    let check = |kind: PatternKind, pattern: &str, value: &str, expected: bool| {
        let matcher = Matcher::new(&const_read(pattern, &Type::Pattern(kind)).unwrap()).unwrap();
        assert_eq!(matcher.matches(&text(value)), Ok(expected), "{value} matches {pattern}");
    };
    check(PatternKind::Regex, "[0-9]{3}", "abc123", true);
    check(PatternKind::Glob, "/etc/**", "/etc/ssh/x", true);
    check(PatternKind::Glob, "/etc/**", "/etc", false);
    check(PatternKind::Glob, "/etc/*", "/etc/ssh/x", false);
    check(PatternKind::Glob, "*.pem", "key.PEM", false);
    check(PatternKind::Glob, "{a,b}/?.txt", "b/x.txt", true);
    check(PatternKind::Literal, "a.c", "abc", false);
    check(PatternKind::Versions, ">=1.2, <2", "1.10.0", true);
    check(PatternKind::Versions, "^1.2", "2.0.0", false);
}

#[test]
fn arithmetic_is_exact() {
    let check = |left: Value<'_>, op: BinaryOp, right: Value<'_>, ty: Type, expected: Result<&str, Gap>| {
        let shown = arithmetic(op, &left, &right, &ty).map(|value| show(&value));
        assert_eq!(shown.as_deref(), expected.as_ref().map(|shown| *shown), "{left:?} {} {right:?}", op.as_str());
    };
    let arithmetic_gap = Err(Gap::Unknown(Reason::Arithmetic));
    let minute = || Value::Duration(60_000_000);
    let midnight = || Value::Time("2025-12-05T00:00:00Z".parse().unwrap());
    check(number("7"), BinaryOp::Divide, number("2"), Type::Int, Ok("3"));
    check(number("7"), BinaryOp::Divide, number("2"), Type::Decimal, Ok("3.5"));
    check(number("7"), BinaryOp::Divide, number("0"), Type::Int, arithmetic_gap);
    check(number("7"), BinaryOp::Remainder, number("4"), Type::Int, Ok("3"));
    check(number("0.1"), BinaryOp::Add, number("0.2"), Type::Decimal, Ok("0.3"));
    check(Value::Float(1e308), BinaryOp::Multiply, Value::Float(10.0), Type::Float, arithmetic_gap);
    check(minute(), BinaryOp::Multiply, number("1.5"), Type::Duration, Ok("1m30s"));
    check(number("2"), BinaryOp::Multiply, minute(), Type::Duration, Ok("2m"));
    check(minute(), BinaryOp::Divide, number("4"), Type::Duration, Ok("15s"));
    check(minute(), BinaryOp::Divide, minute(), Type::Decimal, Ok("1"));
    check(minute(), BinaryOp::Multiply, number("1e20"), Type::Duration, arithmetic_gap);
    check(Value::Duration(i64::MAX), BinaryOp::Add, minute(), Type::Duration, arithmetic_gap);
    check(Value::Size(1), BinaryOp::Subtract, Value::Size(2), Type::Size, arithmetic_gap);
    check(midnight(), BinaryOp::Add, minute(), Type::Time, Ok("2025-12-05T00:01:00Z"));
    check(midnight(), BinaryOp::Subtract, midnight(), Type::Duration, Ok("0s"));
    check(text("a"), BinaryOp::Add, text("b"), Type::String, Ok("ab"));
    check(text("a"), BinaryOp::Add, number("1"), Type::String, Err(WRONG_TYPE));
    assert_eq!(negate(&number("0")).map(|value| show(&value)), Ok("0".to_owned()));
    assert_eq!(negate(&Value::Duration(i64::MIN)).map(|_| ()), arithmetic_gap.map(|_| ()));
}

#[test]
fn values_are_shown_short_and_safe() {
    assert_eq!(show(&text("two\r\nlines \u{202e}reversed")), "two\\r\\nlines \\u{202e}reversed");
    let long = show(&text(&"ä".repeat(1_000)));
    assert_eq!((long.chars().count(), long.ends_with('…')), (80, true));
    assert_eq!(show(&text(&"ä".repeat(80))).chars().last(), Some('ä'));
    let list = show(&json(&format!("[{}1]", "1, ".repeat(100_000))));
    assert!(list.ends_with('…') && (20..=80).contains(&list.chars().count()), "{list}");
    assert_eq!(show(&json(r#"{"b": [1.50, null], "a": "x"}"#)), r#"{"b": [1.5, null], "a": "x"}"#);
    assert_eq!(canonical_text(&json(r#"{"b": [1.50, null], "a": "x\u0001\""}"#)), r#"{"a":"x\u0001\"","b":[1.5,null]}"#);
}

#[test]
fn what_is_too_long_to_be_stored_is_still_equal() {
    let long = "x".repeat(2_000);
    let stored = Stored::new(&Ok(text(&long)));
    assert!(stored.bytes() < 100);
    let kept = stored.outcome().unwrap();
    assert_eq!(equal(&kept, &text(&long)), Ok(true));
    assert_eq!(equal(&text(&long), &kept), Ok(true));
    assert_eq!(equal(&kept, &json(&format!("\"{long}\""))), Ok(true));
    assert_eq!(equal(&kept, &text("x")), Ok(false));
    assert_eq!(key(&kept), key(&text(&long)));
    assert_eq!(hash(&kept), hash(&text(&long)));
    let forgotten = Gap::Unknown(Reason::Forgotten);
    assert_eq!(contains(&kept, &text("x"), &Type::String), Err(forgotten));
    assert_eq!(order(&Type::String, &kept, &text("x")), Err(forgotten));
    assert_eq!(starts_with(&kept, &text("x")), Err(forgotten));
    assert_eq!(field(&kept, "a", &Type::Any).map(|_| ()), Err(forgotten));
    assert_eq!(
        Matcher::new(&const_read("x", &Type::Pattern(PatternKind::Regex)).unwrap()).unwrap().matches(&kept),
        Err(forgotten)
    );
    let object = json(&format!("{{\"a\": \"{long}\", \"b\": 1}}"));
    let turned = json(&format!("{{\"b\": 1.0, \"a\": \"{long}\"}}"));
    let stored_object = Stored::new(&Ok(object));
    assert_eq!(equal(&stored_object.outcome().unwrap(), &turned), Ok(true));
    for gap in [Gap::Absent, Gap::Unknown(Reason::Missing)] {
        assert_eq!(Stored::new(&Err(gap)).outcome().map(|_| ()), Err(gap));
    }
}

/// Any JSON, its objects without doubled keys.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        "[ -~äß€]{0,30}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just(format!("\"{}\"", "long ".repeat(300))),
        Just("\"\\u0061\\/\"".to_owned()),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            proptest::collection::btree_map("[a-c]{0,2}", inner, 0..6).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                format!("{{{}}}", members.join(", "))
            }),
        ]
    })
}

fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        Just(Type::Int),
        Just(Type::Decimal),
        Just(Type::Float),
        Just(Type::String),
        Just(Type::Code(CodeLanguage::Sql)),
        Just(Type::Email),
        Just(Type::Domain),
        Just(Type::Url),
        Just(Type::Ip),
        Just(Type::Cidr),
        Just(Type::Path),
        Just(Type::Semver),
        Just(Type::Time),
        Just(Type::Duration),
        Just(Type::Size),
        Just(Type::Any),
        Just(Type::Error),
        Just(words(&["a", "b"])),
        Just(Type::Pattern(PatternKind::Regex)),
        Just(Type::Pattern(PatternKind::Glob)),
        Just(Type::Pattern(PatternKind::Literal)),
        Just(Type::Pattern(PatternKind::Versions)),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::optional),
            inner.prop_map(|ty| record(&[("a", ty)])),
        ]
    })
}

proptest! {
    #[test]
    fn keys_equality_and_memory_agree(a in any_json(), b in any_json()) {
        let (x, y) = (json(&a), json(&b));
        let same = equal(&x, &y).unwrap();
        prop_assert_eq!(same, key(&x) == key(&y));
        prop_assert_eq!(same, canonical_text(&x) == canonical_text(&y));
        prop_assert_eq!(same, equal(&y, &x).unwrap());
        prop_assert_eq!(equal(&x, &json(&canonical_text(&x))), Ok(true));
        let stored = Stored::new(&Ok(x.clone()));
        prop_assert!(stored.bytes() <= Stored::BYTES_MAX);
        let written = serde_json::to_string(&stored).unwrap();
        let stored: Stored = serde_json::from_str(&written).unwrap();
        let kept = stored.outcome().unwrap();
        prop_assert_eq!(equal(&kept, &x), Ok(true));
        prop_assert_eq!(equal(&kept, &y), Ok(same));
        prop_assert_eq!(key(&kept), key(&x));
        prop_assert!(show(&x).chars().count() <= 80);
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused(a in any_json(), ty in any_type(), to in any_type(), text_ in ".{0,40}") {
        let document = Document::parse(a.as_bytes(), &Limits::default()).unwrap();
        let value = read(document.root(), &ty);
        let shared = cast(&json(&a), &Type::Any, &ty);
        if ty != Type::Any {
            prop_assert_eq!(value.as_ref().map(show), shared.as_ref().map(show));
        }
        let _ = (const_read(&text_, &ty), const_member(&text_, &ty), read_text(Cow::Borrowed(&text_), &ty).map(|value| show(&value)));
        let stored = Stored::new(&value);
        prop_assert_eq!(stored.outcome().is_ok(), value.is_ok());
        let Ok(value) = value else { return Ok(()) };
        let kept = stored.outcome().unwrap();
        prop_assert_eq!(equal_as(&ty, &kept, &value).unwrap_or(true), true);
        prop_assert_eq!(key(&kept), key(&value));
        if let Ok(settled) = settle(value.clone(), &ty) {
            prop_assert_eq!(equal_as(&ty, &settled, &value), Ok(true));
            let stored = Stored::new(&Ok(settled.clone()));
            prop_assert_eq!(equal(&stored.outcome().unwrap(), &settled), Ok(true));
            prop_assert_eq!(key(&stored.outcome().unwrap()), key(&settled));
        }
        let _ = cast(&value, &ty, &to).map(|value| show(&value));
        let _ = (is_a(&value, &ty, &to), field(&value, "a", &to).is_ok(), index(&value, &number("1"), &to).is_ok());
        let _ = (in_list(&value, &kept, &to), contains(&kept, &value, &ty), order(&ty, &value, &kept), starts_with(&value, &kept));
        let _ = items(&value, &to).map(|items| items.filter(Result::is_ok).count());
    }

    #[test]
    fn sets_of_domains_agree_with_one_look_at_each_entry(
        entries in proptest::collection::vec("(\\*\\.)?[ab](\\.[ab]){0,3}", 0..6),
        domain in "[ab](\\.[ab]){0,4}",
    ) {
        let constants: Vec<Const> = entries.iter().map(|entry| const_member(entry, &Type::Domain).unwrap()).collect();
        let expected = entries.iter().any(|entry| domain::is_in(&domain, entry));
        prop_assert_eq!(Members::new(&constants, &Type::Domain).unwrap().has(&text(&domain)), Ok(expected));
    }

    #[test]
    fn sets_of_networks_agree_with_one_look_at_each(
        entries in proptest::collection::vec((any::<u32>(), 0u8..=32), 0..8),
        address in any::<u32>(),
        near in 0usize..8,
    ) {
        let networks: Vec<ipnet::IpNet> =
            entries.iter().map(|(address, prefix)| ipnet::IpNet::new((*address).to_be_bytes().into(), *prefix).unwrap().trunc()).collect();
        let constants: Vec<Const> = networks.iter().copied().map(Const::Cidr).collect();
        let members = Members::new(&constants, &Type::Cidr).unwrap();
        let close = networks.get(near).map_or(IpAddr::from(address.to_be_bytes()), |network| network.broadcast());
        for ip in [IpAddr::from(address.to_be_bytes()), close] {
            prop_assert_eq!(members.has(&Value::Ip(ip)), Ok(networks.iter().any(|network| network.contains(&ip))));
        }
    }
}
