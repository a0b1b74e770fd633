//! Where all cases play, who is on the stage, and by which charter.

use guard_core::mandate::{Mandate, OwnIdentity, Package};
use guard_core::names::{AccountId, Partition, Region, RoleArn, Scope};
use jiff::Timestamp;

use crate::content::Contents;
use crate::people::People;

/// The common charter.
pub(crate) const CHARTER: &str = include_str!("../cases/charter.toml");

pub(crate) struct Stage {
    pub(crate) scope: Scope,
    pub(crate) people: People,
    pub(crate) contents: Contents,
}

pub(crate) fn stage() -> Stage {
    Stage {
        scope: Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-central-1").unwrap(),
        },
        people: People::read(include_str!("../cases/people.json")),
        contents: Contents::read(include_str!("../cases/contents.json")),
    }
}

impl Stage {
    /// The mandate of a package with this charter and the named baseline.
    pub(crate) fn mandate(&self, charter: &str, baseline: &str, packed_at: Timestamp) -> Mandate {
        let package = Package {
            charter,
            baseline: self.contents.text(baseline),
            packed_at,
        };
        let function = "arn:aws:lambda:eu-central-1:123456789012:function:preferences-guard";
        let own = OwnIdentity {
            role: RoleArn::parse("arn:aws:iam::123456789012:role/session-guard").unwrap(),
            function: Some(function.to_owned()),
        };
        let mandate = Mandate::new(package, self.scope.clone(), own);
        mandate.unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error)))
    }
}
