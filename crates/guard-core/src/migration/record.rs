//! The record of what a migration writes, and what has to be done to put it back.
//!
//! A line is kept before every call that writes and another behind it. A call whose second line is missing may have had
//! its effect: it counts as done, so that nothing is forgotten when things are put back.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::charter::{Charter, is_same};
use crate::inventory::BearerKind;
use crate::names::AccountId;
use crate::roles::Plan;

/// The form of a line; a program that knows another one refuses it.
pub const RECORD_FORM: u32 = 1;

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Line {
    /// [`RECORD_FORM`].
    pub form: u32,
    /// When it was written.
    pub at: Timestamp,
    /// Which way things go.
    pub course: Course,
    /// How far the call is.
    pub mark: Mark,
    /// What it does.
    pub deed: Deed,
    /// The managed policy with which it does that.
    pub policy: String,
    /// Whom it is done to.
    pub whom: Whom,
    /// The forbidden policy that the migration is about.
    pub forbidden: String,
}

/// A role, user or group of which a record tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Whom {
    /// The account.
    pub account: AccountId,
    /// What it is.
    pub kind: BearerKind,
    /// Its name.
    pub name: String,
    /// The id, which nobody else ever gets.
    pub id: String,
}

/// Which way things go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// The forbidden policy leaves.
    Apply,
    /// It comes back.
    Undo,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// It is about to be made.
    Begins,
    /// It was made, or nothing was left to do.
    Done,
    /// It was refused, and changed nothing.
    Refused,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// It attaches a managed policy.
    Attach,
    /// It detaches one.
    Detach,
}

impl Line {
    /// Whether a migration by this charter can have written the line: a record may be a file of somebody else's making,
    /// and undoing it attaches and detaches what it names.
    pub fn is_by(&self, charter: &Charter) -> bool {
        let Some(entry) = charter.forbids(&self.forbidden) else {
            return false;
        };
        match self.applied() {
            Deed::Attach => entry.successors.iter().any(|it| it.is(&self.policy)),
            Deed::Detach => entry.is(&self.policy),
        }
    }

    /// What was done when the migration was carried out.
    fn applied(&self) -> Deed {
        match self.course {
            Course::Apply => self.deed,
            Course::Undo => self.deed.inverse(),
        }
    }
}

impl Whom {
    /// Whom a plan in this account is about.
    pub fn of(plan: &Plan, account: &AccountId) -> Self {
        Self {
            account: account.clone(),
            kind: plan.kind,
            name: plan.name.clone(),
            id: plan.id.clone(),
        }
    }
}

impl Deed {
    /// As it continues what was done: "attached `…`".
    pub fn done(self) -> &'static str {
        match self {
            Self::Attach => "attached",
            Self::Detach => "detached",
        }
    }

    /// What puts it back.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Attach => Self::Detach,
            Self::Detach => Self::Attach,
        }
    }
}

/// What a migration did to somebody about one forbidden policy, and nobody has put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// Whom it was done to.
    pub whom: Whom,
    /// The forbidden policy.
    pub forbidden: String,
    /// What was done, in the order in which it is put back: the forbidden policy first.
    deeds: Vec<(Deed, String)>,
}

/// The next step of putting back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// This deed is put back by a call.
    Call {
        /// What the call does.
        deed: Deed,
        /// With which policy.
        policy: String,
    },
    /// This deed needs none: it is as it was.
    Settled {
        /// What the call would have done.
        deed: Deed,
        /// With which policy.
        policy: String,
    },
    /// This policy has to be attached by a person: the guard attaches policies to roles only.
    ByHand {
        /// The forbidden policy.
        policy: String,
    },
    /// Nothing is left.
    Done,
    /// Nothing more is done.
    Stop(Obstacle),
}

/// Why something cannot be put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Whoever it was done to is not there any more.
    Gone,
    /// Somebody else bears the name by now.
    AnotherBearer,
    /// The forbidden policy is off although the record has it on: without it and its successors nothing would be left.
    TakenByOthers,
    /// No more managed policies can be attached.
    AtQuota,
    /// Only AWS can change it.
    Immutable,
    /// The forbidden policy does not exist any more.
    PolicyGone,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "it is not there any more",
            Self::AnotherBearer => "somebody else bears its name by now",
            Self::TakenByOthers => {
                "somebody else took the forbidden policy off, so its successors stay: without them nothing would be left"
            }
            Self::AtQuota => {
                "it carries as many managed policies as IAM lets it: detach one that it does not need"
            }
            Self::Immutable => "only AWS can change it",
            Self::PolicyGone => "IAM does not know the policy any more, so its successors stay",
        })
    }
}

