//! "Did you mean …?", and lists of what there is.

use crate::types::Type;

/// The most names that a list shows.
const NAMES_MAX: usize = 12;

/// Longer names than this are not compared: that takes the product of their lengths.
const NAME_CHARACTERS_MAX: usize = 80;

/// The longest name of a type in a sentence, in characters.
const TYPE_CHARACTERS_MAX: usize = 80;

/// The candidate that is most like a word; nothing when none is like it.
pub(super) fn nearest<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if word.len() > NAME_CHARACTERS_MAX {
        return None;
    }
    let wanted = word.to_lowercase();
    let allowed = (wanted.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == word || candidate.is_empty() || candidate.len() > NAME_CHARACTERS_MAX {
            continue;
        }
        let is_part = is_last_part(&wanted, candidate);
        // Lengths first: they are cheap, and differ by no more than the distance.
        if !is_part && candidate.len().abs_diff(wanted.len()) > 4 * allowed {
            continue;
        }
        let lower = candidate.to_lowercase();
        let distance = if is_part { 1 } else { strsim::osa_distance(&wanted, &lower) };
        // Of a name of one or two letters any other would be near.
        let longest = wanted.chars().count().max(lower.chars().count());
        let is_near = distance <= allowed && (is_part || distance * 2 <= longest);
        if is_near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether one is the last part of the other's name, as `send` is of `mail.send`.
fn is_last_part(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| {
        short.len() >= 3 && long.strip_suffix(short).is_some_and(|before| before.ends_with(['.', '_']))
    };
    ends(one, other) || ends(other, one)
}

/// `` `a`, `b` and `c` ``; what is beyond the first few is counted.
pub(super) fn list<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut text = String::new();
    let shown = names.len().min(NAMES_MAX);
    for (index, name) in names[..shown].iter().enumerate() {
        match index {
            0 => {}
            _ if index + 1 == names.len() => text.push_str(&format!(" {last} ")),
            _ => text.push_str(", "),
        }
        text.push_str(&format!("`{name}`"));
    }
    if names.len() > shown {
        text.push_str(&format!(" and {} more", names.len() - shown));
    }
    text
}

/// A type with its article: ``an `int` ``.
pub(super) fn a(ty: &Type) -> String {
    let mut name = ty.to_string();
    if let Some((end, _)) = name.char_indices().nth(TYPE_CHARACTERS_MAX) {
        name.truncate(end);
        name.push('…');
    }
    let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} `{name}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["send_email", "get_website", "db.delete", "to"];
        assert_eq!(nearest("send_mail", names), Some("send_email"));
        assert_eq!(nearest("delete", names), Some("db.delete"));
        assert_eq!(nearest("tp", names), Some("to"));
        assert_eq!(nearest("transfer", names), None);
        assert_eq!(nearest("x", names), None);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(["a"], "and"), "`a`");
        assert_eq!(list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
