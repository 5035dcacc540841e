use super::*;
use crate::check::check;
use crate::diagnostic::Sink;
use crate::environment::Environment;
use crate::syntax;
use crate::syntax::ast::Item;

#[test]
fn all_names_have_a_package_of_that_name() {
    assert!(NAMES.is_sorted());
    assert_eq!(package("std.nothing"), None);
    for name in NAMES {
        let text = package(name).unwrap();
        let mut sink = Sink::new(name, text);
        let file = syntax::parse(text, &mut sink).unwrap();
        assert_eq!(file.header.name.text, *name);
        assert!(!sink.has_errors(), "{}", sink.into_diagnostics());
        let is_rule = |item: &Item| matches!(item, Item::Rule(_) | Item::BatchRule(_) | Item::Test(_));
        assert!(!file.items.iter().any(is_rule), "{name} has rules");
        let checked = check(&file, name, text, &Environment::default(), &mut sink);
        let diagnostics = sink.into_diagnostics();
        assert!(checked.is_some() && diagnostics.diagnostics().is_empty(), "{diagnostics}");
    }
}

#[test]
fn packages_are_formatted() {
    for name in NAMES {
        let text = package(name).unwrap();
        assert_eq!(syntax::format(text).unwrap(), text, "{name}");
    }
}

/// `// e.g. f(x) == y` before a function is true.
#[test]
fn examples_are_true() {
    for name in NAMES {
        let short = name.trim_start_matches("std.");
        let examples: Vec<&str> = package(name).unwrap().lines().filter_map(|line| line.strip_prefix("// e.g. ")).collect();
        let mut text = format!("policy try.{short} version \"1.0.0\" dsl 1;\nuse {name} as {short};\n");
        for (at, example) in examples.iter().enumerate() {
            text.push_str(&format!("fn example_{at}() -> bool = {short}.{example};\n"));
        }
        let mut sink = Sink::new("examples", &text);
        let file = syntax::parse(&text, &mut sink).unwrap();
        let checked = check(&file, "examples", &text, &Environment::default(), &mut sink);
        assert!(!sink.has_errors(), "{}", sink.into_diagnostics());
        let checked = checked.unwrap();
        for (at, example) in examples.iter().enumerate() {
            let function = checked.functions.iter().find(|function| function.name.ends_with(&format!("example_{at}")));
            let function =
                function.unwrap_or_else(|| panic!("{:?}", checked.functions.iter().map(|f| &f.name).collect::<Vec<_>>()));
            assert!(crate::batch::is_true(&checked, &function.body), "{short}.{example}");
        }
    }
}

#[test]
fn each_function_has_an_example() {
    for name in NAMES {
        let text = package(name).unwrap();
        for function in text.lines().filter_map(|line| line.strip_prefix("fn ")) {
            let function = function.split('(').next().unwrap();
            assert!(text.contains(&format!("\n// e.g. {function}(")), "{name}: {function} has no example");
        }
    }
}
