#![doc = include_str!("../README.md")]

pub mod approvals;
pub mod change;
pub mod charter;
pub mod envelope;
pub mod explain;
pub mod facts;
pub mod floor;
pub mod judge;
pub mod mandate;
pub mod names;
pub mod notes;
pub mod plan;
pub mod preferences;
pub mod principal;
pub mod report;
