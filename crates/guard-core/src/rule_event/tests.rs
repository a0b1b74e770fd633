use serde_json::json;

use super::*;
use crate::config_item::ItemStatus;
use crate::names::{AccountId, Partition, Region};

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn item() -> Value {
    json!({
        "configurationItemCaptureTime": "2026-01-15T02:03:04.000Z",
        "awsAccountId": "123456789012",
        "configurationItemStatus": "OK",
        "resourceType": "AWS::SSM::Document",
        "resourceId": "SSM-SessionManagerRunShell",
        "awsRegion": "eu-central-1",
        "configuration": { "Name": "SSM-SessionManagerRunShell" },
    })
}

fn change_of(item: &Value) -> Value {
    json!({
        "configurationItemDiff": null,
        "configurationItem": item,
        "notificationCreationTime": "2026-01-15T02:03:06.000Z",
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
    })
}

fn envelope(message: &Value) -> Envelope {
    Envelope {
        account: "123456789012".to_owned(),
        rule_name: "session-guard-preferences".to_owned(),
        invoking_event: message.to_string(),
        rule_parameters: Some("{}".to_owned()),
        result_token: "eyJlbmNyeXB0ZWREYXRhIjpbMV19".to_owned(),
        bounds: Bounds::Inside,
    }
}

fn event(envelope: &Envelope) -> RuleEvent {
    match open(envelope, &scope()) {
        Ok(Opened::Event(event)) => *event,
        other => panic!("{other:?}"),
    }
}

fn not_ours(envelope: &Envelope) -> String {
    match open(envelope, &scope()) {
        Ok(Opened::NotOurs(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_change_brings_its_item_and_the_items_time() {
    let event = event(&envelope(&change_of(&item())));
    assert_eq!(event.time().to_string(), "2026-01-15T02:03:04Z");
    assert_eq!(event.token.weight, Weight::Real);
    match event.occasion {
        Occasion::Change {
            item,
            extent,
            bounds,
        } => {
            assert_eq!(item.resource.id, "SSM-SessionManagerRunShell");
            assert_eq!(item.status, ItemStatus::Ok);
            assert_eq!((extent, bounds), (Extent::Whole, Bounds::Inside));
        }
        other @ Occasion::Scheduled { .. } => panic!("{other:?}"),
    }
}

#[test]
fn an_item_too_large_for_an_event_comes_as_its_summary() {
    let mut summary = item();
    summary.as_object_mut().unwrap().remove("configuration");
    let message = json!({
        "configurationItemSummary": summary,
        "messageType": "OversizedConfigurationItemChangeNotification",
    });
    let event = event(&envelope(&message));
    assert_eq!(
        event.occasion.message_type(),
        "OversizedConfigurationItemChangeNotification"
    );
    assert_eq!(event.time().to_string(), "2026-01-15T02:03:04Z");
}

#[test]
fn the_schedule_brings_its_own_time() {
    let message = json!({
        "awsAccountId": "123456789012",
        "notificationCreationTime": "2026-01-15T02:03:06.000Z",
        "messageType": "ScheduledNotification",
        "recordVersion": "1.0",
    });
    let event = event(&envelope(&message));
    assert_eq!(event.time().to_string(), "2026-01-15T02:03:06Z");
    assert_eq!(event.occasion.item(), None);
}

#[test]
fn a_test_token_makes_an_answer_that_does_not_count() {
    let test = Envelope {
        result_token: "TESTMODE".to_owned(),
        ..envelope(&change_of(&item()))
    };
    assert_eq!(event(&test).token.weight, Weight::Test);
}

#[test]
fn parameters_are_named_since_rules_take_none() {
    for (text, names) in [
        (None, vec![]),
        (Some(""), vec![]),
        (Some("{}"), vec![]),
        (Some(r#"{"a": "1", "b": "2"}"#), vec!["a", "b"]),
    ] {
        let envelope = Envelope {
            rule_parameters: text.map(str::to_owned),
            ..envelope(&change_of(&item()))
        };
        assert_eq!(event(&envelope).parameters, names);
    }
}

#[test]
fn events_of_other_accounts_and_regions_are_not_our_business() {
    let mut foreign = item();
    foreign["awsAccountId"] = json!("111122223333");
    let mut distant = item();
    distant["awsRegion"] = json!("us-east-1");
    for (envelope, why) in [
        (
            Envelope {
                account: "111122223333".to_owned(),
                ..envelope(&change_of(&item()))
            },
            "its accountId is `111122223333`, not `123456789012`",
        ),
        (
            envelope(&change_of(&foreign)),
            "its awsAccountId is `111122223333`, not `123456789012`",
        ),
        (
            envelope(&change_of(&distant)),
            "its awsRegion is `us-east-1`, not `eu-central-1`",
        ),
        (
            envelope(&json!({ "messageType": "ConfigurationSnapshotDeliveryCompleted" })),
            "its messageType is `ConfigurationSnapshotDeliveryCompleted`",
        ),
        (
            envelope(&json!({
                "messageType": "ScheduledNotification", "awsAccountId": "111122223333",
                "notificationCreationTime": "2026-01-15T02:03:06.000Z",
            })),
            "its awsAccountId is `111122223333`, not `123456789012`",
        ),
    ] {
        assert_eq!(not_ours(&envelope), why);
    }
}

#[test]
fn what_belongs_to_no_region_is_ours_wherever_it_is_recorded() {
    for region in ["global", "us-east-1"] {
        let mut role = item();
        role["resourceType"] = json!("AWS::IAM::Role");
        role["awsRegion"] = json!(region);
        assert!(
            event(&envelope(&change_of(&role)))
                .occasion
                .item()
                .is_some()
        );
    }
}

fn undated() -> Value {
    json!({ "messageType": "ScheduledNotification", "awsAccountId": "123456789012" })
}

fn broken() -> Value {
    let mut item = item();
    item["resourceId"] = json!(7);
    item
}

#[test]
fn what_cannot_be_read_is_told_by_its_name() {
    let good = || envelope(&change_of(&item()));
    let invoking = |text: &str| Envelope {
        invoking_event: text.to_owned(),
        ..good()
    };
    let with_parameters = |text: &str| Envelope {
        rule_parameters: Some(text.to_owned()),
        ..good()
    };
    for (envelope, message) in [
        (
            invoking("changed"),
            "`invokingEvent` cannot be read: it is no JSON: expected value at line 1 column 1",
        ),
        (
            invoking("[]"),
            "`invokingEvent` is a list, expected a text that holds an object",
        ),
        (
            envelope(&json!({})),
            "`invokingEvent.messageType` is missing, expected a text",
        ),
        (
            envelope(&change_of(&Value::Null)),
            "`invokingEvent.configurationItem` is null, expected an object",
        ),
        (
            envelope(&change_of(&broken())),
            "`invokingEvent.configurationItem.resourceId` is a number, expected a text",
        ),
        (
            envelope(&undated()),
            "`invokingEvent.notificationCreationTime` is missing, expected a text",
        ),
        (
            with_parameters("{\"a\": 1}"),
            "`ruleParameters.a` is a number, expected a text",
        ),
        (
            with_parameters("\"a\""),
            "`ruleParameters` is a text, expected a text that holds an object",
        ),
        (
            Envelope {
                result_token: String::new(),
                ..good()
            },
            "`resultToken` cannot be read: it is empty",
        ),
        (
            Envelope {
                rule_name: String::new(),
                ..good()
            },
            "`configRuleName` cannot be read: it must have 1 to 128 characters",
        ),
    ] {
        assert_eq!(open(&envelope, &scope()).unwrap_err().to_string(), message);
    }
}
