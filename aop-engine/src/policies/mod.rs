//! The seam to the policy language: the engine's own code is the same with the feature `policies` and without it.
//!
//! With it these are the types of `aop_dsl`; without it they are types of the same names that hold no rule and never find
//! anything, so that no other file asks which it is.

#[cfg(feature = "policies")]
mod compiled_in;
#[cfg(feature = "policies")]
pub(crate) use compiled_in::*;

#[cfg(not(feature = "policies"))]
mod left_out;
#[cfg(not(feature = "policies"))]
pub use left_out::SharedState;
#[cfg(not(feature = "policies"))]
pub(crate) use left_out::*;
