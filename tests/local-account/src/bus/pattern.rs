//! Event patterns (EventBridge user guide, "Amazon EventBridge event patterns" and "Comparison operators").

use serde_json::{Map, Value};

use crate::access::policy::{glob, texts};

/// Whether an event matches a pattern.
pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    match pattern {
        Value::Object(pattern) => object(pattern, Some(event)),
        _ => false,
    }
}

fn object(pattern: &Map<String, Value>, event: Option<&Value>) -> bool {
    // A pattern over objects inside a list is met by any of them.
    if let Some(Value::Array(items)) = event {
        return items.iter().any(|item| object(pattern, Some(item)));
    }
    pattern
        .iter()
        .all(|(key, wanted)| match (key.as_str(), wanted) {
            ("$or", Value::Array(options)) => options.iter().any(|option| {
                option
                    .as_object()
                    .is_some_and(|option| object(option, event))
            }),
            (key, wanted) => member(wanted, event.and_then(|event| event.get(key))),
        })
}

fn member(wanted: &Value, value: Option<&Value>) -> bool {
    match wanted {
        Value::Object(nested) => object(nested, value),
        Value::Array(matchers) => leaf(matchers, value),
        _ => false,
    }
}

/// A leaf's matchers are alternatives, and so are the items of a list in the event. Objects and empty lists are
/// no leaves: for EventBridge they are absent.
fn leaf(matchers: &[Value], value: Option<&Value>) -> bool {
    let items: Vec<&Value> = match value {
        None | Some(Value::Object(_)) => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(scalar) => vec![scalar],
    };
    if items.is_empty() {
        return matchers
            .iter()
            .any(|matcher| matcher.get("exists") == Some(&Value::Bool(false)));
    }
    items
        .iter()
        .any(|item| matchers.iter().any(|matcher| one(matcher, item)))
}

fn one(matcher: &Value, value: &Value) -> bool {
    let Value::Object(operators) = matcher else {
        return equal(matcher, value);
    };
    operators.len() == 1
        && operators
            .iter()
            .all(|(operator, operand)| apply(operator, operand, value))
}

fn apply(operator: &str, operand: &Value, value: &Value) -> bool {
    match (operator, value.as_str()) {
        ("exists", _) => operand == &Value::Bool(true),
        ("anything-but", _) => anything_but(operand, value),
        ("numeric", _) => numeric(operand, value),
        ("prefix", Some(text)) => affix(operand, text, |text, part| text.starts_with(part)),
        ("suffix", Some(text)) => affix(operand, text, |text, part| text.ends_with(part)),
        ("equals-ignore-case", Some(text)) => operand
            .as_str()
            .is_some_and(|want| want.eq_ignore_ascii_case(text)),
        // EventBridge's wildcard is `*` alone, so a question mark stands for itself.
        ("wildcard", Some(text)) => operand.as_str().is_some_and(|want| star(want, text)),
        _ => false,
    }
}

fn star(pattern: &str, text: &str) -> bool {
    let literal = |text: &str| text.replace('?', "\u{1}");
    glob(&literal(pattern), &literal(text))
}

/// `"text"` or `{"equals-ignore-case": "text"}`.
fn affix(operand: &Value, text: &str, holds: fn(&str, &str) -> bool) -> bool {
    let ignoring_case = operand.get("equals-ignore-case").and_then(Value::as_str);
    match (operand.as_str(), ignoring_case) {
        (Some(part), _) => holds(text, part),
        (None, Some(part)) => holds(&text.to_lowercase(), &part.to_lowercase()),
        (None, None) => false,
    }
}

fn anything_but(operand: &Value, value: &Value) -> bool {
    match operand {
        Value::Array(excluded) => !excluded.iter().any(|excluded| equal(excluded, value)),
        Value::Object(operators) => {
            let Some((operator, excluded)) = operators.iter().next() else {
                return false;
            };
            // Each takes one text or a list of texts, and texts only.
            let excluded = texts(excluded);
            value.is_string()
                && !excluded
                    .iter()
                    .any(|excluded| apply(operator, &Value::from(excluded.as_str()), value))
        }
        scalar => !equal(scalar, value),
    }
}

/// `["=", 1]`, `[">", 0, "<=", 5]`.
fn numeric(operand: &Value, value: &Value) -> bool {
    let (Some(terms), Some(value)) = (operand.as_array(), value.as_f64()) else {
        return false;
    };
    !terms.is_empty()
        && terms.chunks(2).all(|term| match term {
            [operator, bound] => match (operator.as_str(), bound.as_f64()) {
                (Some("="), Some(bound)) => (value - bound).abs() < f64::EPSILON,
                (Some("<"), Some(bound)) => value < bound,
                (Some("<="), Some(bound)) => value <= bound,
                (Some(">"), Some(bound)) => value > bound,
                (Some(">="), Some(bound)) => value >= bound,
                _ => false,
            },
            _ => false,
        })
}

