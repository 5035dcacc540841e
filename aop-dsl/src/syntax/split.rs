//! The body of a rule → its clauses.

use std::ops::Range;

use super::ast::Span;
use super::clauses::{self, AGGREGATES};
use super::lexer::{self, TokenKind};
use super::reader::Reader;
use super::words;
use crate::diagnostic::{DiagnosticCode, shown};

/// Words with which the clauses of a rule begin; those over windows (`count(…)`) are told from calls by where they stand.
const CLAUSE_WORDS: [&str; 8] = ["on", "where", "after", "without", "seq", "unless", "expect", "then"];

/// The clauses of a rule's body, as ranges of tokens; misspelt words with which they begin are mended, and what belongs to no
/// clause is said. Also comes back: whether there was such junk.
pub(super) fn clauses(reader: &mut Reader<'_, '_, '_>, body: Range<usize>) -> (Vec<Range<usize>>, bool) {
    let mut splitter = Splitter {
        clauses: Vec::new(),
        start: body.start,
        word: "",
        has_where: false,
        has_window: false,
        has_junk: false,
        has_then: false,
        begins: None,
    };
    let Some(depth) = body.clone().map(|at| reader.depth(at)).min() else { return (Vec::new(), false) };
    for at in body.clone() {
        if reader.depth(at) == depth && !reader.is_full() {
            splitter.token(reader, at, &body);
        }
    }
    splitter.end(body.end);
    (splitter.clauses, splitter.has_junk)
}

struct Splitter {
    clauses: Vec<Range<usize>>,
    /// Where the clause begins that is being passed through.
    start: usize,
    /// Its first word, without `unless`.
    word: &'static str,
    has_where: bool,
    has_window: bool,
    has_junk: bool,
    has_then: bool,
    /// A clause begins with this token, though what is before it was taken for a part of it.
    begins: Option<usize>,
}

impl Splitter {
    fn token(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize, body: &Range<usize>) {
        let text = reader.text(at);
        if text == ";" && self.word != "then" {
            let span = reader.span(at);
            if self.has_then || self.word == "junk" {
                // What is wrong with the clause is said with its first word.
                reader.patches.edit(span, " ");
                return;
            }
            reader.mended(
                DiagnosticCode::Separator,
                span,
                " ",
                "a clause has no `;` behind it, only the rule's `then` has one",
            );
            return;
        }
        if text == "@" && at > body.start && reader.indent(at).is_some() && self.word != "then" {
            return self.stray(reader, at);
        }
        if !reader.is_word(at) || reader.is_after_dot(at) {
            if at == body.start || self.word.is_empty() {
                self.first_is_no_word(reader, at);
            }
            return;
        }
        if matches!(text, "and" | "or") && self.joins_clauses(reader, at, body.end) {
            return;
        }
        if text == "where" && self.word != "then" && self.is_before_aggregate(reader, at, body.end) {
            let gap = Span { start: reader.span(at).start, end: reader.span(at + 1).start };
            let message = format!(
                "a `where` asks about one event; what `{0}` asks of many is a clause by itself: `{0}(…) > 5 within 1h`",
                reader.text(at + 1)
            );
            reader.mended(DiagnosticCode::Clause, gap, "", message);
            // The word belongs to neither clause.
            self.end(at);
            self.start = at + 1;
            self.begins = Some(at + 1);
            return;
        }
        let word = CLAUSE_WORDS.iter().chain(&AGGREGATES).chain(["cycle"].iter()).find(|word| **word == text).copied();
        let word = word.or_else(|| self.meant(reader, at));
        let is_over_window = word.is_some_and(|word| !CLAUSE_WORDS.contains(&word));
        let Some(word) = word.filter(|_| !is_over_window || reader.text(at + 1) == "(") else {
            if text == "within" || text == "per" {
                self.has_window = true;
            }
            return;
        };
        // `unless after …`, `where max(a, b) > 3`
        let goes_on = if is_over_window {
            self.begins != Some(at) && at > self.start && !ends_operand(reader, at - 1) && !self.word.is_empty()
        } else {
            at == self.start + 1 && reader.text(self.start) == "unless" && !matches!(word, "on" | "then")
        };
        let is_own_where = word == "where"
            && matches!(self.word, "on" | "after" | "without" | "expect")
            && !self.has_where
            && !self.has_window;
        if is_own_where {
            self.has_where = true;
        } else if goes_on {
            self.word = if at == self.start + 1 && reader.text(self.start) == "unless" { word } else { self.word };
        } else {
            self.end(at);
            self.has_then |= word == "then";
            (self.start, self.word, self.has_where, self.has_window) = (at, word, false, false);
            if word == "unless" && clauses::starts_event(reader, at + 1) {
                // It is read as an `unless after`, and has a `where` of its own.
                self.word = "after";
            }
        }
    }

