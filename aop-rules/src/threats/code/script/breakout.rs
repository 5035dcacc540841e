//! Values that end the attribute or the string of a script that they stand in.

use super::markup::{Attributes, Budget, is_handler, local};
use super::style;
use crate::text::words::begins_with;

/// Attributes of a page that a value brings along: from its first byte, or behind the quotation mark that ends the value.
pub(super) fn of_attribute(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let last_sign = memchr::memrchr(b'=', bytes)?;
    let quotes = [b'"', b'\'', b'`'].into_iter().filter_map(|quote| memchr::memchr(quote, &bytes[..last_sign]));
    let begins = std::iter::once(0).chain(quotes.map(|at| at + 1));
    begins.filter_map(|start| attributes_from(text, start)).min()
}

fn attributes_from(text: &str, start: usize) -> Option<(usize, usize)> {
    let is_begin = start == 0;
    let mut before = start;
    let mut bare = 0;
    let budget = Budget::default();
    for attribute in Attributes::new(text, start, &budget).take(ATTRIBUTES_MAX) {
        let name = local(attribute.name).trim_start_matches('+');
        let value = attribute.value.unwrap_or_default();
        if is_known_event(name) && runs_something(value) {
            return Some((before, attribute.end));
        }
        if !is_begin && name.eq_ignore_ascii_case("style") && style::acts(value, false) {
            return Some((before, attribute.end));
        }
        // Prose: words without values.
        if is_begin && attribute.value.is_none() && !attribute.name.is_empty() && before != start {
            return None;
        }
        bare += usize::from(attribute.value.is_none());
        if bare > BARE_MAX {
            return None;
        }
        before = attribute.end;
    }
    None
}

/// So many words without a value may stand among attributes before it is prose.
const BARE_MAX: usize = 3;

const ATTRIBUTES_MAX: usize = 8;

/// Whether a name is of an event that browsers know; where no tag is around it, the form alone is not enough.
fn is_known_event(name: &str) -> bool {
    const EVENTS: &[&str] = &[
        "abort",
        "activate",
        "afterprint",
        "animationend",
        "animationstart",
        "animationiteration",
        "auxclick",
        "beforeinput",
        "beforeload",
        "beforeprint",
        "beforeunload",
        "begin",
        "blur",
        "bounce",
        "canplay",
        "change",
        "click",
        "contextmenu",
        "copy",
        "cut",
        "dblclick",
        "drag",
        "dragend",
        "dragenter",
        "dragover",
        "dragstart",
        "drop",
        "end",
        "ended",
        "error",
        "finish",
        "focus",
        "focusin",
        "focusout",
        "formchange",
        "hashchange",
        "input",
        "invalid",
        "keydown",
        "keypress",
        "keyup",
        "load",
        "loadeddata",
        "loadstart",
        "message",
        "mousedown",
        "mouseenter",
        "mouseleave",
        "mousemove",
        "mouseout",
        "mouseover",
        "mouseup",
        "mousewheel",
        "offline",
        "pagehide",
        "pageshow",
        "paste",
        "play",
        "playing",
        "pointerdown",
        "pointerenter",
        "pointermove",
        "pointerover",
        "pointerup",
        "popstate",
        "progress",
        "propertychange",
        "readystatechange",
        "repeat",
        "reset",
        "resize",
        "scroll",
        "search",
        "select",
        "show",
        "start",
        "storage",
        "submit",
        "timeupdate",
        "toggle",
        "touchend",
        "touchmove",
        "touchstart",
        "transitionend",
        "unload",
        "volumechange",
        "waiting",
        "wheel",
    ];
    is_handler(name) && EVENTS.iter().any(|event| name[2..].eq_ignore_ascii_case(event))
}

/// Whether an event's value is one: it is there, and no function of a program that is assigned.
fn runs_something(value: &str) -> bool {
    let value = value.trim_start();
    !value.is_empty() && !value.starts_with(['{', '(', '>']) && !value.starts_with("function") && !value.starts_with("async")
}

