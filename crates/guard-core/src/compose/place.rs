//! Where a policy is to hold.

use crate::names::{AccountId, Partition, Region};

/// The accounts and Regions of a policy; an account lies in one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The partition.
    pub partition: Partition,
    /// The accounts.
    pub accounts: Accounts,
    /// The Regions, at least one.
    pub regions: Vec<Region>,
}

/// The accounts of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accounts {
    /// Just these; at least one.
    These(Vec<AccountId>),
    /// Whichever the policy is attached to, as a service control policy is to many.
    Any,
    /// Whichever the caller belongs to, by the variable for it (IAM user guide, "IAM policy elements: Variables and
    /// tags": global condition keys can be used as variables).
    Callers,
}

impl Accounts {
    /// As they stand in an ARN.
    pub(super) fn written(&self) -> Vec<&str> {
        match self {
            Self::These(accounts) => accounts.iter().map(AccountId::as_str).collect(),
            Self::Any => vec!["*"],
            Self::Callers => vec!["${aws:PrincipalAccount}"],
        }
    }
}

impl Place {
    /// The text for each account and Region in which it differs, its placeholders filled in.
    pub(super) fn fill(&self, text: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for account in self.accounts.written() {
            for region in &self.regions {
                let filled = text
                    .replace("${partition}", self.partition.as_str())
                    .replace("${account}", account)
                    .replace("${region}", region.as_str());
                if !texts.contains(&filled) {
                    texts.push(filled);
                }
            }
        }
        texts
    }

    /// The same for an identity's policy that is used in several accounts: a caller reaches what is in his own account.
    pub(super) fn of_callers(&self) -> Self {
        match &self.accounts {
            Accounts::These(accounts) if accounts.len() > 1 => Self {
                accounts: Accounts::Callers,
                ..self.clone()
            },
            Accounts::These(_) | Accounts::Any | Accounts::Callers => self.clone(),
        }
    }

    /// One ARN for each account and Region, with what follows the account.
    pub(super) fn arns(&self, service: &str, resource: &str) -> Vec<String> {
        self.fill(&format!(
            "arn:${{partition}}:{service}:${{region}}:${{account}}:{resource}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(accounts: Accounts) -> Place {
        Place {
            partition: Partition::parse("aws").unwrap(),
            accounts,
            regions: ["eu-central-1", "us-east-1"]
                .map(|region| Region::parse(region).unwrap())
                .to_vec(),
        }
    }

    #[test]
    fn a_text_is_filled_in_once_for_each_way_in_which_it_differs() {
        let accounts = ["123456789012", "111122223333"].map(|id| AccountId::parse(id).unwrap());
        let place = place(Accounts::These(accounts.to_vec()));
        assert_eq!(
            place.fill("${partition}:${account}"),
            ["aws:123456789012", "aws:111122223333"]
        );
        assert_eq!(place.fill("${region}"), ["eu-central-1", "us-east-1"]);
        assert_eq!(place.fill("x"), ["x"]);
    }

    #[test]
    fn accounts_that_are_not_known_are_a_wildcard() {
        assert_eq!(
            place(Accounts::Any).arns("ssm", "document/x"),
            [
                "arn:aws:ssm:eu-central-1:*:document/x",
                "arn:aws:ssm:us-east-1:*:document/x"
            ]
        );
    }
}
