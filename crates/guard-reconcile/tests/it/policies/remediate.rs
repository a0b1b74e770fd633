//! One role, user or group remedied: by its id alone, with a plan that nobody reviews.

use std::collections::BTreeSet;
use std::time::Duration;

use guard_core::inventory::BearerKind;
use guard_core::migration::{BearerId, Outcome, Service};
use guard_core::roles::Mandate;
use guard_reconcile::error::{FailureClass, PoliciesError};
use guard_reconcile::policies::{Remediation, Remedied, remediate};
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, account, charter, mandate};
use guard_testkit::turns::run;
use guard_testkit::{Call, FakeAccount, Fault, Moment};
use proptest::prelude::*;

use super::convergence::check;
use super::migrate::{Memory, ROLE, in_trouble, troubles, undone};
use super::replacing;

/// The services of the forbidden policy.
const SERVICES: [&str; 8] = [
    "ssm",
    "ssmmessages",
    "ec2messages",
    "cloudwatch",
    "ec2",
    "ds",
    "logs",
    "s3",
];
const NODE: [&str; 3] = ["ssm", "ssmmessages", "ec2messages"];

/// Role `web` with the forbidden policy, whose instances used these services.
fn carrying(used: &[&str]) -> FakeAccount {
    let account = account("web");
    account.principals().attach(ROLE, "web", FORBIDDEN);
    let services = SERVICES.into_iter().map(|namespace| Service {
        namespace: namespace.to_owned(),
        last: used
            .contains(&namespace)
            .then(|| "2026-01-10T00:00:00Z".parse().unwrap()),
    });
    account.set_used("arn:aws:iam::123456789012:role/web", services.collect());
    account
}

fn id_of_web() -> BearerId {
    BearerId::parse("AROA00000000000000001").unwrap()
}

fn try_remedy(
    mandate: &Mandate,
    id: &BearerId,
    record: &Memory,
    account: &FakeAccount,
) -> Option<Remediation> {
    run(account, remediate(mandate, id, record, account)).ok()
}

/// The same, which neither crashes nor leaves anything undecided.
fn decided(
    mandate: &Mandate,
    id: &BearerId,
    record: &Memory,
    account: &FakeAccount,
) -> Vec<Remedied> {
    let remediation = try_remedy(mandate, id, record, account).expect("no crash was planned");
    assert!(remediation.failure.is_none(), "{remediation:?}");
    remediation.policies
}

/// What comes of role `web`, as far as it carries anything.
fn remedied(mandate: &Mandate, account: &FakeAccount) -> Option<Remedied> {
    let mut all = decided(mandate, &id_of_web(), &Memory::default(), account);
    assert!(all.len() <= 1, "{all:?}");
    all.pop()
}

fn attached(account: &FakeAccount) -> BTreeSet<String> {
    account.principals().attached(ROLE, "web")
}

fn both() -> BTreeSet<String> {
    BTreeSet::from([CORE, LOGGING].map(str::to_owned))
}

#[test]
fn a_role_that_aws_config_knows_by_its_id_gets_the_successors_in_place_of_the_policy() {
    for enforcement in ["report", "detach", "replace"] {
        let mandate = mandate(&charter(enforcement, &[CORE, LOGGING]));
        let account = carrying(&NODE);
        let remedied = remedied(&mandate, &account).unwrap();
        assert_eq!(remedied.problem, None, "{remedied:?}");
        assert_eq!(attached(&account), both(), "{enforcement}");
        assert_eq!(account.reports(), [remedied.report]);
    }
}

#[test]
fn a_second_run_asks_who_carries_it_and_does_nothing() {
    let account = carrying(&NODE);
    remedied(&replacing(), &account).unwrap();
    account.forget_calls();
    assert!(remedied(&replacing(), &account).is_none());
    let calls: Vec<_> = account.calls().into_iter().map(|it| it.call).collect();
    assert_eq!(calls, [Call::Holders]);
}

#[test]
fn a_service_that_is_used_and_has_no_successor_keeps_the_policy() {
    let account = carrying(&["ssm", "s3"]);
    let remedied = remedied(&replacing(), &account).unwrap();
    let problem = remedied.problem.unwrap();
    assert!(
        problem.contains("`AmazonEC2RoleforSSM` stays with role `web`: ")
            && problem.contains("it uses s3"),
        "{problem}"
    );
    assert!(account.writes().is_empty());
    assert_eq!(remedied.report["verdict"], "stays");
}

