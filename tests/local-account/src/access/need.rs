//! Which permissions a call needs, on which resources (Service Authorization Reference).

use serde_json::Value;

use crate::ACCOUNT;
use crate::wire::call::ApiCall;

/// One action on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) action: String,
    pub(crate) resource: String,
}

/// Everything that the caller must be allowed for this call.
pub(crate) fn of(call: &ApiCall) -> Vec<Need> {
    // Needs no permission (STS API reference, GetCallerIdentity).
    if call.operation == "GetCallerIdentity" {
        return Vec::new();
    }
    let action = action(call);
    let mut needs: Vec<Need> = resources(call)
        .into_iter()
        .map(|resource| Need {
            action: action.clone(),
            resource,
        })
        .collect();
    if call.operation == "CreateDocument" && call.parameters.get("Tags").is_some() {
        needs.extend(document(call, "Name").map(|resource| Need {
            action: "ssm:AddTagsToResource".into(),
            resource,
        }));
    }
    if call.operation == "CreateFunction"
        && let Some(role) = call.text("Role")
    {
        needs.push(Need {
            action: "iam:PassRole".into(),
            resource: role.to_owned(),
        });
    }
    needs
}

fn action(call: &ApiCall) -> String {
    let prefix = match call.service.as_str() {
        "monitoring" => "cloudwatch",
        other => other,
    };
    match (prefix, call.operation.as_str()) {
        ("lambda", "Invoke") => "lambda:InvokeFunction".to_owned(),
        (prefix, operation) => format!("{prefix}:{operation}"),
    }
}

fn resources(call: &ApiCall) -> Vec<String> {
    let region = &call.region;
    let one = match call.service.as_str() {
        "ssm" => return ssm(call),
        "sns" => call
            .text("TopicArn")
            .or_else(|| call.text("TargetArn"))
            .map(str::to_owned)
            .or_else(|| {
                call.text("Name")
                    .map(|name| format!("arn:aws:sns:{region}:{ACCOUNT}:{name}"))
            }),
        "sqs" => call
            .text("QueueUrl")
            .and_then(|url| url.rsplit('/').next())
            .or_else(|| call.text("QueueName"))
            .map(|name| format!("arn:aws:sqs:{region}:{ACCOUNT}:{name}")),
        "events" => events(call),
        "lambda" => call
            .text("functionName")
            .or_else(|| call.text("FunctionName"))
            .map(|name| crate::functions::name::arn(region, crate::functions::name::short(name))),
        "logs" => call
            .text("logGroupName")
            .map(|name| format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:{name}:*")),
        "iam" => iam(call),
        "sts" => call.text("RoleArn").map(str::to_owned),
        "cloudformation" => call.text("StackName").map(|name| {
            if name.starts_with("arn:") {
                name.to_owned()
            } else {
                format!("arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/*")
            }
        }),
        "s3" => call
            .text("bucketName")
            .filter(|bucket| !bucket.is_empty())
            .map(|bucket| match call.text("key") {
                Some(key) if !key.is_empty() => format!("arn:aws:s3:::{bucket}/{key}"),
                _ => format!("arn:aws:s3:::{bucket}"),
            }),
        _ => None,
    };
    vec![one.unwrap_or_else(|| "*".to_owned())]
}

fn ssm(call: &ApiCall) -> Vec<String> {
    let region = &call.region;
    let parameter = |name: &str| {
        format!(
            "arn:aws:ssm:{region}:{ACCOUNT}:parameter/{}",
            name.trim_start_matches('/')
        )
    };
    let resource_of_tags = match (call.text("ResourceType"), call.text("ResourceId")) {
        (Some("Document"), Some(id)) => {
            Some(format!("arn:aws:ssm:{region}:{ACCOUNT}:document/{id}"))
        }
        (Some("Parameter"), Some(id)) => Some(parameter(id)),
        _ => None,
    };
    if let Some(resource) = resource_of_tags {
        return vec![resource];
    }
    if call.operation == "StartSession" {
        // Without a name the default document is meant.
        let name = call
            .text("DocumentName")
            .unwrap_or("SSM-SessionManagerRunShell");
        let target = call.text("Target").unwrap_or("*");
        return vec![
            format!("arn:aws:ec2:{region}:{ACCOUNT}:instance/{target}"),
            document_arn(region, name),
        ];
    }
    match call.operation.as_str() {
        "StartAutomationExecution" => {
            return automation(region, call.text("DocumentName").unwrap_or_default());
        }
        "GetAutomationExecution" | "DescribeAutomationExecutions" => {
            let id = call.text("AutomationExecutionId").unwrap_or("*");
            return vec![execution_arn(region, id)];
        }
        _ => {}
    }
    if call.operation.contains("Document") && call.operation != "ListDocuments" {
        return document(call, "Name").into_iter().collect();
    }
    if call.operation.contains("Parameter") {
        let members = call
            .parameters
            .get("Names")
            .or_else(|| call.parameters.get("Name"))
            .or_else(|| call.parameters.get("Path"));
        let named: Vec<String> = members.map(super::policy::texts).unwrap_or_default();
        if !named.is_empty() {
            return named.iter().map(|name| parameter(name)).collect();
        }
    }
    vec!["*".to_owned()]
}

/// What `ssm:StartAutomationExecution` must be allowed on (Systems Manager user guide, "Setting up identity based
/// policies examples").
pub(crate) fn automation(region: &str, runbook: &str) -> Vec<String> {
    vec![document_arn(region, runbook), execution_arn(region, "*")]
}

fn execution_arn(region: &str, id: &str) -> String {
    format!("arn:aws:ssm:{region}:{ACCOUNT}:automation-execution/{id}")
}

fn document(call: &ApiCall, member: &str) -> Option<String> {
    call.text(member)
        .map(|name| document_arn(&call.region, name))
}

/// AWS's own documents have an empty account in their ARN.
fn document_arn(region: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        name.to_owned()
    } else if name.starts_with("AWS-") {
        format!("arn:aws:ssm:{region}::document/{name}")
    } else {
        format!("arn:aws:ssm:{region}:{ACCOUNT}:document/{name}")
    }
}

