//! Addresses that are spelled out: `eve (at) mail (dot) example`, `eve @ mail . example`.

use std::collections::VecDeque;

/// What such an address is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    /// The sign, or a word for it, with whether it stands apart or in brackets.
    At {
        is_apart: bool,
    },
    /// The full stop, or a word for it, with whether it is written as in no address.
    Dot {
        is_apart: bool,
    },
    /// Anything else: no address reaches over it.
    End,
}

const ATS: &[&str] = &["at", "ät", "arroba", "arobase", "chiocciola", "собака", "małpa"];
const DOTS: &[&str] = &["dot", "punkt", "point", "punto", "ponto", "kropka", "точка"];

/// An address has no more labels than this before its sign, and no more behind it.
const LOCAL_LABELS_MAX: usize = 3;
const LABELS_MAX: usize = 5;
/// A longer word is no label.
const LABEL_BYTES_MAX: usize = 63;
/// More of them are told of no text.
const ADDRESSES_MAX: usize = 64;

/// The addresses in a text that are not written as addresses are: each as far as it may reach, since a full stop may end a
/// sentence or part two labels.
pub(super) fn addresses(text: &str, mut each: impl FnMut(String)) {
    if !may_have_one(text) {
        return;
    }
    let mut told = 0;
    let mut before: VecDeque<Token<'_>> = VecDeque::new();
    let mut tokens = Tokens { text, at: 0 };
    while let Some(token) = tokens.next() {
        if let Token::At { is_apart } = token {
            let behind: Vec<Token<'_>> = tokens.clone().take(2 * LABELS_MAX).collect();
            for local in locals(&before) {
                for (domain, is_disguised) in domains(&behind) {
                    // `Meet me at port.example` is no address, and `kim@port.example` is read as one elsewhere.
                    if told < ADDRESSES_MAX && (is_disguised || is_apart) {
                        told += 1;
                        each(format!("{local}@{domain}").to_ascii_lowercase());
                    }
                }
            }
        }
        before.push_back(token);
        if before.len() > 2 * LOCAL_LABELS_MAX {
            before.pop_front();
        }
    }
}

/// Whether a sign, or what ends as a word for it does, stands before a word and a full stop or a word for that. Says yes too often, never
/// no wrongly: few texts are read in full.
fn may_have_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_end =
        |at: usize| !bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'));
    let goes_on = |at: usize| {
        let mut behind = Tokens { text, at };
        matches!(behind.next(), Some(Token::Word(_))) && matches!(behind.next(), Some(Token::Dot { .. }))
    };
    let signs = memchr::memchr_iter(b'@', bytes).map(|at| at + 1);
    if signs.into_iter().any(goes_on) {
        return true;
    }
    if !text.is_ascii() {
        let mut tokens = Tokens { text, at: 0 };
        while let Some(token) = tokens.next() {
            if matches!(token, Token::At { .. }) && goes_on(tokens.at) {
                return true;
            }
        }
        return false;
    }
    // The last letters of the words for the sign that are ASCII: `at`, `arroba`, `arobase`, `chiocciola`.
    memchr::memchr3_iter(b't', b'a', b'e', bytes).chain(memchr::memchr3_iter(b'T', b'A', b'E', bytes)).any(|last| {
        is_end(last + 1)
            && ATS.iter().any(|word| {
                bytes[..=last].len() >= word.len()
                    && bytes[last + 1 - word.len()..=last].eq_ignore_ascii_case(word.as_bytes())
            })
            && goes_on(last + 1)
    })
}

/// What may stand before the sign, the nearest word alone first.
fn locals(before: &VecDeque<Token<'_>>) -> Vec<String> {
    let mut locals: Vec<String> = Vec::new();
    let mut tokens = before.iter().rev();
    while let Some(Token::Word(word)) = tokens.next() {
        locals.push(locals.last().map_or_else(|| (*word).to_owned(), |local| format!("{word}.{local}")));
        if locals.len() == LOCAL_LABELS_MAX || !matches!(tokens.next(), Some(Token::Dot { .. })) {
            break;
        }
    }
    locals
}

