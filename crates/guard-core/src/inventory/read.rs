//! From JSON straight into entities and managed policies, as IAM answers them and as AWS Config records them.
//!
//! Both spell members alike but for the case of the first letter. What IAM adds to its objects over time is ignored;
//! a member that differs from a known one only in case is refused, because it would be ignored otherwise.

mod entity;
mod object;
mod page;
mod policy;
mod trail;

pub(super) use entity::EntityShape;
pub(super) use object::Shape;
pub(super) use page::Page;
pub(super) use policy::PolicyShape;
pub(super) use trail::Casing;

use serde::de::{DeserializeSeed, Error};

use super::ManagedPolicy;
use super::error::{Fault, InventoryError, Problem};
use super::sharing::Documents;
use object::ObjectSeed;
use trail::Trail;

/// The state of reading one text.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    trail: Trail,
    documents: &'a mut Documents,
    /// What was wrong, said better than the JSON reader can.
    problem: Option<Problem>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(casing: Casing, documents: &'a mut Documents) -> Self {
        Self {
            trail: Trail::new(casing),
            documents,
            problem: None,
        }
    }

    /// Reads one object into its shape.
    pub(super) fn read<'de, S: Shape, R: serde_json::de::Read<'de>>(
        &mut self,
        shape: &mut S,
        json: &mut serde_json::Deserializer<R>,
    ) -> Result<(), InventoryError> {
        let seed = ObjectSeed {
            shape,
            reading: self,
        };
        let read = seed.deserialize(json);
        read.map_err(|error| self.error(&error))
    }

    /// The error of something that is wrong with the whole of what was read.
    pub(super) fn refuse(&mut self, fault: Fault) -> InventoryError {
        if let Some(member) = fault.member {
            self.trail.enter(member);
        }
        InventoryError {
            page: None,
            path: self.trail.to_string(),
            at: None,
            problem: fault.problem,
        }
    }

    pub(super) fn error(&mut self, error: &serde_json::Error) -> InventoryError {
        let problem = self.problem.take().unwrap_or_else(|| of_json(error));
        let at = (error.line(), error.column());
        InventoryError {
            page: None,
            path: self.trail.to_string(),
            at: Some(at).filter(|(line, _)| *line > 0),
            problem,
        }
    }

    /// The managed policy that was read.
    pub(super) fn finish_policy(&mut self, shape: PolicyShape) -> Result<ManagedPolicy, Fault> {
        shape.finish(self.trail.casing(), self.documents)
    }

    fn casing(&self) -> Casing {
        self.trail.casing()
    }

    /// Keeps what is wrong; the error given back only brings reading to its end.
    fn fail<E: Error>(&mut self, fault: Fault) -> E {
        if let Some(member) = fault.member {
            self.trail.enter(member);
        }
        self.problem = Some(fault.problem);
        E::custom("refused")
    }
}

fn of_json(error: &serde_json::Error) -> Problem {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    match error.classify() {
        serde_json::error::Category::Io => Problem::Reading {
            detail: text.to_owned(),
        },
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof => Problem::Syntax {
            detail: text.to_owned(),
        },
        serde_json::error::Category::Data => Problem::Type {
            detail: match text.split_once(": ") {
                Some(("invalid type" | "invalid value", rest)) => format!("found {}", plain(rest)),
                Some(_) | None => text.to_owned(),
            },
        },
    }
}

/// JSON's words instead of the reader's.
fn plain(found: &str) -> String {
    for (theirs, ours) in [("map,", "an object,"), ("sequence,", "a list,")] {
        if let Some(rest) = found.strip_prefix(theirs) {
            return format!("{ours}{rest}");
        }
    }
    found.to_owned()
}
