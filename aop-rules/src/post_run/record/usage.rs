//! What the models used, as events say it in the spellings of the usual interfaces.

use aop_toon::{Event, Value};
use serde::{Deserialize, Serialize};

/// Tokens and cost, added up over the events that give them.
///
/// They are read from `meta` and from a response's `result`: from the members themselves, or from an object in one that is
/// called `usage`, `token_usage` or `usage_metadata` (or the same in camel case). The first of these places that gives any counts
/// for an event, so that no event counts twice. What stands for what:
///
/// | | members |
/// |---|---|
/// | input | `input_tokens`, `prompt_tokens`, `prompt_token_count`; in a usage object also `input` |
/// | output | `output_tokens`, `completion_tokens`, `candidates_token_count`; in a usage object also `output` |
/// | total | `total_tokens`, `total_token_count`; in a usage object also `total`. It counts where it is more than the other two |
/// | cost | `cost`, `total_cost`, `cost_usd`, `total_cost_usd`; a number in whatever money the operator counts in |
///
/// Each may be in camel case, or begin with `gen_ai.usage.`, as OpenTelemetry names them.
///
/// ```
/// use aop_rules::post_run::Usage;
/// use aop_toon::Event;
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"reasoning",
///     "payload":{"thought":"so"},"meta":{"usage":{"promptTokens":90,"completionTokens":10},"cost":0.002}}"#)?;
/// let usage = Usage::of(&event);
/// assert_eq!((usage.input_tokens, usage.output_tokens, usage.cost()), (90, 10, 0.002));
/// # Ok::<(), aop_toon::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Usage {
    /// How many events say what they used.
    pub events: u64,
    /// Tokens that models read.
    pub input_tokens: u64,
    /// Tokens that models wrote.
    pub output_tokens: u64,
    /// Tokens of which it is not said which they were.
    pub other_tokens: u64,
    /// What it cost, in billionths: sums of whole numbers do not depend on the order of the events.
    pub cost_nanos: u64,
}

impl Usage {
    /// What one event says that it used.
    pub fn of(event: &Event<'_>) -> Self {
        let mut given = Given::default();
        given.read(event.meta().object(), Within::Event);
        if let Some(result) = event.result().filter(|result| result.is_object()) {
            let mut of_result = Given::default();
            of_result.read(result, Within::Event);
            given.fill_from(of_result);
        }
        given.usage()
    }

    pub(super) fn take_in(&mut self, event: &Event<'_>) {
        let Self { events, input_tokens, output_tokens, other_tokens, cost_nanos } = Self::of(event);
        self.events = self.events.saturating_add(events);
        self.input_tokens = self.input_tokens.saturating_add(input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(output_tokens);
        self.other_tokens = self.other_tokens.saturating_add(other_tokens);
        self.cost_nanos = self.cost_nanos.saturating_add(cost_nanos);
    }

    /// All tokens.
    pub fn tokens(&self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens).saturating_add(self.other_tokens)
    }

    /// What it cost.
    pub fn cost(&self) -> f64 {
        self.cost_nanos as f64 / NANOS
    }

    /// Whether no event says what it used.
    pub fn is_empty(&self) -> bool {
        self.events == 0
    }
}

const NANOS: f64 = 1e9;

/// Where a member stands: beside others that mean other things, or in an object that is about usage alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Event,
    Usage,
}

/// What an object says, member by member.
#[derive(Debug, Clone, Copy, Default)]
struct Given {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
    cost_nanos: Option<u64>,
}

impl Given {
    fn read(&mut self, object: Value<'_>, within: Within) {
        let mut usage = None;
        for (key, value) in object.entries() {
            let name = key.content();
            if let Some(number) = value.as_number() {
                match (member(name), within) {
                    (Member::Input, _) | (Member::ShortInput, Within::Usage) => self.input = self.input.or(number.as_u64()),
                    (Member::Output, _) | (Member::ShortOutput, Within::Usage) => {
                        self.output = self.output.or(number.as_u64())
                    }
                    (Member::Total, _) | (Member::ShortTotal, Within::Usage) => self.total = self.total.or(number.as_u64()),
                    (Member::Cost, _) => self.cost_nanos = self.cost_nanos.or(nanos(number.as_f64())),
                    _ => {}
                }
            } else if within == Within::Event && value.is_object() && is_usage(name) {
                usage = usage.or(Some(value));
            }
        }
        if let Some(object) = usage {
            let mut inner = Given::default();
            inner.read(object, Within::Usage);
            inner.fill_from(*self);
            *self = inner;
        }
    }

