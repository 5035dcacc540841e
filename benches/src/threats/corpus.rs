//! The labelled texts, as they lie in the folder `threats` of the corpora.

use std::fs;

use aop_engine::Provenance;
use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::events::corpora_folder;

/// One text, and what somebody says it is.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its kind.
    pub kind: Kind,
    /// Where it came from.
    pub provenance: Provenance,
    /// What it says.
    pub text: String,
}

/// The texts that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Kind {
    /// Whether they are attacks.
    pub is_attack: bool,
    /// The file, without its ending.
    pub file: String,
    /// The file's own word for them.
    pub kind: String,
}

impl Kind {
    /// Whether it is an attack by words that overrides something, plays a part or breaks out, and does not merely ask.
    pub fn is_overriding(&self) -> bool {
        self.is_attack && matches!(self.kind.as_str(), "direct" | "indirect" | "jailbreak")
    }

    /// Whether it is an attack by words that merely asks for something.
    pub fn is_naive(&self) -> bool {
        self.is_attack && self.kind == "indirect_naive"
    }

    /// Whether it is of values that an action is given, and not of words.
    pub fn is_of_values(&self) -> bool {
        matches!(self.kind.as_str(), "sqli" | "xss" | "false_positive")
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
    label: String,
    #[serde(default)]
    kind: String,
    provenance: Option<String>,
}

/// All texts, file by file; none where there is no such folder.
///
/// # Errors
/// When a row is not what it should be.
pub fn load() -> Result<Vec<Text>, BenchError> {
    let folder = corpora_folder().join("threats");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let file = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (place, line) in fs::read_to_string(&path)?.lines().enumerate() {
            texts.push(text_of(&file, line).map_err(|error| format!("{file}.jsonl:{}: {error}", place + 1))?);
        }
    }
    Ok(texts)
}

fn text_of(file: &str, line: &str) -> Result<Text, BenchError> {
    let line: Line = serde_json::from_str(line)?;
    let is_attack = match line.label.as_str() {
        "injection" => true,
        "benign" => false,
        other => return Err(format!("{other} is no label").into()),
    };
    let word = line.provenance.as_deref().unwrap_or("user");
    let provenance = Provenance::from_word(word).ok_or_else(|| format!("{word} is no provenance"))?;
    Ok(Text { kind: Kind { is_attack, file: file.to_owned(), kind: line.kind }, provenance, text: line.text })
}

/// At most so many texts of each kind, spread evenly over it.
pub fn sample<'t>(texts: &[&'t Text], per_kind: usize) -> Vec<&'t Text> {
    let mut sizes = std::collections::BTreeMap::new();
    for text in texts {
        *sizes.entry(&text.kind).or_insert(0_usize) += 1;
    }
    let mut seen = std::collections::BTreeMap::new();
    let mut keep = |text: &&'t Text| {
        let (size, place) = (sizes[&text.kind], seen.entry(&text.kind).or_insert(0_usize));
        *place += 1;
        size <= per_kind || *place * per_kind / size > (*place - 1) * per_kind / size
    };
    texts.iter().filter(|text| keep(text)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_each_kind() {
        let line = |kind: &str, text: usize| format!(r#"{{"text":"{text}","label":"benign","kind":"{kind}","id":"x"}}"#);
        let rows = (0..10).map(|text| ("many", text)).chain((10..13).map(|text| ("few", text)));
        let texts: Vec<Text> = rows.map(|(kind, text)| text_of("made", &line(kind, text)).unwrap()).collect();
        let drawn = sample(&texts.iter().collect::<Vec<_>>(), 5);
        let drawn: Vec<&str> = drawn.iter().map(|text| text.text.as_str()).collect();
        assert_eq!(drawn, ["1", "3", "5", "7", "9", "10", "11", "12"]);
    }

    #[test]
    fn a_text_of_no_provenance_is_the_users() {
        let text = text_of("made", r#"{"text":"hello","label":"injection","kind":"direct"}"#).unwrap();
        assert_eq!((text.provenance, text.kind.is_overriding()), (Provenance::User, true));
        assert!(text_of("made", r#"{"text":"hello","label":"perhaps"}"#).is_err());
    }
}
