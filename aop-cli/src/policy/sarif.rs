//! Diagnostics as a SARIF 2.1.0 log (OASIS standard, with errata 01).

use std::io::{self, Write};

use aop_engine::policy::{Diagnostic, Diagnostics, Level};
use serde_json::{Value, json};

use crate::uri;

pub(super) fn write(files: &[Diagnostics], out: &mut impl Write) -> io::Result<()> {
    let all = || files.iter().flat_map(|file| file.diagnostics().iter().map(move |diagnostic| (file, diagnostic)));
    let mut codes: Vec<String> = all().map(|(_, diagnostic)| diagnostic.code.to_string()).collect();
    codes.sort();
    codes.dedup();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "aop policy check",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| json!({"id": code})).collect::<Vec<_>>(),
            }},
            "results": all().map(|(file, diagnostic)| result(file.name(), diagnostic, &codes)).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn result(name: &str, diagnostic: &Diagnostic, codes: &[String]) -> Value {
    let code = diagnostic.code.to_string();
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("; ");
        text.push_str(help);
    }
    let mut result = json!({
        "ruleId": code,
        "ruleIndex": codes.iter().position(|known| *known == code),
        "level": if diagnostic.level == Level::Error { "error" } else { "warning" },
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri_of(name)},
            "region": {
                "startLine": diagnostic.line,
                "startColumn": diagnostic.column,
                "byteOffset": diagnostic.span.start,
                "byteLength": diagnostic.span.len(),
            },
        }}],
    });
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([{
            "description": {"text": format!("write `{}`", fix.replacement)},
            "artifactChanges": [{
                "artifactLocation": {"uri": uri_of(name)},
                "replacements": [{
                    "deletedRegion": {"byteOffset": fix.span.start, "byteLength": fix.span.len()},
                    "insertedContent": {"text": fix.replacement},
                }],
            }],
        }]);
    }
    result
}

fn uri_of(name: &str) -> String {
    let scheme = if name.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", uri::encoded(&name.replace('\\', "/"), true))
}
