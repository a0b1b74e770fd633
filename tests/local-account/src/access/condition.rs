//! The `Condition` element of a statement.

use serde_json::Value;

use super::context::Context;
use super::policy::{glob, texts};

/// What a condition comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Met,
    Unmet,
    /// An operator or key that this account does not know.
    Unknown,
}

/// Decides the whole element: every operator and every key must be met.
pub(crate) fn decide(element: Option<&Value>, context: &Context) -> Condition {
    let Some(element) = element else {
        return Condition::Met;
    };
    let Value::Object(operators) = element else {
        return Condition::Unknown;
    };
    let mut overall = Condition::Met;
    for (operator, keys) in operators {
        let Value::Object(keys) = keys else {
            return Condition::Unknown;
        };
        for (key, wanted) in keys {
            match decide_one(operator, key, &texts(wanted), context) {
                Condition::Met => {}
                Condition::Unmet => return Condition::Unmet,
                Condition::Unknown => overall = Condition::Unknown,
            }
        }
    }
    overall
}

fn decide_one(operator: &str, key: &str, wanted: &[String], context: &Context) -> Condition {
    let Some(values) = context.values(key) else {
        return Condition::Unknown;
    };
    let (operator, if_exists) = operator
        .strip_suffix("IfExists")
        .map_or((operator, false), |base| (base, true));
    if operator == "Null" {
        let absent = values.is_empty().to_string();
        return met(wanted.iter().any(|want| want.eq_ignore_ascii_case(&absent)));
    }
    let (operator, negated) = match operator {
        "StringNotEquals" => ("StringEquals", true),
        "StringNotLike" => ("StringLike", true),
        "StringNotEqualsIgnoreCase" => ("StringEqualsIgnoreCase", true),
        "ArnNotEquals" | "ArnNotLike" => ("ArnLike", true),
        other => (other, false),
    };
    let matches: fn(&str, &str) -> bool = match operator {
        "StringEquals" => |want, value| want == value,
        "StringEqualsIgnoreCase" | "Bool" => |want, value| want.eq_ignore_ascii_case(value),
        "StringLike" => glob,
        "ArnEquals" | "ArnLike" => arn_like,
        _ => return Condition::Unknown,
    };
    if values.is_empty() {
        // A negated operator is met by an absent key (IAM user guide, "Condition operators").
        return met(if_exists || negated);
    }
    let any = values.iter().any(|value| {
        wanted
            .iter()
            .any(|want| matches(&context.fill(want), value))
    });
    met(any != negated)
}

fn met(is_met: bool) -> Condition {
    if is_met {
        Condition::Met
    } else {
        Condition::Unmet
    }
}

/// Each of the six parts of an ARN is matched on its own (IAM user guide, "Amazon Resource Name condition
/// operators").
fn arn_like(pattern: &str, arn: &str) -> bool {
    let patterns: Vec<&str> = pattern.splitn(6, ':').collect();
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    patterns.len() == parts.len()
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| glob(pattern, part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn context() -> Context {
        Context::default()
            .with("aws:SourceAccount", Some("123456789012"))
            .with("lambda:SourceFunctionArn", None)
    }

    #[test]
    fn every_key_must_be_met() {
        let element =
            json!({"StringEquals": {"aws:SourceAccount": ["111122223333", "123456789012"]}});
        assert_eq!(decide(Some(&element), &context()), Condition::Met);
        let element = json!({"StringEquals": {"AWS:SourceAccount": "111122223333"}});
        assert_eq!(decide(Some(&element), &context()), Condition::Unmet);
    }

    #[test]
    fn an_absent_key_is_not_equal_to_anything() {
        let function = "arn:aws:lambda:eu-central-1:123456789012:function:guard";
        for (operator, expected) in [
            ("ArnEquals", Condition::Unmet),
            ("ArnEqualsIfExists", Condition::Met),
            ("ArnNotEquals", Condition::Met),
        ] {
            let element = json!({operator: {"lambda:SourceFunctionArn": function}});
            assert_eq!(decide(Some(&element), &context()), expected, "{operator}");
        }
    }

    #[test]
    fn an_unknown_key_or_operator_is_unknown() {
        for element in [
            json!({"StringEquals": {"aws:Nobody": "x"}}),
            json!({"IpAddress": {"aws:SourceAccount": "x"}}),
        ] {
            assert_eq!(decide(Some(&element), &context()), Condition::Unknown);
        }
    }

    #[test]
    fn a_wildcard_does_not_cross_the_parts_of_an_arn() {
        assert!(arn_like(
            "arn:aws:sns:*:123456789012:*",
            "arn:aws:sns:eu-central-1:123456789012:alerts"
        ));
        assert!(!arn_like(
            "arn:aws:*:alerts",
            "arn:aws:sns:eu-central-1:123456789012:alerts"
        ));
    }
}
