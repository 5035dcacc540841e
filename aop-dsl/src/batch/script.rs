//! Tests of batch rules: `0s 20 runs { duration: 10s }; expect nothing;`.

use aop_toon::Timestamp;

use super::RunRecord;
use crate::occurrence::Judgement;
use crate::set::PolicySet;
use crate::syntax::ast::{Json, JsonKind, Test, TestStepKind};
use crate::test::{START, failures, json};

/// What of a test's expectations is not so. Runs begin at the times of their steps, and are looked at from the last of these times.
pub(crate) fn test_failures(set: &PolicySet, code: &str, test: &Test) -> Vec<String> {
    let Some(set) = set.only(code) else { return vec![format!("there is no rule {code}")] };
    let (records, now) = match runs(test) {
        Ok(runs) => runs,
        Err(problem) => return vec![problem],
    };
    let mut judgement = Judgement::default();
    set.packages().iter().for_each(|package| super::judge(package, &records, now, &mut judgement));
    let expectations: Vec<_> = test
        .steps
        .iter()
        .filter_map(|step| match &step.kind {
            TestStepKind::Expect(expectation) => Some(expectation.clone()),
            _ => None,
        })
        .collect();
    failures(&expectations, &judgement.findings)
}

/// The runs of a test, and the time from which they are looked at.
fn runs(test: &Test) -> Result<(Vec<RunRecord>, Timestamp), String> {
    let start: Timestamp = START.parse().map_err(|error| format!("{error}"))?;
    let (mut records, mut micros, mut agent) = (Vec::new(), 0i64, None);
    for step in &test.steps {
        if let Some((at, _)) = &step.at {
            micros = *at;
        }
        match &step.kind {
            TestStepKind::Agent { id } => agent = Some(*id),
            TestStepKind::Runs { count, body } => {
                let at = Timestamp::from_micros(start.micros().saturating_add(micros));
                let record = record(RunRecord { agent_id: agent, ..RunRecord::new(at) }, body)?;
                for _ in 0..*count {
                    let run_id =
                        if record.run_id.is_empty() { format!("run-{}", records.len() + 1) } else { record.run_id.clone() };
                    records.push(RunRecord { run_id, ..record.clone() });
                }
            }
            TestStepKind::End { after: Some((after, _)) } => micros = micros.saturating_add(*after),
            _ => {}
        }
    }
    Ok((records, Timestamp::from_micros(start.micros().saturating_add(micros))))
}

/// A run as its body says; `completed` when it does not say how it ended.
fn record(mut record: RunRecord, body: &Json) -> Result<RunRecord, String> {
    record.status = "completed".to_owned();
    let JsonKind::Record(members) = &body.kind else { return Ok(record) };
    let wrong = |name: &str, wanted: &str| Err(format!("`{name}` of a run is {wanted}"));
    for (name, value) in members {
        let name = name.text.as_str();
        let number = match &value.kind {
            JsonKind::Number(lexeme) => lexeme.parse::<u64>().ok(),
            _ => None,
        };
        match (name, &value.kind, number) {
            ("id", JsonKind::Text(id), _) => record.run_id.clone_from(id),
            ("id", ..) => return wrong(name, "a text"),
            ("status", JsonKind::Text(status), _) => record.status.clone_from(status),
            ("status", ..) => return wrong(name, "a text such as \"completed\""),
            ("start", JsonKind::Text(start), _) => record.start = start.parse().map_err(|error| format!("{error}"))?,
            ("start", ..) => return wrong(name, "a time in quotes"),
            ("duration", JsonKind::Duration { micros, .. }, _) => record.duration_micros = *micros,
            ("duration", ..) => return wrong(name, "a duration such as 20s"),
            ("meta", JsonKind::Record(_), _) => record.meta = Some(json(value)),
            ("meta", ..) => return wrong(name, "an object"),
            ("agent_id", JsonKind::Number(lexeme), _) => record.agent_id = lexeme.parse().ok(),
            ("events", _, Some(number)) => record.events = number,
            ("requests", _, Some(number)) => record.requests = number,
            ("responses", _, Some(number)) => record.responses = number,
            ("errors", _, Some(number)) => record.errors = number,
            ("refused", _, Some(number)) => record.refused = number,
            ("agent_id" | "events" | "requests" | "responses" | "errors" | "refused", ..) => {
                return wrong(name, "a whole number");
            }
            _ => return Err(format!("a run has no `{name}`")),
        }
    }
    Ok(record)
}
