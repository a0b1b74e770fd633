//! What recording sees: IAM's resources and documents, in the shapes of Config's items. IAM's members begin with a
//! small letter there, policy documents are percent-encoded as in IAM's own answers.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::item::Observed;
use crate::ACCOUNT;
use crate::documents::document::Document;
use crate::iam::details::Details;
use crate::iam::text::{list, text};
use crate::trail::time::to_millisecond;

/// The types that are seen.
pub(crate) const OF_IAM: [&str; 4] = [
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
];
pub(crate) const DOCUMENT: &str = "AWS::SSM::Document";

/// Users, groups, roles and customer managed policies.
pub(crate) fn of_iam(details: &Details) -> Vec<Observed> {
    let [user, group, role, policy] = OF_IAM;
    let users = details.users.iter().map(|detail| {
        let configuration = with_nulls(spelled(detail), &["permissionsBoundary"]);
        global(user, "User", detail, configuration, &list(detail, "Tags"))
    });
    let groups = details
        .groups
        .iter()
        .map(|detail| global(group, "Group", detail, spelled(detail), &[]));
    let roles = details
        .roles
        .iter()
        .map(|detail| global(role, "Role", detail, of_role(detail), &list(detail, "Tags")));
    let policies = details.policies.iter().map(|detail| {
        let tags = details.policy_tags.get(text(detail, "Arn"));
        let tags = tags.map(Vec::as_slice).unwrap_or_default();
        global(policy, "Policy", detail, of_policy(detail, tags), tags)
    });
    users.chain(groups).chain(roles).chain(policies).collect()
}

fn global(
    kind: &'static str,
    noun: &str,
    detail: &Value,
    configuration: Value,
    tags: &[Value],
) -> Observed {
    Observed {
        kind,
        id: text(detail, &format!("{noun}Id")).to_owned(),
        name: text(detail, &format!("{noun}Name")).to_owned(),
        arn: text(detail, "Arn").to_owned(),
        region: "global".to_owned(),
        zone: "Not Applicable",
        created: time(text(detail, "CreateDate")),
        tags: tag_map(tags),
        configuration,
        unseen: Value::Null,
    }
}

fn of_role(detail: &Value) -> Value {
    let mut configuration = with_nulls(spelled(detail), &["permissionsBoundary", "roleLastUsed"]);
    let profiles = configuration
        .get_mut("instanceProfileList")
        .and_then(Value::as_array_mut);
    for role in profiles
        .into_iter()
        .flatten()
        .filter_map(|profile| profile.get_mut("roles"))
        .filter_map(Value::as_array_mut)
        .flatten()
    {
        // A role inside of a profile shows its trust and nothing else of its settings.
        let absent = [
            "description",
            "maxSessionDuration",
            "permissionsBoundary",
            "roleLastUsed",
        ];
        let shown = with_nulls(role.take(), &absent);
        *role = with(shown, "tags", json!([]));
    }
    configuration
}

fn of_policy(detail: &Value, tags: &[Value]) -> Value {
    let configuration = with_nulls(spelled(detail), &["description"]);
    with(
        configuration,
        "tags",
        json!(tags.iter().map(spelled).collect::<Vec<_>>()),
    )
}

/// A document: neither its content nor its versions are shown (awslabs/aws-config-resource-schema), yet they are what
/// changes. With whom it is shared is no property of the resource.
pub(crate) fn of_document(region: &str, document: &Document) -> Option<Observed> {
    let version = document.version(document.default).ok()?;
    let mut configuration = json!({
        "Name": document.name,
        "DocumentType": document.kind,
        "DocumentFormat": version.content.format.name(),
    });
    let optional = [
        ("TargetType", document.target_type.as_deref()),
        ("VersionName", version.name.as_deref()),
    ];
    for (member, value) in optional {
        if let Some(value) = value {
            configuration = with(configuration, member, json!(value));
        }
    }
    let versions: Vec<Value> = document
        .versions
        .values()
        .map(|version| json!([version.number, version.content.hash()]))
        .collect();
    let tags = document
        .tags
        .iter()
        .map(|(key, value)| (key.clone(), json!(value)));
    Some(Observed {
        kind: DOCUMENT,
        id: document.name.clone(),
        name: document.name.clone(),
        arn: format!("arn:aws:ssm:{region}:{ACCOUNT}:document/{}", document.name),
        region: region.to_owned(),
        zone: "Regional",
        created: document.created,
        tags: tags.collect(),
        configuration,
        unseen: json!({"default": document.default, "versions": versions}),
    })
}

/// IAM's members with a small first letter, times in milliseconds.
fn spelled(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| {
                    let member = match member.as_str() {
                        Some(date) if name.ends_with("Date") => {
                            Value::from(to_millisecond(time(date)))
                        }
                        _ => spelled(member),
                    };
                    (lower_first(name), member)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(spelled).collect()),
        other => other.clone(),
    }
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn with(mut value: Value, member: &str, new: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.insert(member.to_owned(), new);
    }
    value
}

/// Members that have no value are shown as null.
fn with_nulls(value: Value, members: &[&str]) -> Value {
    members.iter().fold(value, |value, member| {
        if value.get(member).is_some() {
            value
        } else {
            with(value, member, Value::Null)
        }
    })
}

fn tag_map(tags: &[Value]) -> Map<String, Value> {
    tags.iter()
        .map(|tag| (text(tag, "Key").to_owned(), json!(text(tag, "Value"))))
        .collect()
}

fn time(written: &str) -> Timestamp {
    written.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}
