use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::inventory::{Document, Library, Need, Source, Unknown};

const DOCUMENT: &str = r#"{"Version":"2012-10-17",
"Statement":[{"Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]}"#;

fn encoded() -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    DOCUMENT.bytes().map(encode).collect()
}

fn user() -> Value {
    json!({
        "path": "/",
        "userName": "alice",
        "userId": "AIDACKCEVSQ6C2EXAMPLE",
        "arn": "arn:aws:iam::123456789012:user/alice",
        "createDate": "2024-05-01T00:00:00.000Z",
        "userPolicyList": [{ "policyName": "inline", "policyDocument": encoded() }],
        "groupList": ["ops"],
        "attachedManagedPolicies": [],
        "permissionsBoundary": {
            "permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/Boundary",
            "permissionsBoundaryType": "Policy"
        },
        "tags": [{ "key": "Team", "value": "web" }]
    })
}

fn group() -> Value {
    json!({
        "path": "/",
        "groupName": "ops",
        "groupId": "AGPACKCEVSQ6C2EXAMPLE",
        "arn": "arn:aws:iam::123456789012:group/ops",
        "groupPolicyList": [],
        "attachedManagedPolicies": [
            { "policyName": "AmazonSSMFullAccess", "policyArn": "arn:aws:iam::aws:policy/AmazonSSMFullAccess" }
        ]
    })
}

fn policy() -> Value {
    json!({
        "policyName": "SessionUsers",
        "policyId": "ANPACKCEVSQ6C2EXAMPLE",
        "arn": "arn:aws:iam::123456789012:policy/SessionUsers",
        "defaultVersionId": "v2",
        "policyVersionList": [
            { "document": encoded(), "versionId": "v2", "isDefaultVersion": true },
            { "document": "%7B%7D", "versionId": "v1", "isDefaultVersion": false }
        ]
    })
}

fn refused(kind: BearerKind, configuration: &Value) -> String {
    let error = entity(kind, &configuration.to_string()).unwrap_err();
    InventoryError { at: None, ..error }.to_string()
}

#[test]
fn an_object_and_a_string_of_it_are_the_same() {
    let object = user().to_string();
    let string = Value::from(object.clone()).to_string();
    let read = entity(BearerKind::User, &object).unwrap();
    assert_eq!(read.name(), "alice");
    assert_eq!(
        read.tags,
        Some(BTreeMap::from([("Team".to_owned(), "web".to_owned())]))
    );
    assert_eq!(read.inline[0].1, Document::read(DOCUMENT));
    assert!(read.inline[0].1.known().is_some());
    assert_eq!(entity(BearerKind::User, &string).unwrap(), read);
}

#[test]
fn questions_are_answered_until_there_are_none() {
    let user = entity(BearerKind::User, &user().to_string()).unwrap();
    let mut library = Library::default();
    let boundary = "arn:aws:iam::123456789012:policy/Boundary";
    assert_eq!(
        library.needs(&user),
        [
            Need::ManagedPolicy(boundary.to_owned()),
            Need::Group("ops".to_owned())
        ]
    );
    let group = entity(BearerKind::Group, &group().to_string()).unwrap();
    library.add_group("ops", Ok(group));
    library.add_policy(boundary, Document::read(DOCUMENT));
    let full = "arn:aws:iam::aws:policy/AmazonSSMFullAccess";
    assert_eq!(library.needs(&user), [Need::ManagedPolicy(full.to_owned())]);

    let half = library.bearer(user.clone());
    let source = Source::GroupManaged {
        group: "ops".to_owned(),
        arn: full.to_owned(),
    };
    assert_eq!(
        half.unknown().collect::<Vec<_>>(),
        [(&source, &Unknown::Unasked)]
    );

    library.add_policy(full, Document::read(DOCUMENT));
    assert_eq!(library.needs(&user), []);
    let bearer = library.bearer(user);
    assert_eq!(bearer.unknown().count(), 0);
    assert_eq!(bearer.policies.len(), 2);
    assert!(bearer.boundary.unwrap().document.known().is_some());
}

#[test]
fn a_question_that_could_not_be_answered_stays_unknown() {
    let user = entity(BearerKind::User, &user().to_string()).unwrap();
    let mut library = Library::default();
    let why = Unknown::Unavailable {
        why: "`GetGroup` was denied".to_owned(),
    };
    library.add_group("ops", Err(why.clone()));
    let bearer = library.bearer(user);
    let group = Source::Group {
        group: "ops".to_owned(),
    };
    let unknown: Vec<_> = bearer.unknown().collect();
    assert!(unknown.contains(&(&group, &why)), "{unknown:?}");
}

#[test]
fn the_default_version_of_a_policy_is_decoded() {
    let policy = managed_policy(&policy().to_string()).unwrap();
    assert_eq!(policy.arn, "arn:aws:iam::123456789012:policy/SessionUsers");
    assert_eq!(policy.document, Document::read(DOCUMENT));
}

#[test]
fn nothing_is_concluded_from_what_was_not_recorded() {
    let lacking = |member: &str| {
        let mut user = user();
        user.as_object_mut().unwrap().remove(member).unwrap();
        user
    };
    for member in ["userPolicyList", "attachedManagedPolicies", "groupList"] {
        let told = refused(BearerKind::User, &lacking(member));
        assert!(
            told.starts_with(&format!("found no `{member}`, expected ")),
            "{told}"
        );
    }
    let untagged = entity(BearerKind::User, &lacking("tags").to_string()).unwrap();
    assert_eq!(untagged.tags, None);
}

#[test]
fn wrong_configurations_are_refused_with_the_place() {
    let with = |pointer: &str, value: Value| {
        let mut user = user();
        *user.pointer_mut(pointer).unwrap() = value;
        user
    };
    assert_eq!(
        refused(
            BearerKind::User,
            &with("/userPolicyList/0/policyName", json!([]))
        ),
        "userPolicyList[0].policyName: found a list, expected a string"
    );
    assert_eq!(
        refused(BearerKind::User, &with("/permissionsBoundary", json!({}))),
        "permissionsBoundary: found no `permissionsBoundaryArn`, expected the ARN of a managed policy"
    );
    assert_eq!(
        refused(BearerKind::User, &with("/userName", json!("bob"))),
        "userName: found `bob`, expected the name in `arn:aws:iam::123456789012:user/alice`"
    );
    assert_eq!(
        refused(BearerKind::Role, &user()),
        "arn: found `arn:aws:iam::123456789012:user/alice`, expected the ARN of a role"
    );
    assert_eq!(
        refused(BearerKind::User, &json!(null)),
        "found null, expected an object"
    );
    let misspelt = user()
        .to_string()
        .replace("userPolicyList", "UserPolicyList");
    let error = entity(BearerKind::User, &misspelt).unwrap_err().to_string();
    assert!(
        error.ends_with("found `UserPolicyList`, expected `userPolicyList`"),
        "{error}"
    );
    let more = format!("{} {{}}", user());
    let error = entity(BearerKind::User, &more).unwrap_err().to_string();
    assert!(error.ends_with("no JSON: trailing characters"), "{error}");
}
