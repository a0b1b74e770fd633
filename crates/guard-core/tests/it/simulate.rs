//! Lines are decided on as the values that they hold, and whatever else they hold is refused.

use guard_core::access::Decision;
use guard_core::simulate::answer;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::access::case::{Ask, PoliciesForm, Values, because, outcome};
use super::access::cases;

/// A policy case's question as a line.
fn line(policies: &PoliciesForm, ask: &Ask) -> String {
    let keys = ask.context.iter().map(|(key, values)| {
        let values = match values {
            Values::One(value) => json!(value),
            Values::Many(values) => json!(values),
        };
        (key.clone(), values)
    });
    let mut request = Map::new();
    request.insert("action".to_owned(), json!(ask.action));
    request.insert("resource".to_owned(), json!(ask.resource));
    request.insert("context".to_owned(), Value::Object(keys.collect()));
    let principal = ask.principal.as_ref();
    request.extend(principal.map(|principal| ("principal".to_owned(), json!(principal))));
    let mut line = json!({
        "request": request,
        "identity": policies.identity,
        "scp": policies.scp,
        "unknown": ask.unknown,
    });
    let resource = policies.resource.as_ref().or(policies.trust.as_ref());
    for (member, value) in [
        ("boundary", policies.boundary.as_ref().map(|it| json!(it))),
        ("session", policies.session.as_ref().map(|it| json!(it))),
        ("resourcePolicy", resource.cloned()),
    ] {
        if let Some(value) = value {
            line[member] = value;
        }
    }
    line.to_string()
}

#[test]
fn every_access_case_comes_true_as_a_line() {
    let mut n_decided = 0;
    for (name, case) in cases::all() {
        for ask in &case.asks {
            let line = line(&case.policies, ask);
            let ruling = match answer(&line, 1).ruling {
                Ok(ruling) => ruling,
                // Callers that are none are nobody to the engine and resources are any text; both are refused here.
                Err(error)
                    if ["request.principal", "request.resource"].contains(&error.path.as_str()) =>
                {
                    continue;
                }
                Err(error) => panic!("{name}: {error}: {line}"),
            };
            let decision = Decision {
                outcome: ruling.outcome,
                because: ruling.because.iter().map(|reason| reason.at).collect(),
                on: ruling.on,
            };
            assert_eq!(outcome(&decision), ask.outcome, "{name}: {line}");
            assert_eq!(because(&decision), ask.because, "{name}: {line}");
            n_decided += 1;
        }
    }
    assert!(n_decided > 0);
}

const SOUND: &str = r#"{"id": [1, "x"], "request": {"principal": "arn:aws:iam::123456789012:user/ann", "action": "ssm:StartSession", "resource": "arn:aws:ssm:eu-central-1:123456789012:document/d", "context": {"aws:username": "ann", "k:n": [1.5, true]}}, "identity": [{"Version": "2012-10-17", "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["ssm:*"], "Resource": "*", "Condition": {"StringLike": {"k:u": "a*"}}}]}], "boundary": ["%7B%22Statement%22%3A%5B%5D%7D"], "scp": [[]], "unknown": ["k:u"]}"#;

/// Whether a value of a line holds something that no line has: the other way round than it is read.
fn is_strange(line: &Value) -> bool {
    let has_only = |value: &Value, names: &[&str]| {
        let members = value.as_object();
        members.is_some_and(|it| it.keys().all(|key| names.contains(&key.as_str())))
    };
    let names = "id request identity boundary session scp resourcePolicy unknown";
    let names: Vec<_> = names.split(' ').collect();
    !has_only(line, &names)
        || !has_only(
            &line["request"],
            &["principal", "action", "resource", "context"],
        )
        || !line["request"]["action"].is_string()
        || !line["request"]["resource"].is_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_changed_line_is_decided_on_or_refused(
        changes in prop::collection::vec((0..SOUND.len(), prop::option::of(any::<char>()), prop::sample::select(b"{}[]\":,\\ae0*\n".as_slice())), 1..4),
        is_cut in any::<bool>(),
    ) {
        let mut line: Vec<char> = SOUND.chars().collect();
        for (place, any, likely) in &changes {
            line[*place] = any.unwrap_or(char::from(*likely));
        }
        if is_cut {
            line.truncate(changes[0].0);
        }
        let line: String = line.into_iter().collect();
        let answer = answer(&line, 7);
        let told = serde_json::to_value(&answer).unwrap();
        let members: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
        if answer.ruling.is_ok() {
                prop_assert_eq!(members, ["id", "decision", "because", "on"]);
                let value: Value = serde_json::from_str(&line).unwrap();
                prop_assert!(!is_strange(&value), "{}", line);
                prop_assert_eq!(&told["id"], &value["id"]);
        } else {
                prop_assert_eq!(members, ["id", "error"]);
                let error = told["error"].as_str().unwrap();
                prop_assert!(!error.contains(char::is_control), "{}", error);
        }
    }

    #[test]
    fn any_text_is_answered(line in any::<String>()) {
        prop_assert!(answer(&line, 1).ruling.is_err());
    }
}
