use serde_json::json;

use crate::client::Client;
use crate::stage::{DOCUMENT, FULL_ACCESS, Stage, content};

#[tokio::test]
async fn what_no_policy_allows_is_denied_and_recorded() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let pattern = json!({"source": ["aws.ssm"], "detail": {
        "errorCode": [{"exists": true}], "errorMessage": [{"wildcard": "*:document/SSM-SessionManagerRunShell *"}],
        "requestParameters": {"name": [{"exists": false}]},
    }});
    stage
        .put_rule(&json!({"Name": "changes", "EventPattern": pattern.to_string()}))
        .await?;
    let trudy = stage.account.create_user("trudy", &[]).await?;
    let trudy = Client::new(&stage.account, &trudy);
    let reply = trudy
        .ssm(
            "UpdateDocument",
            json!({"Name": DOCUMENT, "Content": content("1"), "DocumentVersion": "$LATEST"}),
        )
        .await?;
    assert_eq!(
        (reply.status, reply.error().as_str()),
        (400, "AccessDeniedException")
    );
    assert_eq!(
        reply.json()["message"],
        "User: arn:aws:iam::123456789012:user/trudy is not authorized to perform: ssm:UpdateDocument on resource: arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell because no identity-based policy allows the ssm:UpdateDocument action"
    );
    let invocations = stage.settled().await;
    let detail = &invocations[0].event["detail"];
    assert_eq!(
        (
            detail["errorCode"].as_str(),
            detail["requestParameters"].is_null()
        ),
        (Some("AccessDenied"), true)
    );
    Ok(())
}

#[tokio::test]
async fn an_unknown_access_key_is_nobody() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let mut credentials = stage.account.operator().clone();
    credentials.access_key_id = "AKIANOBODY".into();
    let reply = Client::new(&stage.account, &credentials)
        .ssm("ListDocuments", json!({}))
        .await?;
    assert_eq!(reply.error(), "UnrecognizedClientException");
    Ok(())
}

#[tokio::test]
async fn a_policy_that_is_attached_later_counts_at_once() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let trudy = stage.account.create_user("trudy", &[]).await?;
    let trudy = Client::new(&stage.account, &trudy);
    assert_eq!(
        trudy.ssm("ListDocuments", json!({})).await?.error(),
        "AccessDeniedException"
    );
    for body in [
        "Action=CreateGroup&GroupName=admins&Version=2010-05-08".to_owned(),
        format!(
            "Action=AttachGroupPolicy&GroupName=admins&PolicyArn={FULL_ACCESS}&Version=2010-05-08"
        ),
        "Action=AddUserToGroup&GroupName=admins&UserName=trudy&Version=2010-05-08".to_owned(),
    ] {
        assert_eq!(stage.operator.query("iam", &body).await?.status, 200);
    }
    assert_eq!(trudy.ssm("ListDocuments", json!({})).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn an_assumed_role_acts_as_its_session() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let role = stage
        .account
        .create_role("/", "editors", &[FULL_ACCESS])
        .await?;
    let body = format!("Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=alice");
    let denied = stage.mallory.query("sts", &body).await?;
    assert!(
        denied.status == 403 && denied.text.contains("AccessDenied"),
        "{}",
        denied.text
    );
    let reply = stage.operator.query("sts", &body).await?;
    let key = reply
        .text
        .split("<AccessKeyId>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .unwrap_or_default();
    let mut credentials = stage.account.operator().clone();
    credentials.access_key_id = key.to_owned();
    let alice = Client::new(&stage.account, &credentials);
    stage.create_document(&alice).await?;
    let identity = alice
        .query("sts", "Action=GetCallerIdentity&Version=2011-06-15")
        .await?;
    assert!(
        identity.text.contains("assumed-role/editors/alice"),
        "{}",
        identity.text
    );
    Ok(())
}
