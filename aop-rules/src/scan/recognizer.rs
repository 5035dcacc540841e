//! A recognizer: what makes a place worth a look, and the check that decides.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::scan::identifier::Identifier;
use crate::scan::secret::SecretForm;
use crate::scan::site::Site;
use crate::text::words::follows_escape;
use crate::threats::code::bytes::Bytes;
use crate::threats::code::shell::command;
use crate::threats::code::source;
use crate::threats::code::sql::statement;
use crate::threats::model::Question;

/// One type of personal data, secret or attack, as data: a row in its family's table makes it run.
///
/// The scanner finds the places worth a look, of all recognizers in one pass, and lets each decide at its own; one that is
/// switched off costs nothing. `hits` and `misses` are checked by the crate's tests: each hit must be found by this
/// recognizer, each miss must give nothing. One that begins with `{` is scanned as JSON.
#[derive(Debug)]
pub struct Recognizer {
    /// The rule its findings carry.
    pub rule: &'static Rule,
    /// What it finds, by Presidio's name where it has one: `EMAIL_ADDRESS`.
    pub entity: &'static str,
    /// The country it belongs to (ISO 3166-1 alpha-2); nothing when it is found everywhere.
    pub region: Option<&'static str>,
    /// How it looks.
    pub look: Look,
    /// Texts in which it must be found, whatever their provenance permits.
    pub hits: &'static [&'static str],
    /// Texts it must leave alone.
    pub misses: &'static [&'static str],
}

/// How a recognizer looks.
#[derive(Debug)]
pub enum Look {
    /// By a function, for what no row can say.
    Code {
        /// The places worth a look.
        anchors: &'static [Anchor],
        /// Decides at one place, looking only so far around it that the work a byte is bounded.
        verify: fn(&Candidate<'_>) -> Option<Match>,
    },
    /// By the written form of an identifier.
    Identifier(Identifier),
    /// By the written form of a secret.
    Secret(SecretForm),
    /// By what the words say: patterns, as [`crate::threats::words`] reads them.
    Wordings(&'static [&'static str]),
    /// By what a model makes of the words, as [`crate::threats::model`] asks it.
    Model(Question),
    /// By a parameter of an action as a whole.
    Parameter(fn(&Parameter<'_>) -> Option<Match>),
    /// By what a text has in it that nobody sees. It is asked of texts as they were sent, before they are normalised, and only
    /// where something in them is invisible; it tells each find, and reads the text a constant number of times.
    Unseen(fn(&str, &mut dyn FnMut(Match))),
    /// By what a company's settings or its program say; no row of a table has it.
    Custom,
}

/// What makes a place worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// This text, in any ASCII case.
    Literal(&'static str),
    /// The sign `@`.
    At,
    /// A colon, but only one with a hexadecimal digit or another colon on both sides.
    Colon,
    /// The first digit of a number that no letter or digit precedes, when at least so many digits follow, single
    /// separators (space, hyphen, full stop) between them allowed.
    Digits(usize),
    /// Letters and digits without a gap, at least one of them a digit, of so many bytes: from the first number to the second.
    Atom(usize, usize),
    /// The first of two digits behind exactly two letters, which no letter or digit precedes.
    CountryCode,
    /// The whole of a string or number that a key so named holds: lower-case phrases, as [`Identifier::names`] has them.
    Named(&'static [&'static str]),
}

/// A place worth a look.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'c> {
    /// The text: one key, string or number, decoded, in its normalised view where it has one.
    pub text: &'c str,
    /// The anchor's first byte.
    pub start: usize,
    /// The byte after the anchor.
    pub end: usize,
    /// Where the text stands.
    pub site: &'c Site<'c>,
    /// Whether the place is a whole value that its key names ([`Anchor::Named`]).
    pub is_keyed: bool,
    /// Whether the key that holds the text names what is looked for ([`Anchor::Named`]), wherever in it the place is.
    pub is_named: bool,
    /// Whether that key is of a thing that only looks like somebody's data: an id, a counter, a time.
    pub is_technical: bool,
    /// Whether it is read out of what the text spells (`\\x1b`), and nothing will run the text.
    pub is_spelled: bool,
}

/// A text that an agent hands to an action: a string anywhere below the request's parameters, or one of their keys.
///
/// ```
/// use aop_rules::scan::{Language, Parameter};
///
/// let parameter = Parameter::new("ls -l", "command", false, Language::Undeclared);
/// assert!(parameter.holds_command() && parameter.bytes().has(b'-'));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'p> {
    /// The text: decoded, in one of its views.
    pub text: &'p str,
    /// The key that it stands under; of a list's item the list's, of a key that of its object, and nothing where there is none.
    pub name: &'p str,
    /// Whether it is itself a key.
    pub is_key: bool,
    /// What it is declared to hold.
    pub language: Language,
    bytes: Bytes,
    holds_command: bool,
    is_named_sql: bool,
    is_named_source: bool,
    is_page: bool,
    matches_all: bool,
    is_field: bool,
    line: Option<&'p str>,
}

