//! Managed policies by themselves.

use aws_sdk_iam::Client;
use aws_sdk_iam::types::PolicyVersion;
use guard_core::inventory::{BearerKind, Document};
use guard_core::roles::BearerName;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{Holder, Page};

use super::details::next;
use super::parts::{found, still_there};
use crate::failure::Attempt;

/// The most that one page holds; IAM may give fewer.
const HOLDERS_PER_PAGE: i32 = 1000;

/// What the default version of a policy says; `None` when there is no such policy.
pub(super) async fn document(client: &Client, arn: &str) -> Result<Option<Document>, PortError> {
    let attempt = Attempt::to("read the policy", arn);
    let answer = client.get_policy().policy_arn(arn).send().await;
    let Some(answer) = found(&attempt, answer)? else {
        return Ok(None);
    };
    let default = answer
        .policy
        .ok_or_else(|| attempt.lacks("Policy"))?
        .default_version_id
        .ok_or_else(|| attempt.lacks("Policy.DefaultVersionId"))?;
    let call = client
        .get_policy_version()
        .policy_arn(arn)
        .version_id(default);
    let answer = still_there(&attempt, call.send().await)?;
    said(&attempt, answer.policy_version).map(Some)
}

/// What one version of a policy says; `None` when there is no such policy or version.
pub(super) async fn version(
    client: &Client,
    arn: &str,
    version_id: &str,
) -> Result<Option<Document>, PortError> {
    let attempt = Attempt::to("read a version of the policy", arn);
    let call = client.get_policy_version().policy_arn(arn);
    let answer = call.version_id(version_id).send().await;
    let Some(answer) = found(&attempt, answer)? else {
        return Ok(None);
    };
    said(&attempt, answer.policy_version).map(Some)
}

fn said(attempt: &Attempt, version: Option<PolicyVersion>) -> Result<Document, PortError> {
    let document = version
        .ok_or_else(|| attempt.lacks("PolicyVersion"))?
        .document
        .ok_or_else(|| attempt.lacks("PolicyVersion.Document"))?;
    Ok(Document::read(&document))
}

/// A page of those to whom a policy is attached, or whose boundary it is: both are told where none is asked for.
pub(super) async fn holders(
    client: &Client,
    arn: &str,
    after: Option<&str>,
) -> Result<Page<Holder>, PortError> {
    let attempt = Attempt::to("list the holders of", arn);
    let call = client
        .list_entities_for_policy()
        .policy_arn(arn)
        .max_items(HOLDERS_PER_PAGE)
        .set_marker(after.map(str::to_owned));
    let Some(page) = found(&attempt, call.send().await)? else {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    };
    let roles = page.policy_roles.unwrap_or_default().into_iter();
    let users = page.policy_users.unwrap_or_default().into_iter();
    let groups = page.policy_groups.unwrap_or_default().into_iter();
    let named = roles
        .map(|role| (BearerKind::Role, role.role_name, role.role_id))
        .chain(users.map(|user| (BearerKind::User, user.user_name, user.user_id)))
        .chain(groups.map(|group| (BearerKind::Group, group.group_name, group.group_id)));
    let items = named.map(|(kind, name, id)| {
        let (of_name, of_id) = members(kind);
        let name = name.ok_or_else(|| attempt.lacks(of_name))?;
        Ok(Holder {
            bearer: BearerName { kind, name },
            id: id.ok_or_else(|| attempt.lacks(of_id))?,
        })
    });
    Ok(Page {
        items: items.collect::<Result<_, PortError>>()?,
        next: next(&attempt, page.is_truncated, page.marker)?,
    })
}

/// Where the name and the id of a holder stand.
fn members(kind: BearerKind) -> (&'static str, &'static str) {
    match kind {
        BearerKind::Role => ("PolicyRoles.RoleName", "PolicyRoles.RoleId"),
        BearerKind::User => ("PolicyUsers.UserName", "PolicyUsers.UserId"),
        BearerKind::Group => ("PolicyGroups.GroupName", "PolicyGroups.GroupId"),
    }
}
