//! Strategies for random histories: who acts, what they do, with which content.

use std::fmt;

use guard_core::names::Version;
use guard_reconcile::ports::Parameter;
use proptest::prelude::*;
use proptest::sample::select;

use crate::content;
use crate::person::OTHER_ACCOUNT;
use crate::{FakeAccount, Person};

/// A content, with what is known of it by the way it was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Sample {
    /// How to name it to readers.
    pub name: String,
    /// The text to send.
    pub text: String,
    /// The same as JSON.
    pub json: String,
    /// Whether it keeps the floor of the tests.
    pub keeps_floor: bool,
    /// Whether it fits the parameter of the approved content.
    pub fits: bool,
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Sample {
    fn above(name: &str, text: String) -> Self {
        let json = text.clone();
        Self {
            name: name.to_owned(),
            text,
            json,
            keeps_floor: true,
            fits: true,
        }
    }

    fn below(name: &str, text: String) -> Self {
        Self {
            keeps_floor: false,
            ..Self::above(name, text)
        }
    }

    fn in_yaml(mut self) -> Self {
        self.text = content::as_yaml(&self.json);
        self.name = format!("{} in YAML", self.name);
        self
    }
}

/// The baseline of the tests.
pub fn baseline() -> Sample {
    Sample::above("the baseline", content::baseline())
}

/// Another content that a later deployment may bring.
pub fn other_baseline() -> Sample {
    Sample::above(
        "the other baseline",
        content::above_floor("second-operator"),
    )
}

/// Contents above the floor.
pub fn above_floor() -> Vec<Sample> {
    vec![
        baseline(),
        other_baseline(),
        Sample::above("content A", content::above_floor("a")),
        Sample::above("content B", content::above_floor("b")),
        Sample::above("content C", content::above_floor("c")),
        Sample::above(
            "content A described anew",
            content::described(&content::above_floor("a"), "anew"),
        ),
        Sample::above("content D", content::above_floor("d")).in_yaml(),
        Sample::above("an idle timeout of 30", content::idle_timeout(30)),
        Sample {
            fits: false,
            ..Sample::above(
                "content too large to approve",
                content::above_floor_but_too_large(),
            )
        },
    ]
}

/// Contents below the floor.
pub fn below_floor() -> Vec<Sample> {
    vec![
        Sample::below("encryption off", content::encryption_off()),
        Sample::below("logging off", content::logging_off()),
        Sample::below(
            "logging elsewhere in YAML",
            content::as_yaml(&content::logging_elsewhere("/x")),
        ),
        Sample::below("a placeholder", content::placeholder()),
        Sample::below("a duplicate key", content::duplicate_key()),
        Sample::below("a case twin", content::case_twin()),
        Sample::below("an idle timeout of 31", content::idle_timeout(31)),
    ]
}

/// Any content, more often above the floor than below.
pub fn sample() -> impl Strategy<Value = Sample> + Clone {
    prop_oneof![3 => select(above_floor()), 1 => select(below_floor())]
}

/// People who are editors by the charter of the tests.
pub fn editors() -> Vec<Person> {
    vec![
        Person::editor(),
        Person::other_editor(),
        Person::permission_set_editor(),
        Person::tool(),
    ]
}

/// People who are not; one who got hold of the guard's role among them.
pub fn strangers() -> Vec<Person> {
    vec![
        Person::stranger(),
        Person::root(),
        Person::tool_by_hand(),
        Person::federated(),
        Person::unknown(),
        Person::guard_elsewhere(),
        Person::guard_role_in_another_function(),
    ]
}

/// Anybody.
pub fn person() -> impl Strategy<Value = Person> + Clone {
    prop_oneof![select(editors()), select(strangers())]
}

/// Something that people do.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// Adds a version.
    Update(Sample),
    /// Creates the document as this type.
    Create(Sample, &'static str),
    /// Unshares and deletes the document and creates it again as this type.
    Replace(Sample, &'static str),
    /// Deletes the document; unshares it first where it is shared.
    Delete,
    /// Deletes the nth newest version.
    DeleteVersion(usize),
    /// Makes the nth newest version the default one.
    MoveDefault(usize),
    /// Shares the document with everybody or with another account.
    Share(&'static str),
    /// Tries an update that IAM denies.
    BeDenied,
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Update(sample) => write!(f, "writes {sample:?}"),
            Self::Create(sample, kind) => {
                write!(f, "creates the document as {kind} with {sample:?}")
            }
            Self::Replace(sample, kind) => {
                write!(
                    f,
                    "deletes the document and creates it as {kind} with {sample:?}"
                )
            }
            Self::Delete => f.write_str("deletes the document"),
            Self::DeleteVersion(nth) => write!(f, "deletes the newest version but {nth}"),
            Self::MoveDefault(nth) => write!(f, "makes the newest version but {nth} the default"),
            Self::Share(with) => write!(f, "shares the document with {with}"),
            Self::BeDenied => f.write_str("is denied an update"),
        }
    }
}

