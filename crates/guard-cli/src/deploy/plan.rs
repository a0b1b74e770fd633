//! The steps that deploy the guard to one Region, in their order.

use std::path::Path;

use guard_core::names::Region;

use super::step::{Argument, Folder, Invocation, Output, Places, Step};
use crate::program::Program;
use crate::scope::FUNCTION;

/// The stack that says where alerts go.
pub(super) const ALERTS: &str = "session-guard-alerts";
/// The stack of the function's role.
pub(super) const ROLE: &str = "session-guard-preferences-guard-role";
/// The stack of what calls the function.
pub(super) const TRIGGERS: &str = "session-guard-preferences-guard";

/// The templates, each with its stack, in the order of deployment.
pub(super) const TEMPLATES: [(&str, &str); 3] = [
    (ALERTS, "infra/alerts.yaml"),
    (ROLE, "infra/preferences-guard-role.yaml"),
    (TRIGGERS, "infra/preferences-guard.yaml"),
];

/// In seconds: a sweep may wait for twenty pages of CloudTrail's history at two a second, and then revert, with every
/// call tried three times.
const TIMEOUT: &str = "120";

/// In MiB: the work needs a tenth of it, but the share of a processor grows with it, and so does the speed of a start
/// (Lambda Developer Guide, "Configure Lambda function memory").
const MEMORY: &str = "256";

/// What differs from one deployment to another.
#[derive(Debug, Clone)]
pub(super) struct Wish<'a> {
    /// The names of the files in the package.
    pub(super) files: &'a [&'a str],
    /// Who subscribes to alerts.
    pub(super) email: Option<&'a str>,
    /// How many runs are reserved for the function.
    pub(super) reserved_concurrency: Option<u32>,
    /// An account on this machine.
    pub(super) endpoint_url: Option<&'a str>,
}

/// The steps for one Region.
pub(super) fn steps(wish: &Wish<'_>, places: &Places, region: &Region) -> Vec<Step> {
    let mut steps = Vec::new();
    for (stack, template) in TEMPLATES {
        if stack == TRIGGERS {
            // Its rules call the function, which has to be there.
            steps.push(function(wish, places));
        }
        steps.push(deploy_stack(wish, stack, &places.project.join(template)));
        match stack {
            ALERTS => steps.push(read_id(stack, "AlertTopic", Output::Topic)),
            ROLE => {
                steps.push(read_id(stack, "FunctionRole", Output::RoleName));
                steps.push(read_role());
            }
            _ => {}
        }
    }
    steps.extend(wish.reserved_concurrency.map(reserve));
    for step in &mut steps {
        address(&mut step.invocation, wish, region);
    }
    steps
}

fn deploy_stack(wish: &Wish<'_>, stack: &str, template: &Path) -> Step {
    let mut invocation = Invocation::aws(["cloudformation", "deploy", "--stack-name", stack])
        .with(["--template-file".to_owned(), template.display().to_string()])
        .with(["--no-fail-on-empty-changeset"]);
    if stack == ROLE {
        invocation = invocation.with(["--capabilities", "CAPABILITY_NAMED_IAM"]);
    }
    if let (ALERTS, Some(email)) = (stack, wish.email) {
        let parameter = format!("AlertEmail={email}");
        invocation = invocation.with(["--parameter-overrides".to_owned(), parameter]);
    }
    Step {
        name: format!("stack {stack}"),
        invocation,
        reads: None,
    }
}

/// The id of a resource: for a topic its ARN, for a role its name (CloudFormation template reference, `Ref` of both).
fn read_id(stack: &str, resource: &str, output: Output) -> Step {
    let words = ["cloudformation", "describe-stack-resource"];
    let query = "StackResourceDetail.PhysicalResourceId";
    Step {
        name: format!("{resource} of {stack}"),
        invocation: Invocation::aws(words)
            .with(["--stack-name", stack, "--logical-resource-id", resource])
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

fn function(wish: &Wish<'_>, places: &Places) -> Step {
    // Run as cargo would run it, so that no cargo is needed to find it.
    let invocation = Invocation {
        program: Program::CARGO_LAMBDA,
        arguments: vec!["lambda".into(), "deploy".into(), FUNCTION.into()],
        folder: Folder::Package,
    };
    let manifest = places.project.join("Cargo.toml");
    let includes = wish.files.iter().flat_map(|file| ["--include", file]);
    Step {
        name: format!("function {FUNCTION}"),
        invocation: invocation
            .with(["--manifest-path".to_owned(), manifest.display().to_string()])
            .with([
                "--lambda-dir".to_owned(),
                places.lambda.display().to_string(),
            ])
            .with(includes)
            .with(["--timeout", TIMEOUT, "--memory", MEMORY])
            .with([Argument::from("--role"), Argument::With("", Output::Role)])
            .with([
                Argument::from("--env-var"),
                Argument::With("SESSION_GUARD_ROLE_ARN=", Output::Role),
                Argument::from("--env-var"),
                Argument::With("SESSION_GUARD_TOPIC_ARN=", Output::Topic),
            ]),
        reads: None,
    }
}

fn reserve(runs: u32) -> Step {
    let words = [
        "lambda",
        "put-function-concurrency",
        "--function-name",
        FUNCTION,
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
