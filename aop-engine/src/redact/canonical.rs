//! The one form in which two writings of a value are the same value.

use std::borrow::Cow;

use aop_rules::text::view::{View, needs_view};

/// How the values of an entity are compared and masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A card or an account: an identifier whose last characters people know it by.
    Account,
    /// Letters and digits; how they are grouped and their case mean nothing.
    Identifier,
    /// An address of the net: its case means nothing, its marks do.
    Address,
    /// Words and dates: case and the width of blanks mean nothing.
    Words,
    /// Every character counts.
    Exact,
}

/// What an entity's values are. An entity that is not named here is an identifier, as nearly all are.
pub(super) fn kind(entity: &str) -> Kind {
    let has = |words: &[&str]| entity.split('_').any(|word| words.contains(&word));
    match entity {
        "EMAIL_ADDRESS" | "URL" | "DOMAIN_NAME" | "IP_ADDRESS" | "USERNAME" => Kind::Address,
        "MAC_ADDRESS" => Kind::Identifier,
        "CRYPTO" | "REDACTED" | "PROMPT_INJECTION" => Kind::Exact,
        "CREDIT_CARD" | "IBAN_CODE" => Kind::Account,
        _ if has(&["SECRET", "PASSWORD", "TOKEN", "KEY", "PIN", "CVV"]) => Kind::Exact,
        _ if has(&[
            "PERSON",
            "NAME",
            "LOCATION",
            "ORGANIZATION",
            "NRP",
            "ADDRESS",
            "DATE",
            "BIRTH",
            "TIME",
            "COORDINATES",
        ]) =>
        {
            Kind::Words
        }
        _ if has(&["BANK", "ACCOUNT", "BBAN", "CLABE", "IBAN"]) => Kind::Account,
        _ => Kind::Identifier,
    }
}

/// A value in its canonical form. It is normalised first as the detectors do (full-width digits, letters that look alike).
pub(super) fn canonical<'v>(entity: &str, value: &'v str) -> Cow<'v, str> {
    let kind = kind(entity);
    if kind == Kind::Exact {
        return Cow::Borrowed(value);
    }
    let mut view = View::default();
    let text = if needs_view(value) {
        view.build(value);
        view.text()
    } else {
        value
    };
    let form = match kind {
        Kind::Account | Kind::Identifier => {
            text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        }
        Kind::Words => text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
        Kind::Address | Kind::Exact => text.trim().to_lowercase(),
    };
    Cow::Owned(if form.is_empty() { value.to_owned() } else { form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entity: &str, values: &[&str], expected: &str) {
        for value in values {
            assert_eq!(canonical(entity, value), expected, "{entity} {value}");
        }
    }

    #[test]
    fn writings_of_one_value_are_one_value() {
        check("US_SSN", &["536-90-4399", "536 90 4399", "536904399", "５３６-90-4399"], "536904399");
        check("IBAN_CODE", &["GB33 BUKB 2020 1555 5555 55", "gb33bukb20201555555555"], "GB33BUKB20201555555555");
        check("EMAIL_ADDRESS", &["Bob.Smith@Example.org", "bob.smith@example.org"], "bob.smith@example.org");
        check("PERSON", &["Ada  Lovelace", "ada lovelace"], "ada lovelace");
    }

    #[test]
    fn what_counts_is_kept() {
        check("SECRET", &["ghp_AbC-1"], "ghp_AbC-1");
        check("EMAIL_ADDRESS", &["b.o-b@example.org"], "b.o-b@example.org");
        check("DATE_OF_BIRTH", &["1/11/1980"], "1/11/1980");
        check("US_SSN", &["--"], "--");
    }

    #[test]
    fn entities_have_their_kinds() {
        for (entity, expected) in [
            ("CREDIT_CARD", Kind::Account),
            ("US_BANK_NUMBER", Kind::Account),
            ("UK_NHS", Kind::Identifier),
            ("MAC_ADDRESS", Kind::Identifier),
            ("CARD_CVV", Kind::Exact),
            ("STREET_ADDRESS", Kind::Words),
            ("COMPANY_BADGE", Kind::Identifier),
        ] {
            assert_eq!(kind(entity), expected, "{entity}");
        }
    }
}
