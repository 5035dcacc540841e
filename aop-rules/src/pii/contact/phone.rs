//! Telephone numbers: international ones by the numbering plan, national ones by their grouping or by what the text says.

use aop_toon::{Effect, Severity};

use super::plan::{self, National};
use crate::rule::Rule;
use crate::scan::site::{follows_technical_name, has_context, is_amount_of};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::words;

/// Finds `PHONE_NUMBER`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/phone",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "telephone number",
        why: "A number reaches a person and often is their login. Left alone: dates, versions, amounts, ids and \
              times, and digits that are grouped as no phone number is, unless a key or a word before says phone.",
        source: "ITU-T E.164 and the list of assigned country codes (lengths); the grouping that national regulators and \
                 ITU-T E.123 recommend",
        ..Rule::PII
    },
    entity: "PHONE_NUMBER",
    region: None,
    look: Look::Code { anchors: &[Anchor::Digits(6), Anchor::Named(NAMES)], verify },
    hits: &[
        "ring +44 20 7946 0018 after six",
        "+49 (0)30 901820",
        "+1-415-555-0174x12",
        "0041 44 668 18 00",
        "(415) 555-0174",
        "(415)555-0174",
        "415-555-0174",
        "1-415-555-0174",
        "+442079460018",
        "tel:+442079460018",
        "tel-415-555-0174",
        r#"{"message": "ask for (415) 555-0174 or leave a note"}"#,
        "01 99 00 12 34 or 0412 345 678",
        "Phone: 4155550174",
        "Fax no. 555 0174",
        "60 12 34 56-Office",
        "please call me at 60 12 34 56",
        "Tel. (72) 512-345",
        "mobile\\n0470 12 34 56",
        "Tel. 030/901820",
        "手机号13800138000",
        "电话：13800138000",
        "тел. 4951234567",
        r#"{"phone_number": "4155550174"}"#,
        r#"{"name": "mobile", "value": 4155550174}"#,
        r#"{"customer": {"tel": "030/901820"}}"#,
    ],
    misses: &[
        "4155550174",
        "created_at=1768204917",
        "order 415-555-0174-9",
        "order #4155550174",
        "ISBN 978-3-16-148410-0",
        "phone built 2024-03-15",
        "phone 12.03.2024",
        "host 10.20.30.40",
        "$415.555.0174",
        "0.4155550174",
        "+1 015 555 0174",
        "+999 123 456 789",
        "a+442079460018",
        "437 762 686 333",
        "call 4155550174 returned",
        "page#section-415-555-0174",
        "read 415-555-0174 bytes",
        "e-ticket 003-4809286328",
        r#"{"phone_id": "4155550174"}"#,
        r#"{"count": 4155550174}"#,
        r#"{"phone": "yes"}"#,
        "path 030/901820",
        "序号13800138000",
        r#"{"phones_sold": 4155552671}"#,
        r#"{"phone_count": "415 555 2671"}"#,
    ],
}];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let number = Number::around(candidate)?;
    let found = number.international(candidate).or_else(|| number.national(candidate))?;
    let end = found.end + extension(&candidate.bytes()[found.end..]);
    let is_cut = candidate.byte(end).is_some_and(|byte| byte.is_ascii_alphanumeric()) || joins(candidate, end);
    (!is_cut).then_some(Match { end, ..found })
}

/// Whether the number goes on behind a separator: then it is a part of something longer.
fn joins(candidate: &Candidate<'_>, end: usize) -> bool {
    matches!(candidate.byte(end), Some(b'-' | b'.' | b'/' | b':' | b'_' | b'@'))
        && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit())
}

/// How long the extension at the start of `rest` is: `x12`, ` ext. 345`.
fn extension(rest: &[u8]) -> usize {
    let blank = usize::from(rest.first() == Some(&b' '));
    let Some(word) =
        EXTENSIONS.iter().find(|word| rest[blank..].get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word)))
    else {
        return 0;
    };
    let from = blank + word.len();
    let gap = rest[from..].iter().take(2).take_while(|byte| matches!(byte, b' ' | b'.' | b':')).count();
    let digits = rest[from + gap..].iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    let end = from + gap + digits;
    let fits = (1..=6).contains(&digits) && !rest.get(end).is_some_and(u8::is_ascii_alphanumeric);
    if fits { end } else { 0 }
}

