use serde_json::{Value, json};

use super::*;
use crate::names::{AccountId, Partition};

fn ask_in(partition: &str, statements: &Value) -> Assumable {
    let scope = Scope {
        partition: Partition::parse(partition).unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("us-east-1").unwrap(),
    };
    let regions = ["eu-central-1", "us-east-1"].map(|region| Region::parse(region).unwrap());
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    by_instances(Some(&Document::read_trust(&text)), &scope, &regions)
}

fn allow(principal: &Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" })
}

fn when(condition: &Value) -> Value {
    let mut statement = allow(&json!({ "Service": "ssm.amazonaws.com" }));
    statement["Condition"] = condition.clone();
    statement
}

fn word(answer: &Assumable) -> &'static str {
    match answer {
        Assumable::Yes => "yes",
        Assumable::No => "no",
        Assumable::Unknown { .. } => "unknown",
    }
}

#[test]
fn a_service_is_known_by_its_exact_name_and_type() {
    for (principal, expected) in [
        (json!({ "Service": "ec2.amazonaws.com" }), "yes"),
        (json!({ "Service": "ssm.amazonaws.com" }), "yes"),
        (
            json!({ "Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"] }),
            "yes",
        ),
        (json!({ "Service": "lambda.amazonaws.com" }), "no"),
        (json!({ "Service": "ec2.amazonaws.com.cn" }), "no"),
        (json!({ "Service": "ec2.amazonaws.com.evil.example" }), "no"),
        (json!({ "Service": "evil-ec2.amazonaws.com" }), "no"),
        (json!({ "Service": "ec2.amazonaws.co" }), "no"),
        (json!({ "Service": "EC2.amazonaws.com" }), "no"),
        (json!({ "Service": " ec2.amazonaws.com" }), "no"),
        // IAM takes no such trust policy, so that nobody knows what it would mean.
        (json!({ "Service": "*.amazonaws.com" }), "unknown"),
        (json!({ "Service": "spotfleet.ec2.amazonaws.com" }), "no"),
        (json!({ "Federated": "ec2.amazonaws.com" }), "no"),
        (json!({ "AWS": "ec2.amazonaws.com" }), "no"),
        (json!({ "AWS": "arn:aws:iam::123456789012:root" }), "no"),
        (json!({ "AWS": "*" }), "unknown"),
        (json!("*"), "unknown"),
    ] {
        assert_eq!(
            word(&ask_in("aws", &allow(&principal))),
            expected,
            "{principal}"
        );
    }
    for name in ["ec2.amazonaws.com.cn", "ec2.amazonaws.com"] {
        assert_eq!(
            ask_in("aws-cn", &allow(&json!({ "Service": name }))),
            Assumable::Yes,
            "{name}"
        );
    }
}

/// Effect, principal or its opposite, and action of each statement.
const STATEMENTS: [(&str, &str); 12] = [
    (
        "Allow Principal ec2 sts:AssumeRole; Deny Principal ec2 sts:AssumeRole",
        "no",
    ),
    (
        "Allow Principal ec2 sts:AssumeRole; Deny Principal ec2 sts:TagSession",
        "yes",
    ),
    (
        "Allow Principal ec2 sts:AssumeRole; Deny Principal ssm sts:AssumeRole",
        "yes",
    ),
    (
        "Allow Principal ec2 sts:AssumeRole; Deny Principal * sts:AssumeRole",
        "unknown",
    ),
    (
        "Allow Principal ec2 sts:AssumeRole; Deny NotPrincipal ec2 sts:AssumeRole",
        "yes",
    ),
    (
        "Allow Principal ec2 sts:AssumeRole; Deny NotPrincipal account sts:AssumeRole",
        "unknown",
    ),
    ("Allow NotPrincipal account sts:AssumeRole", "unknown"),
    ("Allow NotPrincipal both sts:AssumeRole", "no"),
    ("Allow Principal ec2 sts:AssumeRoleWithWebIdentity", "no"),
    ("Allow Principal ec2 sts:TagSession", "no"),
    ("Allow Principal ec2 STS:assume*", "yes"),
    (
        "Allow Principal account sts:AssumeRole; Allow Principal ssm sts:*",
        "yes",
    ),
];

fn statement(short: &str) -> Value {
    let parts: Vec<&str> = short.split(' ').collect();
    let principal = match parts[2] {
        "ec2" => json!({ "Service": "ec2.amazonaws.com" }),
        "ssm" => json!({ "Service": "ssm.amazonaws.com" }),
        "both" => json!({ "Service": ["ec2.amazonaws.com", "ssm.amazonaws.com"] }),
        "account" => json!({ "AWS": "111122223333" }),
        other => json!(other),
    };
    json!({ "Effect": parts[0], parts[1]: principal, "Action": parts[3] })
}

#[test]
fn denials_not_principals_and_other_actions_have_their_say() {
    for (short, expected) in STATEMENTS {
        let statements: Vec<Value> = short.split("; ").map(statement).collect();
        assert_eq!(
            word(&ask_in("aws", &json!(statements))),
            expected,
            "{short}"
        );
    }
}

#[test]
fn conditions_are_held_against_what_the_service_says() {
    for (condition, expected) in [
        (
            json!({ "StringEquals": { "aws:SourceAccount": "123456789012" } }),
            "yes",
        ),
        (
            json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } }),
            "no",
        ),
        (
            json!({
                "StringEquals": { "aws:SourceAccount": "123456789012" },
                "ArnEquals": { "aws:SourceArn": "arn:aws:ssm:us-east-1:123456789012:*" }
            }),
            "yes",
        ),
        (
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:ssm:us-east-1:111122223333:*" } }),
            "no",
        ),
        // Nodes of the account that work in a Region of which the charter says nothing, or one by its id.
        (
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:ssm:us-west-2:123456789012:*" } }),
            "unknown",
        ),
        (
            json!({ "StringLike": { "aws:sourcearn": "arn:aws:ssm:??-west-2:123456789012:managed-instance/mi-0*" } }),
            "unknown",
        ),
        (
            json!({
                "StringEquals": { "aws:SourceAccount": "111122223333" },
                "ArnEquals": { "aws:SourceArn": "arn:aws:ssm:us-west-2:123456789012:*" }
            }),
            "no",
        ),
        (json!({ "StringEquals": { "sts:ExternalId": "x" } }), "no"),
        (
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
            "no",
        ),
        (
            json!({ "StringEquals": { "aws:RequestedRegion": "eu-central-1" } }),
            "unknown",
        ),
        (
            json!({ "DateLessThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }),
            "unknown",
        ),
    ] {
        assert_eq!(
            word(&ask_in("aws", &when(&condition))),
            expected,
            "{condition}"
        );
    }
}

#[test]
fn a_trust_policy_that_cannot_be_read_leaves_it_open() {
    let answer = ask_in(
        "aws",
        &json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" } }]),
    );
    assert!(
        matches!(&answer, Assumable::Unknown { why } if why.contains("Action")),
        "{answer:?}"
    );
}
