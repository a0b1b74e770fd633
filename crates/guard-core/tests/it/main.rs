//! Decision cases as data, what people read as snapshots, and properties that hold for any input.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and most of this is called by several tests"
)]

mod alerts;
mod case;
mod cases;
mod content;
mod generate;
mod hostile;
mod meaning;
mod outcome;
mod people;
mod readers;
mod record;
mod run;
mod sentences;
mod shorthand;
