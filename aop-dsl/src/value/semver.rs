//! Versions (SemVer 2.0), and requirements such as `^1.2`.

use ::semver::{Version, VersionReq};

/// Longer texts are no versions.
const TEXT_MAX: usize = 256;

/// A version; a `v` may stand before it.
pub(crate) fn parse(text: &str) -> Option<Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if text.len() > TEXT_MAX { None } else { Version::parse(text).ok() }
}

/// The normal form of a version.
pub(crate) fn read(text: &str) -> Option<String> {
    parse(text).map(|version| version.to_string())
}

/// A requirement, or a sentence about what would be right.
pub(crate) fn requirement(text: &str) -> Result<VersionReq, String> {
    let wrong =
        || format!("{} is no version requirement; write one such as \"^1.2\" or \">=1.2, <2\"", super::show::quoted(text));
    if text.len() > TEXT_MAX { Err(wrong()) } else { VersionReq::parse(text).map_err(|_| wrong()) }
}
