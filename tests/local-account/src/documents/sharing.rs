//! With whom a document is shared.

use serde_json::{Value, json};

use super::document::Document;
use super::refusals;
use crate::access::policy::texts;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Accounts in one call, at most (Systems Manager API reference, `ModifyDocumentPermission`).
const ACCOUNTS_A_CALL: usize = 20;

/// Adds and removes accounts; removing wins.
pub(crate) fn modify(document: &mut Document, call: &ApiCall) -> Result<Value, Refusal> {
    check_type(call)?;
    let (add, remove) = (
        accounts(call, "AccountIdsToAdd")?,
        accounts(call, "AccountIdsToRemove")?,
    );
    let version = call.text("SharedDocumentVersion").unwrap_or("$DEFAULT");
    for account in add {
        document.shared_with.insert(account, version.to_owned());
    }
    for account in remove {
        document.shared_with.remove(&account);
    }
    Ok(json!({}))
}

pub(crate) fn describe(document: &Document, call: &ApiCall) -> Result<Value, Refusal> {
    check_type(call)?;
    let accounts: Vec<&String> = document.shared_with.keys().collect();
    let shares: Vec<Value> = document
        .shared_with
        .iter()
        .map(|(account, version)| json!({"AccountId": account, "SharedDocumentVersion": version}))
        .collect();
    Ok(json!({"AccountIds": accounts, "AccountSharingInfoList": shares}))
}

fn check_type(call: &ApiCall) -> Result<(), Refusal> {
    match call.text("PermissionType") {
        Some("Share") => Ok(()),
        _ => Err(Refusal::new(
            "InvalidPermissionType",
            "The permission type is not supported. Share is the only supported permission type.",
        )),
    }
}

fn accounts(call: &ApiCall, member: &str) -> Result<Vec<String>, Refusal> {
    let accounts = call.parameters.get(member).map(texts).unwrap_or_default();
    if accounts.len() > ACCOUNTS_A_CALL {
        return Err(Refusal::new(
            "DocumentPermissionLimit",
            "The document can't be shared with more AWS accounts in one call.",
        ));
    }
    accounts
        .into_iter()
        .map(|account| account_id(&account))
        .collect()
}

/// Twelve digits, or `all` in either spelling.
fn account_id(account: &str) -> Result<String, Refusal> {
    if account.eq_ignore_ascii_case("all") {
        Ok("all".to_owned())
    } else if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(account.to_owned())
    } else {
        Err(refusals::validation(format!(
            "Value '{account}' at 'accountIds' failed to satisfy constraint"
        )))
    }
}
