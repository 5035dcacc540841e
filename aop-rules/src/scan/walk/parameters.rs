//! The parameters of an action, which are looked at for code: what they are declared to hold, and what stands around them.

use std::collections::VecDeque;

use aop_toon::{Kind, Severity, Value};

use crate::scan::hit::POINTER_BYTES_MAX;
use crate::scan::recognizer::{Language, Look, Parameter};
use crate::scan::walk::{Text, Walk, outermost};
use crate::threats::code::shell::command;
use crate::threats::code::{nosql, source};

/// So many of an object's fields and of the objects around a value are looked at.
const NEIGHBOURS_MAX: usize = 16;
/// So many arguments at either end of a list are looked at.
const ARGUMENTS_MAX: usize = 64;
/// A longer argument is looked at so far, one half at either end.
const ARGUMENT_BYTES_MAX: usize = 4096;
/// So many items of a list may be no argument, or one too short to look at, before the first.
const SHORT_MAX: usize = 256;
/// So much of a list has to be an argument that it is looked at: shorter texts are not.
const ARGUMENT_BYTES_MIN: usize = 3;

impl Walk<'_> {
    /// What the parameter that a text is of is declared to hold.
    pub(super) fn language(&self, text: Text<'_>) -> Language {
        let Some(declared) = self.params.filter(|declared| !declared.is_empty()) else { return Language::Undeclared };
        if let Some(language) = self.piece_language {
            return language;
        }
        let outer = outermost(text.within).or(text.value);
        outer.map(|outer| declared.language(&outer.pointer_within(POINTER_BYTES_MAX).0)).unwrap_or_default()
    }

    /// Lets those look that look at an action's parameters.
    pub(super) fn parameter(&mut self, text: Text<'_>) {
        if self.params.is_none() {
            return;
        }
        let detectors = self.detectors;
        let Some(looks) = Some(detectors.parameters()).filter(|looks| !looks.is_empty()) else { return };
        let language = self.language(text);
        let holder = if text.at_key { text.value.and_then(|value| value.parent()) } else { text.value };
        let key = holder.and_then(|value| value.key().or_else(|| value.parent()?.key()));
        let name = key.map(|key| key.as_str()).unwrap_or_default();
        let mut parameter = Parameter::new(text.text, &name, text.at_key, language);
        let value = text.value.filter(|_| language == Language::Undeclared);
        let mut line = String::new();
        let mut is_content = false;
        if let Some(value) = value.filter(|_| text.at_key && text.text.starts_with('$')) {
            parameter = parameter.with_operand(matches_all(value) && !is_in_filter(value));
        } else if let Some(value) = value.filter(|_| !text.at_key) {
            is_content = source::is_file_content_named(&name) && is_beside_file(value);
            parameter = parameter.with_page(source::is_page(&parameter, is_content));
            parameter = parameter.with_field(value.parent().is_some_and(|parent| parent.is_object()));
            if command_line(value, &mut line) {
                parameter = parameter.with_line(&line);
            }
        }
        for &owner in looks {
            let enabled = detectors.enabled(owner);
            let Look::Parameter(look) = enabled.recognizer.look else { continue };
            if let Some(judgement) = enabled.judgement(self.provenance)
                && let Some(found) = look(&parameter)
            {
                let before = self.hits.len();
                self.report(text, owner, found);
                // What is written to a file is told; that it is code is what files are for. A command that attacks is none of it.
                // What the operator says of a rule holds.
                let is_command = enabled.recognizer.rule.id == command::RULE.id;
                if is_content && !is_command && judgement.effect.is_none() {
                    self.hits[before..].iter_mut().for_each(|hit| hit.severity = Severity::Info);
                }
            }
        }
    }
}

/// Whether an operator's operand makes it hold for every document: not equal to nothing, greater than nothing, any text.
fn matches_all(operand: Value<'_>) -> bool {
    matches!(
        operand.raw(),
        "null"
            | "true"
            | "\"\""
            | "[]"
            | "{}"
            | "0"
            | "1"
            | "-1"
            | "[null]"
            | "[\"\"]"
            | "\".\""
            | "\".*\""
            | "\".+\""
            | "\"^\""
            | "\"^.*\""
            | "\"^.*$\""
    )
}

