//! An inventory in the making.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use super::error::{InventoryError, Problem};
use super::library::Library;
use super::read::{Casing, Page, Reading};
use super::sharing::Documents;
use super::{Account, BearerKind, Entity, Inventory, List, ManagedPolicy};

/// An inventory in the making: everything about one account is put in, then [`finish`](Self::finish) makes bearers.
#[derive(Debug, Default)]
pub struct Draft {
    gathered: Gathered,
    documents: Documents,
    /// How many pages were read.
    pages: usize,
    /// Whether the last of them said that another one follows.
    goes_on: bool,
}

/// What was put in so far.
#[derive(Debug)]
pub(super) struct Gathered {
    account: Option<Account>,
    entities: Vec<Entity>,
    seen: HashSet<(BearerKind, String)>,
    library: Library,
    lists: HashSet<List>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            account: None,
            entities: Vec::new(),
            seen: HashSet::new(),
            library: Library::whole(),
            lists: HashSet::new(),
        }
    }
}

impl Draft {
    /// Nothing so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts in an answer of `GetAccountAuthorizationDetails` as the AWS command line or an SDK writes it: one JSON
    /// object, or one for each page, behind each other or in as many calls of this.
    ///
    /// A draft that met an error is gone, so that no part of an answer is taken for the whole.
    pub fn read(mut self, answer: impl Read) -> Result<Self, InventoryError> {
        // Large enough that the system's calls do not count.
        let mut answer = BufReader::with_capacity(64 * 1024, answer);
        skip_mark(&mut answer).map_err(InventoryError::of_the_whole)?;
        let mut json = serde_json::Deserializer::from_reader(answer);
        loop {
            self.read_page(&mut json)?;
            match json.end() {
                Ok(()) => return Ok(self),
                Err(error) if error.is_io() => return Err(self.error(&error)),
                // Another page, or something that the next turn complains of.
                Err(_) => {}
            }
        }
    }

    fn error(&mut self, error: &serde_json::Error) -> InventoryError {
        Reading::new(Casing::Iam, &mut self.documents).error(error)
    }

    fn read_page<'de>(
        &mut self,
        json: &mut serde_json::Deserializer<impl serde_json::de::Read<'de>>,
    ) -> Result<(), InventoryError> {
        self.pages += 1;
        let mut page = Page::new(&mut self.gathered);
        let mut reading = Reading::new(Casing::Iam, &mut self.documents);
        let read = reading.read(&mut page, json);
        self.goes_on = page.goes_on();
        read.map_err(|error| InventoryError {
            page: Some(self.pages).filter(|page| *page > 1),
            ..error
        })
    }

    /// Puts in a role, user or group.
    pub fn add(&mut self, entity: Entity) -> Result<(), Problem> {
        self.gathered.add(entity)
    }

    /// Puts in a managed policy.
    pub fn add_policy(&mut self, policy: ManagedPolicy) -> Result<(), Problem> {
        self.gathered.add_policy(policy)
    }

    /// Notes that a page has the list, be it empty.
    pub fn has_list(&mut self, list: List) {
        self.gathered.has_list(list);
    }

    /// The inventory, if everything is there: each list must have been on some page.
    pub fn finish(self) -> Result<Inventory, InventoryError> {
        if self.goes_on {
            return Err(InventoryError::of_the_whole(Problem::GoesOn));
        }
        let lacking = List::ALL
            .into_iter()
            .find(|list| !self.gathered.lists.contains(list));
        match lacking {
            Some(list) => Err(InventoryError::of_the_whole(Problem::Missing {
                member: list.member().to_owned(),
                expected: "an answer of GetAccountAuthorizationDetails with all its lists",
            })),
            None => Ok(self.gathered.finish()),
        }
    }
}

/// `PowerShell` puts a mark in front of what it redirects into a file, and older ones write UTF-16.
fn skip_mark(answer: &mut impl BufRead) -> Result<(), Problem> {
    let start = answer.fill_buf().map_err(|error| Problem::Reading {
        detail: error.to_string(),
    })?;
    match start {
        [0xEF, 0xBB, 0xBF, ..] => answer.consume(3),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Err(Problem::Syntax {
                detail: "found UTF-16, expected UTF-8".to_owned(),
            });
        }
        _ => {}
    }
    Ok(())
}

impl Gathered {
    pub(super) fn add(&mut self, entity: Entity) -> Result<(), Problem> {
        let account = Account::of(&entity.arn);
        match &self.account {
            None => self.account = account,
            Some(known) if Some(known) == account.as_ref() => {}
            Some(known) => {
                let expected = format!("an ARN of account {} like those before", known.id);
                return Err(Problem::value(&entity.arn, expected));
            }
        }
        // Names are unique whatever the path, and upper and lower case do not tell two names apart.
        let key = (entity.kind, entity.name.to_ascii_lowercase());
        if !self.seen.insert(key) {
            return Err(Problem::twice(&entity.arn, entity.kind.as_str()));
        }
        if let BearerKind::Group = entity.kind {
            self.library
                .add_group(&entity.name.clone(), Ok(entity.clone()));
        }
        self.entities.push(entity);
        Ok(())
    }

    pub(super) fn add_policy(&mut self, policy: ManagedPolicy) -> Result<(), Problem> {
        let was_there = self.library.add_policy(&policy.arn, policy.document);
        if was_there {
            return Err(Problem::twice(&policy.arn, "managed policy"));
        }
        Ok(())
    }

    pub(super) fn has_list(&mut self, list: List) {
        self.lists.insert(list);
    }

    fn finish(mut self) -> Inventory {
        self.entities
            .sort_by(|one, other| (one.kind, &one.arn).cmp(&(other.kind, &other.arn)));
        let library = &self.library;
        let bearers = self
            .entities
            .into_iter()
            .map(|entity| library.bearer(entity));
        Inventory {
            account: self.account,
            bearers: bearers.collect(),
            policies: self.library.into_policies(),
        }
    }
}

#[cfg(test)]
mod tests;
