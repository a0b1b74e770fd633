//! Rules on roles, users and groups: one of them has changed.

use std::time::Duration;

use guard_core::rules::{Compliance, RuleId};
use guard_testkit::Call;
use serde_json::{Value, json};

use crate::scene::{GROUP, NARROW, NONE, ROLE, Scene, USER, WIDE};

const RULE: RuleId = RuleId::SessionAccess;

/// Changes what the event says of the item.
fn edit(event: &mut Value, edit: impl FnOnce(&mut Value)) {
    let text = event["invokingEvent"].as_str().unwrap();
    let mut message: Value = serde_json::from_str(text).unwrap();
    edit(&mut message["configurationItem"]);
    event["invokingEvent"] = json!(message.to_string());
}

#[tokio::test]
async fn a_role_that_opens_sessions_everywhere_is_shown_with_its_statement() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    scene.deliver(RULE, &scene.change("operators")).await;
    let shown = scene.shown(&role);
    assert_eq!(shown.compliance, Compliance::NonCompliant);
    let told = shown.annotation.unwrap();
    assert!(
        told.starts_with(
            "statement 1 (`Sessions`) of inline policy `sessions` allows sessions on everything"
        ),
        "{told}"
    );
    assert!(
        told.contains("; ask for ssm:resourceTag/SessionAccess"),
        "{told}"
    );
    // The item says everything: nobody else is asked.
    assert_eq!(scene.account.n_calls_of(Call::Entity), 0);
}

#[tokio::test]
async fn a_role_as_the_charter_wants_it_is_compliant() {
    let scene = Scene::new();
    let role = scene.role("operators", NARROW);
    scene.deliver(RULE, &scene.change("operators")).await;
    let shown = scene.shown(&role);
    assert_eq!(
        (shown.compliance, shown.annotation),
        (Compliance::Compliant, None)
    );
}

#[tokio::test]
async fn a_role_that_is_mended_becomes_compliant() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let first = scene.change("operators");
    scene.deliver(RULE, &first).await;
    scene.account.advance(Duration::from_mins(1));
    scene
        .account
        .principals()
        .put_inline(ROLE, "operators", "sessions", NARROW);
    let second = scene.change("operators");
    scene.deliver(RULE, &second).await;
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
    // The first event, late and once more.
    scene.deliver(RULE, &first).await;
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
}

#[tokio::test]
async fn second_delivery_writes_the_same_evaluation_and_nothing_else() {
    let scene = Scene::new();
    scene.role("operators", WIDE);
    let event = scene.change("operators");
    scene.deliver(RULE, &event).await;
    let first = (scene.account.results(RULE), scene.account.calls());
    scene.account.forget_calls();
    scene.deliver(RULE, &event).await;
    assert_eq!((scene.account.results(RULE), scene.account.calls()), first);
    assert_eq!(scene.account.writes(), []);
}

#[tokio::test]
async fn managed_policies_are_looked_up() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let role = principals.create(ROLE, "operators");
    let arn = principals.create_policy("Sessions", WIDE);
    principals.attach(ROLE, "operators", &arn);
    scene.deliver(RULE, &scene.change("operators")).await;
    let told = scene.shown(&role).annotation.unwrap();
    assert!(told.contains("policy `Sessions`"), "{told}");
}

#[tokio::test]
async fn a_boundary_forbids_what_a_policy_allows() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let role = scene.role("operators", WIDE);
    let arn = principals.create_policy("Boundary", NONE);
    principals.set_boundary(ROLE, "operators", &arn);
    scene.deliver(RULE, &scene.change("operators")).await;
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
}

#[tokio::test]
async fn a_user_has_what_its_groups_have() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    principals.create(GROUP, "ops");
    let arn = principals.create_policy("Sessions", WIDE);
    principals.attach(GROUP, "ops", &arn);
    let alice = principals.create(USER, "alice");
    principals.join("alice", "ops");
    let event = scene.account.recorder(RULE).change(USER, "alice");
    scene.deliver(RULE, &event).await;
    let shown = scene.shown(&alice);
    assert_eq!(shown.compliance, Compliance::NonCompliant);
    let told = shown.annotation.unwrap();
    assert!(told.contains("`Sessions` of group `ops`"), "{told}");
}

