use guard_reconcile::error::FailureClass;

use super::*;
use crate::iam::tests::{asked, ok, refused};
use crate::test_service::Service;

const POLICY: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

fn attachments(service: &Service) -> Attachments {
    Attachments {
        client: Client::new(&service.sdk()),
    }
}

fn page(kind: &str, arns: &[&str], more: &str) -> (u16, String) {
    let member = |arn: &&str| {
        format!("<member><PolicyName>x</PolicyName><PolicyArn>{arn}</PolicyArn></member>")
    };
    let members: Vec<_> = arns.iter().map(member).collect();
    let result = format!(
        "<AttachedPolicies>{}</AttachedPolicies>{more}",
        members.concat()
    );
    ok(&format!("ListAttached{kind}Policies"), &result)
}

#[tokio::test]
async fn what_is_attached_is_read_to_the_last_page() {
    let more = "<IsTruncated>true</IsTruncated><Marker>m</Marker>";
    let service = Service::answering_text([
        page("Role", &[POLICY], more),
        page(
            "Role",
            &["arn:aws:iam::123456789012:policy/x"],
            "<IsTruncated>false</IsTruncated>",
        ),
    ]);
    let attached = attachments(&service)
        .attached(BearerKind::Role, "web")
        .await;
    assert_eq!(
        attached.unwrap().unwrap(),
        [POLICY, "arn:aws:iam::123456789012:policy/x"]
    );
    assert_eq!(
        asked(&service),
        [
            "ListAttachedRolePolicies RoleName=web",
            "ListAttachedRolePolicies RoleName=web Marker=m"
        ]
    );
}

#[tokio::test]
async fn users_and_groups_are_asked_about_by_their_own_calls() {
    for (kind, call) in [(BearerKind::User, "User"), (BearerKind::Group, "Group")] {
        let service = Service::answering_text([page(call, &[POLICY], "")]);
        let attached = attachments(&service).attached(kind, "bob").await;
        assert_eq!(attached.unwrap().unwrap(), [POLICY]);
        assert_eq!(
            asked(&service),
            [format!("ListAttached{call}Policies {call}Name=bob")]
        );
    }
}

#[tokio::test]
async fn nobody_of_that_name_is_no_failure() {
    let service = Service::answering_text([refused(404, "NoSuchEntity")]);
    let attached = attachments(&service)
        .attached(BearerKind::Role, "web")
        .await;
    assert_eq!(attached.unwrap(), None);
}

#[tokio::test]
async fn writes_name_whom_and_what() {
    let service = Service::answering_text([
        ok("AttachRolePolicy", ""),
        ok("DetachRolePolicy", ""),
        ok("DetachUserPolicy", ""),
        ok("DetachGroupPolicy", ""),
    ]);
    let attachments = attachments(&service);
    attachments.attach("web", "arn:x").await.unwrap();
    for (kind, name) in [
        (BearerKind::Role, "web"),
        (BearerKind::User, "bob"),
        (BearerKind::Group, "ops"),
    ] {
        attachments.detach(kind, name, "arn:x").await.unwrap();
    }
    assert_eq!(
        asked(&service),
        [
            "AttachRolePolicy RoleName=web PolicyArn=arn%3Ax",
            "DetachRolePolicy RoleName=web PolicyArn=arn%3Ax",
            "DetachUserPolicy UserName=bob PolicyArn=arn%3Ax",
            "DetachGroupPolicy GroupName=ops PolicyArn=arn%3Ax",
        ]
    );
}

/// What a refusal of the service's becomes when a policy is attached.
async fn attaching(status: u16, code: &str) -> AttachError {
    let service = Service::answering_text([refused(status, code)]);
    attachments(&service)
        .attach("web", "arn:x")
        .await
        .unwrap_err()
}

#[tokio::test]
async fn refusals_are_sorted_by_what_they_mean() {
    assert!(matches!(
        attaching(404, "NoSuchEntity").await,
        AttachError::Gone
    ));
    assert!(matches!(
        attaching(409, "LimitExceeded").await,
        AttachError::Quota
    ));
    let unmodifiable = attaching(400, "UnmodifiableEntity").await;
    assert!(matches!(unmodifiable, AttachError::Immutable));
    let concurrent = attaching(409, "ConcurrentModification").await;
    assert!(matches!(concurrent, AttachError::Conflict));
    match attaching(403, "AccessDenied").await {
        AttachError::Port(error) => {
            assert_eq!(error.class, FailureClass::Denied);
            assert_eq!(
                error.to_string(),
                "failed to attach a policy to the role `web`"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_attached_needs_no_detaching() {
    let service = Service::answering_text([refused(404, "NoSuchEntity")]);
    let detached = attachments(&service)
        .detach(BearerKind::User, "bob", "arn:x")
        .await;
    detached.unwrap();
}
