//! The readers take anything: an answer or an error, never a panic.

use guard_core::approvals::{Approvals, standing};
use guard_core::change::read_record;
use guard_core::envelope::{Envelope, open};
use guard_core::facts::StoredParameter;
use guard_core::notes::Notes;
use guard_core::preferences::Preferences;
use guard_core::principal::Principal;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate;
use crate::stage::{CHARTER, stage};

/// A record that is read, to be spoilt.
fn record() -> Value {
    json!({
        "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
        "eventTime": "2026-01-15T02:03:04Z",
        "eventSource": "ssm.amazonaws.com",
        "eventName": "UpdateDocument",
        "awsRegion": "eu-central-1",
        "recipientAccountId": "123456789012",
        "sourceIPAddress": "203.0.113.24",
        "errorCode": null,
        "errorMessage": null,
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::123456789012:assumed-role/session-editors/erin",
            "principalId": "AROAEXAMPLEID:erin",
            "invokedBy": null,
            "inScopeOf": { "credentialsIssuedTo": null },
            "sessionContext": {
                "sessionIssuer": {
                    "arn": "arn:aws:iam::123456789012:role/session-editors",
                    "principalId": "AROAEXAMPLEID"
                },
                "attributes": { "mfaAuthenticated": "false" }
            }
        },
        "requestParameters": { "name": "SSM-SessionManagerRunShell", "documentVersion": "$LATEST" },
        "responseElements": { "documentDescription": { "documentVersion": "4", "hash": "ce4f" } }
    })
}

/// Where a record can be spoilt.
const PLACES: [&str; 22] = [
    "",
    "/eventID",
    "/eventTime",
    "/eventSource",
    "/eventName",
    "/awsRegion",
    "/recipientAccountId",
    "/sourceIPAddress",
    "/errorCode",
    "/errorMessage",
    "/userIdentity",
    "/userIdentity/type",
    "/userIdentity/arn",
    "/userIdentity/invokedBy",
    "/userIdentity/sessionContext",
    "/userIdentity/sessionContext/sessionIssuer/arn",
    "/requestParameters",
    "/requestParameters/name",
    "/responseElements",
    "/responseElements/documentDescription",
    "/responseElements/documentDescription/documentVersion",
    "/responseElements/documentDescription/hash",
];

const CALLS: [&str; 6] = [
    "CreateDocument",
    "UpdateDocument",
    "UpdateDocumentDefaultVersion",
    "DeleteDocument",
    "ModifyDocumentPermission",
    "GetDocument",
];

#[test]
fn the_record_that_is_spoilt_can_be_read() {
    let scope = stage().scope;
    assert!(read_record(&record(), &scope).is_ok());
    for place in PLACES {
        assert!(record().pointer(place).is_some(), "{place}");
    }
}

proptest! {
    #[test]
    fn any_record_is_read_or_refused(
        call in prop::sample::select(&CALLS[..]),
        place in prop::sample::select(&PLACES[..]),
        found in generate::json(),
    ) {
        let scope = stage().scope;
        let mut spoilt = record();
        spoilt["eventName"] = call.into();
        *spoilt.pointer_mut(place).unwrap() = found.clone();
        let _ = read_record(&spoilt, &scope);
        let _ = read_record(&found, &scope);
        let _ = Principal::from_user_identity(&found);
        for source in ["aws.ssm", "aws.events", "mallory"] {
            let envelope = Envelope {
                source: source.to_owned(),
                detail_type: "AWS API Call via CloudTrail".to_owned(),
                account: "123456789012".to_owned(),
                region: "eu-central-1".to_owned(),
                detail: spoilt.clone(),
            };
            let _ = open(&envelope, &scope);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*", yaml in "([-{}\\[\\]:&*!|>'\"#%, a-c1\n]{0,60})") {
        for text in [text, yaml] {
            if let Ok(document) = Preferences::parse(&text) {
                let _ = document.defects();
                let _ = Preferences::parse(&document.to_json()).unwrap();
            }
        }
    }

    #[test]
    fn any_parameter_is_believed_or_ignored(
        texts in prop::collection::vec(prop_oneof!["\\PC*", generate::json().prop_map(|json| json.to_string())], 0..4),
        is_ours in any::<bool>(),
    ) {
        let mandate = stage().mandate(CHARTER, "baseline", Timestamp::UNIX_EPOCH);
        let by = if is_ours { "arn:aws:sts::123456789012:assumed-role/session-guard/x" } else { "arn:x" };
        let history: Vec<_> = texts.iter().zip(1..).map(|(text, version)| StoredParameter {
            version,
            value: text.clone(),
            modified_by: by.to_owned(),
        }).collect();
        let kept = standing(&history, &mandate);
        prop_assert!(kept.content.means_the_same_as(mandate.baseline()));
        prop_assert_eq!(kept.ignored.is_empty(), history.is_empty());
        let notes = Notes::read(&history, &mandate);
        prop_assert!(is_ours || notes == Notes::default());
    }
}

/// YAML in which each key stands below the one before.
fn staircase(depth: usize) -> String {
    let lines: Vec<_> = (0..depth)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    lines.concat()
}

#[test]
fn nesting_without_end_is_refused() {
    for text in [
        "[".repeat(60_000),
        "{\"a\":".repeat(12_000),
        "{a: ".repeat(15_000),
        "- ".repeat(30_000),
        "? ".repeat(30_000),
        "a:\n ".repeat(10_000),
        staircase(300),
        format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)),
    ] {
        let start: String = text.chars().take(10).collect();
        assert!(Preferences::parse(&text).is_err(), "{start}");
    }
}

#[test]
fn what_grows_when_it_is_read_is_refused() {
    let mut lines = vec!["a0: &a0 [x,x,x,x,x,x,x,x,x,x]".to_owned()];
    for level in 1..10 {
        let earlier = vec![format!("*a{}", level - 1); 10].join(",");
        lines.push(format!("a{level}: &a{level} [{earlier}]"));
    }
    let bomb = lines.join("\n");
    assert!(Preferences::parse(&bomb).is_err());
    assert_eq!(Approvals::decode("not base64"), None);
}
