//! Whom the charter names among the roles, users and groups of an account, rather than among those who call.

use jiff::Timestamp;

use super::permission_set::RESERVED_PATH;
use super::{ArnPattern, Editor, Exempt, Exemption, PermissionSet, Who};
use crate::names::{RoleArn, Scope};

/// The first entry by which the role or user is an editor at `now`.
pub(super) fn editor<'c>(
    editors: &'c [Editor],
    scope: &Scope,
    bearer: Bearer<'_>,
    now: Timestamp,
) -> Option<&'c Editor> {
    editors.iter().find(|editor| {
        let is_named = match &editor.who {
            Who::Role(pattern) => {
                is_own(bearer.arn, "role/", pattern, scope) && !is_service_linked(bearer.arn)
            }
            Who::User(pattern) => is_own(bearer.arn, "user/", pattern, scope),
            Who::PermissionSet(set) => is_of_set(bearer.arn, set, scope),
        };
        is_named
            && bearer.is_the_one(editor.unique_id.as_deref())
            && editor.until.is_none_or(|until| now < until)
    })
}

/// A role, user or group of the account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer<'a> {
    pub(super) arn: &'a str,
    pub(super) unique_id: Option<&'a str>,
}

impl Bearer<'_> {
    /// Whether an entry with this id, or without any, means it; a bearer whose id is not known is meant by no id.
    fn is_the_one(self, wanted: Option<&str>) -> bool {
        wanted.is_none_or(|id| self.unique_id == Some(id))
    }
}

/// The first entry that exempts the role, user or group from the rule at `now`.
pub(super) fn exemption<'c>(
    exemptions: &'c [Exemption],
    scope: &Scope,
    bearer: Bearer<'_>,
    rule: &str,
    now: Timestamp,
) -> Option<&'c Exemption> {
    let Bearer { arn, .. } = bearer;
    exemptions.iter().find(|exemption| {
        let is_named = match &exemption.who {
            Exempt::Role(pattern) => is_own(arn, "role/", pattern, scope),
            Exempt::User(pattern) => is_own(arn, "user/", pattern, scope),
            Exempt::Group(pattern) => is_own(arn, "group/", pattern, scope),
            Exempt::PermissionSet(set) => is_of_set(arn, set, scope),
        };
        is_named && bearer.is_the_one(exemption.unique_id.as_deref()) && exemption.holds(rule, now)
    })
}

/// Whether the pattern matches something of that kind in the scope's account; a wildcard never reaches the roles of
/// Identity Center.
fn is_own(arn: &str, kind: &str, pattern: &ArnPattern, scope: &Scope) -> bool {
    let start = format!("arn:{}:iam::{}:{kind}", scope.partition, scope.account);
    let is_own = arn
        .strip_prefix(&start)
        .is_some_and(|path| !path.starts_with(RESERVED_PATH));
    is_own && pattern.matches(arn)
}

fn is_service_linked(arn: &str) -> bool {
    arn.contains(":role/aws-service-role/")
}

fn is_of_set(arn: &str, set: &PermissionSet, scope: &Scope) -> bool {
    RoleArn::parse(arn).is_ok_and(|role| set.is_role(&role, scope))
}
