//! Managed policies, of which the default version counts.

use serde::de::MapAccess;
use serde_json::value::RawValue;

use super::entity::missing;
use super::object::{Member, Shape};
use super::trail::Casing;
use crate::inventory::entity::policy_arn;
use crate::inventory::error::{Fault, Problem};
use crate::inventory::sharing::Documents;
use crate::inventory::{Document, ManagedPolicy, Unknown};
use crate::policy::Kind;

/// `ManagedPolicyDetail` of IAM, and what AWS Config keeps of it.
#[derive(Debug, Default)]
pub(in crate::inventory) struct PolicyShape {
    arn: Option<String>,
    default: Option<String>,
    versions: Vec<VersionShape>,
}

/// `PolicyVersion`
#[derive(Debug, Default)]
struct VersionShape {
    id: Option<String>,
    is_default: Option<bool>,
    document: Option<Box<RawValue>>,
}

impl PolicyShape {
    pub(in crate::inventory) fn finish(
        self,
        casing: Casing,
        documents: &mut Documents,
    ) -> Result<ManagedPolicy, Fault> {
        let document = match self.default_version() {
            Ok(text) => documents.read(Kind::Identity, text),
            Err(why) => Document::Unknown(why),
        };
        let lacking = || missing(casing, "Arn", "the ARN of a managed policy");
        let arn = self.arn.ok_or_else(lacking)?;
        Ok(ManagedPolicy { arn, document })
    }

    /// The document of the version that is in force. A policy says twice which one that is; both must agree.
    fn default_version(&self) -> Result<&str, Unknown> {
        let mut flagged = self
            .versions
            .iter()
            .filter(|it| it.is_default == Some(true));
        let version = match (flagged.next(), flagged.next(), &self.default) {
            (Some(_), Some(_), _) => return Err(Unknown::DisputedDefaultVersion),
            (Some(version), None, None) => version,
            (Some(version), None, Some(default)) => match &version.id {
                Some(id) if id == default => version,
                Some(_) | None => return Err(Unknown::DisputedDefaultVersion),
            },
            (None, _, Some(default)) => self.unflagged(default)?,
            (None, _, None) => return Err(Unknown::NoDefaultVersion),
        };
        match version.document.as_deref().map(RawValue::get) {
            None | Some("null") => Err(Unknown::NotGiven),
            Some(text) => Ok(text),
        }
    }

    fn unflagged(&self, default: &str) -> Result<&VersionShape, Unknown> {
        let mut versions = self.versions.iter();
        match versions.find(|it| it.id.as_deref() == Some(default)) {
            None => Err(Unknown::NoDefaultVersion),
            Some(version) if version.is_default.is_none() => Ok(version),
            Some(_) => Err(Unknown::DisputedDefaultVersion),
        }
    }
}

impl Shape for PolicyShape {
    fn members(&self) -> &'static [&'static str] {
        &["Arn", "DefaultVersionId", "PolicyVersionList"]
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        match member {
            "Arn" => self.arn = value.checked(policy_arn)?,
            "DefaultVersionId" => self.default = value.optional()?,
            _ => {
                let versions =
                    value.objects(VersionShape::default, |all, one, _| add_version(all, one))?;
                self.versions = versions.unwrap_or_default();
            }
        }
        Ok(())
    }
}

fn add_version(versions: &mut Vec<VersionShape>, version: VersionShape) -> Result<(), Fault> {
    if let Some(id) = &version.id
        && versions.iter().any(|known| known.id.as_ref() == Some(id))
    {
        return Err(Problem::twice(id, "version").of("VersionId"));
    }
    versions.push(version);
    Ok(())
}

impl Shape for VersionShape {
    fn members(&self) -> &'static [&'static str] {
        &["VersionId", "IsDefaultVersion", "Document"]
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        match member {
            "VersionId" => self.id = value.optional()?,
            "IsDefaultVersion" => self.is_default = value.optional()?,
            _ => self.document = Some(value.raw()?),
        }
        Ok(())
    }
}
