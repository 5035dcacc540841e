//! What agents may ask for: actions by name, who may ask, with which parameters, how often, and what has to be approved.
//!
//! [`ActionSettings`] are the operator's words. They are translated to a policy (`translate`), which is compiled with the other
//! policies and judged by the same evaluator; what its rules find comes out under the codes `acl/…` (`Actions::told`).
//! Schemas of parameters are the one part that is no program (`schema`). All of it takes the feature `policies`.

#[cfg(feature = "policies")]
mod compiled_in;
#[cfg(not(feature = "policies"))]
mod left_out;
#[cfg(feature = "policies")]
mod ordered;
#[cfg(feature = "policies")]
mod schema;
mod settings;
#[cfg(feature = "policies")]
mod text;
#[cfg(feature = "policies")]
mod translate;

#[cfg(feature = "policies")]
pub use compiled_in::from_settings;
#[cfg(feature = "policies")]
pub(crate) use compiled_in::{ActionError, Actions, beside};
#[cfg(not(feature = "policies"))]
pub(crate) use left_out::{Actions, beside};
pub use settings::{
    ActionBudget, ActionRule, ActionSettings, AgentName, ApprovalTerms, Bound, BudgetCount, BudgetScope, Instruction,
    ParamRule, ParamType, Scalar, Unnamed,
};
