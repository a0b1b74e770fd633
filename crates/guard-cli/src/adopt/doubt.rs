//! What an operator should know before taking the live document for a baseline.

use std::fmt;

use guard_core::explain::plain;
use guard_core::facts::Trail;
use guard_core::names::Version;
use guard_core::preferences::{Defect, Preferences};

use super::stack::Stack;
use super::writers::{self, Writer};
use crate::live::State;

/// One doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// A stack of CloudFormation owns the document.
    OwnedByStack(String),
    /// CloudFormation has been writing it.
    WrittenByStack,
    /// Nobody knows whether a stack owns it.
    StackUnknown(String),
    /// Latest and default are two versions.
    DefaultElsewhere { latest: Version, default: Version },
    /// It is shared.
    Shared(usize),
    /// It is of another type than `Session`.
    Type(String),
    /// Something in it is below any floor.
    Defect(Defect),
    /// It names no place for recordings.
    Unrecorded,
    /// It holds what the charter's language takes for a placeholder.
    LooksFilledIn,
}

/// Every doubt about what is live.
pub(super) fn doubts(
    live: &State,
    latest: &Preferences,
    stack: &Stack,
    trail: &Trail,
) -> Vec<Doubt> {
    let described = &live.described;
    let mut doubts = Vec::new();
    let writers = match trail {
        Trail::Answered { changes, .. } => writers::writers(changes),
        Trail::Failed { .. } => Vec::new(),
    };
    match stack {
        Stack::Owner(name) => doubts.push(Doubt::OwnedByStack(name.clone())),
        Stack::None | Stack::Unknown(_) if writers.iter().any(Writer::is_cloudformation) => {
            doubts.push(Doubt::WrittenByStack);
        }
        Stack::None => {}
        Stack::Unknown(why) => doubts.push(Doubt::StackUnknown(why.clone())),
    }
    if described.default != described.latest {
        doubts.push(Doubt::DefaultElsewhere {
            latest: described.latest,
            default: described.default,
        });
    }
    if !live.shared_with.is_empty() {
        doubts.push(Doubt::Shared(live.shared_with.len()));
    }
    if described.document_type != "Session" {
        doubts.push(Doubt::Type(described.document_type.clone()));
    }
    doubts.extend(latest.defects().into_iter().take(20).map(Doubt::Defect));
    let is_recorded = ["s3BucketName", "cloudWatchLogGroupName"]
        .iter()
        .any(|field| latest.input(field).is_some());
    if !is_recorded {
        doubts.push(Doubt::Unrecorded);
    }
    if latest.to_json().contains("${") {
        doubts.push(Doubt::LooksFilledIn);
    }
    doubts
}

/// A sentence without a full stop.
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnedByStack(stack) => write!(
                f,
                "the stack `{}` of CloudFormation owns the document: take it out of the stack, or name \
                 the stack's role as an editor, or the two will undo each other's work",
                plain(stack, 130)
            ),
            Self::WrittenByStack => f.write_str(
                "CloudFormation has been writing the document: take it out of the stack, or name the \
                 stack's role as an editor, or the two will undo each other's work",
            ),
            Self::StackUnknown(why) => {
                write!(f, "nobody knows whether a stack owns the document: {}", plain(why, 300))
            }
            Self::DefaultElsewhere { latest, default } => write!(
                f,
                "the latest version is {latest} and the default one {default}; the latest is adopted, \
                 and the guard makes both say the same"
            ),
            Self::Shared(1) => f.write_str(
                "the document is shared with another account, or with everybody; the guard unshares it",
            ),
            Self::Shared(accounts) => write!(
                f,
                "the document is shared with {accounts} other accounts; the guard takes it off them"
            ),
            Self::Type(found) => write!(
                f,
                "the document is of type `{}`, so that sessions cannot use it; the guard replaces it",
                plain(found, 60)
            ),
            Self::Defect(defect) => {
                let defect = plain(&defect.to_string(), 300);
                write!(f, "no floor allows this: {defect}; put it right in the file")
            }
            Self::Unrecorded => f.write_str(
                "the document names neither a bucket nor a log group: sessions are not recorded",
            ),
            Self::LooksFilledIn => f.write_str(
                "the document holds `${`: outside shell profiles, a baseline takes what follows for one of \
                 account, region and partition",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use guard_core::facts::Described;

    use super::*;

    fn live(content: &str) -> State {
        State {
            described: Described {
                latest: Version(3),
                default: Version(3),
                hash: "x".to_owned(),
                document_type: "Session".to_owned(),
                created: None,
            },
            latest: Preferences::parse(content),
            default: None,
            shared_with: Vec::new(),
        }
    }

    const SOUND: &str = r#"{"schemaVersion":"1.0","sessionType":"Standard_Stream",
        "inputs":{"s3BucketName":"logs"}}"#;

    fn nobody() -> Trail {
        Trail::Answered {
            changes: Vec::new(),
            complete_from: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn of(live: &State, stack: &Stack) -> Vec<Doubt> {
        doubts(live, live.latest.as_ref().unwrap(), stack, &nobody())
    }

    #[test]
    fn a_sound_document_raises_no_doubt() {
        assert_eq!(of(&live(SOUND), &Stack::None), []);
    }

    #[test]
    fn everything_doubtful_is_said() {
        let mut live = live(
            r#"{"schemaVersion":"1.0","sessionType":"Port","inputs":{"kmsKeyId":"{{key}}","s3KeyPrefix":"${x}"}}"#,
        );
        live.described.default = Version(1);
        live.described.document_type = "Command".to_owned();
        live.shared_with = vec!["all".to_owned()];
        let doubts = of(&live, &Stack::Owner("base".to_owned()));
        let expected = [
            Doubt::OwnedByStack("base".to_owned()),
            Doubt::DefaultElsewhere {
                latest: Version(3),
                default: Version(1),
            },
            Doubt::Shared(1),
            Doubt::Type("Command".to_owned()),
            Doubt::Defect(Defect::Placeholder(
                guard_core::preferences::FieldPath::input("kmsKeyId"),
            )),
            Doubt::Defect(Defect::SessionType),
            Doubt::Unrecorded,
            Doubt::LooksFilledIn,
        ];
        assert_eq!(doubts, expected);
    }

    #[test]
    fn an_owner_that_cannot_be_told_is_a_doubt() {
        let unknown = Stack::Unknown("denied".to_owned());
        let doubts = of(&live(SOUND), &unknown);
        assert_eq!(doubts, [Doubt::StackUnknown("denied".to_owned())]);
    }
}
