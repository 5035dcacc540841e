//! Where the checkout and what lies beside it are.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The folder with the workspace's `Cargo.toml`.
///
/// ```
/// assert!(aop_tests::workspace_root().join("Cargo.lock").is_file());
/// ```
pub fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("this crate is a folder of the workspace").to_owned()
}

/// The folder of real traces: `AOP_CORPORA`, or `../shared/corpora` beside the checkout; nothing when it is not there.
pub fn corpora() -> Option<PathBuf> {
    let folder = match std::env::var_os("AOP_CORPORA") {
        Some(folder) => PathBuf::from(folder),
        None => workspace_root().join("../shared/corpora"),
    };
    folder.is_dir().then_some(folder)
}

/// Says that a test did not run, and why, past the test runner's capture: nobody should take it for passed.
pub fn skipped(what: &str, why: &str) {
    // a message that cannot be shown is no reason to fail
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// Every file of traces in the corpora, one run each, by path.
///
/// # Panics
/// When a folder of traces cannot be read.
pub fn trace_files(corpora: &Path) -> Vec<PathBuf> {
    let mut folders = vec![corpora.join("traces")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder's entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if folder != corpora.join("traces") && path.extension().is_some_and(|extension| extension == "jsonl") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Whether a command is there to be run.
pub fn is_installed(command: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(command).is_file())
}
