//! One step of a deployment, as data.

use std::path::PathBuf;

use crate::program::Program;

/// What one step reads and hands to later ones.
///
/// Stacks are asked for the ids of their resources and not for their outputs, which say the same: the local account of
/// the tests knows no outputs of stacks that were made by change sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Output {
    /// The ARN of the topic for alerts.
    Topic,
    /// The name of the function's role.
    RoleName,
    /// Its ARN.
    Role,
}

impl Output {
    /// Its name in a shell.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Topic => "topic_arn",
            Self::RoleName => "role_name",
            Self::Role => "role_arn",
        }
    }
}

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// As it stands.
    Text(String),
    /// A text and behind it what a stack told before.
    With(&'static str, Output),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Where a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    /// Where this program runs.
    Here,
    /// In the folder of the files for the function's package: they are packed under the names they have there.
    Package,
}

/// What a step runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invocation {
    pub(super) program: &'static str,
    pub(super) arguments: Vec<Argument>,
    pub(super) folder: Folder,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// For people: "stack `x`".
    pub(super) name: String,
    pub(super) invocation: Invocation,
    /// What it reads, if it only reads.
    pub(super) reads: Option<Output>,
}

impl Invocation {
    /// A call of the AWS command line.
    pub(super) fn aws<const N: usize>(words: [&str; N]) -> Self {
        Self {
            program: Program::AWS,
            arguments: words.into_iter().map(Argument::from).collect(),
            folder: Folder::Here,
        }
    }

    /// With further arguments.
    pub(super) fn with<A: Into<Argument>>(mut self, more: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(more.into_iter().map(Into::into));
        self
    }
}

/// What the steps need to know of the machine.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The project's folder.
    pub(super) project: PathBuf,
    /// The folder of the built function.
    pub(super) lambda: PathBuf,
}
