//! How forbidden policies leave: decision cases as data, and what holds on the way whoever else is at work.

mod case;
mod cases;
mod migration;
mod moves;
mod recorded;
