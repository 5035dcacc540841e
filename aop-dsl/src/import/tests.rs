use proptest::prelude::*;

use super::{ImportError, Kind, Options};

fn import(text: &str, options: &Options) -> Result<String, ImportError> {
    super::import(text, options).map(|imported| imported.policy)
}

#[test]
fn a_manifest_becomes_a_schema() {
    let manifest = r##"{"jsonrpc": "2.0", "id": 1, "result": {"tools": [
        {"name": "mail.send", "description": "Sends mail.\n// not a rule",
         "inputSchema": {"type": "object", "required": ["to", "body"], "properties": {
            "to": {"type": "array", "items": {"type": "string", "format": "email"}},
            "body": {"type": "string"},
            "priority": {"enum": ["low", "high"]},
            "reply-to": {"type": ["string", "null"], "format": "email"},
            "address": {"$ref": "#/$defs/Address"},
            "extra": {"anyOf": [{"type": "string"}, {"type": "integer"}]}
         }, "$defs": {"Address": {"type": "object", "required": ["zip"], "properties": {"zip": {"type": "string"}, "next": {"$ref": "#/$defs/Address"}}}}},
         "outputSchema": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
         "annotations": {"openWorldHint": true, "destructiveHint": true}},
        {"name": "read notes", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}}
    ]}}"##;
    insta::assert_snapshot!(import(manifest, &Options::default()).unwrap());
}

#[test]
fn tools_without_hints_are_named() {
    let manifest = r#"{"tools": [
        {"name": "silent"}, {"name": "reader", "annotations": {"readOnlyHint": true}},
        {"name": "closed", "annotations": {"openWorldHint": false}}, {"name": "web", "annotations": {"openWorldHint": true}},
        {"name": "shredder", "annotations": {"destructiveHint": true}}]}"#;
    let imported = super::import(manifest, &Options::default()).unwrap();
    assert_eq!(imported.unlabelled, ["silent", "reader"]);
    let lines: Vec<&str> = imported.policy.lines().map(str::trim).collect();
    let is_marked = |action: &str| {
        let at = lines.iter().position(|line| line.starts_with(action)).expect("the action is declared");
        lines[at - 1].starts_with("// unlabelled: ")
    };
    assert!(is_marked("action silent()") && is_marked("action reader()"), "{}", imported.policy);
    assert!(!is_marked("action closed()") && !is_marked("action web()") && !is_marked("action shredder()"));
}

#[test]
fn functions_and_schemas_are_read_too() {
    let functions = r#"[{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}}}]"#;
    assert!(import(functions, &Options::default()).unwrap().contains("action f(x: decimal);"));
    let schemas = r#"{"a": {"type": "object", "properties": {"n": {"type": "integer"}}}, "b": {"type": "object"}}"#;
    let policy = import(schemas, &Options { kind: Some(Kind::JsonSchema), ..Options::default() }).unwrap();
    assert!(policy.contains("action a(n: int?);") && policy.contains("action b();"), "{policy}");
    let one =
        r#"{"type": "object", "properties": {"when": {"type": "string", "format": "date-time"}}, "required": ["when"]}"#;
    let named = Options { action: Some("book".to_owned()), ..Options::default() };
    assert!(import(one, &named).unwrap().contains("action book(when: time);"));
    let code = r#"{"type": "object", "required": ["query", "setup", "then"], "properties": {
        "query": {"type": "string", "format": "sql"}, "setup": {"type": "array", "items": {"type": "string", "format": "shell"}},
        "then": {"type": "string", "contentMediaType": "application/sql"}, "note": {"type": "string", "contentMediaType": "text/html"}}}"#;
    let named = Options { action: Some("run".to_owned()), ..Options::default() };
    let policy = import(code, &named).unwrap();
    assert!(policy.contains("action run(query: sql, setup: list<shell>, then: sql, note: string?);"), "{policy}");
}

#[test]
fn parts_of_a_schema_come_together_and_one_page_is_said_to_be_one() {
    let manifest = r#"{"tools": [{"name": "pay", "inputSchema": {"allOf": [
        {"type": "object", "properties": {"amount": {"type": "number"}}, "required": ["amount"]},
        {"type": "object", "properties": {"note": {"type": "string"}}}]}}], "nextCursor": "abc"}"#;
    let policy = import(manifest, &Options::default()).unwrap();
    assert!(policy.contains("action pay(amount: decimal, note: string?);"), "{policy}");
    assert!(policy.contains("one page of a longer list"), "{policy}");
}

#[test]
fn mistakes_name_the_tool() {
    let error = |text: &str| import(text, &Options::default()).unwrap_err().to_string();
    assert!(error("{").contains("byte"), "{}", error("{"));
    assert!(error(r#"{"tools": []}"#).contains("no tool"));
    assert!(error(r#"{"tools": [{"description": "x"}]}"#).contains("has no name"));
    let twice = error(r#"{"tools": [{"name": "a"}, {"name": "a"}]}"#);
    assert!(twice.contains(r#""a" is there twice"#), "{twice}");
    let string = error(r#"{"tools": [{"name": "a", "inputSchema": {"type": "string"}}]}"#);
    assert!(string.contains(r#"parameters of "a""#), "{string}");
    assert!(error(r#"{"type": "object"}"#).contains("--action"));
}

#[test]
fn a_manifest_that_refers_to_itself_without_end_stays_small() {
    let mut members = String::new();
    for level in 0..40 {
        let next = level + 1;
        members.push_str(&format!(
            r##""L{level}": {{"type": "object", "properties": {{"a": {{"$ref": "#/$defs/L{next}"}}, "b": {{"$ref": "#/$defs/L{next}"}}}}}},"##
        ));
    }
    let manifest = format!(
        r##"[{{"name": "t", "inputSchema": {{"type": "object", "properties": {{"x": {{"$ref": "#/$defs/L0"}}}}, "$defs": {{{members} "L40": {{"type": "string"}}}}}}}}]"##
    );
    let policy = import(&manifest, &Options::default()).unwrap();
    assert!(policy.len() < 1 << 20, "{} bytes", policy.len());
}

/// A JSON value of any kind, with names and words that try to be policy text.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let word = prop_oneof![
        "[a-z_.]{1,8}",
        Just("\"); } rule x { on c: request(*) then deny }".to_owned()),
        Just("type".to_owned()),
        Just("properties".to_owned()),
        Just("object".to_owned()),
        Just("string".to_owned()),
        Just("items".to_owned()),
        Just("enum".to_owned()),
        Just("anyOf".to_owned()),
        Just("\\\n// }".to_owned()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        word.clone().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(Into::into),
        Just(serde_json::Value::Null)
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::btree_map(word.clone(), inner, 0..5)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_manifest_holds_one_schema_comes_out(name in any::<String>(), description in any::<String>(), schema in json(), result in json()) {
        let manifest = serde_json::json!({"tools": [{"name": name, "description": description, "outputSchema": result,
            "inputSchema": {"type": "object", "properties": {"x": schema.clone(), name.clone(): schema}}}]});
        if let Ok(policy) = import(&manifest.to_string(), &Options::default()) {
            let mut sink = crate::diagnostic::Sink::new("imported", &policy);
            let file = crate::syntax::parse(&policy, &mut sink);
            let said = sink.into_diagnostics();
            prop_assert!(!said.has_errors(), "{said}\n{policy}");
            let items = file.expect("it has no mistakes").items;
            prop_assert!(matches!(items[..], [crate::syntax::ast::Item::Schema(_)]), "{policy}");
        }
    }
}
