//! The order of system calls behind one request, as `strace` sees it.

use std::fs;

use aop_tests::{Host, is_installed, skipped};

const EVENT: &str = r#"{"seq":1,"t":"2026-01-15T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"is the lamp in stock?"},"meta":{"run_id":"traced-run","idempotency_key":"traced-key"}}"#;

/// Before an answer is sent, `fdatasync` has returned for the bytes of its event.
#[test]
fn an_answer_follows_its_sync() {
    if !is_installed("strace") {
        skipped("fdatasync before the answer", "strace is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the host's data");
    let log = folder.path().join("calls");
    let log_name = log.to_str().expect("the folder's name is plain");
    let calls = "trace=fdatasync,fsync,pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg";
    let wrapper = ["strace", "-D", "-f", "-qq", "-ttt", "-s", "8192", "-e", calls, "-o", log_name];
    let host = Host::start_under(&wrapper, &folder.path().join("data"));
    let answer = host.client().post("/api/runs/traced-run/events/", EVENT).expect("the host answers");
    assert_eq!(answer.status, 202, "{}", answer.body);
    host.terminate();

    let text = fs::read_to_string(&log).expect("strace has written its log");
    let order = order_of(&text, "traced-key", "HTTP/1.1 202");
    let calls: Vec<String> = text.lines().map(|line| line.chars().take(120).collect()).collect();
    assert_eq!(order, Ok(()), "{calls:#?}");
}

#[test]
fn an_answer_before_its_sync_is_noticed() {
    let written = r#"7 1.0 pwrite64(9, "…\"traced-key\"…", 4096, 0) = 4096"#;
    let synced = "7 1.1 fdatasync(9)                    = 0";
    let begun = "7 1.1 fdatasync(9 <unfinished ...>";
    let resumed = "7 1.3 <... fdatasync resumed>)         = 0";
    let answered = r#"8 1.2 writev(12, [{iov_base="HTTP/1.1 202 Accepted\r\n"}], 1) = 300"#;
    let check = |lines: &[&str], is_right: bool| {
        let order = order_of(&lines.join("\n"), "traced-key", "HTTP/1.1 202");
        assert_eq!(order.is_ok(), is_right, "{lines:#?} {order:?}");
    };
    check(&[written, synced, answered], true);
    check(&[written, begun, resumed, answered], true);
    check(&[written, answered, synced], false);
    check(&[synced, written, answered], false);
    check(&[written, begun, answered, resumed], false);
    check(&[begun, written, resumed, answered], false);
    check(&[written, answered], false);
    check(&[written, "7 1.1 fdatasync(5) = 0", answered], false);
    check(&[written, "7 1.1 fdatasync(9) = -1 EIO (Input/output error)", answered], false);
}

/// Whether a log of strace shows, in this order: the bytes with `mark` are written to a file, a sync of that file begins
/// and returns, the answer is sent.
fn order_of(log: &str, mark: &str, answer: &str) -> Result<(), &'static str> {
    let mut sync = None;
    let (mut syncing, mut is_synced) = (Vec::new(), false);
    for line in log.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let has_returned = line.trim_end().ends_with("= 0");
        let begins_sync = sync.as_ref().is_some_and(|sync: &String| line.contains(sync.as_str()));
        if let Some((_, call)) = line.split_once(" pwrite64(").filter(|_| line.contains(mark)) {
            let file = call.split(',').next().unwrap_or_default();
            sync = Some(format!(" fdatasync({file}"));
        } else if begins_sync && line.contains("<unfinished") {
            syncing.push(thread);
        } else if begins_sync || line.contains("fdatasync resumed") && syncing.contains(&thread) {
            is_synced |= has_returned;
        } else if line.contains(answer) {
            return match (sync, is_synced) {
                (None, _) => Err("the answer was sent before the event was written"),
                (Some(_), false) => Err("the answer was sent before a sync that began after the write had returned"),
                (Some(_), true) => Ok(()),
            };
        }
    }
    Err("the answer is not in the log")
}
