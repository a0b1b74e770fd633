//! What administrators do in IAM.

use std::collections::BTreeSet;

use guard_core::inventory::{BearerKind, List};
use guard_core::rules::Resource;

use crate::FakeAccount;
use crate::iam::{Bearer, Iam, Written};
use crate::person::ACCOUNT;
use crate::policies::EC2_TRUST;

/// Acts in the account's IAM.
///
/// # Panics
/// Every call that names somebody or something that is not there: a test that means another account than it has proves
/// nothing.
#[derive(Debug, Clone, Copy)]
pub struct Principals<'a> {
    account: &'a FakeAccount,
}

impl FakeAccount {
    /// Acts in the account's IAM.
    pub fn principals(&self) -> Principals<'_> {
        Principals { account: self }
    }

    /// How many entries IAM and AWS Config put on a page; 100 at first.
    pub fn set_page_size(&self, size: usize) {
        self.state().iam.page_size = size;
    }

    /// How many managed policies IAM lets be attached to one role, user or group; 10 at first.
    pub fn set_attachment_quota(&self, quota: usize) {
        self.state().iam.quota = quota;
    }

    /// How often IAM shows what was attached before a write of the guard's; never at first.
    pub fn set_stale_answers(&self, times: usize) {
        self.state().iam.n_stale_answers = times;
    }

    /// Refuses the guard's next write of what is attached with this code.
    pub fn refuse_attachment(&self, code: &'static str) {
        self.state().iam.refusals.push(code);
    }

    /// Every change that the guard made to what is attached, oldest first.
    pub fn attachment_writes(&self) -> Vec<Written> {
        self.state().iam.writes.clone()
    }
}

impl Principals<'_> {
    /// Lets the details of the account lack one of their lists, as no answer of the service does.
    pub fn leave_out(self, list: List) {
        self.iam(|iam| iam.left_out = Some(list));
    }

    /// Makes a role, user or group without policies.
    pub fn create(self, kind: BearerKind, name: &str) -> Resource {
        let bearer = self.iam(|iam| iam.create(kind, name));
        Resource::bearer(kind, &bearer.id)
    }

    /// Makes a managed policy; answers its ARN.
    pub fn create_policy(self, name: &str, document: &str) -> String {
        let arn = format!("arn:aws:iam::{ACCOUNT}:policy/{name}");
        self.set_policy(&arn, document);
        arn
    }

    /// Gives a managed policy another default version, or has AWS publish one.
    pub fn set_policy(self, arn: &str, document: &str) {
        self.iam(|iam| iam.policies.insert(arn.to_owned(), document.to_owned()));
    }

    /// Gives a managed policy a version that is not the default one.
    pub fn add_version(self, arn: &str, version: &str, document: &str) {
        let key = (arn.to_owned(), version.to_owned());
        self.iam(|iam| iam.versions.insert(key, document.to_owned()));
    }

    /// Deletes a managed policy, whoever it is attached to.
    pub fn delete_policy(self, arn: &str) {
        self.iam(|iam| iam.policies.remove(arn));
    }

    /// Gives a policy to a bearer as a part of it.
    pub fn put_inline(self, kind: BearerKind, name: &str, policy: &str, document: &str) {
        self.change(kind, name, |bearer| {
            bearer.inline.insert(policy.to_owned(), document.to_owned());
        });
    }

    /// Attaches a managed policy.
    pub fn attach(self, kind: BearerKind, name: &str, arn: &str) {
        self.change(kind, name, |bearer| {
            bearer.attached.insert(arn.to_owned());
        });
    }

    /// Detaches a managed policy.
    pub fn detach(self, kind: BearerKind, name: &str, arn: &str) {
        self.change(kind, name, |bearer| {
            bearer.attached.remove(arn);
        });
    }

    /// Makes a managed policy the permissions boundary.
    pub fn set_boundary(self, kind: BearerKind, name: &str, arn: &str) {
        self.change(kind, name, |bearer| bearer.boundary = Some(arn.to_owned()));
    }

    /// What is attached; nothing to somebody who is not there.
    pub fn attached(self, kind: BearerKind, name: &str) -> BTreeSet<String> {
        let key = (kind, name.to_owned());
        self.iam(|iam| {
            let bearer = iam.bearers.get(&key);
            bearer
                .map(|bearer| bearer.attached.clone())
                .unwrap_or_default()
        })
    }

    /// Says who may assume a role.
    pub fn set_trust(self, role: &str, document: &str) {
        self.change(BearerKind::Role, role, |bearer| {
            document.clone_into(&mut bearer.trust);
        });
    }

    /// Makes somebody AWS's own, whom the account cannot change.
    pub fn make_immutable(self, kind: BearerKind, name: &str) {
        self.change(kind, name, |bearer| bearer.is_immutable = true);
    }

    /// Has EC2 hand a role to instances.
    pub fn hand_to_instances(self, role: &str) {
        self.set_trust(role, EC2_TRUST);
    }

    /// Takes a user into a group.
    pub fn join(self, user: &str, group: &str) {
        self.change(BearerKind::User, user, |bearer| {
            bearer.groups.insert(group.to_owned());
        });
    }

    /// Deletes a role, user or group.
    pub fn delete(self, kind: BearerKind, name: &str) {
        self.iam(|iam| iam.bearers.remove(&(kind, name.to_owned())));
    }

    fn iam<T>(self, act: impl FnOnce(&mut Iam) -> T) -> T {
        act(&mut self.account.state().iam)
    }

    #[expect(
        clippy::expect_used,
        reason = "a test that means another account than it has proves nothing"
    )]
    fn change(self, kind: BearerKind, name: &str, act: impl FnOnce(&mut Bearer)) {
        self.iam(|iam| {
            let bearer = iam.bearers.get_mut(&(kind, name.to_owned()));
            act(bearer.expect("somebody of that name"));
        });
    }
}
