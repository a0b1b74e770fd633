//! Which resources trigger a rule.

use serde_json::Value;

use super::item::Observed;
use super::refusals::invalid_value;
use crate::access::policy::texts;
use crate::wire::answer::Refusal;

/// Resources of some types, one of them, or those with a tag.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    kinds: Vec<String>,
    id: Option<String>,
    tag: Option<(String, Option<String>)>,
}

impl Scope {
    pub(crate) fn read(input: Option<&Value>) -> Result<Self, Refusal> {
        let Some(input) = input else {
            return Ok(Self::default());
        };
        let text = |member: &str| input.get(member).and_then(Value::as_str).map(str::to_owned);
        let kinds = input
            .get("ComplianceResourceTypes")
            .map(texts)
            .unwrap_or_default();
        let (id, value) = (text("ComplianceResourceId"), text("TagValue"));
        let tag = text("TagKey").map(|key| (key, value.clone()));
        if tag.is_none() && value.is_some() {
            return Err(invalid_value(
                "Tag key should not be empty when tag value is provided in scope",
            ));
        }
        if tag.is_some() && (id.is_some() || !kinds.is_empty()) {
            return Err(invalid_value(
                "Scope cannot be applied to both resource and tag",
            ));
        }
        if id.is_some() && kinds.len() != 1 {
            return Err(invalid_value(
                "A single resourceType should be provided when resourceId is provided in scope",
            ));
        }
        Ok(Self { kinds, id, tag })
    }

    pub(crate) fn takes(&self, resource: &Observed) -> bool {
        let has_kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == resource.kind);
        let has_id = self.id.as_ref().is_none_or(|id| *id == resource.id);
        let has_tag = self.tag.as_ref().is_none_or(|(key, value)| {
            resource
                .tags
                .get(key)
                .is_some_and(|is| value.as_ref().is_none_or(|value| is == value.as_str()))
        });
        has_kind && has_id && has_tag
    }
}
