//! What the access advisor is told.

use jiff::Timestamp;

use super::LocalAccount;
use crate::iam::access_advisor::uses::Use;

impl LocalAccount {
    /// Notes that a user or role called a service at some time, maybe long before the account was started.
    /// `namespace` is the service's prefix in policies, for example `ssm`. Reports name the latest use; the account's
    /// own calls count beside the noted ones.
    pub fn note_use(&self, principal_arn: &str, namespace: &str, at: Timestamp) {
        let used = Use {
            namespace: namespace.to_owned(),
            at,
            region: self.region.clone(),
        };
        self.state.access_advisor.uses.note(principal_arn, used);
    }
}
