//! Who is calling: every handler and every query of the store takes a [`Principal`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The organisation whose data a caller may see. Everything stored belongs to exactly one.
///
/// ```
/// use aop_host::OrganisationId;
///
/// let organisation: OrganisationId = "acme".parse().unwrap();
/// assert_eq!(organisation.as_str(), "acme");
/// assert!("no spaces".parse::<OrganisationId>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationId(Arc<str>);

impl OrganisationId {
    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrganisationId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        check_name("an organisation's id", text)?;
        Ok(OrganisationId(text.into()))
    }
}

impl fmt::Display for OrganisationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OrganisationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrganisationId({})", self.0)
    }
}

/// What a caller is, for rules and settings that ask (`principal.role`). All may do the same today, within their organisation
/// and, where the key is bound to one, for their agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything in the organisation.
    Owner,
    /// An instrumented agent: writes and reads its own runs.
    Agent,
    /// Somebody who approves what agents ask for: the role that the setting `approval = true` asks for.
    Approver,
}

impl Role {
    /// Every role that a key can have.
    pub const ALL: [Role; 3] = [Role::Owner, Role::Agent, Role::Approver];

    /// The role's name in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Agent => "agent",
            Role::Approver => "approver",
        }
    }
}

impl FromStr for Role {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let role = Role::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| InvalidName { what: "a role", name: text.to_owned(), rule: "owner, agent or approver" })
    }
}

/// The authenticated caller of a request.
///
/// ```
/// use aop_host::{Principal, Role};
///
/// let agent = Principal {
///     organisation: "acme".parse().unwrap(),
///     key_id: "k1".into(),
///     role: Role::Agent,
///     agent_id: Some(7),
/// };
/// assert!(agent.may_act_for(Some(7)) && !agent.may_act_for(Some(8)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Whose data this caller sees.
    pub organisation: OrganisationId,
    /// The public part of the key that was presented.
    pub key_id: Arc<str>,
    /// What the caller may do.
    pub role: Role,
    /// The one agent this key belongs to; `None` for a key that may speak for every agent of the organisation.
    pub agent_id: Option<i64>,
}

impl Principal {
    /// Whether this caller may write for, and read of, `agent_id`. What names no agent is everybody's.
    #[must_use]
    pub fn may_act_for(&self, agent_id: Option<i64>) -> bool {
        match (self.agent_id, agent_id) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }

    /// The host's own hands in an organisation: its worker and its clock.
    pub(crate) fn system(organisation: &OrganisationId) -> Principal {
        Principal { organisation: organisation.clone(), key_id: "system".into(), role: Role::Owner, agent_id: None }
    }
}

/// A name that does not follow its rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {rule}, not {name:?}")]
pub struct InvalidName {
    what: &'static str,
    name: String,
    rule: &'static str,
}

/// The longest run id or organisation id, in bytes.
pub(crate) const NAME_BYTES_MAX: usize = 128;

/// Ids travel in paths, logs and file names, so they are plain.
pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), InvalidName> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    if (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(plain) && !matches!(name, "." | "..") {
        return Ok(());
    }
    let name = name.chars().take(80).collect();
    Err(InvalidName { what, name, rule: "1 to 128 ASCII letters, digits or any of - _ . :" })
}
