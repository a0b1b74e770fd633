//! Pages of Config's lists.

use serde_json::{Map, Value};

use super::refusals;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Items a page by default, and at most (AWS Config API reference, `Limit`).
const DEFAULT: usize = 10;
pub(crate) const MOST: usize = 100;

/// How the members of a call are spelled: `GetResourceConfigHistory` begins them with a small letter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members {
    pub(crate) limit: &'static str,
    pub(crate) token: &'static str,
}

pub(crate) const MEMBERS: Members = Members {
    limit: "Limit",
    token: "NextToken",
};

/// The page that `Limit` and `NextToken` ask for.
pub(crate) fn limited(
    call: &ApiCall,
    names: Members,
    member: &str,
    items: Vec<Value>,
) -> Result<Value, Refusal> {
    let wanted = call.parameters.get(names.limit).and_then(Value::as_u64);
    let size = match wanted.and_then(|wanted| usize::try_from(wanted).ok()) {
        None | Some(0) => DEFAULT,
        Some(size @ 1..=MOST) => size,
        Some(size) => {
            let constraint = "Member must have value less than or equal to 100";
            return Err(refusals::validation(
                format!("'{size}'"),
                "limit",
                constraint,
            ));
        }
    };
    sized(call, names, member, items, size)
}

/// The page that `NextToken` asks for, where the caller has no say in its size.
pub(crate) fn sized(
    call: &ApiCall,
    names: Members,
    member: &str,
    items: Vec<Value>,
    size: usize,
) -> Result<Value, Refusal> {
    let offset: usize = match call.text(names.token) {
        None | Some("") => 0,
        Some(token) => token.parse().map_err(|_| {
            Refusal::new(
                "InvalidNextTokenException",
                "The nextToken provided is invalid",
            )
        })?,
    };
    let total = items.len();
    let page: Vec<Value> = items.into_iter().skip(offset).take(size).collect();
    let next = offset + page.len();
    let mut answer = Map::from_iter([(member.to_owned(), Value::Array(page))]);
    if next < total {
        answer.insert(names.token.to_owned(), Value::from(next.to_string()));
    }
    Ok(Value::Object(answer))
}
