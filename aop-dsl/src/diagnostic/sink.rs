//! Where the stages of the compiler put their mistakes.

use std::ops::Range;

use super::{Diagnostic, DiagnosticCode, Diagnostics, Fix, Level, Related};

/// How many diagnostics of one policy are kept; one more says how many there were beyond them.
const DIAGNOSTICS_MAX: usize = 200;

/// The longest part of the source that [`shown`] quotes, in characters.
const QUOTE_CHARACTERS_MAX: usize = 40;

/// The longest text of a diagnostic, in characters: a name in it may be as long as a file.
const TEXT_CHARACTERS_MAX: usize = 360;

/// Takes the mistakes of one policy, in any order.
#[derive(Debug)]
pub(crate) struct Sink<'s> {
    name: &'s str,
    source: &'s str,
    diagnostics: Vec<Diagnostic>,
    /// Takes the place of those that are not kept.
    spare: Option<Diagnostic>,
    /// How many are not kept.
    more: usize,
    errors: usize,
    errors_more: usize,
}

impl<'s> Sink<'s> {
    /// `name` is what diagnostics call the policy.
    pub(crate) fn new(name: &'s str, source: &'s str) -> Self {
        Self { name, source, diagnostics: Vec::new(), spare: None, more: 0, errors: 0, errors_more: 0 }
    }

    pub(crate) fn name(&self) -> &'s str {
        self.name
    }

    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// Whether a mistake was found that is more than a warning.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many mistakes were found that are more than warnings.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// A mistake at a place; what else is to be said of it is added to what comes back.
    pub(crate) fn error(
        &mut self,
        code: DiagnosticCode,
        span: impl Into<Range<usize>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(code, Level::Error, span.into(), message.into())
    }

    /// A warning at a place.
    pub(crate) fn warning(
        &mut self,
        code: DiagnosticCode,
        span: impl Into<Range<usize>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(code, Level::Warning, span.into(), message.into())
    }

    fn add(&mut self, code: DiagnosticCode, level: Level, span: Range<usize>, message: String) -> &mut Diagnostic {
        let end = self.source.floor_char_boundary(span.end);
        let diagnostic = Diagnostic {
            code,
            level,
            message: clean(message),
            span: self.source.floor_char_boundary(span.start).min(end)..end,
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        };
        let is_error = usize::from(level == Level::Error);
        self.errors += is_error;
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(diagnostic);
            return self.diagnostics.last_mut().expect("one was just pushed");
        }
        self.more += 1;
        // A mistake is not hidden by warnings: it takes the place of one.
        let warning = self.diagnostics.iter().rposition(|kept| kept.level == Level::Warning).filter(|_| is_error == 1);
        match warning {
            Some(at) => {
                self.diagnostics[at] = diagnostic;
                &mut self.diagnostics[at]
            }
            None => {
                self.errors_more += is_error;
                self.spare.insert(diagnostic)
            }
        }
    }

    /// All that was said, in the order of the text.
    pub(crate) fn into_diagnostics(mut self) -> Diagnostics {
        if self.more > 0 {
            let message = format!("{} more are not shown; mend the first ones and check again", self.more);
            let level = if self.errors_more > 0 { Level::Error } else { Level::Warning };
            let end = self.source.trim_end().len();
            let last = self.diagnostics.pop();
            self.diagnostics.sort_by_key(order);
            self.add(DiagnosticCode::TooMany, level, end..end, message);
            // The one that made room; the list may have one more than is kept.
            let at = self.diagnostics.len() - 1;
            if let Some(last) = last {
                self.diagnostics.insert(at, last);
                self.diagnostics[..=at].sort_by_key(order);
            }
        } else {
            self.diagnostics.sort_by_key(order);
        }
        self.diagnostics.dedup();
        set_places(self.source, &mut self.diagnostics);
        Diagnostics { name: self.name.to_owned(), diagnostics: self.diagnostics, source: self.source.into() }
    }
}

fn order(diagnostic: &Diagnostic) -> (usize, usize) {
    (diagnostic.span.start, diagnostic.span.end)
}

/// Fills in lines and columns, in one walk through the text.
fn set_places(source: &str, diagnostics: &mut [Diagnostic]) {
    let mut places: Vec<(usize, &mut usize, &mut usize)> = Vec::new();
    for diagnostic in diagnostics {
        for related in &mut diagnostic.related {
            related.span.end = source.floor_char_boundary(related.span.end);
            related.span.start = source.floor_char_boundary(related.span.start).min(related.span.end);
            places.push((related.span.start, &mut related.line, &mut related.column));
        }
        places.push((diagnostic.span.start, &mut diagnostic.line, &mut diagnostic.column));
        places.push((diagnostic.span.end, &mut diagnostic.end_line, &mut diagnostic.end_column));
    }
    places.sort_by_key(|(at, ..)| *at);
    let (mut at, mut line, mut column) = (0, 1, 1);
    for (place, place_line, place_column) in places {
        let passed = &source[at..place];
        if let Some(line_end) = passed.rfind('\n') {
            line += passed.bytes().filter(|byte| *byte == b'\n').count();
            column = 1 + passed[line_end + 1..].chars().count();
        } else {
            column += passed.chars().count();
        }
        at = place;
        (*place_line, *place_column) = (line, column);
    }
}

