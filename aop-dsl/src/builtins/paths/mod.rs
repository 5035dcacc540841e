//! Functions over paths.

pub(super) mod climbs;
pub(super) mod depth;
pub(super) mod extension;
pub(super) mod is_absolute;
pub(super) mod is_under;
pub(super) mod name;
pub(super) mod parent;
pub(super) mod path_escape;
