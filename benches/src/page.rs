//! Parts of a page that a report writes: what stands between two marks, and the state of the code that was measured.

use std::path::PathBuf;
use std::process::Command;

use serde::Serialize;

use crate::BenchError;

/// How a report is given: printed as Markdown where nothing else is wished for.
#[derive(Debug, Default)]
pub struct Form {
    /// Printed as JSON.
    pub is_json: bool,
    /// Written between the marks of this page, and not printed.
    pub page: Option<PathBuf>,
}

/// Gives a report as it is wished for: `figures` are ours, and `peers` what others have beside them, where any were measured.
///
/// # Errors
/// When the page cannot be read or written, or has no such part.
pub fn give(form: &Form, report: &impl Serialize, figures: &str, peers: Option<&str>) -> Result<(), BenchError> {
    if let Some(path) = &form.page {
        let mut text = with_part(&std::fs::read_to_string(path)?, "figures", figures)?;
        if let Some(peers) = peers {
            text = with_part(&text, "peers", peers)?;
        }
        std::fs::write(path, text)?;
    } else if form.is_json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        print!("{figures}");
        if let Some(peers) = peers {
            print!("\n{peers}");
        }
    }
    Ok(())
}

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
