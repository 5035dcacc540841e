//! Functions over versions.

pub(super) mod major;
pub(super) mod minor;
pub(super) mod patch;
pub(super) mod prerelease;
