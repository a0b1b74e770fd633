#![doc = include_str!("../README.md")]

pub mod change;
pub mod envelope;
pub mod facts;
pub mod charter;
pub mod floor;
pub mod mandate;
pub mod names;
pub mod preferences;
pub mod principal;