fn events(call: &ApiCall) -> Option<String> {
    let region = &call.region;
    match call.operation.as_str() {
        "PutEvents" => {
            let first = call
                .parameters
                .get("Entries")
                .and_then(|entries| entries.get(0));
            let bus = first
                .and_then(|entry| entry.get("EventBusName"))
                .and_then(Value::as_str)
                .unwrap_or("default");
            Some(if bus.starts_with("arn:") {
                bus.to_owned()
            } else {
                format!("arn:aws:events:{region}:{ACCOUNT}:event-bus/{bus}")
            })
        }
        _ => call
            .text("Name")
            .or_else(|| call.text("Rule"))
            .map(|name| format!("arn:aws:events:{region}:{ACCOUNT}:rule/{name}")),
    }
}

fn iam(call: &ApiCall) -> Option<String> {
    // Membership is a matter of the group.
    let is_membership = matches!(
        call.operation.as_str(),
        "AddUserToGroup" | "RemoveUserFromGroup"
    );
    let named = [
        ("RoleName", "role"),
        ("UserName", "user"),
        ("GroupName", "group"),
        ("InstanceProfileName", "instance-profile"),
    ]
    .into_iter()
    .filter(|(member, _)| !is_membership || *member == "GroupName")
    .find_map(|(member, kind)| {
        call.text(member)
            .map(|name| format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}"))
    });
    named
        .or_else(|| call.text("PolicyArn").map(str::to_owned))
        .or_else(|| call.text("Arn").map(str::to_owned))
        .or_else(|| {
            call.text("PolicyName")
                .map(|name| format!("arn:aws:iam::{ACCOUNT}:policy/{name}"))
        })
}
