//! The table is well formed, and the functions do what their examples say.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;
use crate::syntax::ast::BinaryOp;
use crate::types::PatternKind;
use crate::value::{arithmetic, const_read, equal_as, from_const, order, read_text, show};

#[test]
fn the_table_is_sorted_and_whole() {
    assert!(BUILTINS.is_sorted_by(|a, b| a.name <= b.name), "not sorted by name");
    for builtin in BUILTINS {
        let name = builtin.name;
        assert!(!builtin.parameters.is_empty() && !builtin.examples.is_empty(), "{name}");
        assert!(builtin.summary.ends_with('.') && builtin.summary.len() < 400, "{name}: {}", builtin.summary);
        assert!(!builtin.property || builtin.parameters.iter().skip(1).all(|parameter| parameter.optional), "{name}");
        let first_optional = builtin.parameters.iter().position(|parameter| parameter.optional).unwrap_or(usize::MAX);
        assert!(builtin.parameters.iter().skip(first_optional).all(|parameter| parameter.optional), "{name}");
        assert!(builtin.examples.iter().all(|example| example.expression.contains(name)), "{name}");
    }
}

#[test]
fn examples_give_what_they_say() {
    for builtin in BUILTINS {
        for example in builtin.examples {
            let (ty, outcome) = evaluate(example.expression);
            let told = format!("{} => {}", example.expression, example.value);
            match example.value {
                "absent" => assert_eq!(outcome.map(|value| show(&value)), Err(Gap::Absent), "{told}"),
                "unknown" => assert!(matches!(outcome, Err(Gap::Unknown(_))), "{told}"),
                value => {
                    let (_, expected) = evaluate(value);
                    let (value, expected) = (outcome.expect(&told), expected.expect(&told));
                    assert_eq!(equal_as(&ty, &value, &expected), Ok(true), "{told}, but gave {}", show(&value));
                }
            }
            check_type(&ty, example.expression);
        }
    }
}

/// What a function gives is of the type that it says.
fn check_type(ty: &Type, expression: &str) {
    let (_, outcome) = evaluate(expression);
    let Ok(value) = &outcome else {
        assert!(
            !matches!(outcome, Err(Gap::Absent)) || ty.is_optional() || *ty == Type::Error,
            "{expression} is absent, which its type {ty} does not say"
        );
        return;
    };
    let fits = match (ty.required(), value) {
        (Type::Error, _)
        | (Type::Bool, Value::Bool(_))
        | (Type::Decimal, Value::Number(_))
        | (Type::Float, Value::Float(_))
        | (Type::Time, Value::Time(_))
        | (Type::Duration, Value::Duration(_))
        | (Type::Size, Value::Size(_))
        | (Type::Ip, Value::Ip(_))
        | (Type::Any, Value::OwnedJson(..) | Value::Json(_))
        | (Type::List(_), Value::List(_)) => true,
        (Type::Int, Value::Number(number)) => number.normalize().scale() == 0,
        (textual, Value::Text(text)) if textual.is_textual() => {
            matches!(read_text(Cow::Owned(text.to_string()), textual), Ok(Value::Text(normal)) if normal == *text)
        }
        _ => false,
    };
    assert!(fits, "{expression} gives {value:?}, which is no {ty}");
}

/// A small evaluator for examples: literals, lists, calls, properties, `-` and `<` between two of them.
fn evaluate(source: &str) -> (Type, Result<Value<'static>, Gap>) {
    let mut reader = Reader { rest: source };
    let result = reader.expression();
    assert!(reader.rest.trim().is_empty(), "`{}` is left of `{source}`", reader.rest);
    result
}

type Typed = (Type, Result<Value<'static>, Gap>);

struct Reader<'s> {
    rest: &'s str,
}

