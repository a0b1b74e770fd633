//! The templates against the code.

use std::collections::BTreeSet;

use anyhow::Context;
use end_to_end::{RULES, project};
use guard_aws::account::Account;
use guard_aws::policies::Policies;
use guard_aws::remediation::Remediation;
use guard_aws::rules::{BearersRule, PreferencesRule};
use guard_core::mandate::GUARD_FUNCTION;
use guard_core::rules::RuleId;

/// Calls that AWS makes with a function's role, not the function: its log.
const LOGGING: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// The same, for a function that nobody waits for: what failed every attempt.
const KEEPING: [&str; 1] = ["sqs:SendMessage"];

/// `CreateDocument` with tags needs it (Service Authorization Reference, Systems Manager, dependent actions).
const DEPENDENT: [&str; 1] = ["ssm:AddTagsToResource"];

/// The templates of roles.
const ROLES: [&str; 5] = [
    "preferences-guard-role.yaml",
    "role-policy-guard-role.yaml",
    "role-migration-role.yaml",
    "preferences-rule-role.yaml",
    "access-rule-role.yaml",
];

/// What is called on all resources, since AWS knows none for it, and is granted on none narrower.
const ON_EVERYTHING: [&str; 5] = [
    "cloudtrail:LookupEvents",
    "config:GetResourceConfigHistory",
    "config:PutEvaluations",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetServiceLastAccessedDetails",
];

/// A template's text behind the one place where `mark` stands.
fn behind(template: &str, mark: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(project().join("infra").join(template))?;
    let (_, behind) = text
        .split_once(mark)
        .with_context(|| format!("`{template}` has no `{mark}`"))?;
    Ok(behind.to_owned())
}

