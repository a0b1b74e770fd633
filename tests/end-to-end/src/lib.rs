#![doc = include_str!("../README.md")]

mod administrator;
pub mod compliance;
mod live;
mod person;
mod run;
mod stage;
pub mod story;

pub use administrator::{Administrator, Remediation};
pub use live::{Live, Sharing};
pub use person::Person;
pub use run::Run;
pub use stage::{FUNCTION, MIGRATION, POLICY_GUARD, RULES, Stage, project};
