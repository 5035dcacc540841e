//! Passwords and keys that no issuer's form tells: a name says what the value is, and the value has to look like one.

use std::ops::Range;

use super::assignment::{self, Assignment};
use super::placeholder::{is_placeholder, is_template};
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, entropy};
use crate::text::words::Name;

/// Finds passwords and keys by their names.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/password",
            summary: "password",
            why: "Who has it logs in as its owner, and people use one password in many places. Left alone: placeholders, \
                  references to variables, types, calls, and words that only speak of a password.",
            source: "CWE-798 and CWE-256 (MITRE); NIST SP 800-63B for the length",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Named(PASSWORD_NAMES),
                Anchor::Literal("password"),
                Anchor::Literal("passwd"),
                Anchor::Literal("passphrase"),
                Anchor::Literal("passcode"),
                Anchor::Literal("passwort"),
                Anchor::Literal("kennwort"),
                Anchor::Literal("contraseña"),
                Anchor::Literal("pwd"),
                Anchor::Literal("_pass"),
                Anchor::Literal("pass="),
                Anchor::Literal("pass:"),
                Anchor::Literal("pass\""),
            ],
            verify: password,
        },
        hits: &[
            r#"{"password": "Qu1et!Harbour"}"#,
            r#"{"name": "db_password", "value": "tH3-0ther.one"}"#,
            "DB_PASSWORD=9sd8F!kq",
            "password: str = \"Qu1et!Harbour\"",
            "spring.datasource.password=hJ7%tr2x",
            "my password is in there, password: rA1n-Coat77",
            "<password>Qu1et!Harbour</password>",
            "{\\\"passwd\\\":\\\"Qu1et!Harbour\\\"}",
        ],
        misses: &[
            r#"{"password": "********"}"#,
            r#"{"password": "${DB_PASSWORD}"}"#,
            r#"{"password_reset_url": "https://shop.example/reset/9sd8Fkq2"}"#,
            r#"{"has_password": "yes-1"}"#,
            "def login(user: str, password: str) -> bool:",
            "password = None",
            "password = getPassword()",
            "password = os.environ[\"DB_PASSWORD\"]",
            "password = config.db.password2",
            "password = self._password1",
            "pub password: core::wide::String16,",
            "const NEW_PASSWORD: u16 = 4097u16;",
            "password: required, 8 to 64 characters",
            "const password = process.env.DB_PASSWORD1;",
            "password=<your-password>",
            "password = \"changeme\"",
            "[\"username\", \"password\", \"email\"]",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/generic-api-key",
            summary: "API key or token",
            why: "A random value under a name that says key, token or secret is one, whoever issued it. Left alone: values that \
                  are words, paths or versions, placeholders, and names of things about a key (`token_url`, `secret_name`, \
                  `next_page_token`).",
            source: "CWE-798 (MITRE); Shannon, \"A Mathematical Theory of Communication\" (entropy)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Named(KEY_NAMES),
                Anchor::Literal("token"),
                Anchor::Literal("secret"),
                Anchor::Literal("apikey"),
                Anchor::Literal("api_key"),
                Anchor::Literal("api-key"),
                Anchor::Literal("api key"),
                Anchor::Literal("accesskey"),
                Anchor::Literal("access_key"),
                Anchor::Literal("access-key"),
                Anchor::Literal("access key"),
                Anchor::Literal("privatekey"),
                Anchor::Literal("private_key"),
                Anchor::Literal("private-key"),
                Anchor::Literal("authkey"),
                Anchor::Literal("auth_key"),
                Anchor::Literal("auth-key"),
                Anchor::Literal("_auth"),
                Anchor::Literal("encryptionkey"),
                Anchor::Literal("encryption_key"),
                Anchor::Literal("encryption-key"),
                Anchor::Literal("signingkey"),
                Anchor::Literal("signing_key"),
                Anchor::Literal("signing-key"),
                Anchor::Literal("accountkey"),
                Anchor::Literal("account_key"),
                Anchor::Literal("masterkey"),
                Anchor::Literal("master_key"),
                Anchor::Literal("master-key"),
                Anchor::Literal("subscription-key"),
                Anchor::Literal("subscription_key"),
                Anchor::Literal("sharedkey"),
                Anchor::Literal("shared_key"),
                Anchor::Literal("licensekey"),
                Anchor::Literal("license_key"),
                Anchor::Literal("license-key"),
                Anchor::Literal("appkey"),
                Anchor::Literal("app_key"),
                Anchor::Literal("app-key"),
                Anchor::Literal("consumerkey"),
                Anchor::Literal("consumer_key"),
                Anchor::Literal("credential"),
                Anchor::Literal("creds"),
            ],
            verify: key,
        },
        hits: &[
            r#"{"api_key": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"acmeApiToken": "3e67af94-5500-452c-a543-c7150c60b921"}"#,
            "client_secret = \"7f1c0d2b9a4e8831c0ffe1d2b3a49587\"",
            "export ACME_TOKEN=Zk3WqP9vL1sT7bXn4RdY",
            "getOr(\"api_token\", \"Zk3WqP9vL1sT7bXn4RdY\")",
            "the api key: Zk3WqP9vL1sT7bXn4RdY.",
        ],
        misses: &[
            r#"{"request_id": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"next_page_token": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"api_key": "${API_KEY}"}"#,
            r#"{"token_id": "3e67af94-5500-452c-a543-c7150c60b921"}"#,
            "export OPENAI_API_KEY=your_api_key_here",
            "access_token_url='https://idp.example/oauth2/token'",
            "token = get_token(1)",
            "version: 04815f16cbddef50f801bf47f5d2193fa372e6bd",
            "secretName: web-prod-secrets-2024-01",
            "usage: prompt_tokens=70754 completion_tokens=8873",
            "token=\"$TOKEN\"",
        ],
    },
];

