//! Deciding whether IAM lets a call through: allowed, denied, or depending on context that is not known.
//!
//! [`decide()`] follows the flow chart of AWS's policy evaluation logic (IAM user guide, read 2026-11) in three-valued
//! logic. Each document is taken to have passed [`PolicyDocument::check`](crate::policy::PolicyDocument::check) for its
//! kind. What no request says is taken for granted:
//!
//! - The resource belongs to the account in its ARN; where the ARN has none, to the one in `aws:ResourceAccount`; where
//!   that is absent too, to the caller's own.
//! - The context is complete but for the keys that are unknown in it: nothing is derived from the caller's ARN.
//! - The service control policies are those of the caller's account, which is not the organization's management account.
//! - Nobody here is known by a canonical user id, and no federated user by the user who federated it.

mod caller;
pub(crate) mod condition;
mod context;
mod decide;
mod decision;
pub(crate) mod expand;
mod grant;
mod own;
mod place;
mod policies;
mod resource;
mod resource_policy;
pub(crate) mod statement;
pub(crate) mod truth;

pub use self::context::{Context, Value};
pub use self::decide::decide;
pub use self::decision::{Decision, Layer, Outcome, StatementRef};
pub use self::policies::{Attached, Policies, Request};
