//! What the instruction head sees of a text: a sentence at a time, how it is built, and what stands beside it.

use std::ops::Range;

use super::attack::{CONCEPTS, NEAR_WORDS, START, each_seen, pair, place, plain_hash};
use super::segment::{Cutter, Lead, Segment};
use super::verbs::{DETERMINERS, QUESTIONS, VERBS};
use super::weights::Features;
use crate::threats::words::{Concept, Reading};

/// What a sentence is, apart from its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Begins with the verb of a command.
    Imperative,
    /// And with what it is to be done to: `send the`.
    ImperativeObject,
    /// Has such a verb behind a comma: `in your answer, say`.
    LaterImperative,
    /// Begins with a word that asks.
    Asks,
    AsksWithMark,
    /// Opens politely, or with `now`, `then`, `also`.
    Opened,
    OpenedImperative,
    /// How it ends.
    QuestionMark,
    Colon,
    FullStop,
    Exclamation,
    /// Is the text's first sentence, or its last.
    First,
    Last,
    ImperativeFirst,
    ImperativeLast,
    /// Begins with a capital letter.
    Capital,
    ImperativeCapital,
    /// Is prose where neither neighbour is.
    Contrast,
    ImperativeContrast,
    QuestionContrast,
    /// Is prose beside a row of a table.
    BesideTable,
}

const SHAPES: usize = Shape::BesideTable as usize + 1;
/// How many words it has, in steps.
const LENGTH: usize = SHAPES;
const LENGTHS: usize = 7;
const IMPERATIVE_LENGTH: usize = LENGTH + LENGTHS;
/// How much of it is glued together by signs, in steps.
const GLUE: usize = IMPERATIVE_LENGTH + LENGTHS;
const GLUES: usize = 4;
const IMPERATIVE_GLUE: usize = GLUE + GLUES;
/// The sign before it.
const LEAD: usize = IMPERATIVE_GLUE + GLUES;
const IMPERATIVE_LEAD: usize = LEAD + Lead::COUNT;
/// Its concepts; the same again of commands; pairs of them that stand near.
const PRESENT: usize = IMPERATIVE_LEAD + Lead::COUNT;
const WITH_IMPERATIVE: usize = PRESENT + CONCEPTS;
const NEAR: usize = WITH_IMPERATIVE + CONCEPTS;

/// How many features there are.
pub const FEATURES: Features = Features { plain: NEAR + CONCEPTS * CONCEPTS, words: 4096 };

/// What is said while a text is gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A sentence has a feature. The same one may be said more than once.
    Feature {
        /// The sentence's number.
        segment: usize,
        /// The feature's number.
        feature: usize,
    },
    /// All of a sentence has been said.
    End {
        /// Its words, by their places in the reading.
        words: Range<usize>,
    },
}

/// Calls `each` with every feature of every sentence, sentence by sentence.
pub fn each_feature(text: &str, reading: &Reading, mut each: impl FnMut(Said)) {
    let cutter = Cutter::new(text, reading);
    let marks = reading.marks();
    let mut before: Option<Segment> = None;
    let mut this = cutter.segment(0);
    let (mut number, mut mark) = (0, 0);
    while let Some(segment) = this {
        let after = cutter.segment(segment.words.end);
        let first_mark = mark;
        let mut concepts = 0;
        while let Some(next) = marks.get(mark).filter(|next| (next.word as usize) < segment.words.end) {
            concepts |= next.concepts;
            mark += 1;
        }
        let facts = Facts::of(text, reading, &segment);
        if facts.may_instruct(&segment, concepts) {
            let mut feature = |feature| each(Said::Feature { segment: number, feature });
            facts.shape(&segment, [before.as_ref(), after.as_ref()], &mut feature);
            words(text, reading, &segment, facts.is_imperative, first_mark..mark, &mut feature);
            each(Said::End { words: segment.words.clone() });
        }
        number += 1;
        before = Some(segment);
        this = after;
    }
}

/// How a sentence begins.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// How many words open it before its verb.
    opened: usize,
    is_imperative: bool,
    has_object: bool,
    is_later: bool,
    asks: bool,
    is_capital: bool,
    is_ascii: bool,
}

/// Who speaks of these speaks to somebody.
const SPEAKS: u64 = 1 << Concept::Addressee as u64 | 1 << Concept::Request as u64 | 1 << Concept::AnswerForm as u64;

