//! Policy documents: which statements speak of a request, and what they say.

use serde_json::Value;

use super::condition::{Condition, decide};
use super::context::Context;

/// What a set of policies says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    /// Nothing allows it.
    NotAllowed,
    /// A statement denies it.
    Denied,
}

/// Who asks, where a resource's policy is decided.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asker<'a> {
    /// Identity policies have no `Principal`.
    Bearer,
    /// A service, for example `events.amazonaws.com`.
    Service(&'a str),
    /// A user or role of this account.
    Arn(&'a str),
}

/// One request as policies see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) asker: Asker<'a>,
    pub(crate) context: &'a Context,
}

/// Decides over all documents: a matching Deny wins, then a matching Allow, else nothing allows.
pub(crate) fn decide_all(documents: &[Value], request: &Request<'_>) -> Decision {
    let mut decision = Decision::NotAllowed;
    for statement in documents.iter().flat_map(statements) {
        if !applies(statement, request) {
            continue;
        }
        let condition = decide(statement.get("Condition"), request.context);
        match (statement.get("Effect").and_then(Value::as_str), condition) {
            // What is not known is taken against the caller.
            (Some("Deny"), Condition::Met | Condition::Unknown) => return Decision::Denied,
            (Some("Allow"), Condition::Met) => decision = Decision::Allowed,
            _ => {}
        }
    }
    decision
}

pub(crate) fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement) => vec![statement],
        None => Vec::new(),
    }
}

fn applies(statement: &Value, request: &Request<'_>) -> bool {
    let action = either(statement, "Action", "NotAction", |pattern| {
        glob(&pattern.to_lowercase(), &request.action.to_lowercase())
    });
    // A trust policy has no resource: it hangs on the role that it speaks of.
    let resource = (statement.get("Resource").is_none() && statement.get("NotResource").is_none())
        || either(statement, "Resource", "NotResource", |pattern| {
            glob(&request.context.fill(pattern), request.resource)
        });
    action && resource && asked_by(statement, request.asker)
}

fn either(
    statement: &Value,
    positive: &str,
    negative: &str,
    matches: impl Fn(&str) -> bool,
) -> bool {
    match (statement.get(positive), statement.get(negative)) {
        (Some(patterns), None) => texts(patterns).iter().any(|pattern| matches(pattern)),
        (None, Some(patterns)) => !texts(patterns).iter().any(|pattern| matches(pattern)),
        _ => false,
    }
}

fn asked_by(statement: &Value, asker: Asker<'_>) -> bool {
    let named = |kind: &str| {
        statement
            .get("Principal")
            .and_then(|principal| principal.get(kind))
            .map(texts)
            .unwrap_or_default()
    };
    let everybody = statement.get("Principal").and_then(Value::as_str) == Some("*");
    match asker {
        Asker::Bearer => true,
        Asker::Service(service) => {
            everybody
                || named("Service")
                    .iter()
                    .any(|name| name == service || name == "*")
        }
        Asker::Arn(arn) => {
            let root = format!("arn:aws:iam::{}:root", crate::ACCOUNT);
            everybody
                || named("AWS").iter().any(|name| {
                    name == "*" || name == arn || *name == root || name == crate::ACCOUNT
                })
        }
    }
}

/// A string, or a list of strings; booleans and numbers as their text.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Bool(_) | Value::Number(_) => vec![value.to_string()],
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// Matches `*` (any text) and `?` (one character), over the whole text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut reached = vec![true];
    reached.resize(pattern.len() + 1, false);
    close(&pattern, &mut reached);
    for character in text.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate() {
            if !reached.get(at).copied().unwrap_or(false) {
                continue;
            }
            let target = if *wanted == '*' { at } else { at + 1 };
            if (*wanted == '*' || *wanted == '?' || *wanted == character)
                && let Some(slot) = next.get_mut(target)
            {
                *slot = true;
            }
        }
        close(&pattern, &mut next);
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// A star also matches nothing.
fn close(pattern: &[char], reached: &mut [bool]) {
    for (at, wanted) in pattern.iter().enumerate() {
        if *wanted == '*'
            && reached.get(at).copied().unwrap_or(false)
            && let Some(slot) = reached.get_mut(at + 1)
        {
            *slot = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DOCUMENT: &str =
        "arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell";

    fn decide_update(statements: &Value) -> Decision {
        let context = Context::default().with("aws:username", Some("alice"));
        let request = Request {
            action: "ssm:UpdateDocument",
            resource: DOCUMENT,
            asker: Asker::Bearer,
            context: &context,
        };
        decide_all(
            &[json!({"Version": "2012-10-17", "Statement": statements})],
            &request,
        )
    }

    #[test]
    fn globs_match_over_the_whole_text() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a?c", "ac", false),
            ("a*", "ba", false),
            ("*.py*x", "a.py.x", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn deny_wins_over_allow() {
        let decision = decide_update(&json!([
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": ["SSM:update*"], "Resource": "arn:aws:ssm:*:*:document/SSM-*"}
        ]));
        assert_eq!(decision, Decision::Denied);
    }

    #[test]
    fn what_nothing_allows_is_not_allowed() {
        let other = json!({"Effect": "Allow", "Action": "ssm:*", "Resource": "arn:aws:ssm:*:*:document/other"});
        assert_eq!(decide_update(&other), Decision::NotAllowed);
        assert_eq!(
            decide_update(
                &json!({"Effect": "Allow", "NotAction": "ssm:UpdateDocument", "Resource": "*"})
            ),
            Decision::NotAllowed
        );
        assert_eq!(
            decide_update(&json!({"Effect": "Allow", "Action": "ssm:*", "NotResource": "*/other"})),
            Decision::Allowed
        );
    }

    #[test]
    fn unknown_conditions_go_against_the_caller() {
        let condition = json!({"StringEquals": {"aws:Unheard": "x"}});
        let allow =
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
        assert_eq!(decide_update(&allow), Decision::NotAllowed);
        let deny = json!([
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
        ]);
        assert_eq!(decide_update(&deny), Decision::Denied);
    }

    #[test]
    fn a_resource_policy_names_its_principals() {
        let context = Context::default();
        let request = Request {
            action: "lambda:InvokeFunction",
            resource: "f",
            asker: Asker::Service("events.amazonaws.com"),
            context: &context,
        };
        let statement = |service: &str| json!({"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "lambda:InvokeFunction", "Resource": "f"}]});
        assert_eq!(
            decide_all(&[statement("events.amazonaws.com")], &request),
            Decision::Allowed
        );
        assert_eq!(
            decide_all(&[statement("sns.amazonaws.com")], &request),
            Decision::NotAllowed
        );
    }
}
