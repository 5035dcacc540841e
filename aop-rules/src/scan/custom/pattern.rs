//! A company's pattern, compiled: where it is looked for, and how sure each find is.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::scan::custom::settings::{Checksum, CustomRecognizer};
use crate::scan::mistakes::{Mistakes, shown};
use crate::scan::recognizer::Match;
use crate::scan::site::has_context;
use crate::scan::token::Tokens;
use crate::text::words::Name;

/// A match is at most so long. A bound makes the work a byte bounded, and lets text that arrives in pieces be judged in pieces.
pub(crate) const MATCH_BYTES_MAX: usize = 512;
/// A pattern may compile to so many bytes, and what is worked out while it runs may take so many.
const COMPILED_BYTES_MAX: usize = 1 << 20;
const CACHE_BYTES_MAX: usize = 4 << 20;
/// The name of the group that counts.
const VALUE: &str = "value";

/// A pattern, ready to run.
#[derive(Debug)]
pub(crate) struct CustomPattern {
    regex: Regex,
    has_value: bool,
    /// The shortest text that it can match.
    pub(super) bytes_min: usize,
    /// In lower case, with single spaces.
    pub(super) keywords: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) checksum: Option<Checksum>,
    score: f64,
    near: f64,
    named: f64,
    /// The words of which one has to stand in a text that no key names; none where the pattern alone is enough.
    gate: Option<Regex>,
}

/// What the pattern matches, and what that is worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    /// What counts of it.
    pub(super) value: Range<usize>,
    pub(super) score: f64,
    /// Whether nothing but the pattern says so: no keyword and no name.
    pub(super) stands_alone: bool,
    /// Whether its check digits are right.
    pub(super) is_right: bool,
    /// Whether it is a small part of an id, a hash or an encoding.
    pub(super) is_part: bool,
}

impl CustomPattern {
    /// Compiles a recognizer that reports what reaches the threshold; nothing when there are mistakes, which are noted.
    pub(crate) fn new(settings: &CustomRecognizer, place: &str, threshold: f64, mistakes: &mut Mistakes) -> Option<Self> {
        let before = mistakes.count();
        let mut phrases = |field: &str, given: &[String]| -> Vec<String> {
            let read = given.iter().enumerate().filter_map(|(index, phrase)| {
                let read = Name::new(phrase).as_str().to_owned();
                if read.is_empty() {
                    mistakes.add(
                        format_args!("{place}.{field}[{index}]"),
                        format_args!("{} has no letter and no digit; write a word, or a few", shown(phrase)),
                    );
                }
                Some(read).filter(|read| !read.is_empty())
            });
            read.collect()
        };
        let keywords = phrases("keywords", &settings.keywords);
        let names = phrases("names", &settings.names);
        let needs_more = !(settings.keywords.is_empty() && settings.names.is_empty());
        let score = settings.score.unwrap_or(if needs_more { 0.0 } else { 0.8 });
        let near = settings.near.unwrap_or(0.8);
        let named = settings.named.unwrap_or(0.95);
        for (field, score) in [("score", score), ("near", near), ("named", named)] {
            mistakes.score(format_args!("{place}.{field}"), score);
        }
        if settings.near.is_some() && settings.keywords.is_empty() {
            mistakes.add(format_args!("{place}.near"), "it is the score near a keyword, and there are no `keywords`");
        }
        if settings.named.is_some() && settings.names.is_empty() {
            mistakes.add(format_args!("{place}.named"), "it is the score where its name stands, and there are no `names`");
        }
        let near_max = if keywords.is_empty() { 0.0 } else { near };
        let named_max = if names.is_empty() { 0.0 } else { named };
        let most = score.max(near_max).max(named_max);
        if most < threshold && threshold <= 1.0 && mistakes.count() == before {
            mistakes.add(
                place,
                format_args!("its best score is {most} and the threshold is {threshold}, so nothing would be reported; raise the one or lower the other"),
            );
        }
        let (regex, bytes_min) = compiled(&settings.pattern)
            .map_err(|problem| mistakes.add(format_args!("{place}.pattern"), problem))
            .ok()
            .filter(|_| mistakes.count() == before)?;
        let first_words = keywords.iter().chain(&names).filter_map(|phrase| phrase.split(' ').next()).map(regex::escape);
        let any_word = first_words.collect::<Vec<_>>().join("|");
        // Words in such number that they are too large as one expression keep nothing out.
        let gate = RegexBuilder::new(&any_word).case_insensitive(true).size_limit(COMPILED_BYTES_MAX).build();
        let gate = if score >= threshold { None } else { gate.ok() };
        let has_value = regex.capture_names().flatten().any(|name| name == VALUE);
        Some(Self { regex, has_value, bytes_min, keywords, names, checksum: settings.checksum, score, near, named, gate })
    }

