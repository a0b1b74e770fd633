//! Who is to be judged because of an event, and what is found.

use std::collections::BTreeSet;

use guard_core::config_item::Item;
use guard_core::inventory::{Bearer, BearerKind, Document, Entity, Library, Unknown, config};
use guard_core::roles::BearerName;
use guard_core::rule_event::RuleEvent;
use guard_core::rules::{BearerTask, Evaluation, Recorded, Resource};

use super::judge::Judge;
use super::lookup::{Found, look_up};
use super::{BearersPorts, EvaluateError};
use crate::account;
use crate::error::PortError;
use crate::patience::{all_pages, may_pass, patiently};

/// With more holders of one policy than that, the whole account costs fewer calls than each of them by itself: some five
/// calls each, against a page for about a hundred.
const MOST_SINGLY: usize = 25;

/// A rule at work on one event.
pub(super) struct Bench<'a, P> {
    judge: Judge<'a>,
    ports: &'a P,
}

/// What was found, and why that may not be all.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) evaluations: Vec<Evaluation>,
    pub(super) failure: Option<EvaluateError>,
}

impl<'a, P: BearersPorts> Bench<'a, P> {
    pub(super) fn new(judge: Judge<'a>, ports: &'a P) -> Self {
        Self { judge, ports }
    }

    /// Judges everybody whom the event asks about.
    pub(super) async fn work(&self, event: &RuleEvent) -> Result<Findings, EvaluateError> {
        match BearerTask::of(event)? {
            BearerTask::Answer(evaluation) => Ok(Findings {
                evaluations: vec![evaluation],
                failure: None,
            }),
            BearerTask::One { kind, recorded } => self.one(kind, &recorded).await,
            BearerTask::Holders { policy, arn } => self.holders(policy, &arn).await,
            BearerTask::Everybody => self.everybody(&|_| true).await,
        }
    }

    /// One role, user or group; and the members of a group, where they are judged by what it has.
    async fn one(&self, kind: BearerKind, recorded: &Recorded) -> Result<Findings, EvaluateError> {
        let mut library = Library::default();
        let evaluation = self.recorded(kind, recorded, &mut library).await?;
        let members = match kind {
            BearerKind::Group if self.judge.counts_groups() => {
                self.members(name_of(recorded.item())?).await
            }
            BearerKind::Role | BearerKind::User | BearerKind::Group => Ok(Vec::new()),
        };
        let mut findings = match members {
            Ok(members) => self.several(members.into_iter().collect(), library).await?,
            Err(error) if may_pass(error.class) => return Err(error.into()),
            // What is known of the group itself is told all the same.
            Err(error) => Findings {
                evaluations: Vec::new(),
                failure: Some(error.into()),
            },
        };
        findings.evaluations.insert(0, evaluation);
        Ok(findings)
    }

    /// Somebody as AWS Config recorded them, or as they are now where that does not suffice.
    async fn recorded(
        &self,
        kind: BearerKind,
        recorded: &Recorded,
        library: &mut Library,
    ) -> Result<Evaluation, EvaluateError> {
        let item = recorded.item();
        if let Some(entity) = self.recorded_entity(kind, recorded).await? {
            let found = look_up(entity, library, &self.judge, self.ports).await?;
            if !found.is_outdated && tells_all(&found.bearer) {
                return Ok(self.judge.evaluation(&found.bearer));
            }
        }
        let live = self.live(kind, name_of(item)?, library).await?;
        // Another one may bear the name by now: it has events of its own.
        let live = live.filter(|found| found.bearer.id == item.resource.id);
        Ok(live.map_or_else(
            || Evaluation::not_applicable(item.resource.clone(), "it is not there any more"),
            |found| self.judge.evaluation(&found.bearer),
        ))
    }

    /// What the event or AWS Config's history says; `None` where that is not all.
    async fn recorded_entity(
        &self,
        kind: BearerKind,
        recorded: &Recorded,
    ) -> Result<Option<Entity>, PortError> {
        let older: Option<Item>;
        let item = match recorded {
            Recorded::Whole(item) => Some(&**item),
            Recorded::Summary(summary) => {
                let resource = &summary.resource;
                let call = async || self.ports.item(resource, summary.captured).await;
                older = patiently(self.ports, call).await?;
                // An older one would tell of a state that is over.
                older
                    .as_ref()
                    .filter(|item| item.captured == summary.captured && item.resource == *resource)
            }
        };
        let configuration = item.and_then(|item| item.configuration.as_deref());
        Ok(configuration.and_then(|text| {
            config::entity(kind, text)
                .inspect_err(|error| {
                    tracing::debug!(%error, "a recorded item lacks something, IAM is asked");
                })
                .ok()
                .filter(|entity| entity.id() == recorded.item().resource.id)
        }))
    }

