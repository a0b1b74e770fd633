//! The account behind the guard's ports.

use std::collections::BTreeMap;
use std::time::Duration;

use guard_core::facts::{Described, ListedVersion, StoredParameter, Trail, Window};
use guard_core::names::{PREFERENCES_DOCUMENT, Version};
use guard_reconcile::error::{FailureClass, PortError, WriteError};
use guard_reconcile::ports::{
    Clock, KeepParameters, LookUpChanges, Notify, Parameter, Publish, ReadParameters,
    ReadPreferences, WritePreferences,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{FakeAccount, State};
use crate::calls::{Call, Called};
use crate::document::Refusal;
use crate::fault::{Fault, Moment};
use crate::record::Request;
use crate::turns::give_away;

impl FakeAccount {
    /// One call of the guard: noted, interrupted, then done or failed as planned.
    pub(super) async fn call<T>(
        &self,
        call: Call,
        on: String,
        effect: impl FnOnce(&mut State) -> T + Send,
    ) -> Result<T, PortError> {
        let (number, fault) = self.note(call, on);
        give_away().await;
        let interruptions = self.state().plans.interruptions_at(number, call);
        for action in interruptions {
            action(self);
        }
        self.suffer(fault, Moment::Before, call).await?;
        let answer = effect(&mut self.state());
        self.suffer(fault, Moment::After, call).await?;
        Ok(answer)
    }

    fn note(&self, call: Call, on: String) -> (usize, Option<(Fault, Moment)>) {
        let mut state = self.state();
        let number = state.n_calls;
        state.n_calls += 1;
        state.calls.push(Called { call, on });
        (number, state.plans.fault_at(number, call))
    }

    async fn suffer(
        &self,
        fault: Option<(Fault, Moment)>,
        moment: Moment,
        call: Call,
    ) -> Result<(), PortError> {
        match fault {
            Some((Fault::Fails(class), planned)) if planned == moment => Err(port_error(
                class,
                Refusal::new("PlannedFault", &format!("{call:?} was to fail")),
            )),
            Some((Fault::Crashes, planned)) if planned == moment => {
                self.state().has_crashed = true;
                std::future::pending().await
            }
            _ => Ok(()),
        }
    }

    async fn write(
        &self,
        call: Call,
        on: String,
        request: Request<'_>,
    ) -> Result<Option<Version>, WriteError> {
        let answer = self.call(call, on, |state| {
            let guard = state.guard.clone();
            state.perform(&guard, &request)
        });
        answer
            .await?
            .map_err(|refusal| write_error(request.event_name(), refusal))
    }
}

impl ReadPreferences for FakeAccount {
    async fn describe(&self) -> Result<Option<Described>, PortError> {
        self.call(Call::Describe, String::new(), |state| {
            let document = state.document.as_ref()?;
            let stored = document.versions.get(&document.latest)?;
            Some(Described {
                latest: document.latest,
                default: document.default,
                hash: stored.hash(),
                document_type: document.kind.clone(),
                created: Some(stored.created),
            })
        })
        .await
    }

    async fn hash(&self, version: Version) -> Result<Option<String>, PortError> {
        self.call(Call::Hash, version.to_string(), |state| {
            let document = state.document.as_ref()?;
            document
                .versions
                .get(&version)
                .map(crate::StoredVersion::hash)
        })
        .await
    }

    async fn content(&self, version: Version) -> Result<Option<String>, PortError> {
        self.call(Call::Content, version.to_string(), |state| {
            let document = state.document.as_ref()?;
            document
                .versions
                .get(&version)
                .map(crate::StoredVersion::as_json)
        })
        .await
    }

    async fn versions(&self) -> Result<Vec<ListedVersion>, PortError> {
        self.call(Call::Versions, String::new(), |state| {
            let document = state.document.as_ref();
            let versions = document.into_iter().flat_map(|document| &document.versions);
            versions
                .map(|(version, stored)| ListedVersion {
                    version: *version,
                    created: stored.created,
                })
                .collect()
        })
        .await
    }

    async fn shared_with(&self) -> Result<Vec<String>, PortError> {
        self.call(Call::SharedWith, String::new(), |state| {
            let document = state.document.as_ref();
            document
                .into_iter()
                .flat_map(|document| &document.shared_with)
                .cloned()
                .collect()
        })
        .await
    }

    async fn is_active(&self, version: Version) -> Result<bool, PortError> {
        let answer = self.call(Call::IsActive, version.to_string(), |state| {
            state.document()?.poll(version)
        });
        answer
            .await?
            .map_err(|refusal| port_error(FailureClass::Absent, refusal))
    }
}

impl WritePreferences for FakeAccount {
    async fn update(&self, read: Version, content: &str) -> Result<Version, WriteError> {
        let request = Request::Update {
            version: Some(read),
            content,
        };
        made(self.write(Call::Update, read.to_string(), request).await?)
    }

    async fn move_default(&self, version: Version) -> Result<(), WriteError> {
        let request = Request::MoveDefault { to: version };
        self.write(Call::MoveDefault, version.to_string(), request)
            .await
            .map(drop)
    }

    async fn create(
        &self,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<Version, WriteError> {
        let request = Request::Create {
            document_type: "Session",
            content,
            tags,
        };
        made(self.write(Call::Create, String::new(), request).await?)
    }

    async fn delete(&self) -> Result<(), WriteError> {
        let answer = self.call(Call::Delete, String::new(), |state| {
            let guard = state.guard.clone();
            state.perform(&guard, &Request::Delete)
        });
        done_or_gone("DeleteDocument", answer.await?, "InvalidDocument")
    }

    async fn delete_version(&self, version: Version) -> Result<(), WriteError> {
        let answer = self.call(Call::DeleteVersion, version.to_string(), |state| {
            let guard = state.guard.clone();
            state.perform(&guard, &Request::DeleteVersion { version })
        });
        done_or_gone("DeleteDocument", answer.await?, "InvalidDocumentVersion")
    }

    async fn unshare(&self, accounts: &[String]) -> Result<(), WriteError> {
        let request = Request::Share {
            add: &[],
            remove: accounts,
        };
        self.write(Call::Unshare, accounts.join(" "), request)
            .await
            .map(drop)
    }
}

impl ReadParameters for FakeAccount {
    async fn history(&self, parameter: Parameter) -> Result<Vec<StoredParameter>, PortError> {
        self.call(Call::History(parameter), String::new(), |state| {
            state.parameter(parameter).history()
        })
        .await
    }
}

impl KeepParameters for FakeAccount {
    async fn put(&self, parameter: Parameter, value: &str) -> Result<u64, PortError> {
        let answer = self.call(Call::Put(parameter), String::new(), |state| {
            let guard = state.guard.clone();
            state.put_parameter(&guard, parameter, value)
        });
        answer
            .await?
            .map_err(|refusal| port_error(FailureClass::Malformed, refusal))
    }
}

impl LookUpChanges for FakeAccount {
    async fn look_up(&self, window: Window) -> Trail {
        let on = format!("{} to {}", window.from, window.to);
        let answer = self.call(Call::LookUp, on, |state| {
            state.history.look_up(window, state.now)
        });
        answer.await.unwrap_or_else(|error| Trail::Failed {
            why: format!("{error}: {}", error.source),
        })
    }
}

impl Publish for FakeAccount {
    async fn publish(&self, report: &Value) -> Result<(), PortError> {
        self.call(Call::Publish, String::new(), |state| {
            state.reports.push(report.clone());
        })
        .await
    }
}

impl Notify for FakeAccount {
    async fn alert(&self, subject: &str, text: &str) -> Result<(), PortError> {
        let alert = (subject.to_owned(), text.to_owned());
        self.call(Call::Alert, subject.to_owned(), |state| {
            state.alerts.push(alert);
        })
        .await
    }
}

impl Clock for FakeAccount {
    fn now(&self) -> Timestamp {
        self.time()
    }

    async fn pause(&self, time: Duration) {
        give_away().await;
        self.advance(time);
    }
}

/// The version that a write made; the service always names it.
fn made(version: Option<Version>) -> Result<Version, WriteError> {
    version.ok_or_else(|| {
        let missing = Refusal::new("NoVersion", "the answer names no version");
        WriteError::Port(port_error(FailureClass::Malformed, missing))
    })
}

fn done_or_gone(
    operation: &'static str,
    answer: Result<Option<Version>, Refusal>,
    gone: &str,
) -> Result<(), WriteError> {
    match answer {
        Err(refusal) if refusal.code == gone || refusal.code == "InvalidDocument" => Ok(()),
        other => other
            .map(drop)
            .map_err(|refusal| write_error(operation, refusal)),
    }
}

/// Sorted as the adapters sort the service's error codes.
fn write_error(operation: &'static str, refusal: Refusal) -> WriteError {
    match refusal.code {
        "InvalidDocumentVersion"
        | "DocumentAlreadyExists"
        | "InvalidDocument"
        | "TooManyUpdates"
        | "InvalidDocumentOperation" => WriteError::Conflict { operation },
        "DuplicateDocumentContent" => WriteError::Duplicate,
        "DocumentVersionLimitExceeded" => WriteError::VersionLimit,
        _ => WriteError::Port(port_error(FailureClass::Malformed, refusal)),
    }
}

pub(super) fn port_error(class: FailureClass, refusal: Refusal) -> PortError {
    PortError {
        operation: "call AWS for",
        on: PREFERENCES_DOCUMENT.to_owned(),
        class,
        source: Box::new(refusal),
    }
}
