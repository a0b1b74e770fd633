//! What must be in order before anything is deployed.

use std::io::Write;
use std::path::Path;

use guard_core::names::Region;

use super::recorder::obstacles;
use super::roster::Roster;
use crate::check::Examination;
use crate::diff::{self, Difference, mandates};
use crate::error::Error;
use crate::live::Access;
use crate::paint::{BAD, HEAD, ODD, Painted};
use crate::streams::Streams;

/// Shows every Region before anything is done in one of them; answers whether any differs.
pub(super) async fn show_differences(
    access: &Access,
    found: &Examination,
    regions: &[Region],
    out: &mut dyn Write,
) -> Result<bool, Error> {
    let mut differs = false;
    writeln!(
        out,
        "{}",
        Painted(HEAD, "what is live, against the baseline")
    )?;
    for mandate in mandates(found, regions) {
        let differences: Vec<Difference> = diff::differences(access, mandate).await?;
        diff::write(mandate.scope().region.as_str(), &differences, out)?;
        differs |= !differences.is_empty();
    }
    Ok(differs)
}

/// Shows what stands in the way of the rules in every Region; answers whether they cannot do their work in one.
pub(super) fn show_obstacles(
    access: &Access,
    roster: &Roster,
    regions: &[Region],
    streams: &mut Streams<'_>,
) -> Result<bool, Error> {
    let mut is_obstructed = false;
    for region in regions {
        for obstacle in obstacles(access, region, &roster.heard(region))? {
            let kind = if obstacle.is_fatal() {
                Painted(BAD, "error:")
            } else {
                Painted(ODD, "warning:")
            };
            writeln!(streams.err, "{region}: {kind} {obstacle}")?;
            is_obstructed |= obstacle.is_fatal();
        }
    }
    Ok(is_obstructed)
}

pub(super) fn obstructed() -> String {
    format!(
        "{} nothing was deployed. Either put right what stands above,\n\
         or deploy the guard without the rules that AWS Config shows: --without-rules (make deploy WITHOUT_RULES=yes)",
        Painted(ODD, "stopped:")
    )
}

pub(super) fn stopped(charter: &Path) -> String {
    let charter = charter.display();
    format!(
        "{} nothing was deployed. Where the document is missing there is nothing to lose: overwrite.\n\
         Otherwise either take what is live for the baseline:\n  \
         session-guard adopt --region REGION --out FILE\n\
         or let the guard replace it with the baseline of `{charter}`:\n  \
         session-guard deploy --charter {charter} --overwrite    (make deploy OVERWRITE=yes)\n\
         While the charter's mode is `report`, the guard only says what it would replace.",
        Painted(ODD, "stopped:")
    )
}
