//! One story for every trap.

use std::time::Duration;

use guard_core::inventory::BearerKind;
use guard_reconcile::error::FailureClass;
use guard_testkit::policies::{
    CORE, EC2_TRUST, FORBIDDEN, LOGGING, account, charter, event, logging_document, mandate,
};
use guard_testkit::{Call, Fault, Moment, Person};
use serde_json::{Value, json};

use super::{carried, mallory_attaches, one_run, reasons, replacing, try_run, verdict};

const ROLE: BearerKind = BearerKind::Role;

#[test]
fn a_role_of_instances_gets_the_successors_before_the_policy_leaves() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
    let writes: Vec<_> = account.writes().into_iter().map(|it| it.call).collect();
    assert_eq!(writes, [Call::Attach, Call::Attach, Call::Detach]);
    assert_eq!(account.reports().len(), 1);
    let (subject, text) = account.alerts().remove(0);
    assert_eq!(
        subject,
        "Session Guard: a forbidden policy was replaced (123456789012 us-east-1)"
    );
    assert!(text.contains("mallory") && text.contains(CORE), "{text}");
}

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
fn users_groups_and_other_roles_get_no_successor() {
    for (kind, name) in [
        (BearerKind::User, "bob"),
        (BearerKind::Group, "ops"),
        (ROLE, "deployer"),
    ] {
        let account = account("web");
        account.principals().create(kind, name);
        let event = mallory_attaches(&account, kind, name);
        let outcome = one_run(&replacing(), &account, &event);
        assert_eq!(verdict(&outcome), "detached", "{kind}");
        assert!(account.principals().attached(kind, name).is_empty());
        assert_eq!(account.n_calls_of(Call::Attach), 0);
        assert_eq!(
            account.n_calls_of(Call::Policy),
            0,
            "nothing has to be read"
        );
    }
}

#[test]
fn without_a_successor_that_writes_the_log_it_is_only_reported() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let mandate = mandate(&charter("replace", &[CORE]));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"log-lost"), "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [FORBIDDEN]);
    assert_eq!(account.alerts().len(), 1);
}

#[test]
fn another_policy_of_awss_that_writes_the_log_is_asked_about_before_it_is_given_up() {
    let account = account("web");
    let principals = account.principals();
    let of_aws = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess";
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["logs:*"],"Resource":"*"}}"#;
    principals.set_policy(of_aws, all);
    principals.attach(ROLE, "web", of_aws);
    let event = mallory_attaches(&account, ROLE, "web");
    let mandate = mandate(&charter("replace", &[CORE]));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [CORE, of_aws]);
}

#[test]
fn a_successor_that_says_something_else_than_the_charter_pins_is_not_attached() {
    let account = account("web");
    let mine =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    account.principals().set_policy(LOGGING, mine);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"successor-unfit"));
    assert!(account.writes().is_empty());
}

#[test]
fn a_boundary_is_never_taken_off() {
    let account = account("web");
    account.principals().set_boundary(ROLE, "web", FORBIDDEN);
    let parameters = json!({ "roleName": "web", "permissionsBoundary": FORBIDDEN });
    let event = event(
        &account,
        &Person::stranger(),
        "PutRolePermissionsBoundary",
        &parameters,
    );
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert_eq!(reasons(&outcome), ["is-boundary", "not-attached"]);
    assert!(account.writes().is_empty());
    assert_eq!(account.alerts().len(), 1);
}

#[test]
fn an_exemption_is_reported_with_its_reason_and_alerts_nobody() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let exempt = "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"until the move\"\n";
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + exempt));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    let report = account.reports().remove(0).to_string();
    assert!(report.contains("until the move"), "{report}");
    assert!(account.alerts().is_empty() && account.writes().is_empty());
}

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
    let event = super::attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
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
    let event = super::attached(&account, &Person::stranger(), (ROLE, "new"), FORBIDDEN);
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
    let event = super::attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
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
fn two_forbidden_policies_are_not_kept_for_each_others_sake() {
    let account = account("web");
    let other = account
        .principals()
        .create_policy("other-logging", &logging_document());
    account.principals().attach(ROLE, "web", &other);
    let more = format!("[[forbidden]]\npolicy = \"{other}\"\nenforcement = \"report\"\n");
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + &more));
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert!(carried(&account, "web").contains(&LOGGING.to_owned()));
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
fn an_old_event_is_looked_at_once() {
    let account = account("web");
    let event = super::attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
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
fn a_failed_call_is_told_without_a_look_and_alerts_nobody() {
    let account = account("web");
    let mut event = super::attached(&account, &Person::stranger(), (ROLE, "web"), FORBIDDEN);
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
    let arn = account.principals().create_policy("harmless", text);
    let mallory = Person::stranger();
    let said = json!({ "policyName": "harmless", "policyDocument": text });
    let chosen = json!({ "policyArn": arn, "versionId": "v1" });
    account.principals().put_inline(ROLE, "web", "mine", text);
    let too_long = json!({ "roleName": "web", "policyName": "mine", "policyDocument": null });
    for (call, parameters, calls) in [
        ("CreatePolicy", said, vec![]),
        ("SetDefaultPolicyVersion", chosen, vec![Call::Policy]),
        ("PutRolePolicy", too_long, vec![Call::Entity]),
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
fn a_charter_that_only_reports_says_what_would_be_done() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let text = charter("replace", &[CORE, LOGGING]).replace("\"revert\"", "\"report\"");
    let outcome = one_run(&mandate(&text), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    let plan = outcome.report.body.get("plan").and_then(Value::as_array);
    assert_eq!(plan.unwrap().len(), 3);
    assert!(account.writes().is_empty());
    let (_, text) = account.alerts().remove(0);
    assert!(text.contains("Not done\n  - attach `"), "{text}");
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

#[test]
fn a_role_whose_trust_cannot_be_understood_keeps_the_policy() {
    let account = account("web");
    let strange = EC2_TRUST.replace("\"Effect\":\"Allow\"", "\"Effect\":\"Perhaps\"");
    account.principals().set_trust("web", &strange);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"trust-unknown"));
}
