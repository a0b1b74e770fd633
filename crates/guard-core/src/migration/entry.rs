//! The plan for one role, user or group.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::loss::{Extent, used_services};
use super::{Accessed, Facts, Loss, Names, Reference, Used, UserData, loss};
use crate::charter::{Enforcement, Forbidden, Purpose, Successor};
use crate::inventory::{Bearer, BearerKind, Document, Source};
use crate::managed;
use crate::policy::PolicyDocument;
use crate::roles::{Conclusion, How, Mandate, Plan, Reason, judge_as, leaves};

/// Managed policies that a role may have unless its account was granted more (IAM user guide, "IAM and AWS STS quotas").
const QUOTA: usize = 10;

/// What no instance needs of AWS's deprecated policy: the agent works without it, as AWS's own successors do.
const NOT_NEEDED: &str = "ec2";

/// Whether people see the plan before it is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Review {
    /// Somebody reads it.
    ByPerson,
    /// Nobody does. What the access advisor may not know yet, and what a policy for other purposes happens to grant, is
    /// not relied on then.
    Missing,
}

/// What is planned for one role, user or group, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    /// Whom it is about.
    pub arn: String,
    /// How the policy leaves; `None` where it stays, for the reasons below.
    pub plan: Option<Plan>,
    /// Why it stays, or leaves in this way.
    pub reasons: Vec<String>,
    /// What is not granted as it was.
    pub losses: Vec<Loss>,
    /// What to look at before it is carried out.
    pub surprises: Vec<String>,
    /// What runs with it, and what would bring the policy back.
    pub surroundings: Surroundings,
}

/// What runs with a role, and what would bring the policy back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Surroundings {
    /// The ids of instances.
    pub instances: Vec<String>,
    /// Places that name the policy or the role.
    pub references: Vec<Reference>,
}

impl Entry {
    pub(super) fn of(
        mandate: &Mandate,
        forbidden: &Forbidden,
        facts: Facts<'_>,
        review: Review,
        now: Timestamp,
    ) -> Self {
        let bearer = facts.observed.bearer;
        let is_used = |successor: &Successor| match successor.purpose {
            // Whether sessions would be lost is asked, not whether they were used.
            Purpose::SessionLogging => true,
            // The access advisor is some hours late (IAM user guide, "Refining permissions in AWS using last accessed
            // information"), and without this policy an instance is lost to Systems Manager.
            Purpose::SystemsManager if review == Review::Missing => true,
            purpose => services(purpose)
                .iter()
                .any(|it| Used::of(facts.accessed, it).counts()),
        };
        let how = How {
            enforcement: Enforcement::Replace,
            is_used: &is_used,
        };
        let ruling = judge_as(mandate, forbidden, how, facts.observed, now);
        let mut planned = match ruling.conclusion {
            Conclusion::Act(plan) => Some(plan),
            Conclusion::Settled => None,
            Conclusion::Report { would } => would,
        };
        // Whether the guard changes anything by itself is another matter: who carries a plan out wants it carried out.
        let is_told =
            |reason: &&Reason| !matches!(reason, Reason::HoldsStill | Reason::OnlyReported);
        let mut reasons: Vec<String> = ruling
            .reasons
            .iter()
            .filter(is_told)
            .map(ToString::to_string)
            .collect();
        let (mut losses, mut surprises) = (Vec::new(), Vec::new());
        let mut withheld = Vec::new();
        if let Some((plan, leaving)) = planned.as_mut().zip(loss::leaving(bearer, forbidden)) {
            let after = after(mandate, plan, facts, |_| true);
            losses = loss::of(&leaving, &after, facts.accessed);
            plan.keeps = kept(forbidden, &leaving, facts.accessed);
            let lost = Lost {
                mandate,
                forbidden,
                plan,
                facts,
                leaving: &leaving,
            };
            withheld = lost.told(&losses, review);
            surprises.extend(surprise_of_quota(bearer, forbidden, plan));
        } else if planned.is_some() {
            withheld.push(
                "nobody knows what the forbidden policy says, and so what would be lost".to_owned(),
            );
        }
        let plan = planned.filter(|_| withheld.is_empty());
        let mut surroundings = facts.surroundings.clone();
        if let Some(plan) = &plan {
            propose(&mut surroundings, bearer, forbidden, plan, facts.user_data);
        }
        reasons.extend(withheld);
        Self {
            arn: bearer.arn.clone(),
            plan,
            reasons,
            losses,
            surprises,
            surroundings,
        }
    }

