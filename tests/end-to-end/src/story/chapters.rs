//! The chapters. Each scene acts with real calls, waits for the guard, and reads the document back.

mod editor;
mod forger;
mod intruder;
mod onlookers;

pub(super) use editor::editor;
pub(super) use forger::forger;
pub(super) use intruder::intruder;
pub(super) use onlookers::onlookers;
