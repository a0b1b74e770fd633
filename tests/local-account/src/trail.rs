//! CloudTrail: a record of every management call, and the history of records.

pub(crate) mod history;
pub(crate) mod record;
pub(crate) mod time;
