//! Pages of the manual that are made from what the code says: they cannot tell anything else. `tests/manual.rs` holds the files on
//! disk to them.

mod diagnostics;
mod limits;
mod packages;

pub use diagnostics::diagnostics_manual;
pub use limits::limits_manual;
pub use packages::std_manual;
