//! The shape of the workspace: what ARCHITECTURE.md and HOUSE_STYLE.md say and a program can check.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aop_tests::{skipped, workspace_root};
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Which crates of the workspace a crate may use, as ARCHITECTURE.md draws them.
const ARROWS: &[(&str, &[&str])] = &[
    ("aop-toon", &[]),
    ("aop-dsl", &["aop-toon"]),
    ("aop-rules", &["aop-toon"]),
    ("aop-train", &["aop-rules", "aop-toon"]),
    ("aop-engine", &["aop-toon", "aop-dsl", "aop-rules"]),
    ("aop-host", &["aop-engine"]),
    ("aop-cli", &["aop-engine", "aop-host"]),
    ("aop-tests", &["aop-toon", "aop-dsl", "aop-rules", "aop-engine", "aop-host", "aop-cli"]),
    ("aop-benches", &["aop-toon", "aop-dsl", "aop-rules", "aop-engine", "aop-host"]),
];

/// The crates without clock, files and environment.
const PURE: &[&str] = &["aop-toon", "aop-dsl", "aop-rules", "aop-engine"];

/// What the `clippy.toml` of a pure crate forbids, at the least.
const BANS: &[&str] = &[
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "std::env::args",
    "std::env::args_os",
    "std::env::current_dir",
    "std::env::var",
    "std::env::var_os",
    "std::env::vars",
    "std::env::vars_os",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::read_dir",
    "std::fs::metadata",
    "std::fs::symlink_metadata",
    "std::fs::canonicalize",
    "std::fs::exists",
    "std::fs::write",
    "std::fs::copy",
    "std::fs::rename",
    "std::fs::create_dir",
    "std::fs::create_dir_all",
    "std::fs::remove_file",
    "std::fs::remove_dir",
    "std::fs::remove_dir_all",
    "std::fs::File::open",
    "std::fs::File::create",
    "std::fs::OpenOptions::open",
    "std::net::TcpStream::connect",
    "std::net::TcpListener::bind",
    "std::net::UdpSocket::bind",
    "std::process::Command::new",
    "std::thread::spawn",
];

const FILE_LINES_MAX: usize = 600;

#[test]
fn arrows_go_one_way() {
    let edges = edges(&metadata());
    assert_none("arrows that ARCHITECTURE.md does not draw", forbidden(&edges));
}

#[test]
fn an_arrow_the_other_way_is_named() {
    let edge = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let edges = BTreeSet::from([edge("aop-engine", "aop-rules"), edge("aop-rules", "aop-dsl"), edge("aop-new", "aop-toon")]);
    assert_eq!(forbidden(&edges), ["aop-new → aop-toon", "aop-rules → aop-dsl"]);
}

#[test]
fn every_crate_says_what_it_is() {
    let mut faults = Vec::new();
    for package in metadata().workspace_packages() {
        let mut wants = |is_there: bool, what: &str| {
            if !is_there {
                faults.push(format!("{}: {what}", package.name));
            }
        };
        wants(package.description.as_ref().is_some_and(|text| !text.is_empty()), "its Cargo.toml has no description");
        wants(package.license.as_deref() == Some("MIT"), "its licence is not MIT");
        wants(package.edition.as_str() == "2024", "its edition is not 2024");
        wants(package.rust_version.is_some(), "it states no rust-version");
        let manifest = read(package.manifest_path.as_std_path());
        wants(section(&manifest, "[lints]").contains(&"workspace = true"), "its [lints] are not the workspace's");
    }
    assert_none("crates that do not say what the others say", faults);
}

#[test]
fn unsafe_code_is_forbidden() {
    let manifest = read(&workspace_root().join("Cargo.toml"));
    let lints = section(&manifest, "[workspace.lints.rust]");
    assert!(
        lints.contains(&"unsafe_code = \"forbid\""),
        "[workspace.lints.rust] has no unsafe_code = \"forbid\": {lints:#?}"
    );
}

#[test]
fn pure_crates_ban_clocks_files_and_environment() {
    let mut faults = Vec::new();
    for name in PURE {
        let path = workspace_root().join(name).join("clippy.toml");
        let Ok(text) = fs::read_to_string(&path) else {
            faults.push(format!("{name}/clippy.toml is missing"));
            continue;
        };
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        for ban in BANS {
            let entry = format!("path = \"{ban}\"");
            if !lines.iter().any(|line| line.contains(&entry) && line.contains("reason = ")) {
                faults.push(format!("{name}/clippy.toml does not ban {ban} with a reason"));
            }
        }
    }
    assert_none("gaps in what the pure crates may not do", faults);
}

#[test]
fn peers_stay_out_of_the_lock_file() {
    let lock = read(&workspace_root().join("Cargo.lock"));
    for peer in ["raft-engine", "openssl-sys", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{peer}\"\n")), "Cargo.lock holds {peer}");
    }
}