    /// Has it told that the access advisor said nothing, and why: a fragment that continues "of the access advisor, ".
    pub fn note_no_advice(&mut self, why: &str) {
        self.surprises.push(format!(
            "nobody knows what it used, so all of it counts as used: of the access advisor, {why}"
        ));
    }

    /// The actions of which only a part stays.
    pub fn narrower(&self) -> impl Iterator<Item = &Loss> {
        self.losses
            .iter()
            .filter(|loss| loss.extent == Extent::Narrower)
    }

    /// The actions of which nothing stays.
    pub fn lost(&self) -> impl Iterator<Item = &Loss> {
        self.losses
            .iter()
            .filter(|loss| loss.extent == Extent::Lost)
    }
}

/// What is looked at to say what would be lost that is used.
struct Lost<'a> {
    mandate: &'a Mandate,
    forbidden: &'a Forbidden,
    plan: &'a Plan,
    facts: Facts<'a>,
    leaving: &'a PolicyDocument,
}

impl Lost<'_> {
    /// Why the policy cannot leave.
    fn told(&self, losses: &[Loss], review: Review) -> Vec<String> {
        let mut services = used_services(self.leaving, losses);
        let without_records = match review {
            Review::ByPerson => Vec::new(),
            Review::Missing => loss::of(
                self.leaving,
                &self.after_without_records(),
                self.facts.accessed,
            ),
        };
        let more = used_services(self.leaving, &without_records).into_iter();
        // Whoever writes the records of sessions uses logs for that.
        services.extend(more.filter(|service| *service != "logs"));
        services.sort_unstable();
        services.dedup();
        let services = services.into_iter();
        let mut told: Vec<String> = services
            .filter(|service| is_needed(self.forbidden, service))
            .map(|service| {
                format!(
                    "it uses {service}, or may, of which nothing would be left: {}",
                    remedy(self.facts.observed.bearer.kind, service)
                )
            })
            .collect();
        if loss::grants_what_is_not_listed(self.leaving) {
            told.push(
                "the forbidden policy grants all but certain actions, so nobody can say what would be lost"
                    .to_owned(),
            );
        }
        told
    }

    /// What is granted then without the successor for the records of sessions: the bucket that it writes is not what
    /// else is used.
    fn after_without_records(&self) -> Vec<PolicyDocument> {
        let is_of_records = |arn: &str| {
            self.forbidden
                .successors_for(Purpose::SessionLogging)
                .any(|successor| successor.is(arn))
        };
        after(self.mandate, self.plan, self.facts, |arn| {
            !is_of_records(arn)
        })
    }
}

/// The services that have to be kept, of those that the policy grants anything of.
fn kept(
    forbidden: &Forbidden,
    leaving: &PolicyDocument,
    accessed: Option<&Accessed>,
) -> Vec<String> {
    let services = loss::services(leaving).into_iter();
    let kept = services.filter(|it| is_needed(forbidden, it) && Used::of(accessed, it).counts());
    kept.map(str::to_owned).collect()
}

fn is_needed(forbidden: &Forbidden, service: &str) -> bool {
    !forbidden.is_deprecated() || service != NOT_NEEDED
}

