#![doc = include_str!("../README.md")]

mod live;
mod person;
mod run;
mod stage;
pub mod story;

pub use live::{Live, Sharing};
pub use person::Person;
pub use run::Run;
pub use stage::{FUNCTION, Stage, project};
