//! Passwords and keys that no issuer's form tells: a name says what the value is, and the value has to look like one.

mod names;
mod sentence;
mod values;

use std::ops::Range;

use self::names::{KEY_NAMES, PASSWORD_NAMES, Weight, weight};
use self::sentence::told_value;
use self::values::{
    is_address, is_code, is_common_password, is_passphrase, is_password_example, is_prose, is_random, is_strong,
    is_validation,
};
use super::assignment::{self, Assignment};
use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
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
                Anchor::Literal("mot de passe"),
                Anchor::Literal("wachtwoord"),
                Anchor::Literal("пароль"),
                Anchor::Literal("Пароль"),
                Anchor::Literal("密码"),
                Anchor::Literal("密碼"),
                Anchor::Literal("パスワード"),
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
            "PGPASSWORD=Gr4nite7 psql -h db.example",
            "password: str = \"Qu1et!Harbour\"",
            "spring.datasource.password=hJ7%tr2x",
            "my password is in there, password: rA1n-Coat77",
            "the database password is Gr4nite&7 since Monday",
            "password for the test shop is: \"Gr4nite&7\"",
            "password -> Gr4nite&7",
            "Password:\nGr4nite&7\n",
            "his password is lantern42.",
            "Пароль: Gr4nite&7",
            "密码：Gr4nite&7",
            "mot de passe : Gr4nite&7",
            "<password>Qu1et!Harbour</password>",
            r#"{"password": "letmein"}"#,
            r#"{"passwd": "Password1"}"#,
            r#"{"passphrase": "velvet anchor thirteen plums"}"#,
            r#"{"password": "<Hj4#tR8>"}"#,
            r#"{"password": "xxxxHj4tR8"}"#,
            r#"{"pass": "Qu1et!Harbour"}"#,
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
            r#"{"password": "must contain eight characters"}"#,
            r#"{"password": "password"}"#,
            r#"{"password": "<new_password_1>"}"#,
            r#"{"password": "xxxxxxxx12"}"#,
            r#"{"password": "min:8|max:64"}"#,
            r#"{"password": "required|string|min:12"}"#,
            r#"{"pass": "test_checkout_2"}"#,
            "PASS: test_checkout_works_v2",
            "password: !vault |",
            "the password is wrong",
            "the password is required, 8 characters or more",
            "password is 8-character and sha256-hashed",
            "the password is bcrypt2-hashed, password for prod is:",
            "Password:\n  username: shop1234",
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
            r#"{"acmeApiToken": "8b21d60e-7704-4f3a-b916-e5093ca27d48"}"#,
            "client_secret = \"7f1c0d2b9a4e8831c0ffe1d2b3a49587\"",
            "export ACME_TOKEN=Zk3WqP9vL1sT7bXn4RdY",
            "getOr(\"api_token\", \"Zk3WqP9vL1sT7bXn4RdY\")",
            "the api key: Zk3WqP9vL1sT7bXn4RdY.",
            r#"{"client_secret": "Hj4#tR8$wQ"}"#,
            r#"{"session_token": "vB9!pW2k"}"#,
            "encryption_key = \"Hj4#tR8$wQ\"",
            "The API key is Zk3WqP9vL1sT7bXn4RdY, keep it",
            "the token for the shop is Zk3WqP9vL1sT7bXn4RdY",
        ],
        misses: &[
            r#"{"request_id": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"next_page_token": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"api_key": "${API_KEY}"}"#,
            r#"{"token_id": "8b21d60e-7704-4f3a-b916-e5093ca27d48"}"#,
            "export OPENAI_API_KEY=your_api_key_here",
            "access_token_url='https://idp.example/oauth2/token'",
            "token = get_token(1)",
            "version: 7d20e9c41fb35a8860ce1b97d4a2f05318e6cb3d",
            "secretName: web-prod-secrets-2024-01",
            "usage: prompt_tokens=61382 completion_tokens=9047",
            "token=\"$TOKEN\"",
            r#"{"token": "Section3.2"}"#,
            "the token is expired2024",
            "the secret is in vault-prod-2",
            r#"{"secret": "shop/Prod-db-2"}"#,
            r#"{"credentials": "same-origin"}"#,
            r#"{"token": "ann.B7@shop.example"}"#,
            "export ACME_TOKEN=Zk3WqP9vL1sT7bXn...",
        ],
    },
];

