//! The parameters of an action, which are looked at for code: what they are declared to hold, and what stands around them.

use aop_toon::{Kind, Severity, Value};

use crate::scan::hit::POINTER_BYTES_MAX;
use crate::scan::recognizer::{Language, Look, Parameter};
use crate::scan::walk::{Text, Walk, outermost};
use crate::threats::code::{nosql, source};

/// So many of an object's fields, of a list's items and of the objects around a value are looked at.
const NEIGHBOURS_MAX: usize = 16;
/// A longer list of arguments is looked at so far.
const ARGUMENTS_BYTES_MAX: usize = 4096;
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
            is_content = (parameter.is_named_source() || source::is_content_named(&name)) && is_beside_file(value);
            parameter = parameter.with_page(source::is_page(&parameter, is_content));
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
                // What is written to a file is told; that it is code is what files are for. What the operator says of a rule holds.
                if is_content && judgement.effect.is_none() {
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

/// Whether a field beside this one names a file.
fn is_beside_file(value: Value<'_>) -> bool {
    let Some(object) = value.parent().filter(|parent| parent.is_object()) else { return false };
    let mut fields = object.entries().take(NEIGHBOURS_MAX);
    fields.any(|(key, field)| field.kind() == Kind::String && source::names_file(key.content()))
}

/// The command line that a list of arguments makes, of which this is the first that is looked at.
fn command_line(value: Value<'_>, line: &mut String) -> bool {
    let Some(list) = value.parent().filter(|parent| parent.is_array()) else { return false };
    let items = || list.items().take(NEIGHBOURS_MAX);
    let first = items().find(|item| item.content().is_some_and(|content| content.len() >= ARGUMENT_BYTES_MIN));
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
    let arguments = program.map(|(_, program)| program).into_iter().chain(items());
    for argument in arguments {
        let Some(argument) = argument.as_str() else { return false };
        if line.len() + argument.len() > ARGUMENTS_BYTES_MAX {
            break;
        }
        let is_plain = argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&byte));
        if is_plain && !argument.is_empty() {
            line.push_str(&argument);
        } else {
            line.push('\'');
            line.push_str(&argument.replace('\'', "'\\''"));
            line.push('\'');
        }
        line.push(' ');
    }
    line.trim_end().contains(' ')
}
