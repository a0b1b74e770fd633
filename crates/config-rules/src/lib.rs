#![doc = include_str!("../README.md")]

mod counts;
mod function;
mod line;
mod report;

pub use function::{Function, FunctionError, Judged, bearers, preferences};
