//! A pattern over words, as a rule's row writes it.
//!
//! ```text
//! 0.9 ^ <override> ..3 <before> ..2 <instructions>|rule*
//! ```
//!
//! A score first, then steps: a word, a stem (`rule*`), a concept in angle brackets, several of them with `|` between, each with
//! a `?` behind it where it may be missing. `..3` lets up to three words stand between two steps, in one sentence; `~3` also
//! across the end of one. `^` asks that a sentence, line or clause begins there. `+` takes the match though the words before
//! it deny or report it. After `such as` and the like it is an example, which is never meant.

use std::fmt;

use super::concept::Concept;

/// A pattern, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    pub(super) score: f64,
    /// Whether a clause has to begin with it.
    pub(super) at_start: bool,
    /// Whether it stands though it is denied or reported.
    pub(super) as_it_stands: bool,
    pub(super) steps: Vec<Step>,
}

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// How many words may stand before it.
    pub(super) gap: u32,
    /// Whether they may be of several sentences.
    pub(super) crosses: bool,
    pub(super) is_optional: bool,
    pub(super) concepts: u64,
    pub(super) words: Vec<String>,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

/// More words than this between two steps have nothing to do with one another.
const GAP_MAX: u32 = 16;

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, PatternError> {
        let fault = |said: String| PatternError(format!("`{pattern}`: {said}"));
        let mut parts = pattern.split_whitespace().peekable();
        let score = parts.next().and_then(|score| score.parse().ok()).filter(|score| (0.0..=1.0).contains(score));
        let score = score.ok_or_else(|| fault("a pattern begins with its score, from 0 to 1".to_owned()))?;
        let as_it_stands = parts.next_if_eq(&"+").is_some();
        let at_start = parts.next_if_eq(&"^").is_some();
        let mut steps = Vec::new();
        let (mut gap, mut crosses) = (0, false);
        for part in parts {
            if let Some(words) = part.strip_prefix("..").or_else(|| part.strip_prefix('~')) {
                let words = words.parse().ok().filter(|&words| words <= GAP_MAX);
                gap = words.ok_or_else(|| fault(format!("`{part}` is no gap; at most {GAP_MAX} words are")))?;
                crosses = part.starts_with('~');
                continue;
            }
            steps.push(Step { gap, crosses, ..Step::new(part).map_err(&fault)? });
            (gap, crosses) = (0, false);
        }
        if steps.first().is_none_or(|first| first.is_optional) {
            return Err(fault("the first step has to be there".to_owned()));
        }
        Ok(Self { score, at_start, as_it_stands, steps })
    }
}

impl Step {
    fn new(part: &str) -> Result<Self, String> {
        let (part, is_optional) = part.strip_suffix('?').map_or((part, false), |part| (part, true));
        let mut step = Self { gap: 0, crosses: false, is_optional, concepts: 0, words: Vec::new() };
        let mut in_brackets = false;
        for one in part.split('|') {
            in_brackets |= one.starts_with('<');
            let name = one.trim_start_matches('<').trim_end_matches('>');
            if in_brackets {
                let concept = Concept::from_name(name).ok_or_else(|| format!("there is no concept `{name}`"))?;
                step.concepts |= 1 << concept as u64;
            } else if name.is_empty() || name.chars().any(|letter| letter.is_uppercase()) {
                return Err(format!("`{one}` is no lower-case word"));
            } else {
                step.words.push(name.to_owned());
            }
            in_brackets &= !one.ends_with('>');
        }
        Ok(step)
    }
}

/// The words that a pattern names, for the vocabulary. A pattern that cannot be read has none; whoever uses it says why.
pub(super) fn words_of(pattern: &str) -> Vec<String> {
    Pattern::new(pattern).map(|pattern| pattern.steps.into_iter().flat_map(|step| step.words).collect()).unwrap_or_default()
}
