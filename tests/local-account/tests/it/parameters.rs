use serde_json::{Value, json};

use crate::client::Client;
use crate::stage::{FULL_ACCESS, Stage};

const NAME: &str = "/session-guard/approved-preferences";

async fn put(client: &Client, size: usize, tier: &str) -> anyhow::Result<crate::client::Reply> {
    let input = json!({"Name": NAME, "Type": "String", "Overwrite": true, "Tier": tier, "Value": "x".repeat(size)});
    client.ssm("PutParameter", input).await
}

#[tokio::test]
async fn the_history_names_who_wrote_each_version() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let role = stage
        .account
        .create_role("/", "guard", &[FULL_ACCESS])
        .await?;
    let guard = Client::new(
        &stage.account,
        &stage.account.assume_role(&role, "function").await?,
    );
    assert_eq!(
        put(&guard, 5000, "Intelligent-Tiering").await?.json()["Version"],
        1
    );
    assert_eq!(
        put(&stage.mallory, 10, "Intelligent-Tiering").await?.json()["Version"],
        2
    );
    let history = stage
        .operator
        .ssm("GetParameterHistory", json!({"Name": NAME}))
        .await?
        .json();
    let writers: Vec<&Value> = history["Parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| &version["LastModifiedUser"])
        .collect();
    assert_eq!(
        writers,
        [
            "arn:aws:sts::123456789012:assumed-role/guard/function",
            "arn:aws:iam::123456789012:user/mallory"
        ]
    );
    assert_eq!(history["Parameters"][0]["Tier"], "Advanced");
    Ok(())
}

#[tokio::test]
async fn values_that_fit_no_tier_are_refused() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    assert_eq!(
        put(&stage.operator, 4097, "Standard").await?.error(),
        "ValidationException"
    );
    assert_eq!(
        put(&stage.operator, 8193, "Intelligent-Tiering")
            .await?
            .error(),
        "ValidationException"
    );
    assert_eq!(
        put(&stage.operator, 8192, "Intelligent-Tiering")
            .await?
            .status,
        200
    );
    Ok(())
}

#[tokio::test]
async fn a_hundred_versions_are_kept_and_a_label_on_the_oldest_blocks() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    for _ in 0..101 {
        assert_eq!(put(&stage.operator, 1, "Standard").await?.status, 200);
    }
    let first = stage
        .operator
        .ssm("GetParameterHistory", json!({"Name": NAME}))
        .await?
        .json();
    assert_eq!(
        (
            first["Parameters"][0]["Version"].as_u64(),
            first["Parameters"].as_array().map(Vec::len)
        ),
        (Some(2), Some(50))
    );
    let label = json!({"Name": NAME, "ParameterVersion": 2, "Labels": ["kept"]});
    assert_eq!(
        stage
            .operator
            .ssm("LabelParameterVersion", label)
            .await?
            .status,
        200
    );
    assert_eq!(
        put(&stage.operator, 1, "Standard").await?.error(),
        "ParameterMaxVersionLimitExceeded"
    );
    Ok(())
}
