//! The capabilities that a reconciliation needs, one per trait, in the core's words.

use std::collections::BTreeMap;
use std::time::Duration;

use guard_core::facts::{Described, ListedVersion, StoredParameter, Trail, Window};
use guard_core::names::Version;
use jiff::Timestamp;

use crate::error::{PortError, WriteError};

mod advisor;
mod around;
mod attachments;
mod config;
mod principals;
mod record;

pub use advisor::{Advice, AskAdvisor};
pub use around::{InstanceProfile, ReadProfiles, ReadStacks, Stack, StackResource};
pub use attachments::{ReadAttachments, WriteAttachments};
pub use config::{Answer, AnswerConfig, MOST_EVALUATIONS, ReadItems, Reported};
pub use principals::{
    Details, Holder, ReadDetails, ReadEntities, ReadHolders, ReadPrincipals, ReadVersions,
};
pub use record::KeepRecord;

/// Reads the preferences document of one account and Region.
pub trait ReadPreferences {
    /// The document by its latest version; `None` when there is no document.
    fn describe(&self) -> impl Future<Output = Result<Option<Described>, PortError>> + Send;

    /// The service's hash of one version; `None` when the version or the document is gone.
    fn hash(
        &self,
        version: Version,
    ) -> impl Future<Output = Result<Option<String>, PortError>> + Send;

    /// The content of one version as JSON text; `None` when the version or the document is gone.
    fn content(
        &self,
        version: Version,
    ) -> impl Future<Output = Result<Option<String>, PortError>> + Send;

    /// All versions, in any order; empty when there is no document.
    fn versions(&self) -> impl Future<Output = Result<Vec<ListedVersion>, PortError>> + Send;

    /// The accounts that the document is shared with; empty when there is no document.
    fn shared_with(&self) -> impl Future<Output = Result<Vec<String>, PortError>> + Send;

    /// Whether the latest version has become Active; an error when it has failed.
    fn is_active(&self, version: Version) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// Writes the preferences document. Every write is refused rather than misplaced when the state is not the one read.
pub trait WritePreferences {
    /// Adds a version with this content, if `read` is still the latest; answers the new version.
    fn update(
        &self,
        read: Version,
        content: &str,
    ) -> impl Future<Output = Result<Version, WriteError>> + Send;

    /// Makes `version` the default one.
    fn move_default(&self, version: Version)
    -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Creates the document as a Session document with these tags; answers its version.
    fn create(
        &self,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> impl Future<Output = Result<Version, WriteError>> + Send;

    /// Deletes the document with all its versions; done as well when it is gone.
    fn delete(&self) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Deletes one version; done as well when it is gone.
    fn delete_version(
        &self,
        version: Version,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Takes these accounts off the document's share list.
    fn unshare(&self, accounts: &[String]) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// The guard's own two parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// The approved content.
    Approvals,
    /// Notes that may be lost without harm.
    Notes,
}

impl Parameter {
    /// The parameter's name in Parameter Store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approvals => "/session-guard/approved-preferences",
            Self::Notes => "/session-guard/notes",
        }
    }
}

/// Reads the guard's own parameters.
pub trait ReadParameters {
    /// All kept versions of a parameter, oldest first; empty when there is none.
    fn history(
        &self,
        parameter: Parameter,
    ) -> impl Future<Output = Result<Vec<StoredParameter>, PortError>> + Send;
}

/// Writes the guard's own parameters.
pub trait KeepParameters {
    /// Writes a parameter; answers the number of the version that this made.
    fn put(
        &self,
        parameter: Parameter,
        value: &str,
    ) -> impl Future<Output = Result<u64, PortError>> + Send;
}

/// Asks CloudTrail's event history for the successful calls that wrote the preferences document.
pub trait LookUpChanges {
    /// The changes in `window`. A failure is part of the answer: the judgement goes on without it.
    fn look_up(&self, window: Window) -> impl Future<Output = Trail> + Send;
}

/// Tells programs what was decided and done.
pub trait Publish {
    /// Publishes a report as an event.
    fn publish(
        &self,
        report: &serde_json::Value,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Tells people besides.
pub trait Notify: Publish {
    /// Sends an alert as readable text.
    fn alert(
        &self,
        subject: &str,
        text: &str,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// A part of a list that the service gives piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// What to ask for the next one with; `None` behind the last.
    pub next: Option<String>,
}

/// The time, and waiting; both come from outside so that tests need neither.
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn pause(&self, time: Duration) -> impl Future<Output = ()> + Send;
}

/// Everything that a judgement of the preferences needs; nothing of it changes anything.
pub trait Sight: ReadPreferences + ReadParameters + LookUpChanges + Clock + Sync {}

impl<P> Sight for P where P: ReadPreferences + ReadParameters + LookUpChanges + Clock + Sync {}

/// Everything that a reconciliation needs.
pub trait Ports: Sight + WritePreferences + KeepParameters + Notify {}

impl<P> Ports for P where P: Sight + WritePreferences + KeepParameters + Notify {}

/// Everything that it takes to bring a forbidden policy off somebody.
pub trait AttachmentPorts:
    ReadEntities + ReadAttachments + WriteAttachments + Clock + Sync
{
}

impl<P> AttachmentPorts for P where
    P: ReadEntities + ReadAttachments + WriteAttachments + Clock + Sync
{
}

/// Everything that the guard of forbidden policies needs.
pub trait PolicyPorts: AttachmentPorts + ReadVersions + Notify {}

impl<P> PolicyPorts for P where P: AttachmentPorts + ReadVersions + Notify {}

/// Everything that a remediation needs.
pub trait RemediationPorts: AttachmentPorts + ReadHolders + AskAdvisor + Publish {}

impl<P> RemediationPorts for P where P: AttachmentPorts + ReadHolders + AskAdvisor + Publish {}
