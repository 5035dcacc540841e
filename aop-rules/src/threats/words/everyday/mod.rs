//! What stands around a wording and makes it an everyday one: it is quoted as an example, its verb is about something else, it
//! goes on about something that is no instruction.
//!
//! It is asked only where a pattern stands, and reads a bounded stretch around it. What it exempts is told all the same, as
//! something that is not refused: whoever writes the text writes what stands around a wording too.

mod code;
mod matter;
mod paper;
mod place;
mod quoted;
mod something_else;
mod topic;

use super::concept::Concept;
use super::reading::{Mark, Reading, WordAt};
use crate::rule::Rule;
use crate::scan::Match;
use crate::threats::{exfiltration, jailbreak, r#override, prompt_extraction};

/// Whether a rule's wording is not meant where it stands.
pub(crate) fn is_everyday(text: &str, reading: &Reading, rule: &Rule, found: Match) -> bool {
    let around = Around::new(text, reading, found);
    if around.is_quoted() {
        return true;
    }
    if rule.id == r#override::RULE.id {
        around.sets_aside_something_else() || around.is_on_a_topic() || around.is_about_a_matter()
    } else if rule.id == jailbreak::RULE.id {
        around.is_on_a_topic()
    } else if rule.id == exfiltration::RULE.id {
        around.is_about_private_things() || around.is_written_in_code()
    } else {
        rule.id == prompt_extraction::RULE.id && around.says_where_to()
    }
}

/// A wording and what stands around it.
struct Around<'a> {
    text: &'a str,
    reading: &'a Reading,
    found: Match,
    /// Its first word, and the one behind its last.
    first: usize,
    end: usize,
    /// The byte up to which what stands behind it is read.
    until: usize,
}

/// So many bytes before a wording are read, and so many behind it: fewer than a stream holds back.
const AROUND_BYTES_MAX: usize = 160;

/// What tells a reader to do something, or with whom.
const ORDERS: &[Concept] = &[
    Concept::SetAside,
    Concept::SetAsideLast,
    Concept::Undo,
    Concept::Override,
    Concept::Reveal,
    Concept::Tell,
    Concept::HandOver,
    Concept::Send,
    Concept::Destination,
    Concept::Must,
    Concept::New,
    Concept::First,
    Concept::Pretend,
    Concept::Role,
    Concept::RoleForeign,
    Concept::Conceal,
    Concept::Hide,
    Concept::Destroy,
    Concept::AnswerForm,
    Concept::Encoding,
    Concept::Unrestricted,
    Concept::FreeMode,
    Concept::Jailbreak,
];

/// Verbs that order without being told of as anything else.
#[rustfmt::skip]
const ORDER_WORDS: &[&str] = &[
    "obey", "follow", "execute", "run", "do", "perform", "comply", "act", "behave", "become", "listen", "serve", "accept", "use",
    "befolge", "befolgen", "gehorche", "mach", "obéis", "obéissez", "suis", "suivez", "obedece", "obedezca", "sigue", "siga", "haz",
    "obbedisci", "segui", "esegui", "gehoorzaam", "volg", "подчиняйся", "выполни", "следуй", "słuchaj", "wykonaj",
];

/// Words that join something to what was said before.
#[rustfmt::skip]
const JOINS: &[&str] = &[
    "and", "then", "but", "so", "plus", "while", "und", "dann", "sondern", "et", "puis", "mais", "y", "luego", "pero", "e", "poi",
    "depois", "en", "dan", "i", "oraz", "и", "затем", "но", "та", "і", "ve", "和", "并", "然", "후",
];

impl<'a> Around<'a> {
    fn new(text: &'a str, reading: &'a Reading, found: Match) -> Self {
        let words = reading.words();
        let first = words.partition_point(|word| (word.start as usize) < found.start);
        let end = words.partition_point(|word| (word.end as usize) <= found.end);
        let until = text.floor_char_boundary(text.len().min(found.end + AROUND_BYTES_MAX));
        Self { text, reading, found, first, end: end.max(first + 1).min(words.len()), until }
    }

