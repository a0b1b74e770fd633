#![doc = include_str!("../README.md")]

pub mod event;
pub mod failure;
pub mod package;
pub mod run;
pub mod settings;
pub mod telemetry;

pub use run::run;
