#![doc = include_str!("../README.md")]

pub mod change;
pub mod envelope;
pub mod facts;
pub mod names;
pub mod preferences;
pub mod principal;
