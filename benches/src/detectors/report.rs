//! The figures as a page has them: `aop-benches report`, as Markdown, as JSON, or written into a page.

use std::fmt::Write as _;

use serde::Serialize;

use super::corpus::Corpora;
use super::finder::share;
use super::peer::Peer;
use super::quality::{self, Quality};
use super::spans::Figures;
use super::speed;
use super::synth::FORMED;
use super::traces::Traces;
use crate::events::Events;
use crate::page::{self, Form};
use crate::{BenchError, Row, board};

/// What is asked of a report.
#[derive(Debug, Default)]
pub struct Wish {
    peers: Vec<Peer>,
    without_speed: bool,
    form: Form,
}

impl Wish {
    /// Reads `[--peer NAME=COMMAND]… [--json] [--no-speed] [--write PAGE]`.
    ///
    /// # Errors
    /// When an option is not one of these.
    pub fn new(arguments: &[String]) -> Result<Self, BenchError> {
        let mut wish = Wish::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--peer" => wish.peers.push(Peer::new(value()?)?),
                "--json" => wish.form.is_json = true,
                "--no-speed" => wish.without_speed = true,
                "--write" => wish.form.page = Some(value()?.into()),
                other => return Err(format!("a report has no option `{other}`").into()),
            }
        }
        Ok(wish)
    }
}

#[derive(Serialize)]
struct Report {
    goals: Vec<Row>,
    qualities: Vec<Quality>,
    peers_speed: Vec<Row>,
}

/// Measures and writes.
///
/// # Errors
/// When there are no corpora, one of them cannot be read, or a finder fails.
pub fn run(wish: &Wish, events: &Events) -> Result<(), BenchError> {
    let Some(corpora) = Corpora::find() else {
        eprintln!("skipped: the report, as there is no corpora folder");
        return Ok(());
    };
    let own = quality::measure_own(&corpora, events)?;
    let mut goals = own.rows();
    let mut qualities = vec![own];
    for peer in &wish.peers {
        eprintln!("measuring {} …", peer.name());
        // a peer that does not run does not take the others' figures away
        match quality::measure(peer, &corpora) {
            Ok(quality) => qualities.push(quality),
            Err(error) => eprintln!("skipped: {}: {error}", peer.name()),
        }
    }
    let mut peers_speed = Vec::new();
    if !wish.without_speed {
        eprintln!("measuring speed …");
        goals.extend(speed::rows(events)?);
        peers_speed = speed::beside(&wish.peers, &corpora)?;
    }
    let report = Report { goals, qualities, peers_speed };
    let peers = (!wish.peers.is_empty()).then(|| report.peers());
    page::give(&wish.form, &report, &report.figures(), peers.as_deref())
}

impl Report {
    fn figures(&self) -> String {
        let mut out = format!(
            "Measured {}, on one machine; read the ratios of speeds, as absolute speeds are that machine's.\n\n",
            page::commit()
        );
        out.push_str(&board::markdown(&self.goals));
        if let Some(own) = self.qualities.first() {
            own.write_details(&mut out);
        }
        out
    }

    /// The finders beside each other, and their speed.
    fn peers(&self) -> String {
        let mut out = String::from("| |");
        let names: Vec<&str> = self.qualities.iter().map(|quality| quality.name.as_str()).collect();
        line(&mut out, &format!(" {} |", names.join(" | ")));
        line(&mut out, &format!("|---|{}", "---|".repeat(names.len())));
        let columns: Vec<Vec<(String, String)>> = self.qualities.iter().map(Quality::summary).collect();
        for (place, (what, _)) in columns.first().into_iter().flatten().enumerate() {
            let cells: Vec<&str> = columns.iter().map(|column| column.get(place).map_or("", |(_, figure)| figure)).collect();
            line(&mut out, &format!("| {what} | {} |", cells.join(" | ")));
        }
        if !self.peers_speed.is_empty() {
            line(&mut out, "");
            out.push_str(&board::markdown(&self.peers_speed));
        }
        out
    }
}

impl Quality {
    /// The figures that every finder has, each with what it is of.
    fn summary(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let mut add = |what: &str, figure: Option<String>| rows.push((what.to_owned(), figure.unwrap_or_default()));
        for entity in FORMED {
            let figures = self.synth.as_ref().map(|synth| triple(synth.entity(entity).by_bounds()));
            add(&format!("synthetic set, {entity}: exact P / R / F1"), figures);
        }
        let negatives = self.negatives.as_ref();
        add("hard negatives with a finding", negatives.map(|it| per_cent(it.flagged, it.texts)));
        let disguised = self.evasions.as_ref().map(|evasions| evasions.disguised());
        add("values in disguise, found", disguised.map(|it| per_cent(it.found, it.texts)));
        add("values in disguise, covered", disguised.map(|it| per_cent(it.covered, it.texts)));
        let keyed = self.keyed.as_ref().map(|keyed| keyed.figures());
        add("keyed JSON: P / R / F1", keyed.map(triple));
        let secrets = self.secrets.as_ref();
        let recall = secrets.map(|secrets| secrets.recall(|rule| rule.touched));
        add("secrets found, averaged over rules", recall.map(three));
        add("secrets covered, averaged over rules", secrets.map(|it| three(it.recall(|rule| rule.covered))));
        let refused = secrets.map(|secrets| secrets.refused(|rule| rule.refused));
        add("secrets' look-alikes left alone", refused.map(|share| format!("{:.1} %", 100.0 * share)));
        rows
    }

