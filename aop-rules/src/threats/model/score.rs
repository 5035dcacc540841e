//! Adding up the weights of what a text has, once for each window or sentence.

use std::ops::Range;

use super::weights::Head;
use super::{ATTACK_FEATURES, attack, instruction};
use crate::threats::words::Reading;

/// What a model notes down while it reads; used again from text to text.
#[derive(Debug, Default, Clone)]
pub struct ModelScratch {
    /// For each feature, the stretch of text in which it was seen last.
    seen: Vec<u32>,
    /// The number of the last stretch that was given out.
    stretch: u32,
}

impl ModelScratch {
    /// The number before the first stretch of a text that has at most so many: no feature is marked with it or one behind it.
    fn before_first(&mut self, features: usize, stretches: usize) -> u32 {
        let wanted = u32::try_from(stretches).unwrap_or(u32::MAX / 2).saturating_add(2);
        if self.stretch.checked_add(wanted).is_none() {
            self.seen.clear();
            self.stretch = 0;
        }
        if self.seen.len() < features {
            self.seen.resize(features, 0);
        }
        let before = self.stretch + 1;
        self.stretch += wanted;
        before
    }
}

/// Weights added up: the plain ones and the words'.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    plain: i32,
    words: i32,
}

impl Sum {
    fn add(&mut self, head: &Head, feature: usize) {
        match feature.checked_sub(head.plain.len()) {
            None => self.plain += i32::from(head.plain[feature]),
            Some(word) => self.words += i32::from(head.words[word]),
        }
    }

    fn and(self, other: Sum) -> Sum {
        Sum { plain: self.plain + other.plain, words: self.words + other.words }
    }

    fn without(self, other: Sum) -> Sum {
        Sum { plain: self.plain - other.plain, words: self.words - other.words }
    }

    fn score(self, head: &Head) -> i64 {
        let plain = i64::from(self.plain) * i64::from(head.plain_scale);
        i64::from(head.bias) + plain + i64::from(self.words) * i64::from(head.word_scale)
    }
}

/// The highest window's score and place. A window is two blocks of words; what both have counts once.
pub(super) fn attack(text: &str, reading: &Reading, head: &Head, scratch: &mut ModelScratch) -> Option<(i64, Range<usize>)> {
    let before_first = scratch.before_first(ATTACK_FEATURES.all(), reading.words().len());
    let seen = &mut scratch.seen;
    let mut best: Option<(i64, usize)> = None;
    let (mut last, mut this, mut both) = (Sum::default(), Sum::default(), Sum::default());
    let mut now = 0;
    let mut finish = |block: usize, last: Sum, this: Sum, both: Sum| {
        let score = last.and(this).without(both).score(head);
        // A first block that others follow is no window by itself.
        if block <= 1 || best.is_none_or(|(best, _)| score > best) {
            best = Some((score, block));
        }
    };
    attack::each_feature(text, reading, |block, feature| {
        if block != now {
            finish(now, last, this, both);
            (last, this, both) = (this, Sum::default(), Sum::default());
            now = block;
        }
        let number = before_first + 1 + block as u32;
        let seen = &mut seen[feature];
        if *seen != number {
            this.add(head, feature);
            if *seen == number - 1 {
                both.add(head, feature);
            }
            *seen = number;
        }
    });
    if !reading.words().is_empty() {
        finish(now, last, this, both);
    }
    best.map(|(score, block)| (score, attack::window(reading, block)))
}

/// The highest sentence's score and place.
pub(super) fn instruction(
    text: &str,
    reading: &Reading,
    head: &Head,
    scratch: &mut ModelScratch,
) -> Option<(i64, Range<usize>)> {
    let before_first = scratch.before_first(super::INSTRUCTION_FEATURES.all(), reading.words().len());
    let seen = &mut scratch.seen;
    let mut best: Option<(i64, Range<usize>)> = None;
    let mut sum = Sum::default();
    instruction::each_feature(text, reading, |said| match said {
        instruction::Said::Feature { segment, feature } => {
            let number = before_first + 1 + segment as u32;
            if seen[feature] != number {
                seen[feature] = number;
                sum.add(head, feature);
            }
        }
        instruction::Said::End { words, .. } => {
            let score = sum.score(head);
            if best.as_ref().is_none_or(|(best, _)| score > *best) {
                best = Some((score, words));
            }
            sum = Sum::default();
        }
    });
    let (score, words) = best?;
    let words = reading.words().get(words)?;
    Some((score, words.first()?.start as usize..words.last()?.end as usize))
}
