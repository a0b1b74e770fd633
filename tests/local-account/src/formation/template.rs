//! Templates, with YAML's short forms of intrinsic functions written out.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// Reads a template in JSON or YAML.
pub(crate) fn read(text: &str) -> Option<Value> {
    if let Ok(template) = serde_json::from_str(text) {
        return Some(template);
    }
    let documents = Yaml::load_from_str(text).ok()?;
    value(documents.first()?)
}

fn value(node: &Yaml<'_>) -> Option<Value> {
    Some(match node {
        Yaml::Tagged(tag, inner) => written_out(&tag.suffix, value(inner)?),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(flag)) => Value::from(*flag),
        Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::from(f64::from(*number)),
        Yaml::Value(Scalar::String(text)) => Value::from(text.as_ref()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
        Yaml::Mapping(members) => {
            let members = members
                .iter()
                .map(|(key, member)| Some((key.as_str()?.to_owned(), value(member)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}

/// `!Ref x` is `{"Ref": "x"}`, `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`, `!Sub x` is `{"Fn::Sub": "x"}`
/// (CloudFormation template reference, "Intrinsic functions").
fn written_out(tag: &str, inner: Value) -> Value {
    match (tag, inner) {
        ("Ref" | "Condition", inner) => json!({ tag: inner }),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((&path, ""));
            json!({"Fn::GetAtt": [resource, attribute]})
        }
        (tag, inner) => json!({ format!("Fn::{tag}"): inner }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_written_out() {
        let text = "A: !Ref X\nB: !GetAtt Q.Arn\nC: !Sub 'a${X}'\nD: !If [On, 1, !Ref AWS::NoValue]\nE: !Not [!Equals [!Ref X, '']]\nF: !Condition On\n";
        assert_eq!(
            read(text).unwrap(),
            json!({
                "A": {"Ref": "X"},
                "B": {"Fn::GetAtt": ["Q", "Arn"]},
                "C": {"Fn::Sub": "a${X}"},
                "D": {"Fn::If": ["On", 1, {"Ref": "AWS::NoValue"}]},
                "E": {"Fn::Not": [{"Fn::Equals": [{"Ref": "X"}, ""]}]},
                "F": {"Condition": "On"},
            })
        );
    }
}
