//! Who makes a request, and how a resource's policy can name them.

use crate::policy::{PrincipalElement, PrincipalEntry, PrincipalKind, Principals, Sense};

/// Who makes a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller<'a> {
    /// The name that it goes by.
    name: Option<&'a str>,
    kind: CallerKind<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallerKind<'a> {
    /// The root user of an account.
    Root { account: &'a str },
    /// A role rather than a session of it.
    Role { account: &'a str, linked: bool },
    /// A session of the role with this name, which is unique in the account whatever its path.
    RoleSession { account: &'a str, role: &'a str },
    /// Any other identity of an account: a user, or a federated user.
    Other { account: &'a str },
    /// A service or somebody from an identity provider: no policy but the resource's is about them.
    Outside,
    /// Not told.
    Nobody,
}

/// How a statement names the caller. The first of them that holds counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// By its own name, or everybody: then neither boundary nor session policy limits what is allowed.
    Itself,
    /// A role whose session it is, or the role: then they do.
    Role,
    /// Its account, which may then allow it by the caller's own policies.
    Account,
}

impl<'a> Caller<'a> {
    pub(super) fn of(name: Option<&'a str>) -> Self {
        let kind = name.map_or(CallerKind::Nobody, kind);
        Self { name, kind }
    }

    /// The account that it belongs to.
    pub(super) fn account(&self) -> Option<&'a str> {
        match self.kind {
            CallerKind::Root { account }
            | CallerKind::Role { account, .. }
            | CallerKind::RoleSession { account, .. }
            | CallerKind::Other { account } => Some(account),
            CallerKind::Outside | CallerKind::Nobody => None,
        }
    }

    /// Whether it may do everything that is not denied to it.
    pub(super) fn is_root(&self) -> bool {
        matches!(self.kind, CallerKind::Root { .. })
    }

    /// Whether it has no policies of its own.
    pub(super) fn is_outside(&self) -> bool {
        self.kind == CallerKind::Outside
    }

    /// Whether service control policies do not reach it.
    pub(super) fn is_service_linked(&self) -> bool {
        matches!(self.kind, CallerKind::Role { linked: true, .. })
    }

    /// How an element names the caller, if it is about it.
    pub(super) fn naming(&self, element: &PrincipalElement) -> Option<Naming> {
        let entries = match &element.who {
            Principals::Everybody => &[],
            Principals::Listed(entries) => entries.as_slice(),
        };
        let is_everybody = match &element.who {
            Principals::Everybody => true,
            Principals::Listed(_) => aws(entries).any(|name| name == "*"),
        };
        let mut namings = self.namings().iter();
        match element.sense {
            Sense::Listed if is_everybody => Some(Naming::Itself),
            Sense::Listed => namings
                .find(|naming| self.is_named(entries, **naming))
                .copied(),
            Sense::NotListed if is_everybody => None,
            // To be left out, "you must also specify the account ARN", and for a session its role: IAM user guide on
            // NotPrincipal, read 2026-11.
            Sense::NotListed => {
                let is_about = namings.any(|naming| !self.is_named(entries, *naming));
                (is_about || self.name.is_none()).then_some(Naming::Itself)
            }
        }
    }

    /// All the ways in which it can be named, the nearest first.
    fn namings(&self) -> &'static [Naming] {
        match self.kind {
            CallerKind::Root { .. } => &[Naming::Account],
            CallerKind::Role { .. } => &[Naming::Role, Naming::Account],
            CallerKind::RoleSession { .. } => &[Naming::Itself, Naming::Role, Naming::Account],
            CallerKind::Other { .. } => &[Naming::Itself, Naming::Account],
            CallerKind::Outside => &[Naming::Itself],
            CallerKind::Nobody => &[],
        }
    }

    fn is_named(&self, entries: &[PrincipalEntry], naming: Naming) -> bool {
        match (naming, self.kind) {
            (Naming::Itself, CallerKind::Outside) => {
                let names = entries.iter().flat_map(|entry| &entry.names);
                names
                    .into_iter()
                    .any(|name| Some(name.as_str()) == self.name)
            }
            (Naming::Role, CallerKind::RoleSession { account, role }) => {
                aws(entries).any(|name| is_role(name, account, role))
            }
            (Naming::Itself | Naming::Role, _) => aws(entries).any(|name| Some(name) == self.name),
            (Naming::Account, _) => {
                let account = self.account();
                aws(entries).any(|name| account.is_some_and(|account| is_account(name, account)))
            }
        }
    }
}

fn aws(entries: &[PrincipalEntry]) -> impl Iterator<Item = &str> {
    let entries = entries
        .iter()
        .filter(|entry| entry.kind == PrincipalKind::Aws);
    entries.flat_map(|entry| &entry.names).map(String::as_str)
}

fn kind(name: &str) -> CallerKind<'_> {
    let Some((service, account, resource)) = parts(name) else {
        let is_service = !name.contains(':') && name.contains('.');
        return if is_service {
            CallerKind::Outside
        } else {
            CallerKind::Nobody
        };
    };
    let (what, rest) = resource.split_once('/').unwrap_or((resource, ""));
    match (service, what) {
        ("iam", "root") => CallerKind::Root { account },
        ("iam", "role") => CallerKind::Role {
            account,
            linked: rest.starts_with("aws-service-role/"),
        },
        ("iam", "saml-provider" | "oidc-provider") => CallerKind::Outside,
        ("sts", "assumed-role") => CallerKind::RoleSession {
            account,
            role: rest.split_once('/').map_or(rest, |(role, _)| role),
        },
        _ => CallerKind::Other { account },
    }
}

/// Service, account and resource of an ARN. Looking at each byte is quicker here than searching five times.
fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let bytes = arn.bytes().enumerate();
    let mut colons = bytes.filter_map(|(at, byte)| (byte == b':').then_some(at));
    let (prefix, partition) = (colons.next()?, colons.next()?);
    let (service, region, account) = (colons.next()?, colons.next()?, colons.next()?);
    let between = |from: usize, to| arn.get(from + 1..to);
    let parts = (
        between(partition, service)?,
        between(region, account)?,
        arn.get(account + 1..)?,
    );
    (arn.get(..prefix) == Some("arn")).then_some(parts)
}

/// Whether `arn` is that of the role with this name.
fn is_role(arn: &str, account: &str, role: &str) -> bool {
    parts(arn).is_some_and(|(service, of, resource)| {
        let path_and_name = resource.strip_prefix("role/");
        let name = path_and_name.and_then(|name| name.rsplit('/').next());
        service == "iam" && of == account && name == Some(role)
    })
}

/// Whether `name` stands for the whole account.
fn is_account(name: &str, account: &str) -> bool {
    name == account || parts(name) == Some(("iam", account, "root"))
}
