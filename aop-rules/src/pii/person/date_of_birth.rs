//! Dates of birth: a date that a key or a label says somebody was born on.

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

use super::date;

/// Finds `DATE_OF_BIRTH`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/date-of-birth",
        summary: "date of birth",
        why: "With a name it tells one person from all others, and banks and doctors ask for it to know who calls. Any other \
              date is left alone: a key or the words before have to speak of a birth.",
        source: "NIST SP 800-122, section 2.2 (linkable information); 45 CFR 164.514(b)(2)(i)(C)",
        ..Rule::PII
    },
    entity: "DATE_OF_BIRTH",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("birth"),
            Anchor::Literal("birthdate"),
            Anchor::Literal("birthday"),
            Anchor::Literal("born"),
            Anchor::Literal("dob"),
            Anchor::Literal("d.o.b"),
            Anchor::Literal("geboren"),
            Anchor::Literal("geburtsdatum"),
            Anchor::Literal("naissance"),
            Anchor::Literal("nacimiento"),
            Anchor::Literal("nascita"),
            Anchor::Literal("nascimento"),
            Anchor::Literal("geboortedatum"),
            Anchor::Literal("né le"),
            Anchor::Literal("née le"),
            Anchor::Literal("nacido"),
            Anchor::Literal("nacida"),
            Anchor::Literal("nato il"),
            Anchor::Literal("nata il"),
            Anchor::Literal("рождения"),
            Anchor::Literal("родился"),
            Anchor::Literal("родилась"),
            Anchor::Literal("生年月日"),
            Anchor::Literal("出生日期"),
            Anchor::Literal("生日"),
            Anchor::Literal("생년월일"),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "DOB: 1984-07-23",
        "date of birth (DOB) 23.07.1984",
        "She was born on 7/23/1984.",
        "born in Ghent on 23 July 1984",
        "Geburtsdatum: 23. Juli 1984",
        "née le; date de naissance : 23/07/1984",
        "Il est né le 23 juillet 1984 à Gand",
        "née le 23/07/1984",
        "生年月日：1984年7月23日",
        "出生日期1984年7月23日",
        "생년월일 1984년 7월 23일",
        "Дата рождения: 23.07.1984",
        r#"{"生年月日": "1984年7月23日"}"#,
        r#"{"dob": "1984-07-23"}"#,
        r#"{"dateOfBirth": "19840723"}"#,
        r#"{"birth_date": 19840723}"#,
        r#"{"patient": {"birthday": "July 23, 1984"}}"#,
    ],
    misses: &[
        "1984-07-23",
        "released on 1984-07-23",
        "born to run",
        "airborne 7/23/1984",
        "dob 1984-17-23",
        r#"{"created": "1984-07-23"}"#,
        r#"{"birth_place": "Ghent"}"#,
        r#"{"dob": "1784-07-23"}"#,
        "est né le projet, 1984",
        "発行日：1984年7月23日",
        "дата выдачи 23.07.1984",
    ],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "dob",
    "date of birth",
    "dateofbirth",
    "birth date",
    "birthdate",
    "birthday",
    "birth day",
    "born",
    "born on",
    "geburtsdatum",
    "date de naissance",
    "date naissance",
    "fecha de nacimiento",
    "fecha nacimiento",
    "data di nascita",
    "data nascita",
    "data de nascimento",
    "data nascimento",
    "geboortedatum",
    "дата рождения",
    "生年月日",
    "出生日期",
    "생년월일",
];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let is_keyed = candidate.is_keyed;
    let start = if is_keyed { candidate.start } else { behind_label(candidate)? };
    let (length, year) = date::leading(candidate.text.get(start..)?)?;
    let end = start + length;
    let is_life = year < 100 || (YEAR_MIN..YEAR_AFTER_LAST).contains(&year);
    let is_all = !is_keyed || end == candidate.end;
    (is_life && is_all && candidate.stands_alone(start..end)).then_some(Match {
        start,
        end,
        score: if is_keyed { 0.95 } else { 0.9 },
    })
}

/// Years in which somebody was born who may be alive, or was within living memory.
const YEAR_MIN: u32 = 1880;
const YEAR_AFTER_LAST: u32 = 2100;

/// Where the date begins behind the label at the anchor: at once, or after the few words of `born in Ghent on`.
fn behind_label(candidate: &Candidate<'_>) -> Option<usize> {
    let start = value_start(candidate)?;
    let text = candidate.text;
    let is_date = |at: &usize| text.is_char_boundary(*at) && date::leading(&text[*at..]).is_some();
    let may_begin =
        |at: &usize| text.as_bytes()[*at].is_ascii_alphanumeric() && !text.as_bytes()[*at - 1].is_ascii_alphanumeric();
    if is_date(&start) {
        return Some(start);
    }
    let near = text.as_bytes()[start..].iter().take(WORDS_BYTES_MAX);
    let length = near.take_while(|byte| !matches!(byte, b'\n' | b';' | b'.')).count();
    (start..start + length).filter(may_begin).take(WORDS_MAX).find(is_date)
}

/// How far behind its label a date is looked for, in bytes and in words.
const WORDS_BYTES_MAX: usize = 40;
const WORDS_MAX: usize = 6;