/// What is attached to whoever bears the name now.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The id of whoever it is.
    pub id: &'a str,
    /// The managed policies that are attached.
    pub attached: &'a [String],
}

impl Outstanding {
    /// What to do next; `None` stands for nobody of that name.
    pub fn next(&self, standing: Option<Standing<'_>>) -> Back {
        let Some(standing) = standing else {
            return Back::Stop(Obstacle::Gone);
        };
        if standing.id != self.whom.id {
            return Back::Stop(Obstacle::AnotherBearer);
        }
        let Some((done, policy)) = self.deeds.first().cloned() else {
            return Back::Done;
        };
        let is_attached = |wanted: &str| standing.attached.iter().any(|it| is_same(it, wanted));
        let deed = done.inverse();
        match (deed, is_attached(&policy)) {
            (Deed::Attach, true) | (Deed::Detach, false) => Back::Settled { deed, policy },
            (Deed::Attach, false) => match self.whom.kind {
                BearerKind::Role => Back::Call { deed, policy },
                BearerKind::User | BearerKind::Group => Back::ByHand { policy },
            },
            (Deed::Detach, true) if is_attached(&self.forbidden) => Back::Call { deed, policy },
            (Deed::Detach, true) => Back::Stop(Obstacle::TakenByOthers),
        }
    }

    /// The same once the first deed was put back.
    pub fn settle_first(&mut self) {
        if !self.deeds.is_empty() {
            self.deeds.remove(0);
        }
    }
}

/// A deed with a policy, and whether it stands.
struct Item {
    deed: Deed,
    policy: String,
    stands: bool,
    /// Whether it did before the call that came last.
    stood: bool,
}

/// All that one forbidden policy brought to somebody.
struct Account {
    whom: Whom,
    forbidden: String,
    items: Vec<Item>,
    /// The number of the line that came last.
    last: usize,
}

/// Everything that stands by the record, whatever was done last first.
pub fn outstanding(lines: &[Line]) -> Vec<Outstanding> {
    let mut accounts: Vec<Account> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let account = account_of(&mut accounts, line);
        account.last = number;
        account.take(line);
    }
    accounts.sort_by_key(|account| std::cmp::Reverse(account.last));
    let outstanding = accounts.into_iter().map(Account::close);
    outstanding.filter(|it| !it.deeds.is_empty()).collect()
}

fn account_of<'a>(accounts: &'a mut Vec<Account>, line: &Line) -> &'a mut Account {
    let is_its = |it: &Account| it.whom == line.whom && it.forbidden == line.forbidden;
    let place = accounts.iter().position(is_its).unwrap_or_else(|| {
        accounts.push(Account {
            whom: line.whom.clone(),
            forbidden: line.forbidden.clone(),
            items: Vec::new(),
            last: 0,
        });
        accounts.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "the place of one that is there")]
    &mut accounts[place]
}

impl Account {
    fn take(&mut self, line: &Line) {
        let deed = line.applied();
        let items = &mut self.items;
        if !items.iter().any(|it| it.is(deed, &line.policy)) {
            items.push(Item {
                deed,
                policy: line.policy.clone(),
                stands: false,
                stood: false,
            });
        }
        for item in items.iter_mut().filter(|it| it.is(deed, &line.policy)) {
            item.take(line.course, line.mark);
        }
    }

    fn close(self) -> Outstanding {
        let standing = self.items.into_iter().filter(|item| item.stands).rev();
        let (detached, attached): (Vec<_>, Vec<_>) = standing
            .map(|item| (item.deed, item.policy))
            .partition(|(deed, _)| *deed == Deed::Detach);
        Outstanding {
            whom: self.whom,
            forbidden: self.forbidden,
            deeds: detached.into_iter().chain(attached).collect(),
        }
    }
}

impl Item {
    fn is(&self, deed: Deed, policy: &str) -> bool {
        self.deed == deed && is_same(&self.policy, policy)
    }

    fn take(&mut self, course: Course, mark: Mark) {
        match (course, mark) {
            (Course::Apply, Mark::Begins) => {
                self.stood = self.stands;
                self.stands = true;
            }
            (Course::Apply, Mark::Done) => self.stands = true,
            (Course::Apply, Mark::Refused) => self.stands = self.stood,
            (Course::Undo, Mark::Done) => self.stands = false,
            // What was about to be put back, and perhaps was: the next run sees whether anything is left to do.
            (Course::Undo, Mark::Begins | Mark::Refused) => {}
        }
    }
}