#[test]
fn an_access_advisor_without_an_answer_keeps_the_policy_and_says_why() {
    let account = carrying(&NODE);
    account.fail_advice("arn:aws:iam::123456789012:role/web", "too many policies");
    let remedied = remedied(&replacing(), &account).unwrap();
    assert!(remedied.problem.is_some());
    let look_at = remedied.report["lookAt"].to_string();
    assert!(look_at.contains("too many policies"), "{look_at}");
    assert!(account.writes().is_empty());
}

#[test]
fn an_answer_that_takes_too_long_is_not_waited_for() {
    let account = carrying(&NODE);
    account.set_advisor_looks(1_000);
    let began = account.time();
    let remedied = remedied(&replacing(), &account).unwrap();
    assert!(remedied.problem.is_some());
    let took = account.time().duration_since(began);
    assert!(took < jiff::SignedDuration::from_mins(2), "{took}");
}

#[test]
fn nothing_is_changed_while_the_charter_only_reports_or_is_suspended() {
    let text = charter("replace", &[CORE, LOGGING]);
    let suspended = "[[suspension]]\nuntil = 2026-01-16T00:00:00Z\nreason = \"a migration\"\n";
    for text in [
        text.replace("\"revert\"", "\"report\""),
        text.clone() + suspended,
    ] {
        let account = carrying(&NODE);
        let remedied = remedied(&mandate(&text), &account).unwrap();
        let problem = remedied.problem.unwrap();
        assert!(problem.contains("the guard only reports"), "{problem}");
        assert!(account.writes().is_empty());
    }
}

#[test]
fn exempt_ones_and_boundaries_stay_with_their_reason() {
    let exempt =
        "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"until spring\"\n";
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + exempt));
    let account = carrying(&NODE);
    let problem = remedied(&mandate, &account).unwrap().problem.unwrap();
    assert!(problem.contains("until spring"), "{problem}");
    assert!(account.writes().is_empty());

    let account = carrying(&NODE);
    account.principals().detach(ROLE, "web", FORBIDDEN);
    account.principals().set_boundary(ROLE, "web", FORBIDDEN);
    let problem = remedied(&replacing(), &account).unwrap().problem.unwrap();
    assert!(problem.contains("permissions boundary"), "{problem}");
    assert!(account.writes().is_empty());
}

#[test]
fn a_user_only_loses_it() {
    let account = account("web");
    let principals = account.principals();
    let id = principals.create(BearerKind::User, "bob").id;
    principals.attach(BearerKind::User, "bob", FORBIDDEN);
    let unused = SERVICES.map(|namespace| Service {
        namespace: namespace.to_owned(),
        last: None,
    });
    account.set_used("arn:aws:iam::123456789012:user/bob", unused.to_vec());
    let id = BearerId::parse(&id).unwrap();
    let remedied = decided(&replacing(), &id, &Memory::default(), &account);
    assert_eq!(remedied[0].outcome, Outcome::Migrated);
    assert!(principals.attached(BearerKind::User, "bob").is_empty());
}

#[test]
fn nobody_with_the_id_is_nothing_to_do() {
    let account = carrying(&NODE);
    let nobody = BearerId::parse("AROA99999999999999999").unwrap();
    let remedied = decided(&replacing(), &nobody, &Memory::default(), &account);
    assert!(remedied.is_empty());
    assert!(account.writes().is_empty());
}

/// Somebody has made a role of that name anew between the list and the look.
#[test]
fn another_role_by_the_same_name_is_let_be() {
    let account = carrying(&NODE);
    account.before_next(Call::Entity, |account| {
        let principals = account.principals();
        principals.delete(ROLE, "web");
        principals.create(ROLE, "web");
        principals.hand_to_instances("web");
        principals.attach(ROLE, "web", FORBIDDEN);
    });
    assert!(remedied(&replacing(), &account).is_none());
    assert!(account.attachment_writes().is_empty());
}

#[test]
fn a_run_that_cannot_be_told_of_has_migrated_all_the_same() {
    let account = carrying(&NODE);
    account.fail_every(
        Call::Publish,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let remedied = remedied(&replacing(), &account).unwrap();
    assert_eq!(remedied.problem, None);
    assert!(matches!(remedied.failure, Some(PoliciesError::Untold(_))));
    assert_eq!(attached(&account), both());
}

/// AWS's own, and forbidden as well in these tests.
const OTHER: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

/// A charter that forbids another policy besides, of which this is what it says.
fn two_forbidden(account: &FakeAccount, other_says: &str) -> Mandate {
    let principals = account.principals();
    principals.set_policy(OTHER, other_says);
    principals.attach(ROLE, "web", OTHER);
    let more = "[[forbidden]]\npolicy = \"AmazonS3ReadOnlyAccess\"\nenforcement = \"detach\"\n";
    mandate(&(charter("replace", &[CORE, LOGGING]) + more))
}

const READS: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}"#;

