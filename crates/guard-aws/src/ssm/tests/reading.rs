use guard_core::facts::{Described, ListedVersion};
use guard_core::names::Version;
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::ReadPreferences;
use serde_json::{Value, json};

use super::preferences;
use crate::failure::chain;
use crate::test_service::{Service, error, ok};

/// 2026-01-15T02:03:04.5Z, as the service tells times.
const CREATED: f64 = 1_768_442_584.5;

fn description() -> Value {
    json!({
        "Name": "SSM-SessionManagerRunShell", "DocumentVersion": "7", "LatestVersion": "7", "DefaultVersion": "5",
        "Hash": "aa11", "HashType": "Sha256", "DocumentType": "Session", "Status": "Active",
        "CreatedDate": CREATED, "Owner": "123456789012"
    })
}

fn without(member: &str) -> Value {
    let mut description = description();
    description.as_object_mut().unwrap().remove(member).unwrap();
    json!({"Document": description})
}

fn with_status(status: &str) -> Value {
    let mut description = description();
    description["Status"] = json!(status);
    description["StatusInformation"] = json!("as the service words it");
    json!({"Document": description})
}

#[tokio::test]
async fn the_document_is_described_by_its_latest_version() {
    let service = Service::answering([ok(json!({"Document": description()}))]);
    let described = preferences(&service).describe().await.unwrap().unwrap();
    assert_eq!(
        described,
        Described {
            latest: Version(7),
            default: Version(5),
            hash: "aa11".to_owned(),
            document_type: "Session".to_owned(),
            created: Some("2026-01-15T02:03:04.5Z".parse().unwrap()),
        }
    );
    let members = json!({"Name": "SSM-SessionManagerRunShell", "DocumentVersion": "$LATEST"});
    assert_eq!(service.asked(), [("DescribeDocument".to_owned(), members)]);
}

#[tokio::test]
async fn what_somebody_made_of_the_document_is_told() {
    let mut command = json!({"Document": description()});
    command["Document"]["DocumentType"] = json!("SomeTypeOfTomorrow");
    let service = Service::answering([ok(command)]);
    let described = preferences(&service).describe().await.unwrap().unwrap();
    assert_eq!(described.document_type, "SomeTypeOfTomorrow");
}

#[tokio::test]
async fn a_document_that_is_not_there_is_no_error() {
    let service = Service::answering(std::iter::repeat_n(error("InvalidDocument"), 4));
    let preferences = preferences(&service);
    assert_eq!(preferences.describe().await.unwrap(), None);
    assert_eq!(preferences.content(Version(1)).await.unwrap(), None);
    assert_eq!(preferences.versions().await.unwrap(), []);
    assert_eq!(preferences.shared_with().await.unwrap(), [""; 0]);
    assert_eq!(service.calls(), 4);
}

