//! What holds for the compiler however long, deep, broken or crafted a policy is: it answers, in a time that grows as the text does.
//!
//! No test asserts a time. They are large enough that something quadratic in them would not end.

#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fmt::Write as _;

use aop_dsl::{Checked, Diagnostic, Environment, Level, NoDetectors, Source, check};
use proptest::prelude::*;

const HEADER: &str = "policy acme.mail version \"1.0.0\" dsl 1;\n";
const FIXTURE: &str = include_str!("fixtures/every_construct.aop");
/// Policies without a mistake: with one, what follows it is checked as well.
const RULE_BOOK: [&str; 3] = [
    include_str!("../../policies/payments.aop"),
    include_str!("../../policies/loops.aop"),
    include_str!("../../policies/multi_agent.aop"),
];

/// Checks and lowers a policy; whatever it is, it is answered: with a set or with a mistake, within the text, and not at length.
fn answered(text: &str) -> Checked {
    let checked = check(&[Source { name: "x.aop".to_owned(), text: text.to_owned() }], &Environment::default());
    let diagnostics = &checked.diagnostics[0];
    assert_eq!(checked.set.is_none(), diagnostics.has_errors());
    assert!(diagnostics.iter().count() <= 201, "{} diagnostics", diagnostics.iter().count());
    for diagnostic in diagnostics {
        let related = diagnostic.related.iter().map(|related| &related.span);
        let fix = diagnostic.fix.iter().map(|fix| &fix.span);
        for span in related.chain(fix).chain([&diagnostic.span]) {
            assert!(text.get(span.clone()).is_some(), "{diagnostic:?}");
        }
        assert!(diagnostic.message.chars().count() < 400, "{}", diagnostic.message);
    }
    assert!(diagnostics.to_string().len() < 400_000);
    checked
}

/// The codes of its mistakes, each once.
fn mistakes(text: &str) -> Vec<String> {
    let checked = answered(text);
    let is_mistake = |diagnostic: &&Diagnostic| diagnostic.level == Level::Error && diagnostic.code.as_str() != "too-many";
    let errors = checked.diagnostics[0].iter().filter(is_mistake);
    let mut codes: Vec<String> = errors.map(|diagnostic| diagnostic.code.to_string()).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// So many of something, between what stands before and behind them.
fn many(count: usize, start: &str, one: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = format!("{HEADER}{start}");
    for at in 0..count {
        writeln!(text, "{}", one(at)).unwrap();
    }
    text + end
}

#[test]
fn ten_megabytes_of_noise() {
    let size = 10_000_000;
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_003).unwrap()
    };
    let words: Vec<&str> = FIXTURE.split_whitespace().collect();
    let mut soup = HEADER.to_owned();
    while soup.len() < size {
        soup.push_str(words[next() % words.len()]);
        soup.push(if next() % 8 == 0 { '\n' } else { ' ' });
    }
    assert!(answered(&soup).set.is_none());
    let bytes: String = (0..size / 10).map(|_| char::from_u32(next() as u32 % 0x250).unwrap()).collect();
    assert!(answered(&format!("{HEADER}{bytes}")).set.is_none());
    for unit in [
        "(",
        "{",
        "list<",
        "any x in y: ",
        "\"",
        "\"\n",
        "'",
        "a",
        "; ",
        "// x\n",
        "/ ",
        "on ",
        "unless ",
        "@a ",
        ",",
        "é",
        "rule x { ",
    ] {
        for start in ["", "let a = ", "rule x { on c: request(*) where ", "schema { ", "test \"t\" for x { meta { a: "] {
            answered(&format!("{HEADER}{start}{}", unit.repeat(size / 50 / unit.len())));
        }
    }
}

#[test]
fn a_hundred_thousand_rules() {
    let rules = 100_000;
    let rule = |at| format!("rule r{at} {{ on c: request(send) where c.seq > {at} then deny; }}");
    let checked = answered(&many(rules, "", rule, ""));
    let set = checked.set.unwrap();
    assert_eq!(set.rules().len(), rules);
    // What each costs is not what all cost.
    let cost = set.cost();
    let (least, most) =
        (cost.rules.iter().map(|rule| rule.steps_per_event).min(), cost.rules.iter().map(|rule| rule.steps_per_event).max());
    assert_eq!(least, most);
    assert_eq!(cost.steps_per_event, rules as u64 * most.unwrap());
}

