//! What can be deployed: each function with the stack before it and the stack behind it.

use crate::scope;

/// A stack and the template that it is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    pub(super) name: &'static str,
    /// Below the project's folder.
    pub(super) template: &'static str,
    /// `Name=value`, where the template serves more than one stack.
    pub(super) parameter: Option<&'static str>,
}

/// One function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function {
    /// The name under which it is deployed.
    pub(super) name: &'static str,
    /// The program that it runs.
    pub(super) binary: &'static str,
    /// The stack of its role, which has to be there before it.
    pub(super) role: Stack,
    /// The stack of what calls it, which needs the function.
    pub(super) triggers: Stack,
    /// The types of resources of whose changes AWS Config has to tell it.
    pub(super) hears: &'static [&'static str],
    /// Whether it tells people itself.
    pub(super) alerts: Alerts,
    /// In seconds.
    pub(super) timeout: &'static str,
    /// In MiB: the share of a processor grows with it, and so does the speed of a start (Lambda Developer Guide,
    /// "Configure Lambda function memory").
    pub(super) memory: &'static str,
}

/// Whether a function tells people itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alerts {
    /// It writes to the topic.
    Sent,
    /// It answers who asked, and that is all.
    None,
}

/// The stack that says where alerts go, before everything else in a Region.
pub(super) const ALERTS: Stack = Stack {
    name: "session-guard-alerts",
    template: "infra/alerts.yaml",
    parameter: None,
};

/// The guard of the preferences.
pub(super) const GUARD: Function = Function {
    name: scope::FUNCTION,
    binary: scope::FUNCTION,
    role: Stack {
        name: "session-guard-preferences-guard-role",
        template: "infra/preferences-guard-role.yaml",
        parameter: None,
    },
    triggers: Stack {
        name: "session-guard-preferences-guard",
        template: "infra/preferences-guard.yaml",
        parameter: None,
    },
    hears: &[],
    alerts: Alerts::Sent,
    // A sweep may wait for twenty pages of CloudTrail's history at two a second, and then revert, with every call tried
    // three times.
    timeout: "120",
    // The work needs a tenth of it.
    memory: "256",
};

/// The guard of who is given a forbidden policy.
pub(super) const POLICY_GUARD: Function = Function {
    name: "role-policy-guard",
    binary: "role-policy-guard",
    role: Stack {
        name: "session-guard-role-policy-guard-role",
        template: "infra/role-policy-guard-role.yaml",
        parameter: None,
    },
    triggers: Stack {
        name: "session-guard-role-policy-guard",
        template: "infra/role-policy-guard.yaml",
        parameter: None,
    },
    hears: &[],
    alerts: Alerts::Sent,
    // Patience with a throttled service is half a minute a call, and IAM may show late what was done.
    timeout: "300",
    memory: "256",
};

/// The program of all rules: by the name of the function it knows which one it is.
pub(super) const RULES_BINARY: &str = "config-rules";
/// The template of all rules.
const RULE_TEMPLATE: &str = "infra/config-rule.yaml";

/// The rule on the preferences.
pub(super) const PREFERENCES: Function = Function {
    name: "session-guard-preferences",
    binary: RULES_BINARY,
    role: Stack {
        name: "session-guard-preferences-rule-role",
        template: "infra/preferences-rule-role.yaml",
        parameter: None,
    },
    triggers: Stack {
        name: "session-guard-preferences-rule",
        template: RULE_TEMPLATE,
        parameter: Some("RuleId=preferences"),
    },
    hears: &["AWS::SSM::Document"],
    alerts: Alerts::None,
    // Patience with a throttled service is half a minute a call, and the SDK's own attempts come on top.
    timeout: "300",
    memory: "256",
};

/// The template of the role of every rule on principals.
const ACCESS_ROLE_TEMPLATE: &str = "infra/access-rule-role.yaml";
/// Who carries policies, and the policies.
pub(super) const IAM_TYPES: &[&str] = &[
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
];
/// Thousands of principals are read in pages and reported in batches of a hundred, and IAM throttles.
const ACCESS_TIMEOUT: &str = "300";
/// The policies of a whole account are held at once.
const ACCESS_MEMORY: &str = "512";

/// The rule on who may open which sessions.
pub(super) const SESSION_ACCESS: Function = Function {
    name: "session-guard-session-access",
    binary: RULES_BINARY,
    role: Stack {
        name: "session-guard-session-access-rule-role",
        template: ACCESS_ROLE_TEMPLATE,
        parameter: Some("RuleId=session-access"),
    },
    triggers: Stack {
        name: "session-guard-session-access-rule",
        template: RULE_TEMPLATE,
        parameter: Some("RuleId=session-access"),
    },
    hears: IAM_TYPES,
    alerts: Alerts::None,
    timeout: ACCESS_TIMEOUT,
    memory: ACCESS_MEMORY,
};