    /// Everybody whom the rule is about and who has a policy, directly, through a group, or as a boundary.
    async fn holders(&self, policy: Resource, arn: &str) -> Result<Findings, EvaluateError> {
        let call = async |after: Option<&str>| self.ports.holders(arn, after).await;
        let direct = all_pages(self.ports, call).await?;
        let direct = direct.into_iter().map(|holder| holder.bearer);
        let mut holders: BTreeSet<BearerName> = BTreeSet::new();
        for holder in direct.filter(|it| self.judge.is_about(it.kind)) {
            match holder.kind {
                BearerKind::Group if self.judge.counts_groups() => {
                    holders.extend(self.members(&holder.name).await?);
                }
                BearerKind::Role | BearerKind::User | BearerKind::Group => {}
            }
            holders.insert(holder);
        }
        let mut findings = if holders.len() > MOST_SINGLY {
            self.everybody(&|holder| holders.contains(holder)).await?
        } else {
            self.several(holders, Library::default()).await?
        };
        let why = "it is judged in those to whom it is attached";
        let row = Evaluation::not_applicable(policy, why);
        findings.evaluations.insert(0, row);
        Ok(findings)
    }

    async fn members(&self, group: &str) -> Result<Vec<BearerName>, PortError> {
        let call = async |after: Option<&str>| self.ports.members(group, after).await;
        let names = all_pages(self.ports, call).await?;
        let user = |name| BearerName {
            kind: BearerKind::User,
            name,
        };
        Ok(names.into_iter().map(user).collect())
    }

    /// Each by itself; one that cannot be read does not keep the others from being judged.
    async fn several(
        &self,
        holders: BTreeSet<BearerName>,
        mut library: Library,
    ) -> Result<Findings, EvaluateError> {
        let of = holders.len();
        let mut evaluations = Vec::new();
        let mut failures = Vec::new();
        for holder in holders {
            match self.live(holder.kind, &holder.name, &mut library).await {
                Ok(Some(found)) => evaluations.push(self.judge.evaluation(&found.bearer)),
                // Gone meanwhile, which is an event of its own.
                Ok(None) => {}
                Err(error) => failures.push((holder.name, error)),
            }
        }
        let failed = failures.len();
        let first = failures.into_iter().next();
        Ok(Findings {
            evaluations,
            failure: first.map(|(first, error)| EvaluateError::Some {
                failed,
                of,
                first,
                source: Box::new(error.into()),
            }),
        })
    }

    async fn live(
        &self,
        kind: BearerKind,
        name: &str,
        library: &mut Library,
    ) -> Result<Option<Found>, PortError> {
        let entity = patiently(self.ports, async || self.ports.entity(kind, name).await).await?;
        match entity {
            None => Ok(None),
            Some(entity) => {
                let found = look_up(entity, library, &self.judge, self.ports).await?;
                Ok(Some(found))
            }
        }
    }

    /// Everybody in the account whom `is_meant` takes in.
    async fn everybody(
        &self,
        is_meant: &(dyn Fn(&BearerName) -> bool + Sync),
    ) -> Result<Findings, EvaluateError> {
        let inventory = account::read(self.ports, |_| {}).await?;
        let bearers = inventory.bearers().iter().filter(|bearer| {
            is_meant(&BearerName {
                kind: bearer.kind,
                name: bearer.name.clone(),
            })
        });
        Ok(Findings {
            evaluations: bearers.map(|it| self.judge.evaluation(it)).collect(),
            failure: None,
        })
    }
}

/// Whether tags and trust are told where there can be any: older items of AWS Config lack tags.
fn tells_all(bearer: &Bearer) -> bool {
    let tells_trust = || match &bearer.trust {
        Some(Document::Known(_) | Document::Unknown(Unknown::Unreadable(_))) => true,
        Some(Document::Unknown(_)) | None => false,
    };
    match bearer.kind {
        BearerKind::Role => bearer.tags.is_some() && tells_trust(),
        BearerKind::User => bearer.tags.is_some(),
        BearerKind::Group => true,
    }
}

/// The name by which IAM knows what an item is of.
fn name_of(item: &Item) -> Result<&str, EvaluateError> {
    let from_arn = || item.arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let name = item.name.as_deref().or_else(from_arn);
    name.ok_or_else(|| EvaluateError::Nameless {
        resource: item.resource.clone(),
    })
}
