use serde_json::Value;

use crate::cli::aws;
use crate::client::{Client, Reply};
use crate::judge::{TRUST, text};
use crate::stage::{FULL_ACCESS, Stage};

const WEB: &str = "arn:aws:iam::123456789012:role/ops/web";

/// A role that may start sessions and do everything in Systems Manager.
async fn stage() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    let iam = &stage.operator;
    let web = ("RoleName", "web");
    let role = [web, ("Path", "/ops/"), ("AssumeRolePolicyDocument", TRUST)];
    iam.iam("CreateRole", &role).await?;
    iam.iam("AttachRolePolicy", &[web, ("PolicyArn", FULL_ACCESS)])
        .await?;
    let own = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage","braket:*"],"Resource":"*"}]}"#;
    let inline = [web, ("PolicyName", "own"), ("PolicyDocument", own)];
    iam.iam("PutRolePolicy", &inline).await?;
    Ok(stage)
}

fn member<'a>(text: &'a str, name: &str) -> &'a str {
    let open = format!("<{name}>");
    let rest = text.split(&open).nth(1).unwrap_or_default();
    rest.split('<').next().unwrap_or_default()
}

async fn generate(stage: &Stage, arn: &str) -> anyhow::Result<String> {
    let answer = stage
        .operator
        .iam("GenerateServiceLastAccessedDetails", &[("Arn", arn)])
        .await?;
    Ok(member(&answer, "JobId").to_owned())
}

async fn get(stage: &Stage, input: &[(&str, &str)]) -> anyhow::Result<Reply> {
    let action = "GetServiceLastAccessedDetails";
    stage.operator.try_iam(action, input).await
}

/// Each service with the time of its last use, as the AWS CLI tells them.
async fn report(stage: &Stage, arn: &str) -> anyhow::Result<Vec<String>> {
    let id = generate(stage, arn).await?;
    get(stage, &[("JobId", &id)]).await?;
    let command = ["iam", "get-service-last-accessed-details", "--job-id", &id];
    let answer = aws(stage, &command).await?;
    assert_eq!(text(&answer, "JobStatus"), "COMPLETED");
    let services = answer.get("ServicesLastAccessed").and_then(Value::as_array);
    let said = services.into_iter().flatten().map(|service| {
        let total = service.get("TotalAuthenticatedEntities").cloned();
        format!(
            "{} {} {}",
            text(service, "ServiceNamespace"),
            text(service, "LastAuthenticated"),
            total.unwrap_or_default()
        )
    });
    Ok(said.collect())
}

#[tokio::test]
async fn a_report_is_at_work_at_first_and_complete_then() -> anyhow::Result<()> {
    let stage = stage().await?;
    let id = generate(&stage, WEB).await?;
    let first = get(&stage, &[("JobId", &id)]).await?.text;
    assert_eq!(member(&first, "JobStatus"), "IN_PROGRESS");
    assert!(!first.contains("JobCompletionDate"), "{first}");
    let page = get(&stage, &[("JobId", &id), ("MaxItems", "1")])
        .await?
        .text;
    assert_eq!(
        ["JobStatus", "ServiceNamespace", "IsTruncated"].map(|name| member(&page, name)),
        ["COMPLETED", "braket", "true"]
    );
    let next = [("JobId", id.as_str()), ("Marker", member(&page, "Marker"))];
    let rest = get(&stage, &next).await?.text;
    assert_eq!(member(&rest, "IsTruncated"), "false");
    assert!(
        rest.contains("<ServiceName>AWS Systems Manager</ServiceName>"),
        "{rest}"
    );
    Ok(())
}

#[tokio::test]
async fn a_roles_uses_are_those_that_were_noted_and_those_that_the_account_saw()
-> anyhow::Result<()> {
    let stage = stage().await?;
    let said = report(&stage, WEB).await?;
    assert!(said.contains(&"ssm - 0".to_owned()), "{said:?}");
    let long_ago = "2025-12-24T18:00:00Z".parse()?;
    for namespace in ["ssm", "sqs", "s3"] {
        stage.account.note_use(WEB, namespace, long_ago);
    }
    let session = stage
        .account
        .assume_role(WEB, "i-0123456789abcdef0")
        .await?;
    let node = Client::new(&stage.account, &session);
    node.ssm("ListDocuments", Value::Null).await?;
    let said = report(&stage, WEB).await?;
    let of = |namespace: &str| {
        let begin = format!("{namespace} ");
        said.iter().find(|it| it.starts_with(&begin)).cloned()
    };
    assert_eq!(of("braket").as_deref(), Some("braket - 0"));
    let noted = of("sqs").unwrap_or_default();
    assert!(noted.starts_with("sqs 2025-12-24T18:00:00"), "{noted}");
    let seen = of("ssm").unwrap_or_default();
    assert!(
        seen.ends_with(" 1") && !seen.contains("2025-12-24"),
        "{seen}"
    );
    assert_eq!(of("s3"), None, "no policy allows it");
    let of_policy = report(&stage, FULL_ACCESS).await?;
    assert!(of_policy.contains(&seen), "{of_policy:?}");
    Ok(())
}

#[tokio::test]
async fn nobody_and_no_job_have_no_report() -> anyhow::Result<()> {
    let stage = stage().await?;
    let nobody = [("Arn", "arn:aws:iam::123456789012:role/nobody")];
    let refused = stage
        .operator
        .try_iam("GenerateServiceLastAccessedDetails", &nobody)
        .await?;
    assert_eq!(refused.status, 404);
    assert_eq!(member(&refused.text, "Code"), "NoSuchEntity");
    let unknown = "00000000-0000-0000-0000-000000000000";
    let refused = get(&stage, &[("JobId", unknown)]).await?;
    assert_eq!(member(&refused.text, "Code"), "NoSuchEntity");
    Ok(())
}
