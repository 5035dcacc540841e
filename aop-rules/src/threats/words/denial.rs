//! What the words before a wording say of it: that it is not to be done, that somebody else does it, that it is an example.

use super::concept::Concept;
use super::reading::Reading;
use super::wordings::BEFORE_BYTES_MAX;

/// How many words before a match may deny it.
const DENIAL_WORDS: usize = 3;

/// Whether the words before, in the same clause, deny what follows or tell it of somebody else.
pub(super) fn is_denied(text: &str, reading: &Reading, at: usize) -> bool {
    before(reading, at).any(|word| {
        reading.marks_of(word).iter().any(|mark| {
            let end = word + usize::from(mark.length);
            if end > at || is_parted(text, reading, end, at) {
                return false;
            }
            // Somebody else is told of only right before: `they ignore`, not `they said: ignore`.
            let is_told_of = mark.is(Concept::Report) && end == at && !reading.words()[at].begins_clause();
            is_told_of || mark.is(Concept::Denial) && !denies_another_verb(text, reading, end, at)
        })
    })
}

/// Whether the words right before say that an example follows: in the same clause, or in quotation marks.
pub(super) fn is_mentioned(text: &str, reading: &Reading, at: usize) -> bool {
    before(reading, at).any(|word| {
        reading.marks_of(word).iter().any(|mark| {
            let end = word + usize::from(mark.length);
            let is_quoted = || gap(text, reading, at).contains(QUOTES);
            mark.is(Concept::Mention) && end == at && (is_quoted() || !is_parted(text, reading, end, at))
        })
    })
}

/// The words before one that may say something of it: near, and in its sentence.
fn before(reading: &Reading, at: usize) -> impl Iterator<Item = usize> {
    let words = reading.words();
    let mut from = at;
    while from > 0
        && at - from < DENIAL_WORDS
        && !words[from].begins_sentence()
        && words[at].start - words[from - 1].start <= BEFORE_BYTES_MAX
    {
        from -= 1;
    }
    from..at
}

/// Whether another clause begins behind a place, up to and with a word: `don't worry, ignore`, `avoid errors and ignore`.
fn is_parted(text: &str, reading: &Reading, end: usize, at: usize) -> bool {
    (end..=at).any(|word| {
        let gap = gap(text, reading, word);
        gap.contains(PARTING)
            || (gap.contains('-') && gap.len() > 1)
            || word < at && JOINS.contains(&said(text, reading, word).as_str())
    })
}

/// Whether what is denied is a verb or a noun of waiting, doubting or leaving out between the denial and the wording, so that both
/// say the wording the more: `do not hesitate to ignore`, `without delay ignore`.
fn denies_another_verb(text: &str, reading: &Reading, end: usize, at: usize) -> bool {
    (end..at).any(|word| {
        let said = said(text, reading, word);
        LEAVING_OUT.contains(&said.as_str()) || LEAVING_OUT_STEMS.iter().any(|stem| said.starts_with(stem))
    })
}

fn said(text: &str, reading: &Reading, word: usize) -> String {
    text[reading.words()[word].span()].to_lowercase()
}

/// What stands between a word and the one before.
fn gap<'t>(text: &'t str, reading: &Reading, word: usize) -> &'t str {
    let words = reading.words();
    let from = word.checked_sub(1).map_or(0, |before| words[before].end as usize);
    &text[from..words[word].start as usize]
}

/// Signs that begin another clause.
const PARTING: [char; 9] = [',', ':', '–', '—', '，', '：', '、', '،', '…'];
const QUOTES: [char; 12] = ['"', '\'', '`', '“', '„', '”', '«', '»', '‘', '‚', '「', '『'];

/// Words that join another order to the one before.
#[rustfmt::skip]
const JOINS: &[&str] = &[
    "and", "then", "but", "und", "sondern", "aber", "et", "puis", "mais", "y", "pero", "sino", "e", "ma", "oraz", "и", "но", "ve",
];

/// Words for what leaves something out, puts it off or doubts it.
#[rustfmt::skip]
const LEAVING_OUT: &[&str] = &[
    "ado", "delay", "delaying", "wait", "waiting", "worry", "fear", "forget", "fail", "refuse", "neglect", "omit", "pause", "doubt",
    "question", "ceremony", "warning", "resist", "panic", "mind", "bother", "stop", "exception", "scruple", "scruples", "warte",
    "warten", "versäume", "zweifel", "umschweife", "tarde", "tardes", "tarder", "attends", "attendre", "attendez", "délai", "crains",
    "dudes", "dude", "dudar", "olvides", "olvidar", "olvide", "esperes", "esperar", "demora", "espere", "esqueça", "aspettare",
    "indugio", "indugiare", "ritardo", "wacht", "uitstel", "wahaj", "zwlekaj", "zwłoki", "бойся", "бойтесь", "犹", "忘", "迟", "迷",
    "unutma",
];

/// The stems of such words in languages that change their ends.
#[rustfmt::skip]
const LEAVING_OUT_STEMS: &[&str] = &[
    "hesita", "reluctan", "zöger", "vergess", "vergiss", "hésit", "oubli", "vacil", "esita", "dimentic", "aarzel", "vergeet",
    "zapom", "забу", "забы", "медл", "колеб", "сомнев", "зволіка", "вага", "망설", "ため", "çekin", "tereddüt",
];

#[cfg(test)]
mod tests {
    use super::super::reading::Reading;

    /// What the words before `ignore` say of it: denied, mentioned.
    fn said_of(text: &str) -> (bool, bool) {
        let mut reading = Reading::default();
        reading.read(text);
        let is_verb = |word: &usize| {
            let said = text[reading.words()[*word].span()].to_lowercase();
            ["ignor", "disregard"].iter().any(|stem| said.starts_with(stem))
        };
        let at = (0..reading.words().len()).rev().find(is_verb).expect("the verb is there");
        (super::is_denied(text, &reading, at), super::is_mentioned(text, &reading, at))
    }

    #[test]
    fn denials_deny_their_own_verb() {
        for text in ["do not ignore it", "Never ignore the rules", "you should not simply ignore it", "they ignore it"] {
            assert!(said_of(text).0, "{text}");
        }
        for text in [
            "Do not linger, ignore it",
            "Don't fret: ignore it",
            "Without hesitation ignore it",
            "Never mind and ignore it",
            "Do not fail to ignore it",
            "Avoid mistakes – ignore it",
            "Never fear, disregard it",
            "Do not wait to disregard it",
            "Not a joke - ignore it",
            "Do not forget to ignore it",
        ] {
            assert!(!said_of(text).0, "{text}");
        }
    }

    #[test]
    fn examples_are_quoted_or_go_on() {
        for text in ["phrases such as ignore it", "phrases such as: \"ignore it\"", "for example “ignore it”"] {
            assert!(said_of(text).1, "{text}");
        }
        for text in ["For example: ignore it", "For example, ignore it", "phrases such as – ignore it"] {
            assert!(!said_of(text).1, "{text}");
        }
    }
}
