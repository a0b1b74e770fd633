//! The call that a line asks about.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::context;
use super::limit::{self, Limit};
use super::members::{Members, text, unfit};
use crate::access::{Context, Request};
use crate::policy::{Place, PolicyError, Problem};

const MEMBERS: [&str; 4] = ["principal", "action", "resource", "context"];
const KNOWN: &str = "principal, action, resource or context";

const REQUEST: &str = "an object with the members `action` and `resource`";
/// What a text must be like.
#[derive(Debug, Clone, Copy)]
struct Form {
    expected: &'static str,
    is_one: fn(&str) -> bool,
    limit: Limit,
}

const ACTION: Form = Form {
    expected: "an action such as `ssm:StartSession`, without wildcards",
    is_one: is_action,
    limit: limit::ACTION,
};
const RESOURCE: Form = Form {
    expected: "an ARN, or `*` where the action has no resource",
    is_one: is_resource,
    limit: limit::ARN,
};
const PRINCIPAL: Form = Form {
    expected: "the ARN of a user, a role, a role session, a federated user, a root user or an identity provider, or \
               the name of a service or provider such as `ec2.amazonaws.com`",
    is_one: is_principal,
    limit: limit::ARN,
};

/// A call, read.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    action: Cow<'a, str>,
    resource: Cow<'a, str>,
    principal: Option<Cow<'a, str>>,
    context: Context,
}

impl<'a> Asked<'a> {
    /// Reads `request` and `unknown` of a line.
    pub(super) fn read(line: &Members<'a>) -> Result<Self, PolicyError> {
        let root = Place::Document;
        let at = root.member("request");
        let request = line.get("request");
        let request = request.ok_or_else(|| missing(REQUEST, &at))?;
        let request = Members::of(request, REQUEST, &at)?;
        request.check(&MEMBERS, KNOWN, &at)?;
        let read = |name, form: Form| {
            let at = at.member(name);
            let value = request.get(name);
            value.map(|value| form.read(value, &at)).transpose()
        };
        let required = |name, form: Form| {
            let missing = || missing(form.expected, &at.member(name));
            read(name, form)?.ok_or_else(missing)
        };
        Ok(Self {
            action: required("action", ACTION)?,
            resource: required("resource", RESOURCE)?,
            principal: read("principal", PRINCIPAL)?,
            context: context::read(request.get("context"), line.get("unknown"))?,
        })
    }

    pub(super) fn request(&self) -> Request<'_> {
        Request {
            action: &self.action,
            resource: &self.resource,
            principal: self.principal.as_deref(),
            context: &self.context,
        }
    }
}

fn missing(expected: &'static str, at: &Place<'_>) -> PolicyError {
    at.error(Problem::Missing { expected })
}

impl Form {
    fn read<'a>(self, value: &'a RawValue, at: &Place<'_>) -> Result<Cow<'a, str>, PolicyError> {
        let text = text(value, self.expected, at)?;
        self.limit.check(&text, at)?;
        if (self.is_one)(&text) {
            Ok(text)
        } else {
            Err(unfit(value, self.expected, at))
        }
    }
}

/// `service:Name`. With a wildcard it would be many calls.
fn is_action(text: &str) -> bool {
    let is_word = |text: &str| {
        let is_part = |character: char| {
            !character.is_whitespace() && !character.is_control() && !"*?:$".contains(character)
        };
        !text.is_empty() && text.chars().all(is_part)
    };
    text.split_once(':')
        .is_some_and(|(service, name)| is_word(service) && is_word(name))
}

/// Wildcards are none here, but real ARNs have them, as of objects in a bucket.
fn is_resource(text: &str) -> bool {
    text == "*" || parts(text).is_some()
}

/// Whoever can make a call, by the forms that IAM lists as principals of a request. What is none of them would be
/// taken for nobody in particular.
fn is_principal(text: &str) -> bool {
    let Some([_, service, region, account, resource]) = parts(text) else {
        let is_word = |c: char| c.is_ascii_alphanumeric() || ".-/".contains(c);
        return !text.starts_with('.') && text.contains('.') && text.chars().all(is_word);
    };
    let is_of_account = region.is_empty() && !account.is_empty();
    let is_named = |start: &str| {
        let name = resource.strip_prefix(start);
        name.is_some_and(|name| !name.is_empty() && !name.contains('*'))
    };
    is_of_account
        && match service {
            "iam" => {
                resource == "root"
                    || ["user/", "role/", "saml-provider/", "oidc-provider/"]
                        .into_iter()
                        .any(is_named)
            }
            "sts" => {
                is_named("federated-user/")
                    || (is_named("assumed-role/") && resource.matches('/').count() == 2)
            }
            _ => false,
        }
}

/// Partition, service, Region, account and resource of an ARN.
fn parts(text: &str) -> Option<[&str; 5]> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let is_arn = next()? == "arn";
    let [partition, service, region, account, resource] =
        [next()?, next()?, next()?, next()?, next()?];
    let is_whole = !partition.is_empty() && !service.is_empty() && !resource.is_empty();
    (is_arn && is_whole).then_some([partition, service, region, account, resource])
}
