//! Rules about parameters.

use aop_dsl::Source;
use aop_rules::acl;
use aop_rules::rule::Rule;

use super::super::compiled_in::ActionError;
use super::super::text::{in_message, pattern, quoted};
use super::super::{ActionRule, ActionSettings, ParamRule, ParamType, Scalar};
use super::names::Meant;
use super::{Draft, Translation};
use crate::policy;

/// Expressions have to be right by themselves: `a)(b` would be, with what is put around it, and mean something else.
pub(super) fn check_patterns(settings: &ActionSettings) -> Result<(), ActionError> {
    let mut text = "policy aop.patterns version \"1.0.0\" dsl 1;\n".to_owned();
    let mut written = Vec::new();
    for (name, action) in &settings.actions {
        for (param, rule) in &action.params {
            let Some(expression) = &rule.pattern else { continue };
            let setting = format!("{name}.params.{param}.pattern");
            let Some(pattern) = pattern(expression) else {
                let problem = "the expression stands on several lines, or ends in a `\\`; write `\\n` for the end of a line";
                return Err(ActionError::new(setting, problem));
            };
            text.push_str(&format!("let p{} = {pattern};\n", written.len()));
            written.push(setting);
        }
    }
    let checked = policy::check(&[Source { name: "patterns".to_owned(), text }], &[]);
    let mistake =
        checked.diagnostics.iter().flat_map(|file| file.iter()).find(|mistake| mistake.level == policy::Level::Error);
    match mistake {
        None => Ok(()),
        Some(mistake) => {
            let setting = mistake.line.checked_sub(2).and_then(|at| written.get(at)).cloned().unwrap_or_default();
            Err(ActionError::new(setting, mistake.message.as_str()))
        }
    }
}

pub(super) fn params(
    translation: &mut Translation,
    name: &str,
    action: &ActionRule,
    meant: &Meant,
) -> Result<(), ActionError> {
    for (param, rule) in &action.params {
        Param { translation, setting: format!("{name}.params.{param}"), param, rule, meant }.rules()?;
    }
    if !action.additional_params {
        let known: Vec<String> = action.params.keys().map(|param| quoted(param)).collect();
        let others =
            if known.is_empty() { "values(c.params)".to_owned() } else { format!("rest(c.params, [{}])", known.join(", ")) };
        let listed: Vec<String> = action.params.keys().take(10).map(|param| in_message(param)).collect();
        let has = if listed.is_empty() { "it has none".to_owned() } else { format!("it has {}", listed.join(", ")) };
        translation.rule(Draft {
            setting: format!("{name}.additional_params"),
            rule: &acl::PARAM_SCHEMA,
            at: Some("c.params"),
            trigger: meant.request("c", &[format!("(any x in {others}: true)")]),
            clauses: Vec::new(),
            effect: None,
            message: format!("`{}` has a parameter that it should not have; {has}", in_message(name)),
        });
    }
    Ok(())
}

struct Param<'p> {
    translation: &'p mut Translation,
    setting: String,
    param: &'p str,
    rule: &'p ParamRule,
    meant: &'p Meant,
}

const IS_NUMBER: &str = "json_type(x) in [\"integer\", \"number\"]";

