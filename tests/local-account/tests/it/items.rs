use serde_json::{Value, json};

use crate::judge::{SESSIONS, TRUST, last_item, names, statuses, text, with};
use crate::stage::{DOCUMENT, FULL_ACCESS, Stage, content};

const EVERYWHERE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]}"#;
const ENCODED: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22ssm%3AStartSession%22%2C%22Resource%22%3A%22arn%3Aaws%3Aec2%3A%2A%3A%2A%3Ainstance%2F%2A%22%7D%5D%7D";
const ENCODED_TRUST: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

const ROLE: [(&str, &str); 2] = [("RoleName", "web"), ("AssumeRolePolicyDocument", TRUST)];
const ATTACHED: [(&str, &str); 2] = [("RoleName", "web"), ("PolicyArn", FULL_ACCESS)];
const INLINE: [(&str, &str); 3] = [
    ("RoleName", "web"),
    ("PolicyName", "own"),
    ("PolicyDocument", SESSIONS),
];

/// A role with a tag, a managed policy and an inline one.
async fn role() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    let tag = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "web"),
    ];
    let iam = &stage.operator;
    iam.iam("CreateRole", &[&ROLE[..], &tag].concat()).await?;
    iam.iam("AttachRolePolicy", &ATTACHED).await?;
    iam.iam("AttachRolePolicy", &ATTACHED).await?;
    iam.iam("PutRolePolicy", &INLINE).await?;
    Ok(stage)
}

#[tokio::test]
async fn an_item_is_spelled_as_rules_see_it() -> anyhow::Result<()> {
    let stage = role().await?;
    let item = last_item(&stage, "web");
    let mut expected = "relatedEvents relationships configuration supplementaryConfiguration tags configurationItemVersion configurationItemCaptureTime configurationStateId awsAccountId configurationItemStatus resourceType resourceId resourceName ARN awsRegion availabilityZone configurationStateMd5Hash resourceCreationTime".split(' ');
    assert!(names(&item).into_iter().eq(&mut expected), "{item}");
    let id = text(&item, "resourceId");
    assert!(id.starts_with("AROA"), "{id}");
    assert_eq!(item["tags"], json!({"Team": "web"}));
    assert_eq!(
        [text(&item, "awsRegion"), text(&item, "availabilityZone")],
        ["global", "Not Applicable"]
    );
    let configuration = &item["configuration"];
    let created = text(configuration, "createDate");
    assert_eq!(
        configuration,
        &json!({
            "path": "/", "roleName": "web", "roleId": id, "arn": "arn:aws:iam::123456789012:role/web",
            "createDate": created, "rolePolicyList": [{"policyName": "own", "policyDocument": ENCODED}],
            "attachedManagedPolicies": [{"policyName": "AmazonSSMFullAccess", "policyArn": FULL_ACCESS}],
            "assumeRolePolicyDocument": ENCODED_TRUST, "instanceProfileList": [],
            "tags": [{"key": "Team", "value": "web"}], "permissionsBoundary": null, "roleLastUsed": null,
        })
    );
    assert!(created.strip_suffix(".000Z").is_some(), "{created}");
    Ok(())
}

#[tokio::test]
async fn only_what_changes_a_role_makes_an_item() -> anyhow::Result<()> {
    let stage = role().await?;
    // Attaching twice changed nothing.
    let expected = ["ResourceDiscovered", "OK", "OK"];
    assert_eq!(statuses(&stage, "web"), expected);
    let iam = &stage.operator;
    iam.iam("DetachRolePolicy", &ATTACHED).await?;
    iam.iam("DeleteRolePolicy", &INLINE[..2]).await?;
    iam.iam("DeleteRole", &ROLE[..1]).await?;
    let item = last_item(&stage, "web");
    assert_eq!(text(&item, "configurationItemStatus"), "ResourceDeleted");
    assert_eq!(
        [&item["configuration"], &item["tags"]],
        [&Value::Null, &json!({})]
    );
    Ok(())
}

