//! The whole product on the local account, and what must agree across its parts.

mod arrows;
mod calls;
mod delivery;
mod failures;
mod infra;
mod operator;
mod remediation;
mod story;