const EXTENSIONS: &[&[u8]] = &[b"extension", b"extn", b"ext", b"x"];

const GROUPS_MAX: usize = 8;
const DIGITS_MAX: usize = 18;

/// A number as it is written: groups of digits, each behind at most one separator or in brackets.
struct Number {
    start: usize,
    digits: [u8; DIGITS_MAX],
    groups: [Group; GROUPS_MAX],
    count: usize,
    /// Whether a `+` stands before it.
    has_plus: bool,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// How many digits there are up to its end.
    total: usize,
    length: usize,
    end: usize,
    /// What parts it from the group before; 0 for nothing but a bracket.
    separator: u8,
    is_bracketed: bool,
}

impl Number {
    /// The number that the anchor belongs to; nothing when it has too few digits, or begins within something else.
    fn around(candidate: &Candidate<'_>) -> Option<Self> {
        let bytes = candidate.bytes();
        let (start, is_whole) = match bytes.get(candidate.start)? {
            byte if byte.is_ascii_digit() => (begin(bytes, candidate.start), false),
            // The whole of a value.
            b'+' | b'(' => (candidate.start, true),
            _ => return None,
        };
        let has_plus = bytes[start] == b'+' || bytes[start..].starts_with(b"(+");
        let before = candidate.byte_before(start);
        let is_inside = match before {
            Some(b'+' | b'$' | b'#' | b'%' | b'~' | b'^') => true,
            Some(b'-' | b'.' | b':' | b'_') => {
                !has_plus
                    && start.checked_sub(2).is_some_and(|at| bytes[at].is_ascii_alphanumeric())
                    && !is_label_end(candidate.text, start)
            }
            _ => !candidate.begins_word(start),
        };
        let number = Self::parse(bytes, start, has_plus);
        (is_whole || !is_inside).then_some(number).filter(|number| number.total() >= DIGITS_MIN)
    }

    fn parse(bytes: &[u8], start: usize, has_plus: bool) -> Self {
        let mut number = Self { start, digits: [0; DIGITS_MAX], groups: [Group::default(); GROUPS_MAX], count: 0, has_plus };
        let mut at = start + usize::from(bytes[start] == b'+');
        let mut separator = 0;
        while number.count < GROUPS_MAX {
            let is_bracketed = bytes.get(at) == Some(&b'(');
            let from = at + usize::from(is_bracketed) + usize::from(bytes[at..].starts_with(b"(+"));
            let room = DIGITS_MAX - number.total();
            let length =
                bytes.get(from..).unwrap_or_default().iter().take(room + 1).take_while(|byte| byte.is_ascii_digit()).count();
            let end = from + length + usize::from(is_bracketed);
            let is_closed = !is_bracketed || (bytes.get(end - 1) == Some(&b')') && length <= BRACKETED_DIGITS_MAX);
            if length == 0 || length > room || !is_closed {
                break;
            }
            // `+41 (0)44`: the zero is dialled within the country only.
            let is_dialled_within = is_bracketed && number.count > 0 && &bytes[from..from + length] == b"0";
            if is_dialled_within {
                separator = if separator == 0 { b' ' } else { separator };
            } else {
                let total = number.total();
                number.digits[total..total + length].copy_from_slice(&bytes[from..from + length]);
                number.groups[number.count] = Group { total: total + length, length, end, separator, is_bracketed };
                number.count += 1;
                separator = 0;
            }
            at = end;
            if let Some(&byte @ (b' ' | b'-' | b'.' | b'/')) = bytes.get(at) {
                separator = byte;
                at += 1;
            } else if !is_bracketed && bytes.get(at) != Some(&b'(') {
                break;
            }
            // A blank behind hyphens or full stops ends the number: `555-0174 12 Main Street`.
            let last = number.count.checked_sub(1).map_or(0, |last| number.groups[last].separator);
            if separator == b' ' && matches!(last, b'-' | b'.') {
                break;
            }
        }
        number
    }

    fn total(&self) -> usize {
        self.count.checked_sub(1).map_or(0, |last| self.groups[last].total)
    }

    fn groups(&self) -> &[Group] {
        &self.groups[..self.count]
    }

    fn digits(&self) -> &[u8] {
        &self.digits[..self.total()]
    }

