//! Principals.

use super::{again, members, one_or_many, text, unknown};
use crate::policy::error::PolicyError;
use crate::policy::json::Json;
use crate::policy::place::Place;
use crate::policy::{PrincipalElement, PrincipalEntry, PrincipalKind, Principals, Sense};

const EXPECTED: &str = "`*`, or an object with principals by type";

pub(super) fn principal(
    value: &Json<'_>,
    sense: Sense,
    at: &Place<'_>,
) -> Result<PrincipalElement, PolicyError> {
    let who = match value {
        Json::Text(text) if text == "*" => Principals::Everybody,
        _ => Principals::Listed(entries(value, at)?),
    };
    Ok(PrincipalElement { sense, who })
}

fn entries(value: &Json<'_>, above: &Place<'_>) -> Result<Vec<PrincipalEntry>, PolicyError> {
    let mut entries: Vec<PrincipalEntry> = Vec::new();
    for (key, value) in members(value, EXPECTED, above)? {
        let at = above.member(key);
        let mut kinds = PrincipalKind::ALL.into_iter();
        let Some(kind) = kinds.find(|kind| kind.as_str() == key) else {
            let known = PrincipalKind::ALL.map(PrincipalKind::as_str);
            return Err(unknown(
                key,
                &known,
                "AWS, Service, Federated or CanonicalUser",
                &at,
            ));
        };
        if entries.iter().any(|earlier| earlier.kind == kind) {
            return Err(again("the type", &at));
        }
        let names = one_or_many(value, &at, |value, at| text(value, at).map(str::to_owned))?;
        entries.push(PrincipalEntry { kind, names });
    }
    Ok(entries)
}