/// Puts the new versions of launch templates in, where their user data tell what to do.
fn propose(
    surroundings: &mut Surroundings,
    bearer: &Bearer,
    forbidden: &Forbidden,
    plan: &Plan,
    user_data: &[UserData],
) {
    let is_its = |arn: &str| {
        let mut carried = bearer.policies.iter();
        plan.attach.iter().any(|it| it.eq_ignore_ascii_case(arn))
            || carried
                .any(|it| managed_arn(&it.source).is_some_and(|own| own.eq_ignore_ascii_case(arn)))
    };
    let successors = forbidden.successors.iter();
    let successors = successors.filter(|it| is_its(&it.policy));
    let attach: Vec<String> = successors.map(|it| it.policy.clone()).collect();
    for reference in &mut surroundings.references {
        let data = user_data.iter().find(|it| it.reference == reference.name);
        reference.new_version = match (reference.names, data) {
            (Names::Policy, Some(data)) => data.changed(&plan.name, forbidden, attach.clone()),
            (Names::Policy, None) | (Names::Role, _) => None,
        };
    }
}

/// The services that a successor is for; one of them used suffices.
fn services(purpose: Purpose) -> &'static [&'static str] {
    match purpose {
        Purpose::SystemsManager => &["ssm", "ssmmessages", "ec2messages"],
        Purpose::SessionLogging => &["logs", "s3"],
        Purpose::CloudwatchAgent => &["cloudwatch", "logs"],
        Purpose::DirectoryService => &["ds"],
        Purpose::Buckets => &["s3"],
    }
}

fn remedy(kind: BearerKind, service: &str) -> &'static str {
    match kind {
        BearerKind::User | BearerKind::Group => {
            return "nothing is attached to users and groups; grant it by hand, or exempt it";
        }
        BearerKind::Role => {}
    }
    match service {
        "s3" => {
            "name its buckets in the charter, and a successor with purpose = \"buckets\" (`session-guard policy successor buckets`)"
        }
        "ds" => {
            "say agent-uses = [\"directory-service\"], and name AmazonSSMDirectoryServiceAccess"
        }
        "cloudwatch" | "logs" => {
            "say agent-uses = [\"cloudwatch-agent\"], and name CloudWatchAgentServerPolicy"
        }
        _ => "name a successor that grants it, or exempt it",
    }
}

pub(super) fn is_carried(bearer: &Bearer, forbidden: &Forbidden) -> bool {
    let carried = bearer.policies.iter().chain(&bearer.boundary);
    { carried }.any(|carried| managed_arn(&carried.source).is_some_and(|arn| forbidden.is(arn)))
}

pub(super) fn managed_arn(source: &Source) -> Option<&str> {
    match source {
        Source::Managed { arn } => Some(arn),
        Source::Inline { .. }
        | Source::GroupInline { .. }
        | Source::GroupManaged { .. }
        | Source::Group { .. } => None,
    }
}

/// What the policies say that are known to be there once every forbidden one is off, of the planned successors those
/// that `is_counted` takes in.
fn after(
    mandate: &Mandate,
    plan: &Plan,
    facts: Facts<'_>,
    is_counted: impl Fn(&str) -> bool,
) -> Vec<PolicyDocument> {
    let bearer = facts.observed.bearer;
    let stays = loss::staying(bearer, &leaves(mandate)).into_iter();
    let comes = plan.attach.iter().filter(|arn| is_counted(arn));
    let comes = comes.filter_map(|arn| {
        let given = facts.observed.successors.get(arn).and_then(Document::known);
        given.cloned().or_else(|| managed::document(arn))
    });
    stays.chain(comes).collect()
}

fn surprise_of_quota(bearer: &Bearer, forbidden: &Forbidden, plan: &Plan) -> Option<String> {
    let attached = bearer
        .policies
        .iter()
        .filter(|it| managed_arn(&it.source).is_some());
    let most = attached.count() + plan.attach.len();
    (most > QUOTA && !plan.attach.is_empty()).then(|| {
        format!(
            "on the way it has {most} managed policies, more than the {QUOTA} that a role may have by default: where \
             that is the limit, `{}` stays",
            forbidden.name()
        )
    })
}