    /// A number with the country's code: behind a plus, or behind the zeros one dials first.
    fn international(&self, candidate: &Candidate<'_>) -> Option<Match> {
        let zeros = match self.digits() {
            _ if self.has_plus => 0,
            // Three digits are the zeros and a code of one digit, which two countries have.
            [b'0', b'0', next, ..] if self.groups[0].length != 3 || matches!(next, b'1' | b'7') => 2,
            [b'0', b'1', b'1', ..] if self.groups[0].length == 3 => 3,
            _ => return None,
        };
        let group = self.groups().iter().rev().find(|group| {
            group.total >= zeros + PLUS_DIGITS_MIN && plan::fits(&self.digits[zeros..group.total]).is_some()
        })?;
        let is_grouped = self.count > 1;
        let score = match zeros {
            0 => 0.9,
            _ if is_grouped && !self.is_table(group) => 0.7,
            _ if says_phone(candidate, self.start, group.end, is_grouped) => 0.9,
            _ => 0.2,
        };
        Some(Match { start: self.start, end: group.end, score })
    }

    /// A number as it is dialled within a country.
    fn national(&self, candidate: &Candidate<'_>) -> Option<Match> {
        if self.has_plus || (candidate.is_technical && !candidate.is_named) {
            return None;
        }
        let form = self.known_form(candidate);
        let is_said = |end| says_phone(candidate, self.start, end, self.count > 1);
        if let Some((form, end)) = form.filter(|_| !follows_technical(candidate.text, self.start)) {
            let score = if is_said(end) { 0.95 } else { form.score };
            return (score > 0.5 || !is_amount_of(candidate.text, end)).then_some(Match { start: self.start, end, score });
        }
        if self.count == GROUPS_MAX {
            return None; // a table's row
        }
        let last = self.groups().iter().rev().find(|group| (DIGITS_MIN..=NATIONAL_DIGITS_MAX).contains(&group.total))?;
        let groups = &self.groups()[..=self.groups().iter().position(|group| group.end == last.end)?];
        if form.is_some()
            || !is_plausible(groups, &self.digits[..last.total])
            || self.is_inside_a_token(candidate, last.end)
            || follows_technical(candidate.text, self.start)
        {
            return None;
        }
        let is_compact_north_american =
            groups.len() == 1 && last.total == 10 && self.digits[0] >= b'2' && self.digits[3] >= b'2';
        let score = if is_said(last.end) {
            if groups.len() > 1 { 0.85 } else { 0.75 }
        } else if is_compact_north_american || self.digits[0] == b'0' {
            0.15
        } else {
            return None;
        };
        Some(Match { start: self.start, end: last.end, score })
    }

    /// The grouping that the number has, and where it ends; no further digits may follow in the same way.
    fn known_form(&self, candidate: &Candidate<'_>) -> Option<(&'static National, usize)> {
        let forms = if self.groups[0].is_bracketed { plan::BRACKETED } else { plan::GROUPED };
        let form = forms.iter().find(|form| {
            let Some(groups) = self.groups().get(..form.groups.len()) else { return false };
            let separator = groups[groups.len() - 1].separator;
            groups.iter().zip(form.groups).all(|(group, length)| group.length == usize::from(*length))
                && form.separators.contains(&separator)
                && groups[1..].iter().all(|group| group.separator == separator || matches!(group.separator, 0 | b' '))
                && form.lead.iter().zip(&self.digits).all(|(allowed, digit)| allowed.contains(digit))
                && !(groups.len() < self.count && self.groups[groups.len()].separator == separator)
        })?;
        let follows_number = candidate.byte_before(self.start) == Some(b' ')
            && self.start >= 2
            && candidate.bytes()[self.start - 2].is_ascii_digit()
            && self.groups[1].separator == b' '
            && !self.groups[0].is_bracketed;
        (!follows_number).then(|| (form, self.groups[form.groups.len() - 1].end))
    }

    /// Whether the digits behind the zeros go on like a table's.
    fn is_table(&self, last: &Group) -> bool {
        last.end != self.groups[self.count - 1].end || self.groups().iter().any(|group| group.length == 1)
    }

    /// Whether letters are joined to it, as in `v12-3456789` or `4155550174-a`.
    fn is_inside_a_token(&self, candidate: &Candidate<'_>, end: usize) -> bool {
        matches!(candidate.byte(end), Some(b'-' | b'_'))
            && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric())
            && !is_labelled_behind(candidate.text, end)
    }
}