impl Param<'_> {
    fn rules(mut self) -> Result<(), ActionError> {
        let rule = self.rule;
        let value = self.value();
        if rule.required {
            let trigger = self.meant.request("c", &[format!("not (has {value})")]);
            let message = format!("parameter `{}` is missing", in_message(self.param));
            let setting = format!("{}.required", self.setting);
            let at = Some("c.params");
            let rule = &acl::PARAM_SCHEMA;
            self.translation.rule(Draft { setting, rule, at, trigger, clauses: Vec::new(), effect: None, message });
        }
        if let Some(wanted) = rule.param_type {
            let condition = format!("has {value} and not ({})", is_of(&value, wanted));
            self.push("type", &acl::PARAM_SCHEMA, &[condition], &format!("has to be {}", type_name(wanted)));
        }
        if let Some(most) = rule.max_items {
            let condition = format!("json_type({value}) == \"array\" and length({value} as list<any>) > {most}");
            self.check("max_items", &acl::PARAM_VALUE, condition, &format!("has more than {most} items"));
        }
        if let Some(most) = rule.max_bytes {
            let condition = format!("has {value} and sent_bytes({value}) > {most}");
            self.check("max_bytes", &acl::PARAM_VALUE, condition, &format!("has more than {most} bytes"));
        }
        self.numbers()?;
        self.one_of();
        self.texts()
    }

    fn numbers(&mut self) -> Result<(), ActionError> {
        let (min, max) = (self.rule.min, self.rule.max);
        for bound in [min, max].into_iter().flatten() {
            if !bound.is_finite() {
                return Err(self.error("min", "no number is compared with infinity, or with what is none"));
            }
        }
        if let (Some(least), Some(most)) = (min, max)
            && least.as_f64() > most.as_f64()
        {
            return Err(self.error("min", &format!("{least} is more than `max`, which is {most}")));
        }
        let is_typed = matches!(self.rule.param_type, Some(ParamType::Number | ParamType::Integer));
        if (min.is_some() || max.is_some()) && !is_typed {
            let field = if min.is_some() { "min" } else { "max" };
            self.check_each(field, &acl::PARAM_SCHEMA, &format!("not ({IS_NUMBER})"), "has to be a number");
        }
        if let Some(least) = min {
            let condition = format!("{IS_NUMBER} and (x as decimal) < {least}");
            self.check_each(
                "min",
                &acl::PARAM_VALUE,
                &condition,
                &format!("is less than {least}, the least that is allowed"),
            );
        }
        if let Some(most) = max {
            let condition = format!("{IS_NUMBER} and (x as decimal) > {most}");
            self.check_each("max", &acl::PARAM_VALUE, &condition, &format!("is more than {most}, the most that is allowed"));
        }
        Ok(())
    }

    fn one_of(&mut self) {
        let Some(allowed) = &self.rule.one_of else { return };
        let (mut texts, mut numbers, mut bools) = (Vec::new(), Vec::new(), Vec::new());
        for scalar in allowed {
            match scalar {
                Scalar::Text(text) => texts.push(quoted(text)),
                Scalar::Integer(number) => numbers.push(number.to_string()),
                Scalar::Number(number) => numbers.push(number.to_string()),
                Scalar::Bool(truth) => bools.push(format!("(x as bool) == {truth}")),
            }
        }
        let mut ways = Vec::new();
        if !texts.is_empty() {
            ways.push(format!("x is string and (x as string) in [{}]", texts.join(", ")));
        }
        // One by one: a list has numbers of one kind.
        ways.extend(numbers.iter().map(|number| format!("x is decimal and (x as decimal) == {number}")));
        ways.extend(bools.iter().map(|is| format!("x is bool and {is}")));
        let condition = if ways.is_empty() { "true".to_owned() } else { format!("not ({})", ways.join(" or ")) };
        let listed: Vec<String> = allowed.iter().take(10).map(shown).collect();
        let more = if allowed.len() > listed.len() { ", …" } else { "" };
        let message = format!("has a value that is not allowed; it may be {}{more}", listed.join(", "));
        self.check_each("one_of", &acl::PARAM_VALUE, &condition, &message);
    }

    fn texts(&mut self) -> Result<(), ActionError> {
        let rule = self.rule;
        let of_text: [(&str, bool); 5] = [
            ("max_length", rule.max_length.is_some()),
            ("pattern", rule.pattern.is_some()),
            ("path_root", rule.path_root.is_some()),
            ("hosts", rule.hosts.is_some()),
            ("schemes", rule.schemes.is_some()),
        ];
        if let Some((field, _)) = of_text.iter().find(|(_, is_set)| *is_set)
            && rule.param_type != Some(ParamType::String)
        {
            self.check_each(field, &acl::PARAM_SCHEMA, "not (x is string)", "has to be a string");
        }
        if let Some(most) = rule.max_length {
            let condition = format!("x is string and length(x as string) > {most}");
            self.check_each("max_length", &acl::PARAM_VALUE, &condition, &format!("has more than {most} characters"));
        }
        if let Some(expression) = &rule.pattern {
            let whole = pattern(&format!(r"\A(?:{expression})\z")).unwrap_or_default();
            let condition = format!("x is string and not ((x as string) matches {whole})");
            let wanted: String = expression.chars().take(80).collect();
            self.check_each("pattern", &acl::PARAM_VALUE, &condition, &format!("does not match `{}`", in_message(&wanted)));
        }
        self.path_root()?;
        self.hosts()
    }

    fn path_root(&mut self) -> Result<(), ActionError> {
        let Some(root) = &self.rule.path_root else { return Ok(()) };
        if !root.starts_with('/') {
            return Err(self.error("path_root", "a root is an absolute path; begin it with `/`"));
        }
        let call = |value: &str| format!("path_escape({value}, {})", quoted(root));
        let condition = format!("({} ?? \"\") != \"\"", call("x"));
        let message = format!("is a path that {{{}}}; it has to stay in `{}`", call(&self.value()), in_message(root));
        self.check_each("path_root", &acl::PATH_ESCAPE, &condition, &message);
        Ok(())
    }

    fn hosts(&mut self) -> Result<(), ActionError> {
        let rule = self.rule;
        if rule.hosts.is_none() && rule.schemes.is_none() {
            return Ok(());
        }
        let outside = vec!["*".to_owned()];
        let hosts = rule.hosts.as_ref().unwrap_or(&outside);
        if hosts.iter().any(String::is_empty) {
            return Err(self.error("hosts", "a host is empty"));
        }
        if rule.schemes.as_ref().is_some_and(|schemes| schemes.iter().any(String::is_empty)) {
            return Err(self.error("schemes", "a scheme is empty"));
        }
        // A list in a policy has items; nothing is like the empty text.
        let list = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| quoted(&text.to_ascii_lowercase())).collect();
            if texts.is_empty() { "[\"\"]".to_owned() } else { format!("[{}]", texts.join(", ")) }
        };
        let schemes = rule.schemes.as_ref().map_or_else(String::new, |schemes| format!(", {}", list(schemes)));
        let call = |value: &str| format!("host_refusal({value}, {}{schemes})", list(hosts));
        let condition = format!("({} ?? \"\") != \"\"", call("x"));
        let listed: Vec<String> = hosts.iter().take(10).map(|host| in_message(&host.to_ascii_lowercase())).collect();
        let allowed = match (&rule.hosts, listed.is_empty()) {
            (None, _) => "every host outside".to_owned(),
            (_, true) => "no hosts".to_owned(),
            (_, false) => listed.join(", "),
        };
        let message = format!("{{{}}}; allowed are {allowed}", call(&self.value()));
        let field = if rule.hosts.is_some() { "hosts" } else { "schemes" };
        self.check_each(field, &acl::HOST, &condition, &message);
        Ok(())
    }

    fn value(&self) -> String {
        format!("c.params[{}]", quoted(self.param))
    }

    /// A rule that finds fault with the whole value, where it has its type.
    fn check(&mut self, field: &str, rule: &'static Rule, condition: String, problem: &str) {
        let value = self.value();
        let typed = self.rule.param_type.map(|wanted| is_of(&value, wanted));
        let conditions: Vec<String> = typed.into_iter().chain([condition]).collect();
        self.push(field, rule, &conditions, problem);
    }

    /// A rule that finds fault with `x`: the value, or an item of it.
    fn check_each(&mut self, field: &str, rule: &'static Rule, condition: &str, problem: &str) {
        let condition = format!("(any x in each({}): {condition})", self.value());
        self.check(field, rule, condition, problem);
    }

    fn push(&mut self, field: &str, rule: &'static Rule, conditions: &[String], problem: &str) {
        let at = self.value();
        self.translation.rule(Draft {
            setting: format!("{}.{field}", self.setting),
            rule,
            at: Some(&at),
            trigger: self.meant.request("c", conditions),
            clauses: Vec::new(),
            effect: None,
            message: format!("parameter `{}` {problem}", in_message(self.param)),
        });
    }

    fn error(&self, field: &str, problem: &str) -> ActionError {
        ActionError::new(format!("{}.{field}", self.setting), problem)
    }
}

fn is_of(value: &str, wanted: ParamType) -> String {
    match wanted {
        ParamType::String => format!("json_type({value}) == \"string\""),
        ParamType::Number => format!("json_type({value}) in [\"integer\", \"number\"]"),
        ParamType::Integer => format!("json_type({value}) == \"integer\""),
        ParamType::Boolean => format!("json_type({value}) == \"boolean\""),
        ParamType::Array => format!("json_type({value}) == \"array\""),
        ParamType::Object => format!("json_type({value}) == \"object\""),
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

fn shown(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Bool(value) => format!("`{value}`"),
        Scalar::Integer(value) => format!("`{value}`"),
        Scalar::Number(value) => format!("`{value}`"),
        Scalar::Text(value) => format!("`{}`", in_message(&value.chars().take(80).collect::<String>())),
    }
}