    /// A body that begins with no clause: it is taken for a condition when it looks like one.
    fn first_is_no_word(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) {
        let span = reader.span(at);
        if !reader.patches_have_flaw(at..at + 1) {
            let message = format!(
                "`{}` begins no clause; a rule begins with `on`, such as `on c: request(send_email)`",
                shown(reader.text(at))
            );
            reader.flaw(DiagnosticCode::Clause, span, message);
        }
        self.word = "junk";
        self.has_junk = true;
    }

    /// A line that begins with what begins no clause.
    fn stray(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) {
        self.end(at);
        let (text, span) = (reader.text(at), reader.span(at));
        if EFFECTS.contains(&text) {
            let behind = Span { start: span.start, end: span.start };
            let message = format!("what a rule does stands behind `then`: `then {text} …`");
            reader.mended(DiagnosticCode::Then, behind, "then ", message);
            // The effect's own token begins the clause; what is put before it makes it one.
            (self.word, self.has_then) = ("then", true);
            return;
        }
        let message = match text {
            _ if clauses::starts_event(reader, at) => {
                "an event stands behind what is asked of it: `after …` when it must have been, `without …` when it must not"
                    .to_owned()
            }
            "else" | "elif" | "elseif" => "there is no `else`; write a second rule".to_owned(),
            "@" => "annotations stand behind the rule's name: `rule x @severity(critical) {`".to_owned(),
            "severity" | "description" | "tags" | "reference" | "phase" | "on_unknown" | "metadata" | "meta" | "message" => {
                format!(
                    "`{text}` begins no clause; annotations stand behind the rule's name: `rule x @severity(critical) {{`"
                )
            }
            "avg" | "mean" | "min" | "median" | "average" => {
                format!(
                    "`{text}` begins no clause; over the events of a window there are count, sum, distinct, max and cycle"
                )
            }
            "let" | "fn" | "use" => format!("`{text}` stands outside of rules"),
            "require" | "requires" | "need" => {
                format!(
                    "`{text}` begins no clause; what must have been before is `after`, what must not have been `without`"
                )
            }
            _ => format!("`{}` begins no clause; those are {CLAUSES}", shown(text)),
        };
        reader.flaw(DiagnosticCode::Clause, span, message);
        (self.word, self.has_junk) = ("junk", true);
    }

    /// Whether a count over events stands behind a word, outside of an `unless`.
    fn is_before_aggregate(&self, reader: &Reader<'_, '_, '_>, at: usize, end: usize) -> bool {
        let is_in_unless = at == self.start + 1 && reader.text(self.start) == "unless";
        !is_in_unless && clauses::is_aggregate(reader, at + 1..end)
    }

    /// `and after …`: an `and` before a clause is taken out, an `or` is said.
    fn joins_clauses(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize, end: usize) -> bool {
        let next = reader.text(at + 1);
        let is_aggregate = self.is_before_aggregate(reader, at, end);
        let is_clause = is_aggregate
            || matches!(next, "after" | "without" | "seq" | "unless" | "expect" | "where" | "on" | "then")
            || (next == "cycle" && reader.text(at + 2) == "(");
        if !is_clause || self.word == "then" {
            return false;
        }
        if is_aggregate {
            self.begins = Some(at + 1);
        }
        let span = reader.span(at);
        if reader.text(at) == "and" {
            let message = "clauses need no `and` between them: all of them must hold";
            reader.mended(DiagnosticCode::Clause, span, "", message);
        } else {
            let message = "clauses are not joined by `or`: all of them must hold; write a second rule";
            reader.flaw(DiagnosticCode::Clause, span, message);
            reader.patches.edit(span, " ");
        }
        true
    }

    fn end(&mut self, at: usize) {
        if self.start < at && !matches!(self.word, "" | "junk") {
            self.clauses.push(self.start..at);
        }
        self.start = at;
    }

