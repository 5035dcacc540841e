//! The write-ahead log, from outside: what it promises on a good day, on a bad disk, and when the power goes.

mod damage;
mod faults;
mod handles;
mod laws;
mod power;
mod support;
