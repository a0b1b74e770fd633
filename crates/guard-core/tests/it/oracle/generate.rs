//! Policies and requests from small alphabets, so that they meet each other often.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::choices::Choices;
use super::conditions::{KEYS, condition, values};
use super::world::{Ask, World};

const ACTIONS: [&str; 5] = ["a:Get", "a:GetAll", "A:PUT", "sts:AssumeRole", "b:Get"];
const ACTION_PATTERNS: [&str; 15] = [
    "*",
    "a:*",
    "A:*",
    "*",
    "a:*",
    "a:Get",
    "A:get",
    "a:Get*",
    "a:G?t",
    "b:*",
    "*:*",
    "a:*t",
    "a:p?t*",
    "sts:AssumeRole",
    "sts:*Role*",
];

const RESOURCES: [&str; 9] = [
    "arn:aws:s:r:111122223333:d/ann/x",
    "arn:aws:s:r:111122223333:d/x",
    "arn:aws:s:r:123456789012:d/x",
    "arn:aws:s:::d/ann",
    "arn:aws:kms:r:111122223333:key/k",
    "arn:aws:iam::111122223333:role/p/reader",
    "arn:aws:s:r:111122223333:d/*",
    "arn:aws:s:r:111122223333:d/a:b",
    "*",
];
const RESOURCE_PATTERNS: [&str; 21] = [
    "*",
    "arn:aws:*",
    "arn:aws:s:*:*:d/*",
    "*",
    "arn:aws:s:r:111122223333:d/x",
    "arn:aws:s:r:111122223333:d/*",
    "arn:aws:s:*:*:d/${aws:username}/*",
    "arn:aws:s:*:*:d/${aws:username}*",
    "arn:aws:s:*",
    "arn:*:d/?",
    "arn:aws:*:*:111122223333:*",
    "arn:aws:s:*:*:d/${aws:username, 'x'}",
    "arn:aws:s:r:111122223333:d/${*}",
    "arn:aws:s:r:111122223333:d/a?b",
    "arn:aws:s:::d/${k:tag/T, 'ann'}",
    "arn:aws:s:r:*:d/${k:tag/T}${aws:username}",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:iam::*:role/*",
    "arn:aws:s:r:111122223333:d/ann/x",
    "*x",
    "arn:aws:s:r:123456789012:*",
];

const CALLERS: [&str; 10] = [
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:sts::111122223333:assumed-role/reader/s1",
    "arn:aws:iam::111122223333:role/p/reader",
    "arn:aws:iam::111122223333:root",
    "arn:aws:sts::111122223333:federated-user/ann",
    "arn:aws:iam::123456789012:user/ann",
    "arn:aws:sts::123456789012:assumed-role/reader/s1",
    "arn:aws:iam::111122223333:role/aws-service-role/x/reader",
    "ec2.amazonaws.com",
    "arn:aws:iam::111122223333:saml-provider/idp",
];
const NAMES: [&str; 12] = [
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:sts::111122223333:assumed-role/reader/s1",
    "arn:aws:iam::111122223333:role/p/reader",
    "arn:aws:iam::111122223333:root",
    "111122223333",
    "arn:aws:sts::111122223333:federated-user/ann",
    "arn:aws:iam::123456789012:root",
    "123456789012",
    "arn:aws:iam::123456789012:role/reader",
    "arn:aws:iam::111122223333:role/aws-service-role/x/reader",
    "*",
    "AROAEXAMPLE",
];

pub(super) fn world(choices: &mut Choices<'_>) -> World {
    let identity = choices.several(0, 2, |choices| policy(choices, Hangs::OnIdentity));
    let mut limit = |in_ten| {
        let is_there = choices.happens(in_ten);
        is_there.then(|| choices.several(0, 2, |choices| policy(choices, Hangs::OnIdentity)))
    };
    let (boundary, session) = (limit(2), limit(2));
    let scp = [limit(2), limit(1)].into_iter().flatten().collect();
    let resource = choices
        .happens(4)
        .then(|| policy(choices, Hangs::OnResource));
    World {
        identity,
        boundary,
        session,
        scp,
        resource,
    }
}

/// What a policy hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hangs {
    OnIdentity,
    OnResource,
}

fn policy(choices: &mut Choices<'_>, hangs: Hangs) -> Value {
    let mut policy = Map::new();
    match choices.below(8) {
        0 => {}
        1 => drop(policy.insert("Version".to_owned(), json!("2008-10-17"))),
        _ => drop(policy.insert("Version".to_owned(), json!("2012-10-17"))),
    }
    let statements = choices.several(1, 3, |choices| statement(choices, hangs));
    policy.insert("Statement".to_owned(), one_or_many(choices, statements));
    Value::Object(policy)
}

pub(super) fn statement(choices: &mut Choices<'_>, hangs: Hangs) -> Value {
    let mut statement = Map::new();
    let mut put = |key: &str, value| drop(statement.insert(key.to_owned(), value));
    put(
        "Effect",
        json!(if choices.happens(2) { "Deny" } else { "Allow" }),
    );
    let actions = choices.several(1, 2, |choices| json!(choices.one_of(&ACTION_PATTERNS)));
    put(
        maybe_not(choices, "Action", "NotAction"),
        one_or_many(choices, actions),
    );
    if hangs == Hangs::OnIdentity || choices.happens(7) {
        let resources = choices.several(1, 2, |choices| json!(choices.one_of(&RESOURCE_PATTERNS)));
        put(
            maybe_not(choices, "Resource", "NotResource"),
            one_or_many(choices, resources),
        );
    }
    if hangs == Hangs::OnResource {
        put(
            maybe_not(choices, "Principal", "NotPrincipal"),
            principal(choices),
        );
    }
    let mut conditions: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    if choices.happens(6) {
        for (operator, key, values) in choices.several(1, 2, condition) {
            let keys = conditions.entry(operator).or_default();
            if !keys.keys().any(|other| other.eq_ignore_ascii_case(&key)) {
                keys.insert(key, values);
            }
        }
        put("Condition", json!(conditions));
    }
    Value::Object(statement)
}

fn maybe_not(
    choices: &mut Choices<'_>,
    listed: &'static str,
    not_listed: &'static str,
) -> &'static str {
    if choices.happens(2) {
        not_listed
    } else {
        listed
    }
}

fn principal(choices: &mut Choices<'_>) -> Value {
    match choices.below(6) {
        0 => json!("*"),
        1 => json!({ "Service": "ec2.amazonaws.com" }),
        2 => {
            json!({ "Federated": ["arn:aws:iam::111122223333:saml-provider/idp"], "AWS": [choices.one_of(&NAMES)] })
        }
        _ => {
            let names = choices.several(1, 3, |choices| json!(choices.one_of(&NAMES)));
            json!({ "AWS": one_or_many(choices, names) })
        }
    }
}

pub(super) fn one_or_many(choices: &mut Choices<'_>, mut values: Vec<Value>) -> Value {
    if values.len() == 1 && choices.happens(5) {
        values.remove(0)
    } else {
        Value::Array(values)
    }
}

pub(super) fn ask(choices: &mut Choices<'_>) -> Ask {
    let mut context = BTreeMap::new();
    for key in KEYS {
        if choices.happens(6) {
            context.insert(key.to_lowercase(), values(choices, key));
        }
    }
    Ask {
        action: choices.one_of(&ACTIONS).to_owned(),
        resource: choices.one_of(&RESOURCES).to_owned(),
        principal: (!choices.happens(1)).then(|| choices.one_of(&CALLERS).to_owned()),
        context,
    }
}
