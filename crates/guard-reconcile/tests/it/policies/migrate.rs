//! What is there already, carried out by a plan and put back by its record: whatever happens in between.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use guard_core::charter::Forbidden;
use guard_core::inventory::BearerKind;
use guard_core::migration::{Line, Outstanding, outstanding};
use guard_core::roles::{Mandate, Plan};
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::policies::{Carried, Undone, migrate, undo};
use guard_reconcile::ports::{KeepRecord, ReadEntities};
use guard_testkit::policies::{
    CORE, FORBIDDEN, LOGGING, account, charter, logging_document, mandate,
};
use guard_testkit::turns::run;
use guard_testkit::{FakeAccount, Fault, Moment};
use proptest::prelude::*;

use super::convergence::check;

pub(super) const ROLE: BearerKind = BearerKind::Role;
const OTHER: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

/// A record that is kept in memory, and can be full.
#[derive(Debug, Default)]
pub(super) struct Memory {
    lines: Mutex<Vec<Line>>,
    is_full: bool,
}

impl Memory {
    pub(super) fn full() -> Self {
        Self {
            is_full: true,
            ..Self::default()
        }
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    pub(super) fn outstanding(&self) -> Vec<Outstanding> {
        outstanding(&self.lines())
    }
}

impl KeepRecord for Memory {
    fn append(&self, line: &Line) -> Result<(), PortError> {
        if self.is_full {
            return Err(PortError {
                operation: "write the record",
                on: "memory".to_owned(),
                class: FailureClass::Malformed,
                source: "no space left".into(),
            });
        }
        self.lines.lock().unwrap().push(line.clone());
        Ok(())
    }
}

fn forbidden(mandate: &Mandate) -> &Forbidden {
    mandate.charter().forbidden().first().unwrap()
}

/// A plan with every successor that a role lacks, and none for others. Whether it would be made so is the core's matter:
/// its tests say that; here it is carried out.
pub(super) fn plan_for(account: &FakeAccount, kind: BearerKind, name: &str) -> Plan {
    let entity = run(account, account.entity(kind, name));
    let entity = entity.unwrap().unwrap().unwrap();
    let attached = account.principals().attached(kind, name);
    let attach = match kind {
        BearerKind::Role => vec![CORE, LOGGING],
        BearerKind::User | BearerKind::Group => Vec::new(),
    };
    let missing = attach.into_iter().filter(|it| !attached.contains(*it));
    Plan {
        kind,
        name: name.to_owned(),
        id: entity.id().to_owned(),
        arn: entity.arn().to_owned(),
        forbidden: FORBIDDEN.to_owned(),
        attach: missing.map(str::to_owned).collect(),
        keeps: Vec::new(),
    }
}

/// One run, which may crash; `None` when it did.
pub(super) fn applied(
    mandate: &Mandate,
    plan: &Plan,
    record: &Memory,
    account: &FakeAccount,
) -> Option<Carried> {
    let migrating = migrate(mandate, forbidden(mandate), plan, record, account);
    run(account, migrating).ok()
}

/// Everything that stands is put back once; `None` when it crashed.
pub(super) fn undone(record: &Memory, account: &FakeAccount) -> Option<Vec<Undone>> {
    let all = record.outstanding().into_iter();
    all.map(|one| run(account, undo(one, record, account)).ok())
        .collect()
}

/// How the history begins.
#[derive(Debug, Clone)]
struct Start {
    carries: Vec<&'static str>,
    writes_the_log: bool,
    stale_answers: usize,
    quota: usize,
}

/// What goes wrong with a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    at_call: usize,
    fault: Fault,
    moment: Moment,
}

fn start() -> impl Strategy<Value = Start> {
    let quota = prop::sample::select(vec![10, 10, 2, 3]);
    let carries = prop::sample::subsequence(vec![CORE, LOGGING, OTHER], 0..=3);
    (carries, any::<bool>(), 0_usize..3, quota).prop_map(
        |(carries, writes_the_log, stale_answers, quota)| Start {
            carries,
            writes_the_log,
            stale_answers,
            quota,
        },
    )
}

pub(super) fn troubles() -> impl Strategy<Value = Vec<Trouble>> {
    // A call that is denied has no effect.
    let (before, after) = (Moment::Before, Moment::After);
    let what = prop::sample::select(vec![
        (Fault::Crashes, before),
        (Fault::Crashes, after),
        (Fault::Fails(FailureClass::Denied), before),
        (Fault::Fails(FailureClass::Throttled), before),
        (Fault::Fails(FailureClass::Malformed), after),
    ]);
    let trouble = (0_usize..16, what).prop_map(|(at_call, (fault, moment))| Trouble {
        at_call,
        fault,
        moment,
    });
    prop::collection::vec(trouble, 0..3)
}

fn set_up(start: &Start) -> FakeAccount {
    let account = account("web");
    let principals = account.principals();
    principals.attach(ROLE, "web", FORBIDDEN);
    for arn in &start.carries {
        principals.attach(ROLE, "web", arn);
    }
    if start.writes_the_log {
        principals.put_inline(ROLE, "web", "log", &logging_document());
    }
    account.set_stale_answers(start.stale_answers);
    // Nobody carries more than the quota lets them.
    account.set_attachment_quota(start.quota.max(start.carries.len() + 1));
    account
}

