//! Whatever happens to events and calls, no moment is worse than the one before, and in the end all is done.

use std::collections::BTreeSet;
use std::time::Duration;

use guard_core::inventory::{Bearer, BearerKind, Document, Library};
use guard_core::roles::{Mandate, lost};
use guard_reconcile::error::FailureClass;
use guard_reconcile::policies::mind;
use guard_reconcile::ports::ReadEntities;
use guard_testkit::policies::{
    CORE, FORBIDDEN, LOGGING, account, change, charter, logging_document, mandate,
};
use guard_testkit::turns::{interleave, run};
use guard_testkit::{FakeAccount, Fault, Moment, Written};
use proptest::prelude::*;

use super::mallory_attaches;

const ROLE: &str = "web";

/// How the history begins.
#[derive(Debug, Clone)]
struct Start {
    has_core: bool,
    has_logging: bool,
    /// Whether a part of the role writes the log.
    writes_the_log: bool,
    stale_answers: usize,
    quota: usize,
    successors: Vec<&'static str>,
    enforcement: &'static str,
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Turn {
    /// Mallory attaches the forbidden policy, and its event may be delivered from now on.
    Attach,
    /// An administrator takes it off by hand.
    Detach,
    /// The event of this number is delivered, perhaps again, perhaps late.
    Deliver {
        event: usize,
        trouble: Option<Trouble>,
    },
    /// Two are delivered at the same time.
    DeliverTwice { event: usize, choices: Vec<bool> },
}

/// What goes wrong with a run.
#[derive(Debug, Clone, Copy)]
struct Trouble {
    at_call: usize,
    fault: Fault,
    moment: Moment,
}

fn start() -> impl Strategy<Value = Start> {
    let successors = prop::sample::select(vec![vec![CORE], vec![CORE, LOGGING]]);
    let enforcement = prop::sample::select(vec!["report", "detach", "replace"]);
    let quota = prop::sample::select(vec![10, 10, 2, 3]);
    (
        any::<[bool; 3]>(),
        0_usize..3,
        quota,
        successors,
        enforcement,
    )
        .prop_map(
            |(
                [has_core, has_logging, writes_the_log],
                stale_answers,
                quota,
                successors,
                enforcement,
            )| {
                Start {
                    has_core,
                    has_logging,
                    writes_the_log,
                    stale_answers,
                    quota,
                    successors,
                    enforcement,
                }
            },
        )
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let fault = prop::sample::select(vec![
        Fault::Crashes,
        Fault::Fails(FailureClass::Denied),
        Fault::Fails(FailureClass::Throttled),
    ]);
    let moment = prop::sample::select(vec![Moment::Before, Moment::After]);
    (0_usize..12, fault, moment).prop_map(|(at_call, fault, moment)| Trouble {
        at_call,
        fault,
        moment,
    })
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        3 => Just(Turn::Attach),
        1 => Just(Turn::Detach),
        4 => (0_usize..4, prop::option::of(trouble()))
            .prop_map(|(event, trouble)| Turn::Deliver { event, trouble }),
        2 => (0_usize..4, prop::collection::vec(any::<bool>(), 0..30))
            .prop_map(|(event, choices)| Turn::DeliverTwice { event, choices }),
    ];
    prop::collection::vec(turn, 1..10)
}

fn set_up(start: &Start) -> FakeAccount {
    let account = account(ROLE);
    let principals = account.principals();
    for (has, arn) in [(start.has_core, CORE), (start.has_logging, LOGGING)] {
        if has {
            principals.attach(BearerKind::Role, ROLE, arn);
        }
    }
    if start.writes_the_log {
        principals.put_inline(BearerKind::Role, ROLE, "log", &logging_document());
    }
    account.set_stale_answers(start.stale_answers);
    account.set_attachment_quota(start.quota);
    account
}

fn deliver(mandate: &Mandate, account: &FakeAccount, event: &serde_json::Value) {
    let change = change(mandate, event);
    // A run that crashed or failed comes again, or ends in the queue.
    let _ = run(account, mind(mandate, &change, account));
}

