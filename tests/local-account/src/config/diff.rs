//! `configurationItemDiff`: what changed between two items.

use serde_json::{Map, Value, json};

use super::item::{Item, Status};

/// Names each member of the configuration that differs, and each element of a list that came or went.
pub(crate) fn between(before: Option<&Item>, after: &Item) -> Value {
    let mut changed = Map::new();
    if let (Some(before), Status::Ok) = (before, after.status) {
        let (before, after) = (
            &before.resource.configuration,
            &after.resource.configuration,
        );
        let members = after.as_object().into_iter().flatten();
        for (member, new) in members {
            let old = before.get(member).unwrap_or(&Value::Null);
            let name = format!("Configuration.{}", upper_first(member));
            match (old, new) {
                (Value::Array(old), Value::Array(new)) => elements(&mut changed, &name, old, new),
                (old, new) if old != new => {
                    changed.insert(name, change(old, new));
                }
                _ => {}
            }
        }
    }
    json!({"changedProperties": changed, "changeType": after.status.change_type()})
}

fn elements(changed: &mut Map<String, Value>, name: &str, old: &[Value], new: &[Value]) {
    let gone = old.iter().filter(|element| !new.contains(element));
    let come = new.iter().filter(|element| !old.contains(element));
    let both = gone
        .map(|element| change(element, &Value::Null))
        .chain(come.map(|element| change(&Value::Null, element)));
    for (place, change) in both.enumerate() {
        changed.insert(format!("{name}.{place}"), change);
    }
}

fn change(old: &Value, new: &Value) -> Value {
    let kind = match (old, new) {
        (Value::Null, _) => "CREATE",
        (_, Value::Null) => "DELETE",
        _ => "UPDATE",
    };
    json!({"previousValue": old, "updatedValue": new, "changeType": kind})
}

fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::item::Observed;
    use jiff::Timestamp;

    fn item(status: Status, configuration: Value) -> Item {
        let resource = Observed {
            kind: "AWS::IAM::Role",
            id: "AROAEXAMPLE".into(),
            name: "web".into(),
            arn: "arn:aws:iam::123456789012:role/web".into(),
            region: "global".into(),
            zone: "Not Applicable",
            created: Timestamp::UNIX_EPOCH,
            tags: Map::new(),
            configuration,
            unseen: Value::Null,
        };
        Item {
            resource,
            status,
            captured: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_came_and_went_is_named() {
        let before = item(
            Status::Discovered,
            json!({"path": "/", "attachedManagedPolicies": ["a", "b"], "permissionsBoundary": null}),
        );
        let after = item(
            Status::Ok,
            json!({"path": "/", "attachedManagedPolicies": ["b", "c"], "permissionsBoundary": "p"}),
        );
        assert_eq!(
            between(Some(&before), &after),
            json!({"changeType": "UPDATE", "changedProperties": {
                "Configuration.AttachedManagedPolicies.0": {"previousValue": "a", "updatedValue": null, "changeType": "DELETE"},
                "Configuration.AttachedManagedPolicies.1": {"previousValue": null, "updatedValue": "c", "changeType": "CREATE"},
                "Configuration.PermissionsBoundary": {"previousValue": null, "updatedValue": "p", "changeType": "CREATE"},
            }})
        );
    }

    #[test]
    fn a_deletion_names_nothing() {
        let before = item(Status::Ok, json!({"path": "/"}));
        let after = item(Status::Deleted, json!({"path": "/"}));
        assert_eq!(
            between(Some(&before), &after),
            json!({"changeType": "DELETE", "changedProperties": {}})
        );
    }
}
