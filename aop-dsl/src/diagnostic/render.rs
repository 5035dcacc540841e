//! A diagnostic as text: its sentence, the lines that are meant with labels under them, and what to do.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Renderer, Snippet};

use super::sink::is_unsafe;
use super::{Diagnostic, Fix, Level, shown};

/// The longest part of a source line that is shown, in characters.
const LINE_CHARACTERS_MAX: usize = 120;

/// How many characters of a long line are shown before the ones that are meant.
const CHARACTERS_BEFORE: usize = 40;

/// Places that are further apart than this, in lines, are shown apart.
const LINES_BETWEEN_MAX: usize = 30;

pub(super) fn page(name: &str, source: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
    };
    let name = shown(name);
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let excerpts = excerpts(source, diagnostic);
    let mut group: Group<'_> = title.elements(excerpts.iter().map(|excerpt| excerpt.snippet(&name)));
    for help in helps(source, diagnostic) {
        group = group.element(annotate_snippets::Level::HELP.message(help));
    }
    // Wide enough that nothing is cut a second time.
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii).term_width(2 * LINE_CHARACTERS_MAX);
    let page = renderer.render(&[group]);
    // The place is that of the source, not that in the line as it is shown.
    match page.split_once("--> ").map(|(head, rest)| (head, rest.split_once('\n'))) {
        Some((head, Some((_, rest)))) => format!("{head}--> {name}:{}:{}\n{rest}", diagnostic.line, diagnostic.column),
        _ => page,
    }
}

/// What is to be done, in sentences.
fn helps(source: &str, diagnostic: &Diagnostic) -> Vec<String> {
    let mut helps: Vec<String> = diagnostic.help.iter().cloned().collect();
    if let Some(Fix { span, replacement }) = &diagnostic.fix {
        let replaced = source.get(span.clone()).unwrap_or_default();
        let sentences = [Some(&diagnostic.message), Some(&diagnostic.label), diagnostic.help.as_ref()];
        let is_in = |sentence: &String| sentence.contains(&format!("`{}`", replacement.trim()));
        let is_said = !replacement.is_empty() && sentences.into_iter().flatten().any(is_in);
        match (replaced.is_empty(), replacement.trim().is_empty()) {
            _ if is_said || (replacement.trim().is_empty() && replaced.trim().chars().all(|c| c == '\u{FEFF}')) => {}
            (_, true) => helps.push(format!("remove `{}`", shown(replaced.trim()))),
            (true, _) => helps.push(format!("add `{}`", shown(replacement.trim()))),
            _ => helps.push(format!("write `{}`", shown(replacement.trim()))),
        }
    }
    helps
}

/// Neighbouring lines of the source, made safe and cut, with what is to be pointed at.
struct Excerpt {
    line_first: usize,
    line_last: usize,
    text: String,
    annotations: Vec<(Range<usize>, String, bool)>,
}

impl Excerpt {
    fn snippet<'e>(&'e self, name: &'e str) -> Snippet<'e, Annotation<'e>> {
        let annotations = self.annotations.iter().map(|(span, label, is_primary)| {
            let kind = if *is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(span.clone());
            if label.is_empty() { annotation } else { annotation.label(label.as_str()) }
        });
        Snippet::source(self.text.as_str()).path(name).line_start(self.line_first).fold(true).annotations(annotations)
    }
}

/// One place to point at.
struct Place<'d> {
    line: usize,
    span: Range<usize>,
    label: &'d str,
    is_primary: bool,
}

/// The lines to show: those around the diagnostic's own place first.
fn excerpts(source: &str, diagnostic: &Diagnostic) -> Vec<Excerpt> {
    let Diagnostic { line, span, label, .. } = diagnostic;
    let mut places = vec![Place { line: *line, span: span.clone(), label, is_primary: true }];
    for related in &diagnostic.related {
        places.push(Place { line: related.line, span: related.span.clone(), label: &related.text, is_primary: false });
    }
    places.sort_by_key(|place| (place.line, place.span.start));
    let mut excerpts: Vec<Excerpt> = Vec::new();
    for on_line in places.chunk_by(|left, right| left.line == right.line) {
        let line = on_line[0].line;
        let is_near = excerpts.last().is_some_and(|last| line - last.line_last <= LINES_BETWEEN_MAX);
        if !is_near {
            let (text, annotations) = (String::new(), Vec::new());
            excerpts.push(Excerpt { line_first: line, line_last: line - 1, text, annotations });
        }
        excerpts.last_mut().expect("one was just pushed").extend(source, on_line);
    }
    excerpts.sort_by_key(|excerpt| !excerpt.annotations.iter().any(|(_, _, is_primary)| *is_primary));
    excerpts
}

