#![doc = include_str!("../README.md")]

mod account;
mod acting;
mod advisor;
mod around;
mod calls;
pub mod charter;
mod config;
pub mod content;
mod deed;
pub mod details;
mod document;
mod fault;
pub mod generate;
mod iam;
mod parameter;
pub mod person;
pub mod policies;
mod principals;
pub mod program;
mod record;
mod recorder;
pub mod runtime_api;
pub mod subscriber;
mod trail;
pub mod turns;

pub use account::FakeAccount;
pub use acting::Acting;
pub use calls::{Call, Called};
pub use config::Kept;
pub use deed::{Deed, What};
pub use document::{DuplicateRule, Refusal, Rules, StoredVersion};
pub use fault::{Crashed, Fault, Moment};
pub use iam::Written;
pub use person::Person;
pub use principals::Principals;
pub use recorder::Recorder;
pub use trail::Event;

#[cfg(test)]
mod tests;
