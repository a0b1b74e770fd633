//! The answers of AWS, as far as they are needed here. A list that decides is never left out: another file is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use guard_core::names::Region;
use guard_reconcile::ports::InstanceProfile;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Profiles {
    instance_profiles: Vec<Profile>,
}

impl Profiles {
    /// As IAM answers them itself.
    pub(super) fn into_profiles(self) -> impl Iterator<Item = InstanceProfile> {
        let profiles = self.instance_profiles.into_iter();
        profiles.map(|profile| InstanceProfile {
            name: profile.instance_profile_name,
            arn: profile.arn,
            roles: profile.roles.into_iter().map(|it| it.role_name).collect(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    instance_profile_name: String,
    arn: String,
    roles: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Role {
    role_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instances {
    pub(super) reservations: Vec<Reservation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Reservation {
    pub(super) instances: Vec<Instance>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instance {
    #[serde(rename = "InstanceId")]
    pub(super) id: String,
    pub(super) state: State,
    pub(super) iam_instance_profile: Option<Given>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct State {
    pub(super) name: String,
}

/// An instance profile: instances name the ARN, launch templates one of both.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::migrate) struct Given {
    pub(super) arn: Option<String>,
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::migrate) struct Templates {
    pub(in crate::migrate) launch_template_versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::migrate) struct Version {
    pub(super) launch_template_id: String,
    pub(super) launch_template_name: String,
    #[serde(rename = "VersionNumber")]
    pub(in crate::migrate) number: u64,
    pub(super) launch_template_data: Data,
}

impl Version {
    /// As a plan calls it.
    pub(super) fn name(&self, region: Option<&Region>) -> String {
        let region = region
            .map(|region| format!("{region}/"))
            .unwrap_or_default();
        format!(
            "{region}{} ({}), version {}",
            self.launch_template_name, self.launch_template_id, self.number
        )
    }

    /// The user data, if there are any; what of them is no text is replaced, so that the rest can be searched.
    pub(in crate::migrate) fn text(&self) -> Option<String> {
        let encoded = self.launch_template_data.user_data.as_deref()?;
        let bytes = STANDARD.decode(encoded.trim()).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::migrate) struct Data {
    pub(super) iam_instance_profile: Option<Given>,
    pub(super) user_data: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stacks {
    pub(super) stack_resources: Vec<Resource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    pub(super) stack_name: String,
    stack_id: Option<String>,
    #[serde(rename = "ResourceType")]
    pub(super) kind: String,
    pub(super) physical_resource_id: Option<String>,
}

impl Resource {
    /// The stack's name, with the Region where the id tells it.
    pub(super) fn name(&self) -> String {
        let region = self.stack_id.as_deref().and_then(|id| id.split(':').nth(3));
        match region {
            Some(region) => format!("{region}/{}", self.stack_name),
            None => self.stack_name.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Template {
    /// An object where the template is JSON, a text where it is YAML.
    template_body: Value,
}

impl Template {
    pub(super) fn text(&self) -> String {
        match &self.template_body {
            Value::String(text) => text.clone(),
            body => body.to_string(),
        }
    }
}
