//! The examples of `docs/cli.md`, `docs/batch.md` and `docs/conformance.md` do what the pages show. They are run where the pages' reader
//! is: at the top of the checkout, with the runs in `docs/examples` and `docs/orders` (of a copy).

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::Folder;

#[test]
fn the_examples_of_the_manual_work() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let folder = Folder::with(&[]);
    for runs in ["examples", "orders"] {
        let copy = folder.path().join("docs").join(runs);
        fs::create_dir_all(&copy).unwrap();
        for run in fs::read_dir(docs.join(runs)).unwrap() {
            let run = run.unwrap();
            fs::copy(run.path(), copy.join(run.file_name())).unwrap();
        }
    }
    for page in ["cli.md", "batch.md", "conformance.md"] {
        let text = fs::read_to_string(docs.join(page)).unwrap();
        let mut examples = 0;
        for block in text.split("```console\n").skip(1) {
            let block = block.split("```").next().unwrap();
            for example in block.split("$ ").skip(1) {
                let (command, expected) = example.split_once('\n').unwrap();
                assert_eq!(shell(&folder, command), expected, "{page}: $ {command}");
                examples += 1;
            }
        }
        assert!(examples > 0, "{page}");
    }
}

/// What a shell in the folder prints, all of it.
fn shell(folder: &Folder, command: &str) -> String {
    let aop = Path::new(env!("CARGO_BIN_EXE_aop")).parent().unwrap();
    let paths = env::split_paths(&env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let path = env::join_paths([aop.to_owned()].into_iter().chain(paths)).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {command}")]).current_dir(folder.path()).env("PATH", path);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AOP_")) {
        shell.env_remove(name);
    }
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}
