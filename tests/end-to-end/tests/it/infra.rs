//! The templates against the code.

use std::collections::BTreeSet;

use anyhow::Context;
use end_to_end::project;

/// Calls that AWS makes with the function's role, not the function: logs, and what failed every attempt.
const LAMBDAS_OWN: [&str; 3] = [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:SendMessage",
];

/// `CreateDocument` with tags needs it (Service Authorization Reference, Systems Manager, dependent actions).
const DEPENDENT: [&str; 1] = ["ssm:AddTagsToResource"];

#[test]
fn the_role_grants_exactly_the_calls_that_the_adapters_make() -> anyhow::Result<()> {
    let template = std::fs::read_to_string(project().join("infra/preferences-guard-role.yaml"))?;
    let policies = template
        .split("Policies:")
        .nth(1)
        .context("the role has no policies")?;
    let granted: BTreeSet<_> = policies.lines().filter_map(action).collect();
    let made: BTreeSet<_> = guard_aws::account::Account::actions()
        .chain(LAMBDAS_OWN)
        .chain(DEPENDENT)
        .collect();
    assert_eq!(granted, made);
    Ok(())
}

/// The action on a line: `- ssm:GetDocument`, or `Action: ssm:GetDocument`.
fn action(line: &str) -> Option<&str> {
    let line = line.trim();
    let value = line
        .strip_prefix("- ")
        .or_else(|| line.strip_prefix("Action: "))?;
    let (service, call) = value.split_once(':')?;
    let is_action = service.bytes().all(|b| b.is_ascii_lowercase())
        && call.bytes().all(|b| b.is_ascii_alphabetic());
    (is_action && !call.is_empty()).then_some(value)
}

#[test]
fn every_statement_but_lambdas_own_holds_for_the_function_alone() -> anyhow::Result<()> {
    let template = std::fs::read_to_string(project().join("infra/preferences-guard-role.yaml"))?;
    let policies = template.split("Policies:").nth(1).context("no policies")?;
    let statements: Vec<_> = policies.split("- Sid: ").skip(1).collect();
    assert!(statements.len() > 5, "{}", statements.len());
    for statement in statements {
        let sid = statement.lines().next().unwrap_or_default();
        let is_bound = statement.contains("lambda:SourceFunctionArn: !Sub");
        assert_eq!(is_bound, sid != "KeepFailedEvents", "{sid}");
        assert!(statement.contains("Effect: Allow"), "{sid}");
    }
    Ok(())
}

#[test]
fn every_rule_alone_may_invoke_the_function_and_from_this_account_alone() -> anyhow::Result<()> {
    let template = std::fs::read_to_string(project().join("infra/preferences-guard.yaml"))?;
    let permissions: Vec<_> = template
        .split("Type: AWS::Lambda::Permission")
        .skip(1)
        .collect();
    assert_eq!(permissions.len(), 3);
    for permission in permissions {
        let permission = permission.split("Type: AWS::").next().unwrap_or_default();
        for condition in [
            "Principal: events.amazonaws.com",
            "SourceAccount: !Ref AWS::AccountId",
            "SourceArn: !GetAtt ",
        ] {
            assert!(permission.contains(condition), "{condition}: {permission}");
        }
    }
    Ok(())
}

#[test]
fn no_permission_is_given_on_all_resources_but_the_one_that_knows_none() -> anyhow::Result<()> {
    let template = std::fs::read_to_string(project().join("infra/preferences-guard-role.yaml"))?;
    let wide: Vec<_> = template
        .lines()
        .filter(|line| line.contains("Resource: \"*\""))
        .collect();
    assert_eq!(
        wide.len(),
        1,
        "only cloudtrail:LookupEvents has no narrower resource"
    );
    Ok(())
}
