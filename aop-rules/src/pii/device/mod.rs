//! Numbers of devices and vehicles, which lead to who owns them.

pub mod mobile;
pub mod vin;
