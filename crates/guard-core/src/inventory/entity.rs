//! What IAM says of one role, user or group: its own documents, and names for all else.

use std::collections::BTreeMap;

use super::{BearerKind, Document, Problem};

/// A role, user or group as IAM or AWS Config describe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub(super) kind: BearerKind,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) tags: Option<BTreeMap<String, String>>,
    pub(super) trust: Option<Document>,
    pub(super) inline: Vec<(String, Document)>,
    pub(super) attached: Vec<String>,
    pub(super) boundary: Option<String>,
    pub(super) groups: Vec<String>,
}

/// A managed policy, by what its default version says.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedPolicy {
    /// Its ARN.
    pub arn: String,
    /// What it says.
    pub document: Document,
}

impl Entity {
    /// An entity without policies; its name and path are those of the ARN.
    pub fn new(kind: BearerKind, id: &str, arn: &str) -> Result<Self, Problem> {
        let (path, name) = Self::check_arn(kind, arn)?;
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Problem::value(id, "a unique id of letters and digits"));
        }
        let trust = match kind {
            BearerKind::Role => Some(Document::Unknown(super::Unknown::NotGiven)),
            BearerKind::User | BearerKind::Group => None,
        };
        Ok(Self {
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            path: path.to_owned(),
            arn: arn.to_owned(),
            tags: None,
            trust,
            inline: Vec::new(),
            attached: Vec::new(),
            boundary: None,
            groups: Vec::new(),
        })
    }

    /// The path and the name in the ARN of an entity of this kind.
    pub(super) fn check_arn(kind: BearerKind, arn: &str) -> Result<(&str, &str), Problem> {
        let refuse = || Problem::value(arn, format!("the ARN of a {kind}"));
        path_and_name(arn, kind.as_str()).ok_or_else(refuse)
    }

    /// What it is.
    pub fn kind(&self) -> BearerKind {
        self.kind
    }

    /// Its unique id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who may assume it; `None` for users and groups.
    pub fn trust(&self) -> Option<&Document> {
        self.trust.as_ref()
    }

    /// The ARNs of the managed policies that are attached to it.
    pub fn attached(&self) -> &[String] {
        &self.attached
    }

    /// Says who may assume the role.
    pub fn set_trust(&mut self, document: Document) {
        self.trust = Some(document);
    }

    /// Says all its tags.
    pub fn set_tags(&mut self, tags: BTreeMap<String, String>) {
        self.tags = Some(tags);
    }

    /// Adds a policy that is part of it.
    pub fn add_inline(&mut self, name: &str, document: Document) -> Result<(), Problem> {
        if name.is_empty() {
            return Err(Problem::value(name, "the name of a policy"));
        }
        if self.inline.iter().any(|(known, _)| known == name) {
            return Err(Problem::twice(name, "inline policy"));
        }
        self.inline.push((name.to_owned(), document));
        Ok(())
    }

    /// Adds a managed policy that is attached to it.
    pub fn attach(&mut self, arn: &str) -> Result<(), Problem> {
        let arn = policy_arn(arn)?;
        if self.attached.contains(&arn) {
            return Err(Problem::twice(&arn, "attached policy"));
        }
        self.attached.push(arn);
        Ok(())
    }

    /// What a policy says that is part of it.
    pub fn inline(&self, name: &str) -> Option<&Document> {
        let mut inline = self.inline.iter();
        inline
            .find(|(known, _)| known == name)
            .map(|(_, document)| document)
    }

    /// Says anew which managed policies are attached to it.
    pub fn set_attached<'a>(
        &mut self,
        arns: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Problem> {
        self.attached.clear();
        arns.into_iter().try_for_each(|arn| self.attach(arn))
    }

    /// Says which managed policy is its permissions boundary.
    pub fn set_boundary(&mut self, arn: &str) -> Result<(), Problem> {
        self.boundary = Some(policy_arn(arn)?);
        Ok(())
    }

    /// Adds a group that the user is in.
    pub fn add_group(&mut self, name: &str) -> Result<(), Problem> {
        if name.is_empty() {
            return Err(Problem::value(name, "the name of a group"));
        }
        if self.groups.iter().any(|known| known == name) {
            return Err(Problem::twice(name, "group"));
        }
        self.groups.push(name.to_owned());
        Ok(())
    }
}

/// The ARN, if it is that of a managed policy.
pub(super) fn policy_arn(arn: &str) -> Result<String, Problem> {
    match path_and_name(arn, "policy") {
        Some(_) => Ok(arn.to_owned()),
        None => Err(Problem::value(arn, "the ARN of a managed policy")),
    }
}

/// The path (`/`, `/a/b/`) and the name in an ARN of IAM's.
fn path_and_name<'a>(arn: &'a str, kind: &str) -> Option<(&'a str, &'a str)> {
    let mut parts = arn.splitn(6, ':');
    let (Some("arn"), Some(partition), Some("iam"), Some(""), Some(account), Some(resource)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return None;
    };
    let rest = resource.strip_prefix(kind)?;
    let (path, name) = rest.split_at_checked(rest.rfind('/')? + 1)?;
    let is_whole = path.starts_with('/')
        && !name.is_empty()
        && crate::names::Partition::parse(partition).is_ok()
        && (crate::names::AccountId::parse(account).is_ok()
            || (kind == "policy" && account == "aws"));
    is_whole.then_some((path, name))
}
