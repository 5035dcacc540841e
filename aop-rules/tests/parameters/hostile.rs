//! Whatever a parameter holds, looking at it ends, and says only what lies in it.

use aop_rules::scan::{
    Anchor, DetectorSettings, Detectors, Language, Look as ScanLook, Parameter, Provenance, Scratch, recognizers,
};
use aop_rules::threats::code::sql::{injection, statement};
use aop_rules::threats::code::{address, nosql, path, script, shell, template};
use proptest::prelude::*;

use super::Look;

const LOOKS: &[Look] = &[
    injection::find,
    statement::find,
    nosql::find,
    script::injection::find,
    shell::injection::find,
    shell::command::find,
    template::find,
    path::find,
    address::find,
];

fn look_at(text: &str, name: &str) {
    for look in LOOKS {
        for (is_key, language) in
            [(false, Language::Undeclared), (false, Language::Sql), (false, Language::Shell), (true, Language::Undeclared)]
        {
            if let Some(found) = look(&Parameter::new(text, name, is_key, language)) {
                assert!(found.start < found.end && text.get(found.start..found.end).is_some(), "{found:?} in {text:?}");
            }
        }
    }
}

/// Pieces that attacks are made of, so that random texts come close to being some.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "--",
    "#",
    "/*",
    "*/",
    "/*!",
    "(",
    ")",
    ",",
    ";",
    "=",
    "1",
    "0x41",
    " ",
    "\n",
    "@",
    "@@",
    "$$",
    "$a$",
    "[",
    "]",
    " OR ",
    " AND ",
    "union ",
    "select ",
    "from ",
    "where ",
    "x",
    "é",
    "\u{0}",
    "\\",
    "||",
    "&&",
    "sleep(",
    "char(",
    "case ",
    "when ",
    "drop table ",
    "exec ",
    "into outfile ",
    ".",
    "::",
    ":",
    "?",
    "a.b",
    "'a'",
    "null",
    "between ",
    "like ",
    "not ",
    "!",
    "~",
    "<",
    ">",
    "script",
    "javascript:",
    "on",
    "=alert(1)",
    "&#",
    "&lt;",
    "{",
    "}",
    "$ne",
    "$where",
    "this.",
    "return ",
    "-->",
    "<!--",
    "style",
    "copy ",
    "to program ",
    "declare @a ",
    "concat(",
    "0x3a",
    "floor(rand(0)*2)",
    "group by ",
    "order by ",
    "limit ",
    "end",
    "|",
    "$(",
    "<(",
    "`id`",
    "<<E\n",
    "$IFS",
    "${a}",
    "a=b;",
    "$a",
    "$'\\x72",
    "{ ",
    "{a,b}",
    "for a in ",
    "rm -rf /x ",
    "curl h.example ",
    "sh -c ",
    "cat ~/.ssh/id_rsa|",
    "echo a|sh;",
    "f(){ ",
    "../",
    "%2e",
    "%c0%af",
    "....//",
    "http://0x7f.1/",
    "://",
    "@",
    "{{7*",
    "${",
    "#{",
    "<%=",
    "jndi:",
];

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,200}", name in "[a-zA-Z_]{0,8}") {
        look_at(&text, &name);
    }

    /// Under a key in any script; what is looked for stands in the value, so that the key is asked about.
    #[test]
    fn any_name(text in prop::sample::select(values()), name in "\\PC{0,12}") {
        look_at(text, &name);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        look_at(&String::from_utf8_lossy(&bytes), "sql");
    }

    #[test]
    fn pieces_of_attacks(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), name in prop::sample::select(&["q", "sql"][..])) {
        look_at(&pieces.concat(), name);
    }
}

/// The examples of what looks at parameters, and an operator by itself.
fn values() -> Vec<&'static str> {
    let looks = recognizers().filter(|recognizer| matches!(recognizer.look, ScanLook::Parameter(_)));
    let examples = looks.flat_map(|recognizer| recognizer.hits.iter().chain(recognizer.misses)).copied();
    examples.chain(["{$ne: null}", "{'$gt': ''}"]).collect()
}

/// A piece over and over is looked at as well.
#[test]
fn repeats() {
    for piece in PIECES {
        for prefix in ["", "1 ", "x' ", "SELECT a FROM t WHERE b = 1 "] {
            look_at(&format!("{prefix}{}", piece.repeat(10_000 / piece.len())), "sql");
        }
    }
}

/// Whatever stands behind an anchor, also a letter of several bytes.
#[test]
fn anchors_may_stand_before_any_letter() {
    let detectors = Detectors::new(&DetectorSettings::default()).expect("the defaults are good");
    let anchors = recognizers().filter(|recognizer| recognizer.rule.family() == "threats").flat_map(|recognizer| {
        match &recognizer.look {
            ScanLook::Code { anchors, .. } => *anchors,
            _ => &[],
        }
    });
    for anchor in anchors {
        let Anchor::Literal(anchor) = anchor else { continue };
        for behind in ["é", "😀", "\u{301}", "é1;2m", "1;é", ";é", "]é", "?é[", "\u{9c}é"] {
            for text in [format!("{anchor}{behind}"), format!("é{anchor}{behind}{anchor}")] {
                for provenance in Provenance::ALL {
                    detectors.scan_text(&text, provenance, &mut Scratch::default(), &mut Vec::new());
                }
            }
        }
    }
}

/// The work grows with the text and no faster: a look at two megabytes of a piece takes a few seconds at most where nothing is
/// optimised. One that went through the rest of the text from every piece on would read 300 GB and more, which takes half a minute at
/// ten a second.
#[test]
fn work_grows_with_the_text() {
    const BYTES: usize = 2 << 20;
    const TIME_MAX: std::time::Duration = std::time::Duration::from_secs(15);
    for piece in [
        "'",
        "\"",
        "/*",
        "(",
        ";",
        "\n",
        "$(",
        "`",
        "../",
        "%2e",
        "://",
        "{{",
        "${",
        "<",
        "&#",
        "| a",
        "a;",
        "$ne",
        "a\n../b\n",
    ] {
        let text = piece.repeat(BYTES / piece.len());
        for name in ["value", "command", "sql"] {
            for look in LOOKS {
                let begun = std::time::Instant::now();
                look(&Parameter::new(&text, name, false, Language::Undeclared));
                let took = begun.elapsed();
                assert!(took < TIME_MAX, "{piece:?} under {name}: {took:?}");
            }
        }
    }
}