/// What a password is called, as the words of a name.
const PASSWORD_NAMES: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pass phrase",
    "pass word",
    "passcode",
    "passwort",
    "kennwort",
    "contraseña",
    "mot de passe",
    "pwd",
    "pass",
    "pw",
    "db pass",
    "userpassword",
    "adminpassword",
];

/// What a key is called.
const KEY_NAMES: &[&str] = &[
    "token",
    "tokens",
    "secret",
    "secrets",
    "api key",
    "api keys",
    "apikey",
    "access key",
    "accesskey",
    "private key",
    "privatekey",
    "secret key",
    "secretkey",
    "client secret",
    "clientsecret",
    "auth",
    "auth key",
    "authkey",
    "auth token",
    "authtoken",
    "accesstoken",
    "apitoken",
    "encryption key",
    "encryptionkey",
    "signing key",
    "signingkey",
    "account key",
    "accountkey",
    "master key",
    "masterkey",
    "subscription key",
    "shared key",
    "sharedkey",
    "license key",
    "licensekey",
    "app key",
    "appkey",
    "consumer key",
    "consumerkey",
    "credential",
    "credentials",
    "creds",
    "key base",
];

fn password(candidate: &Candidate<'_>) -> Option<Match> {
    let found = Named::at(candidate, PASSWORD_NAMES)?;
    let value = &candidate.text[found.value.clone()];
    let length = value.chars().count();
    let is_fit = match found.weight {
        Weight::Full => (6..=128).contains(&length) && !is_prose(value),
        Weight::Slight => (8..=128).contains(&length) && is_random(value),
    };
    let is_free = is_fit
        && !value.contains(|character: char| character.is_whitespace() || character.is_control())
        && !is_password_example(value)
        && (found.is_quoted || !is_code(value))
        && !is_address(value);
    is_free.then_some(Match { start: found.value.start, end: found.value.end, score: 0.85 })
}

fn key(candidate: &Candidate<'_>) -> Option<Match> {
    let found = Named::at(candidate, KEY_NAMES)?;
    let value = &candidate.text[found.value.clone()];
    let is_written = (10..=512).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=:!@$%^&*|".contains(&byte));
    let is_free = is_written && is_random(value) && !is_placeholder(value) && !is_code(value) && !is_address(value);
    is_free.then_some(Match { start: found.value.start, end: found.value.end, score: 0.75 })
}

/// How much a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The name is that of a secret.
    Full,
    /// The name holds one and goes on with other words, or stands beside the value only.
    Slight,
}

/// A value and what its name is worth.
struct Named {
    value: Range<usize>,
    weight: Weight,
    is_quoted: bool,
}