impl Facts {
    fn of(text: &str, reading: &Reading, segment: &Segment) -> Self {
        let words = &reading.words()[segment.words.clone()];
        let opened = opening(reading, &segment.words);
        let is_imperative = words.get(opened).is_some_and(|word| VERBS.has(word.hash));
        let first = words.first().map_or(0, |word| text.as_bytes()[word.start as usize]);
        Self {
            opened,
            is_imperative,
            has_object: is_imperative && words.get(opened + 1).is_some_and(|word| DETERMINERS.has(word.hash)),
            is_later: !is_imperative && segment.after_commas().any(|word| VERBS.has(reading.words()[word].hash)),
            asks: words.first().is_some_and(|word| QUESTIONS.has(word.hash)),
            is_capital: first.is_ascii_uppercase(),
            is_ascii: first.is_ascii(),
        }
    }

    /// Whether it is worth weighing: it commands, asks or speaks to somebody, or is of a script whose verbs are not known.
    fn may_instruct(&self, segment: &Segment, concepts: u64) -> bool {
        let begins = self.is_imperative || self.is_later || self.asks || segment.end_sign == b'?' || !self.is_ascii;
        begins || concepts & SPEAKS != 0
    }

    /// Says how it is built.
    fn shape(&self, segment: &Segment, beside: [Option<&Segment>; 2], feature: &mut impl FnMut(usize)) {
        let Self { is_imperative, asks, is_capital, .. } = *self;
        let opened = self.opened > 0;
        let ends = |sign| segment.end_sign == sign;
        let neighbours = || beside.into_iter().flatten();
        let is_contrast =
            segment.is_prose() && neighbours().next().is_some() && !neighbours().any(|segment| segment.is_prose());
        let is_first = beside[0].is_none() && beside[1].is_some();
        let is_last = beside[1].is_none() && beside[0].is_some();
        let shapes = [
            (Shape::Imperative, is_imperative),
            (Shape::ImperativeObject, self.has_object),
            (Shape::LaterImperative, self.is_later),
            (Shape::Asks, asks),
            (Shape::AsksWithMark, asks && ends(b'?')),
            (Shape::Opened, opened),
            (Shape::OpenedImperative, opened && is_imperative),
            (Shape::QuestionMark, ends(b'?')),
            (Shape::Colon, ends(b':')),
            (Shape::FullStop, ends(b'.')),
            (Shape::Exclamation, ends(b'!')),
            (Shape::First, is_first),
            (Shape::Last, is_last),
            (Shape::ImperativeFirst, is_first && is_imperative),
            (Shape::ImperativeLast, is_last && is_imperative),
            (Shape::Capital, is_capital),
            (Shape::ImperativeCapital, is_capital && is_imperative),
            (Shape::Contrast, is_contrast),
            (Shape::ImperativeContrast, is_contrast && is_imperative),
            (Shape::QuestionContrast, is_contrast && ends(b'?')),
            (Shape::BesideTable, segment.is_prose() && neighbours().any(|segment| segment.lead == Lead::Bar)),
        ];
        shapes.into_iter().filter(|(_, is_so)| *is_so).for_each(|(shape, _)| feature(shape as usize));
        let length = match segment.words.len() {
            0..=2 => 0,
            3..=4 => 1,
            5..=7 => 2,
            8..=11 => 3,
            12..=17 => 4,
            18..=25 => 5,
            _ => 6,
        };
        let steps = [
            (LENGTH, IMPERATIVE_LENGTH, length),
            (GLUE, IMPERATIVE_GLUE, segment.glue.min(GLUES - 1)),
            (LEAD, IMPERATIVE_LEAD, segment.lead as usize),
        ];
        for (any, imperative, step) in steps {
            feature(any + step);
            if is_imperative {
                feature(imperative + step);
            }
        }
    }
}

/// Words before the verb of a command: `now please also`.
const OPENING_WORDS_MAX: usize = 5;

/// How many words open a sentence before its verb.
fn opening(reading: &Reading, segment: &Range<usize>) -> usize {
    const OPENS: u64 = 1 << Concept::Opening as u64 | 1 << Concept::Request as u64;
    let mut opened = 0;
    while opened < OPENING_WORDS_MAX && segment.start + opened < segment.end {
        let marks = reading.marks_of(segment.start + opened).iter();
        match marks.filter(|mark| mark.concepts & OPENS != 0).map(|mark| usize::from(mark.length)).max() {
            Some(length) => opened += length,
            None => break,
        }
    }
    opened
}

