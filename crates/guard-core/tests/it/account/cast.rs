//! The people and contents that accounts are made of.

use std::collections::BTreeMap;

use guard_core::approvals::{Approvals, Approved, Settled};
use guard_core::change::{Change, Failure, Operation, Written};
use guard_core::facts::{Described, ListedVersion, LiveDocument, StoredParameter, Trail};
use guard_core::judge::Trigger;
use guard_core::mandate::Mandate;
use guard_core::names::{EventId, Version};
use guard_core::notes::{Deletion, Notes};
use guard_core::principal::Principal;
use jiff::{SignedDuration, Timestamp};
use proptest::sample::Index;

use super::Account;
use super::draw::{Draw, Event, Kind, Record};
use crate::content::hash;
use crate::stage::{CHARTER, Stage};

/// The people and contents to draw from.
pub(super) struct Cast {
    stage: Stage,
    people: Vec<String>,
    contents: Vec<String>,
    now: Timestamp,
    mandate: Mandate,
    /// The same in report mode.
    reporting: Mandate,
}

impl Cast {
    pub(super) fn of(stage: Stage) -> Self {
        // The guard and two editors come up more often than others.
        let often = ["guard", "erin", "erin", "sam", "guard"].map(str::to_owned);
        let people = stage
            .people
            .names()
            .map(str::to_owned)
            .chain(often)
            .collect();
        let names = ["baseline", "baseline", "longer", "longest", "bucket"].map(str::to_owned);
        let contents = stage
            .contents
            .names()
            .map(str::to_owned)
            .chain(names)
            .collect();
        let now: Timestamp = "2026-11-10T12:00:00Z".parse().unwrap();
        let packed_at = now - SignedDuration::from_secs(50_000);
        let reporting = CHARTER.replace("mode = \"revert\"", "mode = \"report\"");
        Self {
            people,
            contents,
            now,
            mandate: stage.mandate(CHARTER, "baseline", packed_at),
            reporting: stage.mandate(&reporting, "baseline", packed_at),
            stage,
        }
    }

    fn ago(&self, seconds: i64) -> Timestamp {
        self.now - SignedDuration::from_secs(seconds)
    }

    fn content(&self, index: Index) -> &str {
        self.stage
            .contents
            .text(index.get::<String>(&self.contents))
    }

    pub(super) fn account(&self, draw: &Draw) -> Account {
        let mut ages: Vec<_> = draw.versions.iter().map(|(_, age)| *age).collect();
        ages.sort_unstable_by_key(|age| std::cmp::Reverse(*age));
        let numbers = (0..).map(|offset| Version(draw.first + offset));
        let versions: Vec<_> = numbers
            .zip(ages)
            .map(|(version, age)| ListedVersion {
                version,
                created: self.ago(age),
            })
            .collect();
        let contents = draw
            .versions
            .iter()
            .map(|(index, _)| self.content(*index).to_owned());
        let texts: BTreeMap<_, _> = versions.iter().map(|it| it.version).zip(contents).collect();
        let change = |(number, event)| self.change(event, number, &versions, &texts);
        let records = draw
            .records
            .iter()
            .zip(1..)
            .map(|(event, number)| (number, event));
        let changes = records
            .map(change)
            .filter(|change: &Change| change.failure.is_none())
            .collect();
        Account {
            mandate: if draw.reports {
                &self.reporting
            } else {
                &self.mandate
            }
            .clone(),
            now: self.now,
            trigger: match &draw.trigger {
                None => Trigger::Sweep,
                Some(event) => Trigger::Change(Box::new(change((0, event)))),
            },
            version_limit_reached: draw.version_limit_reached,
            document: document(draw, &versions, &texts),
            shared_with: draw
                .document
                .2
                .then(|| "all".to_owned())
                .into_iter()
                .collect(),
            approvals: self.approvals(draw, &versions),
            notes: self.notes(draw),
            trail: match draw.trail {
                (true, _) => Trail::Failed {
                    why: "Throttled".to_owned(),
                },
                (false, age) => Trail::Answered {
                    changes,
                    // Now and then the answer is cut off so late that versions lie before it.
                    complete_from: self.ago(if age % 4 == 0 { age } else { age + 80_000 }),
                },
            },
            versions,
            texts,
        }
    }

