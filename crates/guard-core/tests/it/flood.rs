//! A sweep comes to its end, and to the right content, however many versions an editor's tool wrote since the last one.

use guard_core::judge::{Decision, Reason};
use guard_core::names::Version;
use guard_core::plan::Step;
use serde_json::{Value, json};

use crate::account::written_one_a_second;
use crate::judgements::judged;
use crate::stage::stage;

/// The common baseline with one input changed.
fn with(key: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(stage().contents.text("baseline")).unwrap();
    let inputs = document.get_mut("inputs").and_then(Value::as_object_mut);
    inputs.unwrap().insert(key.to_owned(), value);
    document.to_string()
}

/// Below the floor, and never the same text.
fn unencrypted(number: usize) -> String {
    let text = with("cloudWatchEncryptionEnabled", json!(false));
    text.replacen("Document to hold", &format!("Attempt {number} to hold"), 1)
}

fn swept(texts: Vec<String>) -> Box<Decision> {
    let account = written_one_a_second(stage(), "erin", texts);
    let (_, decision) = judged(&account).expect("a decision");
    decision
}

fn refused(decision: &Decision) -> usize {
    let is_refused = |reason: &&Reason| matches!(reason, Reason::Refused { .. });
    decision.reasons.iter().filter(is_refused).count()
}

fn approved(decision: &Decision) -> Option<u64> {
    decision.reasons.iter().find_map(|reason| match reason {
        Reason::Approved { version, .. } => Some(version.0),
        _ => None,
    })
}

fn written(decision: &Decision) -> Vec<&str> {
    let steps = decision.plan.steps.iter();
    steps
        .filter_map(|step| match step {
            Step::Update { content, .. } => Some(content.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn the_same_content_below_the_floor_is_refused_once() {
    let decision = swept(vec![unencrypted(0); 300]);
    assert_eq!(refused(&decision), 1);
    assert_eq!(written(&decision).len(), 1);
}

#[test]
fn many_contents_below_the_floor_hide_no_older_one_above_it() {
    let longer = with("idleSessionTimeout", json!("25"));
    let mut texts = vec![longer.clone()];
    texts.extend((0..15).map(unencrypted));
    let decision = swept(texts);
    assert_eq!(refused(&decision), 15);
    assert_eq!(written(&decision), [longer]);
}

#[test]
fn ever_new_contents_below_the_floor_do_not_stop_a_sweep() {
    let decision = swept((0..300).map(unencrypted).collect());
    assert_eq!(written(&decision).len(), 1);
}

#[test]
fn of_ever_new_contents_above_the_floor_the_newest_is_approved() {
    let key = |number: usize| with("s3KeyPrefix", json!(format!("prefix-{number}")));
    let texts: Vec<_> = (0..300).map(key).collect();
    let decision = swept(texts.clone());
    assert_eq!(approved(&decision), Some(300));
    assert_eq!(written(&decision), Vec::<&str>::new());

    let mut account = written_one_a_second(stage(), "erin", texts.clone());
    account.record_another_content_of(Version(300));
    let (_, decision) = judged(&account).expect("a decision");
    assert_eq!(approved(&decision), Some(299));
    assert_eq!(written(&decision), [texts[298].as_str()]);
}
