//! Tests of the checker: what is said of a policy, and what comes out of it. How mistakes read is in `tests/diagnostics/check`.

use std::collections::HashMap;

use super::check_diagnostics;
use crate::diagnostic::Sink;
use crate::environment::{Environment, Resolver};
use crate::syntax::parse;
use crate::typed::{
    ActionName, Clause, ClauseKind, Const, EventField, Expr, ExprKind, FunctionId, OnUnknown, Package, Pattern, Slot, Window,
};
use crate::types::Type;

const SCHEMA: &str = r#"policy acme.mail version "1.0.0" dsl 1;
schema {
  effect egress; effect spend; label untrusted;
  action send(to: list<email>, subject: string, body: string?) : egress;
  action page(url: url) -> { body: string, code: int? } : untrusted;
  action pay(amount: decimal, currency: enum["EUR", "USD"], account: string, note: string?) : spend;
  action pay.fast(amount: decimal, account: int) : spend;
}
"#;

/// Packages by their names.
struct Packages(HashMap<&'static str, &'static str>);

impl Resolver for Packages {
    fn package(&self, name: &str) -> Option<(String, String)> {
        self.0.get(name).map(|text| (format!("{name}.aop"), (*text).to_owned()))
    }
}

/// Checks what is said: a line for each, of its code and of the text that is meant.
fn check(policy: &str, expected: &[&str]) {
    let source = format!("{SCHEMA}{policy}");
    let said = check_diagnostics("mail.aop", &source, &Environment::default());
    let lines: Vec<String> = said
        .iter()
        .filter(|diagnostic| diagnostic.code.as_str() != "no-test")
        .map(|diagnostic| format!("{} {}", diagnostic.code, &source[diagnostic.span.clone()]))
        .collect();
    assert_eq!(lines, expected, "{said}");
}

/// The typed form of a policy without mistakes.
fn typed(policy: &str) -> Package {
    let source = format!("{SCHEMA}{policy}");
    let mut sink = Sink::new("mail.aop", &source);
    let file = parse(&source, &mut sink).unwrap();
    let package = super::check(&file, "mail.aop", &source, &Environment::default(), &mut sink);
    package.unwrap_or_else(|| panic!("{}", sink.into_diagnostics()))
}

/// What is said of a policy that uses others.
fn said_with(packages: &[(&'static str, &'static str)], policy: &str) -> Vec<String> {
    let packages = Packages(packages.iter().copied().collect());
    let source = format!("policy acme.mail version \"1.0.0\" dsl 1;\n{policy}");
    let said = check_diagnostics("mail.aop", &source, &Environment::new(&packages));
    let told = said.iter().filter(|diagnostic| diagnostic.code.as_str() != "no-test");
    told.map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect()
}

fn rule_of(policy: &str) -> crate::typed::Rule {
    typed(policy).rules.remove(0)
}

#[test]
fn one_mistake_is_told_once() {
    check(
        "rule r { on c: request(send) where c.params.subjct contains lower(5) + 1 and not c.prams then deny; }",
        &["unknown-field subjct", "type-mismatch 5", "unknown-field prams"],
    );
    check(
        "let a: int = b; rule r { on c: request(pay) where a > 5 and c.params.amount > a then deny; }",
        &["unknown-name b"],
    );
    check(
        "fn f(x: emial) -> bool = x.domain == \"a\"; rule r { on c: request(send) where any t in c.params.to: f(t) then deny; }",
        &["unknown-type emial"],
    );
}

#[test]
fn what_could_not_be_read_is_no_second_mistake() {
    check(
        "let ours: set<domain> = [; rule r { on c: request(send) where any t in c.params.to: t.domain in ours then deny; }",
        &["brackets ["],
    );
}

