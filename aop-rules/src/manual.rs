//! The manual of all rules, made from the catalogue and the recognizers' tables: what `docs/rules.md` holds.
//!
//! Personal data has a section a rule, with its forms, names, scores and examples. Secrets have a table a kind of issuer, with
//! forms in place of examples, so that the page holds nothing that looks like a secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use aop_toon::{Document, Effect, Limits};

use crate::catalogue::CATALOGUE;
use crate::rule::{Rule, Status};
use crate::scan::{DetectorSettings, Detectors, Look, PiiSettings, Provenance, Recognizer, Scratch, recognizers};
use crate::secrets::{SUBJECTS, Subject};

/// The manual, as Markdown.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    write_page(&mut page).expect("writing to a string does not fail");
    page
}

const INTRODUCTION: &str = "# The rules

Generated from the catalogue in `aop-rules`; change a rule where it is defined.

A rule whose effect is *by threshold* denies at or over the threshold (`AOP_VALIDATION_THRESHOLD`, error by default) and flags \
below it. Post-run and batch rules can only flag.

What identifies an event is neither scanned nor redacted, and is stored as it was sent: `meta.run_id`, the call ids \
(`meta.call_id`, `meta.tool_call_id`), `meta.session_id`, `meta.subject_id`, `meta.idempotency_key` and `meta.signature`. They \
must not hold personal data or secrets; use opaque ids. Everything else in `meta` is scanned like the payload.

## pii_detector

It finds personal data and secrets in an event's keys, strings and numbers, at ingestion. Each find has a score from 0 to 1; \
those under the threshold (0.5 unless the settings say otherwise) are not reported. A number that much else looks like has a low \
score by itself, and a high one where a key or a label names it.

In a form, `9` is a digit, `A` a letter, `X` a letter or a digit; a letter that stands for itself is written with a backslash.
";

/// The validators of the manual but for the first, each with what it is for.
const VALIDATORS: &[(&str, &str)] = &[
    (
        "prompt_injection_detector",
        "finds text that attacks whoever reads it. What a find is worth depends on where the text came from.",
    ),
    ("action_misuse_checker", "checks each action an agent asks for against what its operator allows."),
    ("timelag_validator", "watches the time between events."),
    ("missing_step_validator", "watches that a run takes the steps its workflow asks for."),
    ("sequence_validator", "watches that a run's events fit together."),
    ("event_frequency_validator", "watches how often things happen."),
    ("batch_validator", "watches what is unusual among many runs. `docs/batch.md` has each rule's formula and source."),
];

/// How many of a list are shown before the rest is counted.
const SHOWN_MAX: usize = 6;

fn write_page(page: &mut String) -> fmt::Result {
    let scores = Scores::of_examples();
    write_entities(page, &scores)?;
    write!(page, "\n### Personal data\n")?;
    for rule in CATALOGUE.iter().filter(|rule| rule.family() == "pii") {
        write_personal_data(page, rule, &scores)?;
    }
    write!(
        page,
        "\n### Secrets\n\nEvery kind has the entity `SECRET` and is redacted. A form's braces hold a class of characters and a \
         count: `d` digits, `l` and `u` letters of one case, `L` and `U` those with digits, `a` letters and digits, `h` and `x` \
         hexadecimal (`x` in either case), `n` base32, `v` `a` and `_`, `w` `v` and `-`, `k` lower-case `w`, `b` and `B` base64 \
         (`B` with padding), `g` base64 and base64url with padding, `r` `w` with `.` and `=`, `s` whatever is printable. A form \
         behind *named* counts only in a key or an assignment that has one of those words in its name.\n"
    )?;
    for subject in SUBJECTS {
        write_secrets(page, subject, &scores)?;
    }
    for (validator, purpose) in VALIDATORS {
        write_validator(page, validator, purpose)?;
    }
    Ok(())
}

