//! JUnit's XML, for what runs tests and shows their results: each run is a case, which fails when an event of it was refused or a
//! finding is at or over the threshold.

use std::io::{self, Write};

use aop_engine::Severity;

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::output::{count, visible};

/// A suite that is being gathered; its head says how many cases fail.
pub(crate) struct Suite<W> {
    out: W,
    threshold: Severity,
    cases: String,
    count: u64,
    failed: u64,
}

impl<W: Write> Suite<W> {
    pub(super) fn new(out: W, threshold: Severity) -> Self {
        Self { out, threshold, cases: String::new(), count: 0, failed: 0 }
    }

    pub(super) fn write(&mut self, run: &JudgedRun, source: &Source) {
        let title = run.run_id.as_deref().unwrap_or("run without an id");
        self.push(title, &source.name, &run.findings, run.refused);
    }

    pub(super) fn across_runs(&mut self, findings: &[Located], runs: u64) {
        if !findings.is_empty() {
            self.push("across runs", &count(runs, "run"), findings, 0);
        }
    }

    fn push(&mut self, name: &str, class: &str, findings: &[Located], refused: u64) {
        let said = |located: &&Located| {
            let finding = &located.finding;
            let line = located.line.map_or_else(|| "run".to_owned(), |line| format!("line {line}"));
            format!("{} {line} {}: {} [{}]", finding.severity, finding.rule, finding.message, finding.effect)
        };
        let (grave, light): (Vec<&Located>, Vec<&Located>) =
            findings.iter().partition(|located| located.finding.severity >= self.threshold);
        let lines = |findings: &[&Located]| findings.iter().map(said).collect::<Vec<_>>().join("\n");
        self.count += 1;
        self.cases.push_str(&format!("  <testcase name=\"{}\" classname=\"{}\">\n", escaped(name), escaped(class)));
        if refused > 0 || !grave.is_empty() {
            self.failed += 1;
            let message = format!(
                "{} refused, {} at or over the threshold",
                count(refused, "event"),
                count(grave.len() as u64, "finding")
            );
            let all = lines(&grave);
            self.cases.push_str(&format!("    <failure message=\"{message}\">{}</failure>\n", escaped(&all)));
        }
        if !light.is_empty() {
            self.cases.push_str(&format!("    <system-out>{}</system-out>\n", escaped(&lines(&light))));
        }
        self.cases.push_str("  </testcase>\n");
    }

    pub(super) fn end(self) -> io::Result<()> {
        let Self { mut out, cases, count, failed, .. } = self;
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\
             <testsuite name=\"aop eval\" tests=\"{count}\" failures=\"{failed}\" errors=\"0\">\n{cases}</testsuite>\n</testsuites>\n"
        )?;
        out.flush()
    }
}

/// Text as XML may hold it: most control characters are not allowed in it even as references, so that they are written out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        for character in visible(line.trim_end_matches('\n')).chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
                _ => out.push(character),
            }
        }
        if line.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_trace_cannot_write_markup() {
        assert_eq!(escaped("a<b>&\"\u{1b}\u{202e}\nc\u{0}"), "a&lt;b&gt;&amp;&quot;\\u{1b}\\u{202e}\nc\\u{0}");
    }
}
