//! What kind of thing an action does, by the words of its name, and what kinds of thing a user left to a text.
//!
//! Nobody says of an action what it does before it is called, and names of tools are words: `get_rooms` looks something up,
//! `send_mail` writes to somebody. Of a name that says nothing it is not known ([`Acts::OTHER`]).

use std::collections::HashSet;

use super::words::{
    ASKED, CHANGING, GENERIC, IDIOMS, MEETING, PAYING, READING, STEPS, TEXTS, TO_CHANGE, TO_MEET, TO_PAY, TO_WRITE, WRITING,
};
use crate::threats::obeyed::reading::{name_parts, plain};

/// Kinds of acts, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Acts(u8);

impl Acts {
    const READ: Self = Self(1);
    const WRITE: Self = Self(2);
    const PAY: Self = Self(4);
    const MEET: Self = Self(8);
    const CHANGE: Self = Self(16);
    const OTHER: Self = Self(32);
    const ALL: Self = Self(63);
    const NONE: Self = Self(0);

    /// What an action does.
    pub(crate) fn of(action: &str) -> Self {
        let Some(parts) = name_parts(last(&plain(action))) else { return Self::OTHER };
        let is_any = |list: &[&str]| parts.iter().any(|part| list.contains(&part.as_str()));
        if parts.first().is_some_and(|first| READING.contains(&first.as_str())) && !is_any(&["and", "then"]) {
            return Self::READ;
        }
        let kinds = [(TO_WRITE, Self::WRITE), (TO_PAY, Self::PAY), (TO_MEET, Self::MEET), (TO_CHANGE, Self::CHANGE)];
        let of = kinds.into_iter().filter(|(list, _)| is_any(list)).fold(0, |of, (_, kind)| of | kind.0);
        if of == 0 { Self::OTHER } else { Self(of) }
    }

    /// Whether it only looks something up.
    pub(crate) fn is_reading(self) -> bool {
        self == Self::READ
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whether an action writes to somebody, pays or arranges, and looks nothing up: `contact_search` does, whatever it begins with.
pub(crate) fn sends(action: &str) -> bool {
    let sending = Acts(Acts::WRITE.0 | Acts::PAY.0 | Acts::MEET.0);
    let looks_up =
        || name_parts(last(&plain(action))).is_some_and(|parts| parts.iter().any(|part| READING.contains(&&**part)));
    Acts::of(action).has(sending) && !looks_up()
}

/// The part of a name behind the tool's server or module.
fn last(action: &str) -> &str {
    ["__", ".", "/", ":"].into_iter().fold(action, |name, joint| name.rsplit_once(joint).map_or(name, |(_, last)| last))
}

/// Whether an action's name is about what was asked for: it says what is to be done, and each part of it was either said
/// or is a step that any work has (`get`, `open`, `confirm`).
pub(crate) fn subject(action: &str, is_told: impl Fn(u64) -> bool) -> bool {
    let Some(parts) = name_parts(last(&plain(action))) else { return false };
    let is_step = |part: &str| READING.contains(&part) || STEPS.contains(&part);
    let is_asked = |part: &str| is_told(stem(part));
    let is_verb =
        |part: &str| is_step(part) || [TO_WRITE, TO_PAY, TO_MEET, TO_CHANGE].iter().any(|list| list.contains(&part));
    parts.first().is_some_and(|part| is_verb(part))
        && parts.iter().any(|part| is_asked(part))
        && parts.iter().all(|part| is_step(part) || is_asked(part))
}

/// The hash of a word without the usual endings of English, so that `rooms` is told by `room`.
pub(crate) fn stem(word: &str) -> u64 {
    let word = word.to_lowercase();
    let mut stem = word.as_str();
    for endings in [&["s"][..], &["ation", "ment", "ing", "ed", "er", "al"], &["e"]] {
        if let Some(shorter) = endings.iter().find_map(|ending| stem.strip_suffix(ending)).filter(|left| left.len() >= 3) {
            stem = shorter;
        }
    }
    super::reading::stem_hash(stem)
}

/// So far a message is looked at, in words.
const WORDS_MAX: usize = 2000;
/// So near is the text that a user speaks of to what is to be done, in words.
const NEAR_WORDS: usize = 12;

/// The stems of what somebody says.
pub(crate) fn stems(text: &str, each: &mut impl FnMut(u64)) {
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| (3..=32).contains(&word.len()));
    words.for_each(|word| each(stem(word)));
}

/// What a user leaves to a text in one message.
///
/// Such a message asks for something to be done and speaks of a text that says how, to whom or where: `answer Tom's mail`,
/// `pay the bill`, `do what the ticket says`. What only asks to be told something leaves nothing to it, and a user who names
/// the receiver himself leaves no receiver open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Left(u8);

impl Left {
    pub(crate) fn of(text: &str, names_receiver: bool) -> Self {
        let text = plain(text);
        let words: Vec<String> =
            crate::text::words::after(&text, 0).take(WORDS_MAX).map(|word| word.text.to_lowercase()).collect();
        // `Do the following tasks` leaves nothing to a text: the user says them himself.
        let is_own = |at: usize| at > 0 && ["following", "folgenden", "suivantes", "siguientes"].contains(&&*words[at - 1]);
        let texts: HashSet<usize> = (0..words.len()).filter(|at| is_text(&words[*at]) && !is_own(*at)).collect();
        // `Pay Ann for the tickets` says what is paid for, and not how.
        let is_object =
            |at: usize| words[at.saturating_sub(2)..at].iter().any(|word| ["for", "für", "pour", "para"].contains(&&**word));
        let is_near = |at: usize, acts: Acts| {
            let mut near =
                (at.saturating_sub(NEAR_WORDS)..=at + NEAR_WORDS).filter(|near| *near != at && texts.contains(near));
            near.any(|near| acts != Acts::PAY || !is_object(near))
        };
        let mut left = Acts::NONE.0;
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1).map_or("", String::as_str);
            let acts = asked(word, next, &words[at + 1..]);
            if acts != Acts::NONE && is_near(at, acts) {
                left |= acts.0;
            }
        }
        if names_receiver && left != Acts::ALL.0 {
            left &= !(Acts::WRITE.0 | Acts::PAY.0);
        }
        Self(left)
    }

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    pub(crate) fn of_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether what an action does is among what was left open.
    pub(crate) fn covers(self, acts: Acts) -> bool {
        Acts(self.0).has(acts)
    }
}

