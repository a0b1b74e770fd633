//! What leaves and what comes, by the charter.

use super::judge::Observed;
use super::keep::denies;
use super::mandate::Mandate;
use super::reason::Reason;
use crate::charter::{Pin, Successor};
use crate::inventory::Document;
use crate::managed;
use crate::policy::PolicyDocument;

/// Whether a policy will leave: every forbidden one, so that no two are kept for each other's sake, or leave at the same
/// time and were each other's reason why that does no harm.
pub(crate) fn leaves(mandate: &Mandate) -> impl Fn(&str) -> bool {
    |arn| mandate.charter().forbids(arn).is_some()
}

/// What a successor says, if that is what was reviewed and keeps no session from being recorded.
pub(super) fn document(
    mandate: &Mandate,
    successor: &Successor,
    observed: Observed<'_>,
) -> Result<PolicyDocument, Vec<Reason>> {
    let document = reviewed(successor, observed)?;
    let denied = mandate
        .needs()
        .iter()
        .find(|need| denies(&document, need.action));
    match denied {
        None => Ok(document),
        Some(need) => Err(vec![Reason::SuccessorUnfit {
            policy: successor.policy.clone(),
            why: format!(
                "it denies {}, without which sessions are not recorded",
                need.action
            ),
        }]),
    }
}

fn reviewed(successor: &Successor, observed: Observed<'_>) -> Result<PolicyDocument, Vec<Reason>> {
    let unfit = |why: String| {
        let policy = successor.policy.clone();
        Err(vec![Reason::SuccessorUnfit { policy, why }])
    };
    match (&successor.pin, observed.successors.get(&successor.policy)) {
        (Pin::OfAws, Some(Document::Known(document))) => Ok(document.as_ref().clone()),
        (Pin::OfAws, Some(Document::Unknown(_)) | None) => {
            match managed::document(&successor.policy) {
                Some(document) => Ok(document),
                None => unfit("nobody knows what it says".to_owned()),
            }
        }
        (Pin::Fingerprint(pinned), Some(Document::Known(document))) => {
            let found = document.fingerprint();
            if found == *pinned {
                return Ok(document.as_ref().clone());
            }
            unfit(format!(
                "its document is not the one that the charter pins; if it was reviewed, pin sha256 = \"{found}\""
            ))
        }
        (Pin::Fingerprint(_), Some(Document::Unknown(why))) => unfit(why.to_string()),
        (Pin::Fingerprint(_), None) => unfit("it is not there, or was not read".to_owned()),
    }
}
