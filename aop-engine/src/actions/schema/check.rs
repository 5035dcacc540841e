//! Parameters against their schemas.

use aop_rules::acl;
use aop_rules::post_run::Pattern;
use aop_toon::{Event, Finding, Payload, Value, escape_pointer_token};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};

use super::number::{Exactness, Reading, json};
use crate::actions::ActionSettings;
use crate::actions::compiled_in::ActionError;
use crate::actions::translate::by_precedence;

/// Parameters of more bytes are not tried on a schema, and refused.
const BYTES_MAX: usize = 1 << 16;

/// So many faults of one request are told.
const FAULTS_MAX: usize = 20;

/// The largest compiled expression of a schema, in bytes.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// The longest pointer to a fault.
const POINTER_BYTES_MAX: usize = 1024;

/// The schemas of the settings, compiled.
#[derive(Debug)]
pub(in crate::actions) struct Schemas {
    /// All entries of the settings, in the order in which they are asked: the first that names an action holds, with a schema or
    /// without.
    entries: Vec<(Pattern, Option<Schema>)>,
}

/// One schema, compiled.
#[derive(Debug)]
struct Schema {
    validator: Validator,
    exactness: Exactness,
}

impl Schemas {
    pub(in crate::actions) fn new(settings: &ActionSettings) -> Result<Self, ActionError> {
        if settings.actions.values().all(|action| action.schema.is_none()) {
            return Ok(Self { entries: Vec::new() });
        }
        let entries = by_precedence(settings)?.into_iter().map(|(name, action)| {
            let wrong = |problem: String| ActionError::new(format!("{name}.schema"), problem);
            let pattern: Pattern = name.parse().map_err(|error| wrong(format!("{error}")))?;
            let schema = action.schema.as_ref().map(compile).transpose().map_err(wrong)?;
            Ok((pattern, schema))
        });
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    pub(in crate::actions) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what a request's parameters do not meet.
    pub(in crate::actions) fn check(&self, event: &Event<'_>, findings: &mut Vec<Finding>) {
        let Payload::ActionRequest(request) = event.payload() else { return };
        let named = self.entries.iter().find(|(name, _)| name.matches(&request.action));
        let Some((name, Some(schema))) = named else { return };
        let mut report = |path: String, problem: String| {
            let message = format!("the parameters of `{name}` do not fit their schema: {problem}");
            findings.push(Finding { seq: Some(event.seq()), path: Some(path), ..acl::PARAM_SCHEMA.finding(message) });
        };
        if request.params.raw().len() > BYTES_MAX {
            report(request.params.pointer(), format!("they have more than {BYTES_MAX} bytes, and are not tried"));
            return;
        }
        if let Some(number) = schema.exactness.rounded(request.params) {
            let problem = "this number has more digits than are told apart here, and the schema asks for whole numbers, multiples or \
                           values (`integer`, `multipleOf`, `enum`, `const`), which rounding could feign";
            report(number.pointer_within(POINTER_BYTES_MAX).0, problem.to_owned());
            return;
        }
        for reading in Reading::ALL {
            let (params, is_exact) = json(request.params, reading);
            let mut is_good = true;
            for fault in schema.validator.iter_errors(&params).take(FAULTS_MAX) {
                is_good = false;
                report(place(request.params, &fault), problem(&fault));
            }
            // Where doubles hold all numbers, the other readings are the same one.
            if is_exact || !is_good {
                return;
            }
        }
    }
}

fn compile(schema: &serde_json::Value) -> Result<Schema, String> {
    // What is told of a schema holds no text of events, so that the library's own words will do.
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES_MAX))
        .build(schema)
        .map(|validator| Schema { validator, exactness: Exactness::of(schema) })
        .map_err(|error| format!("{error} (at `{}`)", error.instance_path()))
}

/// Where a fault is, as a pointer into the event.
fn place(params: Value<'_>, fault: &ValidationError<'_>) -> String {
    let pointer = fault.instance_path().to_string();
    match pointer.split('/').skip(1).try_fold(params, step) {
        Some(value) => value.pointer_within(POINTER_BYTES_MAX).0,
        None => params.pointer(),
    }
}

fn step<'d>(value: Value<'d>, token: &str) -> Option<Value<'d>> {
    if value.is_array() {
        return value.items().nth(token.parse().ok()?);
    }
    value.entries().find(|(key, _)| escape_pointer_token(&key.as_str()) == token).map(|(_, member)| member)
}

/// What would be right, in words that hold nothing of the value.
fn problem(fault: &ValidationError<'_>) -> String {
    let right = match fault.kind() {
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => format!("this has to be of type `{kind}`"),
        ValidationErrorKind::Required { property } => format!("{property} is missing"),
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::UnevaluatedProperties { .. } => {
            "this has members that it should not have".to_owned()
        }
        ValidationErrorKind::Enum { options } => format!("this may be one of {}", cut(&options.to_string())),
        ValidationErrorKind::Constant { expected_value } => format!("this may be {}", cut(&expected_value.to_string())),
        ValidationErrorKind::Maximum { limit } => format!("at most {limit} is allowed"),
        ValidationErrorKind::Minimum { limit } => format!("at least {limit} is allowed"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("less than {limit} is allowed"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("more than {limit} is allowed"),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters are allowed"),
        ValidationErrorKind::MinLength { limit } => format!("at least {limit} characters are needed"),
        ValidationErrorKind::MaxItems { limit } => format!("at most {limit} items are allowed"),
        ValidationErrorKind::MinItems { limit } => format!("at least {limit} items are needed"),
        ValidationErrorKind::Pattern { pattern } => format!("this does not match `{}`", cut(pattern)),
        ValidationErrorKind::UniqueItems => "its items have to differ".to_owned(),
        kind => format!("this does not meet `{}`", kind.keyword()),
    };
    format!("{right} (`{}`)", cut(&fault.schema_path().to_string()))
}

fn cut(text: &str) -> String {
    const CHARACTERS_MAX: usize = 120;
    let mut shown: String = text.chars().take(CHARACTERS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
