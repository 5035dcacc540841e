//! What looks for attacks at each text: the words, the model, and what disguises and hides them.

use std::ops::Range;

use aop_toon::Effect;

use crate::scan::enabled::Judgement;
use crate::scan::recognizer::{Look, Match};
use crate::scan::walk::{Text, Walk};
use crate::text::disguise::{Disguise, each_view_of, joined, misspelt, parted, reversed, rotated, unseen};
use crate::text::view::{View, is_invisible};
use crate::threats::model::{self, ModelScratch};
use crate::threats::words::{Concept, Manner, Reading, Tried, is_everyday, lexicon};

/// The shortest text that attacks its reader: `jailbreak`.
const WORDING_BYTES_MIN: usize = 9;
/// A key of so many words may be a sentence.
const WORDS_OF_A_SENTENCE: usize = 4;
/// What an instruction is about stands within so many bytes of the wording that a rule knows.
const NEAR_BYTES: usize = 300;

/// What is noted down while a text is read as words; used again from text to text.
#[derive(Debug, Default)]
pub(crate) struct WordScratch {
    reading: Reading,
    tried: Tried,
    model: ModelScratch,
}

/// Whether a key is a name, which says nothing to its reader, and not a sentence, with blanks or with signs in their stead.
fn is_name(key: &str) -> bool {
    let is_blank = |byte: u8| byte.is_ascii_whitespace() || !byte.is_ascii();
    let words = key.split(['_', '-']).filter(|word| !word.is_empty());
    !key.bytes().any(is_blank) && words.take(WORDS_OF_A_SENTENCE).count() < WORDS_OF_A_SENTENCE
}

impl Walk<'_> {
    /// Reads the text as words, looks for the patterns of the rules, and asks the model.
    pub(super) fn wordings(&mut self, text: Text<'_>, notes: &mut WordScratch) {
        let (wordings, (model, weights)) = (self.detectors.wordings(), self.detectors.model());
        if text.text.len() < WORDING_BYTES_MIN || self.for_data || !self.detectors.reads(self.provenance) {
            return;
        }
        if text.at_key && is_name(text.text) {
            return;
        }
        let WordScratch { reading, tried, model: model_scratch } = &mut *notes;
        reading.read(text.text);
        if !wordings.is_empty() {
            wordings.find(text.text, reading, tried, |owner, found, manner| {
                let enabled = self.detectors.enabled(owner);
                let Some(judgement) = enabled.judgement(self.provenance) else { return };
                // What stands around it can be forged like all of the text: it never silences a find.
                let is_told = manner == Manner::Mentioned || is_everyday(text.text, reading, enabled.recognizer.rule, found);
                self.report_as(if is_told { judgement.told() } else { judgement }, text, owner, found);
            });
        }
        for &(owner, question) in model {
            if !self.in_parts
                && !text.at_key
                && let Some(judgement) = self.detectors.enabled(owner).judgement(self.provenance)
                && let Some(found) = model::score(text.text, reading, question, weights, judgement.threshold, model_scratch)
                && !self.is_told(text, found, judgement)
            {
                self.report(text, owner, found);
            }
        }
        if text.undone.is_none() {
            self.undisguised(text, notes);
        }
    }

    /// Whether a rule has found something near what the model has, and that is worth as much: there a guess adds nothing.
    fn is_told(&self, text: Text<'_>, found: Match, guess: Judgement) -> bool {
        let place = text.view.map_or(found.start..found.end, |view| view.original(found.start..found.end));
        let near = place.start.saturating_sub(NEAR_BYTES)..place.end + NEAR_BYTES;
        let by_rules = self.hits[text.hits_before..].iter().filter(|hit| {
            let look = &self.detectors.enabled(hit.owner).recognizer.look;
            hit.rule.family() == "threats" && !matches!(look, Look::Model(_))
        });
        by_rules.into_iter().any(|hit| {
            let is_near = (hit.span.start as usize) < near.end && near.start < hit.span.end as usize;
            let does_as_much = hit.effect >= guess.effect || (hit.effect.is_none() && guess.effect == Some(Effect::Flag));
            is_near && hit.severity >= guess.severity && does_as_much
        })
    }

    /// Looks for attacks in what the text says without its disguises. Data is not looked for: numbers that run backwards are
    /// nobody's.
    fn undisguised(&mut self, text: Text<'_>, notes: &mut WordScratch) {
        let reading = &notes.reading;
        let (has_rotated, has_reversed) = (reading.has_rotated_words(), reading.has_reversed_words());
        let (has_parted, has_misspelt) = (reading.has_parted_words(), reading.has_misspelt_words());
        let signs = reading.signs();
        let Written { lone_orders, is_joined } = Written::of(text.text, reading);
        each_view_of(text.text, signs, lexicon(), |disguise, view| self.attacks(text, disguise, view, notes));
        let mut view = View::default();
        if has_parted {
            parted::build(&mut view, text.text);
            self.attacks(text, Disguise::Parted, &mut view, notes);
        }
        if !lone_orders.is_empty() {
            parted::build_orders(&mut view, text.text, &lone_orders);
            self.attacks(text, Disguise::Parted, &mut view, notes);
        }
        if let Some(disguise) = is_joined {
            joined::build(&mut view, text.text, lexicon());
            self.attacks(text, disguise, &mut view, notes);
        }
        if has_misspelt {
            misspelt::build(&mut view, text.text, lexicon());
            self.attacks(text, Disguise::Misspelt, &mut view, notes);
        }
        if has_rotated {
            rotated::build(&mut view, text.text);
            self.attacks(text, Disguise::Rotated, &mut view, notes);
        }
        if has_reversed {
            for build in [reversed::build, reversed::build_words] {
                build(&mut view, text.text);
                self.attacks(text, Disguise::Reversed, &mut view, notes);
            }
        }
    }

    /// Looks for attacks in what the text says when characters that show nothing stand for blanks; only attacks are.
    pub(super) fn unspaced(&mut self, text: Text<'_>, notes: &mut WordScratch) {
        if self.for_data || !self.detectors.reads(self.provenance) || !text.text.contains(is_invisible) {
            return;
        }
        let mut seen = View::default();
        seen.build_with_unseen(text.text);
        if unseen::is_worth_reading(seen.text(), lexicon()) {
            let mut view = View::default();
            unseen::build(&mut view, seen.text(), lexicon());
            view.lead_on_through(&seen);
            self.attacks(text, Disguise::Unspaced, &mut view, notes);
        }
    }

    /// Looks for attacks in one view of the text.
    fn attacks(&mut self, text: Text<'_>, disguise: Disguise, view: &mut View, notes: &mut WordScratch) {
        if let Some(first) = text.view {
            view.lead_on_through(first);
        }
        let text = Text { text: view.text(), view: Some(view), undone: Some(disguise), ..text };
        self.wordings(text, notes);
        let detectors = self.detectors;
        detectors.prefilter().literals(text.text, |place| {
            if detectors.enabled(place.owner).recognizer.rule.family() == "threats" {
                self.look(text, place, None);
            }
        });
    }

    /// Lets those look that look at what nobody sees, before it is taken away.
    pub(super) fn unseen(&mut self, text: Text<'_>) {
        let detectors = self.detectors;
        let looks = if self.for_data { &[] } else { detectors.unseen_looks() };
        for &owner in looks {
            let enabled = detectors.enabled(owner);
            if let Look::Unseen(look) = enabled.recognizer.look
                && enabled.judgement(self.provenance).is_some()
            {
                look(text.text, &mut |found| {
                    self.report(text, owner, found);
                });
            }
        }
    }
}

