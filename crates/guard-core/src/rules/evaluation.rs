//! What one rule says of one resource.

use jiff::Timestamp;

use super::{Compliance, Finding, JudgeBearer, JudgeCarrier, RuleId, Terms, annotation};
use crate::charter::Charter;
use crate::inventory::{Bearer, BearerKind};
use crate::names::{AccountId, PREFERENCES_DOCUMENT};
use crate::roles::Mandate;

/// A resource under the name by which AWS Config knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// Its type, such as `AWS::IAM::Role`.
    pub kind: String,
    /// Its id, such as `AROA…`; a role's name is no id.
    pub id: String,
}

/// What one rule says of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The resource.
    pub resource: Resource,
    /// AWS Config's word for it.
    pub compliance: Compliance,
    /// Why, in at most 256 characters; `None` when there is nothing to say.
    pub annotation: Option<String>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// The charter's word that the resource may be as it is.
    pub exempt: Option<Exempt>,
}

/// Why findings are no reason to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempt {
    /// The first moment at which it is over.
    pub until: Option<Timestamp>,
    /// Why, as the charter says.
    pub reason: String,
}

impl Resource {
    /// A resource.
    pub fn new(kind: &str, id: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
        }
    }

    /// The preferences document of a Region.
    pub fn preferences() -> Self {
        Self::new(DOCUMENT_TYPE, PREFERENCES_DOCUMENT)
    }

    /// The account as a whole.
    pub fn account(id: &AccountId) -> Self {
        Self::new("AWS::::Account", id.as_str())
    }

    /// A role, user or group.
    pub fn bearer(kind: BearerKind, id: &str) -> Self {
        Self::new(kind.config_type(), id)
    }
}

/// AWS Config's type of SSM documents.
pub const DOCUMENT_TYPE: &str = "AWS::SSM::Document";

impl Evaluation {
    /// What `findings` come to.
    pub fn new(resource: Resource, mut findings: Vec<Finding>) -> Self {
        let gravity = |finding: &Finding| match finding.compliance() {
            Compliance::NonCompliant => 0,
            Compliance::Compliant => 1,
            Compliance::NotApplicable => 2,
        };
        findings.sort_by_key(|finding| (gravity(finding), finding.code));
        let is_wrong = findings
            .iter()
            .any(|finding| finding.compliance() == Compliance::NonCompliant);
        Self {
            resource,
            compliance: if is_wrong {
                Compliance::NonCompliant
            } else {
                Compliance::Compliant
            },
            annotation: annotation::of(&findings),
            findings,
            exempt: None,
        }
    }

    /// The resource is gone, or none of the rule's business.
    pub fn not_applicable(resource: Resource, why: &str) -> Self {
        Self {
            resource,
            compliance: Compliance::NotApplicable,
            annotation: annotation::plain(why),
            findings: Vec::new(),
            exempt: None,
        }
    }

    /// What a rule says of a role, user or group, with what the charter exempts it from.
    pub fn of_bearer(rule: RuleId, judge: JudgeBearer, bearer: &Bearer, terms: &Terms<'_>) -> Self {
        let resource = Resource::bearer(bearer.kind, &bearer.id);
        let found = Self::new(resource, judge(bearer, terms));
        found.unless_exempt(rule, bearer, terms.charter, terms.now)
    }

    /// The same for a rule that judges under a mandate over policies.
    pub fn of_carrier(
        rule: RuleId,
        judge: JudgeCarrier,
        bearer: &Bearer,
        mandate: &Mandate,
        now: Timestamp,
    ) -> Self {
        let resource = Resource::bearer(bearer.kind, &bearer.id);
        match judge(bearer, mandate, now) {
            Some(findings) => {
                Self::new(resource, findings).unless_exempt(rule, bearer, mandate.charter(), now)
            }
            None => {
                Self::not_applicable(resource, "it is no role of instances that sessions reach")
            }
        }
    }

    fn unless_exempt(
        self,
        rule: RuleId,
        bearer: &Bearer,
        charter: &Charter,
        now: Timestamp,
    ) -> Self {
        let found = self;
        match charter.exemption(&bearer.arn, Some(&bearer.id), rule.as_str(), now) {
            Some(exemption) if !found.findings.is_empty() => found.exempted(Exempt {
                until: exemption.until,
                reason: exemption.reason.clone(),
            }),
            Some(_) | None => found,
        }
    }

    /// The same for a resource that the charter lets be as it is: what was found is kept and no reason to act.
    fn exempted(self, exempt: Exempt) -> Self {
        Self {
            compliance: Compliance::Compliant,
            annotation: Some(annotation::exempt(&exempt, &self.findings)),
            exempt: Some(exempt),
            ..self
        }
    }
}