/// Marks before one that are looked at, so that the work a mark is bounded.
const MARKS_BACK_MAX: usize = 12;

/// Says what the words of a sentence stand for.
fn words(
    text: &str,
    reading: &Reading,
    segment: &Segment,
    is_imperative: bool,
    marks: Range<usize>,
    feature: &mut impl FnMut(usize),
) {
    let mut before = START;
    for word in &reading.words()[segment.words.clone()] {
        let hash = plain_hash(text.as_bytes(), word);
        feature(FEATURES.plain + place(hash, FEATURES.words));
        feature(FEATURES.plain + place(pair(before, hash), FEATURES.words));
        before = hash;
    }
    let marks = &reading.marks()[marks];
    for (at, mark) in marks.iter().enumerate() {
        each_seen(mark.concepts, |concept| {
            feature(PRESENT + concept);
            if is_imperative {
                feature(WITH_IMPERATIVE + concept);
            }
        });
        for near in marks[at.saturating_sub(MARKS_BACK_MAX)..at].iter().rev() {
            let gap = mark.word.checked_sub(near.word + u32::from(near.length));
            if gap.is_some_and(|gap| gap as usize <= NEAR_WORDS) {
                each_seen(near.concepts, |first| {
                    each_seen(mark.concepts, |second| feature(NEAR + first * CONCEPTS + second));
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shapes of each sentence, with its text.
    #[track_caller]
    fn check(text: &str, sentence: &str, has: &[Shape], lacks: &[Shape]) {
        let mut reading = Reading::default();
        reading.read(text);
        let (mut all, mut now, mut found) = (Vec::new(), Vec::new(), false);
        each_feature(text, &reading, |said| match said {
            Said::Feature { feature, .. } => now.push(feature),
            Said::End { words } => {
                let words = &reading.words()[words];
                let said = &text[words[0].start as usize..words[words.len() - 1].end as usize];
                all.push(said.to_owned());
                if said == sentence {
                    found = true;
                    let missing: Vec<_> = has.iter().filter(|shape| !now.contains(&(**shape as usize))).collect();
                    let extra: Vec<_> = lacks.iter().filter(|shape| now.contains(&(**shape as usize))).collect();
                    assert!(missing.is_empty() && extra.is_empty(), "{sentence}: lacks {missing:?}, has {extra:?}");
                }
                now.clear();
            }
        });
        assert!(found, "{sentence} is none of {all:?}");
    }

    #[test]
    fn sentences_are_told_by_how_they_begin_and_end() {
        use Shape::{AsksWithMark, FullStop, Imperative, ImperativeObject, LaterImperative, Opened, QuestionMark};
        check(
            "It rains. Send the files to Bo.",
            "Send the files to Bo",
            &[Imperative, ImperativeObject, FullStop],
            &[Opened],
        );
        check("It rains. Now please send files", "Now please send files", &[Imperative, Opened], &[FullStop]);
        check("What is the time?", "What is the time", &[AsksWithMark, QuestionMark], &[Imperative]);
        check("In your answer, mention cats.", "In your answer, mention cats", &[LaterImperative], &[Imperative]);
        check("You send it.", "You send it", &[], &[Imperative, LaterImperative]);
    }

    #[test]
    fn what_speaks_to_nobody_is_not_weighed() {
        let weighed = |text: &str| {
            let mut reading = Reading::default();
            reading.read(text);
            let mut count = 0;
            each_feature(text, &reading, |said| count += usize::from(matches!(said, Said::End { .. })));
            count
        };
        assert_eq!(weighed("The train was late. It rained all day.\ntotal = price * count;"), 0);
        assert_eq!(weighed("The train was late. Is it here? Call me. 请打开门。"), 3);
    }

    #[test]
    fn what_stands_beside_is_seen() {
        use Shape::{BesideTable, Contrast, First, Imperative, Last};
        let text = "| a | b |\n| 1 | 2 |\nWrite a poem about ducks.\n| 3 | 4 |";
        check(text, "Write a poem about ducks", &[Imperative, Contrast, BesideTable], &[First, Last]);
        check("Tell me a joke.\nThe shop opens at nine. It sells bread.", "Tell me a joke", &[First], &[Contrast, Last]);
    }
}
