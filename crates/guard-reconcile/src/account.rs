//! Everybody in the account.

use guard_core::inventory::{Draft, Inventory, InventoryError, Problem};

use crate::error::PortError;
use crate::patience::patiently;
use crate::ports::{Clock, Details, ReadDetails};

/// Why nobody knows who is in the account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A call failed.
    #[error("a call failed")]
    Port(#[from] PortError),
    /// Something that AWS answered cannot be part of an account.
    #[error("what AWS says of `{of}` cannot be used")]
    Unfit {
        /// Of what.
        of: String,
        /// What is wrong with it.
        source: Problem,
    },
    /// What AWS answered makes no account.
    #[error("what AWS says makes no account")]
    Incomplete(#[from] InventoryError),
    /// The list of everybody in the account is empty.
    #[error("IAM tells of nobody in the account, not even of the role that asks")]
    Nobody,
}

/// Reads the whole account, page by page, each page patiently: a page that is refused must not cost those before it.
/// `on_page` is told how many roles, users and groups each page holds.
pub async fn read<P: ReadDetails + Clock>(
    ports: &P,
    mut on_page: impl FnMut(usize),
) -> Result<Inventory, AccountError> {
    let mut draft = Draft::new();
    let mut after: Option<String> = None;
    loop {
        let page = patiently(ports, async || ports.details(after.as_deref()).await).await?;
        on_page(page.entities.len());
        after = put(&mut draft, page)?;
        if after.is_none() {
            break;
        }
    }
    let inventory = draft.finish()?;
    // Whoever asks does so as somebody of the account: nobody at all is no answer, and must not clear everybody.
    if inventory.bearers().is_empty() {
        return Err(AccountError::Nobody);
    }
    Ok(inventory)
}

/// Puts a page in; answers what to ask for the next one with.
fn put(draft: &mut Draft, page: Details) -> Result<Option<String>, AccountError> {
    for entity in page.entities {
        let of = entity.arn().to_owned();
        let added = draft.add(entity);
        added.map_err(|source| AccountError::Unfit { of, source })?;
    }
    for list in page.lists {
        draft.has_list(list);
    }
    for policy in page.policies {
        let of = policy.arn.clone();
        let added = draft.add_policy(policy);
        added.map_err(|source| AccountError::Unfit { of, source })?;
    }
    Ok(page.next)
}
