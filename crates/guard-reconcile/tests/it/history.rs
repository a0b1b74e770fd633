//! Random histories of an account, as steps that can be read aloud.

use std::fmt;
use std::time::Duration;

use guard_reconcile::error::FailureClass;
use guard_testkit::generate::{self, Action, Meddling, Sample, action, meddling, person, sample};
use guard_testkit::{DuplicateRule, Fault, Moment, Person, Rules};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// One run of the guard.
#[derive(Clone, PartialEq)]
pub(crate) enum Cause {
    /// The nth of the waiting events arrives.
    Arrival(usize),
    /// The schedule's time has come.
    Sweep,
}

/// One thing that happens.
#[derive(Clone, PartialEq)]
pub(crate) enum Step {
    Acts(Person, Action),
    Meddles(Meddling),
    Passes(Duration),
    Runs(Cause),
    ArrivesAgain(usize),
    IsLost(usize),
    IsForged(usize, Person),
    Together(Cause, Cause, Vec<bool>),
    Interrupted(Cause, usize, Person, Action),
    MeddledWith(Cause, usize, Meddling),
    Fails(Cause, usize, Fault, Moment),
    LookupsFail(bool),
    LagsBy(Duration),
    IsNeverKnown(usize),
    Deploys(Sample),
}

/// How an account begins, and what happens in it.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) rules: Rules,
    pub(crate) start: Option<Sample>,
    pub(crate) steps: Vec<Step>,
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrival(nth) => write!(f, "the event of waiting place {nth}"),
            Self::Sweep => f.write_str("a sweep"),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acts(person, action) => write!(f, "{} {action:?}", person.name()),
            Self::Meddles(meddling) => write!(f, "the user mallory {meddling:?}"),
            Self::Passes(time) => write!(f, "{time:?} pass"),
            Self::Runs(cause) => write!(f, "the guard runs for {cause:?}"),
            Self::ArrivesAgain(nth) => write!(f, "event {nth} of all so far arrives once more"),
            Self::IsLost(nth) => write!(f, "the event of waiting place {nth} is lost"),
            Self::IsForged(nth, person) => {
                write!(
                    f,
                    "a copy of event {nth} of all so far arrives, forged to name {}",
                    person.name()
                )
            }
            Self::Together(one, other, turns) => {
                let turns: String = turns
                    .iter()
                    .map(|first| if *first { '1' } else { '2' })
                    .collect();
                write!(
                    f,
                    "the guard runs at once for {one:?} (1) and {other:?} (2), turns {turns}"
                )
            }
            Self::Interrupted(cause, call, person, action) => {
                write!(
                    f,
                    "the guard runs for {cause:?}; before its call {call} {} {action:?}",
                    person.name()
                )
            }
            Self::MeddledWith(cause, call, meddling) => {
                write!(
                    f,
                    "the guard runs for {cause:?}; before its call {call} the user mallory {meddling:?}"
                )
            }
            Self::Fails(cause, call, fault, moment) => {
                write!(
                    f,
                    "the guard runs for {cause:?}; its call {call} meets {fault:?} {moment:?} its effect"
                )
            }
            Self::LookupsFail(true) => f.write_str("CloudTrail's event history stops answering"),
            Self::LookupsFail(false) => f.write_str("CloudTrail's event history answers"),
            Self::LagsBy(time) => {
                write!(f, "CloudTrail's event history lags by {time:?} from now on")
            }
            Self::IsNeverKnown(nth) => write!(
                f,
                "CloudTrail's event history never knows event {nth} of all so far"
            ),
            Self::Deploys(sample) => write!(
                f,
                "the function is deployed with {sample:?} as its baseline"
            ),
        }
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "a history under {:?}", self.rules)?;
        match &self.start {
            None => writeln!(f, "  0. there is no document")?,
            Some(sample) => writeln!(f, "  0. the document says {sample:?}")?,
        }
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "  {}. {step:?}", number + 1)?;
        }
        Ok(())
    }
}

