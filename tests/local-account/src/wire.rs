//! What goes over the wire: calls as they come in, answers as they go out.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod query;
pub(crate) mod rest;
pub(crate) mod xml;
