//! What kind of thing an action does, by the words of its name, and what kinds of thing a user left to a text.
//!
//! Nobody says of an action what it does before it is called, and names of tools are words: `get_rooms` looks something up,
//! `send_mail` writes to somebody. Of a name that says nothing it is not known ([`Acts::OTHER`]).

use std::collections::HashMap;

use super::actions::{READING, STEPS, TO_CHANGE, TO_MEET, TO_PAY, TO_WRITE};
use super::source::Source;
use super::words::{ASKED, BY, CHANGING, GENERIC, GOING_ON, IDIOMS, MEETING, MONEYLESS, PAYING, TITLES, WRITING};
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

    /// Whether an action gives somebody money, and does not buy something only.
    pub(crate) fn moves_money(action: &str) -> bool {
        let parts = name_parts(last(&plain(action))).unwrap_or_default();
        Self::of(action).has(Self::PAY)
            && parts.iter().any(|part| TO_PAY.contains(&&**part) && !MONEYLESS.contains(&&**part))
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
pub(super) fn last(action: &str) -> &str {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    acts: Acts,
    /// The kinds of texts that he speaks of.
    source: Source,
    /// He says whose text.
    names_author: bool,
}

impl Default for Left {
    fn default() -> Self {
        Self { acts: Acts::NONE, source: Source::NONE, names_author: false }
    }
}

impl Left {
    pub(crate) fn of(text: &str, names_receiver: bool) -> Self {
        let text = plain(text);
        let spoken: Vec<&str> = crate::text::words::after(&text, 0).take(WORDS_MAX).map(|word| word.text).collect();
        let words: Vec<String> = spoken.iter().map(|word| word.to_lowercase()).collect();
        // `Do the following tasks` leaves nothing to a text: the user says them himself.
        let is_own = |at: usize| at > 0 && ["following", "folgenden", "suivantes", "siguientes"].contains(&&*words[at - 1]);
        let kind_of = |at: usize| Some(Source::of_word(&words[at])).filter(|kind| *kind != Source::NONE);
        let texts: HashMap<usize, Option<Source>> = (0..words.len())
            .filter(|at| !is_own(*at) && (kind_of(*at).is_some() || ASKED.contains(&&*words[*at])))
            .map(|at| (at, kind_of(at)))
            .collect();
        // `Pay Ann for the tickets` says what is paid for, and not how.
        let is_object =
            |at: usize| words[at.saturating_sub(2)..at].iter().any(|word| ["for", "für", "pour", "para"].contains(&&**word));
        let mut left = Acts::NONE.0;
        let mut source = Source::NONE;
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1).map_or("", String::as_str);
            let acts = asked(word, next, &words[at + 1..]);
            if acts == Acts::NONE {
                continue;
            }
            let near = at.saturating_sub(NEAR_WORDS)..=at + NEAR_WORDS;
            let near = near.filter(|near| *near != at).filter_map(|near| texts.get(&near).map(|kind| (near, *kind)));
            for (_, kind) in near.filter(|(near, _)| acts != Acts::PAY || !is_object(*near)) {
                left |= acts.0;
                source = source.and(kind.unwrap_or(Source::NONE));
            }
        }
        if names_receiver && left != Acts::ALL.0 {
            left &= !(Acts::WRITE.0 | Acts::PAY.0);
        }
        // `Do what he says` speaks of no kind.
        let source = if source == Source::NONE { Source::ALL } else { source };
        if left == 0 { Self::default() } else { Self { acts: Acts(left), source, names_author: names_author(&spoken) } }
    }

    /// What two texts of one message leave together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            acts: Acts(self.acts.0 | other.acts.0),
            source: self.source.and(other.source),
            names_author: self.names_author || other.names_author,
        }
    }

    pub(crate) fn bits(self) -> u32 {
        u32::from(self.acts.0) | u32::from(self.source.bits()) << 8 | u32::from(self.names_author) << 16
    }

    pub(crate) fn of_bits(bits: u32) -> Self {
        let [acts, source, names_author, _] = bits.to_le_bytes();
        Self { acts: Acts(acts), source: Source::of_bits(source), names_author: names_author & 1 != 0 }
    }

    /// Whether what an action does is among what was left open to a text of this kind, which a stranger has written or not.
    pub(crate) fn covers(self, acts: Acts, source: Source, is_strangers: bool) -> bool {
        self.acts.has(acts) && self.source.meets(source) && !(self.names_author && is_strangers)
    }
}