impl Excerpt {
    /// Adds the lines up to the one on which the places are, and the places.
    fn extend(&mut self, source: &str, on_line: &[Place<'_>]) {
        let meant = on_line.iter().find(|place| place.is_primary).unwrap_or(&on_line[0]);
        let mut starts = vec![line_start(source, meant.span.start)];
        for _ in self.line_last + 1..meant.line {
            let next = *starts.last().expect("the list begins with one");
            starts.push(line_start(source, next.saturating_sub(1)));
        }
        while let Some(start) = starts.pop() {
            let at = self.text.len();
            let line = Line::cut(source, start, if starts.is_empty() { meant.span.start } else { start });
            self.text.push_str(&line.text);
            self.text.push('\n');
            for place in on_line.iter().filter(|_| starts.is_empty()) {
                let span = at + line.shown(place.span.start)..at + line.shown(place.span.end);
                self.annotations.push((span, place.label.to_owned(), place.is_primary));
            }
        }
        self.line_last = meant.line;
    }
}

fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// A line as it is shown: safe for a terminal, cut around what is meant.
struct Line {
    text: String,
    /// Where each character shown stands in the source and in the text, and the same for the end.
    places: Vec<(usize, usize)>,
}

impl Line {
    fn cut(source: &str, line_start: usize, meant: usize) -> Self {
        let is_end = |at: usize| source[at..].starts_with('\n') || source[at..].starts_with("\r\n");
        let characters = |start: usize| {
            source[start..].char_indices().map(move |(at, c)| (start + at, c)).take_while(|(at, _)| !is_end(*at))
        };
        let fits = characters(line_start).nth(LINE_CHARACTERS_MAX).is_none();
        let before = source[line_start..meant].char_indices().rev().take(CHARACTERS_BEFORE).last();
        let start = if fits { line_start } else { line_start + before.map_or(0, |(at, _)| at) };
        let mut line = Self { text: String::new(), places: Vec::new() };
        if start > line_start {
            line.text.push('…');
        }
        let mut end = start;
        for (at, character) in characters(start).take(LINE_CHARACTERS_MAX) {
            line.places.push((at, line.text.len()));
            line.text.push(visible(character));
            end = at + character.len_utf8();
        }
        line.places.push((end, line.text.len()));
        if end < source.len() && !is_end(end) {
            line.text.push('…');
        }
        line
    }

    /// Where a place of the source is in the text; at its ends when it is not shown.
    fn shown(&self, at: usize) -> usize {
        let next = self.places.partition_point(|(place, _)| *place < at);
        self.places[next.min(self.places.len() - 1)].1
    }
}

/// A character of a source line as a terminal may be given it.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        other if is_unsafe(other) => '\u{FFFD}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{DiagnosticCode, Sink};

    fn check(source: &str, add: impl FnOnce(&mut Sink<'_>)) -> String {
        let mut sink = Sink::new("mail.aop", source);
        add(&mut sink);
        sink.into_diagnostics().to_string()
    }

    #[test]
    fn a_place_with_labels_help_and_fix() {
        let source = "policy a;\nrule x {\n  on c: request(*)\n  then denny\n}\n";
        let at = source.find("denny").unwrap();
        let page = check(source, |sink| {
            sink.error(DiagnosticCode::Keyword, at..at + 5, "`denny` is no effect")
                .label("did you mean `deny`?")
                .related(15..16, "in this rule")
                .help("effects are flag, redact, throttle, require_approval and deny")
                .fix(at..at + 5, "deny");
        });
        insta::assert_snapshot!(page, @r"
        error[keyword]: `denny` is no effect
         --> mail.aop:4:8
          |
        2 | rule x {
          |      - in this rule
        3 |   on c: request(*)
        4 |   then denny
          |        ^^^^^ did you mean `deny`?
          |
          = help: effects are flag, redact, throttle, require_approval and deny
        ");
    }

    #[test]
    fn places_that_are_far_apart_are_shown_apart() {
        let source = format!("let a = 1;\n{}let a = 2;\n", "\n".repeat(60));
        let second = source.rfind('a').unwrap();
        let page = check(&source, |sink| {
            sink.warning(DiagnosticCode::Name, second..second + 1, "`a` is defined twice").related(4..5, "the first");
        });
        insta::assert_snapshot!(page, @r"
        warning[name]: `a` is defined twice
          --> mail.aop:62:5
           |
        62 | let a = 2;
           |     ^
           |
          ::: mail.aop:1:5
           |
         1 | let a = 1;
           |     - the first
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let source = format!("{}\tb{}", "a".repeat(500), "c".repeat(500));
        let page = check(&source, |sink| {
            sink.error(DiagnosticCode::Name, 501..502, "`b` is no name").related(0..1, "far to the left");
        });
        insta::assert_snapshot!(page, @r"
        error[name]: `b` is no name
         --> mail.aop:1:502
          |
        1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc…
          |  - far to the left                       ^
        ");
    }

    #[test]
    fn a_place_at_the_end_of_a_text_without_a_last_line_end() {
        let page = check("let a", |sink| {
            sink.error(DiagnosticCode::Separator, 5..5, "a `let` ends with `;`").fix(5..5, ";");
        });
        insta::assert_snapshot!(page, @r"
        error[separator]: a `let` ends with `;`
         --> mail.aop:1:6
          |
        1 | let a
          |      ^
        ");
    }
}
