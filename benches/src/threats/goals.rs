//! The goals of quality, a row each.

use std::path::Path;

use super::AREA;
use super::quality::{Quality, TOLD, WARNED};
use crate::measure::Series;
use crate::{Goal, Row};

/// The goals that ours meets or misses; those of families never trained on where that was measured.
pub fn rows(own: &Quality, left_out: Option<&Quality>) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(harmless) = own.mean(WARNED, |kind, _| !kind.is_attack) {
        let what = format!("harmless texts flagged, mean of {} kinds", harmless.kinds);
        rows.push(row(what, harmless.share, Goal::AtMost(1.0)));
        rows.push(row(format!("the worst kind, {}", harmless.worst), harmless.worst_share, Goal::AtMost(3.0)));
    }
    if let Some(found) = own.mean(WARNED, |kind, _| kind.is_overriding()) {
        let what = format!("attacks found that override something, mean of {} kinds", found.kinds);
        rows.push(row(what, found.share, Goal::AtLeast(50.0)));
    }
    if let Some(left_out) = left_out {
        if let Some(found) = left_out.mean(WARNED, |kind, _| kind.is_overriding()) {
            let what = "the same, each family by a model that never saw it";
            rows.push(row(what.to_owned(), found.share, Goal::AtLeast(35.0)));
        }
        if let Some(harmless) = left_out.mean(WARNED, |kind, _| !kind.is_attack) {
            let what = format!("harmless texts flagged, each kind by a model that never saw it, mean of {}", harmless.kinds);
            rows.push(plain(what, harmless.share));
        }
    }
    for (name, quality) in [("", Some(own)), (", by a model that never saw the family", left_out)] {
        let Some(quality) = quality else { continue };
        for (file, goal) in [("bipia_train", 65.0), ("asb_text", 80.0)] {
            if let Some(share) = quality.share_of(TOLD, file, "indirect_naive") {
                rows.push(row(format!("naive wording reviewed, {file}{name}"), share, Goal::AtLeast(goal)));
            }
        }
        if let Some(harmless) = quality.mean(TOLD, |kind, counts| !kind.is_attack && counts.from_tools == counts.texts) {
            let what = format!("harmless texts of tools reviewed, mean of {} kinds{name}", harmless.kinds);
            rows.push(row(what, harmless.share, Goal::AtMost(5.0)));
        }
    }
    for (kind, name, goal) in [
        ("sqli", "libinjection's SQL injections found", Goal::AtLeast(99.5)),
        ("xss", "libinjection's XSS found", Goal::AtLeast(97.0)),
        ("false_positive", "libinjection's false positives flagged", Goal::AtMost(1.0)),
    ] {
        if let Some(share) = own.share_of(WARNED, "web_attacks", kind) {
            rows.push(row(name.to_owned(), share, goal));
        }
    }
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aop-rules/src/threats/model/weights.bin");
    if let Ok(weights) = weights.metadata() {
        let kilobytes = weights.len() as f64 / 1024.0;
        let size = Row::new(AREA, "the model's weights", &Series::from([kilobytes]), "KB");
        rows.push(size.goal(Goal::AtMost(96.0)));
    }
    rows
}

fn row(what: String, share: f64, goal: Goal) -> Row {
    plain(what, share).goal(goal)
}

fn plain(what: String, share: f64) -> Row {
    Row::new(AREA, what, &Series::from([100.0 * share]), "%")
}
