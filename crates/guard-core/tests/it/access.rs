//! Deciding, as data: every file under `tests/cases/access` holds policies, and requests with what must become of them.

pub(crate) mod case;
pub(crate) mod cases;
