//! What a piece of a text is: an address, an account, an id, a path, a name.

use std::borrow::Cow;

/// What can be told again of a text, and recognised in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// What an action or a field is called: `send_money`, `SendMoney`, `send-money`, or any word in quotes.
    Name,
    /// The same in a text that speaks of calling it: some agents write one call into another's parameters.
    Called,
    /// `kim@mail.example`
    Email,
    /// An IBAN, however it is grouped.
    Account,
    /// The host of a URL or a domain.
    Host,
    /// A long number or a code such as `INV-20391`.
    Id,
    /// `/etc/passwd`, `budget.xlsx`
    Path,
    /// What stands in quotes.
    Quoted,
    /// Two or more words in a row that begin with a capital.
    ProperName,
    /// Several words in a row.
    Phrase,
}

impl Kind {
    /// What a reader calls it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Name => "the identifier",
            Self::Called => "the action to call",
            Self::Email => "the e-mail address",
            Self::Account => "the account",
            Self::Host => "the host",
            Self::Id => "the id",
            Self::Path => "the path",
            Self::Quoted => "the quoted text",
            Self::ProperName => "the name",
            Self::Phrase => "the words",
        }
    }

    /// What is made of words, and may be copied for any reason.
    pub(crate) fn is_words(self) -> bool {
        matches!(self, Self::Quoted | Self::ProperName | Self::Phrase)
    }

    /// What an order may be about, whatever the action.
    pub(crate) fn is_whereto(self) -> bool {
        matches!(self, Self::Email | Self::Account | Self::Host | Self::Id | Self::Path)
    }

    /// Where things are sent to.
    pub(crate) fn is_destination(self) -> bool {
        matches!(self, Self::Email | Self::Account)
    }
}

/// The longest piece that is looked at, in bytes.
const PIECE_BYTES_MAX: usize = 256;

/// What a piece without white space, quotes and brackets is, with what of it is compared.
pub(super) fn classify(piece: &str) -> Option<(Kind, Cow<'_, str>)> {
    if piece.len() < 5 || piece.len() > PIECE_BYTES_MAX {
        return None;
    }
    let piece = piece.strip_prefix("mailto:").unwrap_or(piece);
    if let Some((local, host)) = piece.split_once('@')
        && !local.is_empty()
        && !local.contains([':', '/'])
        && is_domain(host)
    {
        return Some((Kind::Email, Cow::Owned(piece.to_ascii_lowercase())));
    }
    if let Some(host) = host_of(piece) {
        return Some((Kind::Host, Cow::Owned(host.to_ascii_lowercase())));
    }
    if is_account(piece) {
        return Some((Kind::Account, Cow::Owned(piece.to_ascii_uppercase())));
    }
    if is_path(piece) {
        return Some((Kind::Path, Cow::Owned(piece.to_ascii_lowercase())));
    }
    if is_id(piece) {
        return Some((Kind::Id, Cow::Owned(piece.replace(['-', '_'], "").to_ascii_lowercase())));
    }
    None
}

/// `a.example`: two labels or more, the last one of letters.
fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | 0x80..))
    };
    host.rsplit_once('.').is_some_and(|(labels, last)| {
        (2..=24).contains(&last.len())
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            && labels.split('.').all(is_label)
    })
}

/// The host that a URL or a domain leads to. A bare `a.b` has to end as domains do: programs write fields and files so.
fn host_of(piece: &str) -> Option<&str> {
    // Searching for one byte is cheap, and most pieces have none.
    let slashes = memchr::memchr_iter(b':', piece.as_bytes()).find(|at| piece.as_bytes()[at + 1..].starts_with(b"//"));
    let (behind, is_sure) = match slashes {
        Some(at) => (&piece[at + 3..], true),
        None if !piece.as_bytes().contains(&b'.') => return None,
        None => (piece, false),
    };
    let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().trim_end_matches('.');
    let has_www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let bare = if has_www { &host[4..] } else { host };
    let is_host =
        if is_sure || has_www { is_domain(bare) || is_ip(bare) } else { is_domain(bare) && ends_as_domains_do(bare) };
    is_host.then_some(bare)
}