/// What is told of how a text's words are written by where they stand.
#[derive(Debug, Default)]
struct Written {
    /// The gaps behind orders that are sentences by themselves, and say nothing of what to do it to: `Ignore! All rules!`
    lone_orders: Vec<Range<usize>>,
    /// How words are joined or split, where any is.
    is_joined: Option<Disguise>,
}

impl Written {
    fn of(text: &str, reading: &Reading) -> Self {
        let is_joined = if reading.has_joined_words() { Self::joined(text, reading) } else { None };
        Self { lone_orders: Self::lone_orders(text, reading), is_joined }
    }

    fn joined(text: &str, reading: &Reading) -> Option<Disguise> {
        let mut is_joined = None;
        let words = reading.words();
        for (place, word) in words.iter().enumerate() {
            if joined::is_run_on(&text[word.span()], lexicon()) {
                return Some(Disguise::Unspaced);
            }
            let gap = word.end as usize..words.get(place + 1).map_or(text.len(), |next| next.start as usize);
            let is_joint = matches!(text.as_bytes()[gap], [sign] if joined::is_joint(sign));
            if is_joined.is_none() && is_joint && joined::split_word(text, word.start as usize, lexicon()).is_some() {
                is_joined = Some(Disguise::Parted);
            }
        }
        is_joined
    }

    fn lone_orders(text: &str, reading: &Reading) -> Vec<Range<usize>> {
        let words = reading.words();
        let orders = reading.marks().iter().filter(|mark| mark.length == 1 && is_order(mark.concepts));
        let gap_behind = |place: usize| {
            let (word, next) = (words[place], words.get(place + 1)?);
            let gap = word.end as usize..next.start as usize;
            (word.begins_sentence() && next.begins_sentence() && parted::parts(&text[gap.clone()])).then_some(gap)
        };
        orders.filter_map(|mark| gap_behind(mark.word as usize)).collect()
    }
}

/// Whether one of the concepts is an order that needs to say what it is about.
fn is_order(concepts: u64) -> bool {
    const ORDERS: [Concept; 3] = [Concept::Override, Concept::Reveal, Concept::Send];
    ORDERS.into_iter().any(|concept| concepts >> concept as u64 & 1 == 1)
}
