//! Functions over mail addresses and domains.

pub(super) mod domain;
pub(super) mod is_punycode;
pub(super) mod local;
pub(super) mod to_unicode;
