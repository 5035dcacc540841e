//! Where lines come from: files, folders, standard input.

mod doubt;
mod lines;
mod stream;

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

pub(crate) use doubt::Doubt;
pub(crate) use lines::{Chunk, Fill, Line, Lines};
pub(crate) use stream::each_line;

use crate::error::Error;
use crate::output::complain;

/// One thing to read.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its name for people: the path as it was given, or as it was found below a given folder.
    pub(crate) name: String,
    /// The file; nothing for standard input.
    pub(crate) path: Option<PathBuf>,
    /// Whether the user named this file, and not a folder it is in.
    pub(crate) is_named: bool,
    /// How large it is; 0 when nobody knows.
    pub(crate) bytes: u64,
}

impl Source {
    fn stdin() -> Self {
        Self { name: "standard input".to_owned(), path: None, is_named: true, bytes: 0 }
    }

    fn file(path: PathBuf, is_named: bool, bytes: u64) -> Self {
        Self { name: path.display().to_string(), path: Some(path), is_named, bytes }
    }

    /// A file's path, or `-` for standard input, as one argument gives it.
    pub(crate) fn of_argument(path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            return Ok(Self::stdin());
        }
        let metadata = fs::metadata(path).map_err(|error| Error::read(path, error))?;
        if metadata.is_dir() {
            return Err(Error::usage(format!("{} is a folder; name a file, or `-` for standard input", path.display())));
        }
        Ok(Self::file(path.to_owned(), true, metadata.len()))
    }

    /// Its lines, none longer than `bytes_max`.
    pub(crate) fn open(&self, bytes_max: usize) -> io::Result<Lines<BufReader<Box<dyn Read>>>> {
        const BUFFER_BYTES: usize = 1 << 20;
        let reader: Box<dyn Read> = match &self.path {
            None => Box::new(io::stdin().lock()),
            Some(path) => Box::new(File::open(path)?),
        };
        Ok(Lines::new(BufReader::with_capacity(BUFFER_BYTES, reader), bytes_max))
    }
}

/// What the arguments name: files as they are, folders as the `*.jsonl` files below them in the order of their names, `-`
/// as standard input. What cannot be read is said and passed over; the second value counts it.
pub(crate) fn sources(arguments: &[PathBuf]) -> (Vec<Source>, u64) {
    let mut sources = Vec::new();
    let mut bad = 0;
    let mut fault = |error: Error| {
        complain(error);
        bad += 1;
    };
    let mut stdin_named = false;
    for path in arguments {
        if path.as_os_str() == "-" {
            if std::mem::replace(&mut stdin_named, true) {
                fault(Error::usage("`-` is named twice, and standard input can be read once"));
            } else {
                sources.push(Source::stdin());
            }
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = sources.len();
                let mut faults = 0;
                walk(path, &mut sources, &mut |error| {
                    faults += 1;
                    fault(error);
                });
                if sources.len() == before && faults == 0 {
                    fault(Error::usage(format!("{}: there is no *.jsonl file in this folder", path.display())));
                }
            }
            Ok(metadata) => sources.push(Source::file(path.clone(), true, metadata.len())),
            Err(error) => fault(Error::read(path, error)),
        }
    }
    (sources, bad)
}

/// The `*.jsonl` files below a folder, by name, folders among them. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, sources: &mut Vec<Source>, fault: &mut dyn FnMut(Error)) {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => return fault(Error::read(folder, error)),
    };
    paths.sort();
    for path in paths {
        let is_link = path.is_symlink();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() && !is_link => walk(&path, sources, fault),
            Ok(metadata) if metadata.is_file() && path.extension().is_some_and(|extension| extension == "jsonl") => {
                sources.push(Source::file(path, false, metadata.len()));
            }
            Ok(_) => {}
            Err(error) => fault(Error::read(&path, error)),
        }
    }
}
