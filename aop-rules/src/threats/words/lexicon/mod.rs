//! The words that stand for each [`Concept`].
//!
//! A word ends in `*` where it is the stem of others. A phrase is words in a row. An apostrophe parts words: `don t`.

mod broad;
mod narrow;

use super::concept::Concept;

/// The words of each concept, in the order of the concepts.
pub(super) fn entries() -> impl Iterator<Item = &'static (Concept, &'static [&'static str])> {
    broad::BROAD.iter().chain(narrow::NARROW)
}