const DIGITS_MIN: usize = 7;
const PLUS_DIGITS_MIN: usize = 8;
const NATIONAL_DIGITS_MAX: usize = 13;
const BRACKETED_DIGITS_MAX: usize = 5;

/// Where the number begins whose digits at `at` are an anchor: before an area code in brackets and a country code, which are
/// too short to be anchors.
fn begin(bytes: &[u8], at: usize) -> usize {
    let digits_before = |at: usize| bytes[..at].iter().rev().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let without_blank = |at: usize| at - usize::from(at > 0 && matches!(bytes[at - 1], b' ' | b'-' | b'.' | b'/'));
    let mut start = at;
    // `030/901820`: an area code that is too short to be an anchor.
    if at > 0 && bytes[at - 1] == b'/' {
        let digits = digits_before(at - 1);
        let area = at - 1 - digits;
        let is_own =
            !area.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric() || bytes[before] == b'/');
        if (3..=5).contains(&digits) && bytes[area] == b'0' && is_own {
            return area;
        }
    }
    let closing = without_blank(at);
    if closing > 0 && bytes[closing - 1] == b')' {
        let digits = digits_before(closing - 1);
        let area = closing - 1 - digits;
        match bytes[..area] {
            [.., b'('] if digits > 0 => start = area - 1,
            [.., b'(', b'+'] if digits > 0 => return area - 2,
            _ => {}
        }
        let country = without_blank(start);
        let digits = digits_before(country);
        if start < at && (1..=5).contains(&digits) && (bytes[..country - digits].ends_with(b"+") || digits == 1) {
            start = country - digits;
        }
    }
    start - usize::from(start > 0 && bytes[start - 1] == b'+')
}

/// Whether a separator before the number ends a label, such as `tel.555-0174` or `phone_555-0174`. A hyphen joins the number to
/// any other word: `section-386-555-0174`.
fn is_label_end(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let is_hyphen = bytes.get(start.wrapping_sub(1)) == Some(&b'-');
    let is_label = || words::before(text, start).next().is_some_and(|word| is_label(word) || word.is_any(LABELS_BEHIND));
    start >= 2 && bytes[start - 2].is_ascii_alphabetic() && (!is_hyphen || is_label())
}

/// Whether a number could be dialled: no date, no version, no single digits but a zero or one before the rest.
fn is_plausible(groups: &[Group], digits: &[u8]) -> bool {
    let lengths = groups.iter().map(|group| group.length);
    let singles = lengths.clone().skip(1).any(|length| length < 2);
    let first_fits = groups[0].length > 1 || matches!(digits[0], b'0' | b'1' | b'8');
    let is_repeated = digits.iter().all(|digit| *digit == digits[0]);
    let is_decimal = groups.len() == 2 && groups[1].separator == b'.';
    !singles && first_fits && !is_repeated && !is_decimal && !is_date(groups, digits) && !is_address(groups)
}

/// `2024-03-15`, `15/03/2024`, `15.03.24`, `20240315`.
fn is_date(groups: &[Group], digits: &[u8]) -> bool {
    let number =
        |from: usize, to: usize| digits[from..to].iter().fold(0u32, |value, digit| value * 10 + u32::from(digit - b'0'));
    let is_year = |year: u32| (1900..2100).contains(&year);
    let are_month_and_day =
        |one: u32, other: u32| (1..=31).contains(&one) && (1..=31).contains(&other) && (one <= 12 || other <= 12);
    match (groups.len(), digits.len()) {
        (1 | 3, 8) if groups.len() == 1 || groups[0].length == 4 => {
            is_year(number(0, 4)) && are_month_and_day(number(4, 6), number(6, 8))
        }
        (3, 8) if groups[2].length == 4 => is_year(number(4, 8)) && are_month_and_day(number(0, 2), number(2, 4)),
        (2, 8) => is_year(number(0, 4)) && is_year(number(4, 8)) || groups[0].length == 8,
        (4.., 12 | 14) if groups[0].length == 4 => is_year(number(0, 4)) && are_month_and_day(number(4, 6), number(6, 8)),
        _ => false,
    }
}

/// Four numbers with full stops: an IP address or a version.
fn is_address(groups: &[Group]) -> bool {
    groups.len() == 4
        && groups[1..].iter().all(|group| group.separator == b'.')
        && groups.iter().all(|group| group.length <= 3)
}

