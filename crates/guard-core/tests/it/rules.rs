//! What the rules find.

mod case;
mod cases;
mod docs;
mod preferences;
