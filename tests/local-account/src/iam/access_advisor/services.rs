//! The services that policies allow, and their names (Service Authorization Reference).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::access::policy::{glob, statements, texts};

/// What a node, its agent or this project calls. What `*` allows is told of these; AWS has some four hundred.
const NAMES: [(&str, &str); 26] = [
    ("autoscaling", "Amazon EC2 Auto Scaling"),
    ("cloudformation", "AWS CloudFormation"),
    ("cloudtrail", "AWS CloudTrail"),
    ("cloudwatch", "Amazon CloudWatch"),
    ("config", "AWS Config"),
    ("ds", "AWS Directory Service"),
    ("dynamodb", "Amazon DynamoDB"),
    ("ec2", "Amazon EC2"),
    ("ec2messages", "Amazon Message Delivery Service"),
    ("ecr", "Amazon Elastic Container Registry"),
    ("events", "Amazon EventBridge"),
    ("iam", "AWS Identity and Access Management (IAM)"),
    ("kms", "AWS Key Management Service"),
    ("lambda", "AWS Lambda"),
    ("logs", "Amazon CloudWatch Logs"),
    ("organizations", "AWS Organizations"),
    ("s3", "Amazon S3"),
    ("secretsmanager", "AWS Secrets Manager"),
    ("sns", "Amazon SNS"),
    ("sqs", "Amazon SQS"),
    ("ssm", "AWS Systems Manager"),
    ("ssm-guiconnect", "AWS Systems Manager GUI Connect"),
    (
        "ssmmessages",
        "Amazon Session Manager Message Gateway Service",
    ),
    ("sts", "AWS Security Token Service"),
    ("tag", "Amazon Resource Group Tagging API"),
    ("xray", "AWS X-Ray"),
];

/// The service's name; a service that is not listed goes by its namespace.
pub(crate) fn name(namespace: &str) -> &str {
    NAMES
        .iter()
        .find(|(known, _)| *known == namespace)
        .map_or(namespace, |(_, name)| name)
}

/// The namespaces that a statement allows, whatever others deny: boundaries and other kinds of policy are not looked at
/// (IAM API reference, `GetServiceLastAccessedDetails`).
pub(crate) fn allowed(documents: &[Value]) -> BTreeSet<String> {
    let mut namespaces = BTreeSet::new();
    for statement in documents.iter().flat_map(statements) {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            continue;
        }
        for pattern in statement.get("Action").map(texts).unwrap_or_default() {
            namespaces.extend(of_pattern(&pattern.to_lowercase()));
        }
        if let Some(left_out) = statement.get("NotAction").map(texts) {
            let is_whole = |namespace: &str| {
                left_out
                    .iter()
                    .any(|pattern| pattern.to_lowercase() == format!("{namespace}:*"))
            };
            let others = NAMES.iter().filter(|(known, _)| !is_whole(known));
            namespaces.extend(others.map(|(known, _)| (*known).to_owned()));
        }
    }
    namespaces
}

fn of_pattern(pattern: &str) -> Vec<String> {
    let namespace = pattern.split(':').next().unwrap_or(pattern);
    if !namespace.contains(['*', '?']) {
        return vec![namespace.to_owned()];
    }
    let known = NAMES.iter().filter(|(known, _)| glob(namespace, known));
    known.map(|(known, _)| (*known).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_allowed_counts() {
        let document = json!({"Statement": [
            {"Effect": "Allow", "Action": ["SSM:GetParameter", "ssm*:Open*", "braket:*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
        ]});
        let allowed = allowed(&[document]);
        let expected = ["braket", "ssm", "ssm-guiconnect", "ssmmessages"];
        assert!(allowed.iter().eq(expected), "{allowed:?}");
    }

    #[test]
    fn a_star_allows_every_service_and_an_exception_takes_one_away() {
        let all = json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        assert_eq!(allowed(&[all]).len(), NAMES.len());
        let but_iam = json!({"Statement": {"Effect": "Allow", "NotAction": ["iam:*", "sts:AssumeRole"], "Resource": "*"}});
        let allowed = allowed(&[but_iam]);
        assert!(
            !allowed.contains("iam") && allowed.contains("sts"),
            "{allowed:?}"
        );
    }
}
