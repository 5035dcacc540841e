//! Patterns of paths and other texts: the whole text must match, `*` stops at a `/`, `**` does not.

use globset::{Glob, GlobBuilder};

use super::show::quoted;

/// Longer patterns are refused.
pub(crate) const TEXT_MAX: usize = 4096;

/// Compiles a pattern, or says what is wrong with it.
pub(crate) fn compile(text: &str) -> Result<Glob, String> {
    if text.len() > TEXT_MAX {
        return Err(format!("{} has {} bytes; a glob may have {TEXT_MAX}", quoted(text), text.len()));
    }
    GlobBuilder::new(text)
        .literal_separator(true)
        .backslash_escape(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| format!("{} is no glob: {}", quoted(text), error.kind()))
}