fn password(candidate: &Candidate<'_>) -> Option<Match> {
    let found = Named::at(candidate, PASSWORD_NAMES)?;
    let value = &candidate.text[found.value.clone()];
    let length = value.chars().count();
    let chosen = found.is_exact && (is_common_password(value) || is_passphrase(value));
    let is_fit = match found.weight {
        // A test that passes says so too: `PASS: test_login_works`.
        _ if found.is_bare_pass => (8..=128).contains(&length) && (is_random(value) || is_strong(value)),
        Weight::Full => (6..=128).contains(&length) && !is_prose(value),
        Weight::Slight => (8..=128).contains(&length) && is_random(value),
        Weight::Told => true,
    };
    let is_free = is_fit
        && !value.contains(|character: char| character.is_whitespace() || character.is_control())
        && !is_password_example(value)
        && (found.is_quoted || !is_code(value))
        && !is_address(value)
        && !is_validation(value);
    (chosen || is_free).then_some(Match { start: found.value.start, end: found.value.end, score: 0.85 })
}

fn key(candidate: &Candidate<'_>) -> Option<Match> {
    let found = Named::at(candidate, KEY_NAMES)?;
    let value = &candidate.text[found.value.clone()];
    let is_written = (10..=512).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=:!@$%^&*|".contains(&byte));
    let behind = &candidate.text[found.value.end..];
    let is_cut_short = behind.starts_with("...") || behind.starts_with('…');
    let is_free =
        is_written && !is_cut_short && is_random(value) && !is_placeholder(value) && !is_code(value) && !is_address(value);
    // Of what a sentence tells, only that is asked for which no word can be.
    let is_free = is_free && (found.weight != Weight::Told || value.len() >= 12);
    (is_free || !is_cut_short && is_chosen_key(&found, value)).then_some(Match {
        start: found.value.start,
        end: found.value.end,
        score: 0.75,
    })
}

/// Whether somebody chose a secret as a password is chosen: short, but of three kinds of characters.
fn is_chosen_key(found: &Named, value: &str) -> bool {
    let is_open = found.is_quoted || !is_code(value) && !value.contains(['=', '&', ',', ';', '(', '[']);
    let is_mail = value.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    found.weight != Weight::Slight
        && is_open
        && value.len() <= 128
        && is_strong(value)
        && !is_mail
        && !is_password_example(value)
        && !is_code(value)
        && !is_address(value)
        && !is_validation(value)
}

/// A value and what its name is worth.
struct Named {
    value: Range<usize>,
    weight: Weight,
    is_quoted: bool,
    /// Whether the key of the value is the name of a password and nothing else.
    is_exact: bool,
    /// Whether the name is the word `pass` alone.
    is_bare_pass: bool,
}

impl Named {
    /// The value that the text assigns at the candidate's place, or the whole text where its key names it.
    fn at(candidate: &Candidate<'_>, phrases: &[&str]) -> Option<Self> {
        let place = candidate.start..candidate.end;
        let key = candidate.site.key_names().find_map(|name| weight(name, phrases));
        if let Some(weight) = key.filter(|_| candidate.is_all_but_blanks(place.clone())) {
            let is_any = |names: &[&str]| candidate.site.key_names().next().is_some_and(|name| names.contains(&name));
            let (is_exact, is_bare_pass) = (is_any(EXACT_NAMES), is_any(&["pass"]));
            return Some(Self { value: place, weight, is_quoted: true, is_exact, is_bare_pass });
        }
        // An anchor may end in the sign behind the name, or begin with the one before it.
        let word = candidate.text[place.clone()].trim_end_matches([':', '=', '"']).len();
        let place = place.start..place.start + word;
        let Some(Assignment { name, value, is_quoted, is_pair }) = assignment::around(candidate.text, place.clone()) else {
            return Self::told(candidate, place);
        };
        let weight = weight(Name::new(name).as_str(), phrases)?;
        let weight = if is_pair { Weight::Slight } else { weight };
        Some(Self { value, weight, is_quoted, is_exact: false, is_bare_pass: name.eq_ignore_ascii_case("pass") })
    }

    /// The value that a sentence tells of what is named at the candidate's place, where that is a word of its own.
    fn told(candidate: &Candidate<'_>, name: Range<usize>) -> Option<Self> {
        let touches =
            |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let is_word = candidate.begins_word(name.start)
            && !touches(candidate.byte_before(name.start).filter(|byte| !byte.is_ascii_alphanumeric()))
            && !touches(candidate.byte(name.end));
        let value = is_word.then(|| told_value(candidate.text, name.end))??;
        Some(Self { value, weight: Weight::Told, is_quoted: true, is_exact: false, is_bare_pass: false })
    }
}

/// Keys under which a word is a password.
const EXACT_NAMES: &[&str] = &["password", "passwd", "pwd", "passphrase"];