/// One row an entity: what users switch and set.
fn write_entities(page: &mut String, scores: &Scores) -> fmt::Result {
    let mut entities: Vec<(&str, Vec<&Recognizer>)> = Vec::new();
    for recognizer in recognizers().filter(|recognizer| recognizer.rule.family() == "pii") {
        match entities.iter_mut().find(|(entity, _)| *entity == recognizer.entity) {
            Some((_, list)) => list.push(recognizer),
            None => entities.push((recognizer.entity, vec![recognizer])),
        }
    }
    write!(
        page,
        "\n### Entities\n\nWhat personal data is called in settings (`entities`), in redaction and in policies. A secret is \
         `SECRET`, and its rule says which kind it is. One with a region is looked for when `regions` names it, or names none. \
         What only looks like it is *under 0.5*: reported where the threshold is lowered.\n\n"
    )?;
    write!(page, "| entity | region | finds | effect | rule |\n|---|---|---|---|---|\n")?;
    for (entity, list) in entities {
        let of = |text: fn(&Recognizer) -> String| distinct(list.iter().map(|recognizer| text(recognizer)));
        writeln!(
            page,
            "| `{entity}` | {} | {} | {} | {} |",
            of(|recognizer| recognizer.region.unwrap_or("").to_owned()),
            of(|recognizer| recognizer.rule.summary.to_owned()),
            distinct(list.iter().map(|recognizer| scores.effect_of(recognizer.rule))),
            of(|recognizer| format!("`{}`", recognizer.rule.id)),
        )?;
    }
    let secrets = SUBJECTS.iter().flat_map(|subject| subject.recognizers).map(|recognizer| recognizer.rule.id);
    let kinds = secrets.collect::<BTreeSet<_>>().len();
    writeln!(page, "| `SECRET` |  | {kinds} kinds of secrets | redact | [below](#secrets) |")
}

fn write_personal_data(page: &mut String, rule: &Rule, scores: &Scores) -> fmt::Result {
    write!(page, "\n#### `{}`\n\n{}\n\n", rule.id, rule.why)?;
    writeln!(page, "- {}; {}, {}{}", rule.summary, rule.severity, effect_of(rule), removed(rule))?;
    for recognizer in recognizers().filter(|recognizer| recognizer.rule == rule) {
        let region = recognizer.region.map(|region| format!(" ({region})")).unwrap_or_default();
        write!(page, "- `{}`{region}, ", recognizer.entity)?;
        match &recognizer.look {
            Look::Identifier(identifier) => {
                let alone = identifier.layouts.iter().map(|(_, score)| *score);
                write!(page, "score {} alone", range(alone))?;
                if !identifier.words.is_empty() {
                    write!(page, ", {} near {}", identifier.near, some(identifier.words, "\""))?;
                }
                if !identifier.names.is_empty() {
                    write!(page, ", {} named {}", identifier.named, some(identifier.names, "\""))?;
                }
                let forms: Vec<&str> = identifier.layouts.iter().map(|(form, _)| *form).collect();
                writeln!(page, "; written {}", some(&forms, "`"))?;
            }
            Look::Code { .. }
            | Look::Secret(_)
            | Look::Wordings(_)
            | Look::Model(_)
            | Look::Parameter(_)
            | Look::Unseen(_)
            | Look::Custom => {
                writeln!(page, "score of its examples {}", scores.of(rule.id))?;
            }
        }
        let examples = |texts: &[&str]| texts.iter().take(2).map(|text| code(text)).collect::<Vec<_>>().join(", ");
        writeln!(page, "- found in {}; left alone in {}", examples(recognizer.hits), examples(recognizer.misses))?;
    }
    writeln!(page, "- source: {}", rule.source.trim_end_matches('.'))
}

fn write_secrets(page: &mut String, subject: &Subject, scores: &Scores) -> fmt::Result {
    write!(
        page,
        "\n#### {}\n\n| rule | finds | written | severity | score | source |\n|---|---|---|---|---|---|\n",
        subject.title
    )?;
    let mut last = "";
    for Recognizer { rule, look, .. } in subject.recognizers {
        if rule.id == last {
            continue;
        }
        last = rule.id;
        let written = match look {
            Look::Secret(form) => {
                let mut ways = Vec::new();
                if !form.tokens.is_empty() {
                    ways.push(some(form.tokens, "`"));
                }
                if !form.values.is_empty() {
                    ways.push(format!("named {}: {}", some(form.names, "\""), some(form.values, "`")));
                }
                ways.join("; ")
            }
            _ => "a form of its own".to_owned(),
        };
        writeln!(
            page,
            "| `{}`{} | {} | {} | {} | {} | {} |",
            rule.id,
            removed(rule),
            rule.summary,
            written.replace('|', "\\|"),
            rule.severity,
            scores.of(rule.id),
            rule.source.trim_end_matches('.').replace('|', "\\|")
        )?;
    }
    Ok(())
}

