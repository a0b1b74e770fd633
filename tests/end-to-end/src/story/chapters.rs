//! The chapters. Each scene acts with real calls, waits for the functions, and reads back what came of it.

mod editor;
mod forger;
mod intruder;
mod onlookers;
mod roles;
mod rules;

pub(super) use editor::editor;
pub(super) use forger::forger;
pub(super) use intruder::intruder;
pub(super) use onlookers::onlookers;
pub(super) use roles::roles;
pub(super) use rules::rules;