    /// The tables behind the goals.
    fn write_details(&self, out: &mut String) {
        if let Some(synth) = &self.synth {
            line(
                out,
                &format!(
                    "\n**Synthetic set**, {} texts, by entity; the bounds exact, and at least a byte shared:\n",
                    synth.texts
                ),
            );
            line(out, "| entity | marked | found | exact P / R / F1 | overlapping P / R / F1 |\n|---|---|---|---|---|");
            for (entity, counts) in &synth.entities {
                if FORMED.contains(&entity.as_str()) || counts.found > 0 {
                    let (bounds, overlap) = (triple(counts.by_bounds()), triple(counts.by_overlap()));
                    line(out, &format!("| {entity} | {} | {} | {bounds} | {overlap} |", counts.marked, counts.found));
                }
            }
        }
        if let Some(presidio) = &self.presidio {
            let tally = |tally: super::presidio::Tally| format!("{} of {}", tally.passed, tally.cases);
            line(
                out,
                &format!(
                    "\n**Presidio's cases**: detect {} ({} if spans may differ and overlap), validate {} ({} more are left open by \
                     Presidio), context {}. Those that came out otherwise:\n",
                    tally(presidio.detect),
                    tally(presidio.detect_by_overlap),
                    tally(presidio.validate),
                    presidio.open,
                    tally(presidio.context)
                ),
            );
            line(out, "| case | kind | entity | what happened |\n|---|---|---|---|");
            for it in &presidio.deviations {
                line(out, &format!("| {} | {} | {} | {} |", it.id, it.kind, it.entity, it.what));
            }
        }
        if let Some(secrets) = &self.secrets {
            let rules = secrets.rules.values().filter(|rule| rule.secrets > 0).count();
            line(
                out,
                &format!(
                    "\n**Secrets**, {rules} rules. Recall averaged over rules: a byte found {}, covered whole {}, found by the rule of \
                     the same name {}; the regexes of gitleaks alone {}. Look-alikes left alone: by the rule of the same name {:.1} %, \
                     by every rule {:.1} %; by the regex of gitleaks' rule alone {:.1} %. {} rows about a file's name are left out.",
                    three(secrets.recall(|rule| rule.touched)),
                    three(secrets.recall(|rule| rule.covered)),
                    three(secrets.recall(|rule| rule.by_this_rule)),
                    three(secrets.recall(|rule| rule.by_regex)),
                    100.0 * secrets.refused(|rule| rule.refused_by_this_rule),
                    100.0 * secrets.refused(|rule| rule.refused),
                    100.0 * secrets.refused(|rule| rule.refused_by_regex),
                    secrets.left_out
                ),
            );
            let missed = secrets.rules.iter().filter(|(_, rule)| rule.covered < rule.secrets);
            let missed: Vec<String> =
                missed.map(|(name, rule)| format!("{name} {}/{}", rule.covered, rule.secrets)).collect();
            if !missed.is_empty() {
                line(out, &format!("\nRules whose secrets are not all covered: {}.", missed.join(", ")));
            }
            let reported = secrets.reported.iter();
            let reported: Vec<String> = reported.map(|(id, rule, by)| format!("{id} ({rule}, by {by})")).collect();
            if !reported.is_empty() {
                line(out, &format!("\nLook-alikes that are reported: {}.", reported.join(", ")));
            }
        }
        if let Some(negatives) = &self.negatives {
            let flagged = negatives.categories.iter().filter(|(_, (_, flagged))| *flagged > 0);
            let flagged: Vec<String> = flagged.map(|(name, (texts, flagged))| format!("{name} {flagged}/{texts}")).collect();
            let kinds = if flagged.is_empty() { "none".to_owned() } else { flagged.join(", ") };
            line(
                out,
                &format!(
                    "\n**Hard negatives**, {} texts in {} kinds; with a finding: {kinds}.",
                    negatives.texts,
                    negatives.categories.len()
                ),
            );
        }
        if let Some(evasions) = &self.evasions {
            line(out, "\n**Values in disguise**, by disguise:\n\n| disguise | texts | found | covered |\n|---|---|---|---|");
            for (name, it) in &evasions.categories {
                line(out, &format!("| {name} | {} | {} | {} |", it.texts, it.found, it.covered));
            }
        }
        if let Some(keyed) = &self.keyed {
            line(out, "\n**Keyed JSON**, places by entity:\n\n| entity | expected | found | right |\n|---|---|---|---|");
            for (entity, it) in &keyed.entities {
                line(out, &format!("| {entity} | {} | {} | {} |", it.marked, it.found, it.right));
            }
        }
        for (name, traces) in [("Traces of real agents", &self.traces), ("Made traces", &self.made_traces)] {
            if let Some(traces) = traces {
                traces.write(name, out);
            }
        }
    }
}

impl Traces {
    fn write(&self, name: &str, out: &mut String) {
        let tokens: Vec<String> =
            self.tokens.iter().map(|(kind, counts)| format!("{kind} {} of {}", counts.broken, counts.all)).collect();
        line(out, &format!("\n**{name}**, {} events. Broken by redaction: {}.\n", self.events, tokens.join(", ")));
        let findings: Vec<String> = self.findings.iter().map(|(entity, count)| format!("{entity} {count}")).collect();
        line(out, &format!("Findings: {}.", findings.join(", ")));
    }
}

fn line(out: &mut String, text: &str) {
    // writing to a String cannot fail
    let _ = writeln!(out, "{text}");
}

fn triple(figures: Figures) -> String {
    format!("{} / {} / {}", three(figures.precision), three(figures.recall), three(figures.f1))
}

fn three(figure: f64) -> String {
    if figure.is_nan() { "–".to_owned() } else { format!("{figure:.3}") }
}

fn per_cent(part: usize, whole: usize) -> String {
    format!("{:.2} %", 100.0 * share(part, whole))
}