impl Diagnostic {
    /// A few words beside the text that is meant.
    pub(crate) fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = clean(text.into());
        self
    }

    /// Another place that has to do with it, and what is there.
    pub(crate) fn related(&mut self, span: impl Into<Range<usize>>, text: impl Into<String>) -> &mut Self {
        self.related.push(Related { span: span.into(), line: 1, column: 1, text: clean(text.into()) });
        self
    }

    /// What to do about it.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(clean(text.into()));
        self
    }

    /// A change that surely mends it.
    pub(crate) fn fix(&mut self, span: impl Into<Range<usize>>, replacement: impl Into<String>) -> &mut Self {
        self.fix = Some(Fix { span: span.into(), replacement: replacement.into() });
        self
    }
}

/// A piece of the source as a message quotes it: cut when long, on one line, its control characters escaped.
pub(crate) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut quote: String = characters.by_ref().take(QUOTE_CHARACTERS_MAX).collect();
    if characters.next().is_some() {
        quote.push('…');
    }
    clean(quote)
}

/// A text whose control characters are escaped, so that no terminal obeys them, and that is cut when it is too long to be read.
fn clean(text: String) -> String {
    let is_long = text.chars().nth(TEXT_CHARACTERS_MAX).is_some();
    if !is_long && !text.chars().any(is_unsafe) {
        return text;
    }
    let mut cleaned = String::with_capacity(text.len().min(8 * TEXT_CHARACTERS_MAX));
    for character in text.chars() {
        if cleaned.chars().nth(TEXT_CHARACTERS_MAX - 1).is_some() {
            cleaned.push('…');
            break;
        }
        if is_unsafe(character) { cleaned.extend(character.escape_default()) } else { cleaned.push(character) }
    }
    cleaned
}

/// Whether a character may move a terminal's cursor or turn the text's direction.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let mut sink = Sink::new("mail.aop", "é = 1;\n\tlet b;\n");
        sink.error(DiagnosticCode::Name, 13..14, "b").related(0..2, "é");
        sink.warning(DiagnosticCode::Name, 2..3, "after é");
        let diagnostics = sink.into_diagnostics();
        let [first, second] = diagnostics.diagnostics() else { panic!("there are two") };
        assert_eq!((first.line, first.column, first.level), (1, 2, Level::Warning), "in the order of the text");
        assert_eq!((second.line, second.column, second.end_column), (2, 6, 7));
        assert_eq!((second.related[0].line, second.related[0].column), (1, 1));
        assert!(diagnostics.has_errors());
    }

    #[test]
    fn spans_outside_of_the_text_and_within_characters_are_set_right() {
        let mut sink = Sink::new("mail.aop", "é");
        sink.error(DiagnosticCode::Name, 1..9, "x").related(7..8, "y");
        let diagnostics = sink.into_diagnostics();
        assert_eq!(diagnostics.diagnostics()[0].span, 0..2);
        assert!(!diagnostics.to_string().is_empty());
    }

    #[test]
    fn messages_are_safe_for_a_terminal() {
        let mut sink = Sink::new("a\u{1b}[31m.aop", "\u{1b}[31m\u{202e}x");
        sink.error(DiagnosticCode::Character, 0..1, format!("`{}`", shown("\u{1b}[31m"))).label("\u{7}").help("\u{202e}");
        let page = sink.into_diagnostics().to_string();
        assert!(!page.contains(|character: char| is_unsafe(character) && character != '\n'), "{page:?}");
    }

    #[test]
    fn a_long_text_is_cut() {
        let mut sink = Sink::new("a.aop", "x");
        sink.error(DiagnosticCode::Name, 0..1, "x".repeat(1_000)).help("\u{7}".repeat(1_000));
        let diagnostics = sink.into_diagnostics();
        let diagnostic = &diagnostics.diagnostics()[0];
        assert_eq!(diagnostic.message, format!("{}…", "x".repeat(TEXT_CHARACTERS_MAX)));
        assert!(diagnostic.help.as_ref().unwrap().chars().count() < TEXT_CHARACTERS_MAX + 10);
    }

    #[test]
    fn a_mistake_is_not_hidden_by_warnings() {
        let mut sink = Sink::new("a.aop", "x");
        for at in 0..300 {
            sink.warning(DiagnosticCode::Name, 0..1, format!("warning {at}"));
        }
        sink.error(DiagnosticCode::Name, 0..1, "a mistake");
        let diagnostics = sink.into_diagnostics();
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.message == "a mistake"));
        let last = diagnostics.iter().find(|diagnostic| diagnostic.code == DiagnosticCode::TooMany).unwrap();
        assert_eq!((last.level, &last.message[..8]), (Level::Warning, "101 more"));
    }

    #[test]
    fn a_quotation_is_cut() {
        assert_eq!(shown(&"x".repeat(50)), format!("{}…", "x".repeat(40)));
        assert_eq!(shown("a\nb"), "a\\nb");
    }
}
