//! Everybody in the account.

use guard_core::inventory::{Draft, Inventory};

use super::EvaluateError;
use crate::patience::patiently;
use crate::ports::{Clock, ReadPrincipals};

/// Reads the whole account, page by page, each page patiently: a page that is refused must not cost those before it.
pub(super) async fn inventory<P: ReadPrincipals + Clock>(
    ports: &P,
) -> Result<Inventory, EvaluateError> {
    let mut draft = Draft::new();
    let mut after: Option<String> = None;
    loop {
        let page = patiently(ports, async || ports.details(after.as_deref()).await).await?;
        for entity in page.entities {
            let arn = entity.arn().to_owned();
            draft
                .add(entity)
                .map_err(|problem| EvaluateError::unfit(&arn, problem))?;
        }
        for list in page.lists {
            draft.has_list(list);
        }
        for policy in page.policies {
            let arn = policy.arn.clone();
            draft
                .add_policy(policy)
                .map_err(|problem| EvaluateError::unfit(&arn, problem))?;
        }
        if page.next.is_none() {
            break;
        }
        after = page.next;
    }
    let inventory = draft.finish().map_err(|error| EvaluateError::Unfit {
        of: "GetAccountAuthorizationDetails".to_owned(),
        source: Box::new(error),
    })?;
    // Whoever asks does so as a role of the account: nobody at all is no answer, and must not clear everybody.
    if inventory.bearers().is_empty() {
        return Err(EvaluateError::Nobody);
    }
    Ok(inventory)
}
