//! What goes wrong on the way: the policy stays, and a second run finishes.

use std::time::Duration;

use guard_core::inventory::BearerKind;
use guard_reconcile::error::FailureClass;
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, account};
use guard_testkit::{Call, Fault, Moment};

use super::{carried, mallory_attaches, one_run, reasons, replacing, try_run, verdict};

const ROLE: BearerKind = BearerKind::Role;

#[test]
fn a_role_at_the_quota_keeps_the_policy_and_the_successor_that_was_added_is_named() {
    let account = account("web");
    account.set_attachment_quota(2);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "still-attached");
    assert!(reasons(&outcome).contains(&"at-quota"), "{outcome:#?}");
    assert!(outcome.failure.is_none(), "another run would find the same");
    assert_eq!(carried(&account, "web"), [CORE, FORBIDDEN]);
    let (subject, text) = account.alerts().remove(0);
    assert!(subject.contains("still attached"), "{subject}");
    assert!(text.contains(&format!("attached `{CORE}`")), "{text}");
    assert!(text.contains("as many managed policies"), "{text}");
}

#[test]
fn a_refused_call_leaves_the_policy_where_it_is_and_a_second_run_finishes() {
    for (call, carried_then) in [
        (Call::Attach, vec![FORBIDDEN]),
        (Call::Detach, vec![LOGGING, CORE, FORBIDDEN]),
    ] {
        let account = account("web");
        let event = mallory_attaches(&account, ROLE, "web");
        account.fail_every(call, Fault::Fails(FailureClass::Denied), Moment::Before);
        let outcome = one_run(&replacing(), &account, &event);
        assert_eq!(verdict(&outcome), "still-attached");
        assert!(outcome.failure.is_some(), "so that it comes again");
        assert_eq!(carried(&account, "web"), carried_then);
        account.heal();
        let outcome = one_run(&replacing(), &account, &event);
        assert!(outcome.failure.is_none(), "{outcome:#?}");
        assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
    }
}

#[test]
fn somebody_who_writes_at_the_same_moment_is_looked_at_again() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.refuse_attachment("ConcurrentModification");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(account.n_calls_of(Call::Entity), 2);
}

#[test]
fn a_successor_that_is_deleted_meanwhile_stops_the_plan() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.refuse_attachment("NoSuchEntity");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "still-attached");
    assert!(reasons(&outcome).contains(&"successor-unfit"));
    assert_eq!(carried(&account, "web"), [FORBIDDEN]);
}

#[test]
fn a_role_made_anew_under_the_name_meanwhile_is_left_alone_and_told_of() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.before_next(Call::Attach, |account| {
        let principals = account.principals();
        principals.delete(ROLE, "web");
        principals.create(ROLE, "web");
    });
    let outcome = one_run(&replacing(), &account, &event);
    assert!(
        reasons(&outcome).contains(&"another-bearer"),
        "{outcome:#?}"
    );
    assert_eq!(
        carried(&account, "web"),
        [CORE],
        "the one that could not be known of"
    );
    let (_, text) = account.alerts().remove(0);
    assert!(text.contains(&format!("attached `{CORE}`")), "{text}");
}

#[test]
fn whoever_takes_the_logging_policy_off_meanwhile_stops_the_plan() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.before_next(Call::Attach, |account| {
        account.before_next(Call::Attach, |account| {
            account.before_next(Call::Attached, |account| {
                account.principals().delete_policy(LOGGING);
                account.principals().detach(ROLE, "web", LOGGING);
            });
        });
    });
    let outcome = one_run(&replacing(), &account, &event);
    assert_ne!(verdict(&outcome), "replaced");
    assert!(carried(&account, "web").contains(&FORBIDDEN.to_owned()));
}

#[test]
fn a_role_that_only_aws_can_change_is_told_of() {
    let account = account("web");
    account.principals().make_immutable(ROLE, "web");
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "still-attached");
    assert!(reasons(&outcome).contains(&"immutable"));
}

#[test]
fn when_nobody_can_be_told_the_run_fails_after_its_work() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.fail_every(
        Call::Alert,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced");
    assert!(outcome.failure.is_some());
    assert_eq!(account.reports().len(), 1);
    // It comes again, and by then it is over: that is told.
    account.heal();
    account.advance(Duration::from_mins(1));
    one_run(&replacing(), &account, &event);
    assert_eq!(account.alerts().len(), 1);
}

#[test]
fn both_ways_of_telling_are_tried_and_a_throttled_one_again() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.fail_every(
        Call::Publish,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    account.fail_next(
        Call::Alert,
        Fault::Fails(FailureClass::Throttled),
        Moment::Before,
    );
    let outcome = one_run(&replacing(), &account, &event);
    assert!(outcome.failure.is_some());
    assert_eq!((account.reports().len(), account.alerts().len()), (0, 1));
}

#[test]
fn a_look_that_fails_fails_the_run() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.fail_every(
        Call::Policy,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    assert!(try_run(&replacing(), &account, &event).is_err());
    assert!(account.writes().is_empty());
}
