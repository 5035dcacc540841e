//! What kind of thing an action does, by the words of its name, and what kinds of thing a user left to a text.
//!
//! Nobody says of an action what it does before it is called, and names of tools are words: `get_rooms` looks something up,
//! `send_mail` writes to somebody. Of a name that says nothing it is not known ([`Acts::OTHER`]).

use super::actions::{READING, STEPS, TO_CHANGE, TO_MEET, TO_PAY, TO_WRITE};
use super::lists::{Lower, Said};
use super::pieces::{Parts, is_in};
use super::source::Source;
use super::words::{IDIOMS, MONEYLESS};
use crate::text::letters::is_alphanumeric;
use crate::text::words::{Word, after};
use crate::threats::obeyed::reading::plain;

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
        let Some(parts) = Parts::of(last(&plain(action))) else { return Self::OTHER };
        if parts.iter().next().is_some_and(|first| is_in(READING, first)) && !parts.has_any(&["and", "then"]) {
            return Self::READ;
        }
        let kinds = [(TO_WRITE, Self::WRITE), (TO_PAY, Self::PAY), (TO_MEET, Self::MEET), (TO_CHANGE, Self::CHANGE)];
        let of = kinds.into_iter().filter(|(list, _)| parts.has_any(list)).fold(0, |of, (_, kind)| of | kind.0);
        if of == 0 { Self::OTHER } else { Self(of) }
    }

    /// Whether it only looks something up.
    pub(crate) fn is_reading(self) -> bool {
        self == Self::READ
    }

    /// Whether an action gives somebody money, and does not buy something only.
    pub(crate) fn moves_money(action: &str) -> bool {
        let parts = Parts::of(last(&plain(action)));
        Self::of(action).has(Self::PAY)
            && parts.is_some_and(|parts| parts.iter().any(|part| is_in(TO_PAY, part) && !is_in(MONEYLESS, part)))
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whether an action writes to somebody, pays or arranges, and looks nothing up: `contact_search` does, whatever it begins with.
pub(crate) fn sends(action: &str) -> bool {
    let sending = Acts(Acts::WRITE.0 | Acts::PAY.0 | Acts::MEET.0);
    let looks_up = || Parts::of(last(&plain(action))).is_some_and(|parts| parts.has_any(READING));
    Acts::of(action).has(sending) && !looks_up()
}

/// The part of a name behind the tool's server or module.
pub(super) fn last(action: &str) -> &str {
    [&b"__"[..], b".", b"/", b":"].into_iter().fold(action, |name, joint| {
        let at = name.as_bytes().windows(joint.len()).rposition(|window| window == joint);
        at.map_or(name, |at| &name[at + joint.len()..])
    })
}

/// Whether an action's name is about what was asked for: it says what is to be done, and each part of it was either said
/// or is a step that any work has (`get`, `open`, `confirm`).
pub(crate) fn subject(action: &str, is_told: impl Fn(u64) -> bool) -> bool {
    let Some(parts) = Parts::of(last(&plain(action))) else { return false };
    let is_step = |part: &[u8]| is_in(READING, part) || is_in(STEPS, part);
    let is_asked = |part: &[u8]| is_told(stem_of(part));
    let is_verb = |part: &[u8]| is_step(part) || [TO_WRITE, TO_PAY, TO_MEET, TO_CHANGE].iter().any(|list| is_in(list, part));
    parts.iter().next().is_some_and(is_verb)
        && parts.iter().any(is_asked)
        && parts.iter().all(|part| is_step(part) || is_asked(part))
}

/// The hash of a word in lower case without the usual endings of English, so that `rooms` is told by `room`.
fn stem_of(word: &[u8]) -> u64 {
    let mut stem = word;
    for endings in [&[&b"s"[..]][..], &[b"ation", b"ment", b"ing", b"ed", b"er", b"al"], &[b"e"]] {
        if let Some(shorter) = endings.iter().find_map(|ending| stem.strip_suffix(*ending)).filter(|left| left.len() >= 3) {
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
    let words = text.split(|character: char| !is_alphanumeric(character)).filter(|word| (3..=32).contains(&word.len()));
    words.for_each(|word| each(stem_of(Lower::of(word).bytes())));
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
    /// Of a text that is [`plain`].
    pub(crate) fn of(text: &str, names_receiver: bool, spoken: &mut Vec<Spoken>) -> Self {
        spoken.clear();
        spoken.extend(after(text, 0).take(WORDS_MAX).map(|word| Spoken::of(&word)));
        let words = spoken.as_slice();
        // `Do the following tasks` leaves nothing to a text: the user says them himself.
        let is_own = |at: usize| at > 0 && words[at - 1].said.has(Said::FOLLOWING);
        let speaks_of_text =
            |at: usize| (words[at].source != Source::NONE || words[at].said.has(Said::ASKED)) && !is_own(at);
        // `Pay Ann for the tickets` says what is paid for, and not how.
        let is_object = |at: usize| words[at.saturating_sub(2)..at].iter().any(|word| word.said.has(Said::FOR));
        let mut left = Acts::NONE.0;
        let mut source = Source::NONE;
        for at in 0..words.len() {
            let acts = asked(text, &words[at..]);
            if acts == Acts::NONE {
                continue;
            }
            let near = at.saturating_sub(NEAR_WORDS)..=(at + NEAR_WORDS).min(words.len() - 1);
            let near = near.filter(|near| *near != at && speaks_of_text(*near));
            for near in near.filter(|near| acts != Acts::PAY || !is_object(*near)) {
                left |= acts.0;
                source = source.and(words[near].source);
            }
        }
        if names_receiver && left != Acts::ALL.0 {
            left &= !(Acts::WRITE.0 | Acts::PAY.0);
        }
        // `Do what he says` speaks of no kind.
        let source = if source == Source::NONE { Source::ALL } else { source };
        if left == 0 { Self::default() } else { Self { acts: Acts(left), source, names_author: names_author(text, words) } }
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

/// A word of a message, and what the lists say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken {
    start: usize,
    end: usize,
    said: Said,
    /// What kind of text it speaks of.
    source: Source,
}

impl Spoken {
    fn of(word: &Word<'_>) -> Self {
        let lower = Lower::of(word.text);
        let (said, source) = (Said::of(lower.bytes()), Source::of_word(lower.bytes()));
        Self { start: word.start, end: word.end, said, source }
    }

    fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// Whether a message, [`plain`], asks for anything: `Yes, go on` takes no task back.
pub(crate) fn is_task(text: &str) -> bool {
    const GOING_ON_WORDS_MAX: usize = 8;
    let goes_on = |word: &Word<'_>| Said::of(Lower::of(word.text).bytes()).has(Said::GOING_ON);
    let mut words = after(text, 0);
    words.by_ref().take(GOING_ON_WORDS_MAX).any(|word| !goes_on(&word)) || words.next().is_some()
}

/// Whether somebody says whose text he means: `the mail from Tom`, `Tom's mail`.
fn names_author(text: &str, words: &[Spoken]) -> bool {
    let has_capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    words.windows(2).any(|two| {
        let [first, next] = [two[0].text(text), two[1].text(text)];
        let owner = || first.strip_suffix("'s").or_else(|| first.strip_suffix("’s"));
        two[0].said.has(Said::BY) && (has_capital(next) || two[1].said.has(Said::TITLE))
            || owner().is_some_and(has_capital)
            || has_capital(first) && next == "s"
    })
}

/// What the first of these words asks for.
fn asked(text: &str, words: &[Spoken]) -> Acts {
    let [word, behind @ ..] = words else { return Acts::NONE };
    let next = behind.first().map_or(Said::default(), |next| next.said);
    // `Do I have new mail?` asks.
    if word.said.has(Said::DO) && next.has(Said::ASKS) {
        return Acts::NONE;
    }
    if word.said.has(Said::GENERIC) || word.said.has(Said::IDIOM) && is_idiom(text, word, behind) {
        return Acts::ALL;
    }
    // `Answer in one sentence` asks for an answer to the user.
    if word.said.has(Said::ANSWER) && next.has(Said::HOW) {
        return Acts::NONE;
    }
    let kinds = [
        (Said::WRITING, Acts::WRITE.0),
        (Said::PAYING, Acts::PAY.0),
        // What was arranged by mail is changed by mail.
        (Said::MEETING, Acts::MEET.0 | Acts::WRITE.0),
        (Said::CHANGING, Acts::CHANGE.0),
    ];
    Acts(kinds.into_iter().filter(|(list, _)| word.said.has(*list)).fold(0, |asked, (_, kind)| asked | kind))
}

fn is_idiom(text: &str, word: &Spoken, behind: &[Spoken]) -> bool {
    let is = |word: &Spoken, known: &str| Lower::of(word.text(text)).bytes() == known.as_bytes();
    let near = &behind[..behind.len().min(3)];
    IDIOMS.iter().any(|(verb, other)| is(word, verb) && near.iter().any(|word| is(word, other)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn left(text: &str, names_receiver: bool) -> Left {
        Left::of(&plain(text), names_receiver, &mut Vec::new())
    }

    #[test]
    fn what_is_left_to_a_text_is_told() {
        #[track_caller]
        fn check(text: &str, action: &str, expected: bool) {
            assert_eq!(left(text, false).covers(Acts::of(action), Source::ALL, false), expected, "{text}: {action}");
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
        assert!(!left("Pay the bill to LT601010012345678901", true).covers(Acts::of("send_money"), Source::ALL, false));
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
        let frees = |text: &str, source: Source| left(text, false).covers(Acts::WRITE, source, false);
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
        let of_tom = left("Reply to the mail from Tom", false);
        assert!(of_tom.covers(Acts::WRITE, Source::ALL, false) && !of_tom.covers(Acts::WRITE, Source::ALL, true));
        assert!(left("Answer the newest mails", false).covers(Acts::WRITE, Source::ALL, true));
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
