//! Words that nearly are words of the language.

/// The word that was probably meant, when there is one.
pub(super) fn nearest<'w>(word: &str, candidates: &[&'w str]) -> Option<&'w str> {
    if word.len() > 24 || word.len() < 2 {
        return None;
    }
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let plain_word = plain(word);
    if let Some(same) = candidates.iter().find(|candidate| plain(candidate) == plain_word) {
        return Some(same);
    }
    let distance_max = match word.len() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let distances = candidates.iter().map(|candidate| (strsim::osa_distance(candidate, word), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= distance_max).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let words = ["rule", "where", "starts_with", "in", "then"];
        assert_eq!(nearest("rul", &words), Some("rule"));
        assert_eq!(nearest("whre", &words), Some("where"));
        assert_eq!(nearest("startsWith", &words), Some("starts_with"));
        assert_eq!(nearest("IN", &words), Some("in"));
        assert_eq!(nearest("x", &words), None);
        assert_eq!(nearest("amount", &words), None);
    }
}
