//! Adding up the weights of what a text has, once for each window or sentence.

use std::ops::Range;

use super::attack::Seer;
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

/// The highest window's score and place, when it is at least `least`. A window is two blocks of words; what both have counts once.
pub(super) fn attack(
    text: &str,
    reading: &Reading,
    head: &Head,
    least: i64,
    scratch: &mut ModelScratch,
) -> Option<(i64, Range<usize>)> {
    let most = highest_window::<false>(text, reading, head, scratch)?.0;
    let (score, block) = if most >= least { highest_window::<true>(text, reading, head, scratch)? } else { return None };
    (score >= least).then(|| (score, attack::window(reading, block)))
}

/// The highest window's score, and the block that ends it. Unless it is to be exact, words that speak for an attack count as often
/// as they stand there, and none that speaks against it: that is no less than they weigh, lets most texts go, and is much
/// cheaper.
fn highest_window<const EXACTLY: bool>(
    text: &str,
    reading: &Reading,
    head: &Head,
    scratch: &mut ModelScratch,
) -> Option<(i64, usize)> {
    let before_first = scratch.before_first(ATTACK_FEATURES.all(), reading.words().len());
    let mut windows = Windows::<EXACTLY> {
        head,
        seen: &mut scratch.seen,
        number: before_first + 1,
        last: Sum::default(),
        this: Sum::default(),
        both: Sum::default(),
        best: None,
    };
    attack::see(text, reading, &mut windows);
    windows.best
}

/// The windows of a text, each added up as its second block is told.
struct Windows<'w, const EXACTLY: bool> {
    head: &'w Head,
    /// For each feature, the number of the block in which it was told last.
    seen: &'w mut [u32],
    /// This block's.
    number: u32,
    last: Sum,
    this: Sum,
    /// What both blocks have.
    both: Sum,
    best: Option<(i64, usize)>,
}

impl<const EXACTLY: bool> Windows<'_, EXACTLY> {
    /// A weight, times one where a feature is new to the block, and where the block before has it too. Whether it is new is as good
    /// as random, so that no branch depends on it.
    #[inline]
    fn told(&mut self, feature: usize, weight: i8) -> (i32, i32) {
        let seen = &mut self.seen[feature];
        let (is_new, is_in_both) = (*seen != self.number, *seen == self.number - 1);
        *seen = self.number;
        (i32::from(weight) * i32::from(is_new), i32::from(weight) * i32::from(is_in_both))
    }
}

impl<const EXACTLY: bool> Seer for Windows<'_, EXACTLY> {
    #[inline]
    fn plain(&mut self, feature: usize) {
        let (this, both) = self.told(feature, self.head.plain[feature]);
        self.this.plain += this;
        self.both.plain += both;
    }

    #[inline]
    fn word(&mut self, place: usize) {
        let weight = self.head.words[place];
        if EXACTLY {
            let (this, both) = self.told(ATTACK_FEATURES.plain + place, weight);
            self.this.words += this;
            self.both.words += both;
        } else {
            self.this.words += i32::from(weight.max(0));
        }
    }

    fn end(&mut self, block: usize) {
        let score = self.last.and(self.this).without(self.both).score(self.head);
        // A first block that others follow is no window by itself.
        if block <= 1 || self.best.is_none_or(|(best, _)| score > best) {
            self.best = Some((score, block));
        }
        (self.last, self.this, self.both) = (self.this, Sum::default(), Sum::default());
        self.number += 1;
    }
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
