//! Passwords in URLs and in connection strings: `postgres://user:password@host`, `Server=…;Password=…`.

use super::placeholder::is_template;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds passwords in connection strings.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "secrets/connection-string",
        summary: "password in a connection string",
        why: "The string holds all that is needed to reach a database or a service: where it is, who may, and the password. \
              Only the password is marked, so the rest can still be read. Left alone: placeholders, and a password that is the \
              user's name, as fresh installations have it.",
        source: "RFC 3986, section 3.2.1 (userinfo); PostgreSQL, MySQL, MongoDB, Redis and AMQP URI formats; ADO.NET connection \
                 string syntax (Microsoft Learn)",
        ..Rule::SECRET
    },
    entity: "SECRET",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("://"),
            Anchor::Literal("password="),
            Anchor::Literal("pwd="),
            Anchor::Literal("accountkey="),
            Anchor::Literal("sharedaccesskey="),
        ],
        verify,
    },
    hits: &[
        "postgres://app:9sd8Fkq2@db.internal:5432/shop",
        "DATABASE_URL=mysql://root:rA1n%40Coat@10.0.0.7/x",
        "mongodb+srv://svc:Qu1etHarbour@cluster0.mongodb.net",
        "redis://:9sd8Fkq2@cache:6379/0",
        "jdbc:mysql://shop:9sd8Fkq2@db/x",
        "Server=tcp:db.internal,1433;Database=shop;User Id=app;Password=9sd8F!kq2;Encrypt=true",
        "jdbc:sqlserver://db.internal;user=app;password=9sd8F!kq2;",
        "jdbc:postgresql://db.internal/shop?user=app&password=9sd8Fkq2",
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=q8Zt3kLmW0vXy7RbN5cJpD2sHfG1aTuE9oVi4Kw6YQq8Zt3kLmW0vXy7RbN5cJ==",
    ],
    misses: &[
        "postgres://app:${DB_PASSWORD}@db.internal/shop",
        "postgres://user:password@localhost/db",
        "amqp://guest:guest@localhost:5672",
        "https://shop.example/a:b@c",
        "https://shop.example:8080/",
        "redis://cache:6379/0",
        "cvs://:pserver:anonymous@sources.example/cvs",
        "ssh://git@host.example/repo.git",
        "mysql://root:<password>@host/x",
        "Server=db;Password={0};",
        "the option password= takes a word",
        "see https://a.example and mail x:y@b.example",
    ],
}];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    if candidate.bytes()[candidate.start] == b':' { userinfo(candidate) } else { member(candidate) }
}

/// The longest user and password that are read.
const PART_BYTES_MAX: usize = 256;

/// `scheme://user:password@`
fn userinfo(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let has_scheme = candidate.byte_before(candidate.start).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let rest = &bytes[candidate.end..];
    let is_user = |byte: &&u8| {
        byte.is_ascii_graphic() && !matches!(byte, b':' | b'/' | b'@' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\')
    };
    let user = rest.iter().take(PART_BYTES_MAX).take_while(is_user).count();
    if !has_scheme || rest.get(user) != Some(&b':') {
        return None;
    }
    let start = candidate.end + user + 1;
    let is_password = |byte: &&u8| {
        byte.is_ascii_graphic() && !matches!(byte, b'/' | b'?' | b'"' | b'\'' | b'`' | b'\\' | b',') || **byte >= 0x80
    };
    let authority = bytes[start..].iter().take(PART_BYTES_MAX).take_while(is_password).count();
    let password = bytes[start..start + authority].iter().rposition(|&byte| byte == b'@')?;
    let host = bytes.get(start + password + 1)?;
    let end = start + password;
    let (user, password) = (candidate.text.get(candidate.end..start - 1)?, candidate.text.get(start..end)?);
    // `cvs://:pserver:user@` names a method, no password.
    let is_method = user.is_empty() && password.contains(':');
    let is_host = host.is_ascii_alphanumeric() || matches!(host, b'[' | b'$' | b'{' | b'<' | b'_');
    (is_host && !is_method && is_secret(password) && password != user).then_some(Match { start, end, score: 0.9 })
}

/// `Password=…` among other members of a connection string.
fn member(candidate: &Candidate<'_>) -> Option<Match> {
    let (bytes, start) = (candidate.bytes(), candidate.end);
    if !candidate.begins_word(candidate.start)
        || !matches!(candidate.byte_before(candidate.start), Some(b';' | b' ' | b'&' | b'?'))
    {
        return None;
    }
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'\'' | b'"'));
    let start = start + usize::from(quote.is_some());
    let is_url = matches!(candidate.byte_before(candidate.start), Some(b'&' | b'?'));
    let length = bytes[start..]
        .iter()
        .take(PART_BYTES_MAX)
        .take_while(|&&byte| match quote {
            Some(quote) => byte != quote && byte != b'\n',
            None => {
                let ends = matches!(byte, b';' | b'"' | b'\'' | b'<' | b'>' | b'\\') || is_url && byte == b'&';
                !ends && !byte.is_ascii_whitespace()
            }
        })
        .count();
    let value = candidate.text.get(start..start + length)?;
    (is_secret(value) && is_connection(&bytes[..candidate.start])).then_some(Match {
        start,
        end: start + length,
        score: 0.9,
    })
}

/// Whether the members before tell of a connection: where it leads or who asks for it.
fn is_connection(before: &[u8]) -> bool {
    const NEAR_BYTES: usize = 300;
    const MEMBERS: &[&str] = &[
        "server=",
        "data source=",
        "datasource=",
        "host=",
        "hostname=",
        "endpoint=",
        "accountname=",
        "uid=",
        "user id=",
        "user=",
        "username=",
        "sharedaccesskeyname=",
        "jdbc:",
        "driver=",
    ];
    let near = String::from_utf8_lossy(&before[before.len().saturating_sub(NEAR_BYTES)..]).to_ascii_lowercase();
    let line = near.rsplit('\n').next().unwrap_or_default();
    MEMBERS.iter().any(|member| line.contains(member))
}

fn is_secret(password: &str) -> bool {
    const WORDS: &[&str] =
        &["password", "passwd", "pass", "pwd", "pw", "secret", "user", "example", "changeme", "token", "key", "string"];
    let lower = password.to_ascii_lowercase();
    let first = password.chars().next();
    let is_slot = lower.starts_with(['$', '%', '{', '<', '[', '(', ':']) && !lower.bytes().any(|byte| byte.is_ascii_digit());
    password.len() >= 3
        && !is_template(password)
        && !is_slot
        && !WORDS.contains(&lower.as_str())
        && !["password", "your", "example", "xxx", "{", "<"].iter().any(|word| lower.contains(word))
        && !password.chars().all(|character| Some(character) == first)
}
