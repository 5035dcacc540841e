//! The one layout of policies.

#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use aop_dsl::{format, syntax_shape};

const HEADER: &str = "policy acme.mail version \"1.0.0\" dsl 1;\n";

/// What stands behind a header, and how it is laid out.
fn check(input: &str, expected: &str) {
    let source = format!("{HEADER}{input}");
    let formatted = format(&source).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(formatted.strip_prefix(HEADER).unwrap(), expected, "\n{formatted}");
    assert_eq!(format(&formatted).unwrap(), formatted, "a second time");
    assert_eq!(syntax_shape(&formatted), syntax_shape(&source), "another meaning");
}

#[test]
fn the_fixture_with_every_construct_keeps_its_meaning() {
    let source = include_str!("fixtures/every_construct.aop");
    let formatted = format(source).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format(&formatted).unwrap(), formatted);
    assert_eq!(syntax_shape(&formatted), syntax_shape(source));
    assert!(syntax_shape(source).is_some());
    assert!(formatted.lines().all(|line| line.chars().count() <= 120), "{formatted}");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(formatted) });
}

#[test]
fn white_space_is_set_right() {
    check("let   a:int=5 ;", "let a: int = 5;\n");
    check(
        "fn f( a:list< int >?,b : string )->bool=a==b  and  not(b in[\"x\"]);",
        "fn f(a: list<int>?, b: string) -> bool = a == b and not (b in [\"x\"]);\n",
    );
    check("let a = - 5+b . c ?. d [ 0 ] ( x,y : 1 )*2;", "let a = -5 + b.c?.d[0](x, y: 1) * 2;\n");
    check(
        "schema{action a(b:string?)->{c:int}:x,y;label x;\n}",
        "schema {\n  action a(b: string?) -> { c: int } : x, y;\n  label x;\n}\n",
    );
    check("let a = [ ] ;", "let a = [];\n");
    check("let a:list<set<int>>=[];", "let a: list<set<int>> = [];\n");
    check("let a = list<b and c>=d;", "let a = list < b and c >= d;\n");
    check("let a = x as list<int>?  ?? [];", "let a = x as list<int>? ?? [];\n");
}

#[test]
fn actions_and_parameters_may_be_called_by_any_word() {
    check(
        "schema { action request(where:string?,in:int); action where(on:int); action x.error(a:int); }",
        "schema { action request(where: string?, in: int); action where(on: int); action x.error(a: int); }\n",
    );
    check("fn event(a:int,b:int)->bool=a==b;", "fn event(a: int, b: int) -> bool = a == b;\n");
    check("rule x { on request(where|in.x) then flag; }", "rule x { on request(where | in.x) then flag; }\n");
}

#[test]
fn one_blank_stands_before_a_comment() {
    check(
        "rule x {\n  on request(*)\n  then deny,   // first\n    flag    // second\n    \"z\";\n}",
        "rule x {\n  on request(*)\n  then deny, // first\n  flag // second\n    \"z\";\n}\n",
    );
}

#[test]
fn a_block_on_one_line_stays_there_when_it_fits() {
    check("rule x{on request( * )then flag;}", "rule x { on request(*) then flag; }\n");
    check("schema{label x;}", "schema { label x; }\n");
    check("schema { }", "schema {}\n");
    check("rule x {\non request(*) then flag; }", "rule x {\n  on request(*)\n  then flag;\n}\n");
    let long = "x".repeat(100);
    check(
        &format!("rule x {{ on request({long}) then flag; }}"),
        &format!("rule x {{\n  on request({long})\n  then flag;\n}}\n"),
    );
}

#[test]
fn what_is_too_long_is_broken() {
    let word = format!("\"{}\"", "x".repeat(50));
    check(&format!("let a = [{word}, {word}, {word}];"), &format!("let a = [\n  {word},\n  {word},\n  {word},\n];\n"));
    check(&format!("let a = [\n  {word},\n];"), &format!("let a = [{word}];\n"));
    let condition = format!("c.params.subject == {word}");
    check(
        &format!("rule x {{ on c: request(send) where {condition} and {condition} or {condition} then flag; }}"),
        &format!(
            "rule x {{\n  on c: request(send)\n  where {condition} and {condition}\n    or {condition}\n  then flag;\n}}\n"
        )
        .replace(&format!("where {condition} and {condition}\n"), &format!("where {condition}\n      and {condition}\n")),
    );
}

#[test]
fn a_where_stays_on_the_line_of_its_on_or_below_it() {
    check(
        "rule x {\n  on c: request(a) where true\n  then flag;\n}",
        "rule x {\n  on c: request(a) where true\n  then flag;\n}\n",
    );
    check(
        "rule x {\n  on c: request(a)\nwhere true\n  then flag;\n}",
        "rule x {\n  on c: request(a)\n  where true\n  then flag;\n}\n",
    );
    check(
        "rule x {\n  on c: request(a) where true\n after b: response(a)\n  where true within 5s where false\n  then flag;\n}",
        "rule x {\n  on c: request(a) where true\n  after b: response(a) where true within 5s\n  where false\n  then flag;\n}\n",
    );
}

#[test]
fn comments_stay_where_they_are() {
    check("// a\n\n\n// b\nlet a = 1; // c\n// d\n", "// a\n\n// b\nlet a = 1; // c\n// d\n");
    check(
        "rule x { // a\n  // b\n  on c: request(a) // c\n\n  // d\n  where true // e\n    and false\n  then flag // f\n  ;\n  // g\n} // h",
        "rule x { // a\n  // b\n  on c: request(a) // c\n\n  // d\n  where true // e\n    and false\n  then flag; // f\n  // g\n} // h\n",
    );
    check(
        "schema {\n  // only this\n}\nlet a = [1, // one\n 2 // two\n];",
        "schema {\n  // only this\n}\nlet a = [\n  1, // one\n  2, // two\n];\n",
    );
    check(
        "test \"t\" for x {\n\n  // a\n\n  end; // b\n\n\n  end;\n\n}",
        "test \"t\" for x {\n  // a\n\n  end; // b\n\n  end;\n}\n",
    );
}

#[test]
fn one_blank_line_stays_between_parts() {
    check("\n\n\nlet a = 1;\n\n\n\nlet b = 2;\nlet c = 3;\n\n\n", "\nlet a = 1;\n\nlet b = 2;\nlet c = 3;\n");
}

#[test]
fn a_policy_with_mistakes_has_no_layout() {
    let error = format(&format!("{HEADER}let a = ;")).unwrap_err();
    assert!(error.has_errors());
}