fn is_ip(host: &str) -> bool {
    host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// The commonest top-level domains, those of RFC 2606 and those of countries that are no usual file's ending.
const DOMAINS: &[&str] = &[
    "ai", "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu",
    "es", "eu", "example", "fi", "fr", "gov", "ie", "il", "in", "info", "int", "invalid", "io", "it", "jp", "kr", "link",
    "me", "mil", "mx", "net", "nl", "no", "nz", "online", "org", "pl", "pt", "ro", "ru", "se", "shop", "site", "sk", "test",
    "to", "top", "tr", "tv", "tw", "ua", "uk", "us", "xyz", "za",
];

fn ends_as_domains_do(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    DOMAINS.iter().any(|domain| domain.eq_ignore_ascii_case(last))
}

/// ISO 13616: a country, two digits of check, and at least eleven letters or digits, of which an account has many digits. The
/// check is left out, since an attacker's account need not exist.
pub(super) fn is_account(piece: &str) -> bool {
    let bytes = piece.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= 8
}

/// A path has a root or a file's ending. `and/or` has neither.
fn is_path(piece: &str) -> bool {
    let has_root = ["/", "./", "../", "~/"].iter().any(|root| piece.starts_with(root))
        || piece.as_bytes().get(1..3).is_some_and(|behind| behind == b":\\");
    let separators = piece.bytes().filter(|byte| matches!(byte, b'/' | b'\\')).count();
    let has_ending = piece.rsplit_once('.').is_some_and(|(stem, ending)| {
        (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
            && stem.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric())
            && stem.len() > 1
    });
    has_root && (separators >= 2 || has_ending) || has_ending && !piece.contains(['(', '=', ':'])
}

/// A number of six digits, or letters and digits mixed with three digits at least; a date is none.
fn is_id(piece: &str) -> bool {
    let has_only = |is: fn(u8) -> bool| piece.bytes().all(|byte| is(byte) || matches!(byte, b'-' | b'_'));
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    if has_only(|byte| byte.is_ascii_digit()) {
        return digits >= 6 && !is_date(piece);
    }
    digits >= 3 && has_only(|byte| byte.is_ascii_alphanumeric())
}

/// `2025-12-05`: everybody writes the same dates.
fn is_date(piece: &str) -> bool {
    let mut lengths = piece.split('-').map(str::len);
    let [first, second, third, fourth] = [lengths.next(), lengths.next(), lengths.next(), lengths.next()];
    fourth.is_none()
        && matches!([first, second, third], [Some(4), Some(1 | 2), Some(1 | 2)] | [Some(1 | 2), Some(1 | 2), Some(4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(piece: &str, expected: Option<(Kind, &str)>) {
        assert_eq!(classify(piece), expected.map(|(kind, text)| (kind, Cow::Borrowed(text))), "{piece}");
    }

    #[test]
    fn pieces_are_told_apart() {
        check("Kim@Mail.example", Some((Kind::Email, "kim@mail.example")));
        check("mailto:kim@mail.example", Some((Kind::Email, "kim@mail.example")));
        check("https://kim@www.Port.example:8080/x?y", Some((Kind::Host, "port.example")));
        check("www.port.zone", Some((Kind::Host, "port.zone")));
        check("port.example/x", Some((Kind::Host, "port.example")));
        check("https://10.0.0.7/x", Some((Kind::Host, "10.0.0.7")));
        check("self.window", None);
        check("lt601010012345678901", Some((Kind::Account, "LT601010012345678901")));
        check("/etc/passwd", Some((Kind::Path, "/etc/passwd")));
        check("Budget.xlsx", Some((Kind::Path, "budget.xlsx")));
        check("and/or/not", None);
        check("INV-20391", Some((Kind::Id, "inv20391")));
        check("829374", Some((Kind::Id, "829374")));
        check("2025-12-05", None);
        check("12345", None);
        check("word", None);
        check("ordinary", None);
    }

    #[test]
    fn the_domains_are_sorted() {
        assert!(DOMAINS.is_sorted());
    }
}
