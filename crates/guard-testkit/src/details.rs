//! Made-up answers of `GetAccountAuthorizationDetails`, as large as a large account's.
//!
//! Each role, policy, user and group follows from the seed, its kind and its number alone. So an answer of any size can
//! be written without being held, and what stands in it can be asked for again.

mod arn;
mod dice;
mod documents;
mod group;
mod policy;
mod role;
mod statements;
mod tag;
mod trust;
mod user;

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::ser::PrettyFormatter;

use dice::Dice;

/// Which answer: how many of everything, and one seed for all that is left to chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Details {
    /// What chance starts from.
    pub seed: u64,
    /// How many roles.
    pub roles: usize,
    /// How many managed policies, of which the first few are AWS's own.
    pub policies: usize,
    /// How many users.
    pub users: usize,
    /// How many groups.
    pub groups: usize,
    /// How documents are written.
    pub form: Form,
}

/// How documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// As objects, as the AWS command line shows them.
    #[default]
    Objects,
    /// Percent-encoded in a text, as the service answers.
    Encoded,
}

/// The lists of an answer.
#[derive(Debug, Clone, Copy)]
enum List {
    Users,
    Groups,
    Roles,
    Policies,
}

impl Details {
    /// The size that performance is promised for: 5,000 roles, 1,500 policies, 500 users in 50 groups.
    pub fn large(seed: u64) -> Self {
        Self {
            seed,
            roles: 5_000,
            policies: 1_500,
            users: 500,
            groups: 50,
            form: Form::Objects,
        }
    }

    /// A few of everything.
    pub fn small(seed: u64) -> Self {
        Self {
            seed,
            roles: 20,
            policies: 25,
            users: 8,
            groups: 3,
            form: Form::Objects,
        }
    }

    /// Writes the answer as `aws iam get-account-authorization-details` does, piece by piece.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        let layout = PrettyFormatter::with_indent(b"    ");
        let mut json = serde_json::Serializer::with_formatter(out, layout);
        self.serialize(&mut json)?;
        json.into_inner().write_all(b"\n")
    }

    /// The `RoleDetail` of one number.
    pub fn role(&self, number: usize) -> Value {
        role::role(self, number)
    }

    /// The `ManagedPolicyDetail` of one number.
    pub fn policy(&self, number: usize) -> Value {
        policy::policy(self, number)
    }

    /// The `UserDetail` of one number.
    pub fn user(&self, number: usize) -> Value {
        user::user(self, number)
    }

    /// The `GroupDetail` of one number.
    pub fn group(&self, number: usize) -> Value {
        group::group(self, number)
    }

    fn dice(&self, list: List, number: usize) -> Dice {
        Dice::new([self.seed, list as u64, number as u64])
    }

    /// A document in the form that is asked for.
    fn document(&self, document: Value) -> Value {
        match self.form {
            Form::Objects => document,
            Form::Encoded => documents::encoded(&document).into(),
        }
    }
}

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_map(Some(4))?;
        for (name, list, length) in [
            ("UserDetailList", List::Users, self.users),
            ("GroupDetailList", List::Groups, self.groups),
            ("RoleDetailList", List::Roles, self.roles),
            ("Policies", List::Policies, self.policies),
        ] {
            let details = self;
            let items = Items {
                details,
                list,
                length,
            };
            answer.serialize_entry(name, &items)?;
        }
        answer.end()
    }
}

/// A list whose items are made while it is written.
struct Items<'a> {
    details: &'a Details,
    list: List,
    length: usize,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.length).map(|number| match self.list {
            List::Users => self.details.user(number),
            List::Groups => self.details.group(number),
            List::Roles => self.details.role(number),
            List::Policies => self.details.policy(number),
        }))
    }
}

#[cfg(test)]
mod tests;