#[tokio::test]
async fn a_change_inside_of_a_policy_is_an_item_of_the_policy_alone() -> anyhow::Result<()> {
    let stage = role().await?;
    let arn = "arn:aws:iam::123456789012:policy/team";
    let iam = &stage.operator;
    let policy = [("PolicyName", "team"), ("PolicyDocument", SESSIONS)];
    iam.iam("CreatePolicy", &policy).await?;
    let attach = [("RoleName", "web"), ("PolicyArn", arn)];
    iam.iam("AttachRolePolicy", &attach).await?;
    let before = stage.account.configuration_items().len();
    let version = [
        ("PolicyArn", arn),
        ("PolicyDocument", EVERYWHERE),
        ("SetAsDefault", "true"),
    ];
    iam.iam("CreatePolicyVersion", &version).await?;
    let items = stage.account.configuration_items();
    let [item] = &items[before..] else {
        panic!("{} items", items.len() - before)
    };
    let configuration = &item["configuration"];
    assert!(text(item, "resourceId").starts_with("ANPA"), "{item}");
    assert_eq!(
        [
            text(item, "resourceType"),
            text(configuration, "defaultVersionId")
        ],
        ["AWS::IAM::Policy", "v2"]
    );
    assert_eq!(
        [
            &configuration["attachmentCount"],
            &configuration["description"]
        ],
        [&json!(1), &Value::Null]
    );
    let versions: Vec<_> = configuration["policyVersionList"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| {
            (
                text(version, "versionId"),
                version["isDefaultVersion"] == true,
            )
        })
        .collect();
    assert_eq!(versions, [("v1".into(), false), ("v2".into(), true)]);
    Ok(())
}

#[tokio::test]
async fn a_users_groups_and_boundary_are_seen() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let iam = &stage.operator;
    let (alice, ops) = (("UserName", "alice"), ("GroupName", "ops"));
    iam.iam("CreateUser", &[alice]).await?;
    iam.iam("CreateGroup", &[ops]).await?;
    iam.iam("AttachGroupPolicy", &[ops, ("PolicyArn", FULL_ACCESS)])
        .await?;
    iam.iam("AddUserToGroup", &[alice, ops]).await?;
    let boundary = [alice, ("PermissionsBoundary", FULL_ACCESS)];
    iam.iam("PutUserPermissionsBoundary", &boundary).await?;
    assert_eq!(
        statuses(&stage, "alice"),
        ["ResourceDiscovered", "OK", "OK"]
    );
    let user = &last_item(&stage, "alice")["configuration"];
    assert!(text(user, "userId").starts_with("AIDA"), "{user}");
    assert_eq!(user["groupList"], json!(["ops"]));
    assert_eq!(
        text(&user["permissionsBoundary"], "permissionsBoundaryArn"),
        FULL_ACCESS
    );
    let group = &last_item(&stage, "ops")["configuration"];
    assert!(text(group, "groupId").starts_with("AGPA"), "{group}");
    assert_eq!(
        text(&group["attachedManagedPolicies"][0], "policyName"),
        "AmazonSSMFullAccess"
    );
    Ok(())
}

#[tokio::test]
async fn a_documents_new_version_is_an_item_and_its_sharing_is_none() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    stage.create_document(&stage.operator).await?;
    let ssm = async |operation: &str, more: Value| {
        let input = with(json!({ "Name": DOCUMENT }), &more);
        stage.operator.ssm(operation, input).await
    };
    let share = |member: &str| json!({"PermissionType": "Share", member: ["111122223333"]});
    let update = json!({"DocumentVersion": "$LATEST", "Content": content("5")});
    ssm("UpdateDocument", update).await?;
    ssm("ModifyDocumentPermission", share("AccountIdsToAdd")).await?;
    let item = last_item(&stage, DOCUMENT);
    assert_eq!(statuses(&stage, DOCUMENT), ["ResourceDiscovered", "OK"]);
    assert_eq!(
        item["configuration"],
        json!({"Name": DOCUMENT, "DocumentType": "Session", "DocumentFormat": "JSON"})
    );
    let arn = "arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell";
    assert_eq!(
        ["resourceId", "awsRegion", "availabilityZone", "ARN"].map(|member| text(&item, member)),
        [DOCUMENT, "eu-central-1", "Regional", arn]
    );
    ssm("ModifyDocumentPermission", share("AccountIdsToRemove")).await?;
    ssm("DeleteDocument", json!({})).await?;
    assert_eq!(
        statuses(&stage, DOCUMENT),
        ["ResourceDiscovered", "OK", "ResourceDeleted"]
    );
    Ok(())
}