impl Named {
    /// The value that the text assigns at the candidate's place, or the whole text where its key names it.
    fn at(candidate: &Candidate<'_>, phrases: &[&str]) -> Option<Self> {
        let place = candidate.start..candidate.end;
        let key = candidate.site.key_names().find_map(|name| weight(name, phrases));
        if let Some(weight) = key.filter(|_| candidate.is_all_but_blanks(place.clone())) {
            return Some(Self { value: place, weight, is_quoted: true });
        }
        // An anchor may end in the sign behind the name, or begin with the one before it.
        let word = candidate.text[place.clone()].trim_end_matches([':', '=', '"']).len();
        let Assignment { name, value, is_quoted, is_pair } =
            assignment::around(candidate.text, place.start..place.start + word)?;
        let weight = weight(Name::new(name).as_str(), phrases)?;
        Some(Self { value, weight: if is_pair { Weight::Slight } else { weight }, is_quoted })
    }
}

/// What a name, in lower-case words, is worth; nothing when it is of a thing about a secret, or of another thing.
fn weight(name: &str, phrases: &[&str]) -> Option<Weight> {
    let (start, end) =
        phrases.iter().filter_map(|phrase| last_of(name, phrase)).max_by_key(|&(start, end)| (end, end - start))?;
    let is_other = name[..start].split(' ').any(|word| OTHER_BEFORE.contains(&word))
        || name[end..].split(' ').any(|word| ABOUT_AFTER.contains(&word));
    if is_other {
        return None;
    }
    let is_plain =
        name[end..].split(' ').all(|word| word.bytes().all(|byte| byte.is_ascii_digit()) || PLAIN_AFTER.contains(&word));
    Some(if is_plain { Weight::Full } else { Weight::Slight })
}

/// The last place where a phrase stands in a name, by whole words; digits may follow its last word.
fn last_of(name: &str, phrase: &str) -> Option<(usize, usize)> {
    name.match_indices(phrase)
        .filter(|&(at, _)| {
            let after = name[at + phrase.len()..].trim_start_matches(|character: char| character.is_ascii_digit());
            (at == 0 || name.as_bytes()[at - 1] == b' ') && (after.is_empty() || after.starts_with(' '))
        })
        .map(|(at, _)| (at, at + phrase.len()))
        .last()
}

/// Words before a token or key that make it another thing: `next page token`, `public key`.
const OTHER_BEFORE: &[&str] = &[
    "next",
    "prev",
    "previous",
    "page",
    "pagination",
    "continuation",
    "cursor",
    "sync",
    "prompt",
    "completion",
    "input",
    "output",
    "max",
    "min",
    "total",
    "num",
    "count",
    "public",
    "foreign",
    "primary",
    "cache",
    "partition",
    "sort",
    "pad",
    "eos",
    "bos",
    "unk",
    "special",
    "mask",
    "forgot",
    "reset",
    "wrong",
    "no",
    "has",
    "is",
    "needs",
    "requires",
    "use",
    "show",
    "hide",
    "valid",
    "check",
    "cancellation",
    "cancel",
];

/// Words behind it that make it a thing about a secret: `token url`, `secret name`.
const ABOUT_AFTER: &[&str] = &[
    "id",
    "ids",
    "name",
    "names",
    "file",
    "files",
    "filename",
    "path",
    "paths",
    "url",
    "urls",
    "uri",
    "endpoint",
    "host",
    "hash",
    "hashed",
    "digest",
    "field",
    "fields",
    "type",
    "types",
    "label",
    "hint",
    "policy",
    "policies",
    "reset",
    "length",
    "len",
    "count",
    "size",
    "limit",
    "limits",
    "expiry",
    "expires",
    "expiration",
    "ttl",
    "at",
    "date",
    "time",
    "age",
    "strength",
    "rules",
    "rule",
    "regex",
    "pattern",
    "format",
    "placeholder",
    "prompt",
    "error",
    "errors",
    "message",
    "title",
    "description",
    "ref",
    "reference",
    "arn",
    "version",
    "algorithm",
    "alg",
    "provider",
    "manager",
    "store",
    "vault",
    "usage",
    "budget",
    "bucket",
    "index",
    "column",
    "prefix",
    "suffix",
    "header",
    "required",
    "enabled",
    "verified",
    "valid",
    "status",
    "source",
    "class",
    "selector",
    "location",
    "kind",
    "scope",
    "scopes",
    "mode",
    "encoding",
    "encoder",
    "rotation",
    "changed",
    "updated",
    "created",
    "generator",
    "validator",
    "number",
    "position",
    "map",
    "pair",
    "chars",
    "alias",
    "fingerprint",
    "thumbprint",
    "callback",
    "result",
    "results",
    "change",
    "cookie",
    "issuer",
    "audience",
    "symbol",
    "address",
    "contract",
    "user",
    "username",
    "realm",
    "methods",
    "method",
];