#[tokio::test]
async fn a_changed_group_judges_its_members_too() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let ops = principals.create(GROUP, "ops");
    let users: Vec<_> = ["alice", "bob"]
        .into_iter()
        .map(|name| {
            let user = principals.create(USER, name);
            principals.join(name, "ops");
            user
        })
        .collect();
    let carol = principals.create(USER, "carol");
    principals.put_inline(GROUP, "ops", "sessions", WIDE);
    scene.account.set_page_size(1);
    let event = scene.account.recorder(RULE).change(GROUP, "ops");
    scene.deliver(RULE, &event).await;
    for resource in users.iter().chain([&ops]) {
        assert_eq!(scene.compliance(resource), Compliance::NonCompliant);
    }
    assert!(!scene.words(RULE).contains_key(&carol));
}

#[tokio::test]
async fn what_is_deleted_is_not_applicable_whatever_it_was() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    scene.deliver(RULE, &scene.change("operators")).await;
    scene.account.advance(Duration::from_mins(1));
    scene.account.principals().delete(ROLE, "operators");
    let event = scene.account.recorder(RULE).deletion(&role);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&role), Compliance::NotApplicable);
}

#[tokio::test]
async fn what_left_the_scope_is_not_applicable() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let mut event = scene.change("operators");
    event["eventLeftScope"] = json!(true);
    scene.deliver(RULE, &event).await;
    let shown = scene.shown(&role);
    assert_eq!(shown.compliance, Compliance::NotApplicable);
    assert_eq!(shown.annotation.unwrap(), "it is out of the rule's scope");
}

#[tokio::test]
async fn an_item_too_large_for_an_event_is_fetched_from_the_history() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let event = scene
        .account
        .recorder(RULE)
        .oversized_change(ROLE, "operators");
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
    let calls = [Call::Item, Call::Entity].map(|call| scene.account.n_calls_of(call));
    assert_eq!(calls, [1, 0]);
}

#[tokio::test]
async fn an_item_that_the_history_does_not_know_yet_is_read_from_iam() {
    let scene = Scene::new();
    let role = scene.role("operators", NARROW);
    // The history holds only what was before.
    scene.change("operators");
    scene.account.advance(Duration::from_mins(1));
    scene
        .account
        .principals()
        .put_inline(ROLE, "operators", "sessions", WIDE);
    let mut event = scene
        .account
        .recorder(RULE)
        .oversized_change(ROLE, "operators");
    let text = event["invokingEvent"].as_str().unwrap();
    let late = scene.account.time() + jiff::SignedDuration::from_secs(5);
    let mut message: Value = serde_json::from_str(text).unwrap();
    message["configurationItemSummary"]["configurationItemCaptureTime"] = json!(late.to_string());
    event["invokingEvent"] = json!(message.to_string());
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
    assert_eq!(scene.account.n_calls_of(Call::Entity), 1);
}

#[tokio::test]
async fn an_item_of_somebody_else_is_not_believed_and_iam_is_asked() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let other = scene.role("others", NARROW);
    let recorder = scene.account.recorder(RULE);
    let event = recorder.oversized_change(ROLE, "operators");
    recorder.misfile(&other);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
    assert!(!scene.words(RULE).contains_key(&other));
    let calls = [Call::Item, Call::Entity].map(|call| scene.account.n_calls_of(call));
    assert_eq!(calls, [1, 1]);
}

#[tokio::test]
async fn an_item_that_lacks_something_is_completed_from_iam() {
    for lacking in [
        "rolePolicyList",
        "attachedManagedPolicies",
        "tags",
        "assumeRolePolicyDocument",
    ] {
        let scene = Scene::new();
        let role = scene.role("operators", WIDE);
        let mut event = scene.change("operators");
        edit(&mut event, |item| {
            item["configuration"]
                .as_object_mut()
                .unwrap()
                .remove(lacking);
        });
        scene.deliver(RULE, &event).await;
        assert_eq!(
            scene.compliance(&role),
            Compliance::NonCompliant,
            "{lacking}"
        );
        assert_eq!(scene.account.n_calls_of(Call::Entity), 1, "{lacking}");
    }
}

#[tokio::test]
async fn an_item_that_names_what_is_gone_is_out_of_date_and_iam_is_asked() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let role = scene.role("operators", NARROW);
    let arn = principals.create_policy("Sessions", WIDE);
    principals.attach(ROLE, "operators", &arn);
    let event = scene.change("operators");
    principals.detach(ROLE, "operators", &arn);
    principals.delete_policy(&arn);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
}

