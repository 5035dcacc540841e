//! `is_like`

use crate::builtins::prelude::*;

pub(in crate::builtins) static IS_LIKE: Builtin = Builtin {
    name: "is_like",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("pattern", &[Accepts::Text])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether the whole of a text is like a pattern in which `*` stands for any text (also none) and `?` for any one character.",
    examples: &[
        example(r#"is_like("get-mail", "get-*")"#, "true"),
        example(r#"is_like("forget-mail", "get-*")"#, "false"),
        example(r#"is_like("v2", "v?")"#, "true"),
    ],
    // A pattern with many `*` may look at every place of the text for each.
    cost: Cost::PerText(64),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (name, pattern) = (text(arguments, 0)?, text(arguments, 1)?);
    if name.len().saturating_mul(pattern.len()) > WORK_MAX {
        return Err(TOO_LONG);
    }
    Ok(Value::Bool(is_like(name, pattern)))
}

/// The most that a text's bytes times a pattern's may be.
pub(super) const WORK_MAX: usize = 1 << 22;

/// Whether the whole of `name` is like the pattern. Takes at most |pattern| × |name| steps.
pub(in crate::builtins) fn is_like(name: &str, pattern: &str) -> bool {
    let (mut pattern, mut rest) = (pattern.chars(), name.chars());
    // Where to go on after the latest `*`, with one more character given to it.
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        match (pattern.next(), rest.clone().next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern.clone(), rest.clone()));
                continue;
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                rest.next();
                continue;
            }
            _ => {}
        }
        let Some((after_star, mut start)) = retry.take() else { return false };
        if start.next().is_none() {
            return false;
        }
        (pattern, rest) = (after_star.clone(), start.clone());
        retry = Some((after_star, start));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_like;

    /// The definition, written down directly.
    fn naive(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|taken| naive(rest, &name[taken..])),
            Some((wanted, rest)) => {
                name.split_first().is_some_and(|(found, tail)| (*wanted == '?' || wanted == found) && naive(rest, tail))
            }
        }
    }

    proptest! {
        #[test]
        fn is_as_defined(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
            let expected = naive(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>());
            prop_assert_eq!(is_like(&name, &pattern), expected);
        }
    }
}
