use std::collections::BTreeMap;

use guard_core::names::Version;
use guard_reconcile::error::{FailureClass, WriteError};
use guard_reconcile::ports::WritePreferences;
use serde_json::{Value, json};

use super::preferences;
use crate::failure::chain;
use crate::test_service::{Service, error, ok};

const NAME: &str = "SSM-SessionManagerRunShell";

fn made(version: &str, latest: &str) -> (u16, Value) {
    ok(
        json!({"DocumentDescription": {"Name": NAME, "DocumentVersion": version, "LatestVersion": latest}}),
    )
}

#[tokio::test]
async fn an_update_names_the_version_that_was_read() {
    let service = Service::answering([made("8", "8")]);
    assert_eq!(
        preferences(&service)
            .update(Version(7), "{\"a\":1}")
            .await
            .unwrap(),
        Version(8)
    );
    let members = json!({"Name": NAME, "Content": "{\"a\":1}", "DocumentVersion": "7", "DocumentFormat": "JSON"});
    assert_eq!(service.asked(), [("UpdateDocument".to_owned(), members)]);
}

#[tokio::test]
async fn a_version_written_by_another_in_the_same_moment_is_a_conflict() {
    let service = Service::answering([made("8", "9")]);
    let error = preferences(&service)
        .update(Version(7), "{}")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            WriteError::Conflict {
                operation: "update"
            }
        ),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_whose_answer_was_lost_ends_as_a_conflict_and_not_as_a_second_version() {
    let service = Service::answering([
        error("InternalServerError"),
        error("InvalidDocumentVersion"),
    ]);
    let error = preferences(&service)
        .update(Version(7), "{}")
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Conflict { .. }), "{error:?}");
    assert_eq!(service.asked()[1].1["DocumentVersion"], "7");
}

#[tokio::test]
async fn refusals_of_an_update_are_told_apart() {
    for code in [
        "InvalidDocumentVersion",
        "InvalidDocument",
        "TooManyUpdates",
        "InvalidDocumentOperation",
    ] {
        assert!(
            matches!(
                refusal(code).await,
                WriteError::Conflict {
                    operation: "update"
                }
            ),
            "{code}"
        );
    }
    assert!(matches!(
        refusal("DuplicateDocumentContent").await,
        WriteError::Duplicate
    ));
    assert!(matches!(
        refusal("DocumentVersionLimitExceeded").await,
        WriteError::VersionLimit
    ));
    for (code, class) in [
        ("AccessDeniedException", FailureClass::Denied),
        ("InvalidDocumentContent", FailureClass::Malformed),
        ("MaxDocumentSizeExceeded", FailureClass::Malformed),
    ] {
        let WriteError::Port(error) = refusal(code).await else {
            panic!("{code}")
        };
        assert_eq!(error.class, class, "{code}");
        assert!(
            chain(&error).contains("as the service words it"),
            "{}",
            chain(&error)
        );
    }
}

