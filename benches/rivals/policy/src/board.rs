//! The rows, in the scoreboard's form: as a table for people or as JSON.

use serde::Serialize;

use crate::measure::Series;

/// One line: our figure and a peer's. The fields are those of the scoreboard's rows.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The area it belongs to.
    pub area: &'static str,
    /// What was done.
    pub what: String,
    /// The median of our rounds, in `unit`; nothing when ours did not do the job.
    pub figure: Option<f64>,
    /// Our smallest and our greatest round.
    pub spread: Option<(f64, f64)>,
    /// What the figures count.
    pub unit: &'static str,
    /// The peer.
    pub floor: &'static str,
    /// Its median, in the same unit.
    pub floor_figure: f64,
    /// Its smallest and its greatest round.
    pub floor_spread: (f64, f64),
    /// Our figure divided by the peer's: the median over the rounds.
    pub ratio: Option<f64>,
    /// What is to be reached, in words.
    pub goal: Option<String>,
    /// Whether it was; nothing where there is no goal.
    pub met: Option<bool>,
    /// Why ours did not do the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

impl Row {
    /// A row without a goal.
    ///
    /// `own` is our series, or why there is none.
    pub fn new(what: String, own: Result<&Series, &str>, peer: &'static str, series: &Series) -> Self {
        let failed = own.err().map(str::to_owned);
        let own = own.ok();
        Self {
            area: "policy",
            what,
            figure: own.map(Series::median),
            spread: own.map(|own| (own.least(), own.greatest())),
            unit: "µs/trace",
            floor: peer,
            floor_figure: series.median(),
            floor_spread: (series.least(), series.greatest()),
            ratio: own.map(|own| own.ratio_to(series)),
            goal: None,
            met: None,
            failed,
        }
    }

    /// Says what is to be reached; not met when ours did not do the job.
    pub fn ratio_at_most(mut self, most: f64) -> Self {
        self.goal = Some(format!("ratio ≤ {most}"));
        self.met = Some(self.ratio.is_some_and(|ratio| ratio <= most));
        self
    }
}

/// The rows as a table whose columns line up.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![["area", "what", "figure", "peer", "ratio", "goal", "met"].map(str::to_owned)];
    lines.extend(rows.iter().map(|row| {
        let own = row.figure.zip(row.spread).map(|(figure, spread)| format!("{} {}", figure_of(figure, spread), row.unit));
        let met = row.met.map(|met| if met { "yes" } else { "NO" });
        [
            row.area.to_owned(),
            row.what.clone(),
            own.unwrap_or_else(|| "FAILED".to_owned()),
            format!("{} {}", row.floor, figure_of(row.floor_figure, row.floor_spread)),
            row.ratio.map(|ratio| format!("{ratio:.3}")).unwrap_or_default(),
            row.goal.clone().unwrap_or_default(),
            met.unwrap_or_default().to_owned(),
        ]
    }));
    let widths: [usize; 7] =
        std::array::from_fn(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default());
    let line_up = |line: &[String; 7]| {
        let cells: Vec<String> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line_up).collect()
}

fn figure_of(median: f64, (least, greatest): (f64, f64)) -> String {
    format!("{} ({}–{})", number(median), number(least), number(greatest))
}

/// A number of microseconds, with three significant digits at the least.
fn number(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_what_failed_is_not_met() {
        let (own, peer) = (Series::from([2.0, 2.0, 3.0]), Series::from([100.0, 200.0, 300.0]));
        let rows = [
            Row::new("a job".to_owned(), Ok(&own), "peer 1.0", &peer).ratio_at_most(0.1),
            Row::new("a job".to_owned(), Err("its rule does not compile"), "peer 1.0", &peer).ratio_at_most(0.1),
        ];
        let expected = "\
area    what   figure                     peer                    ratio  goal         met
policy  a job  2.00 (2.00–3.00) µs/trace  peer 1.0 200 (100–300)  0.010  ratio ≤ 0.1  yes
policy  a job  FAILED                     peer 1.0 200 (100–300)         ratio ≤ 0.1  NO
";
        assert_eq!(table(&rows), expected);
        assert!(serde_json::to_value(&rows[1]).unwrap()["figure"].is_null());
    }
}
