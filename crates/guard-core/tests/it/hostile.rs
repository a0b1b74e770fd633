//! Whatever strangers choose can neither fake an alert nor make it, or the event, too large to send.

use guard_core::change::{Change, Operation, Written};
use guard_core::facts::{Content, Described, Facts, LiveDocument};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::names::{EventId, Version};
use guard_core::principal::Principal;
use guard_core::report::{Done, Report, report};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::stage::{CHARTER, stage};

/// A new line with a heading, an end of quotation, a link, a mark that turns the text around, and a bell.
const EVIL: &str = "x\n\nDone\n  - all is well ` <https://evil.example|ok> \u{202e}\u{7}";

/// What one event may have (EventBridge user guide, quotas: 256 KB before 2026).
const MOST_BYTES: usize = 256 * 1024;

struct Attack {
    mandate: Mandate,
    change: Change,
    content: String,
    document_type: String,
}

impl Attack {
    fn with(identity: &Value, content: String) -> Self {
        let written = Written {
            version: Version(2),
            hash: "2".to_owned(),
        };
        Self {
            mandate: stage().mandate(CHARTER, "baseline", Timestamp::UNIX_EPOCH),
            change: Change {
                event_id: EventId::parse("evil").unwrap(),
                at: "2026-11-10T11:59:58Z".parse().unwrap(),
                principal: Principal::from_user_identity(identity),
                operation: Operation::Wrote {
                    written: Some(written),
                },
                failure: None,
                source_ip: Some(EVIL.to_owned()),
            },
            content,
            document_type: "Session".to_owned(),
        }
    }

    fn judged(&self) -> Box<Decision> {
        let mut facts = Facts::at("2026-11-10T12:00:00Z".parse().unwrap());
        facts.document = Some(LiveDocument::Present(Described {
            latest: Version(2),
            default: Version(2),
            hash: "2".to_owned(),
            document_type: self.document_type.clone(),
            created: None,
        }));
        facts.shared_with = Some(vec![EVIL.to_owned(); 20]);
        facts.approvals = Some(Vec::new());
        facts.notes = Some(Vec::new());
        facts
            .contents
            .insert(Version(2), Content::Text(self.content.clone()));
        match judge(&self.mandate, &self.trigger(), &facts) {
            Judgement::Decided(decision) => decision,
            other => panic!("{other:?}"),
        }
    }

    fn trigger(&self) -> Trigger {
        Trigger::Change(Box::new(self.change.clone()))
    }

    fn told(&self) -> Report {
        let now = "2026-11-10T12:00:00Z".parse().unwrap();
        let done = Done {
            steps: &[],
            failed: None,
            began: now,
            ended: now,
        };
        report(&self.mandate, &self.trigger(), &self.judged(), done)
    }

    /// The alert, once nothing in it is where it does not belong and nothing is too large.
    fn alert(&self) -> String {
        let told = self.told();
        let text = told.alert.expect("an alert").text;
        assert!(
            told.body.to_string().len() < MOST_BYTES / 4,
            "{}",
            told.body.to_string().len()
        );
        assert!(text.len() < MOST_BYTES / 8, "{}", text.len());
        for evil in ["\n\nDone\n", "<https", "\u{202e}", "\u{7}"] {
            assert!(!text.contains(evil), "{evil:?} in {text}");
        }
        text
    }
}

fn evil_user() -> Value {
    json!({ "type": "IAMUser", "arn": EVIL })
}

