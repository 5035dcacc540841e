//! A finding's identity: a name that it has again whenever it is found again.

use std::collections::BTreeMap;

use aop_toon::{Finding, Phase};
use sha2::{Digest as _, Sha256};

use crate::engine::Engine;
use crate::policies;

/// Where findings are from, for their ids: findings of different runs are different ones, whatever they say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scope<'s> {
    /// The organisation whose run it is, where there are several.
    pub organisation: Option<&'s str>,
    /// The run's id, or whatever else names it; nothing for findings across runs.
    pub run: Option<&'s str>,
}

impl Engine {
    /// The ids of the findings of one answer (a verdict's, or those of a run's finish), in their order: 32 hexadecimal digits
    /// each.
    ///
    /// An id is a hash of the organisation, the run, the rule and what it means (of a policy's rule; a rule we ship never
    /// changes its meaning), the phase, and the place: event, path, span and the decodings on the way. It holds nothing that
    /// depends on when or how often the run is judged, so that streaming, judging again and explanations give the same
    /// ones. Where a rule has several findings at one place (each with witnesses of its own, say), they are told apart by their
    /// order; those across runs, by what they say.
    ///
    /// ```
    /// use aop_engine::{Engine, Event, Scope};
    ///
    /// let engine = Engine::builder().build()?;
    /// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
    ///     "payload":{"thought":"ada@example.org or bob@example.org"},"meta":{}}"#)?;
    /// let scope = Scope { run: Some("r-1"), ..Scope::default() };
    /// let ids = engine.finding_ids(scope, &engine.start_run().check(&event).findings);
    /// assert!(ids.len() == 2 && ids[0] != ids[1]);
    /// assert_eq!(engine.finding_ids(scope, &engine.start_run().check(&event).findings), ids);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finding_ids(&self, scope: Scope<'_>, findings: &[Finding]) -> Vec<String> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let id = |finding: &Finding| {
            let first = self.finding_id(scope, finding, 0);
            let times = seen.entry(first.clone()).or_default();
            *times += 1;
            if *times == 1 { first } else { self.finding_id(scope, finding, *times - 1) }
        };
        findings.iter().map(id).collect()
    }

    /// The id of the finding that has so many before it at its very place.
    fn finding_id(&self, scope: Scope<'_>, finding: &Finding, before: u32) -> String {
        let meaning = policies::rule_hash(&self.policies, &finding.rule);
        let whose = (scope.organisation, scope.run, &finding.rule, meaning, finding.phase.as_str());
        let place = (finding.seq, &finding.path, finding.at, finding.span, &finding.inner_path, &finding.views);
        // What is found across runs is at no place; the message names the group of runs.
        let said = (finding.phase == Phase::Batch).then_some(&finding.message);
        let words = serde_json::to_vec(&(whose, place, said, before)).expect("words and numbers can be written as JSON");
        Sha256::digest(&words).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use aop_toon::{Effect, Severity};

    use super::*;

    #[test]
    fn an_id_is_of_the_run_the_rule_and_the_place() {
        let engine = Engine::builder().build().unwrap();
        let of = |run: &str, finding: &Finding| {
            engine.finding_ids(Scope { run: Some(run), ..Scope::default() }, std::slice::from_ref(finding)).remove(0)
        };
        let finding = Finding {
            seq: Some(3),
            path: Some("/payload/result".into()),
            span: Some((4, 9)),
            ..Finding::new("pii/email", "pii_detector", Severity::Warning, Phase::Ingestion, Effect::Flag, "a")
        };
        let same = Finding { severity: Severity::Error, effect: Effect::Deny, message: "b".into(), ..finding.clone() };
        assert_eq!(of("r", &finding), of("r", &same));
        let others = [
            Finding { rule: "pii/card".into(), ..finding.clone() },
            Finding { seq: Some(4), ..finding.clone() },
            Finding { path: Some("/payload".into()), ..finding.clone() },
            Finding { span: Some((4, 8)), ..finding.clone() },
            Finding { views: vec!["base64".into()], ..finding.clone() },
            Finding { phase: Phase::PostRun, ..finding.clone() },
        ];
        let mut ids: Vec<String> = others.iter().map(|other| of("r", other)).collect();
        ids.extend([of("r", &finding), of("other", &finding)]);
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        let twice = engine.finding_ids(Scope::default(), &[finding.clone(), finding]);
        assert_ne!(twice[0], twice[1]);
    }

    #[cfg(feature = "policies")]
    #[test]
    fn a_rule_that_means_something_else_has_other_findings() {
        let id = |limit: u32| {
            let policy = format!(
                "policy a.b version \"1.0.0\" dsl 1;\nrule r {{ on c: request(*) count(request(*)) > {limit} within 1m then flag; }}"
            );
            let engine = Engine::builder().policy(&policy).unwrap().build().unwrap();
            let finding =
                Finding::new("a.b.r", "policy_checker", Severity::Warning, Phase::Ingestion, Effect::Flag, "too often");
            engine.finding_ids(Scope::default(), &[finding]).remove(0)
        };
        assert_eq!(id(3), id(3));
        assert_ne!(id(3), id(4));
    }
}
