//! Carries out a plan of a migration, with a record by which it can be undone.

use std::time::Duration;

use guard_core::charter::{Enforcement, Forbidden};
use guard_core::inventory::{BearerKind, Document, Entity};
use guard_core::migration::{Course, Deed, Line, Mark, RECORD_FORM, Whom};
use guard_core::roles::{BearerName, Mandate, Plan, Reason};
use jiff::Timestamp;

use super::{Carried, Depth, Stop, carry_out, look};
use crate::error::{AttachError, FailureClass, PortError};
use crate::ports::{
    AttachmentPorts, Clock, KeepRecord, ReadAttachments, ReadEntities, WriteAttachments,
};

/// Takes the forbidden policy off one role, user or group, as planned; a second run finishes what one began.
///
/// Nothing done and no stop says that it was off already. The charter's mode does not matter: whoever calls this wants
/// it carried out.
pub async fn migrate<P: AttachmentPorts, R: KeepRecord + Sync>(
    mandate: &Mandate,
    entry: &Forbidden,
    plan: &Plan,
    record: &R,
    ports: &P,
) -> Carried {
    let bearer = BearerName {
        kind: plan.kind,
        name: plan.name.clone(),
    };
    let stopped = |stop| Carried {
        done: Vec::new(),
        stop: Some(stop),
    };
    let recorded = Recorded {
        ports,
        book: Book {
            record,
            course: Course::Apply,
            whom: &Whom::of(plan, &mandate.scope().account),
            forbidden: &plan.forbidden,
        },
    };
    // Whoever migrates replaces, whatever becomes of the policy where it arrives.
    let entry = &Forbidden {
        enforcement: Enforcement::Replace,
        ..entry.clone()
    };
    match look(mandate, entry, &bearer, Depth::Everything, ports).await {
        Err(error) => stopped(error.into()),
        Ok(None) => stopped(Stop::Surprise(vec![Reason::Gone])),
        Ok(Some(look)) => carry_out(mandate, entry, plan, look, &recorded).await,
    }
}

/// The record, open at whom the next lines are about.
pub(super) struct Book<'a, R> {
    pub(super) record: &'a R,
    pub(super) course: Course,
    pub(super) whom: &'a Whom,
    pub(super) forbidden: &'a str,
}

impl<R: KeepRecord> Book<'_, R> {
    pub(super) fn note(
        &self,
        mark: Mark,
        deed: Deed,
        policy: &str,
        at: Timestamp,
    ) -> Result<(), PortError> {
        self.record.append(&Line {
            form: RECORD_FORM,
            at,
            course: self.course,
            mark,
            deed,
            policy: policy.to_owned(),
            whom: self.whom.clone(),
            forbidden: self.forbidden.to_owned(),
        })
    }

    /// How a call ended, as far as that is known.
    pub(super) fn note_end(
        &self,
        answered: &Result<(), AttachError>,
        deed: Deed,
        policy: &str,
        at: Timestamp,
    ) -> Result<(), PortError> {
        match ending(answered) {
            Some(mark) => self.note(mark, deed, policy, at),
            None => Ok(()),
        }
    }
}

/// `None` where the call may have had its effect although it failed.
fn ending(answered: &Result<(), AttachError>) -> Option<Mark> {
    match answered {
        Ok(()) => Some(Mark::Done),
        Err(
            AttachError::Gone | AttachError::Quota | AttachError::Immutable | AttachError::Conflict,
        ) => Some(Mark::Refused),
        Err(AttachError::Port(error)) => match error.class {
            FailureClass::Denied => Some(Mark::Refused),
            FailureClass::Throttled
            | FailureClass::Absent
            | FailureClass::Malformed
            | FailureClass::Unavailable => None,
        },
    }
}

/// The same ports, with a line in the record in front of each write and one behind it.
struct Recorded<'a, P, R> {
    ports: &'a P,
    book: Book<'a, R>,
}

impl<P: Clock + Sync, R: KeepRecord + Sync> Clock for Recorded<'_, P, R> {
    fn now(&self) -> Timestamp {
        self.ports.now()
    }

    async fn pause(&self, time: Duration) {
        self.ports.pause(time).await;
    }
}

impl<P: ReadEntities + Sync, R: Sync> ReadEntities for Recorded<'_, P, R> {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        self.ports.entity(kind, name).await
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        self.ports.policy(arn).await
    }
}

impl<P: ReadAttachments + Sync, R: Sync> ReadAttachments for Recorded<'_, P, R> {
    async fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> Result<Option<Vec<String>>, PortError> {
        self.ports.attached(kind, name).await
    }
}

impl<P: WriteAttachments + Clock + Sync, R: KeepRecord + Sync> WriteAttachments
    for Recorded<'_, P, R>
{
    async fn attach(&self, role: &str, policy_arn: &str) -> Result<(), AttachError> {
        let (book, deed) = (&self.book, Deed::Attach);
        book.note(Mark::Begins, deed, policy_arn, self.now())?;
        let answered = self.ports.attach(role, policy_arn).await;
        book.note_end(&answered, deed, policy_arn, self.now())?;
        answered
    }

    async fn detach(
        &self,
        kind: BearerKind,
        name: &str,
        policy_arn: &str,
    ) -> Result<(), AttachError> {
        let (book, deed) = (&self.book, Deed::Detach);
        book.note(Mark::Begins, deed, policy_arn, self.now())?;
        let answered = self.ports.detach(kind, name, policy_arn).await;
        book.note_end(&answered, deed, policy_arn, self.now())?;
        answered
    }
}