#[tokio::test]
async fn a_policy_that_iam_does_not_know_makes_the_answer_unknown_and_so_wrong() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let role = scene.role("operators", NARROW);
    principals.attach(ROLE, "operators", "arn:aws:iam::123456789012:policy/Ghost");
    scene.deliver(RULE, &scene.change("operators")).await;
    let shown = scene.shown(&role);
    assert_eq!(shown.compliance, Compliance::NonCompliant);
    let told = shown.annotation.unwrap();
    assert!(
        told.contains("Ghost") && told.contains("IAM does not know it"),
        "{told}"
    );
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_is_told() {
    let scene = Scene::new();
    let role = scene.role(
        "operators",
        r#"{"Version":"2012-10-17","Statement":[{"Action":"*","Resource":"*"}]}"#,
    );
    scene.deliver(RULE, &scene.change("operators")).await;
    let shown = scene.shown(&role);
    assert_eq!(shown.compliance, Compliance::NonCompliant);
    let told = shown.annotation.unwrap();
    assert!(
        told.contains("sessions") && told.contains("Effect"),
        "{told}"
    );
}

#[tokio::test]
async fn another_role_under_the_same_name_has_events_of_its_own() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let first = scene.role("operators", WIDE);
    let mut event = scene.change("operators");
    edit(&mut event, |item| item["configuration"] = Value::Null);
    principals.delete(ROLE, "operators");
    let second = scene.role("operators", WIDE);
    scene.deliver(RULE, &event).await;
    assert_eq!(scene.compliance(&first), Compliance::NotApplicable);
    assert!(!scene.words(RULE).contains_key(&second));
}

#[tokio::test]
async fn whom_the_charter_exempts_is_compliant_with_the_reason_and_what_is_excused() {
    let scene = Scene::new();
    let role = scene.role("break-glass", WIDE);
    scene.deliver(RULE, &scene.change("break-glass")).await;
    let shown = scene.shown(&role);
    assert_eq!(shown.compliance, Compliance::Compliant);
    let told = shown.annotation.unwrap();
    assert!(
        told.starts_with("exempt until 2026-06-01T00:00:00Z (for emergencies): statement 1"),
        "{told}"
    );
    scene.account.advance(Duration::from_hours(24 * 200));
    scene.deliver(RULE, &scene.change("break-glass")).await;
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
}

#[tokio::test]
async fn a_test_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.role("operators", WIDE);
    let mut event = scene.change("operators");
    event["resultToken"] = json!("TESTMODE");
    let answer = scene.deliver(RULE, &event).await;
    assert_eq!(answer.body["test"], true);
    assert_eq!(answer.body["nonCompliant"], 1);
    assert!(scene.account.results(RULE).is_empty());
    assert_eq!(scene.batches(), [1]);
    assert_eq!(answer.counts, guard_lambda::telemetry::Counts::default());
}

#[tokio::test]
async fn an_event_of_another_account_is_not_our_business() {
    let scene = Scene::new();
    scene.role("operators", WIDE);
    let mut foreign = scene.change("operators");
    foreign["accountId"] = json!("111122223333");
    let mut smuggled = scene.change("operators");
    edit(&mut smuggled, |item| {
        item["awsAccountId"] = json!("111122223333");
    });
    for event in [foreign, smuggled] {
        let answer = scene.deliver(RULE, &event).await;
        assert_eq!(answer.body["reasons"][0]["code"], "not-ours");
        assert_eq!(
            answer.counts.of(guard_lambda::telemetry::Metric::NotOurs),
            1
        );
        assert_eq!(scene.account.calls(), []);
    }
}

#[tokio::test]
async fn the_rule_on_changing_preferences_asks_its_own_question() {
    let scene = Scene::new();
    let editor = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:UpdateDocument","Resource":"*"}}"#;
    let operators = scene.role("operators", editor);
    let rule = RuleId::PreferencesAccess;
    let event = scene.account.recorder(rule).change(ROLE, "operators");
    scene.deliver(rule, &event).await;
    assert_eq!(scene.words(rule)[&operators], Compliance::NonCompliant);
    scene.deliver(RULE, &scene.change("operators")).await;
    assert_eq!(scene.compliance(&operators), Compliance::Compliant);
}
