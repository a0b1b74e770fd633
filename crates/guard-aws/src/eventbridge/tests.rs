use serde_json::json;

use super::*;
use crate::failure::chain;
use crate::test_service::{Service, error, ok};

fn bus(service: &Service) -> Bus {
    Bus {
        client: Client::new(&service.sdk()),
    }
}

#[tokio::test]
async fn a_report_is_one_event_on_the_default_bus() {
    let service = Service::answering([ok(
        json!({"FailedEntryCount": 0, "Entries": [{"EventId": "e-1"}]}),
    )]);
    bus(&service)
        .publish(&json!({"verdict": "stranger's"}))
        .await
        .unwrap();
    let entry = json!({
        "Source": "session-guard", "DetailType": "Session Guard Decision", "EventBusName": "default",
        "Detail": "{\"verdict\":\"stranger's\"}"
    });
    assert_eq!(
        service.asked(),
        [("PutEvents".to_owned(), json!({"Entries": [entry]}))]
    );
}

#[tokio::test]
async fn an_event_refused_inside_a_successful_answer_is_an_error() {
    for (code, class) in [
        ("ThrottlingException", FailureClass::Throttled),
        ("InternalFailure", FailureClass::Unavailable),
        ("AccessDeniedException", FailureClass::Denied),
        ("SomethingElse", FailureClass::Malformed),
    ] {
        let entry = json!({"ErrorCode": code, "ErrorMessage": "as the service words it"});
        let service = Service::answering([ok(json!({"FailedEntryCount": 1, "Entries": [entry]}))]);
        let error = bus(&service).publish(&json!({})).await.unwrap_err();
        assert_eq!(error.class, class, "{code}");
        let expected = format!("the event was refused with `{code}`: as the service words it");
        assert!(chain(&error).ends_with(&expected), "{}", chain(&error));
    }
}

#[tokio::test]
async fn an_answer_that_does_not_say_what_became_of_the_event_is_an_error() {
    for (answer, member) in [
        (json!({"FailedEntryCount": 0, "Entries": []}), "Entries"),
        (json!({"FailedEntryCount": 0}), "Entries"),
        (
            json!({"FailedEntryCount": 0, "Entries": [{}]}),
            "Entries.EventId",
        ),
    ] {
        let service = Service::answering([ok(answer)]);
        let error = bus(&service).publish(&json!({})).await.unwrap_err();
        assert!(
            chain(&error).ends_with(&format!("the answer lacks `{member}`")),
            "{}",
            chain(&error)
        );
    }
}

#[tokio::test]
async fn a_report_that_no_bus_takes_is_not_sent() {
    let report = |length: usize| json!("x".repeat(length));
    let fixed = SOURCE.len() + DETAIL_TYPE.len() + 2;
    let service = Service::answering([ok(
        json!({"FailedEntryCount": 0, "Entries": [{"EventId": "e-1"}]}),
    )]);
    let bus = bus(&service);
    bus.publish(&report(MAX_BYTES - fixed)).await.unwrap();
    let error = bus
        .publish(&report(MAX_BYTES - fixed + 1))
        .await
        .unwrap_err();
    assert_eq!((error.class, service.calls()), (FailureClass::Malformed, 1));
}

#[tokio::test]
async fn a_denied_call_is_denied() {
    let service = Service::answering([error("AccessDeniedException")]);
    let error = bus(&service).publish(&json!({})).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Denied);
    assert_eq!(
        error.to_string(),
        "failed to publish a report on the event bus `default`"
    );
}
