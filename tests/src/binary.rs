//! The command `aop`, as built.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::places::workspace_root;

/// The built `aop`: of `AOP_BINARY` when that names one, else made by cargo, once a process, in the profile and the target
/// folder of the running test.
///
/// # Panics
/// When it cannot be built; cargo has said why on standard error.
pub fn aop_binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("AOP_BINARY") {
        Some(path) => PathBuf::from(path),
        None => build(),
    })
}

fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    // …/target/PROFILE/deps/TEST
    let deps = test.parent().expect("a file lies in a folder");
    let profile_folder = deps.parent().expect("cargo keeps tests in PROFILE/deps");
    let target_folder = profile_folder.parent().expect("cargo keeps profiles in the target folder");
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        // the whole workspace's features, so that what the tests' own build compiled is used again
        .args(["build", "--quiet", "--locked", "--workspace", "--bin", "aop", "--profile", profile, "--target-dir"])
        .arg(target_folder)
        .current_dir(workspace_root())
        .status()
        .expect("cargo can be started");
    assert!(status.success(), "`cargo build --bin aop` ended with {status}");
    profile_folder.join(if cfg!(windows) { "aop.exe" } else { "aop" })
}
