//! Where a text comes from, as far as a call tells it: what kind of text its tool gives, and who has written it.

use std::sync::LazyLock;

use aop_toon::{Event, Value};

use super::actions::{READING, STEPS, TO_CHANGE, TO_MEET, TO_PAY, TO_WRITE};
use super::lists::{Ends, Lower};
use super::pieces::{Parts, is_in};
use super::reading::{plain, read_told};
use super::words::{LOOSE, MONEYLESS, TEXTS};
use crate::text::letters::is_alphanumeric;

/// Kinds of texts, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source(u8);

impl Source {
    pub(crate) const NONE: Self = Self(0);
    const MESSAGE: Self = Self(1);
    const TICKET: Self = Self(2);
    const FILE: Self = Self(4);
    const PAGE: Self = Self(8);
    /// What may be any of them.
    pub(crate) const ALL: Self = Self(15);

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    pub(crate) fn of_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a word speaks of: a bill may come as any kind of text, a mail may not.
    pub(super) fn of_word(word: &[u8]) -> Self {
        match ENDS.of(word) {
            ANY_TEXT => Self::ALL,
            bits => Self::of_bits(bits),
        }
    }

    /// The kind that a word names.
    fn named(word: &[u8]) -> Self {
        Self::of_bits(ENDS.of(word))
    }

    /// What kind of text a call gets. Of a tool whose name says nothing it cannot be told; one that says what it is about, and
    /// speaks of no text, gives none.
    pub(crate) fn of_call(event: &Event<'_>) -> Self {
        let action = event.action().unwrap_or_default();
        let action = plain(&action);
        let Some(parts) = Parts::of(&action) else { return Self::ALL };
        let of_name = parts.iter().fold(Self::NONE, |of, word| of.and(Self::of_word(word)));
        if of_name.meets(Self::PAGE) {
            return of_name;
        }
        let mut of_params = Self::NONE;
        for value in event.params().into_iter().flat_map(Value::descendants).take(PARAMS_MAX) {
            let Some(text) = value.as_str() else { continue };
            // Whoever wrote a page chose the words of its address.
            if text.contains("://") {
                of_params = of_params.and(Self::PAGE);
                continue;
            }
            let key = value.key().map(|key| key.as_str()).unwrap_or_default();
            let text = &text[..text.floor_char_boundary(PARAM_BYTES_MAX)];
            of_params = words(text).chain(words(&key)).fold(of_params, |of, word| of.and(Self::named(word.bytes())));
        }
        let lists = [READING, STEPS, TO_WRITE, TO_PAY, TO_MEET, TO_CHANGE, LOOSE, MONEYLESS];
        let is_known = |part: &[u8]| lists.iter().any(|list| is_in(list, part));
        let says_nothing = || Parts::of(super::act::last(&action)).is_none_or(|own| own.iter().all(is_known));
        let of = of_name.and(of_params);
        if of == Self::NONE && says_nothing() { Self::ALL } else { of }
    }
}

/// So many values of a call are looked at, each so far.
const PARAMS_MAX: usize = 32;
const PARAM_BYTES_MAX: usize = 200;

const MESSAGES: &[&str] = &[
    "mail",
    "email",
    "message",
    "letter",
    "inbox",
    "chat",
    "thread",
    "channel",
    "newsletter",
    "nachricht",
    "brief",
    "courriel",
    "lettre",
    "correo",
    "mensaje",
    "carta",
    "messaggio",
    "lettera",
    "bericht",
    "wiadomość",
    "письмо",
    "сообщение",
    "gmail",
    "outlook",
    "eml",
];
const TICKETS: &[&str] = &["ticket", "issue", "vorgang", "jira"];
const FILES: &[&str] = &[
    "file",
    "document",
    "doc",
    "readme",
    "md",
    "txt",
    "pdf",
    "docx",
    "datei",
    "dokument",
    "fichier",
    "archivo",
    "changelog",
    "runbook",
    "playbook",
    "guide",
    "manual",
    "checklist",
    "anleitung",
];
const PAGES: &[&str] =
    &["page", "web", "website", "site", "url", "wiki", "runbook", "playbook", "guide", "manual", "checklist", "anleitung"];

/// The bit of [`TEXTS`], beside those of kinds.
const ANY_TEXT: u8 = 16;

static ENDS: LazyLock<Ends> = LazyLock::new(|| {
    let kinds = [(MESSAGES, Source::MESSAGE), (TICKETS, Source::TICKET), (FILES, Source::FILE), (PAGES, Source::PAGE)];
    let kinds = kinds.map(|(list, kind)| (list, kind.0));
    Ends::new(&[kinds[0], kinds[1], kinds[2], kinds[3], (TEXTS, ANY_TEXT)])
});

fn words(text: &str) -> impl Iterator<Item = Lower> {
    text.split(|character: char| !is_alphanumeric(character)).filter(|word| !word.is_empty()).map(Lower::of)
}

/// How a text or a record says who has written it.
const AUTHOR: &[&str] = &[
    "from",
    "sender",
    "author",
    "by",
    "user",
    "username",
    "von",
    "absender",
    "de",
    "expéditeur",
    "remitente",
    "da",
    "mittente",
];

/// So far before an instruction its author is looked for, in bytes.
const AUTHOR_BYTES_MAX: usize = 2000;

/// Whether a text says of what stands at a place who has written it, and that it is nobody who is known.
pub(crate) fn is_strangers(text: &str, at: usize, record: Option<Value<'_>>, is_known: impl Fn(u64) -> bool) -> bool {
    let is_strange = |author: &str| {
        // `Eve <eve@tom.example>` is Eve.
        let shown = author.split('<').next().filter(|shown| !shown.trim().is_empty()).unwrap_or(author);
        let shown = shown.split_once('@').map_or(shown, |(local, _)| local);
        let words = read_told(&plain(&shown[..shown.floor_char_boundary(PARAM_BYTES_MAX)])).words;
        !words.is_empty() && !words.iter().any(|word| is_known(word.hash))
    };
    let at = text.floor_char_boundary(at);
    let before = &text[text.ceil_char_boundary(at.saturating_sub(AUTHOR_BYTES_MAX))..at];
    // The line that the place is in may begin with who says it, as lines of chats do; a line before it may be a mail's head.
    let mut lines = before.rsplit('\n').filter_map(|line| {
        let (label, value) = line.trim_start_matches([' ', '\t', '-', '>', '*', '{', '"', '\'']).split_once(':')?;
        Some((label.trim_end_matches(['"', '\'', ' ', '*']), value.trim()))
    });
    let line = before.rsplit('\n').next().unwrap_or_default();
    if let Some((label, _)) = line.split_once(": ") {
        let label = label.trim();
        let is_name = label.chars().next().is_some_and(char::is_uppercase) && label.split(' ').count() <= 2;
        if is_name && !AUTHOR.contains(&&*label.to_lowercase()) {
            return is_strange(label);
        }
    }
    if let Some((_, author)) = lines.find(|(label, value)| !value.is_empty() && AUTHOR.contains(&&*label.to_lowercase())) {
        return is_strange(author);
    }
    let entries = record.into_iter().flat_map(Value::entries).take(PARAMS_MAX);
    let mut authors = entries.filter(|(key, _)| AUTHOR.contains(&&*key.as_str().to_lowercase()));
    authors.any(|(_, author)| author.as_str().is_some_and(|author| is_strange(&author)))
}
