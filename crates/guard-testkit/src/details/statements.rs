//! Statements of many kinds: what applications need, what people get for sessions, what limits both.

use serde_json::{Value, json};

use super::{Dice, arn};

/// One statement.
pub(super) fn statement(dice: &mut Dice) -> Value {
    // What applications need is most of an account; sessions are the business of few.
    match dice.below(100) {
        0..12 => logs(dice),
        12..30 => bucket(dice),
        30..38 => table(dice),
        38..46 => queue(dice),
        46..54 => key(dice),
        54..60 => secret(dice),
        60..66 => operate_instances(dice),
        66..71 => read_widely(),
        71..76 => pass_role(dice),
        76..81 => guard_rail(dice),
        81..87 => registry(dice),
        87..93 => metrics(),
        93 => sessions_on_instances(dice),
        94 => sessions_by_tag(dice),
        95 => sessions_by_own_tag(),
        96 => own_sessions(),
        97 => rare(dice),
        _ => assume_role(dice),
    }
}

fn allow(action: &[&str], resource: impl Into<Value>) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource.into() })
}

fn when(mut statement: Value, condition: Value) -> Value {
    if let Some(members) = statement.as_object_mut() {
        members.insert("Condition".to_owned(), condition);
    }
    statement
}

fn logs(dice: &mut Dice) -> Value {
    let group = format!(
        "log-group:/aws/lambda/{}-{}",
        arn::project(dice),
        dice.hex(8)
    );
    let group = arn::regional(dice, "logs", &group);
    let actions = [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ];
    allow(&actions, vec![group.clone(), format!("{group}:*")])
}

fn bucket(dice: &mut Dice) -> Value {
    let bucket = format!(
        "arn:aws:s3:::{}-{}-{}",
        arn::project(dice),
        arn::stage(dice),
        dice.hex(12)
    );
    match dice.below(3) {
        0 => allow(
            &["s3:GetObject", "s3:GetObjectVersion"],
            format!("{bucket}/*"),
        ),
        1 => {
            let prefix = format!("{}/*", arn::project(dice));
            let list = allow(&["s3:ListBucket"], bucket);
            when(
                list,
                json!({ "StringLike": { "s3:prefix": [prefix, "shared/*"] } }),
            )
        }
        _ => {
            let actions = [
                "s3:AbortMultipartUpload",
                "s3:DeleteObject*",
                "s3:GetBucket*",
                "s3:GetObject*",
                "s3:List*",
                "s3:PutObject*",
            ];
            allow(&actions, vec![bucket.clone(), format!("{bucket}/*")])
        }
    }
}

fn table(dice: &mut Dice) -> Value {
    let table = format!("table/{}-{}", arn::project(dice), arn::stage(dice));
    let table = arn::regional(dice, "dynamodb", &table);
    let actions = [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
    ];
    let items = allow(&actions, vec![table.clone(), format!("{table}/index/*")]);
    if dice.chance(30) {
        return when(
            items,
            json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:PrincipalTag/Team}"] } }),
        );
    }
    items
}

fn queue(dice: &mut Dice) -> Value {
    let name = format!("{}-{}", arn::project(dice), dice.hex(6));
    let queue = arn::regional(dice, "sqs", &name);
    let topic = arn::regional(dice, "sns", &name);
    let actions = [
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sns:Publish",
    ];
    allow(&actions, vec![queue, topic])
}

