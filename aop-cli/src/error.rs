//! What ends a verb early. Faults of single lines do not: they are said, and the rest is still done.

use std::io;
use std::path::Path;

/// Why a verb cannot do its work; every one of them ends it with exit code 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// An argument, a variable or a setting that cannot be.
    #[error("{0}")]
    Usage(String),
    /// A file that cannot be read.
    #[error("{path}: {source}")]
    Read { path: String, source: io::Error },
    /// A file that cannot be written.
    #[error("{path}: cannot be written: {source}")]
    Write { path: String, source: io::Error },
    /// Settings or policies that the engine refuses.
    #[error("{place}{source}")]
    Build { place: String, source: aop_engine::BuildError },
    /// Standard output takes no more.
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.display().to_string(), source }
    }
}
