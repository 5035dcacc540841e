//! A run, event by event, with what was found in each.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use aop_engine::{Effect, Finding, Timestamp};

use super::markup::escaped;
use crate::judge::{JudgedRun, Located};
use crate::report::Step;

/// The table of a run's events, and below it what is about the run as a whole.
pub(super) fn of(run: &JudgedRun, number: usize) -> String {
    let seqs: BTreeSet<u64> = run.steps.iter().map(|step| step.seq).collect();
    let is_here = |seq: u64| seqs.contains(&seq);
    let mut page = String::from(
        "<table>\n<thead><tr><th scope=\"col\">event</th><th scope=\"col\">time</th><th scope=\"col\">who</th><th scope=\"col\">what</th>\
         <th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n",
    );
    let mut before: Option<Timestamp> = None;
    let mut told = BTreeSet::new();
    for step in &run.steps {
        let gap = before.map_or_else(String::new, |before| {
            format!("<br><span class=\"dim\">+{}</span>", length(step.t.micros_since(before)))
        });
        before = Some(step.t);
        let of_step = |located: &&Located| match located.line {
            Some(line) => line == step.line,
            None => located.finding.seq == Some(step.seq),
        };
        let findings: String =
            run.findings.iter().filter(of_step).map(|located| finding(located, number, &is_here)).collect();
        told.extend(run.findings.iter().filter(of_step).map(|located| &located.id));
        let class = if step.effect.accepts() { "" } else { " class=\"refused\"" };
        let anchor = if is_first(run, step) { format!(" id=\"run-{number}-{}\"", step.seq) } else { String::new() };
        let action = step.action.as_deref().map_or_else(String::new, |action| format!(" <code>{}</code>", escaped(action)));
        page.push_str(&format!(
            "<tr{anchor}{class}><td>{}<br><span class=\"dim\">line {}</span></td><td>{}{gap}</td><td>{}</td><td>{}{action}<pre>{}</pre>{findings}</td>\
             <td class=\"effect {effect}\">{effect}</td></tr>\n",
            step.seq,
            step.line,
            step.t,
            step.actor,
            step.event_type,
            escaped(&step.text),
            effect = step.effect,
        ));
    }
    page.push_str("</tbody>\n</table>\n");
    let rest: String = run
        .findings
        .iter()
        .filter(|located| !told.contains(&located.id))
        .map(|located| finding(located, number, &is_here))
        .collect();
    if !rest.is_empty() {
        page.push_str(&format!("<h3>The run as a whole</h3>\n{rest}"));
    }
    page
}

/// Two events may have one number; a link leads to the first.
fn is_first(run: &JudgedRun, step: &Step) -> bool {
    run.line_of(step.seq) == Some(step.line)
}

/// One finding, with the place in its event and links to the other events that belong to it.
pub(super) fn finding(located: &Located, number: usize, is_here: &dyn Fn(u64) -> bool) -> String {
    let Finding { rule, severity, effect, message, witnesses, path, .. } = &located.finding;
    let mut page = format!("<div class=\"finding {}\" id=\"f-{}\">\n<p>", color(*effect), located.id);
    page.push_str(&format!("<strong>{severity}</strong> <code>{}</code>: {} [{effect}]", escaped(rule), escaped(message)));
    if !witnesses.is_empty() {
        let link = |seq: &u64| match is_here(*seq) {
            true => format!("<a href=\"#run-{number}-{seq}\">event {seq}</a>"),
            false => format!("event {seq}"),
        };
        page.push_str(&format!("; with {}", witnesses.iter().map(link).collect::<Vec<_>>().join(", ")));
    }
    page.push_str("</p>\n");
    if let Some(excerpt) = &located.excerpt {
        page.push_str(&format!(
            "<pre>{}<mark>{}</mark>{}</pre>\n",
            escaped(&excerpt.before),
            escaped(&excerpt.found),
            escaped(&excerpt.after)
        ));
    }
    let path = path.as_deref().map_or_else(String::new, |path| format!("{} ", escaped(path)));
    page.push_str(&format!("<p class=\"dim\">{path}<code>{}</code></p>\n</div>\n", located.id));
    page
}

fn color(effect: Effect) -> &'static str {
    effect.as_str()
}

/// By action, how long each response took after its request, where both name the call.
pub(super) fn durations(steps: &[Step], durations: &mut BTreeMap<String, Vec<i64>>) {
    let mut open: BTreeMap<&str, (&str, Timestamp)> = BTreeMap::new();
    for step in steps {
        for id in &step.call_ids {
            if let Some(action) = &step.action {
                open.insert(id, (action, step.t));
            } else if let Some((action, t)) = open.remove(id.as_str()) {
                durations.entry(action.to_owned()).or_default().push(step.t.micros_since(t).max(0));
            }
        }
    }
}

/// A length of time for people.
pub(super) fn length(micros: i64) -> String {
    match micros {
        ..0 => format!("−{}", length(micros.saturating_neg())),
        0..1_000_000 => format!("{} ms", micros / 1000),
        1_000_000..120_000_000 => format!("{:.1} s", micros as f64 / 1e6),
        _ => format!("{} min", micros / 60_000_000),
    }
}
