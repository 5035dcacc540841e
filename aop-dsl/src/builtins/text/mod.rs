//! Functions over texts.

pub(super) mod concat;
pub(super) mod count_of;
pub(super) mod entropy;
pub(super) mod hidden_characters;
pub(super) mod is_like;
pub(super) mod is_like_any;
pub(super) mod length;
pub(super) mod levenshtein;
pub(super) mod lines;
pub(super) mod lower;
pub(super) mod mixed_script;
pub(super) mod replace;
mod scripts;
pub(super) mod split;
pub(super) mod substring;
pub(super) mod trim;
pub(super) mod upper;
pub(super) mod words;
