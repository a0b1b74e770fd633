//! Where reading stands.

use std::fmt;

/// How members are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inventory) enum Casing {
    /// As IAM spells them: `RoleName`.
    Iam,
    /// As AWS Config does: `roleName`.
    Config,
}

/// The way from the whole to the value that is being read. Whoever fails leaves it as it is, so it shows where.
#[derive(Debug)]
pub(super) struct Trail {
    casing: Casing,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Member(&'static str),
    Item(usize),
}

impl Casing {
    /// The member of these that a key names.
    pub(super) fn find(self, key: &str, members: &[&'static str]) -> Option<&'static str> {
        let is_key = |member: &&'static str| match self {
            Self::Iam => key == *member,
            Self::Config => {
                let (mut key, mut member) = (key.chars(), member.chars());
                let first = member.next().map(|first| first.to_ascii_lowercase());
                key.next() == first && key.as_str() == member.as_str()
            }
        };
        members.iter().copied().find(is_key)
    }

    /// The member as it should be spelled.
    pub(super) fn spell(self, member: &str) -> String {
        let mut letters = member.chars();
        match (self, letters.next()) {
            (Self::Config, Some(first)) => {
                format!("{}{}", first.to_ascii_lowercase(), letters.as_str())
            }
            (Self::Config, None) | (Self::Iam, _) => member.to_owned(),
        }
    }
}

impl Trail {
    pub(super) fn new(casing: Casing) -> Self {
        Self {
            casing,
            steps: Vec::new(),
        }
    }

    pub(super) fn casing(&self) -> Casing {
        self.casing
    }

    pub(super) fn enter(&mut self, member: &'static str) {
        self.steps.push(Step::Member(member));
    }

    pub(super) fn enter_item(&mut self, index: usize) {
        self.steps.push(Step::Item(index));
    }

    pub(super) fn leave(&mut self) {
        self.steps.pop();
    }
}

/// `RoleDetailList[17].AttachedManagedPolicies[2].PolicyArn`
impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Member(member) if index == 0 => f.write_str(&self.casing.spell(member))?,
                Step::Member(member) => write!(f, ".{}", self.casing.spell(member))?,
            }
        }
        Ok(())
    }
}