fn play(
    turn: &Turn,
    mandate: &Mandate,
    account: &FakeAccount,
    events: &mut Vec<serde_json::Value>,
) {
    match turn {
        Turn::Attach => events.push(mallory_attaches(account, BearerKind::Role, ROLE)),
        Turn::Detach => account
            .principals()
            .detach(BearerKind::Role, ROLE, FORBIDDEN),
        Turn::Deliver { event, trouble } => {
            let Some(event) = events.get(*event) else {
                return;
            };
            if let Some(Trouble {
                at_call,
                fault,
                moment,
            }) = trouble
            {
                account.fail_call(*at_call, *fault, *moment);
            }
            deliver(mandate, account, event);
            account.heal();
        }
        Turn::DeliverTwice { event, choices } => {
            let Some(event) = events.get(*event) else {
                return;
            };
            let (one, other) = (change(mandate, event), change(mandate, event));
            let (one, other) = (mind(mandate, &one, account), mind(mandate, &other, account));
            let _ = interleave(account, one, other, choices);
        }
    }
    account.advance(Duration::from_mins(1));
}

/// The role as it would be with these policies attached.
fn with_attached(account: &FakeAccount, attached: &BTreeSet<String>) -> Bearer {
    let entity = run(account, account.entity(BearerKind::Role, ROLE));
    let mut entity = entity.unwrap().unwrap().unwrap();
    entity
        .set_attached(attached.iter().map(String::as_str))
        .unwrap();
    let mut library = Library::default();
    for arn in attached {
        let document = guard_core::managed::document(arn).map_or_else(
            || Document::read(&logging_document()),
            |it| Document::Known(it.into()),
        );
        library.add_policy(arn, document);
    }
    library.bearer(entity)
}

/// What a write of the guard's must never do.
pub(super) fn check(
    mandate: &Mandate,
    account: &FakeAccount,
    write: &Written,
    allowed: &[&str],
) -> Result<(), TestCaseError> {
    let gained: Vec<_> = write.after.difference(&write.before).collect();
    prop_assert!(
        gained.iter().all(|arn| allowed.contains(&arn.as_str())),
        "gained {gained:?}"
    );
    let all: BTreeSet<String> = write.before.union(&write.after).cloned().collect();
    let bearer = with_attached(account, &all);
    let lost = lost(
        &bearer,
        mandate.needs(),
        &|arn| !write.after.contains(arn),
        &[],
    );
    prop_assert!(lost.is_empty(), "{write:?} loses {lost:?}");
    let taken: Vec<_> = write.before.difference(&write.after).collect();
    prop_assert!(
        taken.iter().all(|arn| *arn == FORBIDDEN),
        "took off {taken:?}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_moment_is_worse_and_a_second_run_writes_nothing(start in start(), turns in turns()) {
        let mandate = mandate(&charter(start.enforcement, &start.successors));
        let account = set_up(&start);
        let mut events = Vec::new();
        for turn in &turns {
            play(turn, &mandate, &account, &mut events);
        }
        // Every event comes at last without trouble, in whatever order; each other one twice.
        for event in events.iter().rev().chain(events.first()) {
            deliver(&mandate, &account, event);
            account.advance(Duration::from_mins(1));
        }
        let n_writes = account.attachment_writes().len();
        for write in account.attachment_writes() {
            let allowed = if start.enforcement == "replace" { start.successors.as_slice() } else { &[] };
            check(&mandate, &account, &write, allowed)?;
        }
        for event in &events {
            deliver(&mandate, &account, event);
        }
        prop_assert_eq!(account.attachment_writes().len(), n_writes, "a second run writes");
        // Where nothing stands in the way, the policy is off in the end.
        let can_log = start.writes_the_log || start.has_logging || start.successors.contains(&LOGGING);
        let has_place = start.quota == 10;
        if start.enforcement == "replace" && can_log && has_place && !events.is_empty() {
            let attached = account.principals().attached(BearerKind::Role, ROLE);
            prop_assert!(!attached.contains(FORBIDDEN), "{:?}", attached);
        }
    }
}
