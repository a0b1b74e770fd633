//! When somebody called a service: what tests have noted, and the account's own log, which counts attempts that failed
//! too, as AWS does. AWS takes up to four hours to know of a call, here it is known at once.

use jiff::Timestamp;

use crate::ACCOUNT;
use crate::calls::{Call, Mark};
use crate::locked::Locked;
use crate::principals::role_name;
use crate::state::State;

/// One use of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    /// The service's prefix in policies, for example `ssm`.
    pub(crate) namespace: String,
    pub(crate) at: Timestamp,
    pub(crate) region: String,
}

/// Noted uses with the ARNs of users and roles.
#[derive(Debug, Default)]
pub(crate) struct Uses(Locked<Vec<(String, Use)>>);

impl Uses {
    pub(crate) fn note(&self, principal_arn: &str, used: Use) {
        self.0.lock().push((principal_arn.to_owned(), used));
    }

    fn of(&self, principal_arn: &str) -> Vec<Use> {
        let noted = self.0.lock();
        let own = noted.iter().filter(|(by, _)| by == principal_arn);
        own.map(|(_, used)| used.clone()).collect()
    }
}

/// Everything that a user or role has used.
pub(crate) fn of(state: &State, principal_arn: &str) -> Vec<Use> {
    let mut uses = state.access_advisor.uses.of(principal_arn);
    let sessions = format!(
        "arn:aws:sts::{ACCOUNT}:assumed-role/{}/",
        role_name(principal_arn)
    );
    let is_role = principal_arn.contains(":role/");
    let is_by_it = |call: &Call| {
        call.principal_arn == principal_arn
            || (is_role && call.principal_arn.starts_with(&sessions))
    };
    let calls = state.calls.since(Mark::START);
    uses.extend(calls.into_iter().filter(is_by_it).map(|call| Use {
        namespace: namespace(call.service),
        at: call.at,
        region: call.region,
    }));
    uses
}

/// CloudWatch signs as `monitoring`.
fn namespace(service: String) -> String {
    if service == "monitoring" {
        "cloudwatch".to_owned()
    } else {
        service
    }
}
