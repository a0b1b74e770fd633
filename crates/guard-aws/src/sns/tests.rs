use guard_reconcile::error::FailureClass;

use super::*;
use crate::failure::chain;
use crate::test_service::Service;

const ARN: &str = "arn:aws:sns:eu-central-1:123456789012:session-guard-alerts";

fn topic(service: &Service) -> Topic {
    Topic {
        client: Client::new(&service.sdk()),
        arn: ARN.to_owned(),
    }
}

fn published(message_id: &str) -> (u16, String) {
    let result = format!("<PublishResult>{message_id}</PublishResult>");
    (200, format!("<PublishResponse>{result}</PublishResponse>"))
}

fn refused(status: u16, code: &str) -> (u16, String) {
    let error =
        format!("<Error><Code>{code}</Code><Message>as the service words it</Message></Error>");
    (status, format!("<ErrorResponse>{error}</ErrorResponse>"))
}

#[tokio::test]
async fn an_alert_goes_to_the_topic_with_subject_and_text() {
    let service = Service::answering_text([published("<MessageId>m-1</MessageId>")]);
    topic(&service)
        .alert("Reverted a change", "line one\nline two")
        .await
        .unwrap();
    let body = service.bodies().concat();
    for member in [
        "Action=Publish",
        "TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A123456789012%3Asession-guard-alerts",
        "Subject=Reverted%20a%20change",
        "Message=line%20one%0Aline%20two",
    ] {
        assert!(
            body.split('&').any(|found| found == member),
            "{member} in {body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_sorted_and_name_the_topic() {
    for (status, code, class) in [
        (403, "AuthorizationError", FailureClass::Denied),
        (400, "Throttled", FailureClass::Throttled),
        (404, "NotFound", FailureClass::Absent),
        (400, "InvalidParameter", FailureClass::Malformed),
        (500, "InternalError", FailureClass::Unavailable),
    ] {
        let service = Service::answering_text(std::iter::repeat_n(refused(status, code), 3));
        let error = topic(&service).alert("x", "y").await.unwrap_err();
        assert_eq!(error.class, class, "{code}");
        assert_eq!(
            error.to_string(),
            format!("failed to send an alert to `{ARN}`")
        );
        assert!(
            chain(&error).contains("as the service words it"),
            "{}",
            chain(&error)
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_message_id_is_an_error() {
    let service = Service::answering_text([published("")]);
    let error = topic(&service).alert("x", "y").await.unwrap_err();
    assert!(
        chain(&error).ends_with("the answer lacks `MessageId`"),
        "{}",
        chain(&error)
    );
}

#[test]
fn a_subject_is_one_short_line_of_ascii() {
    for (subject, expected) in [
        ("Reverted a change", "Reverted a change"),
        ("  two\nlines\u{7}", "two?lines?"),
        ("Änderung", "?nderung"),
        ("", "Session Guard"),
        (" \n", "Session Guard"),
    ] {
        assert_eq!(fit_subject(subject), expected);
    }
    assert_eq!(fit_subject(&"x".repeat(500)).len(), 99);
}

#[test]
fn a_message_is_cut_between_characters_and_says_so() {
    assert_eq!(fit_message(&"x".repeat(MAX_MESSAGE)).len(), MAX_MESSAGE);
    let cut = fit_message(&"€".repeat(MAX_MESSAGE));
    assert!(
        cut.len() <= MAX_MESSAGE && cut.len() > MAX_MESSAGE - 3,
        "{}",
        cut.len()
    );
    assert!(cut.ends_with(&format!("€{CUT}")));
}

#[test]
fn an_empty_message_is_still_a_message() {
    assert_eq!(fit_message(" \n"), "(no text)");
}
