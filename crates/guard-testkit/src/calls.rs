//! The list of the guard's calls.

use guard_reconcile::ports::Parameter;

/// One kind of call at the ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// `DescribeDocument` of the latest version.
    Describe,
    /// `DescribeDocument` of one version, for its hash.
    Hash,
    /// `GetDocument`.
    Content,
    /// `ListDocumentVersions`.
    Versions,
    /// `DescribeDocumentPermission`.
    SharedWith,
    /// `DescribeDocument` of one version, for its status.
    IsActive,
    /// `UpdateDocument`.
    Update,
    /// `UpdateDocumentDefaultVersion`.
    MoveDefault,
    /// `CreateDocument`.
    Create,
    /// `DeleteDocument`.
    Delete,
    /// `DeleteDocument` of one version.
    DeleteVersion,
    /// `ModifyDocumentPermission`.
    Unshare,
    /// `GetParameterHistory`.
    History(Parameter),
    /// `PutParameter`.
    Put(Parameter),
    /// `LookupEvents`, once for each of two event names.
    LookUp,
    /// `PutEvents`.
    Publish,
    /// `Publish` of the notification service.
    Alert,
    /// `PutEvaluations`.
    PutEvaluations,
    /// `GetComplianceDetailsByConfigRule`, one page.
    Reported,
    /// `GetResourceConfigHistory`.
    Item,
    /// `GetAccountAuthorizationDetails`, one page.
    Details,
    /// Everything about one role, user or group.
    Entity,
    /// `GetPolicy` and `GetPolicyVersion`.
    Policy,
    /// `GetPolicyVersion`.
    Version,
    /// `ListEntitiesForPolicy`, one page.
    Holders,
    /// `GetGroup`, one page.
    Members,
    /// `GenerateServiceLastAccessedDetails`.
    AskAdvisor,
    /// `GetServiceLastAccessedDetails`, one page.
    ReadAdvice,
    /// `ListInstanceProfiles`, one page.
    Profiles,
    /// `ListStacks`, one page.
    Stacks,
    /// `GetTemplate`.
    Template,
    /// `ListStackResources`, one page.
    Resources,
    /// `ListAttachedRolePolicies` and its kin.
    Attached,
    /// `AttachRolePolicy` and its kin.
    Attach,
    /// `DetachRolePolicy` and its kin.
    Detach,
}

impl Call {
    /// Whether the call changes something in the account.
    pub fn writes(self) -> bool {
        match self {
            Self::Update
            | Self::MoveDefault
            | Self::Create
            | Self::Delete
            | Self::DeleteVersion
            | Self::Unshare
            | Self::Attach
            | Self::Detach
            | Self::Put(_) => true,
            Self::Describe
            | Self::Hash
            | Self::Content
            | Self::Versions
            | Self::SharedWith
            | Self::IsActive
            | Self::History(_)
            | Self::LookUp
            | Self::Publish
            | Self::Alert
            | Self::PutEvaluations
            | Self::Reported
            | Self::Item
            | Self::Details
            | Self::Entity
            | Self::Policy
            | Self::Version
            | Self::Holders
            | Self::Members
            | Self::AskAdvisor
            | Self::ReadAdvice
            | Self::Profiles
            | Self::Stacks
            | Self::Template
            | Self::Resources
            | Self::Attached => false,
        }
    }

    /// Whether the call changes the document.
    pub fn writes_document(self) -> bool {
        self.writes() && !matches!(self, Self::Put(_))
    }

    /// How many AWS calls it stands for: `LookupEvents` takes one event name at a time.
    pub fn n_aws_calls(self) -> usize {
        if self == Self::LookUp { 2 } else { 1 }
    }
}

/// One call that the guard made, whether or not it succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Which.
    pub call: Call,
    /// On what, where it is not clear: a version, a list of accounts.
    pub on: String,
}
