//! Documents that nobody means well with: an answer or an error, soon, and never a panic.

use guard_core::policy::{Kind, PolicyDocument};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate;

fn error(text: &str) -> String {
    PolicyDocument::read(text).unwrap_err().to_string()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("x"), |inner, _| json!([inner]))
}

#[test]
fn nesting_without_end_is_refused() {
    for text in [
        "[".repeat(400_000),
        "{\"Statement\":".repeat(70_000),
        format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000)),
    ] {
        assert!(
            error(&text).starts_with("not JSON: recursion limit exceeded"),
            "{}",
            error(&text)
        );
    }
    let levels = "found more than 16 levels, expected a policy: an object, its text or percent-encoded text, or a list with one of these";
    let error = PolicyDocument::from_value(&nested(100)).unwrap_err();
    assert_eq!(error.to_string(), levels);
    let error = PolicyDocument::from_value(&json!({ "Statement": nested(100) })).unwrap_err();
    assert_eq!(error.to_string(), levels);
}

#[test]
fn wrapping_without_end_is_refused() {
    let mut text = r#"{"Statement":[]}"#.to_owned();
    for _ in 0..6 {
        assert!(PolicyDocument::read(&text).is_ok(), "{text}");
        text = json!(text).to_string();
    }
    assert!(
        error(&text).starts_with("found too many wrappings"),
        "{text}"
    );
    assert!(error(&"%25".repeat(100_000)).starts_with("found `%%%%"));
}

#[test]
fn what_is_larger_than_any_policy_is_refused() {
    let size = 1 << 20;
    let with_id = |bytes: usize| format!(r#"{{"Id":"{}","Statement":[]}}"#, "x".repeat(bytes));
    let around = with_id(0).len();
    assert!(PolicyDocument::read(&with_id(size - around)).is_ok());
    assert!(
        error(&with_id(size - around + 1)).starts_with("found 1048577 bytes, expected a policy")
    );
}

/// Each of these would take minutes if every key were compared with every other.
#[test]
fn the_work_grows_with_the_document() {
    let statement = |condition: Value| json!({ "Statement": { "Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": condition } });
    let keys: serde_json::Map<_, _> = (0..40_000)
        .map(|key| (format!("k:{key}"), json!("")))
        .collect();
    let keys = PolicyDocument::from_value(&statement(json!({ "StringEquals": keys }))).unwrap();
    assert_eq!(
        keys.statements.as_slice()[0].conditions.iter().count(),
        40_000
    );

    let statements: Vec<_> = (0..20_000).map(|sid| json!({ "Sid": format!("S{sid}"), "Effect": "Deny", "Action": "a:b", "Resource": "*" })).collect();
    let statements = PolicyDocument::from_value(&json!({ "Statement": statements })).unwrap();
    assert_eq!(statements.check(Kind::Identity), Ok(()));

    let values: Vec<_> = (0..200_000).map(|value| format!("{value}")).collect();
    assert!(
        PolicyDocument::from_value(&statement(json!({ "NumericEquals": { "k": values } }))).is_ok()
    );

    let variables = "${a}".repeat(100_000);
    assert!(PolicyDocument::from_value(&json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "a:b", "Resource": variables } })).is_ok());
}

/// A policy, to be spoilt.
fn policy() -> Value {
    json!({
        "Version": "2012-10-17",
        "Id": "x",
        "Statement": [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["ssm:StartSession"],
                "Resource": "arn:aws:ssm:*:*:session/${aws:username}-*",
                "Principal": { "AWS": ["123456789012"] },
                "Condition": { "StringLike": { "k": ["x*"] }, "NumericLessThan": { "n": 5 } }
            }
        ]
    })
}

const PLACES: [&str; 16] = [
    "",
    "/Version",
    "/Id",
    "/Statement",
    "/Statement/0",
    "/Statement/0/Sid",
    "/Statement/0/Effect",
    "/Statement/0/Action",
    "/Statement/0/Action/0",
    "/Statement/0/Resource",
    "/Statement/0/Principal",
    "/Statement/0/Principal/AWS",
    "/Statement/0/Condition",
    "/Statement/0/Condition/StringLike",
    "/Statement/0/Condition/StringLike/k",
    "/Statement/0/Condition/NumericLessThan/n",
];

#[test]
fn the_policy_that_is_spoilt_can_be_read() {
    assert!(PolicyDocument::from_value(&policy()).is_ok());
    for place in PLACES {
        assert!(policy().pointer(place).is_some(), "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_kept_or_refused(place in prop::sample::select(&PLACES[..]), found in generate::json()) {
        let mut spoilt = policy();
        *spoilt.pointer_mut(place).unwrap() = found;
        match PolicyDocument::from_value(&spoilt) {
            Ok(document) => prop_assert_eq!(document.to_value(), spoilt),
            Err(error) => prop_assert!(!error.to_string().contains('\n')),
        }
    }

    #[test]
    fn any_text_is_kept_or_refused(text in "\\PC*", json in "([{}\\[\\]:,\"%27BD$*a1 ]{0,60})") {
        for text in [text, json] {
            if let Ok(document) = PolicyDocument::read(&text) {
                prop_assert_eq!(PolicyDocument::from_value(&document.to_value()), Ok(document));
            }
        }
    }
}
