//! Decision cases as data, what people read as snapshots, and properties that hold for any input.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and most of this is called by several tests"
)]

mod access;
mod account;
mod alerts;
mod case;
mod cases;
mod content;
mod flood;
mod generate;
mod hostile;
mod inventory;
mod judgements;
mod meaning;
mod oracle;
mod outcome;
mod people;
mod policy;
mod readers;
mod record;
mod roles;
mod rules;
mod run;
mod sentences;
mod shorthand;
mod simulate;
mod stage;
mod together;
