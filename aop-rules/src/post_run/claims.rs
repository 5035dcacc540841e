//! What a final output claims, beside what became of the run's calls.

use aop_toon::{Finding, Paired, Payload, Status, Value};
use serde::{Deserialize, Serialize};

use super::bounded::First;
use super::sequence::SEQ_ORPHAN_RESPONSE;
use super::{Arrival, FINDINGS_MAX, Pattern, SettingsError, left_out, post_run_at, shown};
use crate::rule::Rule;

/// A claimed success after a failure.
pub static SEQ_FALSE_SUCCESS: Rule = Rule {
    id: "seq/false-success",
    summary: "the output claims success although what it rests on failed",
    why: "Whoever acts on the answer acts on something that was not done. Only `success` and `status` of the output are read, never \
          its prose.",
    source: "the run's own events, and the operator's setting `sequence.relies_on`",
    ..SEQ_ORPHAN_RESPONSE
};

/// Confidence that the run does not bear out.
pub static SEQ_OVERCONFIDENT: Rule = Rule {
    id: "seq/overconfident",
    summary: "a high confidence after mostly failed calls",
    why: "A confidence that does not sink when calls fail says nothing, and is trusted all the same.",
    source: "the operator's setting `sequence.overconfidence`",
    ..SEQ_ORPHAN_RESPONSE
};

/// A final output is overconfident from `confidence` on, when a share of `failed_share` or more of the run's calls before it failed
/// or was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overconfidence {
    /// The least confidence that is looked at, from 0 to 1.
    pub confidence: f64,
    /// The least share of failed and refused calls, from 0 to 1.
    pub failed_share: f64,
    /// With fewer calls than this there is no share to speak of.
    pub min_count: u64,
}

impl Default for Overconfidence {
    fn default() -> Self {
        Self { confidence: 0.9, failed_share: 0.5, min_count: 4 }
    }
}

impl Overconfidence {
    pub(super) fn validate(&self) -> Result<(), SettingsError> {
        for (name, share) in [("confidence", self.confidence), ("failed_share", self.failed_share)] {
            if !(0.0..=1.0).contains(&share) {
                let problem = format!("{share} is not a number from 0 to 1");
                return Err(SettingsError::new(format!("sequence.overconfidence.{name}"), problem));
            }
        }
        match self.min_count {
            0 => Err(SettingsError::new("sequence.overconfidence.min_count", "0 calls have no share; write 1 or more")),
            _ => Ok(()),
        }
    }
}

/// What became of a run's calls, and the claims that do not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Claims {
    /// Calls that were answered or refused.
    calls: u64,
    /// Those of them that failed or were refused.
    failed: u64,
    /// The latest of them, if it failed or was refused.
    latest: Option<Failure>,
    /// The actions that the run relies on and that were not done since they failed, at most [`FINDINGS_MAX`]; in order.
    relied_on: Vec<Failure>,
    false_successes: First<(u64, Failure)>,
    overconfident: First<Overconfident>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    action: String,
    request: u64,
    /// The response that says so; without one the request was refused.
    response: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Overconfident {
    seq: u64,
    /// As a message says it.
    confidence: String,
    calls: u64,
    failed: u64,
}

impl Claims {
    /// Takes in that a request was refused.
    pub(super) fn refused(&mut self, relies_on: &[Pattern], seq: u64, action: &str) {
        self.failure(relies_on, action, seq, None);
    }

    /// Takes in what became of the calls that a response answers.
    pub(super) fn response(&mut self, relies_on: &[Pattern], arrival: &Arrival<'_>, status: Status) {
        for paired in arrival.paired {
            let Paired::Answered(answered) = paired else { continue };
            match status {
                Status::Success => self.success(&answered.action),
                Status::Error => self.failure(relies_on, &answered.action, answered.request_seq, Some(arrival.seq())),
            }
        }
    }

    fn success(&mut self, action: &str) {
        self.calls += 1;
        self.latest = None;
        let action = shown(action);
        self.relied_on.retain(|failure| failure.action != action);
    }

