//! Statements of SQL in a parameter that is declared to hold them: ordinary ones of all dialects, and attacks.

use aop_rules::scan::{Language, Parameter};
use aop_rules::threats::code::sql::{injection, statement};

/// The statements of a file, parted by empty lines.
fn statements(file: &'static str) -> Vec<&'static str> {
    file.trim().split("\n\n").collect()
}

fn ordinary() -> Vec<&'static str> {
    statements(include_str!("sql/ordinary.sql"))
}

fn attacks() -> Vec<&'static str> {
    statements(include_str!("sql/attacks.sql"))
}

fn is_found(text: &str) -> bool {
    statement::find(&Parameter::new(text, "query", false, Language::Sql)).is_some()
}

#[test]
fn no_ordinary_statement_is_flagged() {
    let (all, flagged) = (ordinary().len(), ordinary().into_iter().filter(|text| is_found(text)).collect::<Vec<_>>());
    println!("{} of {all} ordinary statements are flagged", flagged.len());
    assert!(all >= 200 && flagged.is_empty(), "{all} statements; {flagged:#?}");
}

/// The same where nobody has declared what the parameter holds.
#[test]
fn no_ordinary_statement_is_flagged_as_a_value() {
    let looks = [injection::find, statement::find];
    let flagged: Vec<_> =
        ordinary().into_iter().filter(|text| looks.iter().any(|look| look(&super::value(text)).is_some())).collect();
    assert!(flagged.is_empty(), "{flagged:#?}");
}

#[test]
fn attacks_are_found() {
    let (all, missed) = (attacks().len(), attacks().into_iter().filter(|text| !is_found(text)).collect::<Vec<_>>());
    println!("{} of {all} attacks are found", all - missed.len());
    assert!(all >= 200 && missed.len() * 20 <= all, "{all} attacks; missed: {missed:#?}");
}

/// An attack pasted behind an ordinary statement is found as well.
#[test]
fn ordinary_statements_hide_nothing() {
    let simple = ordinary()
        .into_iter()
        .filter(|text| text.starts_with("SELECT") && !text.contains(['#', ';']) && !text.contains("--"));
    let missed: Vec<_> = simple.filter(|text| !is_found(&format!("{text}; DROP TABLE customers"))).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
