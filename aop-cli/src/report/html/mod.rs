//! One page of HTML for people: all in one file, with nothing loaded from anywhere and no script.
//!
//! Everything that comes from a trace goes through [`markup::escaped`]; events stand there as their verdicts let them be kept.

mod chart;
mod markup;
mod timeline;

use std::collections::BTreeMap;
use std::io::{self, Write};

use aop_engine::{Severity, Timestamp};

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::output::count;
use crate::report::Summary;
use markup::escaped;

const STYLE: &str = include_str!("style.css");

/// How many parts the time of all runs is cut into.
const PARTS: usize = 40;

/// A page that is being gathered: what stands at its top is known at its end.
pub(crate) struct Page<W> {
    out: W,
    /// Each run's row in the table of runs.
    rows: String,
    /// Each run's section.
    sections: String,
    across_runs: String,
    runs: usize,
    by_rule: BTreeMap<String, u64>,
    times: Vec<Timestamp>,
    /// By action, how long each response took, in microseconds.
    durations: BTreeMap<String, Vec<i64>>,
}

impl<W: Write> Page<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            rows: String::new(),
            sections: String::new(),
            across_runs: String::new(),
            runs: 0,
            by_rule: BTreeMap::new(),
            times: Vec::new(),
            durations: BTreeMap::new(),
        }
    }

    pub(super) fn write(&mut self, run: &JudgedRun, source: &Source) {
        self.runs += 1;
        let number = self.runs;
        let name = run.run_id.as_deref().unwrap_or("run without an id");
        let (name, file) = (escaped(name), escaped(&source.name));
        let worst = run.findings.iter().map(|located| located.finding.severity).max().map_or("none", Severity::as_str);
        self.rows.push_str(&format!(
            "<tr><th scope=\"row\"><a href=\"#run-{number}\">{name}</a></th><td>{file}</td><td>{}</td><td>{}</td><td>{}</td><td>{worst}</td></tr>\n",
            run.events,
            run.refused,
            run.findings.len(),
        ));
        self.count_rules(&run.findings);
        self.times.extend(run.steps.iter().map(|step| step.t));
        timeline::durations(&run.steps, &mut self.durations);
        self.sections.push_str(&format!("<section id=\"run-{number}\">\n<h2>{name}</h2>\n<p class=\"dim\">{file}</p>\n"));
        self.sections.push_str(&timeline::of(run, number));
        self.sections.push_str("</section>\n");
    }

    pub(super) fn across_runs(&mut self, findings: &[Located], runs: u64) {
        if findings.is_empty() {
            return;
        }
        self.count_rules(findings);
        self.across_runs.push_str(&format!("<section>\n<h2>Over {}</h2>\n", count(runs, "run")));
        for located in findings {
            self.across_runs.push_str(&timeline::finding(located, 0, &|_| false));
        }
        self.across_runs.push_str("</section>\n");
    }

    fn count_rules(&mut self, findings: &[Located]) {
        for located in findings {
            *self.by_rule.entry(located.finding.rule.to_string()).or_default() += 1;
        }
    }

    pub(super) fn end(self, summary: &Summary) -> io::Result<()> {
        let said = escaped(&summary.to_string());
        let charts = self.charts(summary);
        let Self { mut out, rows, sections, across_runs, .. } = self;
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>AOP report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>AOP report</h1>\n<p>{said}</p>\n\
             <div class=\"charts\">\n{charts}</div>\n<h2>Runs</h2>\n<table>\n<thead><tr><th scope=\"col\">run</th><th scope=\"col\">file</th>\
             <th scope=\"col\">events</th><th scope=\"col\">refused</th><th scope=\"col\">findings</th><th scope=\"col\">worst</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table>\n{across_runs}{sections}</main>\n</body>\n</html>\n"
        )?;
        out.flush()
    }

    fn charts(&self, summary: &Summary) -> String {
        let mut charts = String::new();
        if !summary.findings.is_empty() {
            let by_severity =
                summary.findings.iter().map(|(severity, count)| (severity.to_string(), *count as f64, count.to_string()));
            charts.push_str(&chart::bars("Findings by severity", by_severity.collect()));
            let by_rule = self.by_rule.iter().map(|(rule, count)| (rule.clone(), *count as f64, count.to_string()));
            charts.push_str(&chart::bars("Findings by rule", by_rule.collect()));
        }
        if let (Some(first), Some(last)) = (self.times.iter().min(), self.times.iter().max())
            && first != last
        {
            let whole = last.micros_since(*first).max(1) as f64;
            let mut counts = vec![0; PARTS];
            for t in &self.times {
                let part = (t.micros_since(*first) as f64 / whole * PARTS as f64) as usize;
                counts[part.min(PARTS - 1)] += 1;
            }
            charts.push_str(&chart::columns("Events over time", &counts, &first.to_string(), &last.to_string()));
        }
        if !self.durations.is_empty() {
            let medians = self.durations.iter().map(|(action, times)| {
                let mut times = times.clone();
                times.sort_unstable();
                let median = times[times.len() / 2];
                let said = format!("{} ({})", timeline::length(median), times.len());
                (action.clone(), median as f64, said)
            });
            charts.push_str(&chart::bars("Median time to a response, by action (and how many)", medians.collect()));
        }
        charts
    }
}
