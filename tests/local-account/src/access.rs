//! Who may do what: policies are gathered from moto and decided here, since moto enforces none.

pub(crate) mod authority;
pub(crate) mod condition;
pub(crate) mod context;
pub(crate) mod need;
pub(crate) mod policy;
