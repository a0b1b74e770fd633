use serde_json::{Value, json};

use super::*;
use crate::managed;
use crate::names::{AccountId, Partition, Region};

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("us-east-1").unwrap(),
    }
}

fn of(statements: &Value) -> Option<Copied> {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    copied(&PolicyDocument::from_value(&document).unwrap(), &scope())
}

fn allow(action: &Value, resource: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

#[test]
fn of_awss_policies_for_instances_only_the_deprecated_one_is_dangerous() {
    for (name, is_copy) in [
        ("service-role/AmazonEC2RoleforSSM", true),
        ("AmazonSSMManagedInstanceCore", false),
        ("CloudWatchAgentServerPolicy", false),
        ("AmazonSSMDirectoryServiceAccess", false),
    ] {
        let document = managed::document(&format!("arn:aws:iam::aws:policy/{name}")).unwrap();
        assert_eq!(copied(&document, &scope()).is_some(), is_copy, "{name}");
    }
}

#[test]
fn a_copy_is_known_by_what_it_grants_however_it_is_written() {
    let channel = allow(&json!("ssmmessages:*"), &json!("*"));
    for (what, s3) in [
        (
            "in another case",
            allow(&json!(["S3:getobject", "s3:PUTOBJECT"]), &json!("*")),
        ),
        (
            "by wildcards",
            allow(&json!("s3:*Object"), &json!("arn:aws:s3:::*")),
        ),
        (
            "on all objects",
            allow(&json!("s3:*"), &json!("arn:aws:s3:::*/*")),
        ),
        (
            "on any partition",
            allow(&json!("s3:*"), &json!("arn:*:s3:::*")),
        ),
        (
            "letter by letter",
            allow(
                &json!("s3:*"),
                &json!(
                    ('a'..='z')
                        .map(|it| format!("arn:aws:s3:::{it}*"))
                        .collect::<Vec<_>>()
                ),
            ),
        ),
        (
            "by what it leaves out",
            json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }),
        ),
        (
            "but for one bucket",
            json!({ "Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secrets/*" }),
        ),
    ] {
        assert!(of(&json!([channel, s3])).is_some(), "{what}");
    }
    let tls = json!({
        "Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:SourceVpc": "vpc-1" } }
    });
    assert_eq!(
        of(&json!([channel, tls])),
        Some(Copied {
            statement: 1,
            on: vec!["aws:SourceVpc".to_owned()]
        })
    );
}

#[test]
fn near_misses_are_none() {
    let channel = allow(&json!("ssmmessages:*"), &json!("*"));
    let s3 = allow(&json!("s3:*"), &json!("*"));
    for (what, statements) in [
        ("buckets alone, no instance", json!([s3])),
        ("an instance without buckets", json!([channel])),
        (
            "certain buckets",
            json!([
                channel,
                allow(
                    &json!("s3:*"),
                    &json!(["arn:aws:s3:::logs-*", "arn:aws:s3:::*-records/*"])
                )
            ]),
        ),
        (
            "only reading",
            json!([channel, allow(&json!("s3:Get*"), &json!("*"))]),
        ),
        (
            "only writing",
            json!([channel, allow(&json!("s3:PutObject"), &json!("*"))]),
        ),
        (
            "denied again",
            json!([channel, s3, { "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*" }]),
        ),
        (
            "denied but for one bucket",
            json!([channel, s3, { "Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::logs/*" }]),
        ),
        (
            "an administrator's",
            json!([allow(&json!("*"), &json!("*"))]),
        ),
        ("nothing", json!([])),
    ] {
        assert_eq!(of(&statements), None, "{what}");
    }
}