    /// The clause that begins here by another name; its word is mended.
    fn meant(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) -> Option<&'static str> {
        let is_first = self.word.is_empty();
        // Behind an operand nothing but an operator or a clause can stand.
        if self.word == "then"
            || !is_first && (at == self.start + 1 || !ends_operand(reader, at - 1) || self.is_known(reader, at))
        {
            return None;
        }
        let text = reader.text(at);
        let is_event = !is_first && clauses::starts_event(reader, at);
        let meant = foreign_clause(text, is_first, reader.text(at + 1)).filter(|_| !is_event).or_else(|| {
            let near = words::nearest(text, &ALL_WORDS)?;
            let begins_clause = CLAUSE_WORDS.contains(&near);
            // `thn deny`: what to do stands behind a `then`.
            let fits = near != "then" || (reader.is_word(at + 1) && !CLAUSE_WORDS.contains(&reader.text(at + 1)));
            (begins_clause && fits && !is_event && (!is_first || near == "on" || near.len() > 2)).then_some(near)
        });
        let Some(meant) = meant else {
            if is_first {
                self.first_is_no_word(reader, at);
            } else if reader.indent(at).is_some() {
                self.stray(reader, at);
            }
            return None;
        };
        let message = format!("`{}` begins no clause; did you mean `{meant}`?", shown(text));
        reader.mended_word(at, meant, message);
        Some(meant)
    }

    /// Whether a word belongs where it is: behind a window's number, in a `then`, as a binding's name.
    fn is_known(&self, reader: &Reader<'_, '_, '_>, at: usize) -> bool {
        let before = reader.text(at - 1);
        let is_quantified = matches!(before, "any" | "all" | "count") && reader.text(at + 1) == "in";
        let is_after_keyword = ALL_WORDS.contains(&before) || matches!(before, "max" | "unless" | "has" | "any" | "all");
        ALL_WORDS.contains(&reader.text(at))
            || is_quantified
            || is_after_keyword
            || reader.kind(at - 1) == Some(TokenKind::Number)
    }
}

/// What a rule may do.
pub(super) const EFFECTS: [&str; 5] = ["flag", "redact", "throttle", "require_approval", "deny"];

/// The clauses, for messages.
const CLAUSES: &str = "on, where, after, without, seq, count, sum, distinct, max, cycle, unless, expect and then";

/// The words that may stand behind an operand in a rule.
const ALL_WORDS: [&str; 27] = [
    "on",
    "where",
    "after",
    "without",
    "seq",
    "unless",
    "expect",
    "then",
    "within",
    "by",
    "per",
    "for",
    "max",
    "and",
    "or",
    "in",
    "not",
    "matches",
    "contains",
    "starts_with",
    "ends_with",
    "derives_from",
    "is",
    "as",
    "events",
    "keys",
    "run",
];

fn foreign_clause(text: &str, is_first: bool, next: &str) -> Option<&'static str> {
    match text {
        "when" | "for" | "match" | "trigger" if is_first => Some("on"),
        "when" | "if" | "condition" | "having" | "provided" if next != ":" => Some("where"),
        "except" => Some("unless"),
        "before" | "preceded_by" | "since" if !is_first => Some("after"),
        "action" | "effect" | "do" | "return" | "raise" if !is_first => Some("then"),
        "sequence" if next == "[" => Some("seq"),
        _ => None,
    }
}

/// Whether an operand ends with this token, so that none can begin behind it.
pub(super) fn ends_operand(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    match reader.kind(at) {
        Some(TokenKind::Word) => {
            let operators = [
                "and",
                "or",
                "not",
                "in",
                "matches",
                "contains",
                "starts_with",
                "ends_with",
                "derives_from",
                "is",
                "as",
                "has",
                "where",
                "on",
                "after",
                "without",
                "expect",
                "unless",
                "then",
                "within",
                "by",
                "per",
                "for",
                "seq",
                "if",
                "over",
                "window",
                "any",
                "all",
            ];
            reader.is_after_dot(at) || !operators.contains(&reader.text(at))
        }
        Some(TokenKind::Sign) => match reader.text(at) {
            ")" | "]" | "}" => true,
            "?" => at > 0 && reader.text(at - 1) != "?" && ends_operand(reader, at - 1),
            ">" => closes_type(reader, at),
            _ => false,
        },
        Some(_) => true,
        None => false,
    }
}

/// Whether a `>` is that of `list<…>`.
fn closes_type(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    lexer::is_in_type(reader.source, &reader.tokens[..at])
}