impl Action {
    /// Does it, as far as the service lets the person.
    pub fn done_by(&self, person: &Person, account: &FakeAccount) {
        let acting = account.as_principal(person);
        // A refused call is a part of the history like any other: it leaves its record.
        match self {
            Self::Update(sample) => drop(acting.update(&sample.text)),
            Self::Create(sample, kind) => drop(acting.create_as(kind, &sample.text)),
            Self::Replace(sample, kind) => {
                Self::Delete.done_by(person, account);
                drop(acting.create_as(kind, &sample.text));
            }
            Self::Delete => {
                let shared: Vec<_> = account.share_list().into_iter().collect();
                if !shared.is_empty() {
                    let shared: Vec<_> = shared.iter().map(String::as_str).collect();
                    drop(acting.unshare(&shared));
                }
                drop(acting.delete());
            }
            Self::DeleteVersion(nth) => drop(acting.delete_version(nth_newest(account, *nth))),
            Self::MoveDefault(nth) => drop(acting.move_default(nth_newest(account, *nth))),
            Self::Share(with) => drop(acting.share(&[with])),
            Self::BeDenied => acting.be_denied("UpdateDocument"),
        }
    }
}

/// Any action, writing most often.
pub fn action() -> impl Strategy<Value = Action> + Clone {
    prop_oneof![
        8 => sample().prop_map(Action::Update),
        1 => sample().prop_map(|sample| Action::Create(sample, "Session")),
        2 => sample().prop_map(|sample| Action::Replace(sample, "Session")),
        1 => sample().prop_map(|sample| Action::Replace(sample, "Command")),
        2 => Just(Action::Delete),
        1 => (0_usize..3).prop_map(Action::DeleteVersion),
        2 => (0_usize..4).prop_map(Action::MoveDefault),
        1 => select(vec!["all", OTHER_ACCOUNT]).prop_map(Action::Share),
        1 => Just(Action::BeDenied),
    ]
}

/// What strangers do to the guard's parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meddling {
    /// Writes something unreadable.
    Nonsense(Parameter),
    /// Writes the guard's own newest value again, in their own name.
    Copy(Parameter),
    /// Deletes it.
    Delete(Parameter),
    /// Writes it so often that none of the guard's own versions is kept.
    Flood(Parameter),
}

impl fmt::Debug for Meddling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nonsense(parameter) => write!(f, "writes nonsense into {}", parameter.name()),
            Self::Copy(parameter) => write!(f, "copies {} in their own name", parameter.name()),
            Self::Delete(parameter) => write!(f, "deletes {}", parameter.name()),
            Self::Flood(parameter) => write!(f, "writes {} a hundred times", parameter.name()),
        }
    }
}

impl Meddling {
    /// Does it.
    pub fn done_by(self, person: &Person, account: &FakeAccount) {
        let acting = account.as_principal(person);
        match self {
            Self::Nonsense(parameter) => drop(acting.put_parameter(parameter, "nonsense")),
            Self::Copy(parameter) => {
                let newest = account.stored_parameter(parameter).pop();
                let value = newest.map_or_else(|| "nothing".to_owned(), |stored| stored.value);
                drop(acting.put_parameter(parameter, &value));
            }
            Self::Delete(parameter) => drop(acting.delete_parameter(parameter)),
            Self::Flood(parameter) => {
                (0..100).for_each(|_| drop(acting.put_parameter(parameter, "nonsense")));
            }
        }
    }
}

/// Any meddling.
pub fn meddling() -> impl Strategy<Value = Meddling> + Clone {
    let parameter = || select(vec![Parameter::Approvals, Parameter::Notes]);
    prop_oneof![
        2 => parameter().prop_map(Meddling::Nonsense),
        1 => parameter().prop_map(Meddling::Copy),
        1 => parameter().prop_map(Meddling::Delete),
        1 => parameter().prop_map(Meddling::Flood),
    ]
}

/// The nth newest version, the oldest where there are fewer, a version that never was where there is none.
fn nth_newest(account: &FakeAccount, nth: usize) -> Version {
    let versions = account.stored_versions();
    let newest_first: Vec<_> = versions.into_keys().rev().collect();
    newest_first
        .get(nth)
        .or(newest_first.last())
        .copied()
        .unwrap_or(Version(1))
}