/// `';alert(1)//`: a string of a script is ended and a call follows.
pub(super) fn of_script(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    [b'\'', b'"', b'`'].into_iter().find_map(|quote| {
        let at = memchr::memchr(quote, bytes)?;
        let before = &bytes[..at];
        let is_value = before.len() <= VALUE_BEFORE_MAX
            && !before.iter().any(|byte| matches!(byte, b'(' | b'=' | b'{' | b'[' | b'\n' | b'<' | b':'));
        let behind =
            bytes[at + 1..].iter().position(|byte| !matches!(byte, b' ' | b')' | b'}' | b']' | b'\'' | b'"'))? + at + 1;
        let goes_on = matches!(
            bytes[behind],
            b';' | b'-' | b'+' | b'*' | b'/' | b'|' | b'&' | b'^' | b'%' | b'?' | b',' | b'<' | b'>' | b'\n'
        ) || bytes[behind..].starts_with(b"in ")
            || bytes[behind..].starts_with(b"=");
        if !is_value || !goes_on {
            return None;
        }
        let end = text.floor_char_boundary((behind + SCRIPT_BYTES_MAX).min(text.len()));
        let rest = text.get(text.ceil_char_boundary(behind + 1)..end)?;
        let call = sink(rest)?;
        Some((at, behind + 1 + call))
    })
}

/// A longer text before the quotation mark is prose or a program.
const VALUE_BEFORE_MAX: usize = 60;

/// So much of what follows is looked at.
const SCRIPT_BYTES_MAX: usize = 160;

/// Where, in what follows an ended string, something is called that an attack calls; the byte behind it.
fn sink(rest: &str) -> Option<usize> {
    const CALLS: &[&str] = &[
        "alert",
        "confirm",
        "prompt",
        "eval",
        "settimeout",
        "setinterval",
        "function",
        "fetch",
        "import",
        "atob",
        "open",
        "print",
        "execscript",
        "constructor",
        "write",
        "writeln",
        "msgbox",
    ];
    const OBJECTS: &[&str] = &[
        "document.",
        "window.",
        "location=",
        "location.",
        "self[",
        "top[",
        "this[",
        "window[",
        "parent.",
        "localstorage.",
        "navigator.sendbeacon",
    ];
    let lower = rest.to_ascii_lowercase();
    let mut start = None;
    for (at, byte) in lower.bytes().enumerate() {
        let is_part = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        match (is_part, start) {
            (true, None) => start = Some(at),
            (false, Some(word)) => {
                let name = &lower[word..at];
                let calls = matches!(byte, b'(' | b'`') && CALLS.contains(&name);
                if calls || OBJECTS.iter().any(|object| lower[word..].starts_with(object)) {
                    return Some(at + 1);
                }
                start = None;
            }
            _ => {}
        }
    }
    None
}

/// A script as a whole that nobody would write who need not hide: functions reached through a constructor, code in base64 or
/// in numbers that is run.
pub(super) fn is_obscure_script(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    if bytes.len() > OBSCURE_BYTES_MAX {
        return None;
    }
    let signs = memchr::memchr3_iter(b'(', b'[', b'=', bytes).take(SIGNS_MAX);
    signs.into_iter().find(|&sign| is_obscure(bytes, sign)).map(|_| (0, text.len()))
}

/// A longer text is a program.
const OBSCURE_BYTES_MAX: usize = 400;

/// So many signs of a script are looked at.
const SIGNS_MAX: usize = 40;

/// Whether what stands around a sign is written so by nobody else: what ends before it, and what begins behind it.
fn is_obscure(bytes: &[u8], sign: usize) -> bool {
    const CALLS: &[(&str, &[&str])] = &[
        ("constructor.constructor(", &[""]),
        (".constructor(", &["\"", "'", "`", "atob"]),
        ("eval(", &["atob(", "string.from", "unescape(", "decodeuri", "name)", "location", "window.name"]),
        ("alert(", &["document.cookie", "document.domain", "string.from"]),
        ("document.write(", &["string.from", "unescape("]),
        ("](", &["!+[]", "!![]", "+[]"]),
        ("(", &["![]+[])[", "!![]+[])["]),
        ("window[", &["'eval'", "\"eval\"", "'alert'", "\"alert\""]),
        ("self[", &["'eval'", "\"eval\"", "'alert'", "\"alert\""]),
        ("top[", &["'eval'", "\"eval\"", "'alert'", "\"alert\""]),
        ("[", &["'constructor'", "\"constructor\"", "'__proto__'", "\"__proto__\""]),
        ("onerror=", &["eval", "alert"]),
    ];
    let (before, behind) = (&bytes[..=sign], bytes[sign + 1..].trim_ascii_start());
    CALLS.iter().any(|(end, begins)| {
        let ends = before.len() >= end.len() && before[before.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
        let begins_so = |begin: &&str| begins_with(behind, begin);
        ends && begins.iter().any(begins_so)
    })
}
