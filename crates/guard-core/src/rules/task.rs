//! What an event of AWS Config asks a rule to look at.

use super::evaluation::{DOCUMENT_TYPE, Evaluation, Resource};
use crate::change::document_arn;
use crate::config_item::{Item, ItemStatus};
use crate::inventory::BearerKind;
use crate::member::{MemberError, wrong};
use crate::names::{PREFERENCES_DOCUMENT, Scope};
use crate::rule_event::{Bounds, Extent, Occasion, RuleEvent};

/// What an event asks the rule on the preferences document to look at.
#[derive(Debug, Clone, PartialEq)]
pub enum DocumentTask {
    /// Nothing: this is the answer.
    Answer(Evaluation),
    /// The document.
    Look,
}

/// What an event asks a rule on roles, users and groups to look at.
#[derive(Debug, Clone, PartialEq)]
pub enum BearerTask {
    /// Nobody: this is the answer.
    Answer(Evaluation),
    /// One role, user or group, of which this was recorded; and the members of a group.
    One {
        /// What it is.
        kind: BearerKind,
        /// What was recorded, as far as the event holds it.
        recorded: Recorded,
    },
    /// Everybody to whom a managed policy is attached, directly, through a group, or as a boundary.
    Holders {
        /// The policy, which has a row of its own in AWS Config.
        policy: Resource,
        /// Its ARN.
        arn: String,
    },
    /// Every role, user and group of the account.
    Everybody,
}

/// What an event holds of a role, user or group.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// All of it.
    Whole(Box<Item>),
    /// Only that it changed: the rest is in the history of AWS Config.
    Summary(Box<Item>),
}

/// AWS Config's type of the account's own managed policies.
const POLICY_TYPE: &str = "AWS::IAM::Policy";

const OUT_OF_SCOPE: &str = "it is out of the rule's scope";
const DELETED: &str = "it is deleted";
const NOT_RECORDED: &str = "AWS Config does not record it any more";

impl DocumentTask {
    /// What `event` asks to look at in `scope`.
    pub fn of(event: &RuleEvent, scope: &Scope) -> Self {
        let item = match &event.occasion {
            Occasion::Scheduled { .. } => return Self::Look,
            Occasion::Change {
                item,
                bounds: Bounds::Left,
                ..
            } => return Self::Answer(not_applicable(item, OUT_OF_SCOPE)),
            Occasion::Change {
                item,
                bounds: Bounds::Inside,
                ..
            } => item,
        };
        if !is_preferences(item, scope) {
            let why = "it is not the document of the session preferences";
            return Self::Answer(not_applicable(item, why));
        }
        match item.status {
            // Whether the document is there now, the account itself says: a deletion may have been made good already.
            ItemStatus::Ok
            | ItemStatus::Discovered
            | ItemStatus::Deleted
            | ItemStatus::DeletedNotRecorded => Self::Look,
            ItemStatus::NotRecorded => Self::Answer(not_applicable(item, NOT_RECORDED)),
        }
    }
}

impl BearerTask {
    /// What `event` asks to look at.
    pub fn of(event: &RuleEvent) -> Result<Self, MemberError> {
        Ok(match &event.occasion {
            Occasion::Scheduled { .. } => Self::Everybody,
            Occasion::Change {
                item,
                bounds: Bounds::Left,
                ..
            } => Self::Answer(not_applicable(item, OUT_OF_SCOPE)),
            Occasion::Change {
                item,
                extent,
                bounds: Bounds::Inside,
            } => match item.status {
                ItemStatus::Ok | ItemStatus::Discovered => Self::of_item(item, *extent)?,
                ItemStatus::Deleted | ItemStatus::DeletedNotRecorded => {
                    Self::Answer(not_applicable(item, DELETED))
                }
                ItemStatus::NotRecorded => Self::Answer(not_applicable(item, NOT_RECORDED)),
            },
        })
    }