fn write_validator(page: &mut String, validator: &str, purpose: &str) -> fmt::Result {
    let rules = || CATALOGUE.iter().filter(|rule| rule.validator == validator);
    write!(
        page,
        "\n## {validator}\n\nIt {purpose}\n\n| rule | finds | severity | effect | phase |\n|---|---|---|---|---|\n"
    )?;
    for rule in rules() {
        let (summary, severity, effect, phase) = (rule.summary, rule.severity, effect_of(rule), rule.phase);
        writeln!(page, "| `{}`{} | {summary} | {severity} | {effect} | {phase} |", rule.id, removed(rule))?;
    }
    for rule in rules() {
        write!(page, "\n### `{}`\n\n{}\n\nSource: {}.\n", rule.id, rule.why, rule.source.trim_end_matches('.'))?;
    }
    Ok(())
}

/// The scores that each rule's examples get, whatever the threshold.
struct Scores(BTreeMap<&'static str, Vec<f64>>);

impl Scores {
    fn of_examples() -> Self {
        let pii = PiiSettings { threshold: 0.0, ..PiiSettings::default() };
        let detectors = Detectors::new(&DetectorSettings { pii: Some(pii), threats: None, ..DetectorSettings::default() })
            .expect("the defaults are good, and 0 is a threshold");
        let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
        let mut scores = BTreeMap::<_, Vec<f64>>::new();
        for recognizer in recognizers().filter(|recognizer| recognizer.rule.family() != "threats") {
            for example in recognizer.hits {
                hits.clear();
                match Document::parse(example.as_bytes(), &Limits::default()) {
                    Ok(document) if example.starts_with('{') => {
                        detectors.scan_json(&document, Provenance::Tool, &mut scratch, &mut hits);
                    }
                    _ => detectors.scan_text(example, Provenance::Tool, &mut scratch, &mut hits),
                }
                let own = hits.iter().filter(|hit| hit.rule == recognizer.rule).map(|hit| hit.score);
                scores.entry(recognizer.rule.id).or_default().extend(own);
            }
        }
        Self(scores)
    }

    /// The rule's effect, and whether none of its examples is reported unless the threshold is lowered.
    fn effect_of(&self, rule: &Rule) -> String {
        let is_weak =
            self.0.get(rule.id).is_some_and(|scores| scores.iter().all(|score| *score < PiiSettings::default().threshold));
        if is_weak { format!("{}, under 0.5", effect_of(rule)) } else { effect_of(rule).to_owned() }
    }

    fn of(&self, rule: &str) -> String {
        range(self.0.get(rule).into_iter().flatten().copied())
    }
}

/// The least and the greatest of some scores.
fn range(scores: impl Iterator<Item = f64> + Clone) -> String {
    let (least, most) = (scores.clone().fold(1.0, f64::min), scores.fold(0.0, f64::max));
    if least >= most { format!("{most}") } else { format!("{least} to {most}") }
}

/// The first few of a list, each between signs, and how many more there are.
fn some(list: &[&str], sign: &str) -> String {
    let shown: Vec<_> = list.iter().take(SHOWN_MAX).map(|text| format!("{sign}{text}{sign}")).collect();
    let more = list.len().saturating_sub(SHOWN_MAX);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Texts without repetition, in the order of their first.
fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join(", ")
}

/// A text as Markdown code on one line.
fn code(text: &str) -> String {
    let line: String = text
        .chars()
        .flat_map(|character| if character.is_control() { character.escape_default().collect() } else { vec![character] })
        .collect();
    if line.contains('`') { format!("`` {line} ``") } else { format!("`{line}`") }
}

fn effect_of(rule: &Rule) -> &'static str {
    rule.effect.map_or("by threshold", Effect::as_str)
}

fn removed(rule: &Rule) -> &'static str {
    if rule.status == Status::Removed { " (removed)" } else { "" }
}
