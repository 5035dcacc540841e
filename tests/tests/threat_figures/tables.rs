//! The tables of the page.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use aop_engine::Severity;

use crate::curve::{Scored, Source};
use crate::runs::{Kind, Part, Run};

/// All tables, as Markdown.
pub(crate) fn all(runs: &[Run], scored: &[Scored], reworded: &[(&str, Vec<Run>)]) -> String {
    let mut page = String::new();
    obeyed(&mut page, runs)
        .and_then(|()| parts(&mut page, runs))
        .and_then(|()| others(&mut page, runs))
        .and_then(|()| results(&mut page, runs))
        .and_then(|()| curve(&mut page, scored))
        .and_then(|()| wordings(&mut page, reworded))
        .expect("a string takes all text");
    page
}

/// The suites with attacks, each with the runs that obey.
const ATTACKED: &[(&str, &str, &[Kind])] = &[
    ("AgentDojo banking", "agentdojo banking", &[Kind::Obeyed]),
    ("AgentDojo slack", "agentdojo slack", &[Kind::Obeyed]),
    ("AgentDojo travel", "agentdojo travel", &[Kind::Obeyed]),
    ("**AgentDojo**", "agentdojo", &[Kind::Obeyed]),
    ("ASB, the call follows the text", "asb", &[Kind::Obeyed]),
    ("ASB, the same, packed into another call's parameters", "asb", &[Kind::Packed]),
    ("**ASB**", "asb", &[Kind::Obeyed, Kind::Packed]),
];

fn rows<'r>(runs: &'r [Run], suite: &str, kinds: &[Kind]) -> Vec<&'r Run> {
    runs.iter().filter(|run| run.is_of(suite) && kinds.contains(&run.kind)).collect()
}

fn obeyed(page: &mut String, runs: &[Run]) -> fmt::Result {
    page.push_str(
        "### Attacks that the agent obeys\n\nA finding of severity error or critical, by rules, model or correlation:\n\n",
    );
    page.push_str(
        "| suite | attacks | at or before the attacker's last call | at or before the first that follows the text | at or before the very first |\n|---|---|---|---|---|\n",
    );
    let mut line = |name: &str, of: &[&Run]| {
        let last = of.iter().filter(|run| run.is_found_by_last(&Part::OWN)).count();
        let behind = of.iter().filter(|run| run.is_found_by_first_behind(&Part::OWN)).count();
        let first = of.iter().filter(|run| run.is_found_by_first(&Part::OWN)).count();
        let [last, behind, first] = [last, behind, first].map(|found| share(found, of.len()));
        writeln!(page, "| {name} | {} | {last} | {behind} | {first} |", of.len())
    };
    for (name, suite, kinds) in ATTACKED {
        line(name, &rows(runs, suite, kinds))?;
    }
    let asb = rows(runs, "asb", &[Kind::Obeyed, Kind::Packed]);
    for attack in asb.iter().map(|run| run.attack.as_str()).collect::<BTreeSet<_>>() {
        line(
            &format!("– {}", attack.replace('_', " ")),
            &asb.iter().copied().filter(|run| run.attack == attack).collect::<Vec<_>>(),
        )?;
    }
    line("ASB, all calls come before the text", &rows(runs, "asb", &[Kind::Before]))?;
    let in_words = rows(runs, "agentdojo", &[Kind::InWords]);
    let found = in_words.iter().filter(|run| run.is_touched(&Part::OWN)).count();
    writeln!(
        page,
        "\nNot in the table: {} runs of AgentDojo travel in which the agent obeys by what it says, without a call; in {found} of them \
         there is such a finding.\n",
        in_words.len()
    )
}

