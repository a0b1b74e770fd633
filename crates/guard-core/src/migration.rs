//! Getting rid of a forbidden policy that is there already: a plan that people review, for everybody who carries it.
//!
//! What is planned is carried out by [`crate::roles::next`], step by step, of what IAM says then.

mod accessed;
mod entry;
mod looked;
mod loss;
mod record;
mod reference;
mod remedy;
mod request;
mod template;
mod text;
mod user_data;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use accessed::{Accessed, Service, Used};
use entry::Review;
pub use entry::{Entry, Surroundings};
pub use looked::{Looked, Place, Unseen, What};
pub(crate) use loss::lost_services;
pub use loss::{Extent, Loss};
pub use record::{
    Back, Course, Deed, Line, Mark, Obstacle, Outstanding, RECORD_FORM, Standing, Whom, outstanding,
};
pub use reference::{Names, Reference, ReferenceKind};
pub use remedy::{Outcome, Remedy, Told, remedy};
pub use request::{BearerId, NoBearerId, Request};
pub use template::{made_by_stacks, makes_bearers, names};
pub use user_data::{NewVersion, UserData, attaching};

use crate::charter::Forbidden;
use crate::inventory::Bearer;
use crate::names::AccountId;
use crate::roles::{Mandate, Observed};

/// The form of the file; a program that knows another one refuses it.
pub const FORM: u32 = 1;

/// A plan for one account and one forbidden policy, as a file that people review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Migration {
    /// [`FORM`].
    pub form: u32,
    /// The account.
    pub account: AccountId,
    /// When it was made.
    pub made_at: Timestamp,
    /// The forbidden policy.
    pub forbidden: String,
    /// Everybody who carries it, in the order of the inventory.
    pub entries: Vec<Entry>,
    /// What names the policy, and is about none of them.
    pub elsewhere: Vec<Reference>,
    /// What was looked at for what runs with them, and what would bring the policy back.
    pub looked: Looked,
}

/// What is known beside those who carry the policy.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// What names the policy, and is about none of them.
    pub elsewhere: Vec<Reference>,
    /// What was looked at.
    pub looked: Looked,
}

/// What is known of one role, user or group beside its policies.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What IAM says of it and of the successors.
    pub observed: Observed<'a>,
    /// What it used, where the access advisor answered.
    pub accessed: Option<&'a Accessed>,
    /// What would bring the old policy back, and what runs with it.
    pub surroundings: &'a Surroundings,
    /// The user data that name the policy, of launch templates among them.
    pub user_data: &'a [UserData],
}

/// Whether somebody carries the policy, attached or as a boundary, and so belongs into a plan.
pub fn concerns(bearer: &Bearer, entry: &Forbidden) -> bool {
    entry::is_carried(bearer, entry)
}

/// The plan for those who carry the policy.
pub fn plan<'a>(
    mandate: &Mandate,
    forbidden: &Forbidden,
    everybody: impl IntoIterator<Item = Facts<'a>>,
    around: Around,
    now: Timestamp,
) -> Migration {
    let carriers = everybody
        .into_iter()
        .filter(|it| concerns(it.observed.bearer, forbidden));
    Migration {
        form: FORM,
        account: mandate.scope().account.clone(),
        made_at: now,
        forbidden: forbidden.policy.clone(),
        entries: carriers
            .map(|facts| Entry::of(mandate, forbidden, facts, Review::ByPerson, now))
            .collect(),
        elsewhere: around.elsewhere,
        looked: around.looked,
    }
}