    pub(super) fn written_one_a_second(&self, by: &Principal, texts: Vec<String>) -> Account {
        let seconds = i64::try_from(texts.len()).unwrap();
        let listed = |(number, offset)| ListedVersion {
            version: Version(number),
            created: self.ago(900 + seconds - offset),
        };
        let versions: Vec<_> = (1..).zip(0..seconds).map(listed).collect();
        let numbers = versions.iter().map(|listed| listed.version);
        let texts: BTreeMap<_, _> = numbers.zip(texts).collect();
        let change = |listed: &ListedVersion| {
            let hash = hash(&texts[&listed.version]);
            let version = listed.version;
            Change {
                event_id: EventId::parse(&format!("event-{version}")).unwrap(),
                at: listed.created,
                principal: by.clone(),
                operation: Operation::Wrote {
                    written: Some(Written { version, hash }),
                },
                failure: None,
                source_ip: None,
            }
        };
        let latest = versions.last().unwrap();
        Account {
            mandate: self.mandate.clone(),
            now: self.now,
            trigger: Trigger::Sweep,
            version_limit_reached: false,
            document: LiveDocument::Present(Described {
                latest: latest.version,
                default: latest.version,
                hash: hash(&texts[&latest.version]),
                document_type: "Session".to_owned(),
                created: Some(latest.created),
            }),
            shared_with: Vec::new(),
            approvals: Vec::new(),
            notes: Vec::new(),
            trail: Trail::Answered {
                changes: versions.iter().map(change).collect(),
                complete_from: self.ago(40_000),
            },
            versions,
            texts,
        }
    }

    /// A call, most often on a version that is there, with its own hash and at its own time.
    fn change(
        &self,
        event: &Event,
        number: usize,
        versions: &[ListedVersion],
        texts: &BTreeMap<Version, String>,
    ) -> Change {
        let listed = event.version.get(versions);
        let own = texts.get(&listed.version).unwrap();
        let hash = hash(event.says.map_or(own, |index| self.content(index)));
        let written = Written {
            version: listed.version,
            hash,
        };
        let is_near = event.age % 3 != 0;
        Change {
            event_id: EventId::parse(&format!("event-{number}")).unwrap(),
            at: if is_near {
                listed.created + SignedDuration::from_secs(event.age % 60)
            } else {
                self.ago(event.age)
            },
            principal: self
                .stage
                .people
                .principal(event.by.get::<String>(&self.people)),
            operation: match event.call {
                0 => Operation::Wrote { written: None },
                1 => Operation::MovedDefault {
                    to: Some(listed.version),
                },
                2 => Operation::Deleted,
                3 => Operation::DeletedVersion,
                4 => Operation::ChangedSharing,
                _ => Operation::Wrote {
                    written: Some(written),
                },
            },
            failure: event.is_failed.then(|| Failure {
                code: "AccessDenied".to_owned(),
                message: String::new(),
            }),
            source_ip: None,
        }
    }

    fn approvals(&self, draw: &Draw, versions: &[ListedVersion]) -> Vec<StoredParameter> {
        let stored = draw
            .approvals
            .iter()
            .zip(1..)
            .map(|(record, version)| StoredParameter {
                version,
                value: self.record(record, versions).encode().unwrap_or_default(),
                modified_by: self
                    .stage
                    .people
                    .modified_by(record.by.get::<String>(&self.people)),
            });
        stored.collect()
    }

    fn record(&self, record: &Record, versions: &[ListedVersion]) -> Approvals {
        let own = self.mandate.baseline_hash();
        let baseline = if record.is_void { "another" } else { own }.to_owned();
        let approved = record.approved.map(|(by, version, says)| {
            let (listed, content) = (version.get(versions), self.content(says));
            Approved {
                content: content.to_owned(),
                editor: self.stage.people.principal(by.get::<String>(&self.people)),
                version: listed.version,
                hash: hash(content),
                event_id: EventId::parse("approved-before").unwrap(),
                event_time: listed.created,
                created: listed.created,
            }
        });
        let settled = record.settled.map(|(version, has_hash)| {
            let listed = version.get(versions);
            let hash = hash(self.content(version));
            Settled {
                version: listed.version,
                created: listed.created,
                hash: has_hash.then_some(hash),
                holds: None,
            }
        });
        Approvals {
            baseline,
            approved,
            settled,
        }
    }

    fn notes(&self, draw: &Draw) -> Vec<StoredParameter> {
        let (reverts, deletion) = &draw.notes;
        let notes = Notes {
            reverts: reverts.iter().map(|age| self.ago(*age)).collect(),
            deletion: deletion.map(|age| Deletion {
                at: self.ago(age),
                event_id: EventId::parse("deletion").unwrap(),
            }),
            alerted: None,
            accused: None,
        };
        let modified_by = self.stage.people.modified_by("guard");
        vec![StoredParameter {
            version: 1,
            value: notes.encode(),
            modified_by,
        }]
    }
}

fn document(
    draw: &Draw,
    versions: &[ListedVersion],
    texts: &BTreeMap<Version, String>,
) -> LiveDocument {
    let (kind, default, _) = draw.document;
    let latest = versions.last().unwrap();
    let document_type = match kind {
        Kind::Absent => return LiveDocument::Absent,
        Kind::Session => "Session",
        Kind::Command => "Command",
    };
    LiveDocument::Present(Described {
        latest: latest.version,
        default: default.get(versions).version,
        hash: hash(&texts[&latest.version]),
        document_type: document_type.to_owned(),
        created: Some(latest.created),
    })
}
