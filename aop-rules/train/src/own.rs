//! Our own texts: attacks and orders in several languages, and harmless texts that look like them.
//!
//! An attack or an order stands alone and inside harmless texts of other files, at their beginning, middle and end: what a
//! model learns must be the words, not the place where one corpus puts them.

use aop_rules::scan::Provenance;
use serde::Deserialize;

use crate::corpora::{Label, Text, parse};

#[derive(Deserialize)]
struct Row {
    text: String,
    kind: String,
    provenance: String,
}

/// Into how many harmless texts each order is put.
const CARRIERS_OF_INSTRUCTION: usize = 5;
/// And each attack.
const CARRIERS_OF_ATTACK: usize = 2;
/// The part of a harmless text that is taken.
const CARRIER_BYTES_MAX: usize = 1200;
/// A shorter text carries nothing.
const CARRIER_BYTES_MIN: usize = 40;

/// Adds them to the corpora's.
pub(crate) fn add(texts: &mut Vec<Text>) -> Result<(), String> {
    let mut line = 0;
    let mut rows = |source: &str, name: &str, label| -> Result<Vec<Text>, String> {
        let rows = parse::<Row>(source).map_err(|error| format!("{name}: {error}"))?;
        let rows = rows.into_iter().map(|row| {
            line += 1;
            let provenance = Provenance::from_word(&row.provenance).unwrap_or(Provenance::User);
            Text { file: "own".to_owned(), line, kind: row.kind, provenance, label, text: row.text, carrier: None }
        });
        Ok(rows.collect())
    };
    let harmless = rows(include_str!("../data/harmless.jsonl"), "harmless.jsonl", Label::Harmless)?;
    let attacks = rows(include_str!("../data/attacks.jsonl"), "attacks.jsonl", Label::Attack)?;
    let instructions = rows(include_str!("../data/instructions.jsonl"), "instructions.jsonl", Label::Instruction)?;
    texts.extend(harmless);
    let carriers = carriers(texts);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut place = 0;
    for (own, count) in attacks
        .into_iter()
        .map(|own| (own, CARRIERS_OF_ATTACK))
        .chain(instructions.into_iter().map(|own| (own, CARRIERS_OF_INSTRUCTION)))
    {
        for _ in 0..count {
            let (file, of_file) = &carriers[place % carriers.len()];
            let (line, carrier) = &of_file[dice.below(of_file.len())];
            let text = put_into(&own.text, carrier, place / carriers.len(), &mut dice);
            texts.push(Text { text, carrier: Some(file.clone()), line: *line, ..own.clone() });
            place += 1;
        }
        texts.push(own);
    }
    Ok(())
}

/// The harmless outputs of tools, by file.
fn carriers(texts: &[Text]) -> Vec<(String, Vec<(usize, String)>)> {
    let mut carriers: Vec<(String, Vec<(usize, String)>)> = Vec::new();
    for text in texts {
        let is_output = text.label == Label::Harmless && text.provenance == Provenance::Tool;
        if !is_output || text.text.len() < CARRIER_BYTES_MIN {
            continue;
        }
        let part = text.text[..text.text.floor_char_boundary(CARRIER_BYTES_MAX)].to_owned();
        match carriers.iter_mut().find(|(file, _)| *file == text.file) {
            Some((_, of_file)) => of_file.push((text.line, part)),
            None => carriers.push((text.file.clone(), vec![(text.line, part)])),
        }
    }
    carriers
}

/// A text with another put before it, between two of its sentences or lines, or behind it.
fn put_into(own: &str, carrier: &str, place: usize, dice: &mut Dice) -> String {
    let breaks: Vec<usize> = carrier
        .match_indices(['\n', '.', '!', '?'])
        .map(|(at, sign)| at + sign.len())
        .filter(|&at| carrier[..at].ends_with('\n') || carrier[at..].starts_with([' ', '\n']))
        .collect();
    let has_lines = carrier.matches('\n').count() >= 3;
    let sign = if has_lines || dice.below(2) == 0 { "\n" } else { " " };
    match place % 3 {
        0 => format!("{own}{sign}{carrier}"),
        1 if !breaks.is_empty() => {
            let (before, behind) = carrier.split_at(breaks[dice.below(breaks.len())]);
            let first = if before.ends_with('\n') { "" } else { sign };
            format!("{before}{first}{own}{sign}{}", behind.trim_start_matches(' '))
        }
        _ => format!("{carrier}{sign}{own}"),
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_texts_are_each_there_once_and_well_formed() {
        for source in [
            include_str!("../data/harmless.jsonl"),
            include_str!("../data/attacks.jsonl"),
            include_str!("../data/instructions.jsonl"),
        ] {
            let rows = parse::<Row>(source).expect("the rows can be read");
            let mut texts: Vec<_> = rows.iter().map(|row| &row.text).collect();
            assert!(rows.iter().all(|row| Provenance::from_word(&row.provenance).is_some() && !row.kind.is_empty()));
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), rows.len(), "a text is there twice");
        }
    }

    #[test]
    fn a_text_is_put_before_between_and_behind() {
        let mut dice = Dice(7);
        assert!(put_into("Go.", "One. Two.", 0, &mut dice).starts_with("Go."));
        let between = put_into("Go.", "One. Two.", 1, &mut dice);
        assert_eq!(between.replace('\n', " "), "One. Go. Two.");
        assert!(put_into("Go.", "One. Two.", 2, &mut dice).ends_with("Go."));
    }
}
