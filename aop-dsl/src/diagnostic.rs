//! What is wrong with a policy, said so that its author can mend it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// The longest part of a source line that a diagnostic shows, in characters.
const LINE_CHARACTERS_MAX: usize = 120;

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
pub struct Diagnostic {
    /// What kind of mistake it is; stable, for programs.
    pub code: DiagnosticCode,
    /// What is wrong and what would be right.
    pub message: String,
    /// The text that is meant, in bytes of the source; empty where something is missing.
    pub span: Range<usize>,
    /// The line on which the span begins, counted from 1.
    pub line: usize,
    /// The character of that line with which the span begins, counted from 1.
    pub column: usize,
    /// How many characters of that line the span covers; at least the one where something is missing.
    pub width: usize,
    /// That line's text, cut when long, each control character replaced by one that can be shown.
    pub line_text: String,
}

/// The kinds of [`Diagnostic`]. A code keeps its meaning once it is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DiagnosticCode {
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// A part of the header is missing, or something else stands in its place.
    Header,
    /// The policy's name is none.
    PackageName,
    /// The policy's version is none.
    PackageVersion,
    /// The policy is written in a version of the language that is not known here.
    LanguageVersion,
    /// The policy has more than its header, which this version does not compile.
    NotCompiledYet,
    /// Two policies of one set have the same name.
    LoadedTwice,
}

impl fmt::Display for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // serde's spelling is the only one; a formatter is a serializer of unit variants.
        self.serialize(f)
    }
}

impl Diagnostic {
    pub(crate) fn new(code: DiagnosticCode, message: impl Into<String>, source: &str, span: Range<usize>) -> Self {
        let line_start = source[..span.start].rfind('\n').map_or(0, |end| end + 1);
        let line_end = source[span.start..].find('\n').map_or(source.len(), |length| span.start + length);
        let line_text = source[line_start..line_end].trim_end();
        Self {
            code,
            message: message.into(),
            width: source[span.start..span.end.min(line_end)].chars().count().max(1),
            line: source[..line_start].matches('\n').count() + 1,
            column: source[line_start..span.start].chars().count() + 1,
            line_text: line_text.chars().take(LINE_CHARACTERS_MAX).map(visible).collect(),
            span,
        }
    }
}

/// A character of a source line as a terminal may be given it; each stays one character, so that carets stay in place.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        control if control.is_control() || control == '\u{FEFF}' => '\u{FFFD}',
        other => other,
    }
}

/// Every mistake in one policy, in the order of the text; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostics {
    name: String,
    diagnostics: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The error for a policy's mistakes, or nothing when there are none.
    pub(crate) fn from_list(name: &str, diagnostics: Vec<Diagnostic>) -> Option<Self> {
        (!diagnostics.is_empty()).then(|| Self { name: name.to_owned(), diagnostics })
    }

    /// The name under which the policy was handed in, such as its file's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mistakes; there is at least one.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let Diagnostic { code, message, line, column, width, line_text, .. } = diagnostic;
            let margin = line.to_string().len() + 1;
            let before = column - 1;
            // Behind the end of a line that was cut there is nothing to point at.
            let carets = "^".repeat((*width).min((line_text.chars().count() + 1).saturating_sub(before)));
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "error[{code}]: {message}")?;
            writeln!(f, "{:margin$}--> {}:{line}:{column}", "", self.name)?;
            writeln!(f, "{:margin$} |", "")?;
            writeln!(f, " {line} | {line_text}")?;
            writeln!(f, "{:margin$} | {:before$}{carets}", "", "")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
