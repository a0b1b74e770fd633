//! The engine against a small working account: random histories, and one named story for every trap.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and most of this is called by several tests"
)]

mod advisor;
mod around;
mod convergence;
mod history;
mod model;
mod policies;
mod scenarios;
mod world;