fn key(dice: &mut Dice) -> Value {
    let digits = dice.hex(32);
    let key = arn::regional(dice, "kms", &format!("key/{digits}"));
    let use_it = allow(
        &["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
        key,
    );
    let service = format!("s3.{}.amazonaws.com", arn::region(dice));
    when(
        use_it,
        json!({ "StringEquals": { "kms:ViaService": service }, "Bool": { "kms:GrantIsForAWSResource": true } }),
    )
}

fn secret(dice: &mut Dice) -> Value {
    let secret = format!("secret:{}/{}-??????", arn::stage(dice), arn::project(dice));
    let read = allow(
        &[
            "secretsmanager:GetSecretValue",
            "secretsmanager:DescribeSecret",
        ],
        arn::regional(dice, "secretsmanager", &secret),
    );
    when(
        read,
        json!({ "StringEquals": { "aws:ResourceTag/Team": arn::project(dice) } }),
    )
}

fn operate_instances(dice: &mut Dice) -> Value {
    let operate = allow(
        &[
            "ec2:StartInstances",
            "ec2:StopInstances",
            "ec2:RebootInstances",
        ],
        format!("arn:aws:ec2:*:{}:instance/*", arn::account()),
    );
    when(
        operate,
        json!({ "StringEqualsIgnoreCase": { "ec2:ResourceTag/Stage": [arn::stage(dice), arn::stage(dice)] } }),
    )
}

fn read_widely() -> Value {
    let services = [
        "acm",
        "apigateway",
        "autoscaling",
        "cloudformation",
        "cloudfront",
        "cloudtrail",
        "cloudwatch",
        "config",
        "dynamodb",
        "ec2",
        "ecr",
        "ecs",
        "eks",
        "elasticache",
        "elasticloadbalancing",
        "events",
        "iam",
        "kms",
        "lambda",
        "logs",
        "rds",
        "route53",
        "s3",
        "sns",
        "sqs",
        "ssm",
        "states",
        "tag",
    ];
    let actions: Vec<_> = services
        .iter()
        .flat_map(|service| {
            [
                format!("{service}:Describe*"),
                format!("{service}:Get*"),
                format!("{service}:List*"),
            ]
        })
        .collect();
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

fn pass_role(dice: &mut Dice) -> Value {
    let role = format!(
        "arn:aws:iam::{}:role/{}-*",
        arn::account(),
        arn::project(dice)
    );
    let service = dice.pick(&[
        "lambda.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "ec2.amazonaws.com",
    ]);
    when(
        allow(&["iam:PassRole"], role),
        json!({ "StringEquals": { "iam:PassedToService": service } }),
    )
}

fn guard_rail(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({
            "Effect": "Deny",
            "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*", "sts:*"],
            "Resource": "*",
            "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["eu-central-1", "us-east-1"] } }
        }),
        1 => json!({
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {
                "NotIpAddress": {
                    "aws:SourceIp": [format!("203.0.113.{}/32", dice.below(256)), "198.51.100.0/24"]
                },
                "BoolIfExists": { "aws:ViaAWSService": "false" }
            }
        }),
        2 => json!({
            "Effect": "Deny",
            "Action": [
                "ssm:UpdateDocument", "ssm:DeleteDocument",
                "ssm:UpdateDocumentDefaultVersion", "ssm:ModifyDocumentPermission"
            ],
            "Resource": "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell"
        }),
        _ => json!({
            "Effect": "Deny",
            "Action": ["s3:DeleteBucket*", "logs:DeleteLogGroup", "logs:PutRetentionPolicy"],
            "Resource": "*",
            "Condition": {
                "Null": { "aws:MultiFactorAuthAge": true },
                "DateGreaterThan": { "aws:CurrentTime": "2026-01-01T00:00:00Z" }
            }
        }),
    }
}

fn instance(dice: &mut Dice) -> String {
    let id = dice.hex(17);
    arn::regional(dice, "ec2", &format!("instance/i-{id}"))
}

fn run_shell() -> String {
    format!(
        "arn:aws:ssm:*:{}:document/SSM-SessionManagerRunShell",
        arn::account()
    )
}

fn sessions_on_instances(dice: &mut Dice) -> Value {
    let mut resources: Vec<_> = (0..=dice.below(4)).map(|_| instance(dice)).collect();
    if dice.chance(70) {
        resources.push(run_shell());
        return allow(&["ssm:StartSession"], resources);
    }
    when(
        allow(&["ssm:StartSession"], resources),
        json!({ "BoolIfExists": { "ssm:SessionDocumentAccessCheck": "true" } }),
    )
}

fn sessions_by_tag(dice: &mut Dice) -> Value {
    let start = allow(
        &["ssm:StartSession"],
        format!("arn:aws:ec2:*:{}:instance/*", arn::account()),
    );
    when(
        start,
        json!({ "StringLike": { "ssm:resourceTag/SessionAccess": [dice.pick(&["web", "batch-*"])] } }),
    )
}

fn sessions_by_own_tag() -> Value {
    let start = allow(
        &["ssm:StartSession"],
        format!("arn:aws:ec2:*:{}:instance/*", arn::account()),
    );
    when(
        start,
        json!({ "StringEquals": { "aws:ResourceTag/Team": "${aws:PrincipalTag/Team}" } }),
    )
}

fn own_sessions() -> Value {
    allow(
        &["ssm:TerminateSession", "ssm:ResumeSession"],
        "arn:aws:ssm:*:*:session/${aws:userid}-*",
    )
}

fn registry(dice: &mut Dice) -> Value {
    let repository = format!("repository/{}/*", arn::project(dice));
    allow(
        &[
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchCheckLayerAvailability",
        ],
        arn::regional(dice, "ecr", &repository),
    )
}

fn metrics() -> Value {
    let put = allow(
        &[
            "cloudwatch:PutMetricData",
            "xray:PutTraceSegments",
            "ec2:DescribeTags",
        ],
        "*",
    );
    when(
        put,
        json!({ "StringEquals": { "cloudwatch:namespace": "Application" } }),
    )
}

fn assume_role(dice: &mut Dice) -> Value {
    let (account, project) = (arn::other_account(), arn::project(dice));
    let role = format!("arn:aws:iam::{account}:role/{project}-*");
    allow(&["sts:AssumeRole"], role)
}

/// What a rule should find, and what is hard to read.
fn rare(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => allow(
            &[
                "ssm:StartSession",
                "ssm:TerminateSession",
                "ssm:ResumeSession",
            ],
            "*",
        ),
        1 => allow(&["ssm:*"], "*"),
        2 => json!({
            "Effect": "Allow",
            "NotAction": ["iam:*", "organizations:*", "account:*"],
            "Resource": "*"
        }),
        _ => json!({
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "NotResource": instance(dice)
        }),
    }
}
