//! The policies that a line brings.

use serde_json::value::RawValue;

use super::members::{Members, items};
use crate::access::{Attached, Policies};
use crate::policy::{Kind, Place, PolicyDocument, PolicyError};

const POLICIES: &str = "a list of policies";
const LEVELS: &str = "a list with a list of policies for each level";

/// Every document, read and of its kind.
#[derive(Debug)]
pub(super) struct Documents {
    identity: Vec<PolicyDocument>,
    boundary: Option<Vec<PolicyDocument>>,
    session: Option<Vec<PolicyDocument>>,
    scp: Vec<Vec<PolicyDocument>>,
    resource: Option<PolicyDocument>,
}

impl Documents {
    pub(super) fn read(line: &Members<'_>) -> Result<Self, PolicyError> {
        let root = Place::Document;
        let list = |name| {
            let value = line.get(name);
            value
                .map(|value| documents(value, &root.member(name)))
                .transpose()
        };
        let levels = line.get("scp");
        let levels = levels.map(|value| levels_of(value, &root.member("scp")));
        let resource = line.get("resourcePolicy");
        let resource =
            resource.map(|value| document(value, Kind::Resource, &root.member("resourcePolicy")));
        Ok(Self {
            identity: list("identity")?.unwrap_or_default(),
            boundary: list("boundary")?,
            session: list("session")?,
            scp: levels.transpose()?.unwrap_or_default(),
            resource: resource.transpose()?,
        })
    }

    pub(super) fn policies(&self) -> Policies<'_> {
        Policies {
            identity: attached(&self.identity),
            boundary: self.boundary.as_deref().map(attached),
            session: self.session.as_deref().map(attached),
            scp: self.scp.iter().map(|level| attached(level)).collect(),
            resource: self.resource.as_ref().map(unnamed),
        }
    }
}

fn attached(documents: &[PolicyDocument]) -> Vec<Attached<'_>> {
    documents.iter().map(unnamed).collect()
}

/// A document without a name: an answer tells its place in the line.
fn unnamed(document: &PolicyDocument) -> Attached<'_> {
    Attached { name: "", document }
}

fn levels_of(value: &RawValue, at: &Place<'_>) -> Result<Vec<Vec<PolicyDocument>>, PolicyError> {
    let levels = items(value, LEVELS, at)?.into_iter().enumerate();
    levels
        .map(|(index, level)| documents(level, &at.item(index)))
        .collect()
}

fn documents(value: &RawValue, at: &Place<'_>) -> Result<Vec<PolicyDocument>, PolicyError> {
    let items = items(value, POLICIES, at)?.into_iter().enumerate();
    items
        .map(|(index, item)| document(item, Kind::Identity, &at.item(index)))
        .collect()
}

fn document(value: &RawValue, kind: Kind, at: &Place<'_>) -> Result<PolicyDocument, PolicyError> {
    // From the text rather than from a value, in which equal keys would be lost.
    let document = PolicyDocument::read(value.get());
    let checked = document.and_then(|document| document.check(kind).map(|()| document));
    checked.map_err(|error| error.below(at))
}