fn document(inputs: &Map<String, Value>) -> String {
    json!({ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": inputs })
        .to_string()
}

fn inputs(members: &[(&str, Value)]) -> Map<String, Value> {
    let members = members.iter().cloned();
    members
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

#[test]
fn names_values_and_keys_cannot_fake_an_alert() {
    let content = document(&inputs(&[
        ("s3BucketName", json!(EVIL)),
        ("cloudWatchLogGroupName", json!(EVIL)),
        (EVIL, json!(EVIL)),
        ("S3bucketname", json!("x")),
    ]));
    insta::assert_snapshot!(Attack::with(&evil_user(), content).alert());
}

#[test]
fn a_documents_type_cannot_fake_an_alert() {
    let mut attack = Attack::with(&evil_user(), document(&Map::new()));
    attack.document_type = EVIL.to_owned();
    insta::assert_snapshot!(attack.alert());
}

#[test]
fn a_near_miss_cannot_fake_an_alert() {
    let identity = json!({
        "type": "AssumedRole",
        "arn": "arn:aws:sts::123456789012:assumed-role/deploy/x",
        "sessionContext": { "sessionIssuer": { "arn": "arn:aws:iam::123456789012:role/deploy" } },
        "invokedBy": format!("{EVIL}{}", "x".repeat(200_000)),
    });
    let alert = Attack::with(&identity, document(&Map::new())).alert();
    assert!(alert.contains("editor[3] names"), "{alert}");
}

#[test]
fn the_readers_message_cannot_fake_an_alert() {
    for content in [
        EVIL.to_owned(),
        format!("{{\"x\": {EVIL}"),
        "a: *<https://evil.example|ok>\n".to_owned(),
        "a: !<https://evil.example|ok> [}\n".to_owned(),
        "<https://evil.example|ok>: 1\n<https://evil.example|ok>: 2\n".to_owned(),
        format!("a: &{} [*{}]\n", "x".repeat(20_000), "y".repeat(20_000)),
    ] {
        let alert = Attack::with(&evil_user(), content).alert();
        assert!(alert.contains("version 2 cannot be read"), "{alert}");
    }
}

#[test]
fn thousands_of_fields_that_differ_make_a_short_report() {
    let many = (0..5_000)
        .map(|number| (format!("k{number}"), json!(1)))
        .collect();
    let attack = Attack::with(&evil_user(), document(&many));
    let drift = attack.judged().drift.len();
    assert!(drift > 5_000);
    let alert = attack.alert();
    let more = format!("  - and {} more\n", drift - 20);
    assert!(alert.contains(&more), "{alert}");
    assert!(alert.len() < 8 * 1024, "{}", alert.len());
}

#[test]
fn fields_with_a_very_long_path_make_a_short_report() {
    let many: Map<_, _> = (0..30)
        .map(|number| (number.to_string(), json!(1)))
        .collect();
    let attack = Attack::with(
        &evil_user(),
        document(&inputs(&[(&"k".repeat(60_000), json!(many))])),
    );
    assert!(attack.judged().drift.len() > 30);
    attack.alert();
}

#[test]
fn a_document_whose_paths_would_fill_the_memory_is_refused_and_reverted() {
    let many = json!(vec![1; 16_000]);
    let attack = Attack::with(
        &evil_user(),
        document(&inputs(&[(&"k".repeat(30_000), many)])),
    );
    let alert = attack.alert();
    assert!(alert.contains("version 2 cannot be read"), "{alert}");
}

#[test]
fn thousands_of_keys_that_fold_together_are_found_in_time() {
    // Thousands of spellings of one word.
    let spell = |number: u32| {
        let letters = "abcdefghijklm".chars().enumerate();
        let spelt = letters.map(|(place, letter)| match number >> place & 1 {
            0 => letter,
            _ => letter.to_ascii_uppercase(),
        });
        spelt.collect::<String>()
    };
    let many = (0..3_000).map(|number| (spell(number), json!(1))).collect();
    let alert = Attack::with(&evil_user(), document(&many)).alert();
    assert!(alert.contains("; and 2991 more"), "{alert}");
}

#[test]
fn thousands_of_violations_make_a_short_report() {
    let many = (0..3_000)
        .map(|number| (format!("k{number}"), json!("{{x}}")))
        .collect();
    let alert = Attack::with(&evil_user(), document(&many)).alert();
    assert!(alert.contains("; and 2992 more"), "{alert}");
}
