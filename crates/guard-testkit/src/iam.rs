//! Roles, users, groups and managed policies of the account.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::inventory::{BearerKind, Document, Entity, List, ManagedPolicy, Problem};
use guard_core::roles::BearerName;
use guard_reconcile::ports::{Details, Holder, Page};

use crate::document::Refusal;
use crate::person::ACCOUNT;

/// Everything that IAM keeps of the account.
#[derive(Debug)]
pub(crate) struct Iam {
    pub(crate) bearers: BTreeMap<(BearerKind, String), Bearer>,
    /// What the default version of each managed policy says, by the policy's ARN.
    pub(crate) policies: BTreeMap<String, String>,
    /// What versions say besides, by ARN and version.
    pub(crate) versions: BTreeMap<(String, String), String>,
    pub(crate) n_ids: usize,
    pub(crate) page_size: usize,
    /// A list that the details of the account lack.
    pub(crate) left_out: Option<List>,
    /// How many managed policies can be attached to one; IAM's quota is 10 at first.
    pub(crate) quota: usize,
    /// How often somebody is shown as they were before the guard's last write.
    pub(crate) n_stale_answers: usize,
    stale: Option<(Key, BTreeSet<String>, usize)>,
    /// With which codes the guard's next writes are refused.
    pub(crate) refusals: Vec<&'static str>,
    /// Every write of the guard's, oldest first.
    pub(crate) writes: Vec<Written>,
}

type Key = (BearerKind, String);

/// One write of the guard's that changed what is attached to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is attached to.
    pub kind: BearerKind,
    /// Its name.
    pub name: String,
    /// What was attached before.
    pub before: BTreeSet<String>,
    /// And what after.
    pub after: BTreeSet<String>,
}

/// A role, user or group.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) trust: String,
    pub(crate) inline: BTreeMap<String, String>,
    pub(crate) attached: BTreeSet<String>,
    pub(crate) boundary: Option<String>,
    pub(crate) groups: BTreeSet<String>,
    /// Whether it is AWS's, so that the account cannot change it.
    pub(crate) is_immutable: bool,
}

impl Default for Iam {
    fn default() -> Self {
        Self {
            bearers: BTreeMap::new(),
            policies: BTreeMap::new(),
            versions: BTreeMap::new(),
            n_ids: 0,
            page_size: 100,
            left_out: None,
            quota: 10,
            n_stale_answers: 0,
            stale: None,
            refusals: Vec::new(),
            writes: Vec::new(),
        }
    }
}

/// Who may assume the roles of the tests.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}"#;

