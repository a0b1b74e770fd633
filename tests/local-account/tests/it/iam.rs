use serde_json::{Value, json};

use crate::client::Client;
use crate::judge::{SESSIONS, TRUST, text};
use crate::stage::{FULL_ACCESS, Stage};

const TEAM: &str = "arn:aws:iam::123456789012:policy/team";
const POLICY: (&str, &str) = ("PolicyArn", TEAM);

/// Everything between two tags, each time.
fn between<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open)
        .skip(1)
        .filter_map(|part| part.split(&close).next())
        .collect()
}

/// A role and a user that use the policy `team`, the user as its boundary.
async fn people() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    let iam = &stage.operator;
    let policy = [
        ("PolicyName", "team"),
        ("PolicyDocument", SESSIONS),
        ("Description", "words"),
    ];
    iam.iam("CreatePolicy", &policy).await?;
    let web = ("RoleName", "web");
    let role = [web, ("Path", "/ops/"), ("AssumeRolePolicyDocument", TRUST)];
    iam.iam("CreateRole", &role).await?;
    iam.iam("AttachRolePolicy", &[web, POLICY]).await?;
    iam.iam("AttachRolePolicy", &[web, POLICY]).await?;
    let inline = [web, ("PolicyName", "own"), ("PolicyDocument", SESSIONS)];
    iam.iam("PutRolePolicy", &inline).await?;
    let user = [
        ("UserName", "alice"),
        ("PermissionsBoundary", TEAM),
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "web"),
    ];
    iam.iam("CreateUser", &user).await?;
    Ok(stage)
}

/// All pages of the account's details, two entries each.
async fn details(stage: &Stage) -> anyhow::Result<Vec<String>> {
    let mut pages: Vec<String> = Vec::new();
    loop {
        let marker = pages.last().and_then(|page| {
            between(page, "Marker")
                .first()
                .map(|marker| (*marker).to_owned())
        });
        if marker.is_none() && !pages.is_empty() {
            return Ok(pages);
        }
        let mut input = vec![("MaxItems", "2")];
        input.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let page = stage
            .operator
            .iam("GetAccountAuthorizationDetails", &input)
            .await?;
        pages.push(page);
    }
}

