//! Functions over lists and sets.

pub(super) mod first;
pub(super) mod join;
pub(super) mod last;
pub(super) mod total;
pub(super) mod unique;
