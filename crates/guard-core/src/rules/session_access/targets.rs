//! What sessions may be opened on, and which of it is beyond the charter.

use super::Terms;
use crate::charter::InstancePattern;
use crate::reach::{Domain, Keys, Open, Presence, Set};

/// Everything that a session can be opened on: instances, nodes that are none of EC2's, and tasks (Service
/// Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager", `StartSession`).
pub(super) fn all(terms: &Terms<'_>) -> Vec<Set> {
    let (partition, account) = (&terms.scope.partition, &terms.scope.account);
    // An instance of a Region that people know says more to them than any that a pattern would let through.
    let region = terms.first_region();
    [
        format!("arn:{partition}:ec2:{region}:{account}:instance/i-?????????????????"),
        format!("arn:{partition}:ec2:*:{account}:instance/*"),
        format!("arn:{partition}:ssm:*:{account}:managed-instance/*"),
        format!("arn:{partition}:ecs:*:{account}:task/*/*"),
        format!("arn:{partition}:ecs:*:{account}:task/*"),
    ]
    .map(Set::of)
    .to_vec()
}

/// Everything that sessions may not be opened on, as the charter narrows them.
pub(super) fn beyond(terms: &Terms<'_>) -> Vec<Set> {
    let mut sets = all(terms);
    match &terms.sessions.instances {
        InstancePattern::Arns(arns) => {
            for set in &mut sets {
                set.outside
                    .extend(arns.iter().map(|arn| arn.as_str().to_owned()));
            }
        }
        // The tags of what is opened, not its ARN, decide.
        InstancePattern::Tag { .. } | InstancePattern::Abac { .. } => {}
    }
    sets
}

/// What is known of requests on that: `keys`, and that the tag is not the one that the charter asks for.
pub(super) fn keys_beyond(terms: &Terms<'_>, keys: Keys) -> Keys {
    match &terms.sessions.instances {
        InstancePattern::Arns(_) => keys,
        InstancePattern::Tag { key, values } => keys.with(&tag(key), anything_but(values.clone())),
        InstancePattern::Abac { key, principal_key } => {
            let own = format!("${{aws:PrincipalTag/{principal_key}}}");
            keys.with(&tag(key), anything_but(vec![own]))
        }
    }
}

fn tag(key: &str) -> String {
    format!("aws:ResourceTag/{key}")
}

fn anything_but(patterns: Vec<String>) -> Domain {
    Domain::Open(Open {
        // Whatever has no such tag is beyond the charter, too.
        presence: Presence::Optional,
        inside: Vec::new(),
        outside: patterns,
    })
}