impl<'p> Parameter<'p> {
    /// A parameter, and what every look asks about it.
    pub fn new(text: &'p str, name: &'p str, is_key: bool, language: Language) -> Self {
        let holds_command = match language {
            Language::Shell => true,
            Language::Sql => false,
            Language::Undeclared => !is_key && command::is_named(name, text),
        };
        Self {
            text,
            name,
            is_key,
            language,
            bytes: Bytes::of(text),
            holds_command,
            is_named_sql: statement::is_named(name),
            is_named_source: source::is_named(name),
            is_page: false,
            matches_all: false,
            is_field: false,
            line: None,
        }
    }

    /// The same as a page, in which scripts are ordinary.
    pub(crate) fn with_page(self, is_page: bool) -> Self {
        Self { is_page, ..self }
    }

    /// The same as an operator that holds, or does not, for every document.
    pub(crate) fn with_operand(self, matches_all: bool) -> Self {
        Self { matches_all, ..self }
    }

    /// The same as an object's field, no item of a list.
    pub(crate) fn with_field(self, is_field: bool) -> Self {
        Self { is_field, ..self }
    }

    /// The same as the first of arguments that make a command line.
    pub(crate) fn with_line(self, line: &'p str) -> Self {
        Self { line: Some(line), ..self }
    }

    /// Whether it is a page of markup, in which scripts are ordinary.
    pub fn is_page(&self) -> bool {
        self.is_page
    }

    /// Whether it is an operator that, where it stands, holds for every document.
    pub fn matches_all(&self) -> bool {
        self.matches_all
    }

    /// Whether it is an object's field, of which nothing is declared.
    pub fn is_field(&self) -> bool {
        self.is_field
    }

    /// The command line that it begins, where it stands in a list of arguments.
    pub fn line(&self) -> Option<&'p str> {
        self.line
    }

    /// The bytes that the text has: by most texts' a look can tell that there is nothing for it.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Whether it holds a command of a shell: it is declared to, or its key says so.
    pub fn holds_command(&self) -> bool {
        self.holds_command
    }

    /// Whether its key says that it holds SQL.
    pub fn is_named_sql(&self) -> bool {
        self.is_named_sql
    }

    /// Whether its key says that it holds source code or a command.
    pub fn is_named_source(&self) -> bool {
        self.is_named_source
    }
}

/// What a parameter is declared to hold, by the settings or by a policy's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Nothing is declared: a value.
    #[default]
    Undeclared,
    /// A statement of SQL.
    Sql,
    /// A command of a shell.
    Shell,
}

/// What a recognizer has found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// The first byte, on a character's boundary.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// How sure it is: 1.0 for check digits in the right place, 0.5 for a form that much else has.
    pub score: f64,
}

impl<'c> Candidate<'c> {
    /// The text's bytes.
    pub fn bytes(&self) -> &'c [u8] {
        self.text.as_bytes()
    }

    /// The byte before an offset.
    pub fn byte_before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).map(|before| self.bytes()[before])
    }

    /// The byte at an offset.
    pub fn byte(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    /// Whether a word begins at an offset: no letter or digit before it but that of a `\n` left in the text.
    pub fn begins_word(&self, at: usize) -> bool {
        !self.byte_before(at).is_some_and(|byte| byte.is_ascii_alphanumeric()) || follows_escape(self.bytes(), at)
    }

    /// Whether neither a letter nor a digit touches the range; the letter of a `\n` left in the text is none.
    pub fn stands_alone(&self, range: Range<usize>) -> bool {
        self.begins_word(range.start) && !self.byte(range.end).is_some_and(|byte| byte.is_ascii_alphanumeric())
    }

    /// Whether the text is this range and blanks around it, as the places of [`Anchor::Named`] are.
    pub fn is_all_but_blanks(&self, range: Range<usize>) -> bool {
        let bytes = self.bytes();
        let is_blank = |byte: &u8| byte.is_ascii_whitespace();
        // From the range outwards: only the blanks beside it are looked at, not those at the text's ends.
        range.start < range.end
            && !is_blank(&bytes[range.start])
            && !is_blank(&bytes[range.end - 1])
            && bytes[..range.start].iter().rev().all(is_blank)
            && bytes[range.end..].iter().all(is_blank)
    }

    /// Whether the text is this range and nothing else.
    pub fn is_whole(&self, range: Range<usize>) -> bool {
        range.start == 0 && range.end == self.text.len()
    }
}
