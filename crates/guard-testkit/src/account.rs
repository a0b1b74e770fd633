//! The account itself.

mod advisor;
mod around;
mod attachments;
mod knobs;
mod ports;
mod rules;
mod sight;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guard_core::names::Version;
use guard_reconcile::ports::Parameter as Kept;
use jiff::Timestamp;
use serde_json::Value;

use crate::acting::Acting;
use crate::advisor::Advisor;
use crate::around::Around;
use crate::calls::Called;
use crate::config::Config;
use crate::deed::{Deed, What};
use crate::document::{Document, Refusal, Rules};
use crate::fault::Plans;
use crate::iam::Iam;
use crate::parameter::Parameter;
use crate::person::Person;
use crate::record::{self, Circumstances, Request};
use crate::trail::History;

/// When the clock of every account starts: 2026-01-15T02:00:00Z.
const START: i64 = 1_768_442_400;

/// One AWS account in one Region, as far as the guard can see it.
#[derive(Debug)]
pub struct FakeAccount {
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    pub(crate) call_time: Duration,
    pub(crate) document: Option<Document>,
    pub(crate) approvals: Parameter,
    pub(crate) notes: Parameter,
    pub(crate) history: History,
    pub(crate) rules: Rules,
    pub(crate) iam: Iam,
    pub(crate) config: Config,
    pub(crate) advisor: Advisor,
    pub(crate) around: Around,
    guard: Person,
    plans: Plans,
    calls: Vec<Called>,
    n_calls: usize,
    has_crashed: bool,
    reports: Vec<Value>,
    alerts: Vec<(String, String)>,
    deeds: Vec<Deed>,
}

impl Default for FakeAccount {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeAccount {
    /// An account without a preferences document.
    pub fn new() -> Self {
        let state = State {
            now: Timestamp::from_second(START).unwrap_or(Timestamp::UNIX_EPOCH),
            call_time: Duration::ZERO,
            document: None,
            approvals: Parameter::default(),
            notes: Parameter::default(),
            history: History::default(),
            rules: Rules::default(),
            iam: Iam::default(),
            config: Config::default(),
            advisor: Advisor::default(),
            around: Around::default(),
            guard: Person::guard(),
            plans: Plans::default(),
            calls: Vec::new(),
            n_calls: 0,
            has_crashed: false,
            reports: Vec::new(),
            alerts: Vec::new(),
            deeds: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// An account whose document was created with this content by the operator's root user, long told and settled:
    /// no event waits.
    ///
    /// # Panics
    /// When the service would not take the content.
    #[expect(
        clippy::expect_used,
        reason = "a test that starts from another state than it means proves nothing"
    )]
    pub fn holding(content: &str) -> Self {
        let account = Self::new();
        account
            .as_principal(&Person::root())
            .create(content)
            .expect("content that the service takes");
        account.take_events();
        account.become_active();
        account
    }

    /// Acts in the account as somebody; every call leaves a record and an event.
    pub fn as_principal<'a>(&'a self, person: &'a Person) -> Acting<'a> {
        Acting::new(self, person)
    }

    /// A test that panicked while it held the state has failed already; the others go on.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Makes a call on the document and keeps its record, whatever became of it.
    pub(crate) fn perform(
        &mut self,
        person: &Person,
        request: &Request<'_>,
    ) -> Result<Option<Version>, Refusal> {
        self.now = self.now.checked_add(self.call_time).unwrap_or(self.now);
        let outcome = self.apply(request);
        let event_id = self.history.next_event_id();
        if let Ok(made) = &outcome {
            let what = self.effect_of(request, *made);
            self.deed(person, event_id.clone(), what);
        }
        let circumstances = Circumstances {
            event_id,
            person,
            at: self.now,
        };
        let record = record::of(request, &circumstances, &outcome, self.document.as_ref());
        self.history.keep(record, self.now);
        outcome
    }

    pub(crate) fn parameter(&mut self, parameter: Kept) -> &mut Parameter {
        match parameter {
            Kept::Approvals => &mut self.approvals,
            Kept::Notes => &mut self.notes,
        }
    }

    pub(crate) fn document(&mut self) -> Result<&mut Document, Refusal> {
        self.document.as_mut().ok_or_else(|| {
            Refusal::new(
                "InvalidDocument",
                "the specified SSM document doesn't exist",
            )
        })
    }

    pub(crate) fn put_parameter(
        &mut self,
        person: &Person,
        parameter: Kept,
        value: &str,
    ) -> Result<u64, Refusal> {
        let version = self.parameter(parameter).put(value, &person.caller_arn())?;
        self.deed(person, String::new(), What::PutParameter(parameter));
        Ok(version)
    }

    pub(crate) fn delete_parameter(
        &mut self,
        person: &Person,
        parameter: Kept,
    ) -> Result<(), Refusal> {
        self.parameter(parameter).delete()?;
        self.deed(person, String::new(), What::DeletedParameter(parameter));
        Ok(())
    }

    fn deed(&mut self, person: &Person, event_id: String, what: What) {
        self.deeds.push(Deed {
            at: self.now,
            person: person.clone(),
            event_id,
            what,
        });
    }

    fn effect_of(&self, request: &Request<'_>, made: Option<Version>) -> What {
        match request {
            Request::Create { content, .. } | Request::Update { content, .. } => What::Wrote {
                // INVARIANT: both always make a version.
                version: made.unwrap_or(Version(0)),
                content: (*content).to_owned(),
                document_type: self
                    .document
                    .as_ref()
                    .map(|document| document.kind.clone())
                    .unwrap_or_default(),
            },
            Request::MoveDefault { to } => What::MovedDefault(*to),
            Request::Delete => What::Deleted,
            Request::DeleteVersion { version } => What::DeletedVersion(*version),
            Request::Share { .. } => What::Shared,
        }
    }

    fn apply(&mut self, request: &Request<'_>) -> Result<Option<Version>, Refusal> {
        let (now, rules) = (self.now, self.rules);
        match request {
            Request::Create { .. } if self.document.is_some() => {
                return Err(Refusal::new(
                    "DocumentAlreadyExists",
                    "the specified document already exists",
                ));
            }
            Request::Create {
                document_type,
                content,
                tags,
            } => {
                self.document = Some(Document::create(document_type, content, tags, now, rules)?);
                return Ok(Some(Version(1)));
            }
            Request::Update { version, content } => {
                return self
                    .document()?
                    .update(*version, content, now, rules)
                    .map(Some);
            }
            Request::MoveDefault { to } => self.document()?.move_default(*to)?,
            Request::DeleteVersion { version } => self.document()?.delete_version(*version)?,
            Request::Delete => {
                self.document()?.deletable()?;
                self.document = None;
            }
            Request::Share { add, remove } => {
                let document = self.document()?;
                document.shared_with.extend(add.iter().cloned());
                document
                    .shared_with
                    .retain(|account| !remove.contains(account));
            }
        }
        Ok(None)
    }
}
