//! Memory beyond one run.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Memories, Moment};

/// Past so many agents, new ones share a memory, which counts high.
pub(crate) const AGENTS_MAX: usize = 65_536;

/// One of the memories that a [`SharedState`] consists of, for programs that keep each by itself, since an event changes two of them.
///
/// ```
/// use aop_dsl::SharedPart;
///
/// let part = SharedPart::Agent(7);
/// assert_eq!(part.to_string(), "agent 7");
/// assert_eq!("agent 7".parse(), Ok(part));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharedPart {
    /// What `per organisation` looks into.
    Organisation,
    /// What `per agent` looks into, of this agent.
    Agent(i64),
    /// The same, of all agents past the bound.
    OtherAgents,
}

impl fmt::Display for SharedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation => f.write_str("organisation"),
            Self::Agent(agent) => write!(f, "agent {agent}"),
            Self::OtherAgents => f.write_str("other agents"),
        }
    }
}

/// The text names no part of a [`SharedState`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no part of a shared memory; `organisation`, `agent 7` and `other agents` do")]
pub struct SharedPartError(String);

impl FromStr for SharedPart {
    type Err = SharedPartError;

    fn from_str(text: &str) -> Result<Self, SharedPartError> {
        let agent = || text.strip_prefix("agent ")?.parse().ok().map(Self::Agent);
        match text {
            "organisation" => Ok(Self::Organisation),
            "other agents" => Ok(Self::OtherAgents),
            _ => agent().ok_or_else(|| SharedPartError(text.to_owned())),
        }
    }
}

/// What must be remembered for clauses that say `per agent` or `per organisation`: one for each organisation. Whoever runs the
/// policies passes it in; without it, such clauses are unknown.
///
/// Its clock is the greatest of any run that was observed with it: windows of shared clauses end there, so that a run whose clock
/// is behind sees what others have just done.
///
/// ```
/// let shared = aop_dsl::SharedState::default();
/// let written = serde_json::to_string(&shared).unwrap();
/// assert_eq!(serde_json::from_str::<aop_dsl::SharedState>(&written).unwrap(), shared);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SharedState {
    organisation: Owner,
    agents: BTreeMap<i64, Owner>,
    /// Of all agents past the bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Box<Owner>>,
}

/// The memory of an agent or organisation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Owner {
    /// Of the last event.
    pub(crate) last: Option<Moment>,
    pub(crate) memories: Memories,
}

impl Owner {
    /// Where an event stands that comes now.
    pub(crate) fn moment(&self, clock: i64) -> Moment {
        let last = self.last.unwrap_or(Moment { clock: i64::MIN, ordinal: 0 });
        Moment { clock: last.clock.max(clock), ordinal: last.ordinal.saturating_add(1) }
    }
}

impl SharedState {
    /// The parts that an event of this agent has changed which was just observed.
    pub fn parts_of(&self, agent_id: Option<i64>) -> impl Iterator<Item = SharedPart> + use<> {
        let of_agent = agent_id.and_then(|agent| {
            let is_known = self.agents.contains_key(&agent).then_some(SharedPart::Agent(agent));
            is_known.or(self.others.is_some().then_some(SharedPart::OtherAgents))
        });
        [Some(SharedPart::Organisation), of_agent].into_iter().flatten()
    }

    /// A part as JSON, for [`SharedState::put_part`]; nothing when there is none.
    ///
    /// ```
    /// use aop_dsl::{SharedPart, SharedState};
    ///
    /// let shared = SharedState::default();
    /// let written = shared.part(SharedPart::Organisation).unwrap();
    /// let mut read = SharedState::default();
    /// read.put_part(SharedPart::Organisation, &written).unwrap();
    /// assert_eq!(read, shared);
    /// assert_eq!(shared.part(SharedPart::Agent(7)), None);
    /// ```
    pub fn part(&self, part: SharedPart) -> Option<String> {
        let owner = match part {
            SharedPart::Organisation => Some(&self.organisation),
            SharedPart::Agent(agent) => self.agents.get(&agent),
            SharedPart::OtherAgents => self.others.as_deref(),
        };
        owner.map(|owner| serde_json::to_string(owner).expect("a memory has no maps with keys that are no strings"))
    }

    /// Puts a part in the place of what is there.
    ///
    /// # Errors
    /// When the text is no part that [`SharedState::part`] wrote.
    pub fn put_part(&mut self, part: SharedPart, json: &str) -> Result<(), serde_json::Error> {
        let owner: Owner = serde_json::from_str(json)?;
        match part {
            SharedPart::Organisation => self.organisation = owner,
            SharedPart::Agent(agent) => drop(self.agents.insert(agent, owner)),
            SharedPart::OtherAgents => self.others = Some(Box::new(owner)),
        }
        Ok(())
    }

    pub(crate) fn organisation(&self) -> &Owner {
        &self.organisation
    }

    pub(crate) fn organisation_mut(&mut self) -> &mut Owner {
        &mut self.organisation
    }

    pub(crate) fn agent(&self, agent: i64) -> Option<&Owner> {
        match self.agents.get(&agent) {
            None if self.agents.len() >= AGENTS_MAX => self.others.as_deref(),
            known => known,
        }
    }

    pub(crate) fn agent_mut(&mut self, agent: i64) -> &mut Owner {
        if self.agents.len() >= AGENTS_MAX && !self.agents.contains_key(&agent) {
            return self.others.get_or_insert_default();
        }
        self.agents.entry(agent).or_default()
    }
}
