//! The rules that AWS Config shows: what each finds wrong with one resource.
//!
//! A rule answers with findings. None is an answer, too: nothing is wrong.

mod annotation;
mod carriage;
mod code;
mod compliance;
mod evaluation;
mod fault;
mod finding;
pub mod forbidden_policy;
mod id;
pub mod preferences;
pub mod preferences_access;
pub mod role_logging;
mod rule;
pub mod session_access;
mod standing;
mod task;
mod terms;
mod wording;

pub use annotation::of as annotation;
pub use carriage::{ForbiddenFault, LoggingFault};
pub use code::{CODES, FindingCode};
pub use compliance::Compliance;
pub use evaluation::{DOCUMENT_TYPE, Evaluation, Exempt, Resource};
pub use fault::PreferencesFault;
pub use finding::{Certainty, Finding, Place};
pub use id::RuleId;
pub use rule::{AsksForName, CarrierRule, JudgeBearer, JudgeCarrier, RULES, Rule, Subject};
pub use task::{BearerTask, DocumentTask, Recorded};
pub use terms::Terms;
