//! All measures of quality of one finder, and the goals.

use serde::Serialize;

use super::corpus::Corpora;
use super::evasions::Evasions;
use super::finder::{Finder, share};
use super::keyed::Keyed;
use super::negatives::Negatives;
use super::own::Own;
use super::presidio::{Presidio, Tally};
use super::secrets::Secrets;
use super::synth::Synth;
use super::traces::Traces;
use super::{evasions, keyed, negatives, presidio, secrets, synth, traces};
use crate::events::Events;
use crate::measure::Series;
use crate::{BenchError, Goal, Row};

/// What was measured of one finder; a part is nothing where its corpus is absent, or where it is not measured of peers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quality {
    /// The finder's name.
    pub name: String,
    /// Labelled sentences.
    pub synth: Option<Synth>,
    /// Secrets and their look-alikes.
    pub secrets: Option<Secrets>,
    /// Texts without personal data.
    pub negatives: Option<Negatives>,
    /// Values in disguise.
    pub evasions: Option<Evasions>,
    /// JSON with telling keys.
    pub keyed: Option<Keyed>,
    /// Presidio's own cases; ours only.
    pub presidio: Option<Presidio>,
    /// Traces of real agents; ours only.
    pub traces: Option<Traces>,
    /// Made traces full of identifiers; ours only.
    pub made_traces: Option<Traces>,
}

/// Measures what can be measured of any finder.
///
/// # Errors
/// When a corpus cannot be read or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Quality, BenchError> {
    Ok(Quality {
        name: finder.name().to_owned(),
        synth: synth::measure(finder, corpora)?,
        secrets: secrets::measure(finder, corpora)?,
        negatives: negatives::measure(finder, corpora)?,
        evasions: evasions::measure(finder, corpora)?,
        keyed: keyed::measure(finder, corpora)?,
        ..Quality::default()
    })
}

/// Measures our own detectors.
///
/// # Errors
/// When a corpus cannot be read or the detectors cannot be built.
pub fn measure_own(corpora: &Corpora, events: &Events) -> Result<Quality, BenchError> {
    let own = Own::new()?;
    let made = corpora.text("trace_corpus");
    Ok(Quality {
        presidio: presidio::measure(corpora)?,
        traces: Some(traces::measure(&own, events.lines())?),
        made_traces: made.map(|text| traces::measure(&own, text.lines())).transpose()?,
        ..measure(&own, corpora)?
    })
}

const AREA: &str = "detectors";

impl Quality {
    /// A row for every goal.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        if let Some(synth) = &self.synth {
            for entity in ["EMAIL_ADDRESS", "IBAN_CODE", "US_SSN", "IP_ADDRESS"] {
                let figures = synth.entity(entity).by_bounds();
                rows.push(row(format!("synthetic set, {entity}, exact F1"), figures.f1, Goal::AtLeast(1.0)));
            }
            let card = synth.entity("CREDIT_CARD").by_bounds();
            rows.push(row("synthetic set, CREDIT_CARD, exact F1", card.f1, Goal::AtLeast(0.98)));
            rows.push(row("synthetic set, CREDIT_CARD, exact recall", card.recall, Goal::AtLeast(0.97)));
            let phone = synth.entity("PHONE_NUMBER").by_bounds();
            rows.push(row("synthetic set, PHONE_NUMBER, exact precision", phone.precision, Goal::AtLeast(0.95)));
            rows.push(row("synthetic set, PHONE_NUMBER, exact recall", phone.recall, Goal::AtLeast(0.8)));
        }
        if let Some(presidio) = &self.presidio {
            let percent = |tally: Tally| 100.0 * share(tally.passed, tally.cases);
            rows.push(per_cent("Presidio's detect cases", percent(presidio.detect), Goal::AtLeast(99.0)));
            rows.push(per_cent("Presidio's validate cases", percent(presidio.validate), Goal::AtLeast(100.0)));
            rows.push(plain("Presidio's context cases", percent(presidio.context), "%"));
        }
        if let Some(secrets) = &self.secrets {
            let covered = secrets.recall(|rule| rule.covered);
            rows.push(row("secrets covered, averaged over rules", covered, Goal::AtLeast(0.99)));
            let by_this_rule = secrets.recall(|rule| rule.by_this_rule);
            rows.push(plain("secrets found by the rule of the same name", by_this_rule, ""));
            let refused = 100.0 * secrets.refused(|rule| rule.refused);
            rows.push(per_cent("secrets' look-alikes left alone by every rule", refused, Goal::AtLeast(99.0)));
            let refused = 100.0 * secrets.refused(|rule| rule.refused_by_this_rule);
            rows.push(plain("secrets' look-alikes left alone by the rule of the same name", refused, "%"));
        }
        if let Some(negatives) = &self.negatives {
            let flagged = 100.0 * share(negatives.flagged, negatives.texts);
            rows.push(per_cent("hard negatives with a finding", flagged, Goal::AtMost(0.3)));
        }
        if let Some(evasions) = &self.evasions {
            let disguised = evasions.disguised();
            let covered = 100.0 * share(disguised.covered, disguised.texts);
            rows.push(per_cent("values in disguise, covered", covered, Goal::AtLeast(95.0)));
        }
        if let Some(negatives) = &self.negatives {
            let extra = 100.0 * share(negatives.through_view, negatives.texts);
            rows.push(per_cent("hard negatives with a finding in a decoded form only", extra, Goal::AtMost(0.1)));
        }
        if let Some(keyed) = &self.keyed {
            let figures = keyed.figures();
            rows.push(row("keyed JSON, precision", figures.precision, Goal::AtLeast(0.98)));
            rows.push(row("keyed JSON, recall", figures.recall, Goal::AtLeast(0.97)));
        }
        for (name, traces) in [("traces", &self.traces), ("made traces", &self.made_traces)] {
            if let Some(traces) = traces {
                let broken = (traces.broken_count() + traces.reshaped) as f64;
                let what = format!("ids, hashes, times, counters broken in {} events of {name}", traces.events);
                rows.push(row(what, broken, Goal::AtMost(0.0)));
            }
        }
        rows
    }
}

fn row(what: impl Into<String>, figure: f64, goal: Goal) -> Row {
    plain(what, figure, "").goal(goal)
}

fn per_cent(what: impl Into<String>, figure: f64, goal: Goal) -> Row {
    plain(what, figure, "%").goal(goal)
}

fn plain(what: impl Into<String>, figure: f64, unit: &'static str) -> Row {
    Row::new(AREA, what, &Series::from([figure]), unit)
}
