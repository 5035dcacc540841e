//! Pages of the manual say what the code does: run this with `AOP_UPDATE=1` to write them.

#![allow(clippy::disallowed_methods, reason = "tests read the manual from disk")]
#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::path::{Path, PathBuf};

fn on_disk(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page)
}

fn check(page: &str, expected: &str) {
    if std::env::var_os("AOP_UPDATE").is_some() {
        fs::write(on_disk(page), expected).unwrap();
    }
    let found = fs::read_to_string(on_disk(page)).unwrap_or_default();
    assert!(
        found == expected,
        "docs/{page} is not what the code says; run `AOP_UPDATE=1 cargo test -p aop-dsl --test manual`"
    );
}

#[test]
fn the_page_of_the_packages_is_theirs() {
    let page = aop_dsl::std_manual();
    assert!(page.contains("### `is_internal(address: ip) -> bool`") && page.contains("| `untrusted` |"), "{page}");
    check("std.md", &page);
}

#[test]
fn the_page_of_the_codes_is_theirs() {
    check("diagnostics.md", &aop_dsl::diagnostics_manual());
}

#[test]
fn the_table_of_limits_is_that_of_the_constants() {
    let manual = fs::read_to_string(on_disk("language.md")).unwrap();
    let start = manual.find("| limit | |\n").unwrap();
    let end = manual[start..].find("\n\n").map_or(manual.len(), |length| start + length + 1);
    check("language.md", &format!("{}{}{}", &manual[..start], aop_dsl::limits_manual(), &manual[end..]));
}
