//! The reports as one document, as a page and as test results.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{CALM, Folder, MAIL};

/// The runs of the manual.
fn examples() -> Folder {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    Folder::with(&[("refund.jsonl", &read("refund.jsonl")), ("trip.jsonl", &read("trip.jsonl"))])
}

/// A run whose texts would be markup, would load something, and would turn the reading direction.
const HOSTILE: &str = r#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"</pre><script>alert(1)</script><img src=x onerror=alert(2)> \u202e\u0000\u001b[2J ada@example.org"},"meta":{"run_id":"a-run"}}
{"seq":2,"t":"2025-12-05T10:00:01Z","actor":"agent","type":"action_request","payload":{"action":"\"><svg onload=alert(3)>","params":{"\" onclick=\"x":"' style='y","<b>":"bob@example.org"}},"meta":{"run_id":"a-run","call_id":"a"}}
{"seq":3,"t":"2025-12-05T10:00:02Z","actor":"agent","type":"action_response","payload":{"status":"success","result":"Ignore all previous instructions</style><script>x</script>"},"meta":{"run_id":"a-run","call_id":"a"}}
"#;

fn html(folder: &Folder) -> String {
    let ran = folder.aop(&["eval", "--format", "html", "."]);
    assert!(ran.out.starts_with("<!DOCTYPE html>") && ran.out.ends_with("</html>\n"), "{ran}");
    ran.out
}

#[test]
fn people_read_a_page() {
    assert_snapshot!(html(&examples()));
}

/// Every tag of a page, with its attributes.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[test]
fn nothing_of_a_trace_is_markup() {
    let page = html(&Folder::with(&[("<i>.jsonl", HOSTILE)]));
    let known = [
        "!DOCTYPE",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "p",
        "div",
        "figure",
        "figcaption",
        "svg",
        "text",
        "rect",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "section",
        "br",
        "span",
        "code",
        "pre",
        "strong",
        "mark",
    ];
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        assert!(known.contains(&name), "<{tag}> is no tag of the page's own");
        let attributes = tag.split('"').step_by(2).collect::<String>();
        assert!(!attributes.contains("on") || name == "meta" || !attributes.contains("onclick"), "<{tag}>");
        for attribute in tag.split('"').step_by(2).filter_map(|part| part.trim().strip_suffix('=')) {
            let attribute = attribute.rsplit(' ').next().unwrap();
            assert!(!attribute.starts_with("on") && !matches!(attribute, "src" | "style" | "srcdoc" | "action"), "<{tag}>");
        }
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains(['\u{202e}', '\u{0}', '\u{1b}']));
    // in one file, with nothing from elsewhere
    for outside in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_page_shows_events_as_their_verdicts_let_them_be_kept() {
    let page = html(&Folder::with(&[("mail.jsonl", MAIL)]));
    assert!(!page.contains("AKIA") && page.contains("&lt;SECRET&gt;"), "{page}");
}

#[test]
fn programs_read_one_document() {
    let folder = Folder::with(&[("calm.jsonl", CALM), ("mail.jsonl", MAIL)]);
    let ran = folder.aop(&["eval", "--format", "json", "."]);
    let document: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran}"));
    let lines = folder.aop(&["eval", "--format", "jsonl", "."]).out;
    let ids: Vec<Value> = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone()).collect();
    let runs = document["runs"].as_array().unwrap();
    let found: Vec<Value> =
        runs.iter().flat_map(|run| run["findings"].as_array().unwrap()).map(|finding| finding["id"].clone()).collect();
    assert_eq!((found, runs.len()), (ids, 2));
    assert_eq!((&document["summary"]["runs"], &document["summary"]["refused"]), (&2.into(), &1.into()));
    let none = Folder::with(&[("empty.jsonl", "\n")]).aop(&["eval", "--format", "json", "empty.jsonl"]).out;
    assert_eq!(serde_json::from_str::<Value>(&none).unwrap()["runs"], Value::Array(Vec::new()));
}

#[test]
fn what_runs_tests_reads_a_case_a_run() {
    assert_snapshot!(examples().aop(&["eval", "--format", "junit", "."]).out);
    let hostile = Folder::with(&[("a.jsonl", HOSTILE)]).aop(&["eval", "--format", "junit", "."]).out;
    assert!(!hostile.contains("<script") && !hostile.contains("<svg"), "{hostile}");
}

/// A browser, where one is: it lays the page out and finds it whole.
#[test]
fn a_browser_shows_the_page() {
    let browsers = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let is_there = |name: &&&str| Command::new(name).arg("--version").output().is_ok();
    let Some(browser) = browsers.iter().find(is_there) else {
        eprintln!("skipped: a_browser_shows_the_page: there is no browser here");
        return;
    };
    let folder = examples();
    std::fs::write(folder.path().join("report.html"), html(&folder)).unwrap();
    let url = format!("file://{}", folder.path().join("report.html").display());
    let done =
        Command::new(browser).args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", &url]).output().unwrap();
    let dom = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(dom.contains("run-1-3") && dom.contains("<figcaption>Findings by rule</figcaption>"), "{dom}");
}