/// Whether what stands around a value is a query by its key.
fn is_in_filter(value: Value<'_>) -> bool {
    let around = std::iter::successors(value.parent(), |value| value.parent()).take(NEIGHBOURS_MAX);
    around.filter_map(|value| value.key()).any(|key| nosql::is_filter(&key.as_str()))
}

/// Whether a field beside this one names a file of text, and none says that the object is a request to somebody.
fn is_beside_file(value: Value<'_>) -> bool {
    let Some(object) = value.parent().filter(|parent| parent.is_object()) else { return false };
    let fields = || object.entries().take(NEIGHBOURS_MAX);
    let is_file = |field: Value<'_>| field.as_str().is_some_and(|path| source::is_text_file(&path));
    fields().any(|(key, field)| source::names_file(key.content()) && is_file(field))
        && !fields().any(|(key, _)| source::names_request(key.content()))
}

/// The command line that a list of arguments makes, of which this is the first that is looked at.
fn command_line(value: Value<'_>, line: &mut String) -> bool {
    let Some(list) = value.parent().filter(|parent| parent.is_array()) else { return false };
    let first =
        list.items().take(SHORT_MAX).find(|item| item.content().is_some_and(|content| content.len() >= ARGUMENT_BYTES_MIN));
    if first.is_none_or(|first| first.id() != value.id()) {
        return false;
    }
    // `{"program": "sh", "args": ["-c", …]}`
    let is_option = list.items().next().and_then(Value::content).is_some_and(|first| first.starts_with(['-', '/']));
    let beside = list.parent().filter(|object| is_option && object.is_object());
    let program = beside.and_then(|object| {
        let mut fields = object.entries().take(NEIGHBOURS_MAX);
        fields.find(|(key, field)| source::names_program(key.content()) && field.kind() == Kind::String)
    });
    if let Some(program) = program.and_then(|(_, program)| program.as_str()) {
        push_argument(line, &program);
    }
    // Of a longer list the first and the last: what is run stands at either end.
    let mut last = VecDeque::with_capacity(ARGUMENTS_MAX);
    for (index, item) in list.items().enumerate() {
        if index < ARGUMENTS_MAX {
            push_item(line, item);
        } else {
            if last.len() == ARGUMENTS_MAX {
                last.pop_front();
            }
            last.push_back(item);
        }
    }
    last.into_iter().for_each(|item| push_item(line, item));
    line.trim_end().contains(' ')
}

/// Adds an item as the argument that it becomes: a string, or a number or a truth value as it is written. Nothing else is one.
fn push_item(line: &mut String, item: Value<'_>) {
    match item.kind() {
        Kind::String => push_argument(line, &item.as_str().unwrap_or_default()),
        Kind::Number | Kind::Bool => push_argument(line, item.raw()),
        _ => {}
    }
}

/// Adds an argument, in quotes where it needs them; of a long one the head and the tail, its long gaps closed before.
fn push_argument(line: &mut String, argument: &str) {
    let is_plain = argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&byte));
    if is_plain && !argument.is_empty() && argument.len() <= ARGUMENT_BYTES_MAX {
        line.push_str(argument);
    } else {
        line.push('\'');
        let mut rest = argument;
        let mut closed = String::new();
        if argument.len() > ARGUMENT_BYTES_MAX {
            close_gaps(argument, &mut closed);
            rest = &closed;
        }
        if rest.len() > ARGUMENT_BYTES_MAX {
            let head = rest.floor_char_boundary(ARGUMENT_BYTES_MAX / 2);
            push_quoted(line, &rest[..head]);
            line.push('\n');
            rest = &rest[rest.ceil_char_boundary(rest.len() - ARGUMENT_BYTES_MAX / 2)..];
        }
        push_quoted(line, rest);
        line.push('\'');
    }
    line.push(' ');
}

fn push_quoted(line: &mut String, text: &str) {
    for (index, part) in text.split('\'').enumerate() {
        if index > 0 {
            line.push_str("'\\''");
        }
        line.push_str(part);
    }
}

/// Writes blanks and tabs that follow each other as one, which to a shell they are.
fn close_gaps(text: &str, closed: &mut String) {
    let mut is_gap = false;
    for next in text.chars() {
        let was_gap = std::mem::replace(&mut is_gap, matches!(next, ' ' | '\t'));
        if !(was_gap && is_gap) {
            closed.push(next);
        }
    }
}
