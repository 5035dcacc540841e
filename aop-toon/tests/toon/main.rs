//! What aop-toon promises, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

mod attributes;
mod canonical;
mod corpus;
mod fault;
mod manual;
mod pairing;
mod parser_laws;
mod sample;
mod trace;
