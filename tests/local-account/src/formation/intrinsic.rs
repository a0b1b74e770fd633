//! Intrinsic functions (CloudFormation template reference).

use std::fmt::Write;

use serde_json::{Map, Value};

/// Looks up what a template refers to; `None` when it is not known.
pub(crate) trait Lookup {
    /// A parameter's value, a pseudo parameter or a resource's physical id.
    fn reference(&self, name: &str) -> Option<Value>;
    /// An attribute of a resource.
    fn attribute(&self, resource: &str, attribute: &str) -> Option<Value>;
    /// Another stack's export.
    fn import(&self, name: &str) -> Option<Value>;
    /// A condition's definition.
    fn condition(&self, name: &str) -> Option<Value>;
    /// What stands in a mapping under two keys.
    fn mapped(&self, mapping: &str, key: &str, second: &str) -> Option<Value>;
}

/// Puts values in place of all functions; what is not known becomes null, what has no value is left out.
pub(crate) fn resolve(value: &Value, lookup: &impl Lookup) -> Value {
    match value {
        Value::Object(map) => function(map, lookup).unwrap_or_else(|| {
            let members = map.iter().filter(|(_, member)| !is_no_value(member));
            Value::Object(
                members
                    .map(|(key, member)| (key.clone(), resolve(member, lookup)))
                    .collect(),
            )
        }),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .filter(|item| !is_no_value(item))
                .map(|item| resolve(item, lookup))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_no_value(value: &Value) -> bool {
    value.get("Ref").and_then(Value::as_str) == Some("AWS::NoValue")
}

/// `None` when the map is no function.
fn function(map: &Map<String, Value>, lookup: &impl Lookup) -> Option<Value> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    let name = name
        .strip_prefix("Fn::")
        .or((name == "Ref" || name == "Condition").then_some(name.as_str()))?;
    let result = match name {
        "Ref" => lookup.reference(argument.as_str()?),
        // A plain member may be called Condition too, as in a policy's statement.
        "Condition" => Some(holds(&lookup.condition(argument.as_str()?)?, lookup).into()),
        "GetAtt" => get_attribute(argument, lookup),
        "FindInMap" => find_in_map(&resolve(argument, lookup), lookup),
        "ImportValue" => resolve(argument, lookup)
            .as_str()
            .and_then(|export| lookup.import(export)),
        "Sub" => substitute(argument, lookup),
        "Join" => join(&resolve(argument, lookup)),
        "Split" => split(&resolve(argument, lookup)),
        "Select" => select(&resolve(argument, lookup)),
        "If" => choose(argument, lookup),
        "Equals" | "Not" | "And" | "Or" => Some(holds(&Value::Object(map.clone()), lookup).into()),
        _ => None,
    };
    Some(result.unwrap_or(Value::Null))
}

fn get_attribute(argument: &Value, lookup: &impl Lookup) -> Option<Value> {
    match argument {
        Value::String(path) => path
            .split_once('.')
            .and_then(|(resource, attribute)| lookup.attribute(resource, attribute)),
        other => lookup.attribute(other.get(0)?.as_str()?, other.get(1)?.as_str()?),
    }
}

fn find_in_map(argument: &Value, lookup: &impl Lookup) -> Option<Value> {
    let text = |place: usize| argument.get(place)?.as_str();
    lookup.mapped(text(0)?, text(1)?, text(2)?)
}

/// `"text"` or `["text", {"Name": value}]`; `${!x}` stands for `${x}`.
fn substitute(argument: &Value, lookup: &impl Lookup) -> Option<Value> {
    let text = argument.as_str().or_else(|| argument.get(0)?.as_str())?;
    let own = argument
        .get(1)
        .map(|own| resolve(own, lookup))
        .unwrap_or_default();
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        if let Some(literal) = name.strip_prefix('!') {
            // Writing into a String cannot fail.
            let _ = write!(out, "${{{literal}}}");
        } else {
            let known = own
                .get(name)
                .cloned()
                .or_else(|| match name.split_once('.') {
                    Some((resource, attribute)) => lookup.attribute(resource, attribute),
                    None => lookup.reference(name),
                });
            out.push_str(&plain(&known?));
        }
        out.push_str(rest);
    }
    Some(Value::from(out))
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn join(argument: &Value) -> Option<Value> {
    let parts: Vec<String> = argument.get(1)?.as_array()?.iter().map(plain).collect();
    Some(Value::from(parts.join(argument.get(0)?.as_str()?)))
}

fn split(argument: &Value) -> Option<Value> {
    let separator = argument.get(0)?.as_str()?;
    Some(
        argument
            .get(1)?
            .as_str()?
            .split(separator)
            .map(Value::from)
            .collect(),
    )
}

fn select(argument: &Value) -> Option<Value> {
    let index: usize = plain(argument.get(0)?).parse().ok()?;
    argument.get(1)?.get(index).cloned()
}

fn choose(argument: &Value, lookup: &impl Lookup) -> Option<Value> {
    let condition = lookup.condition(argument.get(0)?.as_str()?)?;
    let branch = if holds(&condition, lookup) { 1 } else { 2 };
    Some(resolve(argument.get(branch)?, lookup))
}

/// Whether a condition's definition holds.
pub(crate) fn holds(definition: &Value, lookup: &impl Lookup) -> bool {
    let all = |name: &str| definition.get(name).and_then(Value::as_array);
    if let Some([left, right]) = all("Fn::Equals").map(Vec::as_slice) {
        plain(&resolve(left, lookup)) == plain(&resolve(right, lookup))
    } else if let Some([inner]) = all("Fn::Not").map(Vec::as_slice) {
        !holds(inner, lookup)
    } else if let Some(inner) = all("Fn::And") {
        inner.iter().all(|inner| holds(inner, lookup))
    } else if let Some(inner) = all("Fn::Or") {
        inner.iter().any(|inner| holds(inner, lookup))
    } else if let Some(name) = definition.get("Condition").and_then(Value::as_str) {
        lookup
            .condition(name)
            .is_some_and(|definition| holds(&definition, lookup))
    } else {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Example;

    impl Lookup for Example {
        fn reference(&self, name: &str) -> Option<Value> {
            (name == "Name").then(|| json!("guard"))
        }
        fn attribute(&self, resource: &str, attribute: &str) -> Option<Value> {
            ((resource, attribute) == ("Queue", "Arn")).then(|| json!("arn:queue"))
        }
        fn import(&self, name: &str) -> Option<Value> {
            (name == "guard-topic").then(|| json!("arn:topic"))
        }
        fn condition(&self, name: &str) -> Option<Value> {
            (name == "Named").then(|| json!({"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]}))
        }
        fn mapped(&self, mapping: &str, key: &str, second: &str) -> Option<Value> {
            ((mapping, key, second) == ("Rules", "guard", "Types")).then(|| json!(["a", "b"]))
        }
    }

    fn check(value: &Value, expected: &Value) {
        assert_eq!(&resolve(value, &Example), expected);
    }

    #[test]
    fn references_are_replaced() {
        check(
            &json!({"a": {"Ref": "Name"}, "b": {"Fn::GetAtt": ["Queue", "Arn"]}}),
            &json!({"a": "guard", "b": "arn:queue"}),
        );
        check(
            &json!({"Fn::Sub": "${Name}-${Queue.Arn}-${!Literal}"}),
            &json!("guard-arn:queue-${Literal}"),
        );
        check(
            &json!({"Fn::Sub": ["${X}", {"X": {"Ref": "Name"}}]}),
            &json!("guard"),
        );
        check(
            &json!({"Fn::ImportValue": {"Fn::Sub": "${Name}-topic"}}),
            &json!("arn:topic"),
        );
    }

    #[test]
    fn mappings_are_looked_up_under_what_a_reference_says() {
        check(
            &json!({"Fn::FindInMap": ["Rules", {"Ref": "Name"}, "Types"]}),
            &json!(["a", "b"]),
        );
        check(
            &json!({"Fn::FindInMap": ["Rules", "none", "Types"]}),
            &json!(null),
        );
    }

    #[test]
    fn lists_are_joined_split_and_selected_from() {
        check(
            &json!({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}),
            &json!("a-guard"),
        );
        check(
            &json!({"Fn::Select": ["1", {"Fn::Split": [":", "a:b"]}]}),
            &json!("b"),
        );
    }

    #[test]
    fn conditions_choose() {
        check(&json!({"Fn::If": ["Named", "yes", "no"]}), &json!("yes"));
        check(&json!([1, {"Ref": "AWS::NoValue"}]), &json!([1]));
    }

    #[test]
    fn what_is_not_known_is_null() {
        check(&json!({"a": {"Ref": "Nobody"}}), &json!({"a": null}));
    }
}
