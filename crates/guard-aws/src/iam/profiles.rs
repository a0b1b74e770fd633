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

#[cfg(test)]
mod tests {
    use guard_reconcile::error::FailureClass;

    use super::*;
    use crate::iam::tests::{asked, ok, refused};
    use crate::test_service::Service;

    async fn read(answer: (u16, String)) -> (Result<Page<InstanceProfile>, PortError>, Service) {
        let service = Service::answering_text([answer]);
        let page = page(&Client::new(&service.sdk()), Some("m")).await;
        (page, service)
    }

    const ROLE: &str = "<member><Path>/</Path><RoleName>web</RoleName><RoleId>AROA1</RoleId>\
        <Arn>arn:aws:iam::123456789012:role/web</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate></member>";

    fn profile(name: &str, roles: &str) -> String {
        format!(
            "<member><Path>/</Path><InstanceProfileName>{name}</InstanceProfileName><InstanceProfileId>AIPA1</InstanceProfileId>\
             <Arn>arn:aws:iam::123456789012:instance-profile/{name}</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate>\
             <Roles>{roles}</Roles></member>"
        )
    }

    fn listed(profiles: &str, more: &str) -> (u16, String) {
        let result = format!("<InstanceProfiles>{profiles}</InstanceProfiles>{more}");
        ok("ListInstanceProfiles", &result)
    }

    #[tokio::test]
    async fn instance_profiles_are_told_with_their_roles_and_the_next_page() {
        let profiles = profile("web", ROLE) + &profile("empty", "");
        let more = "<IsTruncated>true</IsTruncated><Marker>n</Marker>";
        let (page, service) = read(listed(&profiles, more)).await;
        let of = |name: &str, roles: &[&str]| InstanceProfile {
            name: name.to_owned(),
            arn: format!("arn:aws:iam::123456789012:instance-profile/{name}"),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        let expected = Page {
            items: vec![of("web", &["web"]), of("empty", &[])],
            next: Some("n".to_owned()),
        };
        assert_eq!(page.unwrap(), expected);
        assert_eq!(
            asked(&service),
            ["ListInstanceProfiles Marker=m MaxItems=1000"]
        );
    }

    #[tokio::test]
    async fn what_is_missing_is_never_made_up_and_refusals_keep_their_class() {
        let nameless = "<member><Path>/</Path></member>";
        for (answer, class) in [
            (listed(nameless, ""), FailureClass::Malformed),
            (
                listed("", "<IsTruncated>true</IsTruncated>"),
                FailureClass::Malformed,
            ),
            (refused(403, "AccessDenied"), FailureClass::Denied),
        ] {
            assert_eq!(read(answer).await.0.unwrap_err().class, class);
        }
    }
}