#[tokio::test]
async fn the_account_is_read_a_page_at_a_time() -> anyhow::Result<()> {
    let stage = people().await?;
    let pages = details(&stage).await?;
    let all = pages.concat();
    let mut arns = between(&all, "Arn");
    arns.sort_unstable();
    assert_eq!(pages.len(), 4);
    assert_eq!(
        arns,
        [
            "arn:aws:iam::123456789012:policy/team",
            "arn:aws:iam::123456789012:role/ops/web",
            "arn:aws:iam::123456789012:user/alice",
            "arn:aws:iam::123456789012:user/mallory",
            "arn:aws:iam::123456789012:user/operator",
            // Of AWS's own policies only those that are used.
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/AmazonSSMFullAccess",
        ]
    );
    for (tag, expected) in [
        ("PermissionsBoundaryArn", &[TEAM][..]),
        ("PermissionsBoundaryUsageCount", &["1", "0", "0"]),
        ("AttachmentCount", &["1", "1", "1"]),
        ("Key", &["Team"]),
    ] {
        assert_eq!(between(&all, tag), expected, "{tag}");
    }
    let filter = [("Filter.member.1", "Nobody")];
    let operation = "GetAccountAuthorizationDetails";
    let refused = stage.operator.try_iam(operation, &filter).await?;
    assert!(refused.text.contains("ValidationError"), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn documents_are_encoded_and_ids_tell_their_kind() -> anyhow::Result<()> {
    let all = details(&people().await?).await?.concat();
    for tag in ["AssumeRolePolicyDocument", "PolicyDocument", "Document"] {
        let documents = between(&all, tag);
        assert!(!documents.is_empty(), "{tag}");
        for document in documents {
            assert!(
                document.starts_with("%7B") && !document.contains('/'),
                "{document}"
            );
        }
    }
    for (tag, prefix, count) in [
        ("UserId", "AIDA", 3),
        ("PolicyId", "ANPA", 3),
        ("RoleId", "AROA", 1),
    ] {
        let ids = between(&all, tag);
        assert_eq!(ids.len(), count);
        for id in ids {
            assert!(id.starts_with(prefix) && id.len() == 21, "{id}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn whoever_uses_a_policy_is_listed_by_how() -> anyhow::Result<()> {
    let stage = people().await?;
    let permissions = ("PolicyUsageFilter", "PermissionsPolicy");
    let boundaries = ("PolicyUsageFilter", "PermissionsBoundary");
    let one = ("MaxItems", "1");
    for (more, roles, users) in [
        (&[][..], &["web"][..], &["alice"][..]),
        (&[permissions], &["web"], &[]),
        (&[boundaries], &[], &["alice"]),
        (&[("EntityFilter", "Role")], &["web"], &[]),
        (&[("EntityFilter", "AWSManagedPolicy")], &[], &[]),
        (&[("PathPrefix", "/ops/")], &["web"], &[]),
        (&[one], &[], &["alice"]),
        (&[one, ("Marker", "1")], &["web"], &[]),
    ] {
        let input = [&[POLICY], more].concat();
        let listed = stage.operator.iam("ListEntitiesForPolicy", &input).await?;
        assert_eq!(between(&listed, "RoleName"), roles, "{more:?}");
        assert_eq!(between(&listed, "UserName"), users, "{more:?}");
    }
    let absent = [("PolicyArn", "arn:aws:iam::123456789012:policy/x")];
    let refused = stage
        .operator
        .try_iam("ListEntitiesForPolicy", &absent)
        .await?;
    assert_eq!(refused.status, 404);
    assert!(refused.text.contains("NoSuchEntity"), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn policies_are_answered_as_iam_answers_them() -> anyhow::Result<()> {
    let stage = people().await?;
    let first = [POLICY, ("VersionId", "v1")];
    let second = [POLICY, ("PolicyDocument", SESSIONS)];
    let iam = async |action: &str, input: &[(&str, &str)]| stage.operator.iam(action, input).await;
    let created = iam("CreatePolicyVersion", &second).await?;
    assert!(between(&created, "Document").is_empty(), "{created}");
    iam("SetDefaultPolicyVersion", &first).await?;
    let versions = iam("ListPolicyVersions", &[POLICY, ("MaxItems", "1")]).await?;
    assert_eq!(between(&versions, "IsDefaultVersion"), ["true"]);
    assert_eq!(between(&versions, "Marker"), ["1"]);
    assert!(between(&versions, "Document").is_empty(), "{versions}");
    let version = iam("GetPolicyVersion", &first).await?;
    assert!(between(&version, "Document")[0].starts_with("%7B%22Version%22%3A"));
    let policy = iam("GetPolicy", &[POLICY]).await?;
    assert_eq!(between(&policy, "AttachmentCount"), ["1"]);
    assert_eq!(between(&policy, "PermissionsBoundaryUsageCount"), ["1"]);
    Ok(())
}

#[tokio::test]
async fn people_are_answered_as_iam_answers_them() -> anyhow::Result<()> {
    let stage = people().await?;
    let iam = async |action: &str, input: &[(&str, &str)]| stage.operator.iam(action, input).await;
    let roles = iam("ListRoles", &[]).await?;
    assert!(between(&roles, "AssumeRolePolicyDocument")[0].starts_with("%7B"));
    let users = iam("ListUsers", &[("MaxItems", "2")]).await?;
    assert_eq!(between(&users, "UserName").len(), 2);
    assert_eq!(between(&users, "IsTruncated"), ["true"]);
    let alice = ("UserName", "alice");
    let user = iam("GetUser", &[alice]).await?;
    assert_eq!(between(&user, "PermissionsBoundaryArn"), [TEAM]);
    assert_eq!(between(&user, "Key"), ["Team"]);
    iam("UpdateUser", &[alice, ("NewUserName", "alicia")]).await?;
    let user = iam("GetUser", &[("UserName", "alicia")]).await?;
    assert_eq!(between(&user, "PermissionsBoundaryArn"), [TEAM]);
    Ok(())
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted() -> anyhow::Result<()> {
    let stage = people().await?;
    let (alice, ops) = (("UserName", "alice"), ("GroupName", "ops"));
    stage.operator.iam("CreateGroup", &[ops]).await?;
    stage.operator.iam("AddUserToGroup", &[alice, ops]).await?;
    for (action, input, status) in [
        ("DeletePolicy", &[POLICY][..], 409),
        ("DetachRolePolicy", &[("RoleName", "web"), POLICY], 200),
        ("DeletePolicy", &[POLICY], 409),
        ("DeleteUserPermissionsBoundary", &[alice], 200),
        ("DeletePolicy", &[POLICY], 200),
        ("DeleteGroup", &[ops], 409),
        ("DeleteUser", &[alice], 409),
        ("RemoveUserFromGroup", &[alice, ops], 200),
        ("DeleteGroup", &[ops], 200),
        ("DeleteUser", &[alice], 200),
    ] {
        let reply = stage.operator.try_iam(action, input).await?;
        assert_eq!(reply.status, status, "{action}: {}", reply.text);
    }
    Ok(())
}

#[tokio::test]
async fn a_users_boundary_limits_its_policies() -> anyhow::Result<()> {
    let stage = people().await?;
    let trudy = stage.account.create_user("trudy", &[FULL_ACCESS]).await?;
    let client = Client::new(&stage.account, &trudy);
    let list = async || -> anyhow::Result<Value> {
        Ok(client.ssm("ListDocuments", json!({})).await?.json())
    };
    let trudy = ("UserName", "trudy");
    let iam =
        async |action: &str, input: &[(&str, &str)]| stage.operator.try_iam(action, input).await;
    assert_eq!(text(&list().await?, "__type"), "-");
    let boundary = [trudy, ("PermissionsBoundary", TEAM)];
    iam("PutUserPermissionsBoundary", &boundary).await?;
    let denied = text(&list().await?, "message");
    let reason = "because no permissions boundary allows the ssm:ListDocuments action";
    assert!(denied.ends_with(reason), "{denied}");
    iam("DeleteUserPermissionsBoundary", &[trudy]).await?;
    assert_eq!(text(&list().await?, "__type"), "-");
    let absent = [
        trudy,
        ("PermissionsBoundary", "arn:aws:iam::123456789012:policy/x"),
    ];
    let refused = iam("PutUserPermissionsBoundary", &absent).await?;
    assert_eq!(refused.status, 404);
    Ok(())
}

#[tokio::test]
async fn calls_are_throttled_as_often_as_the_test_wants() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    stage.account.throttle("iam", "ListUsers", 2);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let reply = stage.operator.try_iam("ListUsers", &[]).await?;
        let is_throttled = reply.text.contains("<Code>Throttling</Code>");
        seen.push((reply.status, is_throttled));
    }
    assert_eq!(seen, [(400, true), (400, true), (200, false)]);
    let calls = stage.account.calls();
    let errors = calls.iter().filter_map(|call| call.error_code.as_deref());
    assert!(errors.eq(["Throttling", "Throttling"]));
    let records = stage.account.records();
    let throttled = records
        .iter()
        .find(|record| text(record, "errorCode") == "Throttling");
    assert!(throttled.is_some_and(|record| record["requestParameters"].is_null()));
    Ok(())
}
