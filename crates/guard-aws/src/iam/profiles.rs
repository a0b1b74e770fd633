//! Which roles instances can have.

use aws_sdk_iam::Client;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{InstanceProfile, Page};

use super::details::next;
use crate::failure::Attempt;

/// The most that IAM gives on a page (API reference, `ListInstanceProfiles`).
const PROFILES_PER_PAGE: i32 = 1000;

/// A page of them; it begins behind `after`.
pub(super) async fn page(
    client: &Client,
    after: Option<&str>,
) -> Result<Page<InstanceProfile>, PortError> {
    let attempt = Attempt::to("list the instance profiles of", "the account");
    let call = client
        .list_instance_profiles()
        .max_items(PROFILES_PER_PAGE)
        .set_marker(after.map(str::to_owned));
    let page = call.send().await.map_err(|error| attempt.failed(error))?;
    let profiles = page.instance_profiles.into_iter().map(|profile| {
        // The SDK puts an empty text where there is none.
        if profile.arn.is_empty() || profile.instance_profile_name.is_empty() {
            return Err(attempt.lacks("InstanceProfiles.Arn"));
        }
        let roles = profile.roles.into_iter().map(|role| role.role_name);
        Ok(InstanceProfile {
            roles: roles.collect(),
            name: profile.instance_profile_name,
            arn: profile.arn,
        })
    });
    Ok(Page {
        items: profiles.collect::<Result<_, _>>()?,
        next: next(&attempt, page.is_truncated, page.marker)?,
    })
}