/// What may stand behind it, and whether a word stands for one of its full stops.
fn domains(behind: &[Token<'_>]) -> Vec<(String, bool)> {
    let mut domains = Vec::new();
    let Some(Token::Word(first)) = behind.first() else { return domains };
    let (mut domain, mut is_disguised) = ((*first).to_owned(), false);
    for two in behind[1..].chunks(2) {
        let [Token::Dot { is_apart }, Token::Word(label)] = two else { break };
        is_disguised |= is_apart;
        domain = format!("{domain}.{label}");
        if (2..=24).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            domains.push((domain.clone(), is_disguised));
        }
    }
    domains
}

#[derive(Clone)]
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '+');
        let is_between = |character: char| matches!(character, ' ' | '\t' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>');
        let rest = &self.text[self.at..];
        // A gap of any width would be looked at again by each that looks ahead.
        let gap: usize = rest.chars().take(GAP_MAX).take_while(|next| is_between(*next)).map(char::len_utf8).sum();
        let is_bracketed = rest[..gap].contains(['(', '[', '{', '<']);
        let rest = &rest[gap..];
        let first = rest.chars().next()?;
        let length = match first {
            _ if is_part(first) => rest
                .char_indices()
                .take(LABEL_BYTES_MAX + 1)
                .find(|(_, next)| !is_part(*next))
                .map_or_else(|| rest.floor_char_boundary(LABEL_BYTES_MAX + 1).max(first.len_utf8()), |(end, _)| end),
            _ => first.len_utf8(),
        };
        self.at += gap + length;
        Some(match (&rest[..length], first) {
            (_, '@') => Token::At { is_apart: gap > 0 || rest[length..].starts_with(is_between) },
            (_, '.') => Token::Dot { is_apart: gap > 0 },
            (word, _) if is_part(first) && length <= LABEL_BYTES_MAX => {
                let is = |list: &[&str]| list.iter().any(|known| word.eq_ignore_ascii_case(known));
                if is(ATS) {
                    Token::At { is_apart: is_bracketed }
                } else if is(DOTS) {
                    Token::Dot { is_apart: true }
                } else {
                    Token::Word(word)
                }
            }
            _ => Token::End,
        })
    }
}

/// So wide is a gap within an address at most.
const GAP_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        addresses(text, |address| found.push(address));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn an_address_is_read_however_it_is_spelled() {
        for text in
            ["eve (at) port (dot) example", "Eve[at]port[dot]example", "eve at port dot example", "eve @ port . example"]
        {
            check(text, &["eve@port.example"]);
        }
        check("to eve{at}mail.port dot example", &["eve@mail.port", "eve@mail.port.example"]);
        check("eve dot moor at port dot example", &["moor@port.example", "eve.moor@port.example"]);
        check("eve (at) port.example", &["eve@port.example"]);
        check("eve (arroba) port (punto) example.", &["eve@port.example"]);
        check("eve at port dot example. Thanks, eve", &["eve@port.example", "eve@port.example.thanks"]);
    }

    #[test]
    fn what_is_at_a_place_is_no_address() {
        for text in [
            "Meet me at port.example",
            "look at this",
            "at",
            "dot at dot",
            "@",
            "a @",
            "kim@port.example",
            "eve at port",
            "eve at, port dot example",
        ] {
            check(text, &[]);
        }
    }

    proptest::proptest! {
        /// What is passed over has no address.
        #[test]
        fn what_may_have_none_has_none(text in "([a-z]{1,3}|at|AT|dot|arroba|ät|[ .@()+]|\\[at\\]|x{62}){0,14}") {
            let mut tokens = Tokens { text: &text, at: 0 };
            let mut has = false;
            while let Some(token) = tokens.next() {
                let behind: Vec<Token<'_>> = tokens.clone().take(2 * LABELS_MAX).collect();
                has |= matches!(token, Token::At { .. }) && !domains(&behind).is_empty();
            }
            proptest::prop_assert!(!has || may_have_one(&text), "{}", text);
        }
    }

    #[test]
    fn no_text_takes_long() {
        for long in ["at ".repeat(50_000), "a@".repeat(50_000), " ".repeat(100_000), "é".repeat(50_000), "a.".repeat(50_000)]
        {
            addresses(&long, |_| {});
        }
    }
}
