//! Whatever arrives, the function neither panics nor writes because of it.

use guard_lambda::event::Payload;
use guard_lambda::failure::{Failure, FailureKind};
use guard_lambda::run::Answer;
use guard_testkit::charter::mandate;
use guard_testkit::{FakeAccount, content};
use preferences_guard::handle;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::samples::event;
use crate::story::STORIES;

/// Hands `bytes` to the function as the runtime does; the account is in order, so that nothing gives it cause to write.
fn hand_over(bytes: &[u8]) -> Result<Answer, Failure> {
    let payload = Payload::deserialize(&mut serde_json::Deserializer::from_slice(bytes)).unwrap();
    let account = FakeAccount::holding(&content::baseline());
    account.let_cloudtrail_catch_up();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let outcome = runtime.block_on(handle(&mandate(), payload, &account));
    let writes: Vec<_> = account
        .calls()
        .into_iter()
        .filter(|called| called.call.writes_document())
        .collect();
    assert!(writes.is_empty(), "{writes:?}");
    if matches!(&outcome, Err(failure) if failure.kind == FailureKind::UnreadableEvent) {
        assert!(account.calls().is_empty(), "{:?}", account.calls());
    }
    outcome
}

/// An unreadable event, or none of our business.
fn is_turned_away(outcome: &Result<Answer, Failure>) -> bool {
    match outcome {
        Ok(answer) => answer.body["verdict"] == "not-ours",
        Err(failure) => failure.kind == FailureKind::UnreadableEvent,
    }
}

#[test]
fn whatever_is_missing_null_or_of_the_wrong_type_is_survived() {
    for story in STORIES {
        let sample = event(story.sample);
        for path in paths(&sample) {
            for wrong in [
                None,
                Some(json!(null)),
                Some(json!(0)),
                Some(json!([])),
                Some(json!({})),
                Some(json!("x")),
            ] {
                let mut event = sample.clone();
                put(&mut event, &path, wrong);
                // An outcome of either kind is right; a panic or a write is not.
                let _outcome = hand_over(event.to_string().as_bytes());
            }
        }
    }
}

#[test]
fn members_that_decide_are_asked_for_by_name() {
    let sample = event("ssm/UpdateDocument/stranger-turns-logging-off");
    for (path, name) in [
        ("/source", "`source`"),
        ("/detail-type", "`detail-type`"),
        ("/account", "`account`"),
        ("/region", "`region`"),
        ("/detail", "`detail`"),
        ("/detail/eventName", "`eventName`"),
        ("/detail/eventSource", "`eventSource`"),
        ("/detail/awsRegion", "`awsRegion`"),
        ("/detail/recipientAccountId", "`recipientAccountId`"),
        ("/detail/eventID", "`eventID`"),
        ("/detail/eventTime", "`eventTime`"),
        ("/detail/requestParameters", "`requestParameters.name`"),
        ("/detail/requestParameters/name", "`requestParameters.name`"),
    ] {
        let mut event = sample.clone();
        put(&mut event, path, None);
        let failure = hand_over(event.to_string().as_bytes()).unwrap_err();
        assert!(failure.message.contains(name), "{path}: {failure}");
    }
}

#[test]
fn a_quarter_of_a_megabyte_of_nonsense_is_turned_away() {
    for (open, close) in [
        ("[", ""),
        ("{\"a\":", ""),
        ("[", "]"),
        ("\"", "\""),
        ("9", ""),
    ] {
        let n = 128 * 1024 / open.len();
        let nonsense = format!("{}{}", open.repeat(n), close.repeat(n));
        assert!(is_turned_away(&hand_over(nonsense.as_bytes())), "{open}");
    }
    let mut event = event("ssm/UpdateDocument/stranger-turns-logging-off");
    event["detail"]["requestParameters"]["name"] = json!("x".repeat(256 * 1024));
    let answer = hand_over(event.to_string().as_bytes());
    assert!(is_turned_away(&answer) && answer.unwrap().body.to_string().len() < 1000);
}

/// The JSON pointers of everything inside `value`.
fn paths(value: &Value) -> Vec<String> {
    let inside = |(key, value): (String, &Value)| {
        let here = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        let below = paths(value).into_iter().map(|path| format!("{here}{path}"));
        std::iter::once(here.clone())
            .chain(below)
            .collect::<Vec<_>>()
    };
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .flat_map(inside)
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .flat_map(inside)
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Replaces what stands at `path`, or takes it away.
fn put(event: &mut Value, path: &str, value: Option<Value>) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    match (event.pointer_mut(parent).unwrap(), value) {
        (Value::Object(members), None) => drop(members.shift_remove(key)),
        (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
        (_, Some(value)) => *event.pointer_mut(path).unwrap() = value,
        (_, None) => panic!("only objects and lists have anything inside"),
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop::sample::select(vec![
            "aws.ssm",
            "aws.events",
            "Scheduled Event",
            "AWS API Call via CloudTrail",
            "123456789012",
            "eu-central-1",
            "UpdateDocument",
            "DeleteDocument",
            "ssm.amazonaws.com",
            "SSM-SessionManagerRunShell",
            "AccessDenied",
            "2026-01-15T02:03:04Z",
            "AssumedRole",
            "IAMUser",
            "arn:aws:iam::123456789012:role/session-editors",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        let key = prop::sample::select(vec![
            "source",
            "detail-type",
            "account",
            "region",
            "detail",
            "eventName",
            "eventSource",
            "awsRegion",
            "eventID",
            "eventTime",
            "recipientAccountId",
            "userIdentity",
            "requestParameters",
            "name",
            "errorCode",
            "type",
            "arn",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.prop_map(str::to_owned), inner), 0..10)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_turned_away(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        prop_assert!(is_turned_away(&hand_over(&bytes)));
    }

    #[test]
    fn arbitrary_json_is_survived(value in json_value()) {
        let _outcome = hand_over(value.to_string().as_bytes());
    }

    #[test]
    fn a_sample_with_arbitrary_parts_is_survived(
        story in 0..STORIES.len(),
        parts in prop::collection::vec((any::<prop::sample::Index>(), json_value()), 1..4),
    ) {
        let mut event = event(STORIES[story].sample);
        for (at, value) in parts {
            let paths = paths(&event);
            put(&mut event, &paths[at.index(paths.len())], Some(value));
        }
        let _outcome = hand_over(event.to_string().as_bytes());
    }

    #[test]
    fn a_sample_cut_short_is_turned_away(story in 0..STORIES.len(), at in any::<prop::sample::Index>()) {
        let text = event(STORIES[story].sample).to_string();
        let outcome = hand_over(&text.as_bytes()[..at.index(text.len())]);
        prop_assert!(is_turned_away(&outcome));
    }
}