async fn refusal(code: &str) -> WriteError {
    let service = Service::answering([error(code)]);
    preferences(&service)
        .update(Version(7), "{}")
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_answer_without_the_new_version_is_an_error_with_the_members_name() {
    for (answer, member) in [
        (json!({}), "DocumentDescription"),
        (
            json!({"DocumentDescription": {"LatestVersion": "8"}}),
            "DocumentDescription.DocumentVersion",
        ),
    ] {
        let service = Service::answering([ok(answer)]);
        let WriteError::Port(error) = preferences(&service)
            .update(Version(7), "{}")
            .await
            .unwrap_err()
        else {
            panic!("{member}")
        };
        assert!(
            chain(&error).ends_with(&format!("the answer lacks `{member}`")),
            "{}",
            chain(&error)
        );
    }
}

#[tokio::test]
async fn the_default_is_moved_to_a_number() {
    let service = Service::answering([ok(json!({})), error("InvalidDocumentVersion")]);
    let preferences = preferences(&service);
    preferences.move_default(Version(8)).await.unwrap();
    let members = json!({"Name": NAME, "DocumentVersion": "8"});
    assert_eq!(
        service.asked(),
        [("UpdateDocumentDefaultVersion".to_owned(), members)]
    );
    let error = preferences.move_default(Version(8)).await.unwrap_err();
    assert!(matches!(error, WriteError::Conflict { .. }), "{error:?}");
}

#[tokio::test]
async fn a_document_is_created_as_a_session_document_with_its_tags() {
    let tags =
        BTreeMap::from([("team", "red"), ("cost", "7")].map(|(k, v)| (k.to_owned(), v.to_owned())));
    let service = Service::answering([
        made("1", "1"),
        made("1", "1"),
        error("DocumentAlreadyExists"),
    ]);
    let preferences = preferences(&service);
    assert_eq!(preferences.create("{}", &tags).await.unwrap(), Version(1));
    assert_eq!(
        preferences.create("{}", &BTreeMap::new()).await.unwrap(),
        Version(1)
    );
    let members =
        json!({"Name": NAME, "Content": "{}", "DocumentType": "Session", "DocumentFormat": "JSON"});
    let mut tagged = members.clone();
    tagged["Tags"] = json!([{"Key": "cost", "Value": "7"}, {"Key": "team", "Value": "red"}]);
    let create = "CreateDocument".to_owned();
    assert_eq!(
        service.asked(),
        [(create.clone(), tagged), (create, members)]
    );
    let error = preferences.create("{}", &tags).await.unwrap_err();
    assert!(
        matches!(
            error,
            WriteError::Conflict {
                operation: "create"
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_document_is_deleted_whole_and_never_by_force() {
    let service = Service::answering([
        ok(json!({})),
        error("InvalidDocument"),
        error("InvalidDocumentOperation"),
    ]);
    let preferences = preferences(&service);
    preferences.delete().await.unwrap();
    assert_eq!(
        service.asked(),
        [(
            "DeleteDocument".to_owned(),
            json!({"Name": NAME, "Force": true})
        )]
    );
    preferences.delete().await.unwrap();
    let still_shared = preferences.delete().await.unwrap_err();
    assert!(
        matches!(
            still_shared,
            WriteError::Conflict {
                operation: "delete"
            }
        ),
        "{still_shared:?}"
    );
}

#[tokio::test]
async fn one_version_is_deleted_by_its_number() {
    let service = Service::answering([
        ok(json!({})),
        error("InvalidDocumentVersion"),
        error("InvalidDocument"),
        error("AccessDeniedException"),
    ]);
    let preferences = preferences(&service);
    for _ in 0..3 {
        preferences.delete_version(Version(2)).await.unwrap();
    }
    let members = json!({"Name": NAME, "DocumentVersion": "2"});
    assert_eq!(service.asked()[0], ("DeleteDocument".to_owned(), members));
    let WriteError::Port(error) = preferences.delete_version(Version(2)).await.unwrap_err() else {
        panic!("denied")
    };
    assert_eq!(error.class, FailureClass::Denied);
    assert!(
        error
            .to_string()
            .ends_with("`SSM-SessionManagerRunShell:2`"),
        "{error}"
    );
}

#[tokio::test]
async fn accounts_are_taken_off_twenty_at_a_time() {
    let accounts: Vec<String> = (0..45).map(|n| format!("1111222233{n:02}")).collect();
    let service = Service::answering(std::iter::repeat_n(ok(json!({})), 3));
    preferences(&service).unshare(&accounts).await.unwrap();
    let asked = service.asked();
    let removed = |call: usize| {
        asked[call].1["AccountIdsToRemove"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(
        (asked.len(), removed(0), removed(1), removed(2)),
        (3, 20, 20, 5)
    );
    assert_eq!(asked[2].1["AccountIdsToRemove"][4], "111122223344");
    assert_eq!(asked[0].1["PermissionType"], "Share");
    assert!(
        asked
            .iter()
            .all(|(call, members)| call == "ModifyDocumentPermission"
                && members.get("AccountIdsToAdd").is_none_or(Value::is_null))
    );
}

#[tokio::test]
async fn with_nobody_to_take_off_nothing_is_called() {
    let service = Service::answering([]);
    preferences(&service).unshare(&[]).await.unwrap();
    assert_eq!(service.calls(), 0);
}
