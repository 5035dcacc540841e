//! The table of limits in `docs/language.md`, made from the constants that hold them.

use crate::check::limits as of_check;
use crate::cost::LIKENESSES_MAX;
use crate::environment::Budget;
use crate::eval::QUANTIFIED_MAX;
use crate::flow::{ENTRIES_MAX, TOLD_MAX};
use crate::program::{CYCLE_EVENTS_MAX, DUTIES_MAX, FLOW_RECORDS_MAX, RECORDS_MAX, WITNESSES_MAX};
use crate::state::{AGENTS_MAX, REQUESTS_MAX};
use crate::syntax::limits as of_syntax;
use crate::value::{ITEMS_MAX, STORED_BYTES_MAX, TEXT_MAX, glob, regular};

/// The rows of the table: what is bounded, and by how much.
pub fn limits_manual() -> String {
    let budget = Budget::default();
    let rows: Vec<(&str, String)> = vec![
        ("a policy file", bytes(of_syntax::SOURCE_BYTES_MAX as u64)),
        (
            "a clause, a member of a schema, a `let`, a step of a test",
            format!("{} words and signs", count(of_syntax::TOKENS_MAX)),
        ),
        ("brackets in brackets", count(of_syntax::DEPTH_MAX)),
        ("lists in lists", format!("{} deep; {} items", of_check::NESTED_DEPTH_MAX, count(of_check::NESTED_ITEMS_MAX))),
        ("operators in a row or in each other", count(of_syntax::TREE_DEPTH_MAX)),
        ("values in a message", count(of_syntax::MESSAGE_VALUES_MAX)),
        (
            "a regular expression",
            format!(
                "{} of text; groups {} deep; {} states, of which a letter has one, `[a-z]` four, `\\d` some 250 and `\\w` some 3,400",
                bytes(regular::TEXT_MAX as u64),
                regular::NEST_MAX,
                count(regular::STATES_MAX)
            ),
        ),
        ("a glob", bytes(glob::TEXT_MAX as u64)),
        (
            "all patterns of a package, equal ones counted once",
            format!("{} of text; {} states", bytes(of_check::PATTERN_BYTES_MAX as u64), count(of_check::PATTERN_STATES_MAX)),
        ),
        ("packages that use one another in a row", count(of_check::PACKAGES_MAX)),
        ("parameters of a function", count(of_check::PARAMETERS_MAX)),
        ("a type", format!("{} deep; {} parts", of_check::TYPE_DEPTH_MAX, count(of_check::TYPE_PARTS_MAX))),
        ("clauses of a rule, steps of a `seq`", count(of_check::CLAUSES_MAX)),
        ("events that a rule asks for", count(of_check::EVENTS_MAX)),
        ("actions that patterns with a `*` in a name mean, all together", count(LIKENESSES_MAX)),
        ("a window", format!("{} events; a hundred years", count(of_check::WINDOW_EVENTS_MAX as usize))),
        (
            "`max N keys`, `max N events`",
            format!(
                "{}; where nothing is said {} keys and {} events",
                count(of_check::KEPT_MAX as usize),
                count(of_check::KEYS_DEFAULT as usize),
                of_check::EVENTS_DEFAULT
            ),
        ),
        ("how often an event of a test comes", count(of_check::EVENTS_IN_A_ROW_MAX as usize)),
        ("items that a quantifier looks at", count(QUANTIFIED_MAX)),
        (
            "a list or a text that a function takes or makes",
            format!("{} items; {}", count(ITEMS_MAX), bytes(TEXT_MAX as u64)),
        ),
        ("witnesses of a finding", count(WITNESSES_MAX)),
        (
            "events that a clause keeps whose condition speaks of the trigger",
            format!("{}, and {} where it asks only what derives from them", RECORDS_MAX, count(FLOW_RECORDS_MAX as usize)),
        ),
        ("events back that `cycle` looks", count(CYCLE_EVENTS_MAX as usize)),
        ("open duties of a rule (`expect`)", count(DUTIES_MAX as usize)),
        ("requests whose parameters are remembered for their responses", count(REQUESTS_MAX)),
        ("agents whose memory is kept apart (`per agent`)", count(AGENTS_MAX)),
        ("a text that a clause remembers as it is; of a longer one it keeps a hash", bytes(STORED_BYTES_MAX as u64)),
        (
            "what `derives_from` remembers of a run",
            format!("{} places in texts, {} words of users", count(ENTRIES_MAX), count(TOLD_MAX)),
        ),
        ("steps of a rule for an event", count(budget.steps_per_event_max as usize)),
        (
            "memory",
            format!(
                "{} for a run and a package without its keys, {} for a key",
                bytes(budget.bytes_per_run_max),
                bytes(budget.bytes_per_key_max)
            ),
        ),
    ];
    let mut table = "| limit | |\n|---|---|\n".to_owned();
    for (what, bound) in rows {
        table += &format!("| {what} | {bound} |\n");
    }
    table
}

/// `16,384`
fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `16 KiB`
fn bytes(number: u64) -> String {
    match number {
        _ if number.is_multiple_of(1 << 20) => format!("{} MiB", number >> 20),
        _ if number.is_multiple_of(1 << 10) => format!("{} KiB", number >> 10),
        _ => format!("{number} bytes"),
    }
}
