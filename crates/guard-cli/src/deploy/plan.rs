//! The steps that deploy the guard and the rules to one Region, in their order.

use std::collections::BTreeSet;

use guard_core::charter::{Charter, Enforcement, Forbidden, Mode};
use guard_core::names::Region;

use super::function::{ALERTS, Alerts, Function, GUARD, MIGRATION, POLICY_GUARD, Stack};
use super::roster::Roster;
use super::step::{Argument, Folder, Invocation, Output, Places, Step};
use crate::program::Program;

/// What differs from one deployment to another.
#[derive(Debug, Clone)]
pub(super) struct Wish<'a> {
    /// The names of the files in the package.
    pub(super) files: &'a [&'a str],
    /// Who subscribes to alerts.
    pub(super) email: Option<&'a str>,
    /// How many runs are reserved for the guard.
    pub(super) reserved_concurrency: Option<u32>,
    /// An account on this machine.
    pub(super) endpoint_url: Option<&'a str>,
    /// Which functions go where.
    pub(super) roster: &'a Roster,
    /// What the functions that change who carries what may do.
    pub(super) powers: &'a Powers,
}

/// What the functions that change who carries what may do, as parameters of their templates.
///
/// Each parameter is always stated: one that is left out would keep what an earlier deployment said.
#[derive(Debug, Default)]
pub(super) struct Powers {
    /// Of the guard's role: what is only reported is not detached, and what is not used is not attached.
    guard: Vec<String>,
    /// Of the remediation's role: a person may have migrated what the guard only reports.
    migration: Vec<String>,
    /// Of the remediation: whether AWS Config asks nobody.
    remediation: Vec<String>,
}

impl Powers {
    /// None at all while the charter's mode is to report.
    pub(super) fn of(charter: &Charter) -> Self {
        let is_acting = match charter.mode() {
            Mode::Revert => true,
            Mode::Report => false,
        };
        let entries = || charter.forbidden().iter().filter(|_| is_acting);
        let by_guard = entries().filter(|entry| entry.enforcement != Enforcement::Report);
        let is_replaced = |entry: &&Forbidden| entry.enforcement == Enforcement::Replace;
        let is_automatic = charter.is_remedied_automatically();
        Self {
            guard: policies(by_guard.clone(), by_guard.filter(is_replaced)),
            migration: policies(entries(), entries()),
            remediation: vec![format!("Automatic={is_automatic}")],
        }
    }

    fn of_role(&self, function: &Function) -> &[String] {
        if function.name == POLICY_GUARD.name {
            &self.guard
        } else if function.name == MIGRATION.name {
            &self.migration
        } else {
            &[]
        }
    }

    fn of_triggers(&self, function: &Function) -> &[String] {
        if function.name == MIGRATION.name {
            &self.remediation
        } else {
            &[]
        }
    }
}

/// The parameters for what is taken off, and for the successors of what is replaced.
fn policies<'c>(
    leaving: impl Iterator<Item = &'c Forbidden>,
    replaced: impl Iterator<Item = &'c Forbidden>,
) -> Vec<String> {
    let forbidden: BTreeSet<&str> = leaving.map(|entry| entry.policy.as_str()).collect();
    let successors = replaced.flat_map(|entry| {
        let used = entry.successors.iter();
        used.filter(|successor| successor.is_used(&entry.agent_uses))
    });
    let successors: BTreeSet<&str> = successors.map(|it| it.policy.as_str()).collect();
    let listed = |policies: BTreeSet<&str>| policies.into_iter().collect::<Vec<_>>().join(",");
    vec![
        format!("ForbiddenPolicies={}", listed(forbidden)),
        format!("SuccessorPolicies={}", listed(successors)),
    ]
}

/// The steps for one Region.
pub(super) fn steps(wish: &Wish<'_>, places: &Places, region: &Region) -> Vec<Step> {
    let email = wish.email.map(|address| format!("AlertEmail={address}"));
    let mut steps = vec![
        deploy_stack(ALERTS, email.as_slice(), places),
        read_id(ALERTS, "AlertTopic", Output::Topic),
    ];
    for function in wish.roster.functions(region) {
        steps.extend(function_steps(&function, wish, places));
    }
    for step in &mut steps {
        address(&mut step.invocation, wish, region);
    }
    steps
}

/// Its role, itself, and then what calls it.
fn function_steps(function: &Function, wish: &Wish<'_>, places: &Places) -> Vec<Step> {
    let Function { role, triggers, .. } = *function;
    let deploy_role = with_roles(deploy_stack(role, wish.powers.of_role(function), places));
    let mut deploy_triggers = deploy_stack(triggers, wish.powers.of_triggers(function), places);
    if function.name == MIGRATION.name {
        deploy_triggers = with_roles(deploy_triggers);
    }
    let mut steps = vec![
        deploy_role,
        read_id(role, "FunctionRole", Output::RoleName),
        read_role(),
        deploy_function(function, wish, places),
        deploy_triggers,
    ];
    if function.name == GUARD.name {
        steps.extend(wish.reserved_concurrency.map(reserve));
    }
    steps
}