impl<'s> Reader<'s> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &'s str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn expression(&mut self) -> Typed {
        let (ty, left) = self.operand();
        if self.eat("-") {
            let (_, right) = self.operand();
            let difference = arithmetic(BinaryOp::Subtract, &left.unwrap(), &right.unwrap(), &ty);
            return (ty, difference);
        }
        if self.eat("<") {
            let (_, right) = self.operand();
            return (Type::Bool, order(&ty, &left.unwrap(), &right.unwrap()).map(|order| Value::Bool(order.is_lt())));
        }
        (ty, left)
    }

    fn operand(&mut self) -> Typed {
        let mut value = self.primary();
        while self.eat(".") {
            let name = self.word();
            let arguments = if self.eat("(") { self.arguments() } else { Vec::new() };
            if arguments.is_empty() {
                assert!(property(name, &value.0).is_some(), "{} has no property {name}", value.0);
            }
            let all = std::iter::once((value, false)).chain(arguments).collect();
            value = apply(name, all);
        }
        value
    }

    fn arguments(&mut self) -> Vec<(Typed, bool)> {
        let mut arguments = Vec::new();
        while !self.eat(")") {
            self.rest = self.rest.trim_start();
            let is_literal = self.rest.starts_with('"');
            arguments.push((self.expression(), is_literal));
            self.eat(",");
        }
        arguments
    }

    fn primary(&mut self) -> Typed {
        if self.eat("(") {
            let inner = self.expression();
            assert!(self.eat(")"));
            return inner;
        }
        if self.eat("[") {
            return self.list();
        }
        if self.rest.starts_with('"') {
            return literal(&self.string(), &Type::String);
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return self.number();
        }
        let word = self.word();
        if self.rest.starts_with('"') {
            let ty = match word {
                "email" => Type::Email,
                "domain" => Type::Domain,
                "url" => Type::Url,
                "ip" => Type::Ip,
                "path" => Type::Path,
                "time" => Type::Time,
                "semver" => Type::Semver,
                other => panic!("{other} is no tag"),
            };
            return literal(&self.string(), &ty);
        }
        if matches!(word, "true" | "false") {
            return literal(word, &Type::Bool);
        }
        assert!(self.eat("("), "{word} is no function");
        let arguments = self.arguments();
        apply(word, arguments)
    }

    fn string(&mut self) -> String {
        let end = self.rest.char_indices().skip(1).find(|(at, c)| *c == '"' && !self.rest[..*at].ends_with('\\')).unwrap().0;
        let text = serde_json::from_str(&self.rest[..=end].replace("\\u{", "\\u").replace("b}", "b")).unwrap();
        self.rest = &self.rest[end + 1..];
        text
    }

    fn number(&mut self) -> Typed {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        let number = number.trim_end_matches('.');
        let unit_end = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        if unit_end > 0 {
            let text = format!("{number}{}", &rest[..unit_end]);
            self.rest = &rest[unit_end..];
            let ty = if text.ends_with('b') { Type::Size } else { Type::Duration };
            return literal(&text, &ty);
        }
        literal(number, if number.contains('.') { &Type::Decimal } else { &Type::Int })
    }

    fn list(&mut self) -> Typed {
        let (mut item, mut values) = (Type::Error, Vec::new());
        while !self.eat("]") {
            let (ty, value) = self.expression();
            item = ty;
            values.push(value.unwrap());
            self.eat(",");
        }
        (Type::list(item), Ok(Value::List(values.into())))
    }
}

fn literal(text: &str, ty: &Type) -> Typed {
    let constant = Box::leak(Box::new(const_read(text, ty).unwrap()));
    (ty.clone(), Ok(from_const(constant)))
}

fn apply(name: &str, arguments: Vec<(Typed, bool)>) -> Typed {
    let written: Vec<Argument<'_>> =
        arguments.iter().map(|((ty, _), is_literal)| Argument { name: None, ty, is_literal: *is_literal }).collect();
    let resolved = resolve(name, &written).unwrap_or_else(|mismatch| panic!("{name}: {mismatch:?}"));
    let builtin = BUILTINS[resolved.builtin];
    let (mut types, mut values) = (Vec::new(), Vec::new());
    for (parameter, place) in builtin.parameters.iter().zip(&resolved.arguments) {
        let Some(place) = place else {
            types.push(None);
            values.push(None);
            continue;
        };
        let ((ty, value), is_literal) = &arguments[*place];
        let Ok(value) = value.clone() else { return (ty.clone(), value.clone()) };
        match parameter.literal_type().filter(|_| *is_literal && !parameter.takes(ty)) {
            Some(as_type) => {
                values.push(Some(literal(value.as_text().unwrap(), &as_type).1.unwrap()));
                types.push(Some(as_type));
            }
            None => {
                values.push(Some(value));
                types.push(Some(ty.clone()));
            }
        }
    }
    let result = (builtin.result)(&types.iter().map(Option::as_ref).collect::<Vec<_>>());
    (result, call(resolved.builtin, &values, &types))
}

fn mismatch(name: &str, types: &[Type]) -> String {
    let arguments: Vec<Argument<'_>> = types.iter().map(|ty| Argument { name: None, ty, is_literal: false }).collect();
    match resolve(name, &arguments) {
        Ok(resolved) => format!("{:?}", BUILTINS[resolved.builtin]),
        Err(Mismatch::WrongType { argument, expected, .. }) => format!("argument {argument} must be {expected}"),
        Err(other) => format!("{other:?}").split(['{', '(']).next().unwrap_or_default().trim().to_owned(),
    }
}

