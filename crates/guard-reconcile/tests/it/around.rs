//! What runs with roles and what makes them; and how many calls a plan takes.

use guard_core::inventory::BearerKind;
use guard_core::roles::BearerName;
use guard_reconcile::advisor::{self, Wait};
use guard_reconcile::error::FailureClass;
use guard_reconcile::{account, around};
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, charter, mandate};
use guard_testkit::turns::run;
use guard_testkit::{Call, FakeAccount, Fault, Moment};

const NAMING: &str = "Resources: {Role: {Type: AWS::IAM::Role, ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AmazonEC2RoleForSSM]}}";
const MAKING: &str = "Resources: {Role: {Type: AWS::IAM::Role}}";

fn look(account: &FakeAccount) -> around::Stacks {
    let mandate = mandate(&charter("replace", &[CORE, LOGGING]));
    let forbidden = mandate.charter().forbidden().first().unwrap();
    let looked = run(account, around::stacks(forbidden, account, |_| {}));
    looked.expect("no crash was planned").unwrap()
}

#[test]
fn a_stack_is_told_of_when_it_names_the_policy_or_made_somebody() {
    let account = FakeAccount::new();
    account.set_page_size(1);
    account.add_stack(
        "web",
        NAMING,
        &[("AWS::IAM::Role", "web"), ("AWS::EC2::Instance", "i-1")],
    );
    account.add_stack("batch", MAKING, &[("AWS::IAM::User", "bob")]);
    account.add_stack("policy", "Policy: AmazonEC2RoleforSSM", &[]);
    account.add_stack("network", "Resources: {Vpc: {Type: AWS::EC2::VPC}}", &[]);
    let told: Vec<_> = look(&account)
        .related
        .into_iter()
        .map(|it| (it.stack.name, it.names_policy, it.made))
        .collect();
    let holder = |kind, name: &str| BearerName {
        kind,
        name: name.to_owned(),
    };
    assert_eq!(
        told,
        [
            (
                "web".to_owned(),
                true,
                vec![holder(BearerKind::Role, "web")]
            ),
            (
                "batch".to_owned(),
                false,
                vec![holder(BearerKind::User, "bob")]
            ),
            ("policy".to_owned(), true, vec![]),
        ]
    );
    assert_eq!(account.n_calls_of(Call::Template), 4);
    // Two pages for `web`, one for `batch`: the others make nobody.
    assert_eq!(account.n_calls_of(Call::Resources), 3);
}

#[test]
fn a_stack_that_goes_meanwhile_is_no_failure() {
    let account = FakeAccount::new();
    account.add_stack("web", NAMING, &[]);
    account.before_next(Call::Template, |account| account.delete_stack("web"));
    let stacks = look(&account);
    assert!(stacks.related.is_empty() && stacks.unread.is_empty());
}

#[test]
fn a_stack_that_cannot_be_read_leaves_the_others_and_is_told_of() {
    let account = FakeAccount::new();
    account.add_stack("secret", NAMING, &[]);
    account.add_stack("web", NAMING, &[("AWS::IAM::Role", "web")]);
    let denied = Fault::Fails(FailureClass::Denied);
    account.fail_next(Call::Template, denied, Moment::Before);
    let stacks = look(&account);
    assert_eq!(stacks.related.len(), 1);
    let (stack, error) = stacks.unread.first().unwrap();
    assert_eq!(
        (stack.name.as_str(), error.class),
        ("secret", FailureClass::Denied)
    );
}

#[test]
fn a_service_with_too_much_to_do_is_asked_again() {
    let account = FakeAccount::new();
    account.add_stack("web", NAMING, &[("AWS::IAM::Role", "web")]);
    account.add_profile("web", "web");
    let throttled = Fault::Fails(FailureClass::Throttled);
    for call in [
        Call::Stacks,
        Call::Template,
        Call::Resources,
        Call::Profiles,
    ] {
        account.fail_next(call, throttled, Moment::Before);
    }
    assert_eq!(look(&account).related.len(), 1);
    let profiles = run(&account, around::profiles(&account)).expect("no crash was planned");
    assert_eq!(profiles.unwrap().len(), 1);
}

/// Everything that a plan asks: who there is, what they used, instance profiles, and the stacks of a Region.
fn n_calls_of_a_plan(n_roles: usize) -> usize {
    let account = FakeAccount::new();
    account.set_advisor_looks(2);
    for n in 0..n_roles {
        let name = format!("web-{n}");
        account.principals().create(BearerKind::Role, &name);
        account
            .principals()
            .attach(BearerKind::Role, &name, FORBIDDEN);
        account.add_profile(&name, &name);
    }
    account.add_stack("web", NAMING, &[("AWS::IAM::Role", "web-0")]);
    let planning = async {
        let inventory = account::read(&account, |_| {}).await.unwrap();
        let bearers = inventory.bearers().iter();
        let arns: Vec<&str> = bearers.map(|bearer| bearer.arn.as_str()).collect();
        let told = advisor::accessed(&arns, Wait::Long, &account, || {}).await;
        assert!(told.iter().all(Result::is_ok));
        around::profiles(&account).await.unwrap();
    };
    run(&account, planning).expect("no crash was planned");
    look(&account);
    // All but the last look at each answer is polling.
    account.calls().len() - 2 * n_roles
}

#[test]
fn a_plan_for_a_thousand_roles_takes_a_constant_and_no_more_than_four_calls_for_each() {
    let constant = n_calls_of_a_plan(1) - 2;
    let calls = n_calls_of_a_plan(1_000);
    assert!(calls <= constant + 4 * 1_000, "{calls}");
    // Asking and answering, and pages of a hundred of who there is and of instance profiles.
    assert_eq!(calls, constant + 2 * 1_000 + 9 + 9);
}
