//! Calls that put a text into a policy, and calls that failed.

use guard_core::inventory::BearerKind;
use guard_testkit::policies::{
    CORE, FORBIDDEN, LOGGING, account, charter, event, logging_document, mandate,
};
use guard_testkit::{Call, Person};
use serde_json::{Value, json};

use super::{attached, one_run, reasons, replacing, verdict};

const ROLE: BearerKind = BearerKind::Role;

#[test]
fn a_failed_call_is_told_without_a_look_and_alerts_nobody() {
    let account = account("web");
    let mut event = attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
    let detail = event
        .get_mut("detail")
        .and_then(Value::as_object_mut)
        .unwrap();
    detail.insert("errorCode".to_owned(), json!("LimitExceededException"));
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    let calls: Vec<_> = account.calls().into_iter().map(|it| it.call).collect();
    assert_eq!(calls, [Call::Publish]);
}

#[test]
fn a_policy_that_grants_what_is_forbidden_is_told_of_whatever_its_name() {
    let account = account("web");
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","ssmmessages:*"],"Resource":"*"}}"#;
    // By now another version is the default one again.
    let arn = account
        .principals()
        .create_policy("harmless", &logging_document());
    account.principals().add_version(&arn, "v3", text);
    let mallory = Person::stranger();
    let said = json!({ "policyName": "harmless", "policyDocument": text });
    let chosen = json!({ "policyArn": arn, "versionId": "v3" });
    account.principals().put_inline(ROLE, "web", "mine", text);
    let too_long = json!({ "roleName": "web", "policyName": "mine", "policyDocument": null });
    for (call, parameters, calls) in [
        ("CreatePolicy", said, vec![]),
        ("SetDefaultPolicyVersion", chosen, vec![Call::Version]),
        ("PutRolePolicy", too_long, vec![Call::Entity, Call::Entity]),
    ] {
        account.forget_calls();
        let event = event(&account, &mallory, call, &parameters);
        let outcome = one_run(&replacing(), &account, &event);
        assert_eq!(reasons(&outcome), ["copied"], "{call}");
        let made = account.calls().into_iter().map(|it| it.call);
        let told = [Call::Publish, Call::Alert];
        assert_eq!(made.collect::<Vec<_>>(), [calls, told.to_vec()].concat());
        assert!(outcome.report.alert.is_some());
    }
}

#[test]
fn a_policy_that_grants_nothing_of_the_kind_is_not_told_of() {
    let account = account("web");
    let said = json!({ "policyName": "logging", "policyDocument": logging_document() });
    let event = event(&account, &Person::stranger(), "CreatePolicy", &said);
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!((verdict(&outcome), account.calls().len()), ("settled", 0));
}

#[test]
fn a_failed_call_about_another_text_is_nobodys_business() {
    let account = account("web");
    let copy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","ssmmessages:*"],"Resource":"*"}}"#;
    for (text, verdict_on) in [
        (logging_document(), "settled"),
        (copy.to_owned(), "reported"),
    ] {
        let said = json!({ "policyName": "x", "policyDocument": text });
        let mut event = event(&account, &Person::stranger(), "CreatePolicy", &said);
        let detail = event
            .get_mut("detail")
            .and_then(Value::as_object_mut)
            .unwrap();
        detail.insert("errorCode".to_owned(), json!("EntityAlreadyExists"));
        let outcome = one_run(&replacing(), &account, &event);
        assert_eq!(verdict(&outcome), verdict_on);
    }
}

/// Whom the charter lets have it is told of, and nobody is alerted.
#[test]
fn a_text_put_into_an_exempt_role_is_told_with_the_exemption() {
    let exempt =
        "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"until spring\"\n";
    let text = charter("replace", &[CORE, LOGGING]);
    let grants = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","ssmmessages:*"],"Resource":"*"}}"#;
    for (text, is_alerted) in [(text.clone() + exempt, false), (text, true)] {
        let account = account("web");
        account.principals().put_inline(ROLE, "web", "mine", grants);
        let said = json!({ "roleName": "web", "policyName": "mine", "policyDocument": grants });
        let event = event(&account, &Person::stranger(), "PutRolePolicy", &said);
        let outcome = one_run(&mandate(&text), &account, &event);
        assert_eq!(verdict(&outcome), "reported");
        assert_eq!(outcome.report.alert.is_some(), is_alerted);
        assert_eq!(reasons(&outcome).contains(&"exempt"), !is_alerted);
    }
}
