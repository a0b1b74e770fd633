//! What IAM shows late, or does not show any more.

use std::time::Duration;

use guard_core::inventory::BearerKind;
use guard_testkit::policies::{EC2_TRUST, FORBIDDEN, account};
use guard_testkit::{Call, Person};

use super::{attached, carried, mallory_attaches, one_run, reasons, replacing, verdict};

const ROLE: BearerKind = BearerKind::Role;

#[test]
fn a_second_delivery_writes_nothing_and_tells_that_it_is_over() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    one_run(&replacing(), &account, &event);
    account.forget_calls();
    account.advance(Duration::from_mins(1));
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "overtaken");
    assert!(account.writes().is_empty());
    assert_eq!((account.reports().len(), account.alerts().len()), (2, 2));
}

#[test]
fn what_iam_does_not_show_yet_is_waited_for() {
    let account = account("web");
    account.set_stale_answers(4);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(account.writes().len(), 3, "nothing is written twice");
}

#[test]
fn what_iam_never_shows_fails_with_the_policy_attached() {
    let account = account("web");
    account.set_stale_answers(1_000);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "still-attached");
    assert!(outcome.failure.is_some());
    assert!(carried(&account, "web").contains(&FORBIDDEN.to_owned()));
}

#[test]
fn an_event_that_is_faster_than_iams_answers_is_waited_for() {
    let account = account("web");
    let event = attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
    account.before_next(Call::Attached, |account| {
        account.principals().attach(ROLE, "web", FORBIDDEN);
    });
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(account.n_calls_of(Call::Entity), 2);
}

#[test]
fn somebody_whom_iam_does_not_show_yet_is_waited_for() {
    let account = account("web");
    let event = attached(&account, &Person::stranger(), (ROLE, "new"), FORBIDDEN);
    account.before_next(Call::Attached, |account| {
        account.before_next(Call::Attached, |account| {
            let principals = account.principals();
            principals.create(ROLE, "new");
            principals.set_trust("new", EC2_TRUST);
            principals.attach(ROLE, "new", FORBIDDEN);
        });
    });
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
}

#[test]
fn a_boundary_does_not_keep_an_attachment_from_being_waited_for() {
    let account = account("web");
    account.principals().set_boundary(ROLE, "web", FORBIDDEN);
    let event = attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
    account.before_next(Call::Attached, |account| {
        account.principals().attach(ROLE, "web", FORBIDDEN);
    });
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
}

#[test]
fn whoever_attaches_and_detaches_before_the_guard_looks_is_told_of() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.principals().detach(ROLE, "web", FORBIDDEN);
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "overtaken");
    let (subject, text) = account.alerts().remove(0);
    assert!(subject.contains("came and went"), "{subject}");
    assert!(text.contains("mallory"), "{text}");
}

#[test]
fn an_old_event_is_looked_at_once() {
    let account = account("web");
    let event = attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
    account.advance(Duration::from_mins(1));
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "overtaken");
    let calls: Vec<_> = account.calls().into_iter().map(|it| it.call).collect();
    assert_eq!(calls, [Call::Entity, Call::Publish, Call::Alert]);
}

#[test]
fn whoever_is_gone_is_told_of() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    account.principals().delete(ROLE, "web");
    account.advance(Duration::from_mins(1));
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "overtaken");
    assert_eq!(reasons(&outcome), ["overtaken", "gone"]);
    assert_eq!(account.n_calls_of(Call::Entity), 1);
}
