//! Functions over JSON.

pub(super) mod at;
pub(super) mod canonical;
pub(super) mod each;
pub(super) mod has_key;
pub(super) mod json_type;
pub(super) mod keys;
pub(super) mod parse_json;
pub(super) mod rest;
pub(super) mod sent_bytes;
pub(super) mod texts;
pub(super) mod token_count;
pub(super) mod values;
