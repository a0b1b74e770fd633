//! Several conditions on one key: what any value of a fine grid lets through, the search does not overlook.

use guard_core::access::{Attached, Context, Outcome, Policies, Request, decide};
use guard_core::policy::PolicyDocument;
use guard_core::reach::{Answer, Keys, Question, Set, reach};
use proptest::prelude::*;
use serde_json::{Value, json};

const ACTION: &str = "ssm:StartSession";
const KEY: &str = "aws:PrincipalTag/place";

/// Operators of one kind, the values that they are given, and a grid of what the key may be.
struct Kind {
    operators: &'static [&'static str],
    values: Vec<String>,
    grid: Vec<String>,
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn dates() -> Kind {
    Kind {
        operators: &[
            "DateGreaterThan",
            "DateLessThan",
            "DateLessThanEquals",
            "DateEquals",
            "DateNotEquals",
        ],
        values: texts(&[
            "2026",
            "2026-01-01T08:00:00Z",
            "2026-01-01T18:00:00Z",
            "1767254400",
            "2026-01-02",
        ]),
        grid: (1_767_139_200..1_767_400_000)
            .step_by(1_800)
            .map(|second| second.to_string())
            .collect(),
    }
}

fn numbers() -> Kind {
    Kind {
        operators: &[
            "NumericGreaterThan",
            "NumericLessThan",
            "NumericGreaterThanEquals",
            "NumericNotEquals",
        ],
        values: texts(&["0", "1", "1.5", "2", "2.25", "-1"]),
        grid: (-12..32)
            .map(|eighth| (f64::from(eighth) / 8.0).to_string())
            .collect(),
    }
}

fn addresses() -> Kind {
    let near = (0..=255).map(|last| format!("10.0.0.{last}"));
    let far = texts(&["10.1.0.1", "192.0.2.1", "2001:db8::1", "::1"]);
    Kind {
        operators: &["IpAddress", "NotIpAddress"],
        values: texts(&[
            "10.0.0.130/24",
            "10.0.0.130/25",
            "10.0.0.0/8",
            "10.0.0.7",
            "0.0.0.0/0",
            "2001:db8::/32",
            "::/0",
        ]),
        grid: near.chain(far).collect(),
    }
}

/// Every word of one to three of these letters.
fn words() -> Vec<String> {
    let longer = |words: &[String]| -> Vec<String> {
        let more = |word: &String| ["a", "b", "-"].map(|letter| format!("{word}{letter}"));
        words.iter().flat_map(more).collect()
    };
    let one = longer(&[String::new()]);
    let two = longer(&one);
    let three = longer(&two);
    [one, two, three].concat()
}

fn exact_texts() -> Kind {
    Kind {
        operators: &[
            "StringLike",
            "StringNotLike",
            "StringEquals",
            "StringNotEquals",
        ],
        values: texts(&["a*", "*b", "*-*", "a", "a-b", "?-?", "ab", "*"]),
        grid: words(),
    }
}

fn texts_of_any_case() -> Kind {
    let spellings = |word: String| [word.to_uppercase(), word];
    Kind {
        operators: &[
            "StringEqualsIgnoreCase",
            "StringLike",
            "StringNotEqualsIgnoreCase",
            "StringNotEquals",
        ],
        values: texts(&["a", "A", "a*", "ab", "-"]),
        grid: words().into_iter().flat_map(spellings).collect(),
    }
}

const KINDS: [fn() -> Kind; 5] = [dates, numbers, addresses, exact_texts, texts_of_any_case];

fn condition(kind: &Kind, (operator, values): &(usize, Vec<usize>)) -> Value {
    let of = |list: &[String], index: usize| list[index % list.len()].clone();
    let operator = kind.operators[operator % kind.operators.len()];
    let values: Vec<String> = values
        .iter()
        .map(|index| of(&kind.values, *index))
        .collect();
    json!({ operator: { KEY: values } })
}

fn statement(effect: &str, resource: &str, conditions: &[Value]) -> Vec<Value> {
    let mut merged = serde_json::Map::new();
    for condition in conditions {
        merged.extend(condition.as_object().unwrap().clone());
    }
    vec![json!({ "Effect": effect, "Action": ACTION, "Resource": resource, "Condition": merged })]
}

/// The last one takes the key as a variable, which only texts are.
const RESOURCES: [&str; 3] = [
    "*",
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:ec2:*:*:instance/${aws:PrincipalTag/place}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn conditions_on_one_key_hide_nothing_together(
        index in 0_usize..5,
        allowing in proptest::collection::vec((0_usize..8, proptest::collection::vec(0_usize..8, 1..3)), 1..4),
        denying in proptest::collection::vec((0_usize..8, proptest::collection::vec(0_usize..8, 1..3)), 0..3),
        resource in 0_usize..3,
    ) {
        let kind = KINDS[index]();
        let resource = if index < 3 { resource.min(1) } else { resource };
        let conditions: Vec<Value> = allowing.iter().map(|it| condition(&kind, it)).collect();
        let mut statements = statement("Allow", RESOURCES[resource], &conditions);
        for one in &denying {
            statements.extend(statement("Deny", "*", &[condition(&kind, one)]));
        }
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let document = PolicyDocument::read(&text).unwrap();
        let policies = Policies {
            identity: vec![Attached { name: "own", document: &document }],
            ..Policies::default()
        };
        let allowed = kind.grid.iter().find(|value| {
            let mut context = Context::new();
            context.set(KEY, value.as_str());
            let resource = format!("arn:aws:ec2:eu-central-1:123456789012:instance/{value}");
            let request = Request { action: ACTION, resource: &resource, principal: None, context: &context };
            // Slashes and colons end a name, so a value with them is in none of the question's sets.
            !value.contains([':', '/']) && decide(&policies, &request).outcome == Outcome::Allowed
        });
        let sets = [Set::of("arn:aws:ec2:*:123456789012:instance/*".to_owned())];
        let keys = Keys::new();
        let question = Question { action: ACTION, principal: None, resources: &sets, keys: &keys };
        match (allowed, reach(&policies, &question)) {
            (Some(value), Answer::Cannot(obstacles)) => {
                prop_assert!(false, "{value} is allowed by {text}, and yet {obstacles:?}");
            }
            (Some(value), Answer::Unknown) => {
                prop_assert!(false, "{value} is allowed by {text}, and not found");
            }
            (Some(_), Answer::Can(_)) | (None, _) => {}
        }
    }
}
