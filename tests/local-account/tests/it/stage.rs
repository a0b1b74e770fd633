//! An account with a document, a function that a rule calls, and people.

use std::io::{Cursor, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use local_account::{Config, Invocation, LocalAccount};
use serde_json::{Value, json};

use crate::client::Client;

pub(crate) const DOCUMENT: &str = "SSM-SessionManagerRunShell";
pub(crate) const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:watcher";
pub(crate) const RULE: &str = "arn:aws:events:eu-central-1:123456789012:rule/changes";
pub(crate) const FULL_ACCESS: &str = "arn:aws:iam::aws:policy/AmazonSSMFullAccess";
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Stage {
    pub(crate) account: LocalAccount,
    pub(crate) operator: Client,
    pub(crate) mallory: Client,
}

impl Stage {
    /// The account, its operator and Mallory, who may do everything in Systems Manager.
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let account = LocalAccount::start(Config::from_environment()?).await?;
        let operator = Client::new(&account, account.operator());
        let mallory = account.create_user("mallory", &[FULL_ACCESS]).await?;
        let mallory = Client::new(&account, &mallory);
        Ok(Self {
            account,
            operator,
            mallory,
        })
    }

    /// The same, with a function that a rule calls for each change of the document.
    pub(crate) async fn with_function() -> anyhow::Result<Self> {
        let stage = Self::new().await?;
        stage.deploy_function().await?;
        let pattern =
            json!({"source": ["aws.ssm"], "detail": {"requestParameters": {"name": [DOCUMENT]}}});
        stage
            .put_rule(&json!({"Name": "changes", "EventPattern": pattern.to_string()}))
            .await?;
        let permission = json!({
            "StatementId": "rule", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
            "SourceArn": RULE, "SourceAccount": "123456789012",
        });
        let reply = stage
            .operator
            .lambda("POST", "/2015-03-31/functions/watcher/policy", permission)
            .await?;
        assert!(reply.status < 300, "{}", reply.text);
        Ok(stage)
    }

    /// A rule of this input with the function as its target and a dead-letter queue.
    pub(crate) async fn put_rule(&self, rule: &Value) -> anyhow::Result<()> {
        assert_eq!(
            self.operator.events("PutRule", rule.clone()).await?.status,
            200
        );
        let targets = json!({"Rule": rule["Name"], "Targets": [
            {"Id": "1", "Arn": FUNCTION, "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-central-1:123456789012:dead-letters"}},
        ]});
        assert_eq!(
            self.operator.events("PutTargets", targets).await?.status,
            200
        );
        Ok(())
    }

    pub(crate) async fn deploy_function(&self) -> anyhow::Result<()> {
        let role = self
            .account
            .create_role("/ops/", "watcher-role", &[FULL_ACCESS])
            .await?;
        let input = json!({
            "FunctionName": "watcher", "Role": role, "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 2,
            "Environment": {"Variables": {"GREETING": "hello"}}, "Code": {"ZipFile": package("first")?},
        });
        let reply = self
            .operator
            .lambda("POST", "/2015-03-31/functions", input)
            .await?;
        assert!(reply.status < 300, "{}", reply.text);
        Ok(())
    }

    pub(crate) async fn create_document(&self, by: &Client) -> anyhow::Result<()> {
        let input = json!({"Name": DOCUMENT, "DocumentType": "Session", "Content": content("20")});
        assert_eq!(by.ssm("CreateDocument", input).await?.status, 200);
        Ok(())
    }

    /// Every invocation, once nothing is under way any more.
    pub(crate) async fn settled(&self) -> Vec<Invocation> {
        assert!(self.account.wait_idle(PATIENCE).await, "still busy");
        self.account.invocations()
    }
}

pub(crate) fn content(minutes: &str) -> String {
    json!({"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {"idleSessionTimeout": minutes}}).to_string()
}

/// A base64 package whose bootstrap is a small runtime in Python.
pub(crate) fn package(label: &str) -> anyhow::Result<String> {
    let python = Config::from_environment()?.venv.join("bin/python");
    let script = include_str!("bootstrap.py").replace("LABEL", label);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let executable = zip::write::SimpleFileOptions::default().unix_permissions(0o755);
    writer.start_file("bootstrap", executable)?;
    writer.write_all(format!("#!{}\n{script}", python.display()).as_bytes())?;
    Ok(STANDARD.encode(writer.finish()?.into_inner()))
}
