//! Functions over shell commands.

pub(super) mod shell_programs;
pub(super) mod shell_words;
mod syntax;
