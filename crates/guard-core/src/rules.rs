//! The rules that AWS Config shows: what each finds wrong with one resource.
//!
//! A rule answers with findings. None is an answer, too: nothing is wrong.

mod annotation;
mod code;
mod finding;
mod id;
pub mod preferences_access;
pub mod session_access;
mod standing;
mod terms;
mod wording;

pub use annotation::annotation;
pub use code::{CODES, FindingCode};
pub use finding::{Certainty, Finding, Place};
pub use id::{RULES, RuleId};
pub use terms::Terms;
