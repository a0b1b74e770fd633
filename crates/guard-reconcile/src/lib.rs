#![doc = include_str!("../README.md")]

pub mod account;
pub mod advisor;
mod apply;
pub mod around;
pub mod error;
pub mod evaluate;
mod gather;
mod patience;
pub mod policies;
pub mod ports;
mod reconcile;

pub use guard_core::judge::Trigger;
pub use reconcile::{Outcome, reconcile};