    fn of_item(item: &Item, extent: Extent) -> Result<Self, MemberError> {
        if let Some(kind) = BearerKind::of_config_type(&item.resource.kind) {
            let item = Box::new(item.clone());
            let recorded = match extent {
                Extent::Whole => Recorded::Whole(item),
                Extent::Summary => Recorded::Summary(item),
            };
            return Ok(Self::One { kind, recorded });
        }
        if item.resource.kind != POLICY_TYPE {
            let why = "it is no role, user, group or policy";
            return Ok(Self::Answer(not_applicable(item, why)));
        }
        let arn = item.arn.clone();
        Ok(Self::Holders {
            policy: item.resource.clone(),
            arn: arn.ok_or_else(|| wrong("ARN", None, "the ARN of a policy"))?,
        })
    }
}

impl Recorded {
    /// The item or its summary.
    pub fn item(&self) -> &Item {
        match self {
            Self::Whole(item) | Self::Summary(item) => item,
        }
    }
}

fn not_applicable(item: &Item, why: &str) -> Evaluation {
    Evaluation::not_applicable(item.resource.clone(), why)
}

fn is_preferences(item: &Item, scope: &Scope) -> bool {
    let names = [
        Some(&item.resource.id),
        item.name.as_ref(),
        item.arn.as_ref(),
    ];
    let arn = document_arn(scope);
    let is_named = |name: &String| name == PREFERENCES_DOCUMENT || *name == arn;
    item.resource.kind == DOCUMENT_TYPE && names.into_iter().flatten().any(is_named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{AccountId, Partition, Region};
    use crate::rule_event::{Token, Weight};
    use crate::rules::Compliance;

    fn scope() -> Scope {
        Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-central-1").unwrap(),
        }
    }

    fn item(kind: &str, id: &str) -> Item {
        Item {
            resource: Resource::new(kind, id),
            name: None,
            arn: Some(format!("arn:aws:iam::123456789012:policy/{id}")),
            account: "123456789012".to_owned(),
            region: "eu-central-1".to_owned(),
            status: ItemStatus::Ok,
            captured: "2026-01-15T02:03:04Z".parse().unwrap(),
            configuration: None,
        }
    }

    fn document() -> Item {
        item(DOCUMENT_TYPE, PREFERENCES_DOCUMENT)
    }

    fn event(occasion: Occasion) -> RuleEvent {
        RuleEvent {
            rule_name: "session-guard-session-access".to_owned(),
            token: Token {
                value: "token".to_owned(),
                weight: Weight::Real,
            },
            occasion,
            parameters: Vec::new(),
        }
    }

    fn change(item: &Item, extent: Extent, bounds: Bounds) -> RuleEvent {
        event(Occasion::Change {
            item: Box::new(item.clone()),
            extent,
            bounds,
        })
    }

    fn for_bearers(item: &Item, extent: Extent) -> BearerTask {
        BearerTask::of(&change(item, extent, Bounds::Inside)).unwrap()
    }

    fn for_document(item: &Item) -> DocumentTask {
        DocumentTask::of(&change(item, Extent::Whole, Bounds::Inside), &scope())
    }

    fn is_not_applicable(answer: &Evaluation, item: &Item) -> bool {
        answer.resource == item.resource
            && answer.compliance == Compliance::NotApplicable
            && answer.annotation.is_some()
    }

    #[test]
    fn what_is_deleted_or_out_of_scope_is_not_applicable() {
        for status in [
            ItemStatus::Deleted,
            ItemStatus::DeletedNotRecorded,
            ItemStatus::NotRecorded,
        ] {
            for kind in ["AWS::IAM::Role", "AWS::IAM::Policy"] {
                let gone = Item {
                    status,
                    ..item(kind, "X1")
                };
                let task = for_bearers(&gone, Extent::Whole);
                assert!(
                    matches!(&task, BearerTask::Answer(answer) if is_not_applicable(answer, &gone)),
                    "{task:?}"
                );
            }
        }
        let left = item("AWS::IAM::Role", "AROA1");
        for extent in [Extent::Whole, Extent::Summary] {
            let task = BearerTask::of(&change(&left, extent, Bounds::Left)).unwrap();
            assert!(
                matches!(&task, BearerTask::Answer(answer) if is_not_applicable(answer, &left)),
                "{task:?}"
            );
        }
        let left = document();
        let task = DocumentTask::of(&change(&left, Extent::Whole, Bounds::Left), &scope());
        assert!(
            matches!(&task, DocumentTask::Answer(answer) if is_not_applicable(answer, &left)),
            "{task:?}"
        );
    }

    #[test]
    fn only_the_preferences_document_of_this_region_is_looked_at() {
        let distant = "arn:aws:ssm:us-east-1:123456789012:document/SSM-SessionManagerRunShell";
        for other in [
            item(DOCUMENT_TYPE, "Restart-Web-Servers"),
            item("AWS::IAM::Role", PREFERENCES_DOCUMENT),
            Item {
                arn: Some(distant.to_owned()),
                ..item(DOCUMENT_TYPE, "some-id")
            },
        ] {
            let task = for_document(&other);
            assert!(
                matches!(&task, DocumentTask::Answer(answer) if is_not_applicable(answer, &other)),
                "{task:?}"
            );
        }
        let by_arn = Item {
            arn: Some(document_arn(&scope())),
            ..item(DOCUMENT_TYPE, "some-id")
        };
        for ours in [document(), by_arn] {
            assert_eq!(for_document(&ours), DocumentTask::Look);
        }
    }

    #[test]
    fn a_deletion_of_the_preferences_is_looked_into() {
        let deleted = Item {
            status: ItemStatus::Deleted,
            ..document()
        };
        assert_eq!(for_document(&deleted), DocumentTask::Look);
        let not_recorded = Item {
            status: ItemStatus::NotRecorded,
            ..document()
        };
        assert!(matches!(
            for_document(&not_recorded),
            DocumentTask::Answer(_)
        ));
    }

    #[test]
    fn a_policy_leads_to_everybody_who_has_it() {
        let policy = item("AWS::IAM::Policy", "ANPA1");
        for extent in [Extent::Whole, Extent::Summary] {
            let expected = BearerTask::Holders {
                policy: policy.resource.clone(),
                arn: "arn:aws:iam::123456789012:policy/ANPA1".to_owned(),
            };
            assert_eq!(for_bearers(&policy, extent), expected);
        }
        let nameless = Item {
            arn: None,
            ..policy
        };
        let nameless = BearerTask::of(&change(&nameless, Extent::Whole, Bounds::Inside));
        assert_eq!(
            nameless.unwrap_err().to_string(),
            "`ARN` is missing, expected the ARN of a policy"
        );
    }

    #[test]
    fn each_kind_of_principal_is_looked_at_by_itself() {
        for kind in [BearerKind::Role, BearerKind::User, BearerKind::Group] {
            let item = item(kind.config_type(), "X1");
            let recorded = || Box::new(item.clone());
            for (extent, recorded) in [
                (Extent::Whole, Recorded::Whole(recorded())),
                (Extent::Summary, Recorded::Summary(recorded())),
            ] {
                assert_eq!(recorded.item(), &item);
                let expected = BearerTask::One { kind, recorded };
                assert_eq!(for_bearers(&item, extent), expected);
            }
        }
        let bucket = item("AWS::S3::Bucket", "logs");
        let task = for_bearers(&bucket, Extent::Whole);
        assert!(
            matches!(&task, BearerTask::Answer(answer) if is_not_applicable(answer, &bucket)),
            "{task:?}"
        );
    }

    #[test]
    fn the_schedule_asks_for_everything() {
        let at = "2026-01-15T02:03:04Z".parse().unwrap();
        let scheduled = event(Occasion::Scheduled { at });
        assert_eq!(BearerTask::of(&scheduled), Ok(BearerTask::Everybody));
        assert_eq!(DocumentTask::of(&scheduled, &scope()), DocumentTask::Look);
    }
}