impl Iam {
    /// Makes a bearer; its id is never used again.
    pub(crate) fn create(&mut self, kind: BearerKind, name: &str) -> Bearer {
        self.n_ids += 1;
        let prefix = match kind {
            BearerKind::Role => "AROA",
            BearerKind::User => "AIDA",
            BearerKind::Group => "AGPA",
        };
        let bearer = Bearer {
            id: format!("{prefix}{:017}", self.n_ids),
            arn: format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}"),
            tags: BTreeMap::new(),
            trust: TRUST.to_owned(),
            inline: BTreeMap::new(),
            attached: BTreeSet::new(),
            boundary: None,
            groups: BTreeSet::new(),
            is_immutable: false,
        };
        self.bearers.insert((kind, name.to_owned()), bearer.clone());
        bearer
    }

    /// What is attached, as IAM shows it: for a while after a write, what was attached before.
    pub(crate) fn shown(&mut self, kind: BearerKind, name: &str) -> Option<Vec<String>> {
        let key = (kind, name.to_owned());
        let attached = self.bearers.get(&key)?.attached.clone();
        if let Some((whose, before, answers)) = &mut self.stale
            && *whose == key
            && *answers > 0
        {
            *answers -= 1;
            return Some(before.iter().cloned().collect());
        }
        Some(attached.into_iter().collect())
    }

    /// Attaches a managed policy as the guard does.
    pub(crate) fn attach(&mut self, role: &str, arn: &str) -> Result<(), Refusal> {
        let is_known = arn.contains(":iam::aws:") || self.policies.contains_key(arn);
        if !is_known {
            return Err(Refusal::new("NoSuchEntity", "the policy does not exist"));
        }
        let quota = self.quota;
        self.write(BearerKind::Role, role, |attached| {
            if !attached.contains(arn) && attached.len() >= quota {
                return Err(Refusal::new("LimitExceeded", "cannot exceed the quota"));
            }
            attached.insert(arn.to_owned());
            Ok(())
        })
    }

    /// Detaches a managed policy as the guard does.
    pub(crate) fn detach(
        &mut self,
        kind: BearerKind,
        name: &str,
        arn: &str,
    ) -> Result<(), Refusal> {
        self.write(kind, name, |attached| {
            let missing = || Refusal::new("NoSuchEntity", "the policy is not attached");
            attached.remove(arn).then_some(()).ok_or_else(missing)
        })
    }

    fn write(
        &mut self,
        kind: BearerKind,
        name: &str,
        act: impl FnOnce(&mut BTreeSet<String>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if let Some(code) = self.refusals.pop() {
            return Err(Refusal::new(code, "refused as planned"));
        }
        let key = (kind, name.to_owned());
        let Some(bearer) = self.bearers.get_mut(&key) else {
            return Err(Refusal::new("NoSuchEntity", "nobody has that name"));
        };
        if bearer.is_immutable {
            return Err(Refusal::new("UnmodifiableEntity", "only AWS can change it"));
        }
        let before = bearer.attached.clone();
        act(&mut bearer.attached)?;
        let after = bearer.attached.clone();
        if after != before {
            self.stale = Some((key, before.clone(), self.n_stale_answers));
            let name = name.to_owned();
            self.writes.push(Written {
                kind,
                name,
                before,
                after,
            });
        }
        Ok(())
    }

    pub(crate) fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, Problem> {
        let bearer = self.bearers.get(&(kind, name.to_owned()));
        bearer.map(|bearer| bearer.entity(kind)).transpose()
    }

    pub(crate) fn document(&self, arn: &str) -> Option<Document> {
        self.policies.get(arn).map(|text| Document::read(text))
    }

    /// Bearers first, then policies, a page of both together; each page has all lists, as the service's have.
    pub(crate) fn details(&self, after: Option<&str>) -> Result<Details, Problem> {
        let from = place(after);
        let bearers = self
            .bearers
            .iter()
            .filter(|((kind, _), _)| self.left_out != Some(List::from(*kind)))
            .map(|((kind, _), it)| (Some((*kind, it)), None));
        let policies = self.policies.iter().map(|it| (None, Some(it)));
        let policies = policies.filter(|_| self.left_out != Some(List::Policies));
        let lists = List::ALL.into_iter();
        let all: Vec<_> = bearers.chain(policies).collect();
        let mut page = Details {
            entities: Vec::new(),
            policies: Vec::new(),
            lists: lists.filter(|it| self.left_out != Some(*it)).collect(),
            next: next(from, self.page_size, all.len()),
        };
        for (bearer, policy) in all.into_iter().skip(from).take(self.page_size) {
            if let Some((kind, bearer)) = bearer {
                page.entities.push(bearer.entity(kind)?);
            }
            if let Some((arn, text)) = policy {
                page.policies.push(ManagedPolicy {
                    arn: arn.clone(),
                    document: Document::read(text),
                });
            }
        }
        Ok(page)
    }

    pub(crate) fn holders(&self, arn: &str, after: Option<&str>) -> Page<Holder> {
        let holds = |bearer: &Bearer| {
            bearer.attached.contains(arn) || bearer.boundary.as_deref() == Some(arn)
        };
        let holders = self.bearers.iter().filter(|(_, bearer)| holds(bearer));
        let holders = holders.map(|((kind, name), bearer)| Holder {
            bearer: BearerName {
                kind: *kind,
                name: name.clone(),
            },
            id: bearer.id.clone(),
        });
        self.page(holders.collect(), after)
    }

    pub(crate) fn members(&self, group: &str, after: Option<&str>) -> Page<String> {
        let members = self.bearers.iter();
        let members = members.filter(|(_, bearer)| bearer.groups.contains(group));
        self.page(members.map(|((_, name), _)| name.clone()).collect(), after)
    }

    fn page<T>(&self, all: Vec<T>, after: Option<&str>) -> Page<T> {
        page(all, after, self.page_size)
    }
}

/// A part of a list.
pub(crate) fn page<T>(all: Vec<T>, after: Option<&str>, size: usize) -> Page<T> {
    let from = place(after);
    let next = next(from, size, all.len());
    Page {
        items: all.into_iter().skip(from).take(size).collect(),
        next,
    }
}

fn place(after: Option<&str>) -> usize {
    after.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn next(from: usize, size: usize, of: usize) -> Option<String> {
    let next = from.saturating_add(size);
    (next < of).then(|| next.to_string())
}

impl Bearer {
    fn entity(&self, kind: BearerKind) -> Result<Entity, Problem> {
        let mut entity = Entity::new(kind, &self.id, &self.arn)?;
        match kind {
            BearerKind::Role => entity.set_trust(Document::read_trust(&self.trust)),
            BearerKind::User | BearerKind::Group => {}
        }
        match kind {
            BearerKind::Role | BearerKind::User => entity.set_tags(self.tags.clone()),
            BearerKind::Group => {}
        }
        for (name, text) in &self.inline {
            entity.add_inline(name, Document::read(text))?;
        }
        for arn in &self.attached {
            entity.attach(arn)?;
        }
        for group in &self.groups {
            entity.add_group(group)?;
        }
        if let Some(arn) = &self.boundary {
            entity.set_boundary(arn)?;
        }
        Ok(entity)
    }
}