/// Whether a message asks for anything: `Yes, go on` takes no task back.
pub(crate) fn is_task(text: &str) -> bool {
    const GOING_ON_WORDS_MAX: usize = 8;
    let text = plain(text);
    let words: Vec<String> =
        crate::text::words::after(&text, 0).take(GOING_ON_WORDS_MAX + 1).map(|word| word.text.to_lowercase()).collect();
    words.len() > GOING_ON_WORDS_MAX || words.iter().any(|word| !GOING_ON.contains(&&**word))
}

/// Whether somebody says whose text he means: `the mail from Tom`, `Tom's mail`.
fn names_author(words: &[&str]) -> bool {
    let has_capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is = |word: &str, list: &[&str]| list.contains(&&*word.to_lowercase());
    words.windows(2).any(|two| is(two[0], BY) && (has_capital(two[1]) || is(two[1], TITLES)))
        || words.windows(2).any(|two| {
            let owner = two[0].strip_suffix("'s").or_else(|| two[0].strip_suffix("’s"));
            owner.is_some_and(has_capital) || has_capital(two[0]) && two[1] == "s"
        })
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_left_to_a_text_is_told() {
        #[track_caller]
        fn check(text: &str, action: &str, expected: bool) {
            assert_eq!(Left::of(text, false).covers(Acts::of(action), Source::ALL, false), expected, "{text}: {action}");
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
        assert!(!Left::of("Pay the bill to LT601010012345678901", true).covers(Acts::of("send_money"), Source::ALL, false));
    }

    #[test]
    fn what_is_left_is_left_to_texts_of_one_kind() {
        let event = |action: &str, params: &str| {
            format!(
                r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
                    "payload":{{"action":"{action}","params":{params}}},"meta":{{}}}}"#
            )
        };
        let source = |action: &str, params: &str| {
            let event = event(action, params);
            Source::of_call(&aop_toon::Event::parse(event.as_bytes()).unwrap())
        };
        let frees = |text: &str, source: Source| Left::of(text, false).covers(Acts::WRITE, source, false);
        let mails = "Check my mails and do what they say.";
        for (action, params, expected) in [
            ("read_inbox", "{}", true),
            ("mcp__gmail__search", "{}", true),
            ("get_weather", r#"{"city":"Oslo"}"#, false),
            ("open_page", r#"{"url":"https://eve.example/mail"}"#, false),
            ("fetch", r#"{"url":"https://eve.example/mail"}"#, false),
            ("get_ticket", "{}", false),
            ("read_file", r#"{"path":"notes.txt"}"#, false),
            ("read_file", r#"{"path":"mails/7.eml"}"#, true),
            // Of these it cannot be told.
            ("run_command", r#"{"line":"check"}"#, true),
            ("fetch", "{}", true),
        ] {
            assert_eq!(frees(mails, source(action, params)), expected, "{action} {params}");
        }
        assert!(frees("Do what the request says", source("get_ticket", "{}")));
        assert!(!frees("Do what the request says", source("get_weather", "{}")));
        let of_tom = Left::of("Reply to the mail from Tom", false);
        assert!(of_tom.covers(Acts::WRITE, Source::ALL, false) && !of_tom.covers(Acts::WRITE, Source::ALL, true));
        assert!(Left::of("Answer the newest mails", false).covers(Acts::WRITE, Source::ALL, true));
        assert_eq!(Left::of_bits(of_tom.bits()), of_tom);
        assert!(is_task("Now tell me the weather.") && !is_task("Yes, please go ahead!") && !is_task(""));
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
