//! Deciding whether IAM lets a call through: allowed, denied, or depending on context that is not known.

mod context;
mod decision;
mod policies;

pub use self::context::{Context, Value};
pub use self::decision::{Decision, Layer, Outcome, StatementRef};
pub use self::policies::{Attached, Policies, Request};
