//! In whose account a resource is.

use super::caller::Caller;
use super::context::Value;
use super::policies::Request;
use crate::policy::folded;

/// Where a resource is, seen from the caller.
pub(super) enum Place<'a> {
    Own,
    Foreign,
    Unknown(&'a str),
}

const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

pub(super) fn place<'a>(request: &Request<'a>, caller: &Caller<'_>) -> Place<'a> {
    let Some(own) = caller.account() else {
        return Place::Own;
    };
    let of = |account: &str| {
        if account == own {
            Place::Own
        } else {
            Place::Foreign
        }
    };
    let in_arn = request.resource.split(':').nth(4);
    if let Some(account) = in_arn.filter(|account| !account.is_empty()) {
        return of(account);
    }
    let key = folded(RESOURCE_ACCOUNT);
    match request.context.folded_value(&key) {
        Value::Known([account]) => of(account),
        Value::Known(_) | Value::Absent => Place::Own,
        Value::Unknown => Place::Unknown(request.context.spelling(&key, RESOURCE_ACCOUNT)),
    }
}
