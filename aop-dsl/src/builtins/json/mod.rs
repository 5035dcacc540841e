//! Functions over JSON.

pub(super) mod at;
pub(super) mod canonical;
pub(super) mod has_key;
pub(super) mod keys;
pub(super) mod parse_json;
pub(super) mod texts;
pub(super) mod values;
