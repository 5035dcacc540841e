//! A validator's page of the manual, made from its row.

use std::fmt::{self, Write as _};

use super::{Setting, Validator};
use crate::rule::{Rule, Status};

/// More rules than these are not listed one by one; `docs/rules.md` has them.
const RULES_LISTED_MAX: usize = 40;

/// The page `docs/validators/NAME.md`, as Markdown.
pub fn page(validator: &Validator) -> String {
    let mut page = String::new();
    write_page(&mut page, validator).expect("writing to a string does not fail");
    page
}

fn write_page(page: &mut String, validator: &Validator) -> fmt::Result {
    let Validator { name, title, when, watches, table, settings, more, .. } = validator;
    write!(page, "# {name}\n\nGenerated from `aop-rules/src/validators`; change its row there.\n\n")?;
    write!(page, "{title}. {watches}\n\n**When**: {when}.\n\nAll of it: [{more}](../{more}).\n\n## Settings\n\n")?;
    if table.is_empty() {
        writeln!(page, "It has no table of settings; what it goes by is said above.")?;
    } else {
        write!(
            page,
            "In `[engine.{table}]`; `[engine] {table} = false` switches it off. [settings.md](../settings.md) has examples.\n\n"
        )?;
        write!(page, "| setting | default | what it says |\n|---|---|---|\n")?;
        for Setting { name, default, says } in *settings {
            let default = if default.is_empty() { "absent".to_owned() } else { format!("`{default}`") };
            writeln!(page, "| `{name}` | {default} | {says} |")?;
        }
    }
    write_example(page, validator)?;
    write_rules(page, validator)?;
    write!(page, "\n## Cost\n\n- Time: {}.\n- Memory: {}.\n", validator.time, (validator.memory)())
}

fn write_example(page: &mut String, validator: &Validator) -> fmt::Result {
    let example = &validator.example;
    if example.trace.is_empty() {
        return write!(page, "\n## Example\n\nOne run shows nothing of it; see [{0}](../{0}).\n", validator.more);
    }
    write!(page, "\n## Example\n")?;
    if !example.toml.is_empty() {
        write!(page, "\n```toml\n{}```\n", example.toml)?;
    }
    if !example.policy.is_empty() {
        write!(page, "\n```aop\n{}```\n", example.policy)?;
    }
    write!(page, "\nWith this run\n\n```json\n{}```\n\nit finds\n\n", example.trace)?;
    example.finds.iter().try_for_each(|(rule, seq)| writeln!(page, "- `{rule}` at event {seq}"))
}

fn write_rules(page: &mut String, validator: &Validator) -> fmt::Result {
    let rules: Vec<&Rule> = validator.rules().filter(|rule| rule.status == Status::Active).collect();
    if rules.is_empty() {
        return Ok(());
    }
    write!(page, "\n## Rules\n\n")?;
    if rules.len() > RULES_LISTED_MAX {
        let count = rules.len();
        return writeln!(page, "{count} rules, in the family `{}`: [rules.md](../rules.md).", validator.family);
    }
    write!(page, "| rule | finds | severity | effect | phase |\n|---|---|---|---|---|\n")?;
    for rule in rules {
        let effect = rule.effect.map_or("by threshold", |effect| effect.as_str());
        writeln!(page, "| `{}` | {} | {} | {effect} | {} |", rule.id, rule.summary, rule.severity, rule.phase)?;
    }
    Ok(())
}
