use serde_json::{Value, json};

use super::*;
use crate::names::{AccountId, Partition, Region};
use crate::policy::PolicyDocument;

const ROLE: &str = "arn:aws:iam::123456789012:role/web";

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn needs_of(inputs: &Value) -> Vec<Need> {
    let text =
        json!({ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": inputs })
            .to_string();
    let recording = Recording::of(&Preferences::parse(&text).unwrap(), &scope()).unwrap();
    needs(&[recording])
}

fn logs() -> Value {
    json!({ "cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": true })
}

fn all() -> Value {
    json!({
        "cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": false,
        "s3BucketName": "records", "s3KeyPrefix": "sessions/", "s3EncryptionEnabled": true,
        "kmsKeyId": "alias/session-manager"
    })
}

/// What stands in the way of these policies, one word for each call that does not go through.
fn lacks(inputs: &Value, policies: &[Value], boundary: Option<&Value>) -> Vec<String> {
    let read = |value: &Value| {
        PolicyDocument::from_value(&json!({ "Version": "2012-10-17", "Statement": value })).unwrap()
    };
    let documents: Vec<_> = policies.iter().map(read).collect();
    let boundary = boundary.map(read);
    let named = documents
        .iter()
        .enumerate()
        .map(|(index, it)| (index.to_string(), it));
    let boundary = boundary.as_ref().map(|it| ("boundary".to_owned(), it));
    let writer = Writer::new(ROLE, "AROAEXAMPLE", named, boundary);
    let needs = needs_of(inputs);
    needs
        .iter()
        .filter_map(|need| told(need, writer.standing(need)))
        .collect()
}

fn told(need: &Need, standing: Standing) -> Option<String> {
    let name = need.action.split(':').nth(1).unwrap();
    let given = |on: &[String]| match on {
        [] => String::new(),
        on => format!(" given {}", on.join(", ")),
    };
    Some(match standing {
        Standing::Can => return None,
        Standing::Given(on) => format!("{name}{}", given(&on)),
        Standing::SomeKey => format!("{name} on some key"),
        Standing::NotAllowed => name.to_owned(),
        Standing::Denied(bar) => {
            let (policy, statement) = (bar.policy, bar.statement);
            format!("{name} denied by {policy}[{statement}]{}", given(&bar.on))
        }
        Standing::Unknown => format!("{name} unknown"),
    })
}

fn allow(action: &Value, resource: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

fn deny(action: &str, resource: &str) -> Value {
    json!({ "Effect": "Deny", "Action": action, "Resource": resource })
}

fn everything() -> Value {
    allow(&json!("*"), &json!("*"))
}

const GROUP: &str = "arn:aws:logs:eu-central-1:123456789012:log-group:/sessions";

#[test]
fn what_is_asked_follows_from_the_preferences() {
    let told: Vec<_> = needs_of(&all())
        .iter()
        .map(|need| {
            format!(
                "{} on {}, or sessions {}",
                need.action,
                need.place(),
                need.consequence.as_str()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "logs:DescribeLogGroups on every log group in eu-central-1, or sessions go on unrecorded",
            "logs:DescribeLogStreams on log group `/sessions` in eu-central-1, or sessions go on unrecorded",
            "logs:CreateLogStream on log group `/sessions` in eu-central-1, or sessions go on unrecorded",
            "logs:PutLogEvents on log group `/sessions` in eu-central-1, or sessions go on unrecorded",
            "s3:PutObject on `records/sessions/*` for eu-central-1, or sessions go on unrecorded",
            "s3:GetEncryptionConfiguration on bucket `records` of eu-central-1, or sessions are refused",
            "kms:Decrypt on the key of `alias/session-manager` in eu-central-1, or sessions are refused",
        ]
    );
    assert_eq!(needs_of(&logs())[0].consequence, Consequence::Refused);
    assert!(needs_of(&json!({})).is_empty());
    let unchecked = json!({ "s3BucketName": "records" });
    assert_eq!(
        needs_of(&unchecked).len(),
        1,
        "nobody looks at the bucket's encryption"
    );
}

#[test]
fn a_destination_that_no_policy_could_name_is_an_error() {
    let text = json!({ "inputs": { "cloudWatchLogGroupName": "/sessions*" } }).to_string();
    assert!(Recording::of(&Preferences::parse(&text).unwrap(), &scope()).is_err());
}

#[test]
fn narrow_grants_in_each_form_that_aws_accepts_suffice() {
    let describe = allow(
        &json!(["logs:DescribeLogGroups", "logs:DescribeLogStreams"]),
        &json!("*"),
    );
    for resource in [
        json!("*"),
        json!(format!("{GROUP}:*")),
        json!([GROUP, format!("{GROUP}:log-stream:*")]),
    ] {
        let write = allow(
            &json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
            &resource,
        );
        assert!(
            lacks(&logs(), &[json!([describe, write])], None).is_empty(),
            "{resource}"
        );
    }
    let narrow = allow(&json!("logs:*"), &json!(format!("{GROUP}:*")));
    assert_eq!(lacks(&logs(), &[narrow], None), ["DescribeLogGroups"]);
    let group_alone = json!([describe, allow(&json!("logs:*"), &json!(GROUP))]);
    assert_eq!(lacks(&logs(), &[group_alone], None), ["PutLogEvents"]);
}

#[test]
fn grants_on_something_else_do_not() {
    let describe = allow(&json!("logs:Describe*"), &json!("*"));
    for resource in [
        "arn:aws:logs:eu-central-1:123456789012:log-group:/sessions-old:*",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/sessions:*",
        "arn:aws:logs:eu-central-1:111122223333:log-group:/sessions:*",
        "arn:aws-cn:logs:eu-central-1:123456789012:log-group:/sessions:*",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/Sessions:*",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/sessions:log-stream:alice-*",
    ] {
        let write = allow(&json!("logs:*"), &json!(resource));
        let lacks = lacks(&logs(), &[json!([describe, write])], None);
        assert_eq!(lacks, ["CreateLogStream", "PutLogEvents"], "{resource}");
    }
}

#[test]
fn bucket_prefix_and_key_are_asked_for() {
    let logs = allow(&json!("logs:*"), &json!("*"));
    let s3 = |action: &str, resource: &str| allow(&json!(action), &json!(resource));
    let put = s3("s3:PutObject", "arn:aws:s3:::records/sessions/*");
    let check = s3("s3:GetEncryptionConfiguration", "arn:aws:s3:::records");
    let by_alias = json!({
        "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-central-1:123456789012:key/*",
        "Condition": { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/session-manager" } }
    });
    let one_key = s3(
        "kms:Decrypt",
        "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    );
    assert!(lacks(&all(), &[json!([logs, put, check, by_alias])], None).is_empty());
    assert_eq!(
        lacks(&all(), &[json!([logs, put, check, one_key])], None),
        ["Decrypt on some key"]
    );
    assert_eq!(
        lacks(&all(), &[json!([logs, put, check])], None),
        ["Decrypt"]
    );
    assert_eq!(
        lacks(&all(), &[json!([logs, put, by_alias])], None),
        ["GetEncryptionConfiguration"]
    );
    for near in [
        "arn:aws:s3:::records/session/*",
        "arn:aws:s3:::records/*.txt",
        "arn:aws:s3:::records",
    ] {
        let put = s3("s3:PutObject", near);
        assert_eq!(
            lacks(&all(), &[json!([logs, put, check, by_alias])], None),
            ["PutObject"],
            "{near}"
        );
    }
}

#[test]
fn boundaries_and_denials_have_their_say() {
    let describe = allow(&json!("logs:Describe*"), &json!("*"));
    assert_eq!(
        lacks(&logs(), &[everything()], Some(&describe)),
        ["CreateLogStream", "PutLogEvents"]
    );
    let denied = deny("logs:Put*", "*");
    assert_eq!(
        lacks(&logs(), &[everything(), json!([describe, denied])], None),
        ["PutLogEvents denied by 1[1]"]
    );
    assert_eq!(
        lacks(
            &logs(),
            &[everything()],
            Some(&json!([everything(), denied]))
        ),
        ["PutLogEvents denied by boundary[1]"]
    );
    let elsewhere = deny("logs:*", "arn:aws:logs:*:*:log-group:/other:*");
    assert!(lacks(&logs(), &[everything(), elsewhere], None).is_empty());
}

#[test]
fn one_persons_sessions_cannot_be_kept_out_of_the_record() {
    let one = deny(
        "logs:PutLogEvents",
        &format!("{GROUP}:log-stream:mallory-*"),
    );
    assert_eq!(
        lacks(&logs(), &[everything(), one], None),
        ["PutLogEvents denied by 1[0]"]
    );
    let all_but_one = json!({
        "Effect": "Deny", "Action": "logs:PutLogEvents", "NotResource": format!("{GROUP}:log-stream:root-*")
    });
    assert_eq!(
        lacks(&logs(), &[everything(), all_but_one], None),
        ["PutLogEvents denied by 1[0]"]
    );
    let object = deny("s3:PutObject", "arn:aws:s3:::records/sessions/mallory-*");
    assert_eq!(
        lacks(&all(), &[everything(), object], None),
        ["PutObject denied by 1[0]"]
    );
}

#[test]
fn conditions_are_held_against_what_is_known_and_else_told() {
    let with = |effect: &str, condition: Value| json!({ "Effect": effect, "Action": "logs:PutLogEvents", "Resource": "*", "Condition": condition });
    let insecure = with(
        "Deny",
        json!({ "Bool": { "aws:SecureTransport": "false" } }),
    );
    assert!(lacks(&logs(), &[everything(), insecure], None).is_empty());
    let other_region = with(
        "Deny",
        json!({ "StringNotEquals": { "aws:RequestedRegion": "eu-central-1" } }),
    );
    assert!(lacks(&logs(), &[everything(), other_region], None).is_empty());
    let from_elsewhere = with(
        "Deny",
        json!({ "StringNotEquals": { "aws:SourceVpc": "vpc-1" } }),
    );
    assert_eq!(
        lacks(&logs(), &[everything(), from_elsewhere], None),
        ["PutLogEvents denied by 1[0] given aws:SourceVpc"]
    );
    let others = allow(
        &json!(["logs:Describe*", "logs:CreateLogStream"]),
        &json!("*"),
    );
    let from_here = with(
        "Allow",
        json!({ "StringEquals": { "aws:SourceVpc": "vpc-1" } }),
    );
    assert_eq!(
        lacks(&logs(), &[json!([others, from_here])], None),
        ["PutLogEvents given aws:SourceVpc"]
    );
}
