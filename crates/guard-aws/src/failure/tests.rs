use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

use super::*;

fn answered(status: u16, code: Option<&str>) -> CallError<ErrorMetadata> {
    let mut error = ErrorMetadata::builder().message("as the service words it");
    if let Some(code) = code {
        error = error.code(code);
    }
    let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
    SdkError::service_error(error.build(), response)
}

fn check(expected: FailureClass, status: u16, code: Option<&str>) {
    assert_eq!(
        class_of(&answered(status, code)),
        expected,
        "{status} {code:?}"
    );
}

#[test]
fn what_a_permission_is_missing_for_is_denied() {
    for code in [
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ] {
        check(FailureClass::Denied, 400, Some(code));
    }
    check(FailureClass::Denied, 403, Some("SomeNewDenial"));
    check(FailureClass::Denied, 403, None);
}

#[test]
fn too_many_calls_are_throttled() {
    for code in [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "TooManyUpdates",
        "RequestLimitExceeded",
    ] {
        check(FailureClass::Throttled, 400, Some(code));
    }
    check(FailureClass::Throttled, 429, None);
}

#[test]
fn what_is_not_there_is_absent() {
    for code in [
        "InvalidDocument",
        "InvalidDocumentVersion",
        "ParameterNotFound",
        "NotFoundException",
    ] {
        check(FailureClass::Absent, 400, Some(code));
    }
}

#[test]
fn a_service_in_trouble_is_unavailable() {
    check(FailureClass::Unavailable, 500, Some("InternalServerError"));
    check(
        FailureClass::Unavailable,
        503,
        Some("ServiceUnavailableException"),
    );
    check(FailureClass::Unavailable, 502, None);
}

#[test]
fn a_code_outweighs_the_status_it_came_with() {
    check(FailureClass::Denied, 500, Some("AccessDeniedException"));
    check(FailureClass::Throttled, 503, Some("SlowDown"));
}

#[test]
fn a_refusal_without_a_word_for_it_is_not_tried_again() {
    check(
        FailureClass::Malformed,
        400,
        Some("ParameterMaxVersionLimitExceeded"),
    );
    check(FailureClass::Malformed, 200, None);
}

#[test]
fn without_an_answer_the_service_is_unavailable() {
    let connection = ConnectorError::io("connection reset".into());
    let broken = HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::taken());
    for error in [
        CallError::<ErrorMetadata>::timeout_error("too slow"),
        SdkError::dispatch_failure(connection),
        SdkError::response_error("it broke off", broken),
    ] {
        assert_eq!(class_of(&error), FailureClass::Unavailable, "{error:?}");
    }
}

#[test]
fn a_question_that_cannot_be_asked_is_malformed() {
    let error = CallError::<ErrorMetadata>::construction_failure("no name");
    assert_eq!(class_of(&error), FailureClass::Malformed);
}

#[test]
fn a_failure_names_the_call_and_keeps_the_cause() {
    let error = Attempt::to("update", "SSM-SessionManagerRunShell")
        .failed(answered(400, Some("AccessDenied")));
    assert_eq!(
        error.to_string(),
        "failed to update `SSM-SessionManagerRunShell`"
    );
    let text = chain(&error);
    assert!(
        text.contains("AccessDenied") && text.contains("as the service words it"),
        "{text}"
    );
}

#[test]
fn a_chain_is_one_line_of_bounded_length() {
    let cause = std::io::Error::other("1\n2\u{1b}".repeat(1000));
    let text = chain(&Attempt::to("write", "x").error(FailureClass::Malformed, cause));
    assert!(text.starts_with("failed to write `x`: 1 2 1 2"), "{text}");
    assert_eq!(
        (text.chars().count(), text.chars().any(char::is_control)),
        (1000, false)
    );
}