/// Words behind it that change nothing.
const PLAIN_AFTER: &[&str] = &[
    "",
    "value",
    "string",
    "str",
    "text",
    "plain",
    "raw",
    "prod",
    "production",
    "dev",
    "test",
    "staging",
    "live",
    "default",
    "current",
    "new",
    "old",
    "main",
    "admin",
    "root",
    "token",
    "key",
    "v",
    "a",
    "b",
];

/// Whether a value was drawn at random, as far as a look can tell: one piece of it changes often between upper case, lower
/// case and digits, as no word, date or version does.
fn is_random(value: &str) -> bool {
    let pieces = value.split(|character: char| !character.is_ascii_alphanumeric());
    let is_uuid = value.len() == 36
        && pieces.clone().map(str::len).eq([8, 4, 4, 4, 12])
        && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uuid
        || pieces.clone().any(is_random_piece)
        || (pieces.count() >= 3 && value.len() >= 24 && entropy(value) > 4.2 && changes(value) * 4 >= value.len())
}

fn is_random_piece(piece: &str) -> bool {
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = digits > 0 && digits < piece.len();
    piece.len() >= 10 && is_mixed && changes(piece) * 5 >= piece.len() && changes(piece) >= 3 && entropy(piece) > 2.8
        || piece.len() >= 24 && digits == 0 && changes(piece) * 3 >= piece.len() && entropy(piece) > 3.8
}

/// How often neighbours are of different kinds: upper case, lower case, digit. The step from a capital to the rest of its
/// word is none.
fn changes(text: &str) -> usize {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    text.as_bytes()
        .windows(2)
        .filter(|pair| kind(pair[0]) != kind(pair[1]) && (kind(pair[0]), kind(pair[1])) != (1, 2))
        .count()
}

/// Whether a value is nothing but words, as descriptions and settings are.
fn is_prose(value: &str) -> bool {
    let letters = value.trim_matches(|character: char| matches!(character, '-' | '_' | '.' | ',' | '(' | ')' | '\''));
    letters.split(['-', '_', ' ', '.', '/', '|', ',']).all(|word| {
        word.chars().all(char::is_alphabetic) && word.chars().skip(1).all(char::is_lowercase)
            || word.chars().all(char::is_uppercase)
    })
}

/// Passwords of manuals, and words that stand for one.
fn is_password_example(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "example",
        "xxx",
        "placeholder",
        "redacted",
        "your",
        "dummy",
        "changeme",
        "change_me",
        "change-me",
        "password",
        "passwd",
        "hidden",
        "filtered",
    ];
    let lower = value.to_lowercase();
    let first = value.chars().next();
    is_template(value)
        || WORDS.iter().any(|word| lower.contains(word))
        || value.chars().all(|character| Some(character) == first)
        || value.chars().filter(|&character| matches!(character, '*' | '•' | '●' | 'x' | 'X')).count() * 2
            > value.chars().count()
}

/// Whether a value that is not quoted is a piece of code: a call, an index, a member, a variable.
fn is_code(value: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && !is_random_piece(word)
    };
    let has_call = value.find(['(', '[']).is_some_and(|at| at > 0 && is_member(&value[..at], is_word));
    let is_path = value.contains(['.', '>', '_', '-']) && value.contains('.') && is_member(value, is_word);
    let is_variable = value.starts_with(['$', '&', '*', '@', '%']) && is_word(&value[1..]);
    let is_type = value.contains("::") && value.trim_start_matches(':').split("::").all(is_word);
    let digits = value.trim_start_matches('-');
    let suffix = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    let is_number = suffix.len() < digits.len() && NUMBER_SUFFIXES.contains(&suffix);
    has_call || is_path || is_variable || is_type || is_number || value.starts_with(['(', '[', '{', '<', '|', '='])
}

/// What a number in code may end in.
const NUMBER_SUFFIXES: &[&str] =
    &["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "L", "UL"];

fn is_member(value: &str, is_word: impl Fn(&str) -> bool) -> bool {
    value
        .trim_start_matches(['!', '&', '*', '$'])
        .split(['.', '?', ':'])
        .filter(|word| !word.is_empty())
        .all(|word| is_word(word) || word == "->")
}

/// Whether a value is a place where something is kept: a URL or a file.
fn is_address(value: &str) -> bool {
    value.contains("://")
        || value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/")
        || (value.starts_with('/') && value[1..].contains('/'))
}
