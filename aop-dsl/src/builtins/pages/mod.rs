//! What web pages and other texts hold.

pub(super) mod addresses;
pub(super) mod domains;
pub(super) mod emails;
mod html;
pub(super) mod html_attributes;
pub(super) mod html_comments;
pub(super) mod html_text;
mod scan;
pub(super) mod urls;
