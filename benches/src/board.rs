//! The scoreboard: rows of what was measured, as a table for people or as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::measure::Series;
use crate::wal::WalRow;

/// One line: a figure, what it is held against, and whether the goal is met.
///
/// ```
/// use aop_benches::{Goal, Row};
/// use aop_benches::measure::Series;
///
/// let (ours, floor) = (Series::from([30.0, 31.0]), Series::from([60.0, 62.0]));
/// let row = Row::new("http", "one event", &ours, "events/s").beside("no-op", &floor).goal(Goal::RatioAtLeast(0.55));
/// assert_eq!((row.ratio, row.met), (Some(0.5), Some(false)));
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The area it belongs to, such as `http`.
    pub area: &'static str,
    /// What was done.
    pub what: String,
    /// The median of all rounds, in `unit`.
    pub figure: f64,
    /// The smallest and the greatest round.
    pub spread: (f64, f64),
    /// What the figures count.
    pub unit: &'static str,
    /// What it is held against.
    pub floor: Option<String>,
    /// That one's median, in the same unit.
    pub floor_figure: Option<f64>,
    /// The figure divided by the floor's: the median over the rounds.
    pub ratio: Option<f64>,
    /// What is to be reached, in words.
    pub goal: Option<String>,
    /// Whether it was; nothing where there is no goal.
    pub met: Option<bool>,
    #[serde(skip)]
    series: Series,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The ratio to the floor, at least.
    RatioAtLeast(f64),
    /// The ratio to the floor, at most.
    RatioAtMost(f64),
    /// The figure itself, at least. It depends on the machine, and is meant for a quiet one.
    AtLeast(f64),
    /// The figure itself, at most.
    AtMost(f64),
}

impl Row {
    /// A row with a figure and nothing to hold it against yet.
    pub fn new(area: &'static str, what: impl Into<String>, series: &Series, unit: &'static str) -> Self {
        Self {
            area,
            what: what.into(),
            figure: series.median(),
            spread: (series.least(), series.greatest()),
            unit,
            floor: None,
            floor_figure: None,
            ratio: None,
            goal: None,
            met: None,
            series: series.clone(),
        }
    }

    /// Holds it against a floor or a peer that was measured in the same rounds.
    pub fn beside(mut self, floor: impl Into<String>, series: &Series) -> Self {
        self.floor = Some(floor.into());
        self.floor_figure = Some(series.median());
        self.ratio = Some(self.series.ratio_to(series));
        self
    }

    /// Says what is to be reached; after [`Row::beside`], whose ratio a goal may be about.
    pub fn goal(mut self, goal: Goal) -> Self {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        let (words, met) = match goal {
            Goal::RatioAtLeast(least) => (format!("ratio ≥ {least}"), ratio >= least),
            Goal::RatioAtMost(most) => (format!("ratio ≤ {most}"), ratio <= most),
            Goal::AtLeast(least) => (format!("≥ {} {}", number(least), self.unit), self.figure >= least),
            Goal::AtMost(most) => (format!("≤ {} {}", number(most), self.unit), self.figure <= most),
        };
        self.goal = Some(words);
        self.met = Some(met);
        self
    }
}

impl From<WalRow> for Row {
    fn from(row: WalRow) -> Self {
        let figure = Series::from([row.figure]);
        let has_goal = !row.goal.is_empty();
        Self {
            floor: Some(row.floor_name.to_owned()),
            floor_figure: Some(row.floor_figure),
            ratio: Some(row.ratio),
            goal: has_goal.then(|| format!("ratio {}", row.goal)),
            met: has_goal.then_some(row.met),
            ..Row::new("wal", row.what, &figure, row.unit)
        }
    }
}

const HEADS: [&str; 7] = ["area", "what", "figure", "floor or peer", "ratio", "goal", "met"];

impl Row {
    fn cells(&self) -> [String; 7] {
        let (least, greatest) = self.spread;
        let spread = if least < greatest { format!(" ({}–{})", number(least), number(greatest)) } else { String::new() };
        let floor = self.floor.as_ref().map(|name| format!("{name} {}", number(self.floor_figure.unwrap_or(f64::NAN))));
        let met = self.met.map(|met| if met { "yes" } else { "NO" });
        [
            self.area.to_owned(),
            self.what.clone(),
            format!("{} {}{spread}", number(self.figure), self.unit).trim_end().to_owned(),
            floor.unwrap_or_default(),
            self.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            self.goal.as_deref().unwrap_or_default().trim_end().to_owned(),
            met.unwrap_or_default().to_owned(),
        ]
    }
}

/// The rows as a table whose columns line up.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![HEADS.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 7] = std::array::from_fn(width);
    let mut table = String::new();
    for line in &lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(widths) {
            // writing to a String cannot fail
            let _ = write!(text, "{cell:<width$}  ");
        }
        table.push_str(text.trim_end());
        table.push('\n');
    }
    table
}

/// The rows as a table in Markdown, without the area, which the page names.
pub fn markdown(rows: &[Row]) -> String {
    let written = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads = HEADS.map(str::to_owned);
    let mut table = written(&heads[1..]) + &"|---".repeat(heads.len() - 1) + "|\n";
    table.extend(rows.iter().map(|row| written(&row.cells()[1..])));
    table
}

/// A number as people read it: three significant digits, or all before the point, in groups.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let decimals = match value.abs() {
        0.0 | 100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(whole, fraction)| (whole, fraction));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let to_come = whole.len() - place;
        if place > 0 && to_come.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let written: Vec<String> = [0.0, 0.0123, 1.5, 12.34, 999.6, 60_000.4, 1_234_567.0, -1234.0].map(number).to_vec();
        assert_eq!(written, ["0", "0.012", "1.50", "12.3", "1,000", "60,000", "1,234,567", "-1,234"]);
    }

    #[test]
    fn columns_line_up() {
        let figures = Series::from([1000.0, 1200.0]);
        let rows = [
            Row::new("http", "one event", &figures, "events/s")
                .beside("no-op", &Series::from([2000.0, 2400.0]))
                .goal(Goal::RatioAtLeast(0.55)),
            Row::new("engine", "a run's end", &Series::from([9.0]), "µs"),
        ];
        let expected = "\
area    what         figure                        floor or peer  ratio  goal          met
http    one event    1,000 events/s (1,000–1,200)  no-op 2,000    0.50   ratio ≥ 0.55  NO
engine  a run's end  9.00 µs
";
        assert_eq!(table(&rows), expected);
        let expected = "\
| what | figure | floor or peer | ratio | goal | met |
|---|---|---|---|---|---|
| one event | 1,000 events/s (1,000–1,200) | no-op 2,000 | 0.50 | ratio ≥ 0.55 | NO |
| a run's end | 9.00 µs |  |  |  |  |
";
        assert_eq!(markdown(&rows), expected);
    }
}
