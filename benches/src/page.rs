//! Parts of a page that a report writes: what stands between two marks, and the state of the code that was measured.

use std::process::Command;

use crate::BenchError;

/// The page with the part between `<!-- NAME -->` and `<!-- /NAME -->` replaced.
///
/// ```
/// let page = "# Page\n<!-- figures -->\nold\n<!-- /figures -->\nend\n";
/// let page = aop_benches::page::with_part(page, "figures", "new\n").unwrap();
/// assert_eq!(page, "# Page\n<!-- figures -->\nnew\n<!-- /figures -->\nend\n");
/// assert!(aop_benches::page::with_part(&page, "peers", "new\n").is_err());
/// ```
///
/// # Errors
/// When the page has no such part.
pub fn with_part(page: &str, name: &str, part: &str) -> Result<String, BenchError> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let missing = || format!("the page has no part between {} and {close}", open.trim_end());
    let (before, rest) = page.split_once(&open).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&close).ok_or_else(missing)?;
    Ok(format!("{before}{open}{part}{close}{after}"))
}

/// The commit that is measured, in words.
pub fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(env!("CARGO_MANIFEST_DIR")).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["log", "-1", "--format=at commit `%h` of %cs"]) else { return "outside of git".to_owned() };
    // the page itself changes while it is written
    let changed = git(&["status", "--porcelain", "--untracked-files=no", "--", ":(top)", ":(top,exclude)docs"]);
    if changed.is_some_and(|changed| changed.is_empty()) { commit } else { format!("{commit} with changes") }
}
