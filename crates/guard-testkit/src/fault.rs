//! Faults and interruptions of the guard's calls.

use guard_reconcile::error::FailureClass;

use crate::FakeAccount;
use crate::calls::Call;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It fails.
    Fails(FailureClass),
    /// The function dies: the future that called never goes on.
    Crashes,
}

/// When it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the call has had an effect.
    Before,
    /// After it, so that only the answer is lost.
    After,
}

/// The function died in the middle of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crashed;

/// Which calls a fault is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// The call of this number.
    Number(usize),
    /// The next call of this kind.
    Next(Call),
    /// All calls of this kind.
    Every(Call),
}

impl Aim {
    fn hits(self, number: usize, call: Call) -> bool {
        match self {
            Self::Number(wanted) => wanted == number,
            Self::Next(wanted) | Self::Every(wanted) => wanted == call,
        }
    }

    fn lasts(self) -> bool {
        matches!(self, Self::Every(_))
    }
}

type Action = Box<dyn FnOnce(&FakeAccount) + Send>;

/// What shall happen at coming calls.
#[derive(Default)]
pub(crate) struct Plans {
    faults: Vec<(Aim, Fault, Moment)>,
    interruptions: Vec<(Aim, Action)>,
}

impl std::fmt::Debug for Plans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} interruptions, faults {:?}",
            self.interruptions.len(),
            self.faults
        )
    }
}

impl Plans {
    pub(crate) fn add_fault(&mut self, aim: Aim, fault: Fault, moment: Moment) {
        self.faults.push((aim, fault, moment));
    }

    pub(crate) fn add_interruption(&mut self, aim: Aim, action: Action) {
        self.interruptions.push((aim, action));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn fault_at(&mut self, number: usize, call: Call) -> Option<(Fault, Moment)> {
        let place = self
            .faults
            .iter()
            .position(|(aim, ..)| aim.hits(number, call))?;
        let (aim, fault, moment) = self.faults.remove(place);
        if aim.lasts() {
            self.faults.push((aim, fault, moment));
        }
        Some((fault, moment))
    }

    pub(crate) fn interruptions_at(&mut self, number: usize, call: Call) -> Vec<Action> {
        let (now, later) = std::mem::take(&mut self.interruptions)
            .into_iter()
            .partition(|(aim, _)| aim.hits(number, call));
        self.interruptions = later;
        let now: Vec<(Aim, Action)> = now;
        now.into_iter().map(|(_, action)| action).collect()
    }
}
