//! The administrator, as far as IAM and AWS Config go.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, ensure};
use aws_sdk_config::types::{
    ComplianceType, ConfigurationRecorder, EvaluationResult, RecordingGroup,
    RemediationExecutionState, ResourceKey, ResourceType,
};
use aws_smithy_http_client::Builder;
use local_account::{Credentials, LocalAccount};
use serde_json::{Value, json};

use crate::compliance::{Compliance, Row, View};

/// What the names of all rules begin with.
const RULES: &str = "session-guard-";
/// How often a remediation is looked at, and for how long at most: a function may be waited for five minutes.
const POLL: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(5);

/// How the last remediation of a resource stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remediation {
    /// `QUEUED`, `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub state: RemediationExecutionState,
    /// What the steps that failed say.
    pub errors: Vec<String>,
}

/// Somebody who may change IAM and look at AWS Config.
#[derive(Debug, Clone)]
pub struct Administrator {
    iam: aws_sdk_iam::Client,
    config: aws_sdk_config::Client,
    account: &'static str,
}

impl Administrator {
    pub(crate) fn new(account: &LocalAccount, key: &Credentials) -> Self {
        let credentials = aws_sdk_iam::config::Credentials::new(
            &key.access_key_id,
            &key.secret_access_key,
            key.session_token.clone(),
            None,
            "local account",
        );
        let region = aws_sdk_iam::config::Region::new(account.region().to_owned());
        let iam = aws_sdk_iam::Config::builder()
            .behavior_version(aws_sdk_iam::config::BehaviorVersion::latest())
            .region(region.clone())
            .endpoint_url(account.endpoint_url())
            .credentials_provider(credentials.clone())
            .http_client(Builder::new().build_http())
            .build();
        let config = aws_sdk_config::Config::builder()
            .behavior_version(aws_sdk_config::config::BehaviorVersion::latest())
            .region(region)
            .endpoint_url(account.endpoint_url())
            .credentials_provider(credentials)
            .http_client(Builder::new().build_http())
            .build();
        Self {
            iam: aws_sdk_iam::Client::from_conf(iam),
            config: aws_sdk_config::Client::from_conf(config),
            account: account.account_id(),
        }
    }

    /// `CreateRole`: one that the account's own people may take.
    pub async fn create_role(&self, name: &str) -> anyhow::Result<()> {
        let account = self.account;
        let people = json!({ "AWS": format!("arn:aws:iam::{account}:root") });
        self.create_role_for(name, &people).await
    }

    /// `CreateRole`: one that EC2 hands to instances.
    pub async fn create_instance_role(&self, name: &str) -> anyhow::Result<()> {
        let instances = json!({ "Service": "ec2.amazonaws.com" });
        self.create_role_for(name, &instances).await
    }

