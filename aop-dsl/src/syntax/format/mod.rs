//! Policies in their one layout: tokens → a list of what to print and where a line may break → text.
//!
//! Only white space changes, trailing commas, and the `;` behind a `seq`'s last step; so the meaning stays, and so do comments.

mod layout;
mod page;
mod spacing;

use super::ast::Span;
use super::patch::Patches;
use super::reader::Reader;
use super::{brackets, lexer, parse};
use crate::diagnostic::{Diagnostics, Sink};

/// A policy in its one layout.
///
/// Comments stay where they are, and so does one blank line between parts; what was on one line and fits there stays on one.
/// Formatting what was formatted changes nothing.
///
/// ```
/// let source = "policy acme.mail version \"1.0.0\" dsl 1;\nlet limits:list<int>=[1,2,3];  // an hour\n";
/// let formatted = "policy acme.mail version \"1.0.0\" dsl 1;\nlet limits: list<int> = [1, 2, 3]; // an hour\n";
/// assert_eq!(aop_dsl::format(source).unwrap(), formatted);
/// ```
///
/// # Errors
/// The mistakes in the syntax; a policy with some has no layout.
pub fn format(source: &str) -> Result<String, Diagnostics> {
    let mut sink = Sink::new("policy", source);
    parse(source, &mut sink);
    if sink.has_errors() {
        return Err(sink.into_diagnostics());
    }
    let mut patches = Patches::default();
    let lexed = lexer::lex(source, Span::new(0, source.len()), &mut patches, &mut sink);
    let mut reader = Reader::new(source, lexed.tokens, patches, &mut sink);
    brackets::check(&mut reader);
    let marks = layout::of(&reader, &lexed.comments);
    Ok(page::print(&marks))
}
