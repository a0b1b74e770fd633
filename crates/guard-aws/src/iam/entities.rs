//! Roles, users and groups one by one, each by several calls.

use aws_sdk_iam::Client;
use guard_core::inventory::{BearerKind, Document, Entity};
use guard_reconcile::error::PortError;
use guard_reconcile::ports::Page;

use super::details::next;
use super::parts::{add_group, add_inline, attach, entity, found, set_boundary, still_there, tags};
use crate::failure::Attempt;

/// The most that one page holds; IAM may give fewer.
const MEMBERS_PER_PAGE: i32 = 1000;

pub(super) async fn role(client: &Client, name: &str) -> Result<Option<Entity>, PortError> {
    let attempt = Attempt::to("read the role", name);
    let answer = client.get_role().role_name(name).send().await;
    let Some(answer) = found(&attempt, answer)? else {
        return Ok(None);
    };
    let role = answer.role.ok_or_else(|| attempt.lacks("Role"))?;
    let mut read = entity(&attempt, BearerKind::Role, &role.role_id, &role.arn)?;
    let trust = role
        .assume_role_policy_document
        .ok_or_else(|| attempt.lacks("Role.AssumeRolePolicyDocument"))?;
    read.set_trust(Document::read_trust(&trust));
    read.set_tags(tags(role.tags));
    set_boundary(&attempt, &mut read, role.permissions_boundary)?;
    let pages = client.list_role_policies().role_name(name).into_paginator();
    let names: Result<Vec<_>, _> = pages.items().send().collect().await;
    for policy in still_there(&attempt, names)? {
        let call = client
            .get_role_policy()
            .role_name(name)
            .policy_name(&policy);
        // Whoever writes and deletes parts without end must not keep the rest from being read.
        if let Some(answer) = found(&attempt, call.send().await)? {
            add_inline(&attempt, &mut read, &policy, &answer.policy_document)?;
        }
    }
    let pages = client
        .list_attached_role_policies()
        .role_name(name)
        .into_paginator();
    let attached: Result<Vec<_>, _> = pages.items().send().collect().await;
    attach(&attempt, &mut read, still_there(&attempt, attached)?)?;
    Ok(Some(read))
}

pub(super) async fn user(client: &Client, name: &str) -> Result<Option<Entity>, PortError> {
    let attempt = Attempt::to("read the user", name);
    let answer = client.get_user().user_name(name).send().await;
    let Some(answer) = found(&attempt, answer)? else {
        return Ok(None);
    };
    let user = answer.user.ok_or_else(|| attempt.lacks("User"))?;
    let mut read = entity(&attempt, BearerKind::User, &user.user_id, &user.arn)?;
    read.set_tags(tags(user.tags));
    set_boundary(&attempt, &mut read, user.permissions_boundary)?;
    let pages = client.list_user_policies().user_name(name).into_paginator();
    let names: Result<Vec<_>, _> = pages.items().send().collect().await;
    for policy in still_there(&attempt, names)? {
        let call = client
            .get_user_policy()
            .user_name(name)
            .policy_name(&policy);
        // Whoever writes and deletes parts without end must not keep the rest from being read.
        if let Some(answer) = found(&attempt, call.send().await)? {
            add_inline(&attempt, &mut read, &policy, &answer.policy_document)?;
        }
    }
    let pages = client
        .list_attached_user_policies()
        .user_name(name)
        .into_paginator();
    let attached: Result<Vec<_>, _> = pages.items().send().collect().await;
    attach(&attempt, &mut read, still_there(&attempt, attached)?)?;
    let pages = client
        .list_groups_for_user()
        .user_name(name)
        .into_paginator();
    let groups: Result<Vec<_>, _> = pages.items().send().collect().await;
    for group in still_there(&attempt, groups)? {
        add_group(&attempt, &mut read, &group.group_name)?;
    }
    Ok(Some(read))
}

pub(super) async fn group(client: &Client, name: &str) -> Result<Option<Entity>, PortError> {
    let attempt = Attempt::to("read the group", name);
    // Its members are of no interest here, and one is the least that can be asked for.
    let answer = client
        .get_group()
        .group_name(name)
        .max_items(1)
        .send()
        .await;
    let Some(answer) = found(&attempt, answer)? else {
        return Ok(None);
    };
    let group = answer.group.ok_or_else(|| attempt.lacks("Group"))?;
    let mut read = entity(&attempt, BearerKind::Group, &group.group_id, &group.arn)?;
    let pages = client
        .list_group_policies()
        .group_name(name)
        .into_paginator();
    let names: Result<Vec<_>, _> = pages.items().send().collect().await;
    for policy in still_there(&attempt, names)? {
        let call = client
            .get_group_policy()
            .group_name(name)
            .policy_name(&policy);
        // Whoever writes and deletes parts without end must not keep the rest from being read.
        if let Some(answer) = found(&attempt, call.send().await)? {
            add_inline(&attempt, &mut read, &policy, &answer.policy_document)?;
        }
    }
    let pages = client
        .list_attached_group_policies()
        .group_name(name)
        .into_paginator();
    let attached: Result<Vec<_>, _> = pages.items().send().collect().await;
    attach(&attempt, &mut read, still_there(&attempt, attached)?)?;
    Ok(Some(read))
}

/// A page of the users in a group; empty when there is no such group.
pub(super) async fn members(
    client: &Client,
    group: &str,
    after: Option<&str>,
) -> Result<Page<String>, PortError> {
    let attempt = Attempt::to("list the members of", group);
    let call = client
        .get_group()
        .group_name(group)
        .max_items(MEMBERS_PER_PAGE)
        .set_marker(after.map(str::to_owned));
    let Some(page) = found(&attempt, call.send().await)? else {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    };
    let users = page.users.into_iter();
    Ok(Page {
        items: users.map(|user| user.user_name).collect(),
        next: next(&attempt, page.is_truncated, page.marker)?,
    })
}
