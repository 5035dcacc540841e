//! Addresses of machines in a network.

pub mod mac;
