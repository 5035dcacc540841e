//! What each part of the engine costs by itself: an engine with that family alone, beside one with nothing on.

use aop_engine::rules::scan::ThreatSettings;
use aop_engine::{Engine, Pii, Secrets, Settings};
use serde_json::json;

use super::{AREA, check, parse_all, rules, settings, with_rules};
use crate::events::Events;
use crate::measure::{Contender, Series, nanos_per, take_turns};
use crate::{BenchError, Row};

const ROUNDS: usize = 9;

/// Measures an engine with each family alone, over events that are parsed already.
///
/// # Errors
/// When an engine cannot be built or an event is not valid.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let parsed = parse_all(events)?;
    let engines = engines()?;
    let mut work = engines.each_ref().map(|(_, engine)| || nanos_per(events.count(), || check(engine, &parsed)));
    let contenders: [Contender<'_>; FAMILIES] = work.each_mut().map(|work| work as Contender<'_>);
    let series: [Series; FAMILIES] = take_turns(ROUNDS, contenders);
    let nothing = &series[0];
    let row = |((name, _), series): (&(&str, Engine), &Series)| {
        let row = Row::new(AREA, format!("alone: {name}"), series, "ns/event");
        if *name == engines[0].0 { row } else { row.beside(engines[0].0, nothing) }
    };
    Ok(engines.iter().zip(&series).map(row).collect())
}

const FAMILIES: usize = 9;

fn engines() -> Result<[(&'static str, Engine); FAMILIES], BenchError> {
    let build = |settings: Settings| Engine::builder().settings(settings).build();
    let data = || Settings { pii: Some(Pii::default()), secrets: Some(Secrets::default()), ..Settings::none() };
    let threats: ThreatSettings =
        serde_json::from_value(json!({"rules": {"threats/obeyed-instruction": {"enabled": false}}}))?;
    let threats = || Settings { threats: Some(threats.clone()), ..Settings::none() };
    let obeyed = || Settings { threats: Some(ThreatSettings::default()), ..Settings::none() };
    let detectors = || Settings { threats: Some(ThreatSettings::default()), ..data() };
    // Rules that ask detectors need them on; what they cost themselves is the difference to the detectors.
    let with_policies = || -> Result<Engine, BenchError> { Ok(build(detectors())?.with_policies(&rules::hundred()?)?) };
    let validators = || Ok::<_, BenchError>(Settings { pii: None, secrets: None, threats: None, ..settings()? });
    Ok([
        ("nothing: pairing, the clock, the summary", build(Settings::none())?),
        ("personal data", build(Settings { secrets: None, ..data() })?),
        ("secrets", build(Settings { pii: None, ..data() })?),
        ("personal data and secrets", build(data())?),
        ("attacks", build(threats())?),
        ("attacks, and who obeys them", build(obeyed())?),
        ("data, secrets and attacks, and 100 rules", with_policies()?),
        ("actions and run validators", build(validators()?)?),
        ("everything, and 100 rules", with_rules()?),
    ])
}
