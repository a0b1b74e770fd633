#![doc = include_str!("../README.md")]

mod counts;
mod function;
mod line;
mod record;

pub use counts::counts;
pub use function::{Function, handle};
pub use record::LoggedRecord;
