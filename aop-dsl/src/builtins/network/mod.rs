//! Functions over IP addresses.

pub(super) mod is_link_local;
pub(super) mod is_loopback;
pub(super) mod is_private;
pub(super) mod is_public;
pub(super) mod version;