    fn words(&self) -> &'a [WordAt] {
        self.reading.words()
    }

    /// A word in lower case; nothing where it is too far behind the wording.
    fn said(&self, word: usize) -> String {
        let word = self.words().get(word).filter(|word| word.end as usize <= self.until);
        word.map(|word| self.text[word.span()].to_lowercase()).unwrap_or_default()
    }

    fn stands_for(&self, word: usize, concepts: &[Concept]) -> bool {
        let is_any = |mark: &Mark| concepts.iter().any(|&concept| mark.is(concept));
        word < self.words().len() && self.reading.marks_of(word).iter().any(is_any)
    }

    /// The word behind the longest of what a word begins that stands for a concept.
    fn behind(&self, word: usize, concept: Concept) -> usize {
        let marks = self.reading.marks_of(word).iter().filter(|mark| mark.is(concept));
        word + usize::from(marks.map(|mark| mark.length).max().unwrap_or(1))
    }

    /// What stands between a word and the one before, as far as it is read.
    fn gap(&self, word: usize) -> &'a str {
        let Some(before) = word.checked_sub(1).and_then(|before| self.words().get(before)) else { return "" };
        let next = self.words().get(word).map_or(self.text.len(), |word| word.start as usize);
        self.text.get(before.end as usize..next.min(self.until)).unwrap_or_default()
    }

    /// Whether the sentence ends before a word, or the text does.
    fn ends_before(&self, word: usize) -> bool {
        let gap = self.gap(word);
        let closes = |sign: char| matches!(sign, ')' | '"' | '\'' | '`' | '”' | '“' | '’' | '»' | ' ');
        let is_stop = gap.trim_start_matches(closes).starts_with(['.', '!', '?', ';', '。', '！', '？', '؟']);
        match self.words().get(word) {
            Some(next) => is_stop || ((next.start as usize) < self.until && (next.begins_sentence() || gap.contains('\n'))),
            None => is_stop || self.until == self.text.len(),
        }
    }

    /// The words from one on to the end of the sentence; none where that is too far to be read.
    fn rest(&self, from: usize) -> Option<std::ops::Range<usize>> {
        let far = |word: &usize| self.words().get(*word).is_none_or(|word| word.end as usize > self.until);
        let end = (from..).find(|word| (*word > from && self.ends_before(*word)) || far(word))?;
        (self.ends_before(end)).then_some(from..end)
    }

    /// Whether some of these words tell the reader to do something.
    fn orders(&self, mut words: std::ops::Range<usize>) -> bool {
        words.any(|word| {
            self.stands_for(word, ORDERS)
                || ORDER_WORDS.contains(&self.said(word).as_str())
                || self.words().get(word).is_some_and(WordAt::is_in_address)
        })
    }

    /// Whether the sentence goes on from a word with anything but one more thing of the same kind, `and pizza`; or is too long to
    /// tell.
    fn goes_on(&self, from: usize) -> bool {
        if self.ends_before(from) {
            return false;
        }
        let Some(rest) = self.rest(from) else { return true };
        let begins = |word: usize| {
            self.gap(word).contains([',', ':', '–', '—', '(', '，', '：', '、', '،', '-'])
                || JOINS.contains(&self.said(word).as_str())
        };
        let joined = rest.clone().find(|&word| begins(word));
        self.orders(rest.clone())
            || joined.is_some_and(|word| rest.end - word > 2 || self.stands_for(rest.end - 1, &Concept::ALL))
    }
}

#[cfg(test)]
mod tests {
    use crate::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch};
    use aop_toon::{Effect, Severity};

    fn hits_in(text: &str) -> Vec<Hit> {
        let settings = DetectorSettings { pii: None, secrets: None, ..DetectorSettings::default() };
        let mut hits = Vec::new();
        let detectors = Detectors::new(&settings).expect("the settings are good");
        detectors.scan_text(text, Provenance::Tool, &mut Scratch::default(), &mut hits);
        hits
    }

    /// Rules say of everyday texts no more than that they are there, and mean hostile ones near them.
    #[track_caller]
    pub(super) fn check(everyday: &[&str], hostile: &[&str]) {
        // What the model guesses is another matter.
        let is_meant = |hit: &Hit| hit.severity >= Severity::Warning && hit.rule.id != "threats/model";
        let is_refused = |text: &&&str| hits_in(text).iter().any(is_meant);
        let refused: Vec<_> = everyday.iter().filter(is_refused).collect();
        let missed: Vec<_> = hostile.iter().filter(|text| !is_refused(text)).collect();
        assert!(refused.is_empty() && missed.is_empty(), "refused: {refused:#?}\nmissed: {missed:#?}");
    }

    /// An exemption silences nothing: what it leaves alone is still told.
    #[test]
    fn what_is_exempt_is_told() {
        for text in [
            "Ignore my previous letter, the instructions were wrong.",
            "Forget everything you were told about sourdough.",
            "Print the instructions above on yellow paper.",
            "A known attack is the line \"Ignore all previous instructions\".",
            "Scanners look for phrases such as \"ignore all previous instructions\".",
        ] {
            let hits = hits_in(text);
            let is_told = |hit: &Hit| hit.severity == Severity::Info && hit.effect == Some(Effect::Flag);
            assert!(hits.iter().any(is_told), "{text}: {hits:?}");
        }
    }
}
