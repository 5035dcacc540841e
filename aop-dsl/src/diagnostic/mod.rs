//! What is wrong with a policy, said so that its author can mend it.
//!
//! Stages hand their mistakes to a [`Sink`]; its end are [`Diagnostics`], which print themselves with the lines that are meant.

mod code;
mod render;
mod sink;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

pub use code::{DiagnosticCode, Level};
pub(crate) use sink::{Sink, shown};

/// One mistake in a policy: its code, its place, and a sentence in the author's words.
///
/// ```
/// use aop_dsl::{DiagnosticCode, compile};
///
/// let error = compile("mail.aop", "policy acme.mail version \"1.0.0\" dsl 2;").unwrap_err();
/// let diagnostic = &error.diagnostics()[0];
/// assert_eq!(diagnostic.code, DiagnosticCode::LanguageVersion);
/// assert_eq!((diagnostic.line, diagnostic.column, diagnostic.span.clone()), (1, 38, 37..38));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of mistake it is; stable, for programs.
    pub code: DiagnosticCode,
    /// How much it matters.
    pub level: Level,
    /// What is wrong and what would be right.
    pub message: String,
    /// The text that is meant, in bytes of the source; empty where something is missing.
    pub span: Range<usize>,
    /// The line on which the span begins, counted from 1.
    pub line: usize,
    /// The character of that line with which the span begins, counted from 1.
    pub column: usize,
    /// The line on which the span ends, counted from 1.
    pub end_line: usize,
    /// The character of that line behind the span, counted from 1.
    pub end_column: usize,
    /// A few words to stand beside the text that is meant; may be empty.
    pub label: String,
    /// Other places that have to do with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// A change that mends it, where one is sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Another place that has to do with a [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Related {
    /// In bytes of the source.
    pub span: Range<usize>,
    /// Its line, counted from 1.
    pub line: usize,
    /// The character of that line, counted from 1.
    pub column: usize,
    /// What is there.
    pub text: String,
}

/// A change of the text that mends a [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fix {
    /// What to take out, in bytes of the source; empty where something is added only.
    pub span: Range<usize>,
    /// What to put there.
    pub replacement: String,
}

/// What is said about one policy, in the order of the text.
///
/// As text each mistake stands with its line; as JSON it is an object with the policy's `name` and its `diagnostics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostics {
    name: String,
    diagnostics: Vec<Diagnostic>,
    #[serde(skip)]
    source: Arc<str>,
}

impl Diagnostics {
    /// The name under which the policy was handed in, such as its file's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same under another name, such as the file's, where it was not known before.
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// The mistakes and warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The mistakes and warnings, one after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// Whether one of them is more than a warning, so that the policy cannot be used.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{}", render::page(&self.name, &self.source, diagnostic))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
