//! `session-guard policy deny-preferences`: nobody but editors and the guard changes preferences.

use std::path::PathBuf;

use guard_core::compose::{Accounts, deny_preferences};
use guard_core::mandate::OwnIdentity;
use guard_core::names::{AccountId, Region};

use super::{Form, charter, default_charter, place};
use crate::error::Error;
use crate::exit::Exit;
use crate::product::Out;
use crate::scope::{self, EXAMPLE_ACCOUNT};
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard policy deny-preferences --account 123456789012 > deny.json
  aws iam create-policy --policy-name deny-preferences --policy-document file://deny.json
  session-guard policy deny-preferences --form scp > deny-scp.json
  aws organizations create-policy --type SERVICE_CONTROL_POLICY --name deny-preferences \\
    --description 'Session Manager preferences' --content file://deny-scp.json

Denied are CreateDocument, UpdateDocument, UpdateDocumentDefaultVersion, UpdateDocumentMetadata, DeleteDocument,
ModifyDocumentPermission, AddTagsToResource and RemoveTagsFromResource on the document, in every Region.
Excepted are the charter's editors with their limits, and the guard's own roles.
What a policy cannot say goes to the standard error.";

/// Compose the policy that denies changes of the preferences to everybody but editors and the guard
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DenyPreferences {
    /// The charter
    #[arg(long, value_name = "FILE", default_value_os_t = default_charter())]
    charter: PathBuf,
    /// What the policy is attached to
    #[arg(long, value_enum, default_value_t = Form::Identity)]
    form: Form,
    /// The account for which `${account}` is filled in; otherwise the policy is for any
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: Option<AccountId>,
    #[command(flatten)]
    out: Out,
}

impl DenyPreferences {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(charter) = charter(&self.charter, streams)? else {
            return Ok(Exit::Failure);
        };
        let accounts = match &self.account {
            Some(account) => Accounts::These(vec![account.clone()]),
            None => Accounts::Any,
        };
        let place = place(accounts, charter.regions())?;
        let roles = guard_roles(charter.regions())?;
        let product = deny_preferences::compose(&charter, &place, &roles, self.form.into())?;
        self.out.write(&product, streams)
    }
}

/// The names of the roles that the guard is deployed with, which are the same in every account.
fn guard_roles(regions: &[Region]) -> Result<Vec<String>, Error> {
    let account = AccountId::parse(EXAMPLE_ACCOUNT)?;
    let name = |region| {
        let scope = scope::of(&account, region)?;
        let own = OwnIdentity::of_guard(&scope)?;
        Ok(own.role.role_name().to_owned())
    };
    regions.iter().map(name).collect()
}
