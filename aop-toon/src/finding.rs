//! What a rule has found: the one shape in which every part of AOP reports.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::words::{Effect, Phase, Severity};

/// A rule was broken here, and this is what to do about it.
///
/// A finding never holds the text it is about: it says where that is.
///
/// ```
/// use aop_toon::{Effect, Finding, Phase, Severity};
///
/// let finding = Finding {
///     seq: Some(4),
///     path: Some("/payload/params/to".into()),
///     span: Some((0, 19)),
///     ..Finding::new("pii/email", "pii_detector", Severity::Warning, Phase::Ingestion, Effect::Flag, "e-mail address")
/// };
/// assert_eq!(
///     serde_json::to_string(&finding).unwrap(),
///     r#"{"rule":"pii/email","validator":"pii_detector","severity":"warning","phase":"ingestion","effect":"flag","seq":4,"path":"/payload/params/to","span":[0,19],"message":"e-mail address"}"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule's code: `family/name` for those we ship, `package.rule` for policies.
    pub rule: Cow<'static, str>,
    /// The validator it belongs to, such as `pii_detector`.
    pub validator: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// When the rule looked.
    pub phase: Phase,
    /// What is to be done.
    pub effect: Effect,
    /// The event it is about; nothing when it is about a run as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// A JSON Pointer (RFC 6901) into the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Says that the key at `path` is meant, not the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// Bytes of the decoded string at `path` (at `inner_path`, when there is one): start and end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(u32, u32)>,
    /// The same place in the event as it was sent: bytes of the raw document, start and end. Of an encoded piece it is the piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<(u32, u32)>,
    /// A JSON Pointer into the JSON document that the string at `path` holds. Where such documents are nested, the pointers
    /// are joined by a space, from the outside in; no pointer we write holds one unescaped, since it is then `%20`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner_path: Option<String>,
    /// The decodings between the sent text and the match, from the outside in, such as `base64`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<Cow<'static, str>>,
    /// What was found, such as `EMAIL_ADDRESS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<Cow<'static, str>>,
    /// How sure the rule is, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Of an attack by text: who said it, `user`, `system`, `agent`, `tool`, `redteam`, or `params` where only that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Cow<'static, str>>,
    /// A sentence for people.
    pub message: String,
    /// The `seq` of other events that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<u64>,
    /// The runs that belong to it, at most a few, when it is about several together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub run_ids: Vec<String>,
    /// The event that decided it, when that is another one than `seq`: a duty is broken by what comes too late. Nothing when
    /// time or the run's end decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<u64>,
    /// How long to wait before the event is sent again, when the effect is throttle: milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<u64>,
    /// Who may approve the event, when the effect is require_approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// A keyed hash of the matched text, so that equal values can be told to be equal; only with a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// Who may approve an event.
///
/// ```
/// let approval = aop_toon::Approval { role: "finance".into(), ttl_ms: 600_000 };
/// assert_eq!(serde_json::to_string(&approval).unwrap(), r#"{"role":"finance","ttl_ms":600000}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The role of those who may.
    pub role: String,
    /// How long an approval counts, in milliseconds.
    pub ttl_ms: u64,
}

/// What part of a member a finding is about, when it is not the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The object's key.
    Key,
}

impl Finding {
    /// A finding with these facts and nothing else.
    pub fn new(
        rule: impl Into<Cow<'static, str>>,
        validator: impl Into<Cow<'static, str>>,
        severity: Severity,
        phase: Phase,
        effect: Effect,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule: rule.into(),
            validator: validator.into(),
            severity,
            phase,
            effect,
            seq: None,
            path: None,
            at: None,
            span: None,
            raw: None,
            inner_path: None,
            views: Vec::new(),
            entity: None,
            score: None,
            provenance: None,
            message: message.into(),
            witnesses: Vec::new(),
            run_ids: Vec::new(),
            decided_at: None,
            wait_ms: None,
            approval: None,
            fingerprint: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_not_written_and_what_is_said_is_read_back() {
        let plain = Finding::new("a.b", "policy_checker", Severity::Error, Phase::Ingestion, Effect::Throttle, "slow down");
        let written = serde_json::to_string(&plain).unwrap();
        assert!(["decided_at", "wait_ms", "approval", "run_ids"].iter().all(|name| !written.contains(name)), "{written}");
        assert_eq!(serde_json::from_str::<Finding>(&written).unwrap(), plain);

        let approval = Some(Approval { role: "finance".into(), ttl_ms: 600_000 });
        let full = Finding { run_ids: vec!["r-1".into()], decided_at: Some(9), wait_ms: Some(5000), approval, ..plain };
        let written = serde_json::to_string(&full).unwrap();
        let facts = r#""run_ids":["r-1"],"decided_at":9,"wait_ms":5000,"approval":{"role":"finance","ttl_ms":600000}"#;
        assert!(written.contains(facts), "{written}");
        assert_eq!(serde_json::from_str::<Finding>(&written).unwrap(), full);
    }
}
