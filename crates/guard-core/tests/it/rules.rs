//! What the rules on roles, users and groups find.

mod case;
mod cases;
mod docs;
