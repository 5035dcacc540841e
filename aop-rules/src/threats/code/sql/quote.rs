//! The quotation mark by which a value may end the string it stands in.

/// The quotation mark that would end the string which a value is put in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub(super) at: usize,
    pub(super) mark: u8,
    /// Whether what stands before it may be a value: no sign that programs are made of.
    pub(super) is_behind_value: bool,
    /// Whether it stands where one begins a quotation: behind a blank.
    pub(super) opens: bool,
    /// Whether it may mean inches: behind a digit.
    pub(super) is_inches: bool,
}

impl Quote {
    /// Nothing where it only begins a string of a program, as behind `=` and `(`.
    pub(super) fn new(text: &[u8], start: usize, at: usize) -> Option<Self> {
        let before = &text[start..at];
        let trimmed = before.trim_ascii_end();
        if matches!(trimmed.last(), Some(b'=' | b'(' | b'[' | b'{' | b',' | b':' | b'<' | b'>')) && trimmed.len() > 1 {
            return None;
        }
        let is_code = |byte: &u8| matches!(byte, b'=' | b'(' | b'{' | b'[' | b'<' | b'>' | b';' | b'\n');
        // In a span of code in Markdown it is quoted, not put in.
        let in_span = memchr::memchr_iter(b'`', before).count() % 2 == 1
            && before.split(u8::is_ascii_whitespace).filter(|word| word.len() > 1).count() > SPAN_WORDS_MIN;
        if in_span && memchr::memchr(b'`', &text[at..]).is_some() {
            return None;
        }
        let last = before.last();
        Some(Self {
            at,
            mark: text[at],
            is_behind_value: before.len() <= VALUE_BEFORE_MAX && !before.iter().any(is_code),
            opens: last.is_some_and(u8::is_ascii_whitespace),
            is_inches: last.is_some_and(u8::is_ascii_digit),
        })
    }
}

/// Fewer words before a span of code are a value.
const SPAN_WORDS_MIN: usize = 3;

/// A longer text before the quotation mark is prose or a program.
const VALUE_BEFORE_MAX: usize = 100;