/// The statements of a role, each from its Sid on.
fn statements(template: &str) -> anyhow::Result<Vec<String>> {
    let policies = behind(template, "\n      Policies:\n")?;
    let statements: Vec<_> = policies
        .split("- Sid: ")
        .skip(1)
        .map(str::to_owned)
        .collect();
    anyhow::ensure!(
        statements.len() >= 4,
        "`{template}` has {} statements",
        statements.len()
    );
    Ok(statements)
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

fn granted(statement: &str) -> BTreeSet<&str> {
    statement.lines().filter_map(action).collect()
}

/// A role grants the calls that the adapters make, and Lambda's own; nothing is missing, and nothing more is there.
fn check(template: &str, made: impl Iterator<Item = &'static str>) -> anyhow::Result<()> {
    let statements = statements(template)?;
    let granted: BTreeSet<_> = statements.iter().flat_map(|it| granted(it)).collect();
    let made: BTreeSet<_> = made.chain(LOGGING).collect();
    assert_eq!(granted, made, "{template}");
    Ok(())
}

#[test]
fn each_role_grants_exactly_the_calls_that_its_functions_adapters_make() -> anyhow::Result<()> {
    let guard = Account::actions().chain(DEPENDENT).chain(KEEPING);
    check("preferences-guard-role.yaml", guard)?;
    let policy_guard = Policies::actions().chain(KEEPING);
    check("role-policy-guard-role.yaml", policy_guard)?;
    check("role-migration-role.yaml", Remediation::actions())?;
    let preferences = PreferencesRule::actions().chain(KEEPING);
    check("preferences-rule-role.yaml", preferences)?;
    check(
        "access-rule-role.yaml",
        BearersRule::actions().chain(KEEPING),
    )
}

#[test]
fn rules_are_deployed_under_the_names_by_which_they_know_themselves() -> anyhow::Result<()> {
    assert_eq!(RuleId::ALL.map(RuleId::function_name), RULES);
    let parameters = behind("config-rule.yaml", "AllowedValues:\n")?;
    let ids = parameters
        .lines()
        .map_while(|line| line.trim().strip_prefix("- "));
    assert!(ids.eq(RuleId::ALL.map(RuleId::as_str)), "config-rule.yaml");
    Ok(())
}

/// The rule on the preferences believes what the guard keeps by the name of the guard's role.
#[test]
fn the_guard_is_deployed_under_the_name_by_which_others_know_it() -> anyhow::Result<()> {
    for template in ["preferences-guard-role.yaml", "preferences-guard.yaml"] {
        let parameter = behind(template, "  FunctionName:\n")?;
        let default = parameter.lines().nth(1).unwrap_or_default().trim();
        assert_eq!(default, format!("Default: {GUARD_FUNCTION}"), "{template}");
    }
    let role = behind("preferences-guard-role.yaml", "RoleName: ")?;
    let name = role.lines().next().unwrap_or_default();
    assert_eq!(name, "!Sub session-guard-${FunctionName}-${AWS::Region}");
    Ok(())
}

#[test]
fn every_statement_but_lambdas_own_holds_for_the_function_alone() -> anyhow::Result<()> {
    for template in ROLES {
        for statement in statements(template)? {
            let sid = statement.lines().next().unwrap_or_default();
            let is_bound = statement.contains("ArnEquals:\n")
                && statement.contains("lambda:SourceFunctionArn: !Sub");
            assert_eq!(is_bound, sid != "KeepFailedEvents", "{template}: {sid}");
            assert!(statement.contains("Effect: Allow"), "{template}: {sid}");
        }
    }
    Ok(())
}

#[test]
fn only_calls_without_resources_are_granted_on_everything() -> anyhow::Result<()> {
    for template in ROLES {
        for statement in statements(template)? {
            let is_wide = statement.contains("Resource: \"*\"");
            for action in granted(&statement) {
                assert_eq!(
                    is_wide,
                    ON_EVERYTHING.contains(&action),
                    "{template}: {action}"
                );
            }
        }
    }
    Ok(())
}

/// The permissions of a template, each up to the next resource.
fn permissions(template: &str) -> anyhow::Result<Vec<String>> {
    let resources = behind(template, "Resources:")?;
    let permissions = resources.split("Type: AWS::Lambda::Permission").skip(1);
    Ok(permissions
        .map(|it| {
            it.split("Type: AWS::")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect())
}

/// Successors are attached, and forbidden policies detached, and no others.
#[test]
fn what_may_be_attached_and_detached_is_what_the_charter_names() -> anyhow::Result<()> {
    let mut bound = 0;
    let mut all = statements("role-policy-guard-role.yaml")?;
    all.extend(statements("role-migration-role.yaml")?);
    for statement in all {
        for action in granted(&statement) {
            let list = match action {
                "iam:AttachRolePolicy" => "SuccessorPolicies",
                _ if action.starts_with("iam:Detach") => "ForbiddenPolicies",
                _ => continue,
            };
            let condition = format!("iam:PolicyARN: !Ref {list}");
            assert!(statement.contains(&condition), "{action}: {statement}");
            bound += 1;
        }
    }
    assert_eq!(bound, 8);
    Ok(())
}

#[test]
fn every_schedule_and_pattern_alone_may_invoke_a_guard_and_from_this_account_alone()
-> anyhow::Result<()> {
    let mut all = permissions("preferences-guard.yaml")?;
    all.extend(permissions("role-policy-guard.yaml")?);
    assert_eq!(all.len(), 4);
    for permission in all {
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
fn config_alone_may_invoke_a_rule_and_for_this_account_alone() -> anyhow::Result<()> {
    let permissions = permissions("config-rule.yaml")?;
    let [permission] = permissions.as_slice() else {
        anyhow::bail!("{} permissions", permissions.len());
    };
    for condition in [
        "Principal: config.amazonaws.com",
        "SourceAccount: !Ref AWS::AccountId",
    ] {
        assert!(permission.contains(condition), "{condition}: {permission}");
    }
    Ok(())
}

#[test]
fn a_rule_hears_of_changes_of_large_ones_and_of_the_time() -> anyhow::Result<()> {
    let rule = behind("config-rule.yaml", "Type: AWS::Config::ConfigRule")?;
    let types: Vec<_> = rule
        .lines()
        .filter_map(|line| line.trim().strip_prefix("MessageType: "))
        .collect();
    assert_eq!(
        types,
        [
            "ConfigurationItemChangeNotification",
            "OversizedConfigurationItemChangeNotification",
            "ScheduledNotification",
        ]
    );
    Ok(())
}

/// Whoever may start the runbook gets nothing by it but a call of the function.
#[test]
fn the_runbook_calls_one_function_under_its_own_role_and_no_other() -> anyhow::Result<()> {
    let role = behind("role-migration.yaml", "\n  RunbookRole:\n")?;
    let (role, runbook) = role
        .split_once("\n  Runbook:\n")
        .context("there is no runbook behind its role")?;
    assert_eq!(
        granted(role),
        BTreeSet::from(["lambda:InvokeFunction", "sts:AssumeRole"])
    );
    for condition in [
        "Service: ssm.amazonaws.com",
        "aws:SourceAccount: !Ref AWS::AccountId",
        "automation-execution/*",
        "Resource: !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}",
    ] {
        assert!(role.contains(condition), "{condition}: {role}");
    }
    assert!(
        runbook.contains("allowedPattern: !Sub ^${RunbookRole.Arn}$"),
        "{runbook}"
    );
    Ok(())
}
