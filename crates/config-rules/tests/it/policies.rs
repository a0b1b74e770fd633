//! Rules on roles, users and groups: a managed policy has changed, and everybody who has it is judged again.

use guard_core::rules::{Compliance, Resource, RuleId};
use guard_testkit::Call;

use crate::scene::{GROUP, NARROW, NONE, ROLE, Scene, USER, WIDE};

const RULE: RuleId = RuleId::SessionAccess;

fn policy_row() -> Resource {
    Resource::new("AWS::IAM::Policy", "ANPAEXAMPLE")
}

#[tokio::test]
async fn a_changed_policy_judges_everybody_who_has_it() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", WIDE);
    let role = principals.create(ROLE, "operators");
    principals.attach(ROLE, "operators", &arn);
    let group = principals.create(GROUP, "ops");
    principals.attach(GROUP, "ops", &arn);
    let member = principals.create(USER, "alice");
    principals.join("alice", "ops");
    let direct = principals.create(USER, "bob");
    principals.attach(USER, "bob", &arn);
    let bystander = scene.role("others", WIDE);

    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    scene.deliver(RULE, &event).await;
    for resource in [&role, &group, &member, &direct] {
        assert_eq!(
            scene.compliance(resource),
            Compliance::NonCompliant,
            "{resource:?}"
        );
    }
    assert_eq!(scene.compliance(&policy_row()), Compliance::NotApplicable);
    assert!(!scene.words(RULE).contains_key(&bystander));
    // The policy is read once, whoever has it, and the group once for itself and once for all its members.
    assert_eq!(scene.account.n_calls_of(Call::Policy), 1);
    assert_eq!(scene.account.n_calls_of(Call::Entity), 5);
}

#[tokio::test]
async fn a_changed_policy_judges_those_whose_boundary_it_is() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Boundary", NONE);
    let role = scene.role("operators", WIDE);
    principals.set_boundary(ROLE, "operators", &arn);
    let recorder = scene.account.recorder(RULE);
    scene.deliver(RULE, &recorder.change_of_policy(&arn)).await;
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
    principals.set_policy(
        &arn,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    );
    scene.account.advance(std::time::Duration::from_mins(1));
    scene.deliver(RULE, &recorder.change_of_policy(&arn)).await;
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
}

#[tokio::test]
async fn a_policy_that_nobody_has_is_not_applicable_and_nothing_more() {
    let scene = Scene::new();
    let arn = scene.account.principals().create_policy("Sessions", WIDE);
    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    scene.deliver(RULE, &event).await;
    let words: Vec<_> = scene.words(RULE).into_iter().collect();
    assert_eq!(words, [(policy_row(), Compliance::NotApplicable)]);
}

#[tokio::test]
async fn as_many_holders_as_cost_less_than_the_account_are_read_one_by_one() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", NARROW);
    for number in 0..25 {
        let name = format!("operators-{number}");
        principals.create(ROLE, &name);
        principals.attach(ROLE, &name, &arn);
    }
    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.words(RULE).len(), 26);
    assert_eq!(scene.account.n_calls_of(Call::Entity), 25);
    assert_eq!(scene.account.n_calls_of(Call::Details), 0);
}

#[tokio::test]
async fn many_holders_are_read_with_the_whole_account_and_nobody_else_is_judged() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", NARROW);
    for number in 0..26 {
        let name = format!("operators-{number}");
        principals.create(ROLE, &name);
        principals.attach(ROLE, &name, &arn);
    }
    let bystander = scene.role("others", WIDE);
    scene.account.set_page_size(10);
    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    scene.deliver(RULE, &event).await;
    let words = scene.words(RULE);
    let compliant = words
        .values()
        .filter(|word| **word == Compliance::Compliant);
    assert_eq!((compliant.count(), words.len()), (26, 27));
    assert!(!words.contains_key(&bystander));
    assert_eq!(scene.account.n_calls_of(Call::Entity), 0);
    // 27 roles and one policy, ten to a page; and the holders.
    assert_eq!(scene.account.n_calls_of(Call::Details), 3);
    assert_eq!(scene.account.n_calls_of(Call::Holders), 3);
}

#[tokio::test]
async fn somebody_who_is_deleted_meanwhile_is_left_out() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", WIDE);
    for name in ["one", "two"] {
        principals.create(ROLE, name);
        principals.attach(ROLE, name, &arn);
    }
    scene.account.before_next(Call::Entity, |account| {
        account.principals().delete(ROLE, "one");
    });
    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.words(RULE).len(), 2);
}
