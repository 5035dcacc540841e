//! A text read as words, once, for everything that looks at wordings.
//!
//! [`Reading`] cuts a text into words and says of each which [`Concept`]s it stands for; `Wordings` finds the patterns of the
//! rules in that reading, and the model scores it. The words of all rules and concepts are one table, the vocabulary, so that a
//! word is looked up once whatever is looked for.

mod concept;
mod denial;
mod everyday;
mod lexicon;
mod pattern;
mod reading;
mod telling;
mod vocabulary;
mod wordings;

pub use concept::Concept;
pub(crate) use everyday::is_everyday;
pub use reading::{Mark, Reading, WordAt};
pub(crate) use vocabulary::word_hash;
pub(crate) use wordings::{Manner, Tried, Wordings};

pub use pattern::PatternError;

use crate::text::disguise::Lexicon;

/// The words of all rules and concepts, for whoever undoes disguises.
pub(crate) fn lexicon() -> &'static impl Lexicon {
    &*vocabulary::VOCABULARY
}
