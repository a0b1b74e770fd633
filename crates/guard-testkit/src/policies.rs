//! Mandates, roles and events for tests of forbidden policies.

use std::fmt::Write;

use guard_core::inventory::BearerKind;
use guard_core::mandate::Package;
use guard_core::names::{Region, Scope};
use guard_core::policy::PolicyDocument;
use guard_core::roles::{Arrival, Change, Mandate, open};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::person::{ACCOUNT, Person, scope};
use crate::{FakeAccount, content};

/// The policy that nobody shall carry.
pub const FORBIDDEN: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
/// Its first successor, AWS's own.
pub const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
/// Its second successor, the account's own: it writes the records of sessions.
pub const LOGGING: &str = "arn:aws:iam::123456789012:policy/session-logging";
/// The trust of roles of instances.
pub const EC2_TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
/// The Region in which IAM's records are kept.
pub const IAM_REGION: &str = "us-east-1";

/// What the successor for logging says.
pub fn logging_document() -> String {
    let log_group = format!("arn:aws:logs:*:{ACCOUNT}:log-group:/session-manager/{ACCOUNT}");
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow", "Action": ["logs:DescribeLogGroups", "logs:DescribeLogStreams"],
                "Resource": "*",
            },
            {
                "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": format!("{log_group}:*"),
            },
        ],
    })
    .to_string()
}

/// The account, and the Region in which the guard of policies runs.
///
/// # Panics
/// Never: the Region is a constant.
#[expect(clippy::expect_used, reason = "a constant of the form wanted")]
pub fn iam_scope() -> Scope {
    Scope {
        region: Region::parse(IAM_REGION).expect("a Region"),
        ..scope()
    }
}

/// The charter of the tests: `enforcement` of [`FORBIDDEN`], with [`CORE`] and, if so wanted, [`LOGGING`] after it.
///
/// # Panics
/// Never: what the successor says is a constant.
#[expect(clippy::expect_used, reason = "a constant of the form wanted")]
pub fn charter(enforcement: &str, successors: &[&str]) -> String {
    let mut text = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\nconfig-region = \"eu-central-1\"\n\
         [floor]\ncloudWatchLogGroupName = {{ is = \"/session-manager/${{account}}\" }}\n\
         [[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"{enforcement}\"\n"
    );
    for successor in successors {
        let _ = match *successor {
            LOGGING => {
                let pinned = PolicyDocument::read(&logging_document()).expect("a policy");
                let sha = pinned.fingerprint();
                writeln!(
                    text,
                    "[[forbidden.successor]]\npolicy = \"{LOGGING}\"\npurpose = \"session-logging\"\nsha256 = \"{sha}\""
                )
            }
            other => {
                let name = other.rsplit('/').next().unwrap_or(other);
                writeln!(text, "[[forbidden.successor]]\npolicy = \"{name}\"")
            }
        };
    }
    text
}

/// The mandate of a charter, with the baseline of the tests.
///
/// # Panics
/// When the charter has errors.
#[expect(
    clippy::panic,
    reason = "a test with a broken charter must fail at once"
)]
pub fn mandate(charter: &str) -> Mandate {
    let baseline = content::baseline();
    let package = Package {
        charter,
        baseline: &baseline,
        packed_at: Timestamp::UNIX_EPOCH,
    };
    match Mandate::new(package, iam_scope()) {
        Ok(mandate) => mandate,
        Err(error) => panic!(
            "{error}: {:?}\n{charter}",
            std::error::Error::source(&error)
        ),
    }
}

/// An account with [`LOGGING`] in it, and a role of instances without policies of that name.
pub fn account(role: &str) -> FakeAccount {
    let account = FakeAccount::new();
    let principals = account.principals();
    principals.create_policy("session-logging", &logging_document());
    principals.create(BearerKind::Role, role);
    principals.hand_to_instances(role);
    account
}

/// The event of a call of IAM's.
pub fn event(account: &FakeAccount, person: &Person, call: &str, parameters: &Value) -> Value {
    let at = format!("{:.0}", account.time());
    json!({
        "version": "0",
        "id": "6f6b4e0a-8d8c-4f57-9c4c-2f1d6f0a7c11",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.iam",
        "account": ACCOUNT,
        "time": at,
        "region": IAM_REGION,
        "resources": [],
        "detail": {
            "eventVersion": "1.11",
            "userIdentity": person.identity(),
            "eventTime": at,
            "eventSource": "iam.amazonaws.com",
            "eventName": call,
            "awsRegion": IAM_REGION,
            "sourceIPAddress": "203.0.113.10",
            "userAgent": "aws-cli/2.34.0",
            "requestParameters": parameters,
            "responseElements": null,
            "requestID": "9f1c5c0e-3c57-4c8e-9d6a-0d1f3f6c8a21",
            "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        },
    })
}

/// The event of an attachment.
pub fn attached(
    account: &FakeAccount,
    person: &Person,
    (kind, name): (BearerKind, &str),
    policy: &str,
) -> Value {
    let (call, member) = match kind {
        BearerKind::Role => ("AttachRolePolicy", "roleName"),
        BearerKind::User => ("AttachUserPolicy", "userName"),
        BearerKind::Group => ("AttachGroupPolicy", "groupName"),
    };
    let parameters = json!({ member: name, "policyArn": policy });
    event(account, person, call, &parameters)
}

/// The change that an event tells of.
///
/// # Panics
/// When it tells of none.
#[expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that goes on with another event than it means would prove nothing"
)]
pub fn change(mandate: &Mandate, event: &Value) -> Change {
    let text = |member: &str| {
        let value = event.get(member).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let envelope = guard_core::envelope::Envelope {
        source: text("source"),
        detail_type: text("detail-type"),
        account: text("account"),
        region: text("region"),
        detail: event.get("detail").cloned().unwrap_or_default(),
    };
    let opened = open(&envelope, mandate.scope(), mandate.charter());
    match opened.expect("an event that can be read") {
        Arrival::Change(change) => *change,
        Arrival::NotOurs(why) => panic!("{why}"),
    }
}