/// The rule on who may change the preferences.
pub(super) const PREFERENCES_ACCESS: Function = Function {
    name: "session-guard-preferences-access",
    binary: RULES_BINARY,
    role: Stack {
        name: "session-guard-preferences-access-rule-role",
        template: ACCESS_ROLE_TEMPLATE,
        parameter: Some("RuleId=preferences-access"),
    },
    triggers: Stack {
        name: "session-guard-preferences-access-rule",
        template: RULE_TEMPLATE,
        parameter: Some("RuleId=preferences-access"),
    },
    hears: IAM_TYPES,
    alerts: Alerts::None,
    timeout: ACCESS_TIMEOUT,
    memory: ACCESS_MEMORY,
};

/// The rule on forbidden policies.
pub(super) const FORBIDDEN_POLICY: Function = Function {
    name: "session-guard-forbidden-policy",
    binary: RULES_BINARY,
    role: Stack {
        name: "session-guard-forbidden-policy-rule-role",
        template: ACCESS_ROLE_TEMPLATE,
        parameter: Some("RuleId=forbidden-policy"),
    },
    triggers: Stack {
        name: "session-guard-forbidden-policy-rule",
        template: RULE_TEMPLATE,
        parameter: Some("RuleId=forbidden-policy"),
    },
    hears: IAM_TYPES,
    alerts: Alerts::None,
    timeout: ACCESS_TIMEOUT,
    memory: ACCESS_MEMORY,
};

/// The rule on roles of instances that cannot write the records of sessions.
pub(super) const ROLE_LOGGING: Function = Function {
    name: "session-guard-role-logging",
    binary: RULES_BINARY,
    role: Stack {
        name: "session-guard-role-logging-rule-role",
        template: ACCESS_ROLE_TEMPLATE,
        parameter: Some("RuleId=role-logging"),
    },
    triggers: Stack {
        name: "session-guard-role-logging-rule",
        template: RULE_TEMPLATE,
        parameter: Some("RuleId=role-logging"),
    },
    hears: &["AWS::IAM::Policy", "AWS::IAM::Role"],
    alerts: Alerts::None,
    timeout: ACCESS_TIMEOUT,
    memory: ACCESS_MEMORY,
};

/// What AWS Config has somebody rid of forbidden policies with, who carries them already.
pub(super) const MIGRATION: Function = Function {
    name: "role-migration",
    binary: "role-migration",
    role: Stack {
        name: "session-guard-role-migration-role",
        template: "infra/role-migration-role.yaml",
        parameter: None,
    },
    triggers: Stack {
        name: "session-guard-role-migration",
        template: "infra/role-migration.yaml",
        parameter: None,
    },
    hears: &[],
    alerts: Alerts::None,
    // The runbook waits for 300 seconds at most, and shall be told how the function ended.
    timeout: "290",
    memory: "256",
};

/// The rules that judge by what the charter says of sessions.
pub(super) const ON_SESSIONS: &[Function] = &[SESSION_ACCESS, PREFERENCES_ACCESS];

/// The rules that judge by the policies that the charter forbids, and by where sessions are recorded.
pub(super) const ON_POLICIES: &[Function] = &[FORBIDDEN_POLICY, ROLE_LOGGING];

/// Every template that a deployment may need.
pub(super) fn templates() -> impl Iterator<Item = &'static str> {
    let functions = [
        &[GUARD, POLICY_GUARD, PREFERENCES, MIGRATION],
        ON_SESSIONS,
        ON_POLICIES,
    ]
    .concat();
    let stacks = functions.into_iter().flat_map(|it| [it.role, it.triggers]);
    std::iter::once(ALERTS)
        .chain(stacks)
        .map(|stack| stack.template)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a mapping of the rules' template lists for a rule: the lines below `name`, up to a line that is no item.
    fn listed(rule: &str, name: &str) -> Vec<String> {
        let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let template = std::fs::read_to_string(format!("{project}/{RULE_TEMPLATE}")).unwrap();
        let (_, mapping) = template.split_once(&format!("\n    {rule}:\n")).unwrap();
        let (_, list) = mapping.split_once(&format!("      {name}:\n")).unwrap();
        let items = list
            .lines()
            .map_while(|line| line.strip_prefix("        - "));
        items.map(str::to_owned).collect()
    }

    #[test]
    fn rules_listen_to_the_types_of_their_template() {
        for rule in [&[PREFERENCES], ON_SESSIONS, ON_POLICIES].concat() {
            let id = rule.name.strip_prefix("session-guard-").unwrap();
            assert_eq!(rule.hears, listed(id, "ResourceTypes"), "{id}");
            let parameter = format!("RuleId={id}");
            assert_eq!(rule.triggers.parameter, Some(parameter.as_str()));
        }
    }

    #[test]
    fn a_stack_of_a_template_for_many_says_which_one_it_is() {
        for rule in [ON_SESSIONS, ON_POLICIES].concat() {
            assert_eq!(rule.role.parameter, rule.triggers.parameter);
        }
    }
}
