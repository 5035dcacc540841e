//! What policies compile to, and the place where the engine asks them.

use aop_toon::{Event, Finding, Timestamp};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::parse;

/// Compiles one policy. `name` is what diagnostics call it, such as its file's name.
///
/// # Errors
/// Every mistake in the policy, each at its place.
pub fn compile(name: &str, source: &str) -> Result<PolicySet, Diagnostics> {
    let mut policies = PolicySet::default();
    policies.add(name, source)?;
    Ok(policies)
}

/// Compiled policies. It has no memory: what a run must remember is its [`PolicyState`].
///
/// In this version a policy has no rules (see the [crate's page](crate)), so the set never finds anything.
///
/// ```
/// let mut policies = aop_dsl::compile("mail.aop", r#"policy acme.mail version "1.4.0" dsl 1;"#).unwrap();
/// policies.add("files.aop", r#"policy acme.files version "0.1.0" dsl 1;"#).unwrap();
/// assert_eq!(policies.policies().len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicySet {
    policies: Vec<PolicyInfo>,
}

/// What a policy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyInfo {
    /// Its name, such as `acme.mail`: the first part of its rules' codes.
    pub name: String,
    /// Its own version, a semantic version.
    pub version: String,
}

/// What one run must remember for its policies; nothing as yet, since there are no rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyState {}

impl PolicySet {
    /// Compiles a policy into the set, which stays as it was when there is a mistake.
    ///
    /// # Errors
    /// As [`compile`], and when the set has a policy of that name.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), Diagnostics> {
        let (policy, diagnostics) = match parse::parse(source) {
            Err(diagnostics) => (None, diagnostics),
            Ok(header) if self.policies.iter().any(|policy| policy.name == header.name) => {
                let message = format!("the policy {} is loaded twice; give one of them another name", header.name);
                (None, vec![Diagnostic::new(DiagnosticCode::LoadedTwice, message, source, header.name_span)])
            }
            Ok(header) => {
                (Some(PolicyInfo { name: header.name.to_owned(), version: header.version.to_owned() }), Vec::new())
            }
        };
        self.policies.extend(policy);
        Diagnostics::from_list(name, diagnostics).map_or(Ok(()), Err)
    }

    /// The policies, in the order in which they were added.
    pub fn policies(&self) -> &[PolicyInfo] {
        &self.policies
    }

    /// A hash of what the policies mean, the same on every machine: a [`PolicyState`] belongs to the set under which it was
    /// made. Comments and white space do not count.
    pub fn hash(&self) -> u64 {
        let words = self.policies.iter().flat_map(|policy| [&policy.name, &policy.version]);
        // FNV-1a; a byte that is in no word ends each of them.
        words
            .flat_map(|word| word.bytes().chain([0xFF]))
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// Adds the findings about an event that arrives, the refused ones too. `clock` is the run's clock with this event:
    /// the greatest `t` so far. The state stays as it is.
    ///
    /// No rules, no findings: in this version nothing is added.
    #[expect(unused_variables, clippy::ptr_arg, reason = "a policy has no rules that could read them or find anything")]
    pub fn at_ingestion(&self, event: &Event<'_>, clock: Timestamp, state: &PolicyState, findings: &mut Vec<Finding>) {}

    /// Takes an event into the run's memory, after it was accepted or refused; the only way in which the state changes.
    ///
    /// No rules, no memory: in this version the state stays as it is.
    #[expect(unused_variables, reason = "a policy has no rules that could read them")]
    pub fn observe(&self, event: &Event<'_>, clock: Timestamp, accepted: bool, state: &mut PolicyState) {}

    /// Adds the post-run findings, as if the run ended here. `now` is a point after the run's last event, for duties that
    /// were due by then; without one, the run's clock counts. The state stays as it is.
    ///
    /// No rules, no findings: in this version nothing is added.
    #[expect(unused_variables, clippy::ptr_arg, reason = "a policy has no rules that could read them or find anything")]
    pub fn finish(&self, state: &PolicyState, now: Option<Timestamp>, findings: &mut Vec<Finding>) {}
}
