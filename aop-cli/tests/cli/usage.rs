use std::net::TcpListener;

use insta::assert_snapshot;

use crate::support::Folder;

#[test]
fn help_says_what_each_verb_does() {
    let folder = Folder::with(&[]);
    for verb in ["", "eval", "batch", "learn", "scan", "redact", "serve", "send", "keys"] {
        let arguments: Vec<&str> = [verb, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let ran = folder.aop(&arguments);
        assert_eq!(ran.code, Some(0), "{ran}");
        let other = folder.aop(&[&["help"], arguments.split_last().expect("--help is the last").1].concat());
        assert_eq!(other.out, ran.out);
        assert_snapshot!(format!("help_{verb}"), ran.out);
    }
}

#[test]
fn bad_use_is_exit_code_2() {
    let folder = Folder::with(&[]);
    for arguments in [
        &[][..],
        &["judge"],
        &["eval"],
        &["batch"],
        &["batch", "--window", "7h", "-"],
        &["eval", "--format", "xml", "-"],
        &["scan", "--detectors", "weather"],
        &["scan", "."],
        &["redact", "--operator", "shred"],
        &["send", "-"],
        &["serve", "--listen", "nowhere"],
    ] {
        let ran = folder.aop(arguments);
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{arguments:?}: {ran}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn an_address_that_is_taken_is_said_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = Folder::with(&[]);
    let ran = folder.aop(&["serve", "--listen", &address]);
    assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{ran}");
    assert!(ran.err.starts_with(&format!("error: cannot listen on {address}: ")), "{ran}");
    assert!(ran.err.contains("give another with --listen"), "{ran}");
    assert!(!folder.path().join("aop-data").exists());
}