fn equal(wanted: &Value, value: &Value) -> bool {
    match (wanted.as_f64(), value.as_f64()) {
        (Some(wanted), Some(value)) => (wanted - value).abs() < f64::EPSILON,
        _ => wanted == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(pattern: &Value, event: &Value, expected: bool) {
        assert_eq!(matches(pattern, event), expected, "{pattern} {event}");
    }

    #[test]
    fn exact_values_are_alternatives_and_case_sensitive() {
        let pattern = json!({"detail": {"eventName": ["CreateDocument", "UpdateDocument"]}});
        check(
            &pattern,
            &json!({"detail": {"eventName": "UpdateDocument"}}),
            true,
        );
        check(
            &pattern,
            &json!({"detail": {"eventName": "updatedocument"}}),
            false,
        );
        check(&pattern, &json!({"detail": {}}), false);
        check(
            &pattern,
            &json!({"detail": {"eventName": ["x", "CreateDocument"]}}),
            true,
        );
    }

    #[test]
    fn every_member_of_the_pattern_must_match() {
        let pattern = json!({"source": ["aws.ssm"], "detail": {"n": [1]}});
        check(
            &pattern,
            &json!({"source": "aws.ssm", "detail": {"n": 1.0}}),
            true,
        );
        check(
            &pattern,
            &json!({"source": "aws.ssm", "detail": {"n": "1"}}),
            false,
        );
    }

    #[test]
    fn null_parameters_have_no_members() {
        let named = json!({"requestParameters": {"name": ["x"]}});
        let unnamed = json!({"requestParameters": {"name": [{"exists": false}]}});
        check(&named, &json!({"requestParameters": null}), false);
        check(&unnamed, &json!({"requestParameters": null}), true);
        check(&json!({"a": [null]}), &json!({"a": null}), true);
        check(&json!({"a": [null]}), &json!({}), false);
        check(&json!({"a": [{"exists": true}]}), &json!({"a": null}), true);
    }

    #[test]
    fn existence_is_asked_of_leaves() {
        let absent = json!({"errorCode": [{"exists": false}]});
        check(&absent, &json!({}), true);
        check(&absent, &json!({"errorCode": "AccessDenied"}), false);
        check(
            &json!({"a": [{"exists": true}]}),
            &json!({"a": {"b": 1}}),
            false,
        );
    }

    #[test]
    fn text_operators() {
        for (matcher, text, expected) in [
            (json!({"prefix": "ab"}), "abc", true),
            (json!({"suffix": ".json"}), "a.json", true),
            (json!({"prefix": {"equals-ignore-case": "AB"}}), "abc", true),
            (json!({"equals-ignore-case": "ABC"}), "abc", true),
            (
                json!({"wildcard": "*document/SSM-*"}),
                "on resource: x:document/SSM-Run because",
                true,
            ),
            (json!({"wildcard": "a?c"}), "abc", false),
            (json!({"anything-but": ["x", "abc"]}), "abc", false),
            (json!({"anything-but": "x"}), "abc", true),
            (json!({"anything-but": {"prefix": "ab"}}), "abc", false),
            (json!({"anything-but": {"suffix": ["x", "y"]}}), "abc", true),
            (json!({"unheard-of": "abc"}), "abc", false),
        ] {
            check(&json!({"a": [matcher]}), &json!({"a": text}), expected);
        }
    }

    #[test]
    fn anything_but_needs_a_value() {
        check(&json!({"a": [{"anything-but": "x"}]}), &json!({}), false);
    }

    #[test]
    fn numbers_lie_in_ranges() {
        let pattern = json!({"n": [{"numeric": [">", 0, "<=", 5]}]});
        check(&pattern, &json!({"n": 5}), true);
        check(&pattern, &json!({"n": 0}), false);
        check(&pattern, &json!({"n": "3"}), false);
    }

    #[test]
    fn one_of_the_alternatives_is_enough() {
        let pattern = json!({"$or": [{"a": ["x"]}, {"b": {"c": ["y"]}}], "d": ["z"]});
        check(&pattern, &json!({"b": {"c": "y"}, "d": "z"}), true);
        check(&pattern, &json!({"b": {"c": "x"}, "d": "z"}), false);
        check(&pattern, &json!({"a": "x"}), false);
    }

    #[test]
    fn objects_in_a_list_are_alternatives() {
        let pattern = json!({"resources": {"ARN": ["x"]}});
        check(
            &pattern,
            &json!({"resources": [{"ARN": "y"}, {"ARN": "x"}]}),
            true,
        );
    }
}
