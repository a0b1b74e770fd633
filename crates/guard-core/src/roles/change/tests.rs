use serde_json::json;

use super::*;
use crate::names::{AccountId, Partition, Region};

const FORBIDDEN: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("us-east-1").unwrap(),
    }
}

fn record(call: &str, parameters: &Value) -> Value {
    json!({
        "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
        "eventTime": "2026-01-15T02:03:04Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": call,
        "awsRegion": "us-east-1",
        "recipientAccountId": "123456789012",
        "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/mallory" },
        "requestParameters": parameters,
    })
}

fn read(record: &Value) -> Result<Reading, RecordError> {
    let charter =
        Charter::parse_for("mode = \"revert\"\nregions = [\"eu-central-1\"]", &scope()).unwrap();
    read_record(record, &scope(), &charter)
}

/// The call as JSON, why it is none of ours, or what cannot be read.
fn told(record: &Value) -> String {
    match read(record) {
        Ok(Reading::Change(change)) => serde_json::to_string(&change.operation).unwrap(),
        Ok(Reading::NotOurs(not_ours)) => not_ours.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

fn attach(kind: &str, name: &str, policy: &str) -> Value {
    let member = format!("{}Name", kind.to_lowercase());
    record(
        &format!("Attach{kind}Policy"),
        &json!({ member: name, "policyArn": policy }),
    )
}

#[test]
fn every_call_that_brings_a_policy_is_read() {
    let text = "{\"Statement\":[]}";
    let calls = [
        attach("Role", "web", FORBIDDEN),
        attach("User", "bob@example.com", FORBIDDEN),
        attach("Group", "ops", FORBIDDEN),
        attach(
            "Role",
            "web",
            "arn:aws:iam::aws:policy/service-role/AMAZONEC2ROLEFORSSM",
        ),
        record(
            "PutRolePermissionsBoundary",
            &json!({ "roleName": "web", "permissionsBoundary": FORBIDDEN }),
        ),
        record(
            "PutUserPermissionsBoundary",
            &json!({ "userName": "bob", "permissionsBoundary": FORBIDDEN }),
        ),
        record(
            "PutRolePolicy",
            &json!({ "roleName": "web", "policyName": "x", "policyDocument": text }),
        ),
        record(
            "PutUserPolicy",
            &json!({ "userName": "bob", "policyName": "x", "policyDocument": text }),
        ),
        record(
            "PutGroupPolicy",
            &json!({ "groupName": "ops", "policyName": "x" }),
        ),
        record(
            "CreatePolicy",
            &json!({ "policyName": "x", "policyDocument": text }),
        ),
        record(
            "CreatePolicyVersion",
            &json!({ "policyArn": "arn:aws:iam::123456789012:policy/x", "policyDocument": text, "setAsDefault": true }),
        ),
        record(
            "SetDefaultPolicyVersion",
            &json!({ "policyArn": "arn:aws:iam::123456789012:policy/x", "versionId": "v1" }),
        ),
    ];
    insta::assert_snapshot!(calls.iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_is_not_our_business_needs_no_call() {
    let forbidden = |from: &str, to: &str| attach("Role", "web", &FORBIDDEN.replace(from, to));
    let version = |more: Value| {
        let mut parameters = json!({ "policyArn": "x", "policyDocument": "{}" });
        parameters["setAsDefault"] = more;
        record("CreatePolicyVersion", &parameters)
    };
    let with = |member: &str, value: &str| {
        let mut record = attach("Role", "web", FORBIDDEN);
        record[member] = json!(value);
        record
    };
    let records = [
        attach(
            "Role",
            "web",
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        ),
        forbidden("service-role/", ""),
        forbidden("service-role/", "service-role//"),
        forbidden("arn:aws:", "arn:aws-cn:"),
        forbidden("iam::aws:", "iam::123456789012:"),
        record(
            "DetachRolePolicy",
            &json!({ "roleName": "web", "policyArn": FORBIDDEN }),
        ),
        version(json!(false)),
        version(Value::Null),
        with("awsRegion", "eu-central-1"),
        with("recipientAccountId", "111122223333"),
        with("eventSource", "iam.amazonaws.com.evil.example"),
    ];
    for record in &records {
        assert!(matches!(read(record), Ok(Reading::NotOurs(_))), "{record}");
    }
    insta::assert_snapshot!(records.iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_failed_call_is_told_with_its_code_and_a_denied_one_names_no_policy() {
    let mut failed = attach("Role", "web", FORBIDDEN);
    failed["errorCode"] = json!("NoSuchEntityException");
    match read(&failed) {
        Ok(Reading::Change(change)) => {
            assert_eq!(change.failure.unwrap().code, "NoSuchEntityException");
        }
        other => panic!("{other:?}"),
    }
    failed["requestParameters"] = Value::Null;
    assert_eq!(
        told(&failed),
        "the call was refused, and its record does not say which policy it was about"
    );
}

#[test]
fn whatever_cannot_be_read_is_an_error_that_names_the_place() {
    let with = |pointer: &str, value: Value| {
        let mut record = attach("Role", "web", FORBIDDEN);
        let (above, member) = pointer.rsplit_once('/').unwrap();
        record.pointer_mut(above).unwrap()[member] = value;
        record
    };
    let records = [
        with("/requestParameters/roleName", json!(7)),
        with("/requestParameters/roleName", json!("")),
        with("/requestParameters/roleName", json!("web/../x")),
        with("/requestParameters/policyArn", json!([FORBIDDEN])),
        with("/requestParameters", json!("x")),
        with("/requestParameters", Value::Null),
        with("/requestParameters", json!({ "omitted": true })),
        with("/eventID", json!("a b")),
        with("/eventTime", json!("yesterday")),
        with("/errorCode", json!(7)),
        record(
            "CreatePolicyVersion",
            &json!({ "policyArn": "x", "setAsDefault": "yes" }),
        ),
        record("SetDefaultPolicyVersion", &json!({ "policyArn": "x" })),
        record(
            "PutRolePolicy",
            &json!({ "roleName": "web", "policyName": "x", "policyDocument": {} }),
        ),
        json!([]),
        json!({}),
    ];
    for record in &records {
        assert!(read(record).is_err(), "{record}");
    }
    insta::assert_snapshot!(records.iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_version_is_made_default_in_either_spelling() {
    let version = |value: Value| {
        let parameters = json!({ "policyArn": "arn:aws:iam::123456789012:policy/x", "policyDocument": "{}", "setAsDefault": value });
        told(&record("CreatePolicyVersion", &parameters))
    };
    assert_eq!(version(json!(true)), version(json!("true")));
    assert_eq!(version(json!(false)), version(json!("false")));
    assert_ne!(version(json!(true)), version(json!(false)));
}

#[test]
fn a_version_that_iam_cannot_have_named_is_refused_with_its_place() {
    for version in ["", "2", "v", "v1/../v2", "v-1", "v12345678901"] {
        let parameters =
            json!({ "policyArn": "arn:aws:iam::123456789012:policy/x", "versionId": version });
        let told = told(&record("SetDefaultPolicyVersion", &parameters));
        assert!(
            told.starts_with("error: ") && told.contains("versionId"),
            "{told}"
        );
    }
}
