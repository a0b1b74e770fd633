//! Managed policies with their versions.

use serde_json::{Value, json};

use super::{Details, List, arn, documents};

/// AWS's own policies that accounts attach most: path, name, and the actions that stand for what they allow.
pub(super) const AWS_MANAGED: [(&str, &str, &[&str]); 8] = [
    ("/", "AdministratorAccess", &["*"]),
    (
        "/",
        "ReadOnlyAccess",
        &[
            "ec2:Describe*",
            "iam:Get*",
            "iam:List*",
            "s3:Get*",
            "s3:List*",
            "ssm:Get*",
            "ssm:List*",
        ],
    ),
    (
        "/",
        "AmazonSSMManagedInstanceCore",
        &[
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
    ),
    (
        "/",
        "AmazonSSMFullAccess",
        &["ssm:*", "logs:*", "ec2messages:*"],
    ),
    (
        "/",
        "AmazonS3ReadOnlyAccess",
        &["s3:Get*", "s3:List*", "s3:Describe*"],
    ),
    (
        "/",
        "CloudWatchAgentServerPolicy",
        &[
            "cloudwatch:PutMetricData",
            "logs:PutLogEvents",
            "logs:CreateLogStream",
        ],
    ),
    (
        "/service-role/",
        "AWSLambdaBasicExecutionRole",
        &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    (
        "/service-role/",
        "AmazonECSTaskExecutionRolePolicy",
        &[
            "ecr:GetAuthorizationToken",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
];

pub(super) fn policy(details: &Details, number: usize) -> Value {
    let dice = &mut details.dice(List::Policies, number);
    let latest = 1 + dice.below(5);
    let default = if dice.chance(90) {
        latest
    } else {
        1 + dice.below(latest)
    };
    // Five versions are kept at most; older ones are gone.
    let versions: Vec<_> = (1..=latest)
        .rev()
        .map(|version| {
            let document = match AWS_MANAGED.get(number) {
                Some((_, _, actions)) => json!({
                    "Version": "2012-10-17",
                    "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }]
                }),
                None => documents::document(dice, 6),
            };
            json!({
                "Document": details.document(document),
                "VersionId": format!("v{version}"),
                "IsDefaultVersion": version == default,
                "CreateDate": dice.date(),
            })
        })
        .collect();
    let path = AWS_MANAGED.get(number).map_or("/", |(path, _, _)| path);
    json!({
        "PolicyName": arn::policy_name(number),
        "PolicyId": format!("ANPA{}", dice.id(17)),
        "Arn": arn::policy(number),
        "Path": path,
        "DefaultVersionId": format!("v{default}"),
        "AttachmentCount": dice.below(40),
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true,
        "CreateDate": dice.date(),
        "UpdateDate": dice.date(),
        "PolicyVersionList": versions,
    })
}
