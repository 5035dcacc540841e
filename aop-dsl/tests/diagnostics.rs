//! What the author of a policy reads about its mistakes: each `diagnostics/**/*.aop` with its snapshot beside it.
//!
//! To write the snapshots anew: `INSTA_UPDATE=always cargo test -p aop-dsl --test diagnostics`; then read each that changed.

#![allow(clippy::disallowed_methods, reason = "the cases are files")]
#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use aop_dsl::{Diagnostics, Environment, Fix, Source, syntax_diagnostics};

fn is_about_syntax(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("syntax"))
}

/// Files in `syntax` are read only; the others are compiled.
fn diagnose(path: &Path) -> Diagnostics {
    let source = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    if is_about_syntax(path) {
        return syntax_diagnostics(name, &source);
    }
    let source = Source { name: name.to_owned(), text: source };
    aop_dsl::check(&[source], &Environment::default()).diagnostics.remove(0)
}

fn cases() -> Vec<PathBuf> {
    let mut cases = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "aop") {
                cases.push(path);
            }
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_case_reads_as_its_snapshot() {
    let mut failed = Vec::new();
    for path in cases() {
        let page = diagnose(&path).to_string();
        let snapshot = std::panic::catch_unwind(|| {
            insta::with_settings!({
                snapshot_path => path.parent().unwrap(),
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), page);
            });
        });
        if snapshot.is_err() {
            failed.push(path);
        }
    }
    assert!(failed.is_empty(), "these read otherwise: {failed:#?}");
}

#[test]
fn a_case_has_something_to_say_and_says_it_within_its_text() {
    for path in cases() {
        let diagnostics = diagnose(&path);
        let source = fs::read_to_string(&path).unwrap();
        assert!(!diagnostics.is_empty(), "{}", path.display());
        for diagnostic in &diagnostics {
            assert!(source.get(diagnostic.span.clone()).is_some(), "{diagnostic:?}");
            assert!(diagnostic.message.chars().count() <= 240, "too long: {}", diagnostic.message);
            assert!(!diagnostic.message.ends_with('.') || diagnostic.message.ends_with(".."), "{}", diagnostic.message);
            let first = diagnostic.message.chars().next().unwrap();
            assert!(!first.is_uppercase(), "{}", diagnostic.message);
        }
        assert!(diagnostics.to_string().lines().all(|line| line.chars().count() <= 300), "{}", path.display());
    }
}

/// A fix is offered only where it is sure: when all are made, and those that show up then, none is left, and nothing new.
#[test]
fn fixes_mend_what_they_are_offered_for() {
    for path in cases().into_iter().filter(|path| is_about_syntax(path)) {
        let mut source = fs::read_to_string(&path).unwrap();
        let first = diagnose(&path);
        let unfixed = first.iter().filter(|diagnostic| diagnostic.fix.is_none()).count();
        let mut left = first;
        for _ in 0..3 {
            let fixes: Vec<&Fix> = left.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).collect();
            source = apply(&source, fixes);
            left = syntax_diagnostics("mended.aop", &source);
        }
        assert!(left.iter().all(|diagnostic| diagnostic.fix.is_none()), "{}:\n{source}\n{left}", path.display());
        assert!(left.diagnostics().len() <= unfixed, "{}:\n{source}\n{left}", path.display());
    }
}

/// Makes fixes, from the last to the first, leaving out those that overlap with another.
fn apply(source: &str, mut fixes: Vec<&Fix>) -> String {
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    let mut mended = source.to_owned();
    let mut before = source.len();
    for fix in fixes.iter().rev() {
        if fix.span.end <= before {
            mended.replace_range(fix.span.clone(), &fix.replacement);
            before = fix.span.start;
        }
    }
    mended
}

#[test]
fn as_json_a_diagnostic_has_its_place_its_sentence_and_its_fix() {
    let source = "policy acme.mail version \"1.0.0\" dsl 1;\nlet a: int = 5\nlet b = (1];\n";
    let diagnostics = syntax_diagnostics("mail.aop", source);
    insta::assert_snapshot!(serde_json::to_string_pretty(&diagnostics).unwrap(), @r#"
    {
      "name": "mail.aop",
      "diagnostics": [
        {
          "code": "separator",
          "level": "error",
          "message": "a `let` ends with `;`",
          "span": {
            "start": 54,
            "end": 54
          },
          "line": 2,
          "column": 15,
          "end_line": 2,
          "end_column": 15,
          "label": "add `;` here",
          "fix": {
            "span": {
              "start": 54,
              "end": 54
            },
            "replacement": ";"
          }
        },
        {
          "code": "brackets",
          "level": "error",
          "message": "`]` closes a `(`; write `)`",
          "span": {
            "start": 65,
            "end": 66
          },
          "line": 3,
          "column": 11,
          "end_line": 3,
          "end_column": 12,
          "label": "",
          "related": [
            {
              "span": {
                "start": 63,
                "end": 64
              },
              "line": 3,
              "column": 9,
              "text": "opened here"
            }
          ],
          "fix": {
            "span": {
              "start": 65,
              "end": 66
            },
            "replacement": ")"
          }
        }
      ]
    }
    "#);
}

/// Not that one of them is loaded twice.
#[test]
fn two_policies_without_a_header_are_told_to_have_none() {
    let source = |name: &str| Source { name: name.to_owned(), text: "rule a { on event then flag; }\n".to_owned() };
    let checked = aop_dsl::check(&[source("a.aop"), source("b.aop")], &Environment::default());
    for diagnostics in &checked.diagnostics {
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        assert_eq!(codes, ["header"], "{diagnostics}");
    }
}

#[test]
fn two_hundred_mistakes_are_shown_and_the_others_are_counted() {
    let mut source = "policy acme.mail version \"1.0.0\" dsl 1;\n".to_owned();
    source.push_str(&"let a = 5\n".repeat(300));
    let diagnostics = syntax_diagnostics("mail.aop", &source);
    let shown = diagnostics.diagnostics();
    assert_eq!(shown.len(), 201);
    assert_eq!(shown[200].message, "100 more are not shown; mend the first ones and check again");
    assert_eq!(shown[199].line, 201);
    assert!(diagnostics.has_errors());
}
