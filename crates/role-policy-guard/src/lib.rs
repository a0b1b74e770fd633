#![doc = include_str!("../README.md")]

mod counts;
mod guard;
mod line;

pub use counts::counts;
pub use guard::{Guard, handle};
