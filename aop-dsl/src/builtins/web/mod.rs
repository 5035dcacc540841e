//! Functions over URLs.

pub(super) mod fragment;
pub(super) mod host;
pub(super) mod host_ip;
pub(super) mod host_refusal;
pub(super) mod path;
pub(super) mod port;
pub(super) mod query;
pub(super) mod query_param;
pub(super) mod scheme;
pub(super) mod user;
