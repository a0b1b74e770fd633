use serde_json::json;

use super::*;
use crate::names::{AccountId, Partition, Region};

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn record(call: &str, parameters: &Value) -> Value {
    json!({
        "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
        "eventTime": "2026-01-15T02:03:04Z",
        "eventSource": "ssm.amazonaws.com",
        "eventName": call,
        "awsRegion": "eu-central-1",
        "recipientAccountId": "123456789012",
        "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/mallory" },
        "requestParameters": parameters,
        "responseElements": null
    })
}

fn change(record: &Value) -> Change {
    match read_record(record, &scope()) {
        Ok(Reading::Change(change)) => *change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_update_names_the_version_and_hash_that_it_made() {
    let mut record = record("UpdateDocument", &json!({ "name": PREFERENCES_DOCUMENT }));
    record["responseElements"] =
        json!({ "documentDescription": { "documentVersion": "4", "hash": "ce4f" } });
    let written = Some(Written {
        version: Version(4),
        hash: "ce4f".to_owned(),
    });
    assert_eq!(change(&record).operation, Operation::Wrote { written });
}

#[test]
fn a_document_named_by_its_arn_is_ours_only_in_this_account_and_region() {
    let ours = document_arn(&scope());
    assert_eq!(
        change(&record("DeleteDocument", &json!({ "name": ours }))).operation,
        Operation::Deleted
    );
    for other in [
        ours.replace("eu-central-1", "us-east-1"),
        ours.replace("123456789012", "111122223333"),
        "SSM-SessionManagerRunShell2".to_owned(),
        "ssm-sessionmanagerrunshell".to_owned(),
    ] {
        let reading = read_record(
            &record("DeleteDocument", &json!({ "name": other })),
            &scope(),
        );
        assert!(
            matches!(reading, Ok(Reading::NotOurs(NotOurs::OtherDocument { .. }))),
            "{other}: {reading:?}"
        );
    }
}

#[test]
fn a_denied_call_is_ours_when_its_message_names_our_document() {
    let mut denied = record("UpdateDocument", &Value::Null);
    denied["errorCode"] = json!("AccessDenied");
    denied["errorMessage"] = json!(format!(
        "User: x is not authorized on resource: {}",
        document_arn(&scope())
    ));
    let change = change(&denied);
    assert_eq!(
        change.failure.map(|failure| failure.code).as_deref(),
        Some("AccessDenied")
    );
    denied["errorMessage"] =
        json!("… on resource: arn:aws:ssm:eu-central-1:123456789012:document/other");
    assert!(matches!(
        read_record(&denied, &scope()),
        Ok(Reading::NotOurs(_))
    ));
}

#[test]
fn deleting_one_version_is_not_deleting_the_document() {
    let one = json!({ "name": PREFERENCES_DOCUMENT, "documentVersion": "3" });
    assert_eq!(
        change(&record("DeleteDocument", &one)).operation,
        Operation::DeletedVersion
    );
}

#[test]
fn records_of_other_calls_accounts_and_regions_are_not_our_business() {
    let parameters = json!({ "name": PREFERENCES_DOCUMENT });
    let mut elsewhere = record("UpdateDocument", &parameters);
    elsewhere["awsRegion"] = json!("us-east-1");
    let mut foreign = record("UpdateDocument", &parameters);
    foreign["recipientAccountId"] = json!("111122223333");
    let mut service = record("UpdateDocument", &parameters);
    service["eventSource"] = json!("iam.amazonaws.com");
    for other in [
        elsewhere,
        foreign,
        service,
        record("GetDocument", &parameters),
    ] {
        assert!(
            matches!(read_record(&other, &scope()), Ok(Reading::NotOurs(_))),
            "{other}"
        );
    }
}

#[test]
fn what_is_missing_or_of_the_wrong_type_is_named() {
    let good = record("UpdateDocument", &json!({ "name": PREFERENCES_DOCUMENT }));
    for (member, value, message) in [
        ("eventID", json!(null), "`eventID` is null, expected a text"),
        (
            "eventTime",
            json!("yesterday"),
            "`eventTime` cannot be read: it is not a time such as 2026-01-15T02:03:04Z",
        ),
        (
            "eventName",
            json!(5),
            "`eventName` is a number, expected a text",
        ),
        (
            "recipientAccountId",
            json!([]),
            "`recipientAccountId` is a list, expected a text",
        ),
        (
            "requestParameters",
            json!({}),
            "`requestParameters.name` is missing, expected a document's name",
        ),
        (
            "requestParameters",
            json!(null),
            "`requestParameters.name` is missing, expected a document's name",
        ),
        (
            "errorCode",
            json!(1),
            "`errorCode` is a number, expected a text",
        ),
        (
            "responseElements",
            json!({ "documentDescription": { "documentVersion": "$LATEST", "hash": "x" } }),
            "`responseElements.documentDescription.documentVersion` cannot be read: `$LATEST` is not a document version",
        ),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        let error = read_record(&bad, &scope()).unwrap_err().to_string();
        assert_eq!(error, message);
    }
    assert!(read_record(&json!("x"), &scope()).is_err());
}
