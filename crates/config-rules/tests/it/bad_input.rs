//! Whatever arrives, the functions neither panic nor tell AWS Config something of an event that they cannot read.

use guard_core::rules::RuleId;
use guard_lambda::event::Payload;
use guard_lambda::failure::{Failure, FailureKind};
use guard_lambda::run::Answer;
use guard_testkit::Call;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::samples::{SAMPLES, Sample, event, scene_of};
use crate::scene::Scene;

fn hand_over(sample: &Sample, scene: &Scene, bytes: &[u8]) -> Result<Answer, Failure> {
    let payload = Payload::deserialize(&mut serde_json::Deserializer::from_slice(bytes)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let outcome = runtime.block_on(scene.hand_over(sample.rule, payload));
    assert_eq!(scene.account.writes(), []);
    if matches!(&outcome, Err(failure) if failure.kind == FailureKind::UnreadableEvent) {
        assert_eq!(scene.account.n_calls_of(Call::PutEvaluations), 0);
    }
    outcome
}

fn put(value: &mut Value, path: &[&str], wrong: Option<&Value>) {
    let Some((last, outer)) = path.split_last() else {
        return;
    };
    let mut place = value;
    for name in outer {
        place = &mut place[*name];
    }
    match (wrong, place.as_object_mut()) {
        (Some(wrong), Some(members)) => drop(members.insert((*last).to_owned(), wrong.clone())),
        (None, Some(members)) => drop(members.remove(*last)),
        (_, None) => {}
    }
}

fn message(event: &Value) -> Value {
    serde_json::from_str(event["invokingEvent"].as_str().unwrap()).unwrap()
}

/// Every path in a value, whatever stands there.
fn paths(value: &Value) -> Vec<Vec<&str>> {
    let Some(members) = value.as_object() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, member) in members {
        found.push(vec![name.as_str()]);
        for inner in paths(member) {
            found.push(std::iter::once(name.as_str()).chain(inner).collect());
        }
    }
    found
}

#[test]
fn whatever_is_missing_null_or_of_the_wrong_type_is_survived() {
    let wrongs = [
        None,
        Some(json!(null)),
        Some(json!(0)),
        Some(json!([])),
        Some(json!({})),
        Some(json!("x")),
    ];
    for sample in &SAMPLES {
        let whole = event(sample.name);
        let inner = message(&whole);
        for wrong in &wrongs {
            for path in paths(&whole) {
                let mut event = whole.clone();
                put(&mut event, &path, wrong.as_ref());
                let scene = scene_of(sample, &whole);
                // An outcome of either kind is right; a panic is not.
                let _outcome = hand_over(sample, &scene, event.to_string().as_bytes());
            }
            for path in paths(&inner) {
                let mut message = inner.clone();
                put(&mut message, &path, wrong.as_ref());
                let mut event = whole.clone();
                event["invokingEvent"] = json!(message.to_string());
                let scene = scene_of(sample, &whole);
                let _outcome = hand_over(sample, &scene, event.to_string().as_bytes());
            }
        }
    }
}

#[test]
fn members_that_decide_are_asked_for_by_name() {
    let sample = &SAMPLES[3];
    let whole = event(sample.name);
    for (path, text) in [
        (
            vec!["accountId"],
            "the event cannot be read: `accountId` of its envelope is missing or null",
        ),
        (
            vec!["configRuleName"],
            "the event cannot be read: `configRuleName` of its envelope is missing or null",
        ),
        (
            vec!["invokingEvent"],
            "the event cannot be read: `invokingEvent` of its envelope is missing or null",
        ),
        (
            vec!["resultToken"],
            "the event cannot be read: `resultToken` of its envelope is missing or null",
        ),
        (
            vec!["eventLeftScope"],
            "the event has no envelope of AWS Config: missing field `eventLeftScope`",
        ),
    ] {
        let mut event = whole.clone();
        put(&mut event, &path, None);
        let failure = hand_over(sample, &Scene::new(), event.to_string().as_bytes()).unwrap_err();
        assert_eq!(failure.message, text);
        assert_eq!(failure.kind.name(), "Permanent.UnreadableEvent");
    }
    for (path, text) in [
        (
            vec!["messageType"],
            "`invokingEvent.messageType` is missing, expected a text",
        ),
        (
            vec!["configurationItem"],
            "`invokingEvent.configurationItem` is missing, expected an object",
        ),
        (
            vec!["configurationItem", "configurationItemStatus"],
            "`invokingEvent.configurationItem.configurationItemStatus` is missing, expected a text",
        ),
        (
            vec!["configurationItem", "configurationItemCaptureTime"],
            "`invokingEvent.configurationItem.configurationItemCaptureTime` is missing, expected a text",
        ),
    ] {
        let mut message = message(&whole);
        put(&mut message, &path, None);
        let mut event = whole.clone();
        event["invokingEvent"] = json!(message.to_string());
        let failure = hand_over(sample, &Scene::new(), event.to_string().as_bytes()).unwrap_err();
        assert_eq!(
            failure.message,
            format!("the event's record cannot be read: {text}")
        );
    }
}

#[test]
fn events_of_other_services_are_refused() {
    let sweep = json!({
        "version": "0", "id": "x", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "123456789012", "time": "2026-01-15T02:05:00Z", "region": "eu-central-1",
        "resources": [], "detail": {},
    });
    for sample in &SAMPLES {
        let outcome = hand_over(sample, &Scene::new(), sweep.to_string().as_bytes());
        assert_eq!(outcome.unwrap_err().kind, FailureKind::UnreadableEvent);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for rule in [RuleId::Preferences, RuleId::SessionAccess, RuleId::RoleLogging] {
            let sample = SAMPLES.iter().find(|sample| sample.rule == rule).unwrap();
            let outcome = hand_over(sample, &Scene::new(), &bytes);
            prop_assert_eq!(outcome.unwrap_err().kind, FailureKind::UnreadableEvent);
        }
    }

    #[test]
    fn a_sample_with_one_byte_changed_is_survived(
        number in 0..SAMPLES.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let sample = &SAMPLES[number];
        let whole = event(sample.name);
        let mut bytes = whole.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _outcome = hand_over(sample, &scene_of(sample, &whole), &bytes);
    }
}
