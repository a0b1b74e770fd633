use serde_json::json;

use super::*;

const NAME: &str = "SSM-SessionManagerRunShell";

fn content(description: &str, minutes: u32) -> String {
    json!({
        "schemaVersion": "1.0", "description": description, "sessionType": "Standard_Stream",
        "inputs": {"idleSessionTimeout": minutes.to_string()},
    })
    .to_string()
}

fn ask(documents: &Documents, operation: &str, mut input: Value) -> Result<Value, Refusal> {
    input["Name"] = json!(NAME);
    documents
        .answer(&ApiCall::example("ssm", operation, &input))
        .unwrap()
}

fn code(documents: &Documents, operation: &str, input: Value) -> String {
    ask(documents, operation, input).unwrap_err().code
}

/// A document with versions 1 to `versions`, of as many minutes.
fn filled(versions: u32) -> Documents {
    let documents = Documents::default();
    ask(
        &documents,
        "CreateDocument",
        json!({"DocumentType": "Session", "Content": content("d", 1)}),
    )
    .unwrap();
    for minutes in 2..=versions {
        update(&documents, "$LATEST", &content("d", minutes)).unwrap();
    }
    documents
}

fn update(documents: &Documents, version: &str, content: &str) -> Result<Value, Refusal> {
    ask(
        documents,
        "UpdateDocument",
        json!({"DocumentVersion": version, "Content": content}),
    )
}

fn described(documents: &Documents) -> (String, String) {
    let answer = ask(documents, "DescribeDocument", json!({})).unwrap();
    let text = |member: &str| answer["Document"][member].as_str().unwrap().to_owned();
    (text("LatestVersion"), text("DefaultVersion"))
}

#[test]
fn a_missing_document_is_an_invalid_document() {
    for operation in [
        "GetDocument",
        "DescribeDocument",
        "UpdateDocument",
        "DeleteDocument",
        "ListDocumentVersions",
    ] {
        assert_eq!(
            code(&Documents::default(), operation, json!({})),
            "InvalidDocument",
            "{operation}"
        );
    }
}

#[test]
fn only_the_latest_version_is_updated() {
    let documents = filled(2);
    assert_eq!(
        update(&documents, "1", &content("d", 9)).unwrap_err().code,
        "InvalidDocumentVersion"
    );
    let answer = update(&documents, "2", &content("d", 9)).unwrap();
    assert_eq!(answer["DocumentDescription"]["DocumentVersion"], "3");
    assert_eq!(described(&documents), ("3".to_owned(), "1".to_owned()));
}

#[test]
fn default_and_latest_are_read_apart() {
    let documents = filled(2);
    for (version, minutes) in [("$DEFAULT", "1"), ("$LATEST", "2"), ("1", "1")] {
        let answer = ask(
            &documents,
            "GetDocument",
            json!({"DocumentVersion": version}),
        )
        .unwrap();
        let content: Value = serde_json::from_str(answer["Content"].as_str().unwrap()).unwrap();
        assert_eq!(content["inputs"]["idleSessionTimeout"], minutes);
    }
    ask(
        &documents,
        "UpdateDocumentDefaultVersion",
        json!({"DocumentVersion": "2"}),
    )
    .unwrap();
    assert_eq!(described(&documents), ("2".to_owned(), "2".to_owned()));
    assert_eq!(
        code(
            &documents,
            "UpdateDocumentDefaultVersion",
            json!({"DocumentVersion": "$LATEST"})
        ),
        "ValidationException"
    );
    assert_eq!(
        code(
            &documents,
            "UpdateDocumentDefaultVersion",
            json!({"DocumentVersion": "7"})
        ),
        "InvalidDocumentVersion"
    );
}

#[test]
fn the_same_content_is_a_duplicate_by_either_rule() {
    let documents = filled(2);
    assert_eq!(
        update(&documents, "$LATEST", &content("d", 2))
            .unwrap_err()
            .code,
        "DuplicateDocumentContent"
    );
    documents.limits.lock().duplicates = DuplicateContent::AnyVersion;
    assert_eq!(
        update(&documents, "$LATEST", &content("d", 1))
            .unwrap_err()
            .code,
        "DuplicateDocumentContent"
    );
    assert!(update(&documents, "$LATEST", &content("another", 1)).is_ok());
    documents.limits.lock().duplicates = DuplicateContent::LatestOnly;
    assert!(update(&documents, "$LATEST", &content("d", 1)).is_ok());
}