#[tokio::test]
async fn the_history_spells_items_in_its_own_way() -> anyhow::Result<()> {
    let stage = role().await?;
    let item = last_item(&stage, "web");
    let key = json!({"resourceType": "AWS::IAM::Role", "resourceId": item["resourceId"]});
    let history = stage
        .operator
        .ask("GetResourceConfigHistory", key.clone())
        .await?;
    let newest = &history["configurationItems"][0];
    let configuration: Value = serde_json::from_str(&text(newest, "configuration"))?;
    assert_eq!(configuration, item["configuration"]);
    assert_eq!(
        ["arn", "accountId", "version", "configurationStateId"].map(|member| text(newest, member)),
        [
            text(&item, "ARN"),
            "123456789012".to_owned(),
            "1.3".to_owned(),
            item["configurationStateId"].to_string(),
        ]
    );
    let nobody = json!({"resourceType": "AWS::IAM::Role", "resourceId": "AROANOBODY"});
    let keys = json!({"resourceKeys": [key, nobody]});
    let batch = stage.operator.ask("BatchGetResourceConfig", keys).await?;
    assert_eq!(
        text(&batch["baseConfigurationItems"][0], "configuration"),
        text(newest, "configuration")
    );
    assert_eq!(batch["unprocessedResourceKeys"], json!([nobody]));
    Ok(())
}

#[tokio::test]
async fn an_item_is_found_in_the_history_by_its_time() -> anyhow::Result<()> {
    let stage = role().await?;
    let id = text(&last_item(&stage, "web"), "resourceId");
    let history = async |more: Value| {
        let key = json!({"resourceType": "AWS::IAM::Role", "resourceId": id});
        let input = with(key, &more);
        stage.operator.ask("GetResourceConfigHistory", input).await
    };
    let all = history(json!({"chronologicalOrder": "Forward"})).await?;
    let first = &all["configurationItems"][0];
    assert_eq!(text(first, "configurationItemStatus"), "ResourceDiscovered");
    // Both ends are included.
    let until = json!({"laterTime": first["configurationItemCaptureTime"], "limit": 1});
    assert_eq!(history(until).await?["configurationItems"], json!([first]));
    let page = history(json!({"limit": 2})).await?;
    let rest = history(json!({"limit": 2, "nextToken": page["nextToken"]})).await?;
    assert_eq!(rest, json!({"configurationItems": [first]}));
    for (more, code) in [
        (json!({"limit": 101}), "InvalidLimitException"),
        (json!({"resourceId": "x"}), "ResourceNotDiscoveredException"),
        (
            json!({"earlierTime": 2, "laterTime": 1}),
            "InvalidTimeRangeException",
        ),
    ] {
        assert_eq!(text(&history(more).await?, "__type"), code);
    }
    Ok(())
}

#[tokio::test]
async fn a_recorder_that_stood_still_catches_up_when_it_starts() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let named = json!({"ConfigurationRecorderName": "default"});
    let config = &stage.operator;
    config
        .ask("StopConfigurationRecorder", named.clone())
        .await?;
    let status = config
        .ask("DescribeConfigurationRecorderStatus", json!({}))
        .await?;
    assert_eq!(
        status["ConfigurationRecordersStatus"][0]["recording"],
        false
    );
    config.iam("CreateRole", &ROLE).await?;
    assert!(statuses(&stage, "web").is_empty());
    config.ask("StartConfigurationRecorder", named).await?;
    assert_eq!(statuses(&stage, "web"), ["ResourceDiscovered"]);
    Ok(())
}
