#![doc = include_str!("../README.md")]

#[cfg(feature = "live")]
mod adopt;
mod check;
mod command;
#[cfg(feature = "live")]
mod deploy;
mod details;
#[cfg(feature = "live")]
mod diff;
mod differences;
mod document;
mod error;
mod exit;
mod explain;
mod format;
#[cfg(feature = "live")]
mod live;
#[cfg(feature = "live")]
mod migrate;
mod pack;
mod paint;
mod papers;
mod policy;
mod product;
#[cfg(feature = "live")]
mod program;
mod progress;
mod scope;
mod simulate;
mod streams;

pub use command::Cli;
pub use error::Error;
pub use exit::Exit;
pub use explain::EventError;
#[cfg(feature = "live")]
pub use migrate::MigrateError;
pub use streams::Streams;
