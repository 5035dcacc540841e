//! Policy files: named one by one, or every `*.aop` below a folder.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use aop_engine::policy::{Checked, Source, check};

use crate::error::Error;

/// A policy's text and the file it is from.
#[derive(Debug, Clone)]
pub(crate) struct PolicyFile {
    pub(crate) path: PathBuf,
    pub(crate) source: Source,
}

impl PolicyFile {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let is_stdin = is_stdin(path);
        let name = if is_stdin { STANDARD_INPUT.to_owned() } else { path.display().to_string() };
        Ok(Self { path: path.to_owned(), source: Source { name, text: read_text(path)? } })
    }

    /// A file of which only the place matters.
    pub(super) fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), source: Source { name: path.display().to_string(), text: String::new() } }
    }

    /// What the arguments name, folders in the order of their files' names; the same file once. `-` is standard input.
    pub(crate) fn read_all(arguments: &[PathBuf]) -> Result<Vec<Self>, Error> {
        let mut paths = Vec::new();
        for argument in arguments {
            if is_stdin(argument) {
                paths.push(argument.clone());
            } else if fs::metadata(argument).map_err(|error| Error::read(argument, error))?.is_dir() {
                let before = paths.len();
                walk(argument, &mut paths)?;
                if paths.len() == before {
                    return Err(Error::usage(format!("{}: there is no *.aop file in this folder", argument.display())));
                }
            } else {
                paths.push(argument.clone());
            }
        }
        let mut seen = Vec::new();
        paths.retain(|path| {
            let place = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            let is_new = !seen.contains(&place);
            seen.push(place);
            is_new
        });
        paths.iter().map(|path| Self::read(path)).collect()
    }
}

/// What standard input is called.
pub(super) const STANDARD_INPUT: &str = "standard input";

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What is in a file, or on standard input for `-`.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| Error::read(STANDARD_INPUT.as_ref(), error))?;
        return Ok(bytes);
    }
    if path.is_dir() {
        return Err(Error::usage(format!("{} is a folder; name a file", path.display())));
    }
    fs::read(path).map_err(|error| Error::read(path, error))
}

/// The same, which has to be text.
pub(super) fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let name = if is_stdin(path) { STANDARD_INPUT.into() } else { path.to_string_lossy() };
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::usage(format!("{name}:{line}: the text is not UTF-8 (byte {at})"))
    })
}

/// Checks these policies. What they `use` may also stand in another `*.aop` file of the same folders.
pub(crate) fn check_files(files: &[PolicyFile]) -> Checked {
    let sources: Vec<Source> = files.iter().map(|file| file.source.clone()).collect();
    check(&sources, &neighbours(files))
}

/// The other policies in the folders of these files; one that cannot be read is as if it were not there, and `use` says so.
pub(crate) fn neighbours(files: &[PolicyFile]) -> Vec<Source> {
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    folders.sort();
    folders.dedup();
    let mut found = Vec::new();
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = fs::read_dir(folder) else { continue };
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_policy(path)).collect();
        paths.sort();
        paths.retain(|path| !files.iter().any(|file| file.path.file_name() == path.file_name() && same(&file.path, path)));
        found.extend(paths.iter().filter_map(|path| PolicyFile::read(path).ok()).map(|file| file.source));
    }
    found
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "aop") && path.is_file()
}

/// The `*.aop` files below a folder, by name. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut paths: Vec<PathBuf> =
        entries.map_err(|error| Error::read(folder, error))?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            walk(&path, found)?;
        } else if is_policy(&path) {
            found.push(path);
        }
    }
    Ok(())
}
