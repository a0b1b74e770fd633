//! What the names of managed policies and of groups stand for.

use std::collections::HashMap;

use super::{Bearer, Carried, Document, Entity, Source, Unknown};

/// Managed policies and groups, to be looked up while bearers are made of entities.
#[derive(Debug, Clone, Default)]
pub struct Library {
    policies: HashMap<String, Document>,
    groups: HashMap<String, Result<Entity, Unknown>>,
    extent: Extent,
}

/// Whether what is not in a library can still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Extent {
    /// Somebody answers questions.
    #[default]
    Open,
    /// Everything that there is was put in.
    Whole,
}

/// Something that an entity names and a library lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The default version of the managed policy with this ARN.
    ManagedPolicy(String),
    /// The group with this name.
    Group(String),
}

impl Library {
    /// A library into which everything will be put that there is: what it lacks is not listed, instead of not asked.
    pub fn whole() -> Self {
        Self {
            extent: Extent::Whole,
            ..Self::default()
        }
    }

    /// Puts in what a managed policy says; tells whether it was there already, in which case the first one stays.
    pub fn add_policy(&mut self, arn: &str, document: Document) -> bool {
        let is_new = !self.policies.contains_key(arn);
        if is_new {
            self.policies.insert(arn.to_owned(), document);
        }
        !is_new
    }

    /// Puts in a group, or why nothing is known of it.
    pub fn add_group(&mut self, name: &str, group: Result<Entity, Unknown>) {
        self.groups.insert(name.to_owned(), group);
    }

    /// What must be added before everything about the entity is known, each thing once.
    pub fn needs(&self, entity: &Entity) -> Vec<Need> {
        let mut needs = self.policy_needs(entity);
        for name in &entity.groups {
            match self.groups.get(name) {
                None => needs.push(Need::Group(name.clone())),
                Some(Ok(group)) => needs.extend(self.policy_needs(group)),
                Some(Err(_)) => {}
            }
        }
        let mut seen = std::collections::HashSet::new();
        needs.retain(|need| seen.insert(need.clone()));
        needs
    }

    fn policy_needs(&self, entity: &Entity) -> Vec<Need> {
        let named = entity.attached.iter().chain(&entity.boundary);
        named
            .filter(|arn| !self.policies.contains_key(*arn))
            .map(|arn| Need::ManagedPolicy(arn.clone()))
            .collect()
    }

    /// The entity with everything that it carries; what is still lacking is unknown.
    pub fn bearer(&self, entity: Entity) -> Bearer {
        let mut policies = Vec::new();
        for (name, document) in entity.inline {
            let source = Source::Inline { name };
            policies.push(Carried { source, document });
        }
        policies.extend(entity.attached.into_iter().map(|arn| self.managed(arn)));
        for group in &entity.groups {
            self.add_group_policies(group, &mut policies);
        }
        Bearer {
            kind: entity.kind,
            id: entity.id,
            arn: entity.arn,
            name: entity.name,
            path: entity.path,
            tags: entity.tags,
            trust: entity.trust,
            policies,
            boundary: entity.boundary.map(|arn| self.managed(arn)),
            groups: entity.groups,
        }
    }

    /// What was put in of managed policies, by their ARNs.
    pub(super) fn into_policies(self) -> HashMap<String, Document> {
        self.policies
    }

    fn managed(&self, arn: String) -> Carried {
        Carried {
            document: self.document(&arn),
            source: Source::Managed { arn },
        }
    }

    fn document(&self, arn: &str) -> Document {
        if let Some(document) = self.policies.get(arn) {
            return document.clone();
        }
        Document::Unknown(match self.extent {
            Extent::Open => Unknown::Unasked,
            Extent::Whole if arn.contains(":iam::aws:") => Unknown::AwsNotListed,
            Extent::Whole => Unknown::NotListed,
        })
    }

    fn add_group_policies(&self, name: &str, policies: &mut Vec<Carried>) {
        let why = match self.groups.get(name) {
            Some(Ok(group)) => return self.add_policies_of(group, policies),
            Some(Err(why)) => why.clone(),
            None => match self.extent {
                Extent::Open => Unknown::Unasked,
                Extent::Whole => Unknown::GroupNotListed,
            },
        };
        policies.push(Carried {
            source: Source::Group {
                group: name.to_owned(),
            },
            document: Document::Unknown(why),
        });
    }

    fn add_policies_of(&self, group: &Entity, policies: &mut Vec<Carried>) {
        for (name, document) in &group.inline {
            policies.push(Carried {
                source: Source::GroupInline {
                    group: group.name.clone(),
                    name: name.clone(),
                },
                document: document.clone(),
            });
        }
        for arn in &group.attached {
            policies.push(Carried {
                source: Source::GroupManaged {
                    group: group.name.clone(),
                    arn: arn.clone(),
                },
                document: self.document(arn),
            });
        }
    }
}
