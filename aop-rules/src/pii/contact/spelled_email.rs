//! E-mail addresses that are spelled out so that programs miss them: `ann at example dot org`, `ann [at] example.org`.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `EMAIL_ADDRESS` in its spelled forms.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/email-spelled",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "e-mail address, spelled out",
        why: "Who writes `at` and `dot` hides the address from programs, not from people. Words without brackets count only \
              where a domain's well-known ending follows and no verb stands before `at`.",
        source: "RFC 5321 (the address it spells); IANA, root zone database (endings)",
        ..Rule::PII
    },
    entity: "EMAIL_ADDRESS",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal(" dot "),
            Anchor::Literal("[at]"),
            Anchor::Literal("(at)"),
            Anchor::Literal("{at}"),
            Anchor::Literal("<at>"),
            Anchor::Literal("_at_"),
        ],
        verify,
    },
    hits: &[
        "write to ann7 at example dot org today",
        "ann [at] example [dot] org",
        "ann(at)example(dot)org",
        "Ann.Lee [AT] mail.example.co.uk",
        "ann {at} example {dot} co {dot} uk",
        "ann_at_example_dot_org",
        "ann dot lee at example dot co dot uk",
    ],
    misses: &[
        "look at example dot org",
        "we met at noon dot com was not a thing",
        "array[at] = x",
        "f(at)",
        "the dot product at hand",
        "meet (at) the door",
        "at example dot org",
        "ann at example dot nowhere",
    ],
}];

/// How the sign and the full stop are written.
#[derive(Clone, Copy)]
struct Form {
    at: &'static [&'static str],
    dot: &'static [&'static str],
    is_bracketed: bool,
}

static WORDS: Form = Form { at: &[" at "], dot: &[" dot "], is_bracketed: false };
static UNDERSCORES: Form = Form { at: &["_at_"], dot: &["_dot_"], is_bracketed: false };
static BRACKETS: Form = Form {
    at: &[" [at] ", "[at]", " (at) ", "(at)", " {at} ", "{at}", " <at> ", "<at>"],
    dot: &[" [dot] ", "[dot]", " (dot) ", "(dot)", " {dot} ", "{dot}", " <dot> ", "<dot>", " dot ", "."],
    is_bracketed: true,
};

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let text = candidate.text;
    let form = match candidate.byte(candidate.start)? {
        b' ' => &WORDS,
        b'_' => &UNDERSCORES,
        _ => &BRACKETS,
    };
    // The sign, and where the domain begins.
    let (local_end, mut at) = if form.is_bracketed || candidate.byte(candidate.start) == Some(b'_') {
        let blank = |at: Option<usize>| usize::from(at.and_then(|at| candidate.byte(at)) == Some(b' '));
        let before = candidate.start - blank(candidate.start.checked_sub(1));
        (before, candidate.end + blank(Some(candidate.end)))
    } else {
        let label = label_before(text, candidate.start);
        let sign = ends_with_any(&text[..label], form.at)?;
        (label - sign, label)
    };
    // The domain: labels with dots between.
    let mut labels = 0;
    let (mut end, mut last) = (at, "");
    while labels < LABELS_MAX {
        let length = label_length(&text[at..]);
        if length == 0 {
            break;
        }
        (end, last) = (at + length, &text[at..at + length]);
        labels += 1;
        match starts_with_any(&text[end..], form.dot) {
            Some(dot) => at = end + dot,
            None => break,
        }
    }
    let is_ending = last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && if form.is_bracketed { last.len() >= 2 } else { ENDINGS.iter().any(|ending| last.eq_ignore_ascii_case(ending)) };
    let mut start = local_start(text, local_end);
    let word = &text[start..local_end];
    if !form.is_bracketed && STOP_WORDS.iter().any(|stop| word.eq_ignore_ascii_case(stop)) {
        return None;
    }
    while start < local_end
        && let Some(dot) = ends_with_any(&text[..start], &form.dot[..form.dot.len() - usize::from(form.is_bracketed)])
    {
        let earlier = local_start(text, start - dot);
        if earlier == start - dot || STOP_WORDS.iter().any(|stop| text[earlier..start - dot].eq_ignore_ascii_case(stop)) {
            break;
        }
        start = earlier;
    }
    let fits = start < local_end && labels >= 2 && is_ending && candidate.stands_alone(start..end);
    fits.then_some(Match { start, end, score: if form.is_bracketed { 0.95 } else { 0.8 } })
}

const LABELS_MAX: usize = 5;
const LABEL_BYTES_MAX: usize = 63;

fn label_length(text: &str) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    text.bytes().take(LABEL_BYTES_MAX).take_while(is_part).count()
}

fn label_before(text: &str, end: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    end - text.as_bytes()[..end].iter().rev().take(LABEL_BYTES_MAX).take_while(|byte| is_part(byte)).count()
}

fn local_start(text: &str, end: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'%');
    end - text.as_bytes()[..end].iter().rev().take(LABEL_BYTES_MAX).take_while(|byte| is_part(byte)).count()
}

fn starts_with_any(text: &str, forms: &[&str]) -> Option<usize> {
    let begins =
        |form: &&&str| text.as_bytes().get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form.as_bytes()));
    forms.iter().find(begins).map(|form| form.len())
}

fn ends_with_any(text: &str, forms: &[&str]) -> Option<usize> {
    let ends = |form: &&&str| {
        let from = text.len().checked_sub(form.len());
        from.is_some_and(|from| text.as_bytes()[from..].eq_ignore_ascii_case(form.as_bytes()))
    };
    forms.iter().find(ends).map(|form| form.len())
}

/// Endings of domains that a word after `dot` is believed to be.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "ai", "app", "dev", "me", "co", "eu", "uk", "de",
    "fr", "it", "es", "nl", "be", "ch", "at", "se", "no", "dk", "fi", "pl", "cz", "pt", "ie", "gr", "hu", "ro", "ru", "ua",
    "tr", "il", "in", "jp", "cn", "kr", "sg", "hk", "tw", "au", "nz", "ca", "us", "mx", "br", "ar", "cl", "za", "ng", "ke",
];

/// Words that stand before `at` in a sentence about a site, not in an address.
const STOP_WORDS: &[&str] = &[
    "look",
    "looking",
    "us",
    "me",
    "are",
    "is",
    "be",
    "was",
    "were",
    "available",
    "find",
    "found",
    "it",
    "them",
    "him",
    "her",
    "here",
    "visit",
    "online",
    "live",
    "page",
    "site",
    "website",
    "store",
    "shop",
    "work",
    "works",
    "working",
    "that",
    "this",
    "and",
    "or",
    "out",
    "more",
    "day",
    "one",
    "not",
    "also",
    "start",
    "meet",
    "met",
    "seen",
    "sold",
    "hosted",
    "based",
    "stay",
    "reach",
    "the",
    "a",
    "an",
    "arrived",
    "employed",
    "go",
    "up",
    "down",
];
