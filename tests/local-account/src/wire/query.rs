//! Form parameters of the Query protocol, folded into one JSON value.

use serde_json::{Map, Value};

/// Folds `A.member.1.B=x` into `{"A": [{"B": "x"}]}`; `Action` and `Version` are left out.
///
/// The Query protocol numbers list members from 1 and writes maps as `entry.N.key` and `entry.N.value`
/// (Smithy specification, "AWS Query protocol").
pub(crate) fn fold<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    let mut root = Map::new();
    for (name, value) in pairs {
        if name != "Action" && name != "Version" {
            insert(&mut root, name, value);
        }
    }
    settle(Value::Object(root))
}

fn insert(node: &mut Map<String, Value>, path: &str, value: &str) {
    match path.split_once('.') {
        None => {
            node.insert(path.to_owned(), Value::from(value));
        }
        Some((head, rest)) => {
            let child = node
                .entry(head)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(child) = child {
                insert(child, rest, value);
            }
        }
    }
}

fn settle(value: Value) -> Value {
    let Value::Object(map) = value else {
        return value;
    };
    if map.len() == 1 {
        if let Some(members) = map.get("member") {
            return list(members.clone());
        }
        if let Some(entries) = map.get("entry") {
            return entry_map(entries.clone());
        }
    }
    if !map.is_empty() && map.keys().all(|key| key.parse::<u32>().is_ok()) {
        return list(Value::Object(map));
    }
    Value::Object(
        map.into_iter()
            .map(|(key, value)| (key, settle(value)))
            .collect(),
    )
}

fn list(members: Value) -> Value {
    let Value::Object(members) = members else {
        return Value::Array(vec![members]);
    };
    let mut numbered: Vec<(u32, Value)> = members
        .into_iter()
        .map(|(key, value)| (key.parse().unwrap_or(u32::MAX), settle(value)))
        .collect();
    numbered.sort_by_key(|(number, _)| *number);
    Value::Array(numbered.into_iter().map(|(_, value)| value).collect())
}

fn entry_map(entries: Value) -> Value {
    let Value::Array(entries) = list(entries) else {
        return Value::Null;
    };
    let pairs = entries.into_iter().filter_map(|entry| {
        let key = entry.get("key")?.as_str()?.to_owned();
        Some((key, entry.get("value").cloned().unwrap_or(Value::Null)))
    });
    Value::Object(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbered_members_become_lists_in_order() {
        let folded = fold([
            ("Action", "CreateRole"),
            ("RoleName", "r"),
            ("Tags.member.2.Key", "b"),
            ("Tags.member.1.Key", "a"),
            ("Attributes.entry.1.key", "DisplayName"),
            ("Attributes.entry.1.value", "x"),
            ("Flat.1", "one"),
        ]);
        assert_eq!(
            folded,
            json!({"RoleName": "r", "Tags": [{"Key": "a"}, {"Key": "b"}], "Attributes": {"DisplayName": "x"}, "Flat": ["one"]})
        );
    }
}
