#![doc = include_str!("../README.md")]

mod access;
mod account;
mod activity;
mod automation;
mod bus;
mod calls;
mod clock;
mod config;
mod documents;
mod formation;
mod functions;
mod gateway;
mod iam;
mod locked;
mod messages;
mod moto;
mod parameters;
mod principals;
mod queues;
mod routes;
mod sessions;
mod state;
mod throttles;
mod trail;
mod wire;

pub use account::{Config, LocalAccount};
pub use automation::FunctionError;
pub use bus::Schedule;
pub use bus::delivery::Delivery;
pub use bus::entries::AcceptedEvent;
pub use calls::{Call, Mark};
pub use config::evaluation::Evaluation;
pub use documents::DuplicateContent;
pub use formation::Alarm;
pub use functions::invocation::{Invocation, Outcome};
pub use messages::PublishedMessage;
pub use principals::Credentials;
pub use trail::history::Lookups;

/// The account's id, one of those that AWS's documentation uses.
pub const ACCOUNT: &str = "123456789012";