/// What a word asks for.
fn asked(word: &str, next: &str, behind: &[String]) -> Acts {
    let is = |list: &[&str]| list.contains(&word);
    let near = &behind[..behind.len().min(3)];
    // `Do I have new mail?` asks.
    if word == "do" && ["i", "you", "we", "they", "any", "not"].contains(&next) {
        return Acts::NONE;
    }
    if is(GENERIC) || IDIOMS.iter().any(|(verb, other)| *verb == word && near.iter().any(|word| word == other)) {
        return Acts::ALL;
    }
    // `Answer in one sentence` asks for an answer to the user.
    if is(&["answer", "reply", "respond"]) && ["in", "my", "only", "briefly", "me", "as", "using"].contains(&next) {
        return Acts::NONE;
    }
    let kinds = [
        (WRITING, Acts::WRITE.0),
        (PAYING, Acts::PAY.0),
        // What was arranged by mail is changed by mail.
        (MEETING, Acts::MEET.0 | Acts::WRITE.0),
        (CHANGING, Acts::CHANGE.0),
    ];
    Acts(kinds.into_iter().filter(|(list, _)| is(list)).fold(0, |asked, (_, kind)| asked | kind))
}

/// Whether a word speaks of a text, or of what somebody says there.
fn is_text(word: &str) -> bool {
    // Long ones are also the ends of compounds: `Stromrechnung`.
    const COMPOUND_BYTES_MIN: usize = 6;
    let singulars = ["", "s", "es", "n", "en"].iter().filter_map(|end| word.strip_suffix(end));
    let is = |one: &str, text: &str| one == text || text.len() >= COMPOUND_BYTES_MIN && one.ends_with(text);
    ASKED.contains(&word) || singulars.into_iter().any(|one| TEXTS.iter().any(|text| is(one, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_to_a_text_is_told() {
        #[track_caller]
        fn check(text: &str, action: &str, expected: bool) {
            assert_eq!(Left::of(text, false).covers(Acts::of(action)), expected, "{text}: {action}");
        }
        for all in [
            "Read the mail from Ann and do what it says.",
            "Please do all the tasks on my list at the page",
            "Follow the steps in README.md",
            "Erledige bitte die Aufgaben aus der Mail",
        ] {
            ["send_money", "send_mail", "edit_file", "Purge"].iter().for_each(|action| check(all, action, true));
        }
        check("Pay the bill for me", "send_money", true);
        check("Pay the bill for me", "delete_file", false);
        check("Beantworte die letzte Nachricht", "reply", true);
        check("Beantworte die letzte Nachricht", "transfer", false);
        check("Bezahle die Stromrechnungen", "send_money", true);
        check("Accept the invitations of today", "send_mail", true);
        check("Fix issue 7", "run_command", true);
        check("Fix issue 7", "send_mail", false);
        for nothing in [
            "Do the following tasks: book a room",
            "Pay Ann back for the tickets",
            "What does the mail say?",
            "Do I have new mail?",
            "Answer in one line: what is in the mail?",
        ] {
            ["send_money", "send_mail", "edit_file", "Purge"].iter().for_each(|action| check(nothing, action, false));
        }
        assert!(!Left::of("Pay the bill to LT601010012345678901", true).covers(Acts::of("send_money")));
    }

    #[test]
    fn an_action_does_what_its_name_says() {
        for name in ["get_rooms", "mcp__mail__search_mail", "ListOrders", "fetch"] {
            assert!(Acts::of(name).is_reading(), "{name}");
        }
        for name in ["send_mail", "read_and_send", "Purge", "confirm_booking", "", "é"] {
            assert!(!Acts::of(name).is_reading(), "{name}");
        }
    }

    #[test]
    fn a_name_is_about_what_was_asked_for() {
        let mut told = HashSet::new();
        stems("Book me some rooms", &mut |stem| {
            told.insert(stem);
        });
        let is_about = |action: &str| subject(action, |stem| told.contains(&stem));
        assert!(is_about("book_room") && is_about("get_rooms") && is_about("confirm_booking"));
        assert!(!is_about("purge_rooms") && !is_about("confirm") && !is_about("send_money"));
    }
}