/// Whether a key or the words near the number say that it is dialled. Digits without any grouping need the label right
/// before them.
fn says_phone(candidate: &Candidate<'_>, start: usize, end: usize, is_grouped: bool) -> bool {
    let text = candidate.text;
    (text.len() <= VALUE_BYTES_MAX && candidate.is_named && !candidate.is_technical)
        || is_labelled(text, start)
        || is_labelled_behind(text, end)
        || (is_grouped && has_context(text, start..end, PHRASES))
}

/// Whether the word before the number names a technical thing. `call me at` and `US:` are words of their own; in `created_at`
/// and `latency_us` they are not.
fn follows_technical(text: &str, start: usize) -> bool {
    let stands_alone = |word: words::Word<'_>| {
        word.is_any(&["at", "us", "time"])
            && !word.start.checked_sub(1).is_some_and(|at| matches!(text.as_bytes()[at], b'_' | b'-' | b'.'))
    };
    follows_technical_name(text, start) && !words::before(text, start).next().is_some_and(stands_alone)
}

/// A value that is a number, with a note at most.
const VALUE_BYTES_MAX: usize = 40;

/// Whether the word right behind the number is a label, as in a letterhead: `555 0174-Fax`.
fn is_labelled_behind(text: &str, end: usize) -> bool {
    words::after(text, end).next().is_some_and(|word| word.start - end <= 3 && word.is_any(LABELS_BEHIND))
}

const LABELS_BEHIND: &[&str] = &["office", "fax", "mobile", "cell", "landline"];

/// Whether the nearest word before the number that is no filler is a label.
fn is_labelled(text: &str, start: usize) -> bool {
    let mut end = start;
    for word in words::before(text, start).take(4) {
        if end - word.end > 4 {
            return false;
        }
        end = word.start;
        if is_label(word) {
            return true;
        }
        if !word.is_any(FILLERS) {
            return false;
        }
    }
    false
}

/// Whether a word names a number to dial. Where no blanks are written it may stand anywhere in the run: `我的手机号是`.
fn is_label(word: words::Word<'_>) -> bool {
    word.is_any(LABELS) || WIDE_LABELS.iter().any(|label| word.text.contains(label))
}

const WIDE_LABELS: &[&str] = &["电话", "手机", "電話", "手機", "携帯", "전화", "휴대폰", "телефон", "Телефон", "мобильный"];

const FILLERS: &[&str] = &[
    "number", "numbers", "no", "nr", "num", "is", "at", "on", "the", "my", "your", "me", "us", "to", "or", "line", "s", "n",
    "numaram",
];

/// Words that name a number to dial.
const LABELS: &[&str] = &[
    "phone",
    "phones",
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "teléfono",
    "téléphone",
    "telefone",
    "telefoon",
    "telepono",
    "mobile",
    "mobil",
    "móvil",
    "cell",
    "cellphone",
    "cellular",
    "celular",
    "cellulare",
    "handy",
    "landline",
    "fax",
    "whatsapp",
    "sms",
    "hotline",
    "helpline",
    "msisdn",
    "desk",
    "pager",
    "cep",
    "gsm",
    "phonenumber",
    "telno",
    "dial",
    "тел",
    "Тел",
    "моб",
];

/// Phrases near a number that is to be dialled.
const PHRASES: &[&str] = &[
    "phone",
    "phones",
    "tel",
    "telephone",
    "telefon",
    "teléfono",
    "téléphone",
    "mobile",
    "cell",
    "cellphone",
    "fax",
    "landline",
    "whatsapp",
    "sms",
    "hotline",
    "voicemail",
    "dial",
    "call me",
    "call us",
    "call him",
    "call her",
    "call them",
    "call back",
    "ring me",
    "text me",
    "reach me",
    "reach us",
    "reach him",
    "reach her",
    "contact me",
    "contact us",
    "contact number",
    "answering at",
    "messages to",
    "message to",
    "registered number",
    "my registered",
    "rufnummer",
    "numéro",
];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "phone",
    "phones",
    "phone number",
    "phone no",
    "phonenumber",
    "mobile",
    "mobile number",
    "mobile phone",
    "cell",
    "cell phone",
    "tel",
    "telephone",
    "telefon",
    "fax",
    "fax number",
    "landline",
    "msisdn",
    "whatsapp",
    "contact number",
    "contact no",
    "rufnummer",
    "handy",
    "teléfono",
    "telefono",
    "téléphone",
    "telefone",
    "celular",
    "móvil",
];