    /// Whether a text that holds nothing but a value may be one.
    pub(crate) fn finds_alone(&self) -> bool {
        self.gate.is_none()
    }

    /// Appends what is found in a text.
    pub(crate) fn scan(&self, text: &str, is_named: bool, mut found: impl FnMut(Match)) {
        let is_gated = !is_named && self.gate.as_ref().is_some_and(|gate| !gate.is_match(text));
        if is_gated || text.len() < self.bytes_min {
            return;
        }
        self.each(text, is_named, |seen| {
            if seen.is_right && !seen.is_part {
                found(Match { start: seen.value.start, end: seen.value.end, score: seen.score });
            }
        });
    }

    /// Everything that the pattern matches, found or not.
    pub(super) fn each(&self, text: &str, is_named: bool, mut see: impl FnMut(Seen)) {
        let mut tokens = Tokens::default();
        let mut see = |whole: Range<usize>, value: Range<usize>| {
            let (score, stands_alone) = self.score(text, whole.clone(), is_named);
            let is_part = stands_alone && tokens.is_part_of_opaque(text, &whole);
            let is_right = self.checksum.is_none_or(|checksum| checksum.holds(&text[value.clone()]));
            see(Seen { value, score, stands_alone, is_right, is_part });
        };
        if self.has_value {
            for captures in self.regex.captures_iter(text) {
                let whole = captures.get_match();
                let value = captures.name(VALUE).filter(|value| !value.is_empty()).unwrap_or(whole);
                see(whole.range(), value.range());
            }
        } else {
            self.regex.find_iter(text).for_each(|found| see(found.range(), found.range()));
        }
    }

    /// How sure a match is, and whether nothing but the pattern says so.
    fn score(&self, text: &str, span: Range<usize>, is_named: bool) -> (f64, bool) {
        let stands_near = |phrases: &[String]| {
            let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
            !phrases.is_empty() && has_context(text, span.clone(), &phrases)
        };
        let mut score = (self.score, true);
        if stands_near(&self.keywords) {
            score = (self.near.max(score.0), false);
        }
        if is_named || stands_near(&self.names) {
            score = (self.named.max(score.0), false);
        }
        score
    }
}

/// The expression, and the least bytes it matches; else what is wrong with it.
fn compiled(pattern: &str) -> Result<(Regex, usize), String> {
    let regex = RegexBuilder::new(pattern)
        .size_limit(COMPILED_BYTES_MAX)
        .dfa_size_limit(CACHE_BYTES_MAX)
        .build()
        .map_err(|error| error.to_string())?;
    let syntax = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    let properties = syntax.properties();
    let bytes_min = properties.minimum_len().unwrap_or(0);
    if bytes_min == 0 {
        return Err(format!("`{pattern}` matches the empty text, which stands everywhere; let it match something"));
    }
    match properties.maximum_len() {
        None => {
            return Err(format!(
                "what `{pattern}` matches may have any length; write a greatest one, such as `{{1,64}}` for `+` and `{{0,64}}` for `*`"
            ));
        }
        Some(bytes) if bytes > MATCH_BYTES_MAX => {
            return Err(format!(
                "what `{pattern}` matches may be {bytes} bytes long, and {MATCH_BYTES_MAX} are the most; `\\d`, `\\w` and `.` count four bytes a character, `[0-9]` and `[A-Za-z]` one"
            ));
        }
        Some(_) => {}
    }
    if let Some(other) = regex.capture_names().flatten().find(|name| *name != VALUE) {
        return Err(format!("the group `{other}` means nothing; a group named `{VALUE}` says what counts of a match"));
    }
    Ok((regex, bytes_min))
}
