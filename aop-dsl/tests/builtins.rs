//! The manual says of the built-in functions what their table says, and its examples hold in a policy.

#![allow(clippy::disallowed_methods, reason = "tests read the manual from disk")]

use std::path::Path;

/// `docs/builtins.md` is generated: run this with `AOP_UPDATE=1` to write it.
#[test]
fn the_manual_on_disk_is_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/builtins.md");
    let page = aop_dsl::builtins_manual();
    if std::env::var_os("AOP_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the manual can be written");
    }
    let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        on_disk == page,
        "docs/builtins.md is not what the table says; run `AOP_UPDATE=1 cargo test -p aop-dsl --test builtins`"
    );
}

/// The examples of the manual: what is written, and what it gives.
fn examples(page: &str) -> Vec<(&str, &str)> {
    page.lines().filter_map(|line| line.split_once(" => ")).collect()
}

#[test]
fn examples_compile_in_a_policy() {
    let page = aop_dsl::builtins_manual();
    let examples = examples(&page);
    assert!(examples.len() > 100, "only {} examples were found", examples.len());
    let mut rules = String::new();
    for (number, (expression, value)) in examples.iter().enumerate() {
        let value = if matches!(*value, "absent" | "unknown") { expression } else { value };
        rules +=
            &format!("rule example_{number} {{ on event where ({expression}) == ({value}) then flag \"it holds\"; }}\n");
    }
    let source = format!("policy examples version \"1.0.0\" dsl 1;\n{rules}");
    if let Err(diagnostics) = aop_dsl::compile("examples.aop", &source) {
        panic!("{diagnostics}");
    }
}