    /// Takes the tokens from another place when this one gives none, and so with the cost.
    fn fill_from(&mut self, other: Self) {
        if (self.input, self.output, self.total) == (None, None, None) {
            (self.input, self.output, self.total) = (other.input, other.output, other.total);
        }
        self.cost_nanos = self.cost_nanos.or(other.cost_nanos);
    }

    fn usage(self) -> Usage {
        let says_any = self.input.or(self.output).or(self.total).or(self.cost_nanos).is_some();
        let (input_tokens, output_tokens) = (self.input.unwrap_or(0), self.output.unwrap_or(0));
        let other_tokens = self.total.unwrap_or(0).saturating_sub(input_tokens.saturating_add(output_tokens));
        let cost_nanos = self.cost_nanos.unwrap_or(0);
        Usage { events: u64::from(says_any), input_tokens, output_tokens, other_tokens, cost_nanos }
    }
}

/// An amount of money; one below nothing, or that is no number, is none.
fn nanos(amount: f64) -> Option<u64> {
    (amount >= 0.0).then(|| (amount * NANOS).round() as u64)
}

enum Member {
    Input,
    Output,
    Total,
    Cost,
    ShortInput,
    ShortOutput,
    ShortTotal,
    Other,
}

fn member(name: &str) -> Member {
    match name.strip_prefix("gen_ai.usage.").unwrap_or(name) {
        "input_tokens" | "inputTokens" | "prompt_tokens" | "promptTokens" | "prompt_token_count" | "promptTokenCount" => {
            Member::Input
        }
        "output_tokens"
        | "outputTokens"
        | "completion_tokens"
        | "completionTokens"
        | "candidates_token_count"
        | "candidatesTokenCount" => Member::Output,
        "total_tokens" | "totalTokens" | "total_token_count" | "totalTokenCount" => Member::Total,
        "cost" | "total_cost" | "totalCost" | "cost_usd" | "costUsd" | "total_cost_usd" | "totalCostUsd" => Member::Cost,
        "input" => Member::ShortInput,
        "output" => Member::ShortOutput,
        "total" => Member::ShortTotal,
        _ => Member::Other,
    }
}

fn is_usage(name: &str) -> bool {
    matches!(name, "usage" | "token_usage" | "tokenUsage" | "usage_metadata" | "usageMetadata")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(meta: &str, result: &str, expected: (u64, u64, u64, f64)) {
        let text = format!(
            r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response","payload":{{"status":"success","result":{result}}},"meta":{meta}}}"#
        );
        let usage = Usage::of(&Event::parse(text.as_bytes()).expect("a test's event is well-formed"));
        let found = (usage.input_tokens, usage.output_tokens, usage.other_tokens, usage.cost());
        assert_eq!(found, expected, "{meta} {result}");
        assert_eq!(usage.is_empty(), expected == (0, 0, 0, 0.0), "{meta} {result}");
    }

    #[test]
    fn the_usual_spellings() {
        check(r#"{"usage":{"input":39,"output":6,"total":45}}"#, "null", (39, 6, 0, 0.0));
        check(r#"{"usage":{"prompt_tokens":39,"completion_tokens":6,"total_tokens":50}}"#, "null", (39, 6, 5, 0.0));
        check(r#"{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4}}"#, "null", (3, 4, 0, 0.0));
        check(r#"{"gen_ai.usage.input_tokens":3,"gen_ai.usage.output_tokens":4,"cost_usd":0.25}"#, "null", (3, 4, 0, 0.25));
        check("{}", r#"{"text":"hello","usage":{"total_tokens":12},"cost":1e-6}"#, (0, 0, 12, 0.000_001));
    }

    #[test]
    fn no_event_counts_twice() {
        check(r#"{"usage":{"input_tokens":5}}"#, r#"{"usage":{"input_tokens":5}}"#, (5, 0, 0, 0.0));
        check(r#"{"usage":{"input_tokens":5},"input_tokens":5}"#, "null", (5, 0, 0, 0.0));
        check(r#"{"usage":{"input_tokens":5}}"#, r#"{"cost":2}"#, (5, 0, 0, 2.0));
    }

    #[test]
    fn what_means_something_else_is_left_alone() {
        check(r#"{"input":3,"output":4,"total":7}"#, r#"{"total":90,"input":"a"}"#, (0, 0, 0, 0.0));
        check(r#"{"usage":null,"cost":-1}"#, r#"[{"input_tokens":3}]"#, (0, 0, 0, 0.0));
        check(r#"{"usage":{"input_tokens":"12"},"tokens":{"input_tokens":3}}"#, "null", (0, 0, 0, 0.0));
        check(r#"{"usage":{"input_tokens":1.5,"output_tokens":-2}}"#, "null", (0, 0, 0, 0.0));
    }
}
