//! Principals as `aws:PrincipalArn` shows them: a role for its sessions, never a session.

use super::Place;
use crate::charter::Who;

/// What `aws:PrincipalArn` is compared with for a principal of the charter.
///
/// Nobody chooses that key: AWS sets it from the credentials, for a session to the ARN of its role with the path. For
/// permission sets the path is one under which only Identity Center makes roles, and the end of the name is 16 digits
/// long, so that `Admin` is never `Admin_Intern`.
pub(super) fn of_principal(who: &Who, place: &Place) -> Vec<String> {
    match who {
        Who::Role(arn) | Who::User(arn) => place.fill(&arn.to_string()),
        Who::PermissionSet(set) => {
            let role = format!("AWSReservedSSO_{set}_{}", "?".repeat(16));
            let path = "arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com";
            let mut arns = place.fill(&format!("{path}/{role}"));
            // Identity Center leaves its home Region out of the path when that is us-east-1.
            arns.extend(place.fill(&format!("{path}/*/{role}")));
            arns
        }
    }
}

/// The ARNs of roles without a path.
pub(super) fn of_roles(names: &[String], place: &Place) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| place.fill(&format!("arn:${{partition}}:iam::${{account}}:role/{name}")))
        .collect()
}
