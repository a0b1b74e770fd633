//! Putting back, where others were at work meanwhile.

use guard_core::inventory::BearerKind;
use guard_core::migration::Obstacle;
use guard_core::roles::Mandate;
use guard_reconcile::error::FailureClass;
use guard_reconcile::policies::{Barred, Undone};
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, account, charter, mandate};
use guard_testkit::{Call, FakeAccount, Fault, Moment};

use super::carried;
use super::migrate::{Memory, ROLE, applied, plan_for, undone};

fn the_mandate() -> Mandate {
    mandate(&charter("report", &[CORE, LOGGING]))
}

/// The role, migrated, and the record of it.
fn migrated() -> (FakeAccount, Memory) {
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let (mandate, record) = (the_mandate(), Memory::default());
    let plan = plan_for(&account, ROLE, "web");
    let ended = applied(&mandate, &plan, &record, &account).unwrap();
    assert!(ended.stop.is_none(), "{ended:?}");
    account.forget_calls();
    (account, record)
}

fn one(mut undone: Vec<Undone>) -> Undone {
    assert_eq!(undone.len(), 1, "{undone:?}");
    undone.remove(0)
}

fn obstacle(undone: &Undone) -> Obstacle {
    match undone.stop {
        Some(Barred::By(obstacle)) => obstacle,
        _ => panic!("{undone:?}"),
    }
}

#[test]
fn the_forbidden_policy_comes_back_before_its_successors_leave() {
    let (account, record) = migrated();
    let undone = one(undone(&record, &account).unwrap());
    let expected = [
        format!("attached `{FORBIDDEN}`"),
        format!("detached `{LOGGING}`"),
        format!("detached `{CORE}`"),
    ];
    assert_eq!(undone.done, expected);
    assert_eq!(carried(&account, "web"), [FORBIDDEN]);
}

#[test]
fn what_was_put_back_is_not_put_back_again() {
    let (account, record) = migrated();
    undone(&record, &account).unwrap();
    // Somebody attaches one of them for reasons of their own.
    account.principals().attach(ROLE, "web", CORE);
    assert!(undone(&record, &account).unwrap().is_empty());
    assert_eq!(carried(&account, "web"), [CORE, FORBIDDEN]);
}

#[test]
fn successors_that_were_there_before_stay() {
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    account.principals().attach(ROLE, "web", CORE);
    let (mandate, record) = (the_mandate(), Memory::default());
    let plan = plan_for(&account, ROLE, "web");
    applied(&mandate, &plan, &record, &account).unwrap();
    assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
    undone(&record, &account).unwrap();
    assert_eq!(carried(&account, "web"), [CORE, FORBIDDEN]);
}

#[test]
fn a_role_made_anew_under_the_name_gets_nothing() {
    let (account, record) = migrated();
    account.principals().delete(ROLE, "web");
    let gone = one(undone(&record, &account).unwrap());
    assert_eq!(obstacle(&gone), Obstacle::Gone);
    account.principals().create(ROLE, "web");
    let another = one(undone(&record, &account).unwrap());
    assert_eq!(obstacle(&another), Obstacle::AnotherBearer);
    assert!(account.writes().is_empty());
}

#[test]
fn successors_stay_where_somebody_else_took_the_forbidden_policy_off() {
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let (mandate, record) = (the_mandate(), Memory::default());
    let plan = plan_for(&account, ROLE, "web");
    account.fail_every(
        Call::Detach,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    applied(&mandate, &plan, &record, &account).unwrap();
    account.heal();
    account.principals().detach(ROLE, "web", FORBIDDEN);
    let undone = one(undone(&record, &account).unwrap());
    assert_eq!(obstacle(&undone), Obstacle::TakenByOthers);
    assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
}

#[test]
fn a_role_without_a_place_for_the_policy_keeps_the_successors() {
    let (account, record) = migrated();
    account.set_attachment_quota(2);
    let undone = one(undone(&record, &account).unwrap());
    assert_eq!(obstacle(&undone), Obstacle::AtQuota);
    assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
}

#[test]
fn to_a_user_or_group_the_policy_is_attached_by_a_person() {
    for (kind, name) in [(BearerKind::User, "bob"), (BearerKind::Group, "ops")] {
        let account = account("web");
        account.principals().create(kind, name);
        account.principals().attach(kind, name, FORBIDDEN);
        let (mandate, record) = (the_mandate(), Memory::default());
        let plan = plan_for(&account, kind, name);
        applied(&mandate, &plan, &record, &account).unwrap();
        assert!(account.principals().attached(kind, name).is_empty());

        account.forget_calls();
        let by_hand = one(undone(&record, &account).unwrap()).by_hand;
        assert_eq!(by_hand.as_deref(), Some(FORBIDDEN));
        assert!(account.writes().is_empty());
        account.principals().attach(kind, name, FORBIDDEN);
        assert_eq!(one(undone(&record, &account).unwrap()).by_hand, None);
        assert!(record.outstanding().is_empty());
    }
}

#[test]
fn what_was_migrated_last_is_put_back_first() {
    let account = account("web");
    let principals = account.principals();
    principals.create(ROLE, "batch");
    principals.hand_to_instances("batch");
    let (mandate, record) = (the_mandate(), Memory::default());
    for name in ["web", "batch"] {
        principals.attach(ROLE, name, FORBIDDEN);
        let plan = plan_for(&account, ROLE, name);
        applied(&mandate, &plan, &record, &account).unwrap();
    }
    let names: Vec<String> = record
        .outstanding()
        .into_iter()
        .map(|it| it.whom.name)
        .collect();
    assert_eq!(names, ["batch", "web"]);
}
