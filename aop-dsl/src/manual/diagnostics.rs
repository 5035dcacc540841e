//! `docs/diagnostics.md`: the codes of mistakes and lints.

use crate::diagnostic::DiagnosticCode;

const INTRODUCTION: &str = "\
# What the compiler says

<!-- Generated from aop-dsl/src/diagnostic/code.rs: `AOP_UPDATE=1 cargo test -p aop-dsl --test manual` writes this page. -->

Each thing that `aop policy check` says of a policy has a code, which keeps its meaning: programs find it in the output of `--format json` and
`--format sarif`. A policy with a mistake is not loaded. A lint warns of what is allowed and probably not meant; `@allow(name)` behind a
rule's name silences it there, and `aop policy check --deny-warnings` counts it as a mistake.
";

/// `docs/diagnostics.md`, made from [`DiagnosticCode::ALL`].
pub fn diagnostics_manual() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (title, is_lint) in [("Lints", true), ("Mistakes", false)] {
        page += &format!("\n## {title}\n\n| code | what it means |\n|---|---|\n");
        for code in DiagnosticCode::ALL.iter().filter(|code| code.is_lint() == is_lint) {
            page += &format!("| `{code}` | {} |\n", code.description().replace('|', "\\|"));
        }
    }
    page
}