#[test]
fn somebody_with_two_forbidden_policies_is_rid_of_both_and_the_advisor_is_asked_once() {
    let account = carrying(&NODE);
    let mandate = two_forbidden(&account, READS);
    let all = decided(&mandate, &id_of_web(), &Memory::default(), &account);
    let outcomes: Vec<_> = all.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Migrated, Outcome::Migrated], "{all:?}");
    assert_eq!(attached(&account), both());
    assert_eq!(account.n_calls_of(Call::AskAdvisor), 1);
}

/// Each would be granted by the other, and both leave.
#[test]
fn two_forbidden_policies_are_not_each_others_reason() {
    let account = carrying(&["ssm", "s3"]);
    let mandate = two_forbidden(&account, READS);
    let all = decided(&mandate, &id_of_web(), &Memory::default(), &account);
    let outcomes: Vec<_> = all.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Stays, Outcome::Stays], "{all:?}");
    assert!(account.attachment_writes().is_empty());
}

#[test]
fn a_policy_that_cannot_be_looked_for_hides_nothing_of_the_others() {
    let account = carrying(&NODE);
    let mandate = two_forbidden(&account, READS);
    account.fail_next(
        Call::Holders,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let remediation = try_remedy(&mandate, &id_of_web(), &Memory::default(), &account).unwrap();
    assert!(matches!(remediation.failure, Some(PoliciesError::Port(_))));
    assert_eq!(remediation.policies.len(), 1, "{remediation:?}");
    let told = &remediation.policies[0].report;
    assert_eq!(told["policy"], OTHER, "{told}");
}

#[test]
fn whoever_lost_it_between_the_list_and_the_look_is_settled_and_nobody_is_told() {
    let account = carrying(&NODE);
    account.before_next(Call::Entity, |account| {
        account.principals().detach(ROLE, "web", FORBIDDEN);
    });
    let remedied = remedied(&replacing(), &account).unwrap();
    assert_eq!(remedied.outcome, Outcome::Settled);
    assert_eq!(remedied.problem, None);
    assert!(account.reports().is_empty());
}

/// The bucket that sessions are recorded in is not the one that instances read.
#[test]
fn what_the_successor_for_records_grants_is_not_what_else_is_used() {
    let account = carrying(&["ssm", "s3"]);
    let principals = account.principals();
    let records = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::records/*"}}"#;
    principals.put_inline(ROLE, "web", "own", records);
    let kept = remedied(&replacing(), &account).unwrap();
    assert_eq!(
        kept.outcome,
        Outcome::Migrated,
        "a part of the role's own counts"
    );

    let account = carrying(&["ssm", "s3"]);
    assert_eq!(
        remedied(&replacing(), &account).unwrap().outcome,
        Outcome::Stays
    );
}

/// What the access advisor does not know yet must not cost an instance Systems Manager.
#[test]
fn core_is_attached_whatever_the_advisor_says_of_systems_manager() {
    let account = carrying(&[]);
    remedied(&replacing(), &account).unwrap();
    assert_eq!(attached(&account), both());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_goes_wrong_nothing_gets_worse_and_a_last_run_finishes(
        troubles in troubles(),
        used in prop::sample::subsequence(SERVICES.to_vec(), 0..=8),
        stale_answers in 0_usize..3,
    ) {
        let (account, mandate, record) = (carrying(&used), replacing(), Memory::default());
        account.set_stale_answers(stale_answers);
        let before = attached(&account);
        for trouble in troubles {
            in_trouble(&account, trouble, || try_remedy(&mandate, &id_of_web(), &record, &account));
        }
        decided(&mandate, &id_of_web(), &record, &account);
        let keeps = ["s3", "ds", "cloudwatch"].iter().any(|service| used.contains(service));
        prop_assert_eq!(attached(&account).contains(FORBIDDEN), keeps);
        for write in account.attachment_writes() {
            check(&mandate, &account, &write, &[CORE, LOGGING])?;
        }
        let n_writes = account.attachment_writes().len();
        account.advance(Duration::from_mins(1));
        decided(&mandate, &id_of_web(), &record, &account);
        prop_assert_eq!(account.attachment_writes().len(), n_writes, "another run writes");

        for ended in undone(&record, &account).unwrap() {
            prop_assert!(ended.stop.is_none(), "{:?}", ended);
        }
        prop_assert_eq!(attached(&account), before);
    }
}
