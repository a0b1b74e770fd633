//! What will be done about one role, user or group, as data.

use serde::{Deserialize, Serialize};

use crate::inventory::{Bearer, BearerKind};

/// How a forbidden policy leaves one role, user or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plan {
    /// What carries it.
    pub kind: BearerKind,
    /// The name of whoever carries it.
    pub name: String,
    /// The id, which nobody else ever gets.
    pub id: String,
    /// The ARN.
    pub arn: String,
    /// The forbidden policy, as IAM spells it.
    pub forbidden: String,
    /// The successors, in the order in which they are attached; those that are attached already are not named.
    pub attach: Vec<String>,
    /// The services that it uses, as the beginnings of their actions: the forbidden policy is taken off only where
    /// something of what it grants of each is left. Empty where nobody asked what it uses.
    pub keeps: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// Attaches a successor.
    Attach {
        /// Which.
        policy: String,
    },
    /// Reads everything again, until what was attached is there, and asks whether the log can be written without the
    /// forbidden policy.
    Verify,
    /// Takes the forbidden policy off.
    Detach {
        /// Which.
        policy: String,
    },
    /// Reads again whether it is gone.
    ReadBack,
}

impl Plan {
    /// The plan for `bearer`.
    pub(crate) fn new(bearer: &Bearer, forbidden: &str, attach: Vec<String>) -> Self {
        Self {
            kind: bearer.kind,
            name: bearer.name.clone(),
            id: bearer.id.clone(),
            arn: bearer.arn.clone(),
            forbidden: forbidden.to_owned(),
            attach,
            keeps: Vec::new(),
        }
    }

    /// The steps, in their order: nothing is taken off before its successors were seen.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let attach = self.attach.iter().cloned();
        steps.extend(attach.map(|policy| Step::Attach { policy }));
        if !steps.is_empty() {
            steps.push(Step::Verify);
        }
        let policy = self.forbidden.clone();
        steps.extend([Step::Detach { policy }, Step::ReadBack]);
        steps
    }
}
