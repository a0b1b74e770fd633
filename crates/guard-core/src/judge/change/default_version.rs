//! The default version, which is judged beside the latest one.

use crate::change::Operation;
use crate::facts::Described;
use crate::judge::author::Author;
use crate::judge::document::{Stand, stand};
use crate::judge::draft::Draft;
use crate::judge::needs::Needs;
use crate::judge::reason::Reason;

use super::Case;

impl Case<'_> {
    /// Whether another version than the latest is the default one and below the floor, for which no war is waited out.
    pub(super) fn is_default_intolerable(
        &self,
        live: &Described,
        draft: &mut Draft,
    ) -> Needs<bool> {
        if live.default == live.latest {
            return Ok(false);
        }
        let approved = &self.standing.content;
        let default = stand(self.mandate, self.facts, live.default, approved)?;
        let reason = default.intolerable(live.default);
        let is_intolerable = reason.is_some();
        if let Some(reason) = reason {
            draft.because(reason);
        }
        Ok(is_intolerable)
    }

    /// The default version, when the latest one stays.
    pub(super) fn default_version(
        &self,
        live: &Described,
        latest: &Stand,
        draft: &mut Draft,
    ) -> Needs<()> {
        if live.default == live.latest {
            return Ok(());
        }
        let default = stand(
            self.mandate,
            self.facts,
            live.default,
            &self.standing.content,
        )?;
        let kept = latest.content().unwrap_or(&self.standing.content);
        if let Some(reason) = default.intolerable(live.default) {
            let notes = self.notes()?;
            draft.because(reason);
            draft.move_default(live, kept);
            draft.note_revert(&notes, self.facts.now);
            return Ok(());
        }
        if matches!(default, Stand::Approved) {
            return Ok(());
        }
        if self.is_strangers_default(live) {
            return self.revert_unless_war(live, draft, |draft| {
                draft.move_default(live, kept);
                Ok(())
            });
        }
        draft.because(Reason::Waiting {
            version: live.default,
        });
        Ok(())
    }

    fn is_strangers_default(&self, live: &Described) -> bool {
        let is_stranger = matches!(self.author, Author::Stranger { .. });
        let touched = match &self.change.operation {
            Operation::MovedDefault { to } => to.is_none_or(|to| to == live.default),
            Operation::Wrote {
                written: Some(written),
            } => written.version == live.default,
            Operation::Wrote { written: None }
            | Operation::Deleted
            | Operation::DeletedVersion
            | Operation::ChangedSharing => false,
        };
        is_stranger && touched
    }
}
