#![doc = include_str!("../README.md")]

mod check;
mod command;
mod differences;
mod error;
mod exit;
mod explain;
mod format;
mod pack;
mod paint;
mod papers;
mod scope;
mod streams;

pub use command::Cli;
pub use error::Error;
pub use exit::Exit;
pub use explain::EventError;
pub use streams::Streams;
