use super::*;
use crate::charter::{Charter, Warning};
use crate::names::{AccountId, Partition, Region, Scope};
use crate::preferences::Preferences;

const HEAD: &str =
    "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n";
const SHA: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn scope(partition: &str) -> Scope {
    Scope {
        partition: Partition::parse(partition).unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

/// What is wrong with these lines, in the account that the charter is for.
fn errors(lines: &str) -> String {
    Charter::parse_for(&format!("{HEAD}{lines}"), &scope("aws"))
        .map_or_else(|errors| errors.to_string(), |_| String::new())
}

fn entry(more: &str) -> String {
    format!(
        "[[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"replace\"\n{more}\n\
         [[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n"
    )
}

fn whole() -> String {
    let more = "remediation = \"automatic\"\nagent-uses = [\"cloudwatch-agent\"]\nbuckets = [\"out-${account}\", \"shared/run/command\"]";
    let logging = format!(
        "[[forbidden.successor]]\npolicy = \"arn:${{partition}}:iam::${{account}}:policy/guard/session-logging\"\n\
         purpose = \"session-logging\"\nsha256 = \"{SHA}\"\n\
         [[forbidden.successor]]\npolicy = \"CloudWatchAgentServerPolicy\"\n\
         [[forbidden.successor]]\npolicy = \"arn:${{partition}}:iam::${{account}}:policy/node-buckets\"\n\
         purpose = \"buckets\"\nsha256 = \"{SHA}\"\n"
    );
    entry(more) + &logging
}

#[test]
fn a_charter_that_says_nothing_has_the_deprecated_policy_reported_in_its_partition() {
    for partition in ["aws", "aws-cn", "aws-us-gov"] {
        let charter = Charter::parse_for(HEAD, &scope(partition)).unwrap();
        let [entry] = charter.forbidden() else {
            panic!()
        };
        let arn = format!("arn:{partition}:iam::aws:policy/service-role/AmazonEC2RoleforSSM");
        assert_eq!(
            (entry.policy.as_str(), entry.enforcement, entry.remediation),
            (arn.as_str(), Enforcement::Report, Remediation::Manual)
        );
        assert!(entry.is_deprecated() && charter.forbids(&arn).is_some());
        assert_eq!(
            entry.successors[0].policy,
            format!("arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore")
        );
    }
}

#[test]
fn every_part_of_an_entry_is_read() {
    let charter = Charter::parse_for(&(HEAD.to_owned() + &whole()), &scope("aws")).unwrap();
    let [entry] = charter.forbidden() else {
        panic!()
    };
    assert_eq!(
        (
            entry.enforcement,
            entry.remediation,
            entry.agent_uses.as_slice()
        ),
        (
            Enforcement::Replace,
            Remediation::Automatic,
            [AgentUse::CloudwatchAgent].as_slice()
        )
    );
    let buckets: Vec<_> = entry
        .buckets
        .iter()
        .map(|it| (it.name.as_str(), it.prefix.as_deref()))
        .collect();
    assert_eq!(
        buckets,
        [("out-123456789012", None), ("shared", Some("run/command"))]
    );
    let successors: Vec<_> = entry
        .successors
        .iter()
        .map(|it| (it.policy.as_str(), it.purpose, &it.pin))
        .collect();
    let pinned = Pin::Fingerprint(SHA.to_owned());
    assert_eq!(
        successors,
        [
            (
                "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
                Purpose::SystemsManager,
                &Pin::OfAws
            ),
            (
                "arn:aws:iam::123456789012:policy/guard/session-logging",
                Purpose::SessionLogging,
                &pinned
            ),
            (
                "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
                Purpose::CloudwatchAgent,
                &Pin::OfAws
            ),
            (
                "arn:aws:iam::123456789012:policy/node-buckets",
                Purpose::Buckets,
                &pinned
            ),
        ]
    );
}

#[test]
fn a_charter_for_many_accounts_keeps_its_placeholders() {
    let charter = Charter::parse(&(HEAD.to_owned() + &whole())).unwrap();
    assert_eq!(
        charter.forbidden()[0].policy,
        "arn:${partition}:iam::aws:policy/service-role/AmazonEC2RoleforSSM"
    );
    assert_eq!(charter.forbidden()[0].buckets[0].name, "out-${account}");
}

#[test]
fn a_policy_is_known_by_partition_owner_path_and_name_and_by_no_less() {
    let charter = Charter::parse_for(&(HEAD.to_owned() + &entry("")), &scope("aws")).unwrap();
    for (arn, is_forbidden) in [
        (
            "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
            true,
        ),
        (
            "arn:aws:iam::aws:policy/service-role/amazonec2roleforssm",
            true,
        ),
        ("arn:aws:iam::aws:policy/AmazonEC2RoleforSSM", false),
        (
            "arn:aws:iam::aws:policy/service-role//AmazonEC2RoleforSSM",
            false,
        ),
        (
            "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM2",
            false,
        ),
        (
            "arn:aws:iam::aws:policy/x/service-role/AmazonEC2RoleforSSM",
            false,
        ),
        (
            "arn:aws:iam::123456789012:policy/service-role/AmazonEC2RoleforSSM",
            false,
        ),
        (
            "arn:aws-cn:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
            false,
        ),
        (
            "ARN:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
            false,
        ),
        (
            "arn:aws:iam::AWS:policy/service-role/AmazonEC2RoleforSSM",
            false,
        ),
        ("AmazonEC2RoleforSSM", false),
        ("", false),
    ] {
        assert_eq!(charter.forbids(arn).is_some(), is_forbidden, "{arn}");
    }
}

#[test]
fn whatever_is_wrong_is_told_with_its_place() {
    let text = whole();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        errors(&text.replacen(from, to, 1))
    };
    let own = "arn:${partition}:iam::${account}:policy/guard/session-logging";
    let sha = format!("sha256 = \"{SHA}\"\n");
    let told = [
        with("service-role/AmazonEC2RoleforSSM", "AmazonEC2RoleforSSM"),
        with("service-role/AmazonEC2RoleforSSM", "service-role/*"),
        with(
            "service-role/AmazonEC2RoleforSSM",
            "arn:aws-cn:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
        ),
        with(
            "service-role/AmazonEC2RoleforSSM",
            "arn:aws:iam::111122223333:policy/old",
        ),
        with(
            "service-role/AmazonEC2RoleforSSM",
            "arn:aws:iam::123456789012:role/old",
        ),
        with("enforcement = \"replace\"", "enforcement = \"revert\""),
        with("enforcement = \"replace\"", ""),
        with("enforcement = \"replace\"", "enforcement = \"report\""),
        with("\"automatic\"", "true"),
        with("[\"cloudwatch-agent\"]", "[\"cloudwatch\"]"),
        with(
            "[\"cloudwatch-agent\"]",
            "[\"cloudwatch-agent\", \"cloudwatch-agent\"]",
        ),
        with(
            "[\"cloudwatch-agent\"]",
            "[\"cloudwatch-agent\", \"directory-service\"]",
        ),
        with("agent-uses = [\"cloudwatch-agent\"]", ""),
        with("\"out-${account}\"", "\"*\""),
        with("\"out-${account}\"", "\"shared/run/command\""),
        with("\"out-${account}\"", "\"out/\""),
        with("\"buckets\"", "\"session-logging\""),
        with("AmazonSSMManagedInstanceCore", "AdministratorAccess"),
        with(
            "AmazonSSMManagedInstanceCore",
            "AmazonSSMManagedinstanceCore",
        ),
        with("AmazonSSMManagedInstanceCore", own),
        with(own, "CloudWatchAgentServerPolicy"),
        with(own, "service-role/AmazonEC2RoleforSSM"),
        with("purpose = \"session-logging\"", "purpose = \"logs\""),
        with("purpose = \"session-logging\"", ""),
        with(&sha, ""),
        with(SHA, "0123456789ABCDEF"),
        with(
            "policy = \"AmazonSSMManagedInstanceCore\"",
            "policy = \"AmazonSSMDirectoryServiceAccess\"",
        ),
        errors(
            &(entry("")
                + "[[forbidden]]\npolicy = \"AmazonSSMManagedInstanceCore\"\nenforcement = \"report\""),
        ),
        errors("forbidden = []"),
        errors("[forbidden]\npolicy = \"x\""),
        errors(&(entry("") + &entry(""))),
        errors(
            &entry("successor = [\"AmazonSSMManagedInstanceCore\"]").replace(
                "[[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n",
                "",
            ),
        ),
    ];
    insta::assert_snapshot!(told.join("\n--\n"));
}

#[test]
fn without_a_region_to_judge_in_nothing_can_be_forbidden() {
    let text = HEAD.replace("config-region = \"eu-central-1\"\n", "") + &entry("");
    let errors = Charter::parse(&text).unwrap_err().to_string();
    assert!(errors.contains("say config-region"), "{errors}");
}

/// AWS Config knows one switch for the rule.
#[test]
fn an_entry_is_remedied_automatically_only_with_all_others() {
    let told = |first: &str, second: &str| {
        let text = format!(
            "{HEAD}[[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"replace\"\n{first}\n\
             [[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n\
             [[forbidden]]\npolicy = \"PowerUserAccess\"\nenforcement = \"detach\"\n{second}\n"
        );
        let charter = Charter::parse(&text).unwrap();
        let baseline = Preferences::parse(r#"{"inputs":{}}"#).unwrap();
        let warnings = charter.warnings(&baseline).into_iter();
        let about = warnings.filter_map(|it| match it {
            Warning::NotAutomatic { entry } => Some(entry),
            _ => None,
        });
        (
            charter.is_remedied_automatically(),
            about.collect::<Vec<_>>(),
        )
    };
    let automatic = "remediation = \"automatic\"";
    assert_eq!(told("", ""), (false, vec![]));
    assert_eq!(told(automatic, automatic), (true, vec![]));
    let unheard = |number| vec![format!("forbidden[{number}]")];
    assert_eq!(told(automatic, ""), (false, unheard(1)));
    assert_eq!(told("", automatic), (false, unheard(2)));
    assert!(!Charter::parse(HEAD).unwrap().is_remedied_automatically());
}
