use guard_core::change::{Operation, Written};
use guard_core::names::{AccountId, Partition, Region, Version};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::test_service::{Service, error, ok};

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn history(service: &Service) -> EventHistory {
    EventHistory::of(Builder::from(&service.sdk()), scope())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn window() -> Window {
    Window {
        from: at("2026-01-15T01:00:00Z"),
        to: at("2026-01-15T02:00:00.25Z"),
    }
}

/// A record of `UpdateDocument` that made `version` at `time`.
fn record(version: u64, time: &str) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/editor",
            "principalId": "AIDAEXAMPLE", "accountId": "123456789012", "userName": "editor"},
        "eventTime": time, "eventSource": "ssm.amazonaws.com", "eventName": "UpdateDocument",
        "awsRegion": "eu-central-1", "sourceIPAddress": "192.0.2.1",
        "requestParameters": {"name": "SSM-SessionManagerRunShell",
            "content": "HIDDEN_DUE_TO_SECURITY_REASONS", "documentVersion": "$LATEST"},
        "responseElements": {"documentDescription": {"documentVersion": version.to_string(), "hash": "aa11"}},
        "eventID": format!("00000000-0000-4000-8000-{version:012}"),
        "recipientAccountId": "123456789012"
    })
}

fn event(record: &Value) -> Value {
    let time = record["eventTime"].as_str().unwrap();
    json!({
        "EventId": record["eventID"], "EventName": record["eventName"], "EventTime": at(time).as_second(),
        "CloudTrailEvent": record.to_string()
    })
}

fn page(records: &[Value], token: Option<&str>) -> (u16, Value) {
    let events: Vec<Value> = records.iter().map(event).collect();
    ok(json!({"Events": events, "NextToken": token}))
}

fn nothing() -> (u16, Value) {
    page(&[], None)
}

async fn answered(service: &Service) -> (Vec<Change>, Timestamp) {
    match history(service).look_up(window()).await {
        Trail::Answered {
            changes,
            complete_from,
        } => (changes, complete_from),
        Trail::Failed { why } => panic!("{why}"),
    }
}

async fn failed(service: &Service) -> String {
    match history(service).look_up(window()).await {
        Trail::Answered { changes, .. } => panic!("{changes:?}"),
        Trail::Failed { why } => why,
    }
}

#[tokio::test(start_paused = true)]
async fn both_calls_that_write_are_asked_for_in_the_window() {
    let service = Service::answering([page(&[record(7, "2026-01-15T01:30:00Z")], None), nothing()]);
    let (changes, complete_from) = answered(&service).await;
    let written = Some(Written {
        version: Version(7),
        hash: "aa11".to_owned(),
    });
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].operation, Operation::Wrote { written });
    assert_eq!(complete_from, window().from);
    let members = |call: &str| {
        json!({
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": call}],
            "StartTime": window().from.as_second(), "EndTime": window().to.as_second() + 1, "MaxResults": 50
        })
    };
    let asked =
        ["UpdateDocument", "CreateDocument"].map(|call| ("LookupEvents".to_owned(), members(call)));
    assert_eq!(service.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_read_at_no_more_than_two_calls_a_second() {
    let service = Service::answering([
        page(&[record(9, "2026-01-15T01:40:00Z")], Some("a")),
        page(&[record(8, "2026-01-15T01:30:00Z")], Some("b")),
        page(&[record(7, "2026-01-15T01:20:00Z")], Some("")),
        nothing(),
    ]);
    let start = Instant::now();
    let (changes, complete_from) = answered(&service).await;
    assert_eq!((changes.len(), complete_from), (3, window().from));
    assert!(
        start.elapsed().as_secs_f64() >= 1.5,
        "{:?}",
        start.elapsed()
    );
    let tokens: Vec<_> = service
        .asked()
        .into_iter()
        .map(|(_, members)| members["NextToken"].clone())
        .collect();
    assert_eq!(tokens, [Value::Null, json!("a"), json!("b"), Value::Null]);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_calls_makes_the_answer_incomplete_before_the_oldest_one_read() {
    let times = (0..10).map(|n| format!("2026-01-15T01:{:02}:00Z", 50 - n));
    let pages = times.map(|time| page(&[record(7, &time)], Some("more")));
    let service = Service::answering(pages.chain([nothing()]));
    let (changes, complete_from) = answered(&service).await;
    assert_eq!((changes.len(), service.calls()), (10, 11));
    // The oldest one read is of 01:41:00; of that second there may be more.
    assert_eq!(complete_from, at("2026-01-15T01:41:01Z"));
}

#[tokio::test(start_paused = true)]
async fn records_that_changed_nothing_of_ours_are_left_out() {
    let mut other = record(7, "2026-01-15T01:30:00Z");
    other["requestParameters"]["name"] = json!("Another-Document");
    let mut elsewhere = record(7, "2026-01-15T01:30:00Z");
    elsewhere["awsRegion"] = json!("us-east-1");
    let mut denied = record(7, "2026-01-15T01:30:00Z");
    denied["errorCode"] = json!("AccessDenied");
    let mut invalid = record(7, "2026-01-15T01:30:00Z");
    invalid["errorCode"] = json!("InvalidDocumentContent");
    invalid["responseElements"] = Value::Null;
    let service = Service::answering([page(&[other, elsewhere, denied, invalid], None), nothing()]);
    assert_eq!(answered(&service).await.0, []);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_record_does_not_hide_the_others() {
    let mut nameless = record(8, "2026-01-15T01:31:00Z");
    nameless["eventName"] = Value::Null;
    let broken = json!({"EventTime": 1_768_440_000, "CloudTrailEvent": "{"});
    let events = json!([
        event(&nameless),
        broken,
        event(&record(7, "2026-01-15T01:30:00Z"))
    ]);
    let service = Service::answering([ok(json!({"Events": events})), nothing()]);
    assert_eq!(answered(&service).await.0.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_missing_member_is_a_failure_with_its_name() {
    for (answer, member) in [
        (json!({}), "Events"),
        (
            json!({"Events": [{"CloudTrailEvent": "{}"}]}),
            "Events.EventTime",
        ),
        (
            json!({"Events": [{"EventTime": 1_768_440_000}]}),
            "Events.CloudTrailEvent",
        ),
    ] {
        let why = failed(&Service::answering([ok(answer)])).await;
        assert!(
            why.ends_with(&format!("the answer lacks `{member}`")),
            "{why}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_no_empty_answer() {
    let service = Service::answering([nothing(), error("AccessDeniedException")]);
    let why = failed(&service).await;
    assert!(
        why.starts_with("failed to look up in the event history `CreateDocument`: "),
        "{why}"
    );
    assert!(
        why.contains("as the service words it") && !why.contains('\n'),
        "{why}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_throttled_look_up_waits_for_others_to_finish() {
    let throttled = || error("ThrottlingException");
    let answers = [throttled(), throttled(), throttled(), throttled()];
    let service = Service::answering(answers.into_iter().chain([nothing(), nothing()]));
    assert_eq!(answered(&service).await.0, []);
    assert_eq!(service.calls(), 6);
}
