//! One document with its versions.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::DuplicateContent;
use super::Limits;
use super::content::{Content, Format};
use super::refusals;
use super::version::{Origin, Version};
use crate::ACCOUNT;
use crate::trail::time::epoch;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) default: u64,
    pub(crate) versions: BTreeMap<u64, Version>,
    /// Numbers of deleted versions are not given again while the document lives.
    last_number: u64,
    pub(crate) shared_with: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) target_type: Option<String>,
    pub(crate) created: Timestamp,
}

impl Document {
    pub(crate) fn create(call: &ApiCall, limits: Limits) -> Result<Self, Refusal> {
        let name = call.text("Name").unwrap_or_default().to_owned();
        check_name(&name)?;
        let kind = call.text("DocumentType").unwrap_or("Command").to_owned();
        let content = content_of(call, &kind)?;
        let tags = call
            .parameters
            .get("Tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| {
                Some((
                    tag.get("Key")?.as_str()?.to_owned(),
                    tag.get("Value")?.as_str()?.to_owned(),
                ))
            });
        let mut document = Self {
            name,
            kind,
            default: 1,
            versions: BTreeMap::new(),
            last_number: 0,
            shared_with: BTreeMap::new(),
            tags: tags.collect(),
            target_type: call.text("TargetType").map(str::to_owned),
            created: Timestamp::now(),
        };
        document.append(content, call.text("VersionName"), Origin::Creating, limits);
        Ok(document)
    }

    /// Adds a version after the latest. Naming the latest by its number makes the call a compare-and-set.
    pub(crate) fn update(&mut self, call: &ApiCall, limits: Limits) -> Result<&Version, Refusal> {
        let latest = self.latest();
        // "Updating a previous version of a document isn't supported"; the version is required by the text of
        // the API reference (UpdateDocument, `DocumentVersion`), though optional in its model.
        match call.text("DocumentVersion") {
            Some("$LATEST") => {}
            Some(number) if number == latest.to_string() => {}
            _ => return Err(refusals::not_latest(&self.name)),
        }
        let content = content_of(call, &self.kind)?;
        let is_duplicate = self.versions.values().any(|version| {
            let counts =
                limits.duplicates == DuplicateContent::AnyVersion || version.number == latest;
            counts && version.content.meaning == content.meaning
        });
        if is_duplicate {
            return Err(refusals::duplicate());
        }
        let version_name = call.text("VersionName");
        if version_name.is_some()
            && self
                .versions
                .values()
                .any(|version| version.name.as_deref() == version_name)
        {
            return Err(Refusal::new(
                "DuplicateDocumentVersionName",
                "The version name has already been used in this document.",
            ));
        }
        if self.versions.len() >= limits.versions {
            return Err(refusals::too_many_versions(&self.name, limits.versions));
        }
        let number = self.append(content, version_name, Origin::Updating, limits);
        self.versions
            .get(&number)
            .ok_or_else(refusals::no_such_version)
    }

    fn append(
        &mut self,
        content: Content,
        name: Option<&str>,
        origin: Origin,
        limits: Limits,
    ) -> u64 {
        self.last_number += 1;
        let version = Version {
            number: self.last_number,
            name: name.map(str::to_owned),
            content,
            created: Timestamp::now(),
            origin,
            polls_left: limits.activation_polls,
        };
        self.versions.insert(self.last_number, version);
        self.last_number
    }

    pub(crate) fn latest(&self) -> u64 {
        self.versions
            .last_key_value()
            .map_or(0, |(number, _)| *number)
    }

    /// The version a call names: by number, `$LATEST`, `$DEFAULT` or version name; the default one otherwise.
    pub(crate) fn number(&self, call: &ApiCall) -> Result<u64, Refusal> {
        let number = match (call.text("DocumentVersion"), call.text("VersionName")) {
            (None | Some("$DEFAULT"), None) => Some(self.default),
            (Some("$LATEST"), _) => Some(self.latest()),
            (Some(number), _) if number != "$DEFAULT" => number.parse().ok(),
            (_, Some(name)) => self
                .versions
                .values()
                .find(|version| version.name.as_deref() == Some(name))
                .map(|version| version.number),
            _ => Some(self.default),
        };
        number
            .filter(|number| self.versions.contains_key(number))
            .ok_or_else(refusals::no_such_version)
    }

    pub(crate) fn version(&self, number: u64) -> Result<&Version, Refusal> {
        self.versions
            .get(&number)
            .ok_or_else(refusals::no_such_version)
    }

    /// `DocumentDescription` of one version.
    pub(crate) fn description(&self, version: &Version) -> Value {
        let content = &version.content;
        let tags: Vec<Value> = self
            .tags
            .iter()
            .map(|(key, value)| json!({"Key": key, "Value": value}))
            .collect();
        let mut description = json!({
            "Hash": content.hash(),
            "HashType": "Sha256",
            "Name": self.name,
            "Owner": ACCOUNT,
            "CreatedDate": epoch(version.created),
            "Status": version.status(),
            "DocumentVersion": version.number.to_string(),
            "PlatformTypes": ["Windows", "Linux", "MacOS"],
            "DocumentType": self.kind,
            "SchemaVersion": content.member("schemaVersion"),
            "LatestVersion": self.latest().to_string(),
            "DefaultVersion": self.default.to_string(),
            "DocumentFormat": content.format.name(),
            "Tags": tags,
        });
        if let Value::Object(members) = &mut description {
            let optional = [
                ("VersionName", version.name.as_deref()),
                ("Description", content.member("description")),
                ("TargetType", self.target_type.as_deref()),
            ];
            members.extend(
                optional
                    .into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))),
            );
        }
        description
    }
}

fn content_of(call: &ApiCall, kind: &str) -> Result<Content, Refusal> {
    let format = Format::read(call.text("DocumentFormat"))?;
    Content::read(call.text("Content").unwrap_or_default(), format, kind)
}

/// `^[a-zA-Z0-9_\-.]{3,128}$`, and none of AWS's own prefixes (Systems Manager API reference, `CreateDocument`).
fn check_name(name: &str) -> Result<(), Refusal> {
    let lower = name.to_lowercase();
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let is_reserved = ["aws", "amazon", "amzn"]
        .iter()
        .any(|prefix| lower.starts_with(prefix));
    if (3..=128).contains(&name.len()) && is_plain && !is_reserved {
        return Ok(());
    }
    Err(refusals::validation(format!(
        "Value '{name}' at 'name' failed to satisfy constraint"
    )))
}