    async fn create_role_for(&self, name: &str, principal: &Value) -> anyhow::Result<()> {
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }],
        });
        let call = self.iam.create_role().role_name(name);
        let call = call.assume_role_policy_document(trust.to_string());
        let failed = || format!("failed to create the role `{name}`");
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `PutRolePolicy`.
    pub async fn put_role_policy(
        &self,
        role: &str,
        policy: &str,
        document: &Value,
    ) -> anyhow::Result<()> {
        let call = self.iam.put_role_policy().role_name(role);
        let call = call
            .policy_name(policy)
            .policy_document(document.to_string());
        let failed = || format!("failed to put `{policy}` into the role `{role}`");
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `AttachRolePolicy`.
    pub async fn attach_role_policy(&self, role: &str, arn: &str) -> anyhow::Result<()> {
        let call = self
            .iam
            .attach_role_policy()
            .role_name(role)
            .policy_arn(arn);
        let failed = || format!("failed to attach `{arn}` to the role `{role}`");
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `DetachRolePolicy`.
    pub async fn detach_role_policy(&self, role: &str, arn: &str) -> anyhow::Result<()> {
        let call = self
            .iam
            .detach_role_policy()
            .role_name(role)
            .policy_arn(arn);
        let failed = || format!("failed to detach `{arn}` from the role `{role}`");
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `ListAttachedRolePolicies`: the names of the managed policies, in their order.
    pub async fn attached_role_policies(&self, role: &str) -> anyhow::Result<Vec<String>> {
        let call = self.iam.list_attached_role_policies().role_name(role);
        let failed = || format!("failed to list the policies of the role `{role}`");
        let answer = call.send().await.with_context(failed)?;
        let policies = answer.attached_policies.unwrap_or_default().into_iter();
        let mut names: Vec<String> = policies.filter_map(|policy| policy.policy_name).collect();
        names.sort();
        Ok(names)
    }

    /// `GetRole`: the id by which AWS Config knows the role.
    pub async fn role_id(&self, name: &str) -> anyhow::Result<String> {
        let failed = || format!("failed to read the role `{name}`");
        let call = self.iam.get_role().role_name(name);
        let answer = call.send().await.with_context(failed)?;
        let role = answer.role().with_context(failed)?;
        Ok(role.role_id().to_owned())
    }

    /// `DeleteRole`: it must have no policies left.
    pub async fn delete_role(&self, name: &str) -> anyhow::Result<()> {
        let failed = || format!("failed to delete the role `{name}`");
        let call = self.iam.delete_role().role_name(name);
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `CreatePolicy`; answers its ARN.
    pub async fn create_policy(&self, name: &str, document: &Value) -> anyhow::Result<String> {
        let call = self.iam.create_policy().policy_name(name);
        let call = call.policy_document(document.to_string());
        let failed = || format!("failed to create the policy `{name}`");
        let answer = call.send().await.with_context(failed)?;
        let policy = answer.policy.and_then(|policy| policy.arn);
        policy.with_context(failed)
    }

    /// `CreatePolicyVersion`: the new version is the default one.
    pub async fn change_policy(&self, arn: &str, document: &Value) -> anyhow::Result<()> {
        let call = self.iam.create_policy_version().policy_arn(arn);
        let call = call
            .policy_document(document.to_string())
            .set_as_default(true);
        let failed = || format!("failed to change the policy `{arn}`");
        call.send().await.with_context(failed)?;
        Ok(())
    }

    /// `StopConfigurationRecorder`.
    pub async fn stop_recorder(&self) -> anyhow::Result<()> {
        let call = self.config.stop_configuration_recorder();
        let call = call.configuration_recorder_name("default");
        call.send().await.context("failed to stop the recorder")?;
        Ok(())
    }

    /// `PutConfigurationRecorder`: everything but the global IAM resource types is recorded.
    pub async fn leave_out_global_types(&self) -> anyhow::Result<()> {
        let account = self.account;
        let group = RecordingGroup::builder()
            .all_supported(true)
            .include_global_resource_types(false)
            .build();
        let recorder = ConfigurationRecorder::builder()
            .name("default")
            .role_arn(format!("arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"))
            .recording_group(group)
            .build();
        let call = self.config.put_configuration_recorder();
        let call = call.configuration_recorder(recorder);
        call.send().await.context("failed to change the recorder")?;
        Ok(())
    }

    /// `StartRemediationExecution`: presses "Remediate" on a resource of the rule. Fails if nothing begins.
    pub async fn remediate(
        &self,
        rule: &str,
        resource_type: &str,
        resource_id: &str,
    ) -> anyhow::Result<()> {
        let call = self.config.start_remediation_execution();
        let call = call
            .config_rule_name(rule)
            .resource_keys(key(resource_type, resource_id)?);
        let failed = || format!("failed to remediate `{resource_id}` by the rule `{rule}`");
        let answer = call.send().await.with_context(failed)?;
        ensure!(
            answer.failed_items().is_empty(),
            "{}: {}",
            failed(),
            answer.failure_message().unwrap_or_default()
        );
        Ok(())
    }

    /// `DescribeRemediationExecutionStatus`; `None` when the resource was never remediated.
    pub async fn remediation_status(
        &self,
        rule: &str,
        resource_type: &str,
        resource_id: &str,
    ) -> anyhow::Result<Option<Remediation>> {
        let call = self.config.describe_remediation_execution_status();
        let call = call
            .config_rule_name(rule)
            .resource_keys(key(resource_type, resource_id)?);
        let failed = || format!("failed to read how the rule `{rule}` remediates");
        let answer = call.send().await.with_context(failed)?;
        let status = answer.remediation_execution_statuses().first();
        Ok(status.and_then(|status| {
            let steps = status.step_details().iter();
            let errors = steps.filter_map(|step| step.error_message.clone());
            Some(Remediation {
                state: status.state()?.clone(),
                errors: errors.collect(),
            })
        }))
    }

    /// Waits until the remediation of a resource is over.
    pub async fn remediated(
        &self,
        rule: &str,
        resource_type: &str,
        resource_id: &str,
    ) -> anyhow::Result<Remediation> {
        let over = async {
            loop {
                let status = self.remediation_status(rule, resource_type, resource_id);
                let status = status
                    .await?
                    .context("there is no remediation to wait for")?;
                let is_over = matches!(
                    status.state,
                    RemediationExecutionState::Succeeded | RemediationExecutionState::Failed
                );
                if is_over {
                    return Ok(status);
                }
                tokio::time::sleep(POLL).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, over).await;
        waited.context("the remediation does not end")?
    }

    /// What AWS Config shows of these of its rules, with names in place of ids.
    pub async fn compliance(&self, rules: &[&str]) -> anyhow::Result<View> {
        let names = self.names().await?;
        let mut rows = Vec::new();
        for rule in rules {
            let pages = self
                .config
                .get_compliance_details_by_config_rule()
                .config_rule_name(*rule)
                .into_paginator()
                .items()
                .send();
            let results = pages.collect::<Result<Vec<_>, _>>().await;
            let failed = || format!("failed to read what the rule `{rule}` says");
            let results = results.with_context(failed)?;
            let rule = rule.strip_prefix(RULES).unwrap_or(rule);
            let shown = results
                .iter()
                .filter_map(|result| row(result, rule, &names));
            rows.extend(shown);
        }
        Ok(View::new(rows))
    }

    /// The names of roles, users and groups by their ids: AWS Config knows them by these alone.
    async fn names(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let failed = "failed to list roles, users and groups";
        let pages = self.iam.get_account_authorization_details();
        let mut pages = pages.into_paginator().send();
        let mut names = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.context(failed)?;
            let roles = page.role_detail_list.unwrap_or_default().into_iter();
            names.extend(roles.filter_map(|it| Some((it.role_id?, it.role_name?))));
            let users = page.user_detail_list.unwrap_or_default().into_iter();
            names.extend(users.filter_map(|it| Some((it.user_id?, it.user_name?))));
            let groups = page.group_detail_list.unwrap_or_default().into_iter();
            names.extend(groups.filter_map(|it| Some((it.group_id?, it.group_name?))));
        }
        Ok(names)
    }
}

fn key(resource_type: &str, resource_id: &str) -> anyhow::Result<ResourceKey> {
    let key = ResourceKey::builder()
        .resource_type(ResourceType::from(resource_type))
        .resource_id(resource_id);
    Ok(key.build()?)
}

/// `None` for what the console does not list.
fn row(result: &EvaluationResult, rule: &str, names: &BTreeMap<String, String>) -> Option<Row> {
    let compliance = match result.compliance_type.as_ref()? {
        ComplianceType::Compliant => Compliance::Compliant,
        ComplianceType::NonCompliant => Compliance::Noncompliant,
        _ => return None,
    };
    let about = result.evaluation_result_identifier()?;
    let about = about.evaluation_result_qualifier()?;
    let (kind, id) = (about.resource_type()?, about.resource_id()?);
    let name = names.get(id).map_or(id, String::as_str);
    // "AWS::IAM::Role" is a role.
    let kind = kind.rsplit("::").next()?.to_lowercase();
    Some(Row {
        resource: format!("{kind} {name}"),
        rule: rule.to_owned(),
        compliance,
        annotation: result.annotation().unwrap_or_default().to_owned(),
    })
}
