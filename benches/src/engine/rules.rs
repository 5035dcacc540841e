//! A hundred policy rules as somebody would deploy them: the rule book in `policies/`.

use std::fs;
use std::path::Path;

use aop_engine::policy::Source;

use crate::BenchError;

/// Themes of the book that are left out, so that a hundred rules about events remain of its 138, and four about many runs. What is left out is what only few agents do:
/// work on a repository, and ask a person for approval; and what settings say already. What looks at every event (loops, costs, results that give orders) stays.
const LEFT_OUT: [&str; 3] = ["approvals.aop", "coding_agents.aop", "runs.aop"];

/// How many rules are to be in force.
pub const RULES: usize = 100;

/// The rule book without the themes that are left out: [`RULES`] rules, with what they use.
///
/// # Errors
/// When the book cannot be read.
pub fn hundred() -> Result<Vec<Source>, BenchError> {
    book(&LEFT_OUT)
}

/// The whole rule book.
///
/// # Errors
/// When it cannot be read.
pub fn all() -> Result<Vec<Source>, BenchError> {
    book(&[])
}

/// The files of the book, by name, but for those left out. The packages below `flow` are not of it.
fn book(left_out: &[&str]) -> Result<Vec<Source>, BenchError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let mut sources = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "aop") && !left_out.contains(&name.as_str()) {
            sources.push(Source { name, text: fs::read_to_string(&path)? });
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use aop_engine::policy::check;

    use super::*;

    #[test]
    fn there_are_a_hundred_rules() {
        let set = check(&hundred().unwrap(), &[]).set.expect("the rule book compiles");
        assert_eq!(set.cost().rules.len(), RULES);
    }
}