#[test]
fn versions_are_limited_until_one_is_deleted() {
    let documents = filled(3);
    documents.limits.lock().versions = 3;
    assert_eq!(
        update(&documents, "$LATEST", &content("d", 9))
            .unwrap_err()
            .code,
        "DocumentVersionLimitExceeded"
    );
    ask(
        &documents,
        "DeleteDocument",
        json!({"DocumentVersion": "2"}),
    )
    .unwrap();
    assert!(update(&documents, "$LATEST", &content("d", 9)).is_ok());
}

#[test]
fn the_default_version_and_shared_documents_are_not_deleted() {
    let documents = filled(2);
    assert_eq!(
        code(
            &documents,
            "DeleteDocument",
            json!({"DocumentVersion": "1"})
        ),
        "InvalidDocumentOperation"
    );
    ask(
        &documents,
        "ModifyDocumentPermission",
        json!({"PermissionType": "Share", "AccountIdsToAdd": ["All", "111122223333"]}),
    )
    .unwrap();
    assert_eq!(
        code(&documents, "DeleteDocument", json!({})),
        "InvalidDocumentOperation"
    );
    let shared = ask(
        &documents,
        "DescribeDocumentPermission",
        json!({"PermissionType": "Share"}),
    )
    .unwrap();
    assert_eq!(shared["AccountIds"], json!(["111122223333", "all"]));
    let remove = json!({"PermissionType": "Share", "AccountIdsToAdd": ["all"], "AccountIdsToRemove": ["all", "111122223333"]});
    ask(&documents, "ModifyDocumentPermission", remove).unwrap();
    assert!(ask(&documents, "DeleteDocument", json!({})).is_ok());
    assert_eq!(
        code(&documents, "GetDocument", json!({})),
        "InvalidDocument"
    );
}

#[test]
fn versions_are_listed_fifty_a_page_and_without_a_hash() {
    let documents = filled(60);
    let first = ask(&documents, "ListDocumentVersions", json!({})).unwrap();
    assert_eq!(first["DocumentVersions"].as_array().unwrap().len(), 50);
    assert_eq!(first["DocumentVersions"][0]["DocumentVersion"], "60");
    assert!(first["DocumentVersions"][0].get("Hash").is_none());
    let second = ask(
        &documents,
        "ListDocumentVersions",
        json!({"NextToken": first["NextToken"]}),
    )
    .unwrap();
    assert_eq!(second["DocumentVersions"][9]["IsDefaultVersion"], true);
}

#[test]
fn a_new_version_becomes_active_after_some_descriptions() {
    let documents = filled(1);
    documents.limits.lock().activation_polls = 2;
    update(&documents, "$LATEST", &content("d", 2)).unwrap();
    let statuses: Vec<Value> = (0..3)
        .map(|_| {
            ask(
                &documents,
                "DescribeDocument",
                json!({"DocumentVersion": "$LATEST"}),
            )
            .unwrap()["Document"]["Status"]
                .clone()
        })
        .collect();
    assert_eq!(
        statuses,
        [json!("Updating"), json!("Updating"), json!("Active")]
    );
}

#[test]
fn versions_begin_again_when_a_document_is_created_again() {
    let documents = filled(3);
    ask(&documents, "DeleteDocument", json!({})).unwrap();
    ask(
        &documents,
        "CreateDocument",
        json!({"DocumentType": "Command", "Content": r#"{"schemaVersion": "2.2"}"#}),
    )
    .unwrap();
    assert_eq!(described(&documents), ("1".to_owned(), "1".to_owned()));
    assert_eq!(
        code(&documents, "CreateDocument", json!({"Content": "{}"})),
        "DocumentAlreadyExists"
    );
}

#[test]
fn documents_of_another_region_are_other_documents() {
    let documents = filled(1);
    let mut elsewhere = ApiCall::example("ssm", "GetDocument", &json!({"Name": NAME}));
    elsewhere.region = "us-east-1".into();
    assert_eq!(
        documents.answer(&elsewhere).unwrap().unwrap_err().code,
        "InvalidDocument"
    );
}

#[test]
fn tags_survive_updates_and_go_with_the_document() {
    let documents = filled(1);
    let tag = |operation: &str, extra: Value| {
        let mut input = json!({"ResourceType": "Document", "ResourceId": NAME});
        input
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        documents
            .answer(&ApiCall::example("ssm", operation, &input))
            .unwrap()
            .unwrap()
    };
    tag(
        "AddTagsToResource",
        json!({"Tags": [{"Key": "owner", "Value": "security"}]}),
    );
    update(&documents, "$LATEST", &content("d", 2)).unwrap();
    assert_eq!(
        tag("ListTagsForResource", json!({}))["TagList"],
        json!([{"Key": "owner", "Value": "security"}])
    );
    tag("RemoveTagsFromResource", json!({"TagKeys": ["owner"]}));
    assert_eq!(tag("ListTagsForResource", json!({}))["TagList"], json!([]));
}