pub(super) fn in_trouble<T>(account: &FakeAccount, trouble: Trouble, act: impl FnOnce() -> T) -> T {
    account.fail_call(trouble.at_call, trouble.fault, trouble.moment);
    let ended = act();
    account.heal();
    account.advance(Duration::from_mins(1));
    ended
}

fn attached(account: &FakeAccount) -> BTreeSet<String> {
    account.principals().attached(ROLE, "web")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_carried_out_is_never_worse_and_undoing_puts_back_exactly_what_was(
        start in start(),
        applying in troubles(),
        undoing in troubles(),
        finishes in any::<bool>(),
    ) {
        let mandate = mandate(&charter("report", &[CORE, LOGGING]));
        let account = set_up(&start);
        let (plan, record, before) = (plan_for(&account, ROLE, "web"), Memory::default(), attached(&account));
        for trouble in applying {
            in_trouble(&account, trouble, || applied(&mandate, &plan, &record, &account));
        }
        if finishes {
            let carried = applied(&mandate, &plan, &record, &account).unwrap();
            let is_off = !attached(&account).contains(FORBIDDEN);
            prop_assert_eq!(carried.stop.is_none(), is_off, "{:?}", carried);
            if start.quota == 10 {
                prop_assert!(is_off, "{:?}", carried);
            }
        }
        for write in account.attachment_writes() {
            check(&mandate, &account, &write, &[CORE, LOGGING])?;
        }
        if finishes {
            let (n_writes, n_lines) = (account.attachment_writes().len(), record.lines().len());
            applied(&mandate, &plan, &record, &account).unwrap();
            prop_assert_eq!(account.attachment_writes().len(), n_writes, "a second run writes");
            if start.quota == 10 {
                prop_assert_eq!(record.lines().len(), n_lines, "a second run records");
            }
        }

        for trouble in undoing {
            in_trouble(&account, trouble, || undone(&record, &account));
        }
        for ended in undone(&record, &account).unwrap() {
            prop_assert!(ended.stop.is_none(), "{:?}", ended);
        }
        prop_assert_eq!(attached(&account), before);
        prop_assert_eq!(record.outstanding(), vec![]);
    }

    #[test]
    fn every_write_stands_in_the_record_before_it_is_made(start in start(), applying in troubles()) {
        let mandate = mandate(&charter("report", &[CORE, LOGGING]));
        let account = set_up(&start);
        let (plan, record) = (plan_for(&account, ROLE, "web"), Memory::default());
        for trouble in applying {
            in_trouble(&account, trouble, || applied(&mandate, &plan, &record, &account));
        }
        let begun: BTreeSet<String> = record.lines().into_iter().map(|line| line.policy).collect();
        for write in account.attachment_writes() {
            for changed in write.before.symmetric_difference(&write.after) {
                prop_assert!(begun.contains(changed), "{changed}");
            }
        }
    }
}

#[test]
fn a_charter_that_only_reports_hinders_nobody_who_carries_a_plan_out() {
    let text = charter("report", &[CORE, LOGGING]).replace("\"revert\"", "\"report\"");
    let mandate = mandate(&text);
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let plan = plan_for(&account, ROLE, "web");
    let carried = applied(&mandate, &plan, &Memory::default(), &account).unwrap();
    assert!(carried.stop.is_none(), "{carried:?}");
    assert_eq!(
        attached(&account),
        BTreeSet::from([CORE, LOGGING].map(str::to_owned))
    );
}

#[test]
fn without_a_record_nothing_is_written() {
    let mandate = mandate(&charter("report", &[CORE, LOGGING]));
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let plan = plan_for(&account, ROLE, "web");
    let carried = applied(&mandate, &plan, &Memory::full(), &account).unwrap();
    assert!(carried.stop.is_some());
    assert!(account.writes().is_empty());
}

#[test]
fn successors_are_attached_whatever_becomes_of_the_policy_where_it_arrives() {
    let mandate = mandate(&charter("detach", &[CORE, LOGGING]));
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let plan = plan_for(&account, ROLE, "web");
    let carried = applied(&mandate, &plan, &Memory::default(), &account).unwrap();
    assert!(carried.stop.is_none(), "{carried:?}");
    assert_eq!(
        attached(&account),
        BTreeSet::from([CORE, LOGGING].map(str::to_owned))
    );
}

/// AWS's own policy is read although the records of sessions do not rest on it.
#[test]
fn what_is_used_may_be_granted_by_any_policy() {
    let mandate = mandate(&charter("replace", &[CORE, LOGGING]));
    for (grants, is_off) in [("s3:GetObject", true), ("ec2:DescribeInstances", false)] {
        let account = account("web");
        let principals = account.principals();
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"{grants}","Resource":"*"}}}}"#
        );
        principals.set_policy(OTHER, &text);
        principals.attach(ROLE, "web", FORBIDDEN);
        principals.attach(ROLE, "web", OTHER);
        let mut plan = plan_for(&account, ROLE, "web");
        plan.keeps = vec!["ssm".to_owned(), "s3".to_owned()];
        let carried = applied(&mandate, &plan, &Memory::default(), &account).unwrap();
        assert_eq!(carried.stop.is_none(), is_off, "{carried:?}");
        assert_ne!(attached(&account).contains(FORBIDDEN), is_off);
    }
}
