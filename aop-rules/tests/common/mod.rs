//! The corpora: `AOP_CORPORA`, or `../shared/corpora` beside the workspace. Tests that measure on them are skipped where they
//! are not.

#![allow(dead_code, reason = "no test reads them in every way")]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A folder or file of the corpora; says so when it is not there.
pub(crate) fn corpora(part: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let path = std::env::var_os("AOP_CORPORA").map_or_else(beside, PathBuf::from).join(part);
    if !path.exists() {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

/// The rows of a file.
pub(crate) fn rows(path: &Path) -> Vec<Value> {
    text(path).lines().map(|line| serde_json::from_str(line).expect("the corpora are JSON lines")).collect()
}

/// The files of a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    files
}

/// What a file holds.
pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file's name.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}
