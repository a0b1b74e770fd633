//! Statements.

use super::condition::conditions;
use super::principal::principal;
use super::{Members, again, members, once, one_or_many, text, unfit, unknown};
use crate::policy::error::{PolicyError, Problem};
use crate::policy::json::Json;
use crate::policy::place::Place;
use crate::policy::template::Template;
use crate::policy::{
    ActionElement, ActionPattern, Conditions, Effect, LanguageVersion, OneOrMany, PrincipalElement,
    ResourceElement, ResourcePattern, Sense, Statement,
};

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

const KNOWN: &str =
    "Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource or Condition";

/// What has been read of a statement.
#[derive(Default)]
struct Parts {
    sid: Option<String>,
    effect: Option<Effect>,
    principal: Option<PrincipalElement>,
    action: Option<ActionElement>,
    resource: Option<ResourceElement>,
    conditions: Option<Conditions>,
}

pub(super) fn statement(
    value: &Json<'_>,
    language: LanguageVersion,
    at: &Place<'_>,
) -> Result<Statement, PolicyError> {
    let members = members(value, "a statement, which is an object", at)?;
    let parts = parts(members, language, at)?;
    let missing = |key, expected| at.member(key).error(Problem::Missing { expected });
    Ok(Statement {
        sid: parts.sid,
        effect: parts
            .effect
            .ok_or_else(|| missing("Effect", "`Allow` or `Deny`"))?,
        principal: parts.principal,
        action: parts
            .action
            .ok_or_else(|| missing("Action", "`Action` or `NotAction`"))?,
        resource: parts.resource,
        conditions: parts.conditions.unwrap_or_default(),
    })
}

fn parts(
    members: &Members<'_>,
    language: LanguageVersion,
    above: &Place<'_>,
) -> Result<Parts, PolicyError> {
    let mut parts = Parts::default();
    for (key, value) in members {
        let at = above.member(key);
        match key.as_ref() {
            "Sid" => once(&mut parts.sid, text(value, &at)?.to_owned(), &at)?,
            "Effect" => once(&mut parts.effect, effect(value, &at)?, &at)?,
            "Principal" | "NotPrincipal" => {
                let sense = sense(key);
                let earlier = parts.principal.as_ref().map(|earlier| earlier.sense);
                alone(earlier, sense, ["Principal", "NotPrincipal"], &at)?;
                parts.principal = Some(principal(value, sense, &at)?);
            }
            "Action" | "NotAction" => {
                let sense = sense(key);
                let earlier = parts.action.as_ref().map(|earlier| earlier.sense);
                alone(earlier, sense, ["Action", "NotAction"], &at)?;
                let patterns = one_or_many(value, &at, action)?;
                parts.action = Some(ActionElement { sense, patterns });
            }
            "Resource" | "NotResource" => {
                let sense = sense(key);
                let earlier = parts.resource.as_ref().map(|earlier| earlier.sense);
                alone(earlier, sense, ["Resource", "NotResource"], &at)?;
                let patterns = resources(value, language, &at)?;
                parts.resource = Some(ResourceElement { sense, patterns });
            }
            "Condition" => once(
                &mut parts.conditions,
                conditions(value, language, &at)?,
                &at,
            )?,
            _ => return Err(unknown(key, &ELEMENTS, KNOWN, &at)),
        }
    }
    Ok(parts)
}

fn sense(key: &str) -> Sense {
    if key.starts_with("Not") {
        Sense::NotListed
    } else {
        Sense::Listed
    }
}

/// Refuses an element that was there already, and one whose opposite was.
fn alone(
    earlier: Option<Sense>,
    found: Sense,
    [one, other]: [&'static str; 2],
    at: &Place<'_>,
) -> Result<(), PolicyError> {
    match earlier {
        None => Ok(()),
        Some(earlier) if earlier == found => Err(again("the element", at)),
        Some(_) => Err(at.error(Problem::Both { one, other })),
    }
}

fn effect(value: &Json<'_>, at: &Place<'_>) -> Result<Effect, PolicyError> {
    match value {
        Json::Text(text) if text == "Allow" => Ok(Effect::Allow),
        Json::Text(text) if text == "Deny" => Ok(Effect::Deny),
        _ => Err(unfit(value, "`Allow` or `Deny`", at)),
    }
}

/// `service:Name`, where the service is written out or is `*`; or `*` for everything.
fn action(value: &Json<'_>, at: &Place<'_>) -> Result<ActionPattern, PolicyError> {
    let pattern = text(value, at)?;
    let is_one = match pattern.split_once(':') {
        None => pattern == "*",
        Some((service, name)) => !name.is_empty() && (service == "*" || is_service(service)),
    };
    if is_one {
        Ok(ActionPattern::new(pattern))
    } else {
        Err(unfit(
            value,
            "an action such as `ssm:StartSession`, or `*`",
            at,
        ))
    }
}

fn is_service(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| matches!(byte, b'*' | b'?' | b'$'))
}

fn resources(
    value: &Json<'_>,
    language: LanguageVersion,
    at: &Place<'_>,
) -> Result<OneOrMany<ResourcePattern>, PolicyError> {
    one_or_many(value, at, |value, at| {
        let pattern = ResourcePattern::new(text(value, at)?);
        match (language, pattern.template()) {
            (LanguageVersion::V2012, Template::Malformed) => Err(malformed(value, at)),
            (LanguageVersion::V2012 | LanguageVersion::V2008, _) => Ok(pattern),
        }
    })
}

/// A `${` that begins no variable.
pub(super) fn malformed(value: &Json<'_>, at: &Place<'_>) -> PolicyError {
    unfit(
        value,
        "variables such as `${aws:username}` or `${aws:username, 'nobody'}`",
        at,
    )
}
