//! Carries a plan out, step by step.

use std::time::Duration;

use guard_core::explain;
use guard_core::judge::Decision;
use guard_core::names::Version;
use guard_core::plan::Step;
use guard_core::preferences::Preferences;

use crate::error::{FailureClass, PortError, WriteError};
use crate::ports::{Parameter, Ports};

/// Between two looks whether a new version is Active.
const ACTIVATION_PAUSE: Duration = Duration::from_millis(250);

/// A new version is Active within seconds; after this many looks something is wrong.
const ACTIVATION_LOOKS: usize = 40;

/// Why a plan was not carried out to its end.
#[derive(Debug)]
pub(crate) enum Setback {
    /// The account is no longer as it was read.
    Conflict,
    /// There is no room for a new version.
    VersionLimit,
    /// A call failed.
    Failed(PortError),
}

impl From<WriteError> for Setback {
    fn from(error: WriteError) -> Self {
        match error {
            // The content under its changed description can be no duplicate, unless another run wrote it just now.
            WriteError::Conflict { .. } | WriteError::Duplicate => Self::Conflict,
            WriteError::VersionLimit => Self::VersionLimit,
            WriteError::Port(error) => Self::Failed(error),
        }
    }
}

impl From<PortError> for Setback {
    fn from(error: PortError) -> Self {
        Self::Failed(error)
    }
}

/// What to do when somebody else has written the record of approvals since it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contested {
    /// Judge again: another guard may have approved something newer.
    JudgeAgain,
    /// Go on: somebody who writes it without end must not keep the document as it is.
    GoOn,
}

/// Carries out what the decision allows, adding a sentence to `done` for each step.
pub(crate) async fn carry_out<P: Ports>(
    decision: &Decision,
    ports: &P,
    contested: Contested,
    done: &mut Vec<String>,
) -> Result<(), Setback> {
    let mut later = None;
    let mut is_verified = false;
    for step in &decision.plan.steps {
        if decision.held.is_some() && step.changes_document() {
            continue;
        }
        match step {
            Step::KeepApprovals { value, read } => {
                match ports.put(Parameter::Approvals, value).await {
                    Ok(version) if version != read + 1 && contested == Contested::JudgeAgain => {
                        return Err(Setback::Conflict);
                    }
                    Ok(_) => done.push(explain::step(step)),
                    // The document must not stay wrong because the parameter cannot be written.
                    Err(error) => later = Some(error),
                }
            }
            // Nor must its content stay wrong because it cannot be taken off somebody.
            Step::Unshare { accounts } => match ports.unshare(accounts).await {
                Ok(()) => done.push(explain::step(step)),
                Err(WriteError::Port(error)) => later = Some(error),
                Err(conflict) => return Err(conflict.into()),
            },
            Step::KeepNotes { value } => {
                if !is_verified {
                    verify(decision, ports).await?;
                    is_verified = true;
                }
                keep_notes(ports, value).await;
            }
            Step::Delete
            | Step::Create { .. }
            | Step::DropVersions { .. }
            | Step::Update { .. }
            | Step::MoveDefault { .. } => {
                change_document(step, ports).await?;
                done.push(explain::step(step));
            }
        }
    }
    if !is_verified {
        verify(decision, ports).await?;
    }
    later.map_or(Ok(()), |error| Err(Setback::Failed(error)))
}

async fn change_document<P: Ports>(step: &Step, ports: &P) -> Result<(), Setback> {
    match step {
        Step::Delete => ports.delete().await?,
        Step::Create { content, tags } => {
            let version = ports.create(content, tags).await?;
            await_active(ports, version).await?;
        }
        Step::DropVersions { versions } => {
            for version in versions {
                ports.delete_version(*version).await?;
            }
        }
        Step::Update {
            read,
            content,
            if_duplicate,
        } => {
            let version = match ports.update(*read, content).await {
                Err(WriteError::Duplicate) => ports.update(*read, if_duplicate).await?,
                answered => answered?,
            };
            await_active(ports, version).await?;
            ports.move_default(version).await?;
        }
        Step::MoveDefault { to } => ports.move_default(*to).await?,
        Step::KeepApprovals { .. } | Step::Unshare { .. } | Step::KeepNotes { .. } => {}
    }
    Ok(())
}

/// Notes may be lost without harm, so a failure to keep them must not make a good run a failed one.
async fn keep_notes<P: Ports>(ports: &P, value: &str) {
    if let Err(error) = ports.put(Parameter::Notes, value).await {
        tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "failed to keep the notes");
    }
}

/// A version that is not Active yet can neither become the default one nor be read back.
async fn await_active<P: Ports>(ports: &P, version: Version) -> Result<(), Setback> {
    for _ in 0..ACTIVATION_LOOKS {
        match ports.is_active(version).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // Somebody has deleted it meanwhile.
            Err(error) if error.class == FailureClass::Absent => return Err(Setback::Conflict),
            Err(error) => return Err(error.into()),
        }
        ports.pause(ACTIVATION_PAUSE).await;
    }
    Err(Setback::Conflict)
}

/// Reads back what the plan was to bring about.
async fn verify<P: Ports>(decision: &Decision, ports: &P) -> Result<(), Setback> {
    let Some(goal) = decision
        .plan
        .goal
        .as_ref()
        .filter(|_| decision.held.is_none())
    else {
        return Ok(());
    };
    let Some(live) = ports.describe().await? else {
        return Err(Setback::Conflict);
    };
    if live.default != live.latest {
        return Err(Setback::Conflict);
    }
    let text = ports.content(live.latest).await?;
    let content = text.and_then(|text| Preferences::parse(&text).ok());
    match content {
        Some(content) if content.means_the_same_as(goal) => Ok(()),
        Some(_) | None => Err(Setback::Conflict),
    }
}
