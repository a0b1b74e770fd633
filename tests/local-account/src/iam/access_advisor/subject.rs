//! What a report is about: a user, group, role or policy.

use serde_json::Value;

use crate::access::authority;
use crate::iam::details::{Details, has_attached};
use crate::iam::text::{list, text, texts_of};
use crate::moto::Moto;
use crate::state::State;
use crate::wire::answer::Refusal;

/// The policies of a report's subject, and whose calls count.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) documents: Vec<Value>,
    /// ARNs of users and roles.
    pub(crate) principals: Vec<String>,
}

impl Subject {
    pub(crate) async fn find(state: &State, arn: &str) -> Result<Self, Refusal> {
        let details = crate::iam::details(state).await?;
        let moto = &state.moto;
        let is_it = |bearer: &&Value| text(bearer, "Arn") == arn;
        if let Some(role) = details.roles.iter().find(is_it) {
            return Ok(Self {
                documents: authority::of_bearer(moto, "Role", text(role, "RoleName")).await,
                principals: vec![arn.to_owned()],
            });
        }
        if let Some(user) = details.users.iter().find(is_it) {
            return Ok(Self {
                documents: of_user(moto, user).await,
                principals: vec![arn.to_owned()],
            });
        }
        if let Some(group) = details.groups.iter().find(is_it) {
            let name = text(group, "GroupName");
            return Ok(Self {
                documents: authority::of_bearer(moto, "Group", name).await,
                principals: members(&details, name),
            });
        }
        let Some(document) = authority::managed(moto, arn).await else {
            let message = format!("ARN {arn} does not exist.");
            return Err(Refusal::new("NoSuchEntity", message).with_status(404));
        };
        Ok(Self {
            documents: vec![document],
            principals: bearers(&details, arn),
        })
    }
}

async fn of_user(moto: &Moto, user: &Value) -> Vec<Value> {
    let mut documents = authority::of_bearer(moto, "User", text(user, "UserName")).await;
    for group in list(user, "GroupList") {
        let name = group.as_str().unwrap_or_default();
        documents.extend(authority::of_bearer(moto, "Group", name).await);
    }
    documents
}

fn members(details: &Details, group: &str) -> Vec<String> {
    let is_member = |user: &&Value| list(user, "GroupList").contains(&Value::from(group));
    let members: Vec<Value> = details.users.iter().filter(is_member).cloned().collect();
    texts_of(&members, "Arn")
}

/// Users and roles that have the policy, by a group too.
fn bearers(details: &Details, policy: &str) -> Vec<String> {
    let direct = details.users.iter().chain(&details.roles);
    let mut principals: Vec<String> = direct
        .filter(|bearer| has_attached(bearer, policy))
        .map(|bearer| text(bearer, "Arn").to_owned())
        .collect();
    for group in details.groups.iter().filter(|it| has_attached(it, policy)) {
        principals.extend(members(details, text(group, "GroupName")));
    }
    principals.sort_unstable();
    principals.dedup();
    principals
}
