use insta::assert_snapshot;

use crate::support::Folder;

#[test]
fn help_says_what_each_verb_does() {
    let folder = Folder::with(&[]);
    for verb in ["", "eval", "scan", "redact", "serve", "send"] {
        let arguments: Vec<&str> = [verb, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let ran = folder.aop(&arguments);
        assert_eq!(ran.code, Some(0), "{ran}");
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
