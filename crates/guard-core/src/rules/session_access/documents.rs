//! Which documents sessions can be opened through, beside those of the charter.

use super::Terms;
use crate::charter::{COMMAND_DOCUMENTS, Permission, TUNNEL_DOCUMENTS};
use crate::reach::{Domain, Keys, Set};

/// A kind of documents that sessions may not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any name that somebody gives a document of his own.
    Any,
    /// A tunnel: nothing of it is ever recorded.
    Tunnel,
    /// Whatever command the caller names.
    Command,
    /// A document of another account.
    Foreign,
    /// A document of this account or of AWS that the charter does not name.
    Unlisted,
}

/// The kinds, the gravest first.
pub(super) const KINDS: [Kind; 5] = [
    Kind::Any,
    Kind::Tunnel,
    Kind::Command,
    Kind::Foreign,
    Kind::Unlisted,
];

/// A name that hardly a policy names and everybody can give.
const SOME_NAME: &str = "Session-?????????????????";

/// The documents of a kind, less those that the charter lets sessions use.
pub(super) fn of_kind(terms: &Terms<'_>, kind: Kind) -> Vec<Set> {
    let (partition, account) = (&terms.scope.partition, &terms.scope.account);
    let region = terms.first_region().as_str();
    let own = |region: &str, name: &str| {
        format!("arn:{partition}:ssm:{region}:{account}:document/{name}")
    };
    // AWS's own documents belong to no account.
    let of_aws =
        |region: &str, name: &str| format!("arn:{partition}:ssm:{region}::document/{name}");
    let everywhere = |names: &[&str]| {
        let here = names.iter().map(|name| Set::of(of_aws(region, name)));
        let anywhere = names.iter().map(|name| Set::of(of_aws("*", name)));
        here.chain(anywhere).collect()
    };
    match kind {
        Kind::Any => [own(region, SOME_NAME), own("*", SOME_NAME)]
            .map(Set::of)
            .to_vec(),
        Kind::Tunnel => match terms.sessions.tunnels {
            Permission::Granted => Vec::new(),
            Permission::Refused => everywhere(&TUNNEL_DOCUMENTS),
        },
        Kind::Command => match terms.sessions.commands {
            Permission::Granted => Vec::new(),
            Permission::Refused => everywhere(&COMMAND_DOCUMENTS),
        },
        Kind::Foreign => {
            let any = format!("arn:{partition}:ssm:*:????????????:document/?*");
            vec![Set::of(any).without([own("*", "*")])]
        }
        Kind::Unlisted => {
            let names = || terms.sessions.document_names();
            let allowed = || names().flat_map(|name| [own("*", name), of_aws("*", name)]);
            [own("*", "?*"), of_aws("*", "?*")]
                .map(|any| Set::of(any).without(allowed()))
                .to_vec()
        }
    }
}

/// Every document, whosoever.
pub(super) fn all(terms: &Terms<'_>) -> Vec<Set> {
    let partition = &terms.scope.partition;
    vec![Set::of(format!("arn:{partition}:ssm:*:*:document/?*"))]
}

/// What is known of requests on documents: they carry none of the tags that instances do.
pub(super) fn keys(keys: Keys) -> Keys {
    keys.with_prefix("aws:ResourceTag/", Domain::Absent)
}
