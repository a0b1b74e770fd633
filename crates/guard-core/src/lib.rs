#![doc = include_str!("../README.md")]

pub mod access;
pub mod approvals;
pub mod change;
pub mod charter;
pub mod compose;
pub mod config_item;
pub mod envelope;
pub mod explain;
pub mod facts;
pub mod floor;
pub mod inventory;
pub mod judge;
pub mod mandate;
mod member;
pub mod names;
pub mod notes;
pub mod plan;
pub mod policy;
pub mod preferences;
pub mod principal;
pub mod reach;
pub mod report;
pub mod rule_event;
pub mod rules;
pub mod simulate;
