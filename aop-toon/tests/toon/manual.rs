//! The page of the manual that is made from the schema.
#![expect(clippy::disallowed_methods, reason = "a test that compares files reads them")]

use std::path::Path;

/// The page says what the tables say; `AOP_UPDATE=1` rewrites it.
#[test]
fn docs_toon_md_is_made_from_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/toon.md");
    let page = aop_toon::schema_manual();
    if std::env::var_os("AOP_UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/toon.md is not what the schema says; run this test with AOP_UPDATE=1");
}
