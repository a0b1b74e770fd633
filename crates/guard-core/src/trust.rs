//! Whether a role is one of instances: whether EC2, or Systems Manager for machines elsewhere, may assume it.

use crate::access::Context;
use crate::access::condition;
use crate::access::statement::is_about;
use crate::access::truth::Truth;
use crate::inventory::Document;
use crate::names::{Region, Scope};
use crate::policy::{
    Effect, PolicyDocument, PrincipalElement, PrincipalEntry, PrincipalKind, Principals, Sense,
    Statement,
};

/// Whether instances may assume a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assumable {
    /// They may.
    Yes,
    /// They may not.
    No,
    /// That is not known: it may be either.
    Unknown {
        /// Why, as a fragment.
        why: String,
    },
}

/// The services that hand a role to instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Ec2,
    SystemsManager,
}

/// Whether instances of the account may assume a role with this trust policy, in any of the Regions.
///
/// A service is known by its exact name as a principal of the type `Service`. Whether `*` and what a `NotPrincipal`
/// leaves out take services in, AWS does not say: unknown.
pub fn by_instances(trust: Option<&Document>, scope: &Scope, regions: &[Region]) -> Assumable {
    let document = match trust {
        None => return Assumable::No,
        Some(Document::Unknown(why)) => {
            let why = format!("its trust policy is not known: {why}");
            return Assumable::Unknown { why };
        }
        Some(Document::Known(document)) => document,
    };
    match in_regions(document, scope, regions) {
        Assumable::No => by_named_nodes(document, scope),
        answer @ (Assumable::Yes | Assumable::Unknown { .. }) => answer,
    }
}

/// A node of the account that the policy itself names, in a Region that the charter does not, may be one that works:
/// whether it counts, nobody knows.
fn by_named_nodes(document: &PolicyDocument, scope: &Scope) -> Assumable {
    let conditions = document
        .statements
        .iter()
        .flat_map(|it| it.conditions.iter());
    let named = conditions
        .filter(|it| it.key().eq_ignore_ascii_case("aws:SourceArn"))
        .flat_map(|it| it.values().iter());
    let here = |node: &String| {
        let mut parts = node.split(':').skip(2);
        parts.next() == Some("ssm") && parts.nth(1) == Some(scope.account.as_str())
    };
    let nodes = named.map(|value| value.text().replace(['*', '?'], "x"));
    for node in nodes.filter(here) {
        let mut context = of_service();
        context
            .set("aws:SourceAccount", scope.account.as_str())
            .set("aws:SourceArn", node.as_str());
        let may = |name: &&str| ask(document, name, &context) != Assumable::No;
        if names(Service::SystemsManager, scope).iter().any(may) {
            let why = format!(
                "nodes such as `{}` may assume it, and the charter names no Region of theirs",
                node.escape_debug()
            );
            return Assumable::Unknown { why };
        }
    }
    Assumable::No
}

fn in_regions(document: &PolicyDocument, scope: &Scope, regions: &[Region]) -> Assumable {
    let mut answer = Assumable::No;
    for service in [Service::Ec2, Service::SystemsManager] {
        for region in regions {
            let context = context(service, scope, region);
            for name in names(service, scope) {
                match ask(document, name, &context) {
                    Assumable::Yes => return Assumable::Yes,
                    Assumable::No => {}
                    unknown @ Assumable::Unknown { .. } => answer = unknown,
                }
            }
        }
    }
    answer
}

/// In China services go by a name of their own or by the common one (IAM user guide, "AWS service principals").
fn names(service: Service, scope: &Scope) -> &'static [&'static str] {
    let is_china = scope.partition.as_str() == "aws-cn";
    match (service, is_china) {
        (Service::Ec2, false) => &["ec2.amazonaws.com"],
        (Service::Ec2, true) => &["ec2.amazonaws.com.cn", "ec2.amazonaws.com"],
        (Service::SystemsManager, false) => &["ssm.amazonaws.com"],
        (Service::SystemsManager, true) => &["ssm.amazonaws.com.cn", "ssm.amazonaws.com"],
    }
}

/// What is known of the request by which the service assumes the role. Systems Manager says for which account and node
/// it does (Systems Manager user guide, "Create the IAM service role required for Systems Manager in hybrid and
/// multicloud environments"); a service shows no second factor and knows no external id.
fn context(service: Service, scope: &Scope, region: &Region) -> Context {
    let Scope {
        partition, account, ..
    } = scope;
    let mut context = of_service();
    match service {
        Service::Ec2 => {}
        Service::SystemsManager => {
            let node = "managed-instance/mi-0123456789abcdef0";
            context.set("aws:SourceAccount", account.as_str()).set(
                "aws:SourceArn",
                format!("arn:{partition}:ssm:{region}:{account}:{node}"),
            );
        }
    }
    context
}

/// What no service has.
fn of_service() -> Context {
    let mut context = Context::unknown();
    context
        .set_absent("sts:ExternalId")
        .set_absent("aws:MultiFactorAuthPresent")
        .set_absent("aws:MultiFactorAuthAge");
    context
}

fn ask(document: &PolicyDocument, name: &str, context: &Context) -> Assumable {
    let language = document.language();
    let (mut allowed, mut denied) = (Truth::False, Truth::False);
    for statement in document
        .statements
        .iter()
        .filter(|it| is_about(&it.action, "sts:AssumeRole"))
    {
        let conditions = statement.conditions.iter();
        let holds = Truth::all(conditions.map(|it| condition::holds(it, language, context)));
        let truth = names_service(statement, name).and(holds);
        match statement.effect {
            Effect::Allow => allowed = allowed.or(truth),
            Effect::Deny => denied = denied.or(truth),
        }
    }
    match allowed.and(denied.not()) {
        Truth::True => Assumable::Yes,
        Truth::False => Assumable::No,
        Truth::Unknown(mut on) => {
            on.sort_unstable();
            on.dedup();
            let why = format!(
                "whether instances may assume it depends on {}",
                on.join(", ")
            );
            Assumable::Unknown { why }
        }
    }
}

fn names_service<'a>(statement: &'a Statement, name: &str) -> Truth<'a> {
    let Some(PrincipalElement { sense, who }) = &statement.principal else {
        return Truth::False;
    };
    let entries = match who {
        Principals::Everybody => return everybody(*sense),
        Principals::Listed(entries) => entries,
    };
    let is_listed = of_kind(entries, PrincipalKind::Service).any(|listed| listed == name);
    let is_everybody = of_kind(entries, PrincipalKind::Aws).any(|listed| listed == "*");
    match (sense, is_listed, is_everybody) {
        (Sense::Listed, true, _) => Truth::True,
        (Sense::Listed, false, false) | (Sense::NotListed, true, _) => Truth::False,
        (Sense::Listed | Sense::NotListed, false, true) => everybody(*sense),
        (Sense::NotListed, false, false) => Truth::on("NotPrincipal"),
    }
}

fn everybody(sense: Sense) -> Truth<'static> {
    Truth::on(match sense {
        Sense::Listed => "Principal *",
        Sense::NotListed => "NotPrincipal *",
    })
}

fn of_kind(entries: &[PrincipalEntry], kind: PrincipalKind) -> impl Iterator<Item = &str> {
    let entries = entries.iter().filter(move |entry| entry.kind == kind);
    entries.flat_map(|entry| &entry.names).map(String::as_str)
}

#[cfg(test)]
mod tests;