#[test]
fn calls_find_the_function_that_fits() {
    for (name, types, expected) in [
        ("length", vec![Type::Email], "length(text: text) -> int"),
        ("length", vec![Type::set(Type::Int)], "length(list: list<T>) -> int"),
        ("length", vec![Type::Int], "argument 0 must be a value of type text or a list<T>"),
        ("length", vec![], "Missing"),
        ("length", vec![Type::String, Type::String], "TooMany"),
        ("lenght", vec![Type::String], "NoSuchFunction"),
        ("is_under", vec![Type::Path, Type::Path], "is_under(path: path, directory: path) -> bool"),
        ("is_under", vec![Type::Path, Type::Domain], "argument 1 must be a path"),
        ("is_under", vec![Type::String, Type::Path], "argument 0 must be a domain or a path"),
        ("mixed_script", vec![Type::Domain], "mixed_script(domain: domain) -> bool"),
        ("max", vec![Type::Int, Type::Decimal], "max(a: number | float | duration | size | time, b: T) -> T"),
        ("max", vec![Type::Int, Type::Duration], "argument 1 must be an int"),
        ("max", vec![Type::Int, Type::Any], "argument 1 must be an int"),
        ("lower", vec![Type::Error], "lower(text: text) -> string"),
        ("lower", vec![Type::Any], "argument 0 must be a value of type text"),
        ("lower", vec![Type::Ip], "argument 0 must be a value of type text"),
        ("keys", vec![Type::String], "argument 0 must be a record or a value of type any"),
    ] {
        assert_eq!(mismatch(name, &types), expected, "{name}");
    }
    let named = |name| Argument { name: Some(name), ty: &Type::Int, is_literal: false };
    let text = Argument { name: None, ty: &Type::String, is_literal: true };
    let resolved = resolve("substring", &[text, named("length"), named("start")]).unwrap();
    assert_eq!(resolved.arguments, [Some(0), Some(2), Some(1)]);
    assert!(matches!(resolve("substring", &[text, named("end")]), Err(Mismatch::UnknownName { argument: 1, .. })));
    assert!(matches!(resolve("substring", &[text, named("text")]), Err(Mismatch::UnknownName { argument: 1, .. })));
    assert!(property("length", &Type::String).is_some() && property("lower", &Type::String).is_none());
}

#[test]
fn what_would_grow_too_large_is_unknown() {
    let long = "a".repeat(1 << 20);
    let text = |text: &'static str| Some(Value::Text(Cow::Borrowed(text)));
    let long: &'static str = Box::leak(long.into_boxed_str());
    let run = |name: &str, arguments: &[Option<Value<'static>>]| {
        let types = vec![Type::String; arguments.len()];
        let written: Vec<Argument<'_>> = types.iter().map(|ty| Argument { name: None, ty, is_literal: false }).collect();
        let builtin = resolve(name, &written).unwrap().builtin;
        call(builtin, arguments, &types.iter().cloned().map(Some).collect::<Vec<_>>()).map(|value| show(&value))
    };
    let too_long = Err(Gap::Unknown(Reason::TooLong));
    assert_eq!(run("concat", &[text(long), text(long)]), too_long);
    assert_eq!(run("replace", &[text(long), text("a"), text("bb")]), too_long);
    assert_eq!(run("split", &[text(long), text("a")]), too_long);
    assert_eq!(run("levenshtein", &[text(long), text("a")]), too_long);
    assert_eq!(run("length", &[text(long)]), Ok("1048576".to_owned()));
}

/// Time is linear: no text of forty kilobytes keeps a function for long.
#[test]
fn no_text_is_slow() {
    const HARD: [&str; 20] = [
        "<!--", "<a ", "<a b=\"", "&#", "www.", "http://", "a://(", ")", "a@", "@", "a.", "$(", "`", "'", "sh -c ", "%2",
        "=", "\\", "<script", "</",
    ];
    for unit in HARD {
        for end in ["", ")))))))))))))))))))))", "\"", "x"] {
            let text: &'static str = Box::leak((unit.repeat(40_000 / unit.len()) + end).into_boxed_str());
            for (at, builtin) in BUILTINS.iter().enumerate() {
                if builtin.parameters[0].takes(&Type::String)
                    && builtin.parameters.iter().skip(1).all(|parameter| parameter.optional)
                {
                    let _ =
                        call(at, &[Some(Value::Text(Cow::Borrowed(text))), None, None], &[Some(Type::String), None, None]);
                }
            }
        }
    }
}

