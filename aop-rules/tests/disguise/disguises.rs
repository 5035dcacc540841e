//! The disguiser: thirty-three ways to write an attack so that a reader still reads it and a matcher does not.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A disguise and its name.
pub(crate) type Disguise = (&'static str, fn(&str) -> String);

/// All of them.
pub(crate) const DISGUISES: [Disguise; 33] = [
    ("zero width", zero_width),
    ("look-alikes", lookalikes),
    ("full width", full_width),
    ("mathematical", mathematical),
    ("marks", marks),
    ("tags", tags),
    ("spaced", spaced),
    ("spaced widely", spaced_widely),
    ("a letter a line", lined),
    ("dotted", dotted),
    ("dotted widely", dotted_widely),
    ("dashed widely", dashed_widely),
    ("leet", leet),
    ("case and signs", case_and_signs),
    ("base64", base64),
    ("hex", hex),
    ("percent", percent),
    ("html", html),
    ("rot13", rot13),
    ("reversed", reversed),
    ("emphasis", emphasis),
    ("empty tags", empty_tags),
    ("octal", octal),
    ("base64 in lines", base64_in_lines),
    ("base64 of UTF-16", base64_wide),
    ("rot13 and spaced", rot13_spaced),
    ("zero width for blanks", |text| blanks(text, "\u{200B}")),
    ("soft hyphens for blanks", |text| blanks(text, "\u{AD}")),
    ("fillers for blanks", |text| blanks(text, "\u{3164}")),
    ("hex in lines", |text| in_lines(&hex(text), 64)),
    ("base64 behind a poisoned line", poisoned),
    ("leet at the ends", leet_ends),
    ("split words", split_words),
];

/// The first two letters of each word as strong ones.
fn emphasis(text: &str) -> String {
    words(text, |word| match word.char_indices().nth(2) {
        Some((at, _)) => format!("**{}**{}", &word[..at], &word[at..]),
        None => word.to_owned(),
    })
}

/// An element without anything in it behind each word's first letter.
fn empty_tags(text: &str) -> String {
    words(text, |word| match word.char_indices().nth(1) {
        Some((at, _)) => format!("{}<b></b>{}", &word[..at], &word[at..]),
        None => word.to_owned(),
    })
}

fn octal(text: &str) -> String {
    each_byte(text, |out, byte| write!(out, "\\{byte:03o}"))
}

/// Lines of twenty characters.
fn base64_in_lines(text: &str) -> String {
    in_lines(&STANDARD.encode(text), 20)
}

fn in_lines(encoded: &str, length: usize) -> String {
    let lines: Vec<String> =
        encoded.as_bytes().chunks(length).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    lines.join("\n")
}

/// Lines of forty characters, of which the first says letters and then nothing that is text.
fn poisoned(text: &str) -> String {
    format!("{}{}\n{}", STANDARD.encode("oooooooooooo"), "A".repeat(24), in_lines(&STANDARD.encode(text), 40))
}

/// What shows nothing in the place of every second blank.
fn blanks(text: &str, sign: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let pairs: Vec<String> = words.chunks(2).map(|pair| pair.join(sign)).collect();
    pairs.join(" ")
}

/// A digit for the first letter of each word of five letters or more, or else for the last.
fn leet_ends(text: &str) -> String {
    const LETTERS_MIN: usize = 5;
    words(text, |word| {
        if word.chars().count() < LETTERS_MIN {
            return word.to_owned();
        }
        let mut letters: Vec<String> = word.chars().map(|letter| letter.to_string()).collect();
        let last = letters.len() - 1;
        let first = leet(&letters[0]);
        let place = if first == letters[0] { last } else { 0 };
        letters[place] = leet(&letters[place]);
        letters.concat()
    })
}

/// A sign within each word of six letters or more, before its third letter from the end.
fn split_words(text: &str) -> String {
    const LETTERS_MIN: usize = 6;
    words(text, |word| match word.char_indices().rev().nth(2) {
        Some((at, _)) if word.chars().count() >= LETTERS_MIN => format!("{}_{}", &word[..at], &word[at..]),
        _ => word.to_owned(),
    })
}

fn base64_wide(text: &str) -> String {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    STANDARD.encode(bytes)
}

/// The second and the third letter of each longer word in each other's place.
pub(crate) fn letters_swapped(text: &str) -> String {
    const LETTERS_MIN: usize = 7;
    words(text, |word| {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() >= LETTERS_MIN {
            letters.swap(1, 2);
        }
        letters.into_iter().collect()
    })
}

/// Rot13 with a space between all letters.
fn rot13_spaced(text: &str) -> String {
    spaced(&rot13(text))
}

/// A zero-width space between the letters of each word.
fn zero_width(text: &str) -> String {
    words(text, |word| join(word, "\u{200B}"))
}

/// Letters of other scripts for all that have one.
fn lookalikes(text: &str) -> String {
    let pairs = "aаcсeеiіoоpрsѕxхyуjјhһnոgɡdԁAАBВCСEЕHНIІKКMМOОPРSЅTТXХ";
    let drawn: Vec<char> = pairs.chars().collect();
    let pair = |letter: char| drawn.chunks(2).find(|pair| pair[0] == letter).map_or(letter, |pair| pair[1]);
    text.chars().map(pair).collect()
}

/// ASCII as full-width forms, with ideographic spaces.
fn full_width(text: &str) -> String {
    text.chars().map(|letter| if letter == ' ' { '\u{3000}' } else { moved(letter, '!'..='~', 0xFEE0) }).collect()
}

/// Letters as mathematical bold ones.
fn mathematical(text: &str) -> String {
    let bold = |letter: char| match letter {
        'A'..='Z' => moved(letter, 'A'..='Z', 0x1D400 - 'A' as u32),
        letter => moved(letter, 'a'..='z', 0x1D41A - 'a' as u32),
    };
    text.chars().map(bold).collect()
}

/// One to three combining marks on each letter.
fn marks(text: &str) -> String {
    const MARKS: [char; 7] = ['\u{301}', '\u{336}', '\u{323}', '\u{35C}', '\u{489}', '\u{308}', '\u{1DC4}'];
    let mut out = String::new();
    for (at, letter) in text.chars().enumerate() {
        out.push(letter);
        if letter.is_alphabetic() {
            out.extend((0..=at % 3).map(|number| MARKS[(at + number * 2) % MARKS.len()]));
        }
    }
    out
}

/// Tag characters behind a sentence that says nothing.
fn tags(text: &str) -> String {
    let hidden: String = text.chars().map(|letter| moved(letter, ' '..='~', 0xE0000)).collect();
    format!("What a nice day it is.{hidden}")
}

/// A space between all letters, and so three between words.
fn spaced(text: &str) -> String {
    join(text, " ")
}

/// Full stops between the letters of each word.
fn dotted(text: &str) -> String {
    words(text, |word| join(word, "."))
}

/// Two spaces between all letters.
fn spaced_widely(text: &str) -> String {
    join(text, "  ")
}

/// A letter a line, as mail ends lines.
fn lined(text: &str) -> String {
    join(text, "\r\n")
}

/// Full stops between the letters of each word, and blanks around them; more blanks between words.
fn dotted_widely(text: &str) -> String {
    words(&text.replace(' ', "   "), |word| join(word, " . "))
}

/// As [`dotted_widely`], with dashes.
fn dashed_widely(text: &str) -> String {
    words(&text.replace(' ', "   "), |word| join(word, " - "))
}

/// Digits and signs for letters.
fn leet(text: &str) -> String {
    let digit = |letter: char| match letter.to_ascii_lowercase() {
        'a' => '4',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        's' => '5',
        't' => '7',
        _ => letter,
    };
    text.chars().map(digit).collect()
}

/// Every second letter a capital, and a sign behind each word that has none.
fn case_and_signs(text: &str) -> String {
    const SIGNS: [&str; 4] = [",", "!", "...", "*"];
    let mut out = String::new();
    for (number, word) in text.split_inclusive(char::is_whitespace).enumerate() {
        let letters = word.trim_end();
        for (at, letter) in letters.chars().enumerate() {
            out.push(if at % 2 == 0 { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() });
        }
        if letters.ends_with(char::is_alphanumeric) {
            out.push_str(SIGNS[number % SIGNS.len()]);
        }
        out.push_str(&word[letters.len()..]);
    }
    out
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn hex(text: &str) -> String {
    each_byte(text, |out, byte| write!(out, "{byte:02x}"))
}

fn percent(text: &str) -> String {
    each_byte(text, |out, byte| write!(out, "%{byte:02X}"))
}

/// Numeric character references, in a comment.
fn html(text: &str) -> String {
    let references = text.chars().map(|letter| format!("&#{};", letter as u32)).collect::<String>();
    format!("<p>Hello</p><!-- {references} -->")
}

fn rot13(text: &str) -> String {
    let rotated = |letter: char| match letter {
        'a'..='m' | 'A'..='M' => char::from(letter as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(letter as u8 - 13),
        other => other,
    };
    text.chars().map(rotated).collect()
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// A character of a range so many places further on.
fn moved(letter: char, range: std::ops::RangeInclusive<char>, by: u32) -> char {
    if range.contains(&letter) { char::from_u32(letter as u32 + by).expect("there are letters there") } else { letter }
}

fn join(text: &str, between: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(between)
}

/// Each run of letters and digits, written otherwise.
fn words(text: &str, mut write: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_alphanumeric() {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            out.push_str(&write(&std::mem::take(&mut word)));
        }
        out.push(letter);
    }
    out.pop();
    out
}

fn each_byte(text: &str, write: impl Fn(&mut String, u8) -> std::fmt::Result) -> String {
    let mut out = String::new();
    text.bytes().for_each(|byte| write(&mut out, byte).expect("a string takes what it is given"));
    out
}
