//! Runs of the program itself.

mod charter_check;
mod explain;
mod pack;
mod program;