#[test]
fn files_stay_short() {
    let Some(files) = project_files() else { return };
    let long = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path, read(&workspace_root().join(path)).lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()));
    assert_none("files over 600 lines", long.collect());
}

#[test]
fn nothing_is_left_open() {
    let Some(files) = project_files() else { return };
    // spelled apart, so that this list does not find itself
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("FIX", "ME"), concat!("#[ig", "nore]")];
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        for (index, line) in read(&workspace_root().join(path)).lines().enumerate() {
            found.extend(
                marks
                    .iter()
                    .filter(|mark| line.contains(*mark))
                    .map(|mark| format!("{}:{}: {mark}", path.display(), index + 1)),
            );
        }
    }
    assert_none("marks of unfinished work", found);
}

#[test]
fn no_file_names_a_folder_of_this_machine() {
    let Some(files) = project_files() else { return };
    let folders = machine_folders();
    let mut found = Vec::new();
    for path in &files {
        // what is no text names nothing
        let Ok(text) = fs::read_to_string(workspace_root().join(path)) else { continue };
        for (index, line) in text.lines().enumerate() {
            if folders.iter().any(|folder| line.contains(folder.as_str())) {
                found.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    assert_none("paths that exist on this machine only", found);
}

#[test]
fn documents_that_are_linked_exist() {
    let Some(files) = project_files() else { return };
    let root = workspace_root();
    assert!(root.join("README.md").is_file(), "README.md is missing");
    let mut broken = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let folder = root.join(path).parent().expect("a file lies in a folder").to_owned();
        for link in links(&read(&root.join(path))) {
            let target = link.split('#').next().unwrap_or_default();
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !target.is_empty() && !is_elsewhere && !folder.join(target).exists() {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert_none("links to files that are not there", broken);
}

#[test]
fn links_are_found_outside_code() {
    let text = "[a](A.md) and ![b](b.png#x)\n```\n[no](no.md)\n```\n`[no](no.md)` [c](https://example.com)";
    assert_eq!(links(text), ["A.md", "b.png#x", "https://example.com"]);
}

fn metadata() -> Metadata {
    let manifest = workspace_root().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo metadata reads this workspace")
}

/// Which crate of the workspace names which other, in any kind of dependency.
fn edges(metadata: &Metadata) -> BTreeSet<(String, String)> {
    let packages = metadata.workspace_packages();
    let is_ours = |name: &str| packages.iter().any(|package| package.name == name);
    let of = |package: &Package| -> Vec<(String, String)> {
        let named = package.dependencies.iter().filter(|dependency| is_ours(&dependency.name));
        named.map(|dependency| (package.name.to_string(), dependency.name.clone())).collect()
    };
    packages.iter().flat_map(|package| of(package)).collect()
}

fn forbidden(edges: &BTreeSet<(String, String)>) -> Vec<String> {
    let is_drawn = |from: &str, to: &str| ARROWS.iter().any(|(name, uses)| *name == from && uses.contains(&to));
    edges.iter().filter(|(from, to)| !is_drawn(from, to)).map(|(from, to)| format!("{from} → {to}")).collect()
}

/// The lines of one section of a TOML file, as written.
fn section<'t>(toml: &'t str, header: &str) -> Vec<&'t str> {
    let lines = toml.lines().map(str::trim).skip_while(|line| *line != header).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect()
}

/// The files of the project, relative to its root: what git knows or would take.
fn project_files() -> Option<Vec<PathBuf>> {
    let git = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(workspace_root())
        .output();
    let Some(output) = git.ok().filter(|output| output.status.success()) else {
        skipped("a test over the project's files", "this is no git checkout");
        return None;
    };
    let names = String::from_utf8(output.stdout).expect("the project's file names are UTF-8");
    let paths = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    // what was deleted and not yet committed is still in git's list
    Some(paths.filter(|path| workspace_root().join(path).is_file()).collect())
}

/// Folders that only this machine has: the checkout, the one it lies in, and cargo's. Folders that every machine has do
/// not count, since examples may name them.
fn machine_folders() -> Vec<String> {
    const COMMON: &[&str] =
        &["/", "/tmp", "/home", "/root", "/opt", "/srv", "/mnt", "/usr", "/var", "/usr/src", "/usr/local"];
    let root = fs::canonicalize(workspace_root()).expect("the workspace is there");
    let mut folders = vec![root.clone()];
    folders.extend(root.parent().map(Path::to_owned));
    folders.extend(std::env::var_os("CARGO_HOME").map(PathBuf::from));
    let names = folders.iter().filter_map(|folder| folder.to_str());
    names.filter(|name| !COMMON.contains(name)).map(|name| format!("{name}/")).collect()
}

/// The targets of the links in a Markdown text, without those in code.
fn links(markdown: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut is_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        // every second piece between backticks is code
        for prose in line.split('`').step_by(2) {
            let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            links.extend(targets);
        }
    }
    links
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn assert_none(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}