#[test]
fn literals_are_read_as_their_place_expects() {
    check(
        r#"let ours: set<domain> = ["acme.example", "*.acme.example"];
        rule r { on c: request(send) where any t in c.params.to: t == "bob@acme.example" or t.domain not in ours then deny; }
        rule s { on c: request(pay) where c.params.currency in ["EUR", "USD"] and c.params.amount > 5 and c.t > "2025-01-01T00:00:00Z" then deny; }"#,
        &[],
    );
    check(r#"rule r { on c: request(send) where "bob" in c.params.to then deny; }"#, &["bad-literal \"bob\""]);
    check(r#"rule r { on c: request(pay) where "EURO" == c.params.currency then deny; }"#, &["enum-word \"EURO\""]);
    check(r#"rule r { on f: final where f.confidence > 0.8 then flag; }"#, &[]);
}

#[test]
fn what_may_be_absent_is_compared_freely_and_used_with_care() {
    check(r#"rule r { on c: request(send) where c.params.body contains "x" then deny; }"#, &[]);
    check(r#"rule r { on c: request(send) where c.params.body.length > 5 then deny; }"#, &["optional c.params.body.length"]);
    check(
        r#"rule r { on c: request(send) where c.params.body?.length > 5 or has c.params.body and c.params.body.length > 5 then deny; }"#,
        &[],
    );
    check(
        r#"fn f(x: string) -> bool = x == "a"; rule r { on c: request(send) where f(c.params.body) then deny; }"#,
        &["optional c.params.body"],
    );
    for condition in [
        r#"f(c.params.body ?? "")"#,
        "has c.params.body and f(c.params.body)",
        "not has c.params.body or f(c.params.body)",
        r#"c.params.body != "x" and f(c.params.body)"#,
    ] {
        check(
            &format!(r#"fn f(x: string) -> bool = x == "a"; rule r {{ on c: request(send) where {condition} then deny; }}"#),
            &[],
        );
    }
}

#[test]
fn results_are_asked_for_as_if_they_were_there() {
    let rule = rule_of(r#"rule r { on w: response(page) where w.result.body == "x" and w.result.code == 200 then flag; }"#);
    let ExprKind::Binary { left, .. } = &rule.trigger.condition.kind else { panic!() };
    let ExprKind::Binary { left: body, .. } = &left.kind else { panic!() };
    assert!(matches!(&body.kind, ExprKind::Field { optional: false, .. }) && body.ty == Type::String.optional());
    check("rule r { on w: response(page) where w.result.code.x == 1 then flag; }", &["unknown-field x"]);
}

#[test]
fn any_is_narrowed() {
    check(r#"rule r { on c: request(other*) where c.params.x == c.params.y then deny; }"#, &["undeclared-action other*"]);
    check(r#"rule r { on c: request(*) where c.params.x is string and c.params.x contains "rm" then deny; }"#, &[]);
    check(r#"rule r { on c: request(*) where (c.params.x as list<string>)[0] == "a" then deny; }"#, &[]);
    check(r#"rule r { on c: request(*) where c.params.x contains "rm" then deny; }"#, &["untyped c.params.x"]);
    let rule = rule_of(r#"rule r { on c: request(*) where c.params.x is string and c.params.x == "rm" then deny; }"#);
    let ExprKind::Binary { right, .. } = &rule.trigger.condition.kind else { panic!() };
    let ExprKind::Binary { left, .. } = &right.kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Cast(_)) && left.ty == Type::String);
}

#[test]
fn several_actions_have_the_fields_of_all() {
    check(r#"rule r { on c: request(pay | pay.fast) where c.params.amount > 5 and c.params.note == "x" then deny; }"#, &[]);
    check(
        r#"rule r { on c: request(pay | pay.fast) where c.params.account == "x" then deny; }"#,
        &["untyped c.params.account"],
    );
    check(
        r#"rule r { on c: request(pay | pay.fast) where c.params.currency.length > 5 then deny; }"#,
        &["optional c.params.currency.length"],
    );
    let rule = rule_of("rule r { on c: request(pay.* | \"a*b\") then deny; }");
    let Pattern::Action(_, names) = rule.trigger.pattern else { panic!() };
    assert_eq!(names, [ActionName::Glob("pay.*".to_owned()), ActionName::Exact("a*b".to_owned())]);
}

#[test]
fn defaults_of_rules() {
    let package = typed(
        r#"rule a { on c: request(pay) then deny; }
        rule b { on c: request(pay) then flag; }
        rule c { on c: request(pay) expect a: response(pay) where a.request.seq == c.seq within 5s then flag; }
        rule d @on_unknown(ignore) @description("why") { on c: request(send) then redact(c.params.body), throttle(wait: 5s); }"#,
    );
    let of = |at: usize| (package.rules[at].on_unknown, package.rules[at].phase);
    use aop_toon::Phase::{Ingestion, PostRun};
    assert_eq!(
        [of(0), of(1), of(2)],
        [(OnUnknown::Deny, Ingestion), (OnUnknown::Flag, Ingestion), (OnUnknown::Flag, PostRun)]
    );
    assert_eq!(of(3), (OnUnknown::Ignore, Ingestion));
    assert_eq!(package.rules[0].code, "acme.mail.a");
    assert!(format!("{:?}", package.rules[3].message).contains("why"));
}

#[test]
fn clauses_get_slots_in_their_order() {
    let rule = rule_of(
        r#"rule r { on c: request(send) after w: response(page) where w.seq < c.seq
        seq [ a: request(pay); b: response(pay) where b.request.seq == a.seq; ] within 10m
        unless count(request(send)) > 3 within 1h per agent
        then deny "{w.seq} {b.seq}"; }"#,
    );
    assert_eq!(rule.slots, ["c", "w", "a", "b", "_"]);
    let kinds: Vec<String> = rule
        .clauses
        .iter()
        .map(|clause| match clause {
            Clause { kind: ClauseKind::After { event, window, .. }, .. } => format!("after {:?} {window:?}", event.slot),
            Clause { kind: ClauseKind::Seq { steps, window, .. }, .. } => format!("seq {} {window:?}", steps.len()),
            Clause { negated, kind: ClauseKind::Aggregate(aggregate), .. } => {
                format!("{negated} {:?} {:?} {}", aggregate.function, aggregate.scope, aggregate.keys_max)
            }
            _ => String::new(),
        })
        .collect();
    assert_eq!(kinds, ["after Slot(1) Run", "seq 2 Micros(600000000)", "true Count Agent 1"]);
}

#[test]
fn keys_are_of_both_events() {
    let rule =
        rule_of("rule r { on a: response(pay) count(request(pay)) > 3 within 1h by params.account, agent.id then flag; }");
    let ClauseKind::Aggregate(aggregate) = &rule.clauses[0].kind else { panic!() };
    let root = |expr: &Expr| {
        let mut expr = expr.clone();
        while let ExprKind::Field { base, .. } = expr.kind {
            expr = *base;
        }
        expr.kind
    };
    let params = |slot, of_request| ExprKind::Event { slot: Slot(slot), of_request, field: EventField::Params };
    // A response's `params` are its request's.
    assert_eq!(root(&aggregate.by[0].of_event), params(1, false));
    assert_eq!(root(&aggregate.by[0].of_trigger), params(0, true));
    assert_eq!((aggregate.keys_max, aggregate.window), (1024, Window::Micros(3_600_000_000)));
}

#[test]
fn constants_are_worked_out() {
    let package = typed(
        r#"let hour: duration = 2 * 30m;
        let far: duration = hour * 24;
        let names: list<string> = ["a", lower("B")];
        rule r { on c: request(pay) where c.t - now > far and c.params.account in names then deny; }"#,
    );
    let ExprKind::Binary { left, right, .. } = &package.rules[0].trigger.condition.kind else { panic!() };
    let constant = |expr: &Expr| match &expr.kind {
        ExprKind::Binary { right, .. } => match &right.kind {
            ExprKind::Const(value) => value.clone(),
            _ => panic!(),
        },
        _ => panic!(),
    };
    assert_eq!(constant(left), Const::Duration(86_400_000_000));
    let Const::List(names) = constant(right) else { panic!() };
    assert_eq!(*names, [Const::Text("a".into()), Const::Text("b".into())]);
}

#[test]
fn functions_stand_behind_those_they_call() {
    let package = typed(
        "fn a(x: int) -> int = b(x) + b(x + 1); fn b(x: int) -> int = x * 2;
        rule r { on c: request(pay) where a(c.seq) > 5 then deny; }",
    );
    let names: Vec<&str> = package.functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(names, ["acme.mail.b", "acme.mail.a"]);
    let ExprKind::Binary { left, .. } = &package.rules[0].trigger.condition.kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Call { function: FunctionId(1), .. }));
}

#[test]
fn used_packages_give_their_schema_constants_types_and_functions() {
    let common = r#"policy acme.common version "1.0.0" dsl 1;
        use acme.words;
        schema { type Person = { mail: email }; action greet(who: Person) : egress; }
        let ours: set<domain> = ["acme.example"];
        fn stranger(a: email) -> bool = a.domain not in ours;"#;
    let words = r#"policy acme.words version "1.0.0" dsl 1; schema { effect egress; }"#;
    let packages = [("acme.common", common), ("acme.words", words)];
    let policy = r#"use acme.common as c2; use acme.words;
        fn f(p: c2.Person) -> bool = c2.stranger(p.mail) and p.mail.domain not in c2.ours;
        rule r { on c: request(greet) where f(c.params.who) and "egress" in c.effects then deny; }"#;
    assert!(said_with(&packages, policy).is_empty(), "{:?}", said_with(&packages, policy));
    assert_eq!(
        said_with(&packages, "use acme.common; rule r { on c: request(*) where common.our == 1 then deny; }"),
        ["unknown-name: the package `acme.common` has no `our`"]
    );
}

#[test]
fn mistakes_of_used_packages_are_told_where_they_are_used() {
    let broken = "policy acme.broken version \"1.0.0\" dsl 1;\nlet a: int = \"x\";\nlet b: int = \"y\";";
    assert_eq!(
        said_with(
            &[("acme.broken", broken)],
            "use acme.broken; rule r { on c: request(x) where broken.f(c.seq) then deny; }"
        ),
        [
            "package: the package `acme.broken` has mistakes: acme.broken.aop:2:14: this `let` is an `int`, and `\"x\"` is a `string`"
        ]
    );
    let one = "policy acme.one version \"1.0.0\" dsl 1; use acme.two;";
    let two = "policy acme.two version \"1.0.0\" dsl 1; use acme.one;";
    let said = said_with(&[("acme.one", one), ("acme.two", two)], "use acme.one;");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("in a circle: acme.one → acme.two → acme.one"), "{said:?}");
    let other = "policy acme.other version \"1.0.0\" dsl 1;";
    assert_eq!(said_with(&[("acme.asked", other)], "use acme.asked;").len(), 1);
}

#[test]
fn two_packages_may_declare_the_same_action_and_not_two() {
    let one = "policy acme.one version \"1.0.0\" dsl 1; schema { action x(a: int); }";
    let same = "policy acme.two version \"1.0.0\" dsl 1; schema { action x(a: int); }";
    let other = "policy acme.two version \"1.0.0\" dsl 1; schema { action x(a: string); }";
    let policy = "use acme.one; use acme.two; rule r { on c: request(x) then deny; }";
    assert!(said_with(&[("acme.one", one), ("acme.two", same)], policy).is_empty());
    assert_eq!(
        said_with(&[("acme.one", one), ("acme.two", other)], policy),
        ["schema-conflict: `acme.two` declares the action `x` otherwise than the package `acme.one`"]
    );
}

#[test]
fn kinds_are_told_in_the_detectors_words() {
    let rule = rule_of(
        r#"rule r { on c: request(send) where pii(c.params, kinds: ["iban", "ssn", "credit-card"]).score > 0.5 then deny; }"#,
    );
    let mut kinds = Vec::new();
    super::canonical::visit(&rule.trigger.condition, &mut |part| {
        if let ExprKind::Detect(detect) = &part.kind {
            kinds.clone_from(&detect.kinds);
        }
    });
    assert_eq!(kinds, ["IBAN_CODE", "US_SSN", "CREDIT_CARD"]);
}

#[test]
fn lints_are_silenced_by_their_names() {
    let rule = |annotation: &str| {
        format!("rule r {annotation} {{ on c: request(pay) where c.params.amount > 5 and c.params.amount < 3 then deny; }}")
    };
    check(&rule(""), &["never-fires c.params.amount < 3"]);
    check(&rule("@allow(never-fires)"), &[]);
    check(&rule("@allow(never-fire)"), &["unknown-lint never-fire", "never-fires c.params.amount < 3"]);
}

#[test]
fn many_rules_and_deep_expressions_are_no_problem() {
    let mut policy = String::new();
    for at in 0..3_000 {
        policy.push_str(&format!("rule r{at} {{ on c: request(pay) where c.params.amount > {at} then deny; }}\n"));
    }
    assert_eq!(typed(&policy).rules.len(), 3_000);
    let chain = vec!["c.seq > 1"; 200].join(" and ");
    typed(&format!("rule r {{ on c: request(pay) where {chain} then deny; }}"));
    let nested = format!("{}true{}", "(".repeat(50), ")".repeat(50));
    typed(&format!("rule r {{ on c: request(pay) where {nested} and {}c.declared then deny; }}", "not ".repeat(150)));
}

#[test]
fn types_that_double_are_refused_before_they_grow() {
    let mut schema = String::from("schema { type T0 = { a: int };");
    for at in 1..60 {
        schema.push_str(&format!("type T{at} = {{ a: T{0}, b: T{0} }};", at - 1));
    }
    let source = format!("policy acme.mail version \"1.0.0\" dsl 1; {schema} action x(t: T59); }}");
    let said = check_diagnostics("mail.aop", &source, &Environment::default());
    assert!(said.iter().all(|diagnostic| diagnostic.code.as_str() == "type-use"), "{said}");
}

#[test]
fn patterns_are_bounded_together_and_equal_ones_are_one() {
    let rule = |at: usize, pattern: &str| {
        format!("rule r{at} {{ on c: request(send) where c.params.subject matches re\"{pattern}\" then flag; }}\n")
    };
    let equal: String = (0..100).map(|at| rule(at, r"\w{100}")).collect();
    assert_eq!(typed(&equal).rules.len(), 100);
    // Each is refused, until there were too many of them: those behind are not looked at.
    let too_large: String = (0..2_000).map(|at| rule(at, &format!(r"\w{{{}}}", 1_000 + at))).collect();
    let source = format!("{SCHEMA}{too_large}");
    let said = check_diagnostics("mail.aop", &source, &Environment::default());
    let told: Vec<&str> = said
        .iter()
        .filter(|mistake| mistake.code.as_str() == "bad-pattern")
        .map(|mistake| mistake.message.as_str())
        .collect();
    assert!(told.len() <= 10 && told.last().unwrap().contains("the patterns of this package"), "{told:?}");
    // So do texts count that are no patterns.
    let long = "(".repeat(16_000);
    let no_patterns: String = (0..200).map(|at| rule(at, &format!("{at}{long}"))).collect();
    let source = format!("{SCHEMA}{no_patterns}");
    let said = check_diagnostics("mail.aop", &source, &Environment::default());
    assert_eq!(said.iter().filter(|mistake| mistake.code.as_str() == "bad-pattern").count(), (1 << 20) / 16_001 + 2);
}
