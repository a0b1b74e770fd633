//! The functions: their handlers on a small working account, and their program against a Runtime API.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and most of this is called by several tests"
)]

mod bad_input;
mod carriers;
mod log;
mod policies;
mod preferences;
mod principals;
mod program;
mod samples;
mod scene;
mod scheduled;
mod troubles;