    fn failure(&mut self, relies_on: &[Pattern], action: &str, request: u64, response: Option<u64>) {
        self.calls += 1;
        self.failed += 1;
        let failure = Failure { action: shown(action).into_owned(), request, response };
        if relies_on.iter().any(|pattern| pattern.matches(action)) {
            self.relied_on.retain(|earlier| earlier.action != failure.action);
            if self.relied_on.len() < FINDINGS_MAX {
                self.relied_on.push(failure.clone());
            }
        }
        self.latest = Some(failure);
    }

    /// Holds an accepted final output against what was done before it.
    pub(super) fn final_output(&mut self, overconfidence: &Overconfidence, arrival: &Arrival<'_>) {
        let Payload::FinalOutput(answer) = arrival.event.payload() else { return };
        let seq = arrival.seq();
        if claims_success(answer.output) {
            let latest = self.latest.iter().filter(|latest| self.relied_on.last() != Some(*latest));
            for failure in self.relied_on.iter().chain(latest) {
                self.false_successes.push((seq, failure.clone()));
            }
        }
        if let Some(confidence) = answer.confidence
            && confidence >= overconfidence.confidence
            && self.calls >= overconfidence.min_count
            && self.failed as f64 >= overconfidence.failed_share * self.calls as f64
        {
            let (calls, failed) = (self.calls, self.failed);
            self.overconfident.push(Overconfident { seq, confidence: confidence.to_string(), calls, failed });
        }
    }

    pub(super) fn finish(&self, overconfidence: &Overconfidence, findings: &mut Vec<Finding>) {
        for (seq, Failure { action, request, response }) in &self.false_successes.items {
            let (what, witnesses) = match response {
                Some(response) => ("failed", vec![*request, *response]),
                None => ("was refused", vec![*request]),
            };
            let message = format!(
                "the output claims success, yet the request #{request} {action} {what} and {action} was not done since"
            );
            let path = Some("/payload/output".to_owned());
            findings.push(Finding { path, ..post_run_at(&SEQ_FALSE_SUCCESS, *seq, witnesses, message) });
        }
        left_out(&SEQ_FALSE_SUCCESS, self.false_successes.left_out, findings);
        for Overconfident { seq, confidence, calls, failed } in &self.overconfident.items {
            let message = format!(
                "the confidence is {confidence}, yet {failed} of {calls} calls before it failed or were refused; a share of {} is too \
                 much for a confidence of {} (limits from `sequence.overconfidence`)",
                overconfidence.failed_share, overconfidence.confidence
            );
            let path = Some("/payload/confidence".to_owned());
            findings.push(Finding { path, ..post_run_at(&SEQ_OVERCONFIDENT, *seq, Vec::new(), message) });
        }
        left_out(&SEQ_OVERCONFIDENT, self.overconfident.left_out, findings);
    }
}

/// Whether an output is an object that says so: by `success` or `status`, and by both where it has both.
fn claims_success(output: Value<'_>) -> bool {
    const WORDS: [&str; 6] = ["success", "succeeded", "ok", "done", "complete", "completed"];
    let success = output.get("success").map(|value| value.as_bool() == Some(true));
    let status = output
        .get("status")
        .map(|value| value.as_str().is_some_and(|status| WORDS.iter().any(|word| status.trim().eq_ignore_ascii_case(word))));
    (success.is_some() || status.is_some()) && success.unwrap_or(true) && status.unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use crate::post_run::SequenceState;

    #[test]
    fn a_state_from_before_there_were_claims_is_read() {
        let mut state = serde_json::to_value(SequenceState::default()).expect("a state can be written");
        let members = state.as_object_mut().expect("it is an object");
        assert!(members.remove("claims").is_some() && members.remove("retries").is_some());
        assert_eq!(serde_json::from_value::<SequenceState>(state).expect("it is read"), SequenceState::default());
    }
}
