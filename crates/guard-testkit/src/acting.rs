//! What people do in the account.

use std::collections::BTreeMap;

use guard_core::names::Version;
use guard_reconcile::ports::Parameter;

use crate::account::FakeAccount;
use crate::document::Refusal;
use crate::person::Person;
use crate::record::{self, Circumstances, Request};

/// Somebody acting in the account; see [`FakeAccount::as_principal`].
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    account: &'a FakeAccount,
    person: &'a Person,
}

impl<'a> Acting<'a> {
    pub(crate) fn new(account: &'a FakeAccount, person: &'a Person) -> Self {
        Self { account, person }
    }

    /// `UpdateDocument` of `$LATEST`, as the console does it; text that is no JSON is taken as YAML.
    pub fn update(self, content: &str) -> Result<Version, Refusal> {
        self.perform(&Request::Update {
            version: None,
            content,
        })
        .and_then(made)
    }

    /// `UpdateDocument` of a version by its number.
    pub fn update_of(self, version: Version, content: &str) -> Result<Version, Refusal> {
        self.perform(&Request::Update {
            version: Some(version),
            content,
        })
        .and_then(made)
    }

    /// `CreateDocument` of the type `Session`, without tags.
    pub fn create(self, content: &str) -> Result<Version, Refusal> {
        self.create_as("Session", content)
    }

    /// `CreateDocument` of any type, without tags.
    pub fn create_as(self, document_type: &str, content: &str) -> Result<Version, Refusal> {
        let tags = BTreeMap::new();
        self.perform(&Request::Create {
            document_type,
            content,
            tags: &tags,
        })
        .and_then(made)
    }

    /// `UpdateDocumentDefaultVersion`.
    pub fn move_default(self, version: Version) -> Result<(), Refusal> {
        self.perform(&Request::MoveDefault { to: version })
            .map(drop)
    }

    /// `DeleteDocument` with all versions.
    pub fn delete(self) -> Result<(), Refusal> {
        self.perform(&Request::Delete).map(drop)
    }

    /// `DeleteDocument` of one version.
    pub fn delete_version(self, version: Version) -> Result<(), Refusal> {
        self.perform(&Request::DeleteVersion { version }).map(drop)
    }

    /// `ModifyDocumentPermission` that adds these accounts; `all` is everybody.
    pub fn share(self, accounts: &[&str]) -> Result<(), Refusal> {
        let add: Vec<_> = accounts
            .iter()
            .map(|account| (*account).to_owned())
            .collect();
        self.perform(&Request::Share {
            add: &add,
            remove: &[],
        })
        .map(drop)
    }

    /// `ModifyDocumentPermission` that removes these accounts.
    pub fn unshare(self, accounts: &[&str]) -> Result<(), Refusal> {
        let remove: Vec<_> = accounts
            .iter()
            .map(|account| (*account).to_owned())
            .collect();
        self.perform(&Request::Share {
            add: &[],
            remove: &remove,
        })
        .map(drop)
    }

    /// Tries a call, given by its CloudTrail name, that IAM denies: it only leaves a record.
    pub fn be_denied(self, event_name: &str) {
        let mut state = self.account.state();
        let circumstances = Circumstances {
            event_id: state.history.next_event_id(),
            person: self.person,
            at: state.now,
        };
        let record = record::denied(event_name, &circumstances);
        let now = state.now;
        state.history.keep(record, now);
    }

    /// `PutParameter`; CloudTrail's records of it are not what the guard looks at.
    pub fn put_parameter(self, parameter: Parameter, value: &str) -> Result<u64, Refusal> {
        self.account
            .state()
            .put_parameter(self.person, parameter, value)
    }

    /// `DeleteParameter`, with its history.
    pub fn delete_parameter(self, parameter: Parameter) -> Result<(), Refusal> {
        self.account
            .state()
            .delete_parameter(self.person, parameter)
    }

    fn perform(self, request: &Request<'_>) -> Result<Option<Version>, Refusal> {
        self.account.state().perform(self.person, request)
    }
}

fn made(version: Option<Version>) -> Result<Version, Refusal> {
    version.ok_or_else(|| Refusal::new("InternalServerError", "the call made no version"))
}
