use guard_core::envelope::{Arrival, open};
use guard_core::names::{AccountId, Partition, Region, Scope};
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// As `lambda_runtime` reads a payload.
fn payload(bytes: &[u8]) -> Payload {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Payload::deserialize(&mut reader).expect("reading a payload never fails")
}

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn arrival(bytes: &[u8]) -> Result<Arrival, EventError> {
    Ok(open(&envelope(payload(bytes))?, &scope())?)
}

fn sweep() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-01-15T02:05:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/session-guard-preferences-guard-sweep"],
        "detail": {}
    })
}

#[test]
fn an_event_of_the_schedule_is_a_sweep() {
    assert_eq!(arrival(sweep().to_string().as_bytes()), Ok(Arrival::Sweep));
}

#[test]
fn what_is_no_json_is_named_with_its_place() {
    for (bytes, message) in [
        (
            &b""[..],
            "the event is no JSON: EOF while parsing a value at line 1 column 0",
        ),
        (
            b"sweep please",
            "the event is no JSON: expected value at line 1 column 1",
        ),
        (
            b"{\"source\": ",
            "the event is no JSON: EOF while parsing a value at line 1 column 11",
        ),
        (
            b"\xff\xfe\x00",
            "the event is no JSON: expected value at line 1 column 1",
        ),
        (
            b"\"\xff\"",
            "the event is no JSON: invalid unicode code point at line 1 column 2",
        ),
    ] {
        assert_eq!(
            arrival(bytes).unwrap_err().to_string(),
            message,
            "{bytes:?}"
        );
    }
}

#[test]
fn json_that_is_no_envelope_says_what_is_missing_or_wrong() {
    let changed = |member: &str, value: Value| {
        let mut event = sweep();
        event[member] = value;
        event
    };
    let without = |member: &str| {
        let mut event = sweep();
        event.as_object_mut().unwrap().remove(member);
        event
    };
    for (event, message) in [
        (
            json!(null),
            "the event has no envelope of EventBridge: invalid type: null, expected struct EventBridgeEvent",
        ),
        (
            json!("x"),
            "the event has no envelope of EventBridge: invalid type: string \"x\", expected struct EventBridgeEvent",
        ),
        (
            json!({}),
            "the event has no envelope of EventBridge: missing field `detail-type`",
        ),
        (
            without("source"),
            "the event has no envelope of EventBridge: missing field `source`",
        ),
        (
            without("detail"),
            "the event has no envelope of EventBridge: missing field `detail`",
        ),
        (
            changed("detail-type", json!(null)),
            "the event has no envelope of EventBridge: `detail-type`: invalid type: null, expected a string",
        ),
        (
            changed("source", json!(["aws.ssm"])),
            "the event has no envelope of EventBridge: `source`: invalid type: sequence, expected a string",
        ),
        (
            changed("account", json!(123_456_789_012_u64)),
            "the event has no envelope of EventBridge: `account`: invalid type: integer `123456789012`, expected a string",
        ),
        (
            without("account"),
            "the event cannot be read: `account` of its envelope is missing or null",
        ),
        (
            changed("region", json!(null)),
            "the event cannot be read: `region` of its envelope is missing or null",
        ),
    ] {
        assert_eq!(
            arrival(event.to_string().as_bytes())
                .unwrap_err()
                .to_string(),
            message,
            "{event}"
        );
    }
}

#[test]
fn a_record_that_cannot_be_read_fails_with_the_member_that_is_wrong() {
    let mut event = sweep();
    event["source"] = json!("aws.ssm");
    event["detail-type"] = json!("AWS API Call via CloudTrail");
    for (detail, message) in [
        (
            json!(null),
            "the event's record cannot be read: `detail` is null, expected an object",
        ),
        (
            json!({}),
            "the event's record cannot be read: `eventName` is missing, expected a text",
        ),
        (
            json!({ "eventName": 7 }),
            "the event's record cannot be read: `eventName` is a number, expected a text",
        ),
    ] {
        event["detail"] = detail;
        let failure = Failure::from(arrival(event.to_string().as_bytes()).unwrap_err());
        assert_eq!(
            (failure.kind.name(), failure.message.as_str()),
            ("Permanent.UnreadableEvent", message)
        );
    }
}

#[test]
fn a_quarter_of_a_megabyte_of_nonsense_is_refused_in_few_words() {
    for byte in [b'[', b'{', b'"', b'0', b' ', b'\\', 0xff] {
        let error = arrival(&vec![byte; 256 * 1024]).unwrap_err().to_string();
        assert!(error.len() < 400, "{error}");
    }
    let mut event = sweep();
    event["source"] = json!("x".repeat(256 * 1024));
    assert!(matches!(
        arrival(event.to_string().as_bytes()),
        Ok(Arrival::NotOurs(_))
    ));
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!matches!(arrival(&bytes), Ok(Arrival::Change(_) | Arrival::Sweep)));
    }

    #[test]
    fn an_event_with_one_byte_changed_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = sweep().to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        prop_assert!(!matches!(arrival(&bytes), Ok(Arrival::Change(_))));
    }
}
