//! The door: what `EventBridge` hands over, and whether it is our business.
//!
//! Whoever may invoke the function can send it any envelope, so passing the door makes nothing true: it only says
//! which record to read. What a sweep or a change leads to is decided by what the account says of itself.

use serde_json::Value;

use crate::change::{Change, NotOurs, Reading, RecordError, read_record};
use crate::names::Scope;

/// The members of an event's envelope that the door looks at
/// (`EventBridge` user guide, "Events in Amazon `EventBridge`").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Who put the event; names that begin with `aws.` are refused to everybody but AWS (API reference, `PutEvents`).
    pub source: String,
    /// What kind of event it is.
    pub detail_type: String,
    /// The account it comes from.
    pub account: String,
    /// The Region it comes from.
    pub region: String,
    /// The event itself.
    pub detail: Value,
}

/// What an event turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// The schedule asks for a check of everything.
    Sweep,
    /// A call on our document.
    Change(Box<Change>),
    /// Something else.
    NotOurs(NotOurs),
}

const CHANGES: (&str, &str) = ("aws.ssm", "AWS API Call via CloudTrail");
const SCHEDULE: (&str, &str) = ("aws.events", "Scheduled Event");

/// Says what an event is, and reads the record in it where it holds one.
pub fn open(envelope: &Envelope, scope: &Scope) -> Result<Arrival, RecordError> {
    let kind = (envelope.source.as_str(), envelope.detail_type.as_str());
    if kind != CHANGES && kind != SCHEDULE {
        return Ok(Arrival::NotOurs(stranger(kind)));
    }
    if let Some(elsewhere) = elsewhere(envelope, scope) {
        return Ok(Arrival::NotOurs(elsewhere));
    }
    if kind == SCHEDULE {
        return Ok(Arrival::Sweep);
    }
    Ok(match read_record(&envelope.detail, scope)? {
        Reading::Change(change) => Arrival::Change(change),
        Reading::NotOurs(not_ours) => Arrival::NotOurs(not_ours),
    })
}

fn stranger((source, detail_type): (&str, &str)) -> NotOurs {
    if source == CHANGES.0 {
        NotOurs::DetailType {
            found: cut(detail_type),
        }
    } else {
        NotOurs::Source { found: cut(source) }
    }
}

fn elsewhere(envelope: &Envelope, scope: &Scope) -> Option<NotOurs> {
    [
        ("account", &envelope.account, scope.account.as_str()),
        ("region", &envelope.region, scope.region.as_str()),
    ]
    .into_iter()
    .find(|(_, found, expected)| found.as_str() != *expected)
    .map(|(member, found, expected)| NotOurs::Elsewhere {
        member,
        found: cut(found),
        expected: expected.to_owned(),
    })
}

fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::names::{AccountId, Partition, Region};

    fn scope() -> Scope {
        Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-central-1").unwrap(),
        }
    }

    fn envelope((source, detail_type): (&str, &str), detail: Value) -> Envelope {
        Envelope {
            source: source.to_owned(),
            detail_type: detail_type.to_owned(),
            account: "123456789012".to_owned(),
            region: "eu-central-1".to_owned(),
            detail,
        }
    }

    fn deletion() -> Value {
        json!({
            "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
            "eventTime": "2026-01-15T02:03:04Z",
            "eventSource": "ssm.amazonaws.com",
            "eventName": "DeleteDocument",
            "awsRegion": "eu-central-1",
            "recipientAccountId": "123456789012",
            "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/mallory" },
            "requestParameters": { "name": "SSM-SessionManagerRunShell" },
        })
    }

    #[test]
    fn the_schedule_asks_for_a_sweep() {
        assert_eq!(
            open(&envelope(SCHEDULE, json!({})), &scope()),
            Ok(Arrival::Sweep)
        );
    }

    #[test]
    fn a_call_on_our_document_comes_in() {
        let arrival = open(&envelope(CHANGES, deletion()), &scope());
        assert!(matches!(arrival, Ok(Arrival::Change(_))), "{arrival:?}");
    }

    #[test]
    fn other_sources_and_detail_types_are_not_our_business() {
        for (kind, reason) in [
            (
                ("mallory", CHANGES.1),
                "its source is `mallory`, not aws.ssm",
            ),
            (
                ("aws.ssm2", CHANGES.1),
                "its source is `aws.ssm2`, not aws.ssm",
            ),
            (("", ""), "its source is ``, not aws.ssm"),
            (
                ("aws.events", CHANGES.1),
                "its source is `aws.events`, not aws.ssm",
            ),
            (
                ("mallory", SCHEDULE.1),
                "its source is `mallory`, not aws.ssm",
            ),
            (
                ("aws.ssm", "Parameter Store Change"),
                "its detail-type is `Parameter Store Change`, not `AWS API Call via CloudTrail`",
            ),
            (
                ("aws.ssm", SCHEDULE.1),
                "its detail-type is `Scheduled Event`, not `AWS API Call via CloudTrail`",
            ),
        ] {
            match open(&envelope(kind, deletion()), &scope()) {
                Ok(Arrival::NotOurs(not_ours)) => assert_eq!(not_ours.to_string(), reason),
                other => panic!("{kind:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn sweeps_and_changes_of_other_accounts_and_regions_are_not_our_business() {
        for kind in [CHANGES, SCHEDULE] {
            let foreign = Envelope {
                account: "111122223333".to_owned(),
                ..envelope(kind, deletion())
            };
            let distant = Envelope {
                region: "us-east-1".to_owned(),
                ..envelope(kind, deletion())
            };
            for (other, member) in [(foreign, "account"), (distant, "region")] {
                match open(&other, &scope()) {
                    Ok(Arrival::NotOurs(NotOurs::Elsewhere { member: found, .. })) => {
                        assert_eq!(found, member);
                    }
                    arrival => panic!("{arrival:?}"),
                }
            }
        }
    }

    #[test]
    fn a_change_whose_record_cannot_be_read_is_an_error() {
        for detail in [
            Value::Null,
            json!([]),
            json!("x"),
            json!({}),
            json!({ "eventName": "UpdateDocument" }),
        ] {
            assert!(
                open(&envelope(CHANGES, detail.clone()), &scope()).is_err(),
                "{detail}"
            );
        }
    }
}