#[test]
fn names_and_patterns_that_mean_each_other() {
    let actions = |count: usize| (0..count).map(|at| format!("action act{at}(x: string);")).collect::<String>();
    let rule = |at| format!("rule r{at} {{ on c: request(act*) where c.params.x == \"v{at}\" then deny; }}");
    let few = answered(&many(100, &format!("schema {{ {} }}\n", actions(100)), rule, ""));
    assert!(few.set.is_some());
    // Each of the rules is looked up by each of the actions.
    let crafted = many(5_000, &format!("schema {{ {} }}\n", actions(5_000)), rule, "");
    assert_eq!(mistakes(&crafted), ["over-budget"]);
}

#[test]
fn what_is_nested_ten_thousand_deep() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
        ("not ", "true", ""),
        ("- ", "1", ""),
        ("any x in y: ", "true", ""),
        ("a + ", "1", ""),
        ("a.", "b", ""),
        ("x as list<", "int", ">"),
        ("x is { a: ", "int", "}"),
    ] {
        let text = format!("{HEADER}let a = {}{inner}{};\n", open.repeat(10_000), close.repeat(10_000));
        assert!(mistakes(&text).contains(&"nesting".to_owned()), "{open}");
    }
}

/// Ten thousand definitions, each of which stands in the next: what is short to write may be deep, or huge.
#[test]
fn chains_of_ten_thousand_names() {
    let count = 10_000;
    let chain = |first: &str, next: fn(usize) -> String| {
        let first = first.to_owned();
        move |at: usize| if at == 0 { first.clone() } else { next(at) }
    };
    let rule = "rule r { on c: request(send) where GO then deny; }\n\
        test \"t\" for r { request(send) {}; expect deny at seq 1; }\ntest \"u\" for r { user \"x\"; expect nothing; }\n";
    let rule = |condition: &str| rule.replace("GO", condition);

    // What is deep and not large works.
    let functions = chain("fn f0(x: int) -> bool = x == 1;", |at| format!("fn f{at}(x: int) -> bool = f{}(x);", at - 1));
    passes(&many(count, "", functions, &rule("f9999(c.seq)")));
    let lets = chain("let a0 = 1;", |at| format!("let a{at} = a{} + 1;", at - 1));
    passes(&many(count, "", lets, &rule("c.seq < a9999")));

    // What is large, or deep in memory, is refused.
    let functions =
        chain("fn f0(x: int) -> bool = x == 1;", |at| format!("fn f{at}(x: int) -> bool = f{0}(x) and f{0}(x);", at - 1));
    assert_eq!(mistakes(&many(count, "", functions, &rule("f9999(c.seq)"))), ["over-budget"]);
    let texts = chain("let a0 = \"ab\";", |at| format!("let a{at} = a{0} + a{0};", at - 1));
    assert_eq!(mistakes(&many(count, "", texts, "")), ["arithmetic"]);
    for depth in [65, count] {
        let lists = chain("let a0 = [1];", |at| format!("let a{at} = [a{}];", at - 1));
        assert_eq!(mistakes(&many(depth, "", lists, "")), ["nesting"]);
        let types = chain("schema { type T0 = int;", |at| format!("type T{at} = list<T{}>;", at - 1));
        assert_eq!(mistakes(&many(depth, "", types, "}")), ["type-use"]);
    }
    let lists = chain("let a0 = [1];", |at| format!("let a{at} = [a{0}, a{0}];", at - 1));
    assert_eq!(mistakes(&many(count, "", lists, "")), ["nesting"]);
    let types = chain("schema { type T0 = int;", |at| format!("type T{at} = {{ a: T{0}, b: T{0} }};", at - 1));
    assert_eq!(mistakes(&many(count, "", types, "}")), ["type-use"]);
    let packages = mistakes(&many(count, "", |at| format!("use acme.a{at};"), ""));
    assert_eq!(packages, ["package"]);
}

fn passes(text: &str) {
    let set = answered(text).set.unwrap_or_else(|| panic!("{:?}", mistakes(text)));
    let report = aop_dsl::test(&set, &NoDetectors, &|_| true);
    let failures: Vec<_> = report.results.iter().map(|result| &result.failures).collect();
    assert_eq!((report.results.len(), report.failed()), (2, 0), "{failures:?}");
}

