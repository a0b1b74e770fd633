//! The engine against a small working account: random histories, and one named story for every trap.

mod convergence;
mod history;
mod model;
mod scenarios;
mod world;