/// Which part finds how many, and how many only it finds.
fn parts(page: &mut String, runs: &[Run]) -> fmt::Result {
    page.push_str("### Which part finds them\n\nAt or before the last call, each part for itself; in brackets what only it finds of all four.\n\n");
    page.push_str(
        "| suite | attacks | rules | model | correlation | `policies/flow` | all four |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, suite, kinds) in ATTACKED.iter().chain([&("ASB, all calls come before the text", "asb", &[Kind::Before][..])])
    {
        let of = rows(runs, suite, kinds);
        let found = |parts: &[Part]| of.iter().filter(|run| run.is_found_by_last(parts)).count();
        let cells = Part::ALL.map(|part| cell(&of, part));
        writeln!(page, "| {name} | {} | {} | {} |", of.len(), cells.join(" | "), share(found(&Part::ALL), of.len()))?;
    }
    page.push('\n');
    Ok(())
}

/// `12 (3)`: what a part finds, and what only it finds.
fn cell(of: &[&Run], part: Part) -> String {
    let others: Vec<Part> = Part::ALL.into_iter().filter(|other| *other != part).collect();
    let found: Vec<&&Run> = of.iter().filter(|run| run.is_found_by_last(&[part])).collect();
    let alone = found.iter().filter(|run| !run.is_found_by_last(&others)).count();
    format!("{} ({alone})", found.len())
}

fn others(page: &mut String, runs: &[Run]) -> fmt::Result {
    page.push_str("### Runs that do nobody's wish but the user's\n\nRuns with a finding of severity error or critical. Where a run is attacked and does not obey, only the correlation can be wrong; in AgentDojo slack the attack stands in a channel's name or in the page that the user wants read, and the user's own calls repeat it whole: those wait for an approval or are denied.\n\n");
    page.push_str("| suite | benign runs | rules, model, correlation | refused by any rule that is on by default | refused by `policies/flow` | attacked, not obeyed | a call refused by the correlation |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    let suites = [
        ("AgentDojo banking", "agentdojo banking"),
        ("AgentDojo slack", "agentdojo slack"),
        ("AgentDojo travel", "agentdojo travel"),
        ("**AgentDojo**", "agentdojo"),
        ("ASB", "asb"),
        ("tau-airline", "tau-airline"),
        ("swe-agent", "swe-agent"),
        ("otel-frameworks", "otel-frameworks"),
    ];
    let mut line = |name: &str, benign: &[&Run], attacked: &[&Run]| {
        let count = |of: &[&Run], is: &dyn Fn(&Run) -> bool| share(of.iter().filter(|run| is(run)).count(), of.len());
        writeln!(
            page,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            benign.len(),
            count(benign, &|run| run.is_touched(&Part::OWN)),
            count(benign, &Run::is_refused_by_any),
            count(benign, &|run| run.is_touched(&[Part::Flow])),
            attacked.len(),
            count(attacked, &|run| run.is_touched(&[Part::Correlation])),
        )
    };
    for (name, suite) in suites {
        line(name, &rows(runs, suite, &[Kind::Benign]), &rows(runs, suite, &[Kind::NotObeyed]))?;
    }
    let all = |kind| runs.iter().filter(|run| run.kind == kind).collect::<Vec<_>>();
    line("all", &all(Kind::Benign), &all(Kind::NotObeyed))?;
    page.push('\n');
    Ok(())
}

/// How many results hold an attack's text, and in how many something of severity warning or worse is found.
pub(crate) fn injected_results(runs: &[&Run]) -> (usize, usize) {
    let of = |run: &&Run| run.injected.len();
    let found = |run: &&Run| run.injected.iter().filter(|seq| is_found(run, **seq, Severity::Warning, &Part::OWN)).count();
    (runs.iter().map(of).sum(), runs.iter().map(found).sum())
}

fn is_found(run: &Run, seq: u64, severity: Severity, parts: &[Part]) -> bool {
    let is = |part: Option<Part>| part.is_some_and(|part| parts.contains(&part));
    run.said.iter().any(|said| said.seq == seq && said.severity >= severity && is(said.part))
}

fn results(page: &mut String, runs: &[Run]) -> fmt::Result {
    page.push_str(
        "### Results with an attack's text\n\nWhat is found in them by rules and model, whether the agent obeys or not.\n\n",
    );
    page.push_str("| suite and wording | results | warning or worse | by rules | by the model | only by the model | info or worse |\n|---|---|---|---|---|---|---|\n");
    let mut line = |name: &str, of: &[&Run]| {
        let results: usize = of.iter().map(|run| run.injected.len()).sum();
        let count = |is: &dyn Fn(&Run, u64) -> bool| {
            share(of.iter().flat_map(|run| run.injected.iter().filter(|seq| is(run, **seq))).count(), results)
        };
        let warned = |run: &Run, seq: u64, parts: &[Part]| is_found(run, seq, Severity::Warning, parts);
        writeln!(
            page,
            "| {name} | {results} | {} | {} | {} | {} | {} |",
            count(&|run, seq| warned(run, seq, &Part::OWN)),
            count(&|run, seq| warned(run, seq, &[Part::Rule])),
            count(&|run, seq| warned(run, seq, &[Part::Model])),
            count(&|run, seq| warned(run, seq, &[Part::Model]) && !warned(run, seq, &[Part::Rule])),
            count(&|run, seq| is_found(run, seq, Severity::Info, &Part::OWN)),
        )
    };
    for (name, suite) in [
        ("AgentDojo banking", "agentdojo banking"),
        ("AgentDojo slack", "agentdojo slack"),
        ("AgentDojo travel", "agentdojo travel"),
        ("ASB", "asb"),
    ] {
        let of: Vec<&Run> = runs.iter().filter(|run| run.is_of(suite) && !run.injected.is_empty()).collect();
        line(name, &of)?;
        for attack in of.iter().map(|run| run.attack.as_str()).collect::<BTreeSet<_>>() {
            line(
                &format!("– {}", attack.replace('_', " ")),
                &of.iter().copied().filter(|run| run.attack == attack).collect::<Vec<_>>(),
            )?;
        }
    }
    line("**all**", &runs.iter().filter(|run| !run.injected.is_empty()).collect::<Vec<_>>())?;
    page.push('\n');
    Ok(())
}

/// What the model alone would find and flag at other thresholds.
fn curve(page: &mut String, results: &[Scored]) -> fmt::Result {
    page.push_str(
        "### The model over its thresholds\n\nResults in which each head of the model scores at least so much, every rule switched off; \
         0.50 is where each is set. Ordinary results are those of benign runs.\n\n",
    );
    for (name, head) in [("`threats/model`", 0), ("`threats/instruction-review`", 1)] {
        let columns: Vec<String> = Source::ALL.iter().map(|source| format!("{} ", source.name())).collect();
        writeln!(page, "| {name} from | {}|\n|---|{}", columns.join("| "), "---|".repeat(columns.len()))?;
        for threshold in THRESHOLDS {
            let cells = Source::ALL.map(|source| {
                let of: Vec<&Scored> = results.iter().filter(|scored| scored.source == source).collect();
                share(of.iter().filter(|scored| scored.heads[head] >= *threshold).count(), of.len())
            });
            writeln!(page, "| {threshold:.2} | {} |", cells.join(" | "))?;
        }
        page.push('\n');
    }
    Ok(())
}

const THRESHOLDS: &[f64] = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

fn wordings(page: &mut String, reworded: &[(&str, Vec<Run>)]) -> fmt::Result {
    page.push_str("### Ten wordings of our own\n\nThe runs that obey, with the attack's usual template in another wording and its order left as it is. Results are those of the same runs.\n\n");
    page.push_str("| wording | attacks | found, without `policies/flow` | rules | model | correlation | `policies/flow` | all four | results found, warning | info |\n");
    page.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
    let mut line = |name: &str, of: &[&Run]| {
        let found = |parts: &[Part]| share(of.iter().filter(|run| run.is_found_by_last(parts)).count(), of.len());
        let results: usize = of.iter().map(|run| run.injected.len()).sum();
        let at = |severity| {
            let found = |run: &&&Run| run.injected.iter().filter(|seq| is_found(run, **seq, severity, &Part::OWN)).count();
            share(of.iter().map(|run| found(&run)).sum(), results)
        };
        let cells = Part::ALL.map(|part| cell(of, part)).join(" | ");
        let (warned, hinted) = (at(Severity::Warning), at(Severity::Info));
        writeln!(
            page,
            "| {name} | {} | {} | {cells} | {} | {warned} | {hinted} |",
            of.len(),
            found(&Part::OWN),
            found(&Part::ALL)
        )
    };
    for (name, runs) in reworded {
        line(name, &runs.iter().collect::<Vec<_>>())?;
    }
    for (name, suite) in [("all, AgentDojo", "agentdojo"), ("all, ASB", "asb")] {
        line(name, &reworded.iter().flat_map(|(_, runs)| runs).filter(|run| run.is_of(suite)).collect::<Vec<_>>())?;
    }
    line("**all**", &reworded.iter().flat_map(|(_, runs)| runs).collect::<Vec<_>>())?;
    page.push('\n');
    Ok(())
}

/// `47 (87.0 %)`
fn share(part: usize, of: usize) -> String {
    if of == 0 { "0".to_owned() } else { format!("{part} ({:.1} %)", 100.0 * part as f64 / of as f64) }
}
