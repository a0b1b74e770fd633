#![doc = include_str!("../README.md")]

pub mod names;
pub mod preferences;
pub mod principal;