/// The step of a stack that makes roles, which has to be said.
fn with_roles(mut step: Step) -> Step {
    step.invocation = step
        .invocation
        .with(["--capabilities", "CAPABILITY_NAMED_IAM"]);
    step
}

fn deploy_stack(stack: Stack, parameters: &[String], places: &Places) -> Step {
    let template = places.project.join(stack.template).display().to_string();
    let mut invocation = Invocation::aws(["cloudformation", "deploy", "--stack-name", stack.name])
        .with(["--template-file".to_owned(), template])
        .with(["--no-fail-on-empty-changeset"]);
    let own = stack.parameter.map(str::to_owned);
    let parameters: Vec<String> = own.into_iter().chain(parameters.iter().cloned()).collect();
    if !parameters.is_empty() {
        invocation = invocation.with(["--parameter-overrides"]).with(parameters);
    }
    Step {
        name: format!("stack {}", stack.name),
        invocation,
        reads: None,
    }
}

/// The id of a resource: for a topic its ARN, for a role its name (CloudFormation template reference, `Ref` of both).
fn read_id(stack: Stack, resource: &str, output: Output) -> Step {
    let words = ["cloudformation", "describe-stack-resource"];
    let query = "StackResourceDetail.PhysicalResourceId";
    Step {
        name: format!("{resource} of {}", stack.name),
        invocation: Invocation::aws(words)
            .with([
                "--stack-name",
                stack.name,
                "--logical-resource-id",
                resource,
            ])
            .with(["--query", query, "--output", "text"]),
        reads: Some(output),
    }
}

fn read_role() -> Step {
    Step {
        name: "ARN of the role".to_owned(),
        invocation: Invocation::aws(["iam", "get-role", "--role-name"])
            .with([Argument::With("", Output::RoleName)])
            .with(["--query", "Role.Arn", "--output", "text"]),
        reads: Some(Output::Role),
    }
}

fn deploy_function(function: &Function, wish: &Wish<'_>, places: &Places) -> Step {
    let Function {
        name,
        binary,
        timeout,
        memory,
        ..
    } = *function;
    // Run as cargo would run it, so that no cargo is needed to find it.
    let mut invocation = Invocation {
        program: Program::CARGO_LAMBDA,
        arguments: vec!["lambda".into(), "deploy".into(), name.into()],
        folder: Folder::Package,
    };
    if binary != name {
        invocation = invocation.with(["--binary-name", binary]);
    }
    let manifest = places.project.join("Cargo.toml").display().to_string();
    let lambda = places.lambda.display().to_string();
    let includes = wish.files.iter().flat_map(|file| ["--include", file]);
    Step {
        name: format!("function {name}"),
        invocation: invocation
            .with(["--manifest-path".to_owned(), manifest])
            .with(["--lambda-dir".to_owned(), lambda])
            .with(includes)
            .with(["--timeout", timeout, "--memory", memory])
            .with([Argument::from("--role"), Argument::With("", Output::Role)])
            .with(variables(function)),
        reads: None,
    }
}

/// The environment.
fn variables(function: &Function) -> impl Iterator<Item = Argument> {
    let role = Argument::With("SESSION_GUARD_ROLE_ARN=", Output::Role);
    let topic = match function.alerts {
        Alerts::Sent => Some(Argument::With("SESSION_GUARD_TOPIC_ARN=", Output::Topic)),
        Alerts::None => None,
    };
    let variables = std::iter::once(role).chain(topic);
    variables.flat_map(|variable| [Argument::from("--env-var"), variable])
}

fn reserve(runs: u32) -> Step {
    let words = [
        "lambda",
        "put-function-concurrency",
        "--function-name",
        GUARD.name,
    ];
    Step {
        name: format!("reserved concurrency {runs}"),
        invocation: Invocation::aws(words).with([
            "--reserved-concurrent-executions".to_owned(),
            runs.to_string(),
        ]),
        reads: None,
    }
}

fn address(invocation: &mut Invocation, wish: &Wish<'_>, region: &Region) {
    let endpoint = wish.endpoint_url.into_iter();
    let endpoint = endpoint.flat_map(|url| ["--endpoint-url", url]);
    let words = ["--region", region.as_str()].into_iter().chain(endpoint);
    invocation.arguments.extend(words.map(Argument::from));
}