/// A value of a type that a parameter takes.
fn any_value(accepts: Accepts) -> BoxedStrategy<(Type, Value<'static>)> {
    let texts = |ty: Type, pattern: &'static str| {
        let read = move |text: String| read_text(Cow::Owned(text), &ty).ok().map(|value| (ty.clone(), value));
        pattern.prop_filter_map("of its type", read).boxed()
    };
    let ints = || any::<i64>().prop_map(|int| (Type::Int, Value::Number(int.into())));
    let durations = || any::<i64>().prop_map(|micros| (Type::Duration, Value::Duration(micros)));
    match accepts {
        Accepts::Text => texts(Type::String, "[ -~äß\u{200b}\n]{0,40}"),
        Accepts::Email => texts(Type::Email, "[a-z]{1,5}@[a-z]{1,5}\\.org"),
        Accepts::Domain => texts(Type::Domain, "[a-zä]{1,5}\\.org"),
        Accepts::Url => texts(Type::Url, "https?://[a-z]{1,5}(:[0-9]{2})?/[a-z?=%&#]{0,10}"),
        Accepts::Ip => any::<[u8; 4]>().prop_map(|ip| (Type::Ip, Value::Ip(ip.into()))).boxed(),
        Accepts::Path => texts(Type::Path, "[a-c/.~\\\\:]{0,20}"),
        Accepts::Semver => texts(Type::Semver, "[0-9]\\.[0-9]\\.[0-9](-rc\\.[0-9])?"),
        Accepts::Time => {
            any::<i64>().prop_map(|micros| (Type::Time, Value::Time(aop_toon::Timestamp::from_micros(micros)))).boxed()
        }
        Accepts::Duration => durations().boxed(),
        Accepts::Size => any::<u64>().prop_map(|bytes| (Type::Size, Value::Size(bytes))).boxed(),
        Accepts::Int => ints().boxed(),
        Accepts::Number => (any::<i64>(), 0u32..20)
            .prop_map(|(mantissa, scale)| (Type::Decimal, Value::Number(rust_decimal::Decimal::new(mantissa, scale))))
            .boxed(),
        Accepts::Float => any::<f32>()
            .prop_map(|float| (Type::Float, Value::Float(if float.is_finite() { float.into() } else { 0.0 })))
            .boxed(),
        Accepts::List | Accepts::Numbers => proptest::collection::vec(ints(), 0..6)
            .prop_map(|items| (Type::list(Type::Int), Value::List(items.into_iter().map(|item| item.1).collect())))
            .boxed(),
        Accepts::Texts => proptest::collection::vec("[a-c]{0,3}", 0..6)
            .prop_map(|items| {
                let items = items.into_iter().map(|item| Value::Text(Cow::Owned(item))).collect();
                (Type::list(Type::String), Value::List(items))
            })
            .boxed(),
        Accepts::Record | Accepts::Any | Accepts::Anything | Accepts::Same => {
            Just(r#"{"a": [1, "x", null, {"b": "y"}], "c": 1e3}"#)
                .prop_map(|text| {
                    let document = aop_toon::Document::parse(text.as_bytes(), &aop_toon::Limits::default()).unwrap();
                    let root = document.root().id();
                    (Type::Any, Value::OwnedJson(std::rc::Rc::new(document), root))
                })
                .boxed()
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_given_gives_a_value_or_a_gap(
        (at, arguments) in (0..BUILTINS.len()).prop_flat_map(|at| {
            let strategies: Vec<_> = BUILTINS[at]
                .parameters
                .iter()
                .map(|parameter| proptest::sample::select(parameter.accepts).prop_flat_map(any_value))
                .collect();
            (Just(at), strategies)
        }),
        given in 1usize..4,
    ) {
        let builtin = BUILTINS[at];
        let is_given = |place: usize| !builtin.parameters[place].optional || place < given;
        let types: Vec<Option<Type>> = arguments.iter().enumerate().map(|(place, (ty, _))| is_given(place).then(|| ty.clone())).collect();
        let values: Vec<Option<Value<'_>>> = arguments.iter().enumerate().map(|(place, (_, value))| is_given(place).then(|| value.clone())).collect();
        let outcome = call(at, &values, &types);
        let result = (builtin.result)(&types.iter().map(Option::as_ref).collect::<Vec<_>>());
        prop_assert!(outcome.is_ok() || !matches!(outcome, Err(Gap::Absent)) || result.is_optional(), "{:?}", builtin);
        if let Ok(value) = &outcome {
            show(value);
            // What was forgotten cannot be worked with.
            let digests: Vec<Option<Value<'_>>> = values.iter().map(|value| value.as_ref().map(|value| Value::Digest(crate::value::key(value)))).collect();
            prop_assert!(call(at, &digests, &types).is_err(), "{:?}", builtin);
        }
    }
}

#[test]
fn patterns_and_networks_are_no_arguments() {
    let pattern = Type::Pattern(PatternKind::Regex);
    assert!(BUILTINS.iter().all(|builtin| builtin.parameters.iter().all(|parameter| !parameter.takes(&pattern))));
}
