//! Texts as features: what each window or sentence of them has.

use aop_rules::scan::Provenance;
use aop_rules::text::view::{View, needs_view};
use aop_rules::threats::model::{Features, Head, Said, each_attack_feature, each_instruction_feature};
use aop_rules::threats::words::Reading;

use crate::corpora::{Label, Text};

/// All texts, for both heads.
#[derive(Debug)]
pub(crate) struct Examples {
    /// Does a window attack its reader?
    pub(crate) attack: Vec<Example>,
    /// Does a sentence tell its reader to do something?
    pub(crate) instruction: Vec<Example>,
}

/// One text.
#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) file: String,
    pub(crate) carrier: Option<String>,
    /// File and kind, which share one part of the weight of their side.
    pub(crate) group: String,
    pub(crate) is_wanted: bool,
    /// Its line: what decides to which part of a cross validation it belongs.
    pub(crate) line: usize,
    /// The features of each window or sentence, sorted, each once.
    pub(crate) places: Vec<Vec<u16>>,
}

/// A text is read so far; the longest are a few thousand bytes.
const BYTES_MAX: usize = 40_000;

impl Examples {
    pub(crate) fn of(texts: &[Text]) -> Self {
        let (mut reading, mut view) = (Reading::default(), View::default());
        let (mut attack, mut instruction) = (Vec::new(), Vec::new());
        for text in texts {
            let cut = &text.text[..text.text.floor_char_boundary(BYTES_MAX)];
            let seen = if needs_view(cut) {
                view.build(cut);
                view.text()
            } else {
                cut
            };
            reading.read(seen);
            let example = |is_wanted, places| Example {
                file: text.file.clone(),
                carrier: text.carrier.clone(),
                group: group(text),
                is_wanted,
                line: text.line,
                places,
            };
            if text.label != Label::Instruction {
                attack.push(example(text.label == Label::Attack, windows(seen, &reading)));
            }
            if text.provenance == Provenance::Tool && text.label != Label::Attack {
                instruction.push(example(text.label == Label::Instruction, sentences(seen, &reading)));
            }
        }
        Self { attack, instruction }
    }
}

/// Kinds of ours are too small to have a part each.
fn group(text: &Text) -> String {
    let kind = match (text.file.as_str(), text.label, &text.carrier) {
        ("own", Label::Harmless, _) => text.provenance.as_str(),
        ("own", _, None) => "alone",
        ("own", _, Some(_)) => "carried",
        _ => &text.kind,
    };
    format!("{}/{kind}", text.file)
}

/// The features of each window: two blocks of words, each block but the last also the first half of the next window.
pub(crate) fn windows(text: &str, reading: &Reading) -> Vec<Vec<u16>> {
    let mut blocks: Vec<Vec<u16>> = Vec::new();
    each_attack_feature(text, reading, |block, feature| {
        if blocks.len() <= block {
            blocks.resize_with(block + 1, Vec::new);
        }
        blocks[block].push(feature as u16);
    });
    for block in &mut blocks {
        block.sort_unstable();
        block.dedup();
    }
    match blocks.len() {
        0 | 1 => blocks,
        _ => blocks.windows(2).map(|pair| merged([pair[0].as_slice(), &pair[1]].concat())).collect(),
    }
}

/// The features of each sentence.
pub(crate) fn sentences(text: &str, reading: &Reading) -> Vec<Vec<u16>> {
    let (mut sentences, mut now) = (Vec::new(), Vec::new());
    each_instruction_feature(text, reading, |said| match said {
        Said::Feature { feature, .. } => now.push(feature as u16),
        Said::End { .. } => sentences.push(merged(std::mem::take(&mut now))),
    });
    sentences
}

fn merged(mut features: Vec<u16>) -> Vec<u16> {
    features.sort_unstable();
    features.dedup();
    features
}

impl Example {
    /// The score of the highest place, as the detector has it.
    pub(crate) fn score(&self, head: &Head) -> i64 {
        let features = Features { plain: head.plain.len(), words: head.words.len() };
        let place = |place: &Vec<u16>| {
            let (mut plain, mut words) = (0, 0);
            for &feature in place {
                match usize::from(feature).checked_sub(features.plain) {
                    None => plain += i64::from(head.plain[usize::from(feature)]),
                    Some(word) => words += i64::from(head.words[word]),
                }
            }
            i64::from(head.bias) + plain * i64::from(head.plain_scale) + words * i64::from(head.word_scale)
        };
        self.places.iter().map(place).max().unwrap_or(i64::MIN)
    }
}