#[tokio::test]
async fn a_version_that_is_gone_has_neither_hash_nor_content() {
    for code in ["InvalidDocument", "InvalidDocumentVersion"] {
        let service = Service::answering([error(code), error(code)]);
        let preferences = preferences(&service);
        assert_eq!(preferences.hash(Version(3)).await.unwrap(), None);
        assert_eq!(preferences.content(Version(3)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn hash_and_content_are_asked_for_by_number() {
    let service = Service::answering([
        ok(json!({"Document": description()})),
        ok(json!({"Name": "SSM-SessionManagerRunShell", "Content": "{}", "DocumentVersion": "3"})),
    ]);
    let preferences = preferences(&service);
    assert_eq!(preferences.hash(Version(3)).await.unwrap().unwrap(), "aa11");
    assert_eq!(
        preferences.content(Version(3)).await.unwrap().unwrap(),
        "{}"
    );
    let name = "SSM-SessionManagerRunShell";
    assert_eq!(
        service.asked(),
        [
            (
                "DescribeDocument".to_owned(),
                json!({"Name": name, "DocumentVersion": "3"})
            ),
            (
                "GetDocument".to_owned(),
                json!({"Name": name, "DocumentVersion": "3", "DocumentFormat": "JSON"})
            ),
        ]
    );
}

#[tokio::test]
async fn a_missing_member_is_an_error_with_its_name() {
    for member in ["LatestVersion", "DefaultVersion", "Hash", "DocumentType"] {
        let service = Service::answering([ok(without(member))]);
        lacks(&preferences(&service).describe().await.unwrap_err(), member);
    }
    for (answer, member) in [(json!({}), "Document"), (without("Hash"), "Hash")] {
        let service = Service::answering([ok(answer)]);
        lacks(
            &preferences(&service).hash(Version(7)).await.unwrap_err(),
            member,
        );
    }
    for (answer, member) in [
        (json!({}), "DocumentVersions"),
        (
            json!({"DocumentVersions": [{"CreatedDate": CREATED}]}),
            "DocumentVersion",
        ),
        (
            json!({"DocumentVersions": [{"DocumentVersion": "1"}]}),
            "CreatedDate",
        ),
    ] {
        let service = Service::answering([ok(answer)]);
        lacks(&preferences(&service).versions().await.unwrap_err(), member);
    }
    let service = Service::answering([ok(json!({})), ok(json!({})), ok(without("Status"))]);
    let preferences = preferences(&service);
    lacks(
        &preferences.content(Version(7)).await.unwrap_err(),
        "Content",
    );
    lacks(&preferences.shared_with().await.unwrap_err(), "AccountIds");
    lacks(
        &preferences.is_active(Version(7)).await.unwrap_err(),
        "Status",
    );
}

fn lacks(error: &PortError, member: &str) {
    let text = chain(error);
    assert!(
        text.contains("the answer lacks `") && text.ends_with(&format!("{member}`")),
        "{text}"
    );
    assert_eq!(error.class, FailureClass::Malformed, "{text}");
}

#[tokio::test]
async fn a_version_that_is_no_number_is_an_error() {
    let service = Service::answering([ok(json!({"Document": {
        "LatestVersion": "seven", "DefaultVersion": "5", "Hash": "aa11", "DocumentType": "Session"
    }}))]);
    let error = preferences(&service).describe().await.unwrap_err();
    assert_eq!(
        chain(&error),
        "failed to describe `SSM-SessionManagerRunShell`: the answer's `Document.LatestVersion` is `seven`"
    );
}

#[tokio::test]
async fn all_pages_of_versions_are_read() {
    let page = |version: &str, token: Value| {
        ok(json!({
            "DocumentVersions": [{"DocumentVersion": version, "CreatedDate": CREATED}],
            "NextToken": token
        }))
    };
    let service = Service::answering([
        page("3", json!("a")),
        page("2", json!("b")),
        page("1", Value::Null),
    ]);
    let versions = preferences(&service).versions().await.unwrap();
    let created = "2026-01-15T02:03:04.5Z".parse().unwrap();
    assert_eq!(
        versions,
        [3, 2, 1].map(|number| ListedVersion {
            version: Version(number),
            created
        })
    );
    let tokens: Vec<_> = service
        .asked()
        .into_iter()
        .map(|(_, members)| members["NextToken"].clone())
        .collect();
    assert_eq!(tokens, [Value::Null, json!("a"), json!("b")]);
    assert_eq!(
        service.asked()[0].1,
        json!({"Name": "SSM-SessionManagerRunShell", "MaxResults": 50})
    );
}

#[tokio::test]
async fn all_pages_of_shares_are_read() {
    let service = Service::answering([
        ok(json!({"AccountIds": ["111122223333"], "AccountSharingInfoList": [], "NextToken": "a"})),
        ok(json!({"AccountIds": [], "AccountSharingInfoList": [{"AccountId": "all"}]})),
    ]);
    assert_eq!(
        preferences(&service).shared_with().await.unwrap(),
        ["111122223333", "all"]
    );
    let first =
        json!({"Name": "SSM-SessionManagerRunShell", "PermissionType": "Share", "MaxResults": 200});
    assert_eq!(
        service.asked()[0],
        ("DescribeDocumentPermission".to_owned(), first)
    );
    assert_eq!(service.asked()[1].1["NextToken"], "a");
}

#[tokio::test]
async fn a_version_is_active_only_when_its_status_says_so() {
    for (status, expected) in [("Active", true), ("Creating", false), ("Updating", false)] {
        let service = Service::answering([ok(with_status(status))]);
        assert_eq!(
            preferences(&service).is_active(Version(7)).await.unwrap(),
            expected,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_version_that_will_never_be_active_is_an_error_with_the_services_reason() {
    for (status, class) in [
        ("Failed", FailureClass::Unavailable),
        ("Deleting", FailureClass::Absent),
        ("Resting", FailureClass::Malformed),
    ] {
        let service = Service::answering([ok(with_status(status))]);
        let error = preferences(&service)
            .is_active(Version(7))
            .await
            .unwrap_err();
        assert_eq!(error.class, class, "{status}");
        let expected = format!("its status is `{status}`: as the service words it");
        assert!(chain(&error).ends_with(&expected), "{}", chain(&error));
    }
    let service = Service::answering([error("InvalidDocument")]);
    assert_eq!(
        preferences(&service)
            .is_active(Version(7))
            .await
            .unwrap_err()
            .class,
        FailureClass::Absent
    );
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_made_again_and_three_times_at_most() {
    let throttled = || error("ThrottlingException");
    let service = Service::answering([
        throttled(),
        throttled(),
        ok(json!({"Document": description()})),
    ]);
    assert!(preferences(&service).describe().await.unwrap().is_some());
    assert_eq!(service.calls(), 3);

    let service = Service::answering(std::iter::repeat_n(throttled(), 4));
    assert_eq!(
        preferences(&service).describe().await.unwrap_err().class,
        FailureClass::Throttled
    );
    assert_eq!(service.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn failures_are_sorted_as_the_service_words_them() {
    for (code, class, calls) in [
        ("AccessDeniedException", FailureClass::Denied, 1),
        ("ExpiredTokenException", FailureClass::Denied, 1),
        ("InternalServerError", FailureClass::Unavailable, 3),
        ("InvalidDocumentVersion", FailureClass::Absent, 1),
        ("ValidationException", FailureClass::Malformed, 1),
    ] {
        let service = Service::answering(std::iter::repeat_n(error(code), 3));
        let error = preferences(&service).describe().await.unwrap_err();
        assert_eq!((error.class, service.calls()), (class, calls), "{code}");
        assert!(
            chain(&error).contains("as the service words it"),
            "{}",
            chain(&error)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_json_is_sorted_by_its_status() {
    for (status, class) in [
        (200, FailureClass::Malformed),
        (403, FailureClass::Denied),
        (502, FailureClass::Unavailable),
    ] {
        let service =
            Service::answering_text(std::iter::repeat_n((status, "<html>".to_owned()), 3));
        assert_eq!(
            preferences(&service).describe().await.unwrap_err().class,
            class,
            "{status}"
        );
    }
}

#[tokio::test]
async fn warming_up_asks_once_and_bears_a_failure() {
    let service = Service::answering([error("AccessDeniedException")]);
    preferences(&service).warm_up().await;
    assert_eq!(service.calls(), 1);
}
