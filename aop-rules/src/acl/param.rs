//! One parameter's rule, compiled, and its check.

use aop_toon::{Kind, Value};
use regex::{Regex, RegexBuilder};

use super::settings::{ParamRule, ParamType, Scalar};
use super::{host, path, rules};
use crate::post_run::Pattern;
use crate::rule::Rule;

/// A parameter's rule with its expressions compiled.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) rule: ParamRule,
    pattern: Option<Regex>,
    hosts: Option<Vec<Pattern>>,
}

/// The largest compiled expression, in bytes: far more than any check of a parameter needs.
const PATTERN_BYTES_MAX: usize = 1 << 20;

impl Param {
    /// Compiles a rule; the error names the field and what is wrong with it.
    pub(super) fn new(name: &str, rule: &ParamRule) -> Result<Self, (&'static str, String)> {
        let pattern = rule.pattern.as_deref().map(whole_match);
        let hosts = rule.hosts.as_ref().map(|hosts| {
            hosts
                .iter()
                .map(|host| host.to_ascii_lowercase().parse().map_err(|_| ("hosts", "a host is empty".into())))
                .collect()
        });
        if let (Some(min), Some(max)) = (rule.min, rule.max)
            && min > max
        {
            return Err(("min", format!("{min} is more than `max`, which is {max}")));
        }
        if rule.path_root.as_ref().is_some_and(|root| !root.starts_with('/')) {
            return Err(("path_root", "a root is an absolute path; begin it with `/`".into()));
        }
        Ok(Self { name: name.to_owned(), rule: rule.clone(), pattern: pattern.transpose()?, hosts: hosts.transpose()? })
    }

    /// Calls `report` with each thing that is wrong with a value. Messages hold no text of the value.
    pub(super) fn check(&self, value: Value<'_>, report: &mut dyn FnMut(&'static Rule, Value<'_>, String)) {
        if let Some(wanted) = self.rule.param_type.filter(|&wanted| !is_of(value, wanted)) {
            report(&rules::PARAM_SCHEMA, value, format!("is {}; it has to be {}", article(value), type_name(wanted)));
            return;
        }
        if !value.is_array() {
            self.check_one(value, report);
            return;
        }
        let count = value.items().count();
        if let Some(most) = self.rule.max_items.filter(|&most| count > most) {
            report(&rules::PARAM_VALUE, value, format!("has {count} items; at most {most} are allowed"));
        }
        for item in value.items() {
            self.check_one(item, report);
        }
    }

    fn check_one(&self, value: Value<'_>, report: &mut dyn FnMut(&'static Rule, Value<'_>, String)) {
        self.check_number(value, report);
        if let Some(allowed) = &self.rule.one_of
            && !allowed.iter().any(|scalar| is_equal(value, scalar))
        {
            let list: Vec<_> = allowed.iter().take(10).map(shown).collect();
            let more = if allowed.len() > list.len() { ", …" } else { "" };
            report(
                &rules::PARAM_VALUE,
                value,
                format!("has a value that is not allowed; it may be {}{more}", list.join(", ")),
            );
        }
        let wants_text = self.pattern.is_some()
            || self.hosts.is_some()
            || self.rule.max_length.is_some()
            || self.rule.path_root.is_some();
        if !wants_text {
            return;
        }
        let Some(text) = value.as_str() else {
            report(&rules::PARAM_SCHEMA, value, format!("is {}; it has to be a string", article(value)));
            return;
        };
        if let Some(most) = self.rule.max_length {
            let length = text.chars().count();
            if length > most {
                report(&rules::PARAM_VALUE, value, format!("has {length} characters; at most {most} are allowed"));
            }
        }
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(&text)
        {
            let wanted: String = self.rule.pattern.iter().flat_map(|pattern| pattern.chars()).take(80).collect();
            report(&rules::PARAM_VALUE, value, format!("does not match `{wanted}`"));
        }
        if let Some(root) = &self.rule.path_root
            && let Some(reason) = path::escape(&text, root)
        {
            report(&rules::PATH_ESCAPE, value, format!("is a path that {reason}; it has to stay in `{root}`"));
        }
        if let Some(hosts) = &self.hosts
            && let Some(reason) = host::refusal(&text, hosts)
        {
            let list: Vec<_> = hosts.iter().take(10).map(Pattern::as_str).collect();
            report(
                &rules::HOST,
                value,
                format!("{reason}; allowed are {}", if list.is_empty() { "no hosts".into() } else { list.join(", ") }),
            );
        }
    }

    fn check_number(&self, value: Value<'_>, report: &mut dyn FnMut(&'static Rule, Value<'_>, String)) {
        if self.rule.min.is_none() && self.rule.max.is_none() {
            return;
        }
        let Some(number) = value.as_number() else {
            report(&rules::PARAM_SCHEMA, value, format!("is {}; it has to be a number", article(value)));
            return;
        };
        // A long number may itself be somebody's, so only short ones are shown.
        let lexeme = if number.lexeme().len() < 9 { number.lexeme() } else { "too far out" };
        if let Some(min) = self.rule.min.filter(|&min| number.as_f64() < min) {
            report(&rules::PARAM_VALUE, value, format!("is {lexeme}; at least {min} is allowed"));
        }
        if let Some(max) = self.rule.max.filter(|&max| number.as_f64() > max) {
            report(&rules::PARAM_VALUE, value, format!("is {lexeme}; at most {max} is allowed"));
        }
    }
}

/// A pattern that has to match the whole of a text. It is compiled alone first, so that an error shows what was written.
fn whole_match(pattern: &str) -> Result<Regex, (&'static str, String)> {
    let compile = |pattern: &str| RegexBuilder::new(pattern).size_limit(PATTERN_BYTES_MAX).build();
    compile(pattern).and_then(|_| compile(&format!(r"\A(?:{pattern})\z"))).map_err(|error| ("pattern", error.to_string()))
}

fn is_of(value: Value<'_>, wanted: ParamType) -> bool {
    match wanted {
        ParamType::String => value.kind() == Kind::String,
        ParamType::Number => value.kind() == Kind::Number,
        ParamType::Integer => value.as_number().is_some_and(|number| number.is_integer() || number.as_f64().fract() == 0.0),
        ParamType::Boolean => value.kind() == Kind::Bool,
        ParamType::Array => value.is_array(),
        ParamType::Object => value.is_object(),
    }
}

fn is_equal(value: Value<'_>, scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Bool(wanted) => value.as_bool() == Some(*wanted),
        // An integer that fits is compared to the digit; another number that equals it (`5.0`) is the same value.
        Scalar::Integer(wanted) => value.as_number().is_some_and(|number| match number.as_i64() {
            Some(integer) => integer == *wanted,
            None => number.as_f64() == *wanted as f64,
        }),
        Scalar::Number(wanted) => value.as_number().is_some_and(|number| number.as_f64() == *wanted),
        Scalar::Text(wanted) => value.as_str().is_some_and(|text| text == wanted.as_str()),
    }
}

fn shown(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Bool(value) => format!("`{value}`"),
        Scalar::Integer(value) => format!("`{value}`"),
        Scalar::Number(value) => format!("`{value}`"),
        Scalar::Text(value) => format!("`{}`", value.chars().take(80).collect::<String>()),
    }
}

fn article(value: Value<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}

fn type_name(wanted: ParamType) -> &'static str {
    match wanted {
        ParamType::String => "a string",
        ParamType::Number => "a number",
        ParamType::Integer => "a whole number",
        ParamType::Boolean => "a boolean",
        ParamType::Array => "an array",
        ParamType::Object => "an object",
    }
}
