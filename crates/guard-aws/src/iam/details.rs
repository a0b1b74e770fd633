//! The whole account, page by page.

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::types::{GroupDetail, ManagedPolicyDetail, PolicyDetail, RoleDetail, UserDetail};
use guard_core::inventory::{BearerKind, Document, Entity, List, ManagedPolicy};
use guard_reconcile::error::PortError;
use guard_reconcile::ports::Details;

use super::parts::{add_group, add_inline, attach, default_version, entity, set_boundary, tags};
use crate::failure::Attempt;

/// IAM may give fewer (API reference, `GetAccountAuthorizationDetails`): twice the default, which keeps a page within the
/// time of an attempt.
const ENTITIES_PER_PAGE: i32 = 200;

/// What a page holds; it begins behind `after`.
///
/// Lists in which there is nothing are left out by IAM here and there, as users without inline policies show. Of its four
/// lists an answer leaves out none; the page tells which it has, since nobody says so of every page.
pub(super) async fn page(client: &Client, after: Option<&str>) -> Result<Details, PortError> {
    let attempt = Attempt::to("read the details of", "the account");
    let call = client
        .get_account_authorization_details()
        .max_items(ENTITIES_PER_PAGE)
        .set_marker(after.map(str::to_owned));
    let page = call.send().await.map_err(|error| attempt.failed(error))?;
    let lists = lists(&page);
    let mut entities = Vec::new();
    for detail in page.role_detail_list.unwrap_or_default() {
        entities.push(role(&attempt, detail)?);
    }
    for detail in page.user_detail_list.unwrap_or_default() {
        entities.push(user(&attempt, detail)?);
    }
    for detail in page.group_detail_list.unwrap_or_default() {
        entities.push(group(&attempt, detail)?);
    }
    let policies = page.policies.unwrap_or_default().into_iter();
    let policies = policies.map(|detail| policy(&attempt, detail));
    Ok(Details {
        entities,
        policies: policies.collect::<Result<_, _>>()?,
        lists,
        next: next(&attempt, page.is_truncated, page.marker)?,
    })
}

fn lists(page: &GetAccountAuthorizationDetailsOutput) -> Vec<List> {
    let lists = [
        page.user_detail_list.as_ref().map(|_| List::Users),
        page.group_detail_list.as_ref().map(|_| List::Groups),
        page.role_detail_list.as_ref().map(|_| List::Roles),
        page.policies.as_ref().map(|_| List::Policies),
    ];
    lists.into_iter().flatten().collect()
}

/// Where the next page begins. An answer that says it goes on and not where must not pass for the end.
pub(super) fn next(
    attempt: &Attempt,
    is_truncated: bool,
    marker: Option<String>,
) -> Result<Option<String>, PortError> {
    if !is_truncated {
        return Ok(None);
    }
    let marker = marker.filter(|marker| !marker.is_empty());
    marker.map(Some).ok_or_else(|| attempt.lacks("Marker"))
}

fn role(attempt: &Attempt, detail: RoleDetail) -> Result<Entity, PortError> {
    let id = detail
        .role_id
        .ok_or_else(|| attempt.lacks("RoleDetailList.RoleId"))?;
    let arn = detail
        .arn
        .ok_or_else(|| attempt.lacks("RoleDetailList.Arn"))?;
    let mut role = entity(attempt, BearerKind::Role, &id, &arn)?;
    let trust = detail
        .assume_role_policy_document
        .ok_or_else(|| attempt.lacks("RoleDetailList.AssumeRolePolicyDocument"))?;
    role.set_trust(Document::read_trust(&trust));
    role.set_tags(tags(detail.tags));
    inline(attempt, &mut role, detail.role_policy_list)?;
    let attached = detail.attached_managed_policies.unwrap_or_default();
    attach(attempt, &mut role, attached)?;
    set_boundary(attempt, &mut role, detail.permissions_boundary)?;
    Ok(role)
}

fn user(attempt: &Attempt, detail: UserDetail) -> Result<Entity, PortError> {
    let id = detail
        .user_id
        .ok_or_else(|| attempt.lacks("UserDetailList.UserId"))?;
    let arn = detail
        .arn
        .ok_or_else(|| attempt.lacks("UserDetailList.Arn"))?;
    let mut user = entity(attempt, BearerKind::User, &id, &arn)?;
    user.set_tags(tags(detail.tags));
    inline(attempt, &mut user, detail.user_policy_list)?;
    let attached = detail.attached_managed_policies.unwrap_or_default();
    attach(attempt, &mut user, attached)?;
    set_boundary(attempt, &mut user, detail.permissions_boundary)?;
    for name in detail.group_list.unwrap_or_default() {
        add_group(attempt, &mut user, &name)?;
    }
    Ok(user)
}

fn group(attempt: &Attempt, detail: GroupDetail) -> Result<Entity, PortError> {
    let id = detail
        .group_id
        .ok_or_else(|| attempt.lacks("GroupDetailList.GroupId"))?;
    let arn = detail
        .arn
        .ok_or_else(|| attempt.lacks("GroupDetailList.Arn"))?;
    let mut group = entity(attempt, BearerKind::Group, &id, &arn)?;
    inline(attempt, &mut group, detail.group_policy_list)?;
    let attached = detail.attached_managed_policies.unwrap_or_default();
    attach(attempt, &mut group, attached)?;
    Ok(group)
}

fn inline(
    attempt: &Attempt,
    entity: &mut Entity,
    policies: Option<Vec<PolicyDetail>>,
) -> Result<(), PortError> {
    for policy in policies.unwrap_or_default() {
        let name = policy
            .policy_name
            .ok_or_else(|| attempt.lacks("PolicyDetail.PolicyName"))?;
        let document = policy
            .policy_document
            .ok_or_else(|| attempt.lacks("PolicyDetail.PolicyDocument"))?;
        add_inline(attempt, entity, &name, &document)?;
    }
    Ok(())
}

fn policy(attempt: &Attempt, detail: ManagedPolicyDetail) -> Result<ManagedPolicy, PortError> {
    let versions = detail.policy_version_list.unwrap_or_default();
    Ok(ManagedPolicy {
        arn: detail.arn.ok_or_else(|| attempt.lacks("Policies.Arn"))?,
        document: default_version(attempt, versions, detail.default_version_id.as_deref())?,
    })
}