/// What may happen in a family of histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// People act, events come late, twice, out of order or never; forged ones come too.
    Calm,
    /// Runs overlap, and others act between two calls of a run.
    Racing,
    /// Calls fail and functions die midway; CloudTrail's history fails, lags or never knows.
    Failing,
    /// Everything, and deployments and meddling with the guard's parameters.
    Wild,
}

pub(crate) fn history(family: Family) -> impl Strategy<Value = History> {
    let start = prop_oneof![
        3 => Just(Some(generate::baseline())),
        1 => Just(None),
        1 => sample().prop_map(Some),
    ];
    (rules(), start, vec(step(family), 1..14)).prop_map(|(rules, start, steps)| History {
        rules,
        start,
        steps,
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let duplicates = select(vec![
        DuplicateRule::Latest,
        DuplicateRule::Any,
        DuplicateRule::Never,
    ]);
    (duplicates, select(vec![5, 1000]), 0_u32..3, any::<bool>()).prop_map(
        |(duplicates, version_limit, polls_until_active, numbers_are_reused)| Rules {
            duplicates,
            version_limit,
            polls_until_active,
            numbers_are_reused,
        },
    )
}

fn step(family: Family) -> BoxedStrategy<Step> {
    let calm = calm().boxed();
    match family {
        Family::Calm => calm,
        Family::Racing => prop_oneof![3 => calm, 2 => racing()].boxed(),
        Family::Failing => prop_oneof![3 => calm, 2 => failing()].boxed(),
        Family::Wild => prop_oneof![4 => calm, 1 => racing(), 1 => failing(), 1 => wild()].boxed(),
    }
}

fn calm() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (person(), action()).prop_map(|(person, action)| Step::Acts(person, action)),
        2 => pause().prop_map(Step::Passes),
        4 => cause().prop_map(Step::Runs),
        1 => place().prop_map(Step::ArrivesAgain),
        1 => place().prop_map(Step::IsLost),
        1 => (place(), person()).prop_map(|(nth, person)| Step::IsForged(nth, person)),
        1 => lag().prop_map(Step::LagsBy),
    ]
}

fn racing() -> impl Strategy<Value = Step> {
    prop_oneof![
        (cause(), cause(), vec(any::<bool>(), 0..40))
            .prop_map(|(one, other, turns)| Step::Together(one, other, turns)),
        (cause(), 0_usize..14, person(), action()).prop_map(|(cause, call, person, action)| {
            Step::Interrupted(cause, call, person, action)
        }),
    ]
}

fn failing() -> impl Strategy<Value = Step> {
    let fault = select(vec![
        Fault::Crashes,
        Fault::Fails(FailureClass::Throttled),
        Fault::Fails(FailureClass::Denied),
        Fault::Fails(FailureClass::Unavailable),
    ]);
    let moment = select(vec![Moment::Before, Moment::After]);
    prop_oneof![
        6 => (cause(), 0_usize..16, fault, moment)
            .prop_map(|(cause, call, fault, moment)| Step::Fails(cause, call, fault, moment)),
        1 => any::<bool>().prop_map(Step::LookupsFail),
        1 => place().prop_map(Step::IsNeverKnown),
    ]
}

fn wild() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => meddling().prop_map(Step::Meddles),
        2 => (cause(), 0_usize..14, meddling())
            .prop_map(|(cause, call, meddling)| Step::MeddledWith(cause, call, meddling)),
        // Never back to the first one: what departed from it would count again, unless a sweep ran in between.
        1 => Just(Step::Deploys(generate::other_baseline())),
    ]
}

fn cause() -> impl Strategy<Value = Cause> {
    prop_oneof![3 => place().prop_map(Cause::Arrival), 2 => Just(Cause::Sweep)]
}

/// A place in a list of any length.
fn place() -> impl Strategy<Value = usize> {
    0_usize..8
}

/// From nothing through a tool's pace to more than any lag.
fn pause() -> impl Strategy<Value = Duration> {
    let millis = [1, 400, 3_000, 20_000, 70_000, 150_000, 300_000, 900_000];
    select(millis.map(Duration::from_millis).to_vec())
}

/// The event history lags by up to about 15 minutes.
fn lag() -> impl Strategy<Value = Duration> {
    select([0, 5, 120, 900].map(Duration::from_secs).to_vec())
}