/// A list or a text that all rules share is one: it is not read again for each of them.
#[test]
fn what_many_rules_share() {
    let numbers = (0..20_000).map(|at| format!("{at}, ")).collect::<String>();
    let big = format!("let big = [{numbers}];\n");
    let rule = |at| format!("rule r{at} {{ on c: request(send{at}) where c.seq + {at} in big then deny; }}");
    assert!(answered(&many(5_000, &big, rule, "")).set.is_some());
    let function = |at| format!("fn f{at}(x: int) -> bool = x + {at} in big;");
    assert!(answered(&many(5_000, &big, function, "")).set.is_some());
    let long = format!("let long = \"{}\";\n", "x".repeat(100_000));
    let rule =
        |at| format!("rule r{at} {{ on c: request(send{at}) where c.rationale == long or c.seq == {at} then deny; }}");
    assert!(answered(&many(5_000, &long, rule, "")).set.is_some());
}

/// Each wrong name is looked for among all that there are; for so many it is not.
#[test]
fn ten_thousand_wrong_names() {
    let count = 10_000;
    let wrong = |start: &str, one: &dyn Fn(usize) -> String, end: &str| mistakes(&many(count, start, one, end));
    assert_eq!(wrong("schema {", &|at| format!("type T{at} = Q{at};"), "}"), ["unknown-type"]);
    assert_eq!(wrong("", &|at| format!("let t{at} = q{at};"), ""), ["unknown-name"]);
    assert_eq!(wrong("", &|at| format!("fn f{at}(x: int) -> bool = g{at}(x);"), ""), ["unknown-function"]);
    let rules = |at| {
        format!("rule p{at} {{ on c: request(x) then deny; }} test \"a\" for q{at} {{ request(x) {{}}; expect nothing; }}")
    };
    assert_eq!(wrong("", &rules, ""), ["unknown-rule"]);
    // What a schema does not name may be sent all the same.
    let actions = |at| format!("rule r{at} {{ on c: request(b{at}) then deny; }}");
    assert_eq!(wrong("schema { action known(); }", &actions, ""), Vec::<String>::new());
    let same = |at: usize| format!("rule r {{ on c: request(x) where c.seq > {at} then deny; }}");
    assert_eq!(wrong("", &same, ""), ["name-taken"]);
}

/// What each kind of clause keeps has a place of its own, which nobody looks for among all others.
#[test]
fn thousands_of_each_kind_of_clause() {
    let count = 3_000;
    let schema = "schema { action x(a: string, b: int) -> string; action y(); action z(); }\n";
    for clause in [
        "on c: response(x) where c.request.params.a + \"AT\" == c.result then deny;",
        "on c: response(x) after p: request(x) where p.params.a + \"AT\" == c.result then deny;",
        "on c: request(x) after p: response(x) where c.params derives_from p.result and p.seq > AT then deny;",
        "on c: request(x) seq [ a: request(y) where a.seq > AT; b: request(z) where b.seq > a.seq + AT; ] within run then deny;",
        "on c: request(x) seq [ a: request(y) where a.seq > AT; b: request(z) where b.seq > AT; ] within run then deny;",
        "on c: request(x) sum(p.params.b for p: request(x)) > AT within 1h by agent.id, action then deny;",
        "on c: request(x) count(p: request(x) where p.params.b > c.params.b + AT) > 3 within 1h then deny;",
        "on c: request(x) cycle(c.action where c.params == prev.params) >= 3 within 30 events where c.seq > AT then deny;",
        "on c: request(gAT.*) count(request(*AT.b)) > 3 within 1h then deny;",
    ] {
        let rule = |at: usize| format!("rule r{at} {{ {} }}", clause.replace("AT", &at.to_string()));
        let text = many(count, schema, rule, "");
        let text = if clause.contains("gAT") { text.replace(schema, "") } else { text };
        let mistakes = mistakes(&text);
        // So many of some need more memory than is allowed.
        assert!(mistakes.is_empty() || mistakes == ["over-budget"], "{clause}: {mistakes:?}");
    }
    let duty = |at| {
        format!(
            "rule r{at} @phase(post_run) {{ on c: request(x) where c.seq > {at} expect p: response(x) where p.request.seq == c.seq within 5s then flag; }}"
        )
    };
    assert_eq!(mistakes(&many(count, schema, duty, "")), ["over-budget"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Changes to policies without a mistake: most of them are still read, and it is the checker that answers.
    #[test]
    fn a_sound_policy_with_changes(
        book in 0..RULE_BOOK.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_u8), 1..4),
    ) {
        let mut words: Vec<&str> = RULE_BOOK[book].split_inclusive([' ', '.', '(', ')', ',']).collect();
        for (at, other, kind) in changes {
            let (at, other) = (at.index(words.len()), other.index(words.len()));
            match kind {
                0 => words.swap(at, other),
                1 => words[at] = words[other],
                _ => _ = words.remove(at),
            }
        }
        answered(&words.concat());
    }
}
