//! One sentence for each reason.

use jiff::SignedDuration;

use crate::approvals::Ignored;
use crate::charter::NearMiss;
use crate::floor::Violation;
use crate::judge::{Reason, Refusal};
use crate::names::Version;
use crate::preferences::FieldPath;

use super::{plain, some_of};

/// The sentence for one reason, without a full stop.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each reason is easier to read than any division of them"
)]
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::CallFailed { code } => format!(
            "the call failed with `{}` and changed nothing",
            plain(code, 60)
        ),
        Reason::NotAnEditor { near } => not_an_editor(near),
        Reason::IsEditor { name, reason } => {
            format!(
                "the charter lets {} change preferences: {}",
                plain(name, 150),
                plain(reason, 200)
            )
        }
        Reason::IsGuard => "the call was made by the guard's own role".to_owned(),
        Reason::Missing => "the document is missing, so sessions run unrecorded".to_owned(),
        Reason::AwaitsReplacement => {
            "an editor has just deleted the document, most likely to create it again; \
             the next sweep creates it if nobody does"
                .to_owned()
        }
        Reason::WrongType { found } => format!(
            "the document is of type `{}`, not Session",
            plain(found, 60)
        ),
        Reason::Shared { with } => format!("the document is shared with {}", some_of(with)),
        Reason::ApprovalsIgnored(why) => ignored(why),
        Reason::RevertWar { reverts } => format!(
            "{reverts} reverts in the last ten minutes: somebody, often a tool, keeps writing the document; \
             what keeps the floor is left to the next sweep"
        ),
        Reason::TrailFailed { why } => {
            format!(
                "CloudTrail's event history did not answer ({}); it is asked again",
                plain(why, 300)
            )
        }
        Reason::VersionLimit => "the document has as many versions as it may have".to_owned(),
        Reason::HoldsApproved { version } => {
            format!("version {version} holds the approved content")
        }
        Reason::BelowFloor {
            version,
            violations,
        } => {
            format!("version {version} is below the floor: {}", list(violations))
        }
        Reason::Unreadable { version, error } => {
            // The reader's message can quote what it read.
            format!(
                "version {version} cannot be read: {}",
                plain(&error.to_string(), 300)
            )
        }
        Reason::StrangersVersion { version, by } => {
            format!(
                "version {version} was written by {}, who is no editor",
                plain(by, 200)
            )
        }
        Reason::OwnButWrong { version } => {
            format!(
                "version {version} was written with the guard's own role and is not the approved content"
            )
        }
        Reason::Pending { version } => format!(
            "version {version} keeps the floor and is left alone; it is approved once CloudTrail's own record confirms it"
        ),
        Reason::Waiting { version } => {
            format!(
                "version {version} keeps the floor and its author is not known yet; its own event or a sweep decides"
            )
        }
        Reason::NeverKnown { version } => {
            format!(
                "CloudTrail does not know who wrote version {version} after 30 minutes, so it is a stranger's"
            )
        }
        Reason::Buried { version } => format!(
            "CloudTrail's event history holds more about the time of version {version} than can be read, \
             and 30 minutes have passed, so the version is a stranger's until its record is found"
        ),
        Reason::Outdated { version } => {
            format!(
                "version {version} was written before what is approved now was approved, or before the guard was deployed"
            )
        }
        Reason::Unapproved { version } => {
            format!(
                "version {version} is not the approved content, and no newer change explains it"
            )
        }
        Reason::Overtaken { version, open_for } => overtaken(*version, *open_for),
        Reason::DefaultMoved { default, latest } => {
            format!(
                "the default version is {default} and the latest is {latest}; both must hold the approved content"
            )
        }
        Reason::DefaultLags { default, latest } => {
            format!(
                "the default version {default} holds what was approved before; version {latest} takes its place"
            )
        }
        Reason::Approved {
            version,
            by,
            event_id,
        } => {
            format!(
                "version {version} by {} is approved now, confirmed by CloudTrail's record {event_id}",
                plain(by, 200)
            )
        }
        Reason::Refused { version, by, why } => {
            format!(
                "version {version} by {} is not approved: {}",
                plain(by, 200),
                refusal(why)
            )
        }
        Reason::Inherited { version, fields } => inherited(*version, fields),
    }
}

fn overtaken(version: Option<Version>, open_for: Option<SignedDuration>) -> String {
    let span = open_for.map_or_else(String::new, |span| {
        format!(" after at most {} s", span.as_secs())
    });
    match version {
        Some(version) => format!(
            "version {version} of this change is no longer the latest{span}; sessions may have started under it"
        ),
        None => format!(
            "the document has been created again{span}; sessions may have started without it"
        ),
    }
}

fn inherited(version: Version, fields: &[FieldPath]) -> String {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| field.as_str().to_owned())
        .collect();
    format!(
        "version {version} took over values that were never approved: {}",
        some_of(&fields)
    )
}

fn not_an_editor(near: &[NearMiss]) -> String {
    if near.is_empty() {
        return "the charter names no such editor".to_owned();
    }
    // What an event says of the service and of ids may be anything.
    let near: Vec<_> = near
        .iter()
        .map(|near| plain(&near.to_string(), 500))
        .collect();
    format!("the charter names the author, but {}", near.join("; "))
}

fn ignored(ignored: &Ignored) -> String {
    let what = "the parameter of the approved content";
    match ignored {
        Ignored::Foreign { by } if by.is_empty() => {
            format!("{what} was written by nobody knows whom; that is ignored")
        }
        Ignored::Foreign { by } => {
            format!(
                "{what} was written by {}, not by the guard; that is ignored",
                plain(by, 200)
            )
        }
        Ignored::Unreadable => format!("{what} cannot be read; it is ignored"),
        Ignored::OtherBaseline => {
            format!("{what} departed from another baseline; the deployment has voided it")
        }
        Ignored::EditorNoLonger => {
            format!("{what} holds a change whose author is no editor any more; it is ignored")
        }
        Ignored::BelowFloor => {
            format!("{what} holds a content below the present floor; it is ignored")
        }
    }
}

fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::BelowFloor(violations) => format!("it is below the floor: {}", list(violations)),
        Refusal::Unreadable(error) => {
            format!("it cannot be read: {}", plain(&error.to_string(), 300))
        }
        Refusal::Gone => "it is gone".to_owned(),
        Refusal::TooLarge { bytes } => {
            format!(
                "kept as a parameter it would need {bytes} bytes of at most 8192; shorten the shell profiles"
            )
        }
    }
}

/// Violations, of which a hostile document can have thousands.
fn list(violations: &[Violation]) -> String {
    let shown: Vec<_> = violations
        .iter()
        .take(10)
        .map(|violation| plain(&violation.to_string(), 300))
        .collect();
    let more = violations.len().saturating_sub(shown.len());
    let list = shown.join("; ");
    if more == 0 {
        list
    } else {
        format!("{list}; and {more} more")
    }
}
