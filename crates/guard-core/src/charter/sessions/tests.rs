use super::*;
use crate::charter::{Charter, Warning};
use crate::names::{AccountId, Partition, Region, Scope};
use crate::preferences::Preferences;

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn charter(lines: &str) -> String {
    format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n{lines}"
    )
}

fn sessions(lines: &str) -> Sessions {
    let charter = Charter::parse_for(&charter(&format!("[sessions]\n{lines}")), &scope()).unwrap();
    charter.sessions().unwrap().clone()
}

/// The errors of a charter that has these lines beside what every charter needs.
fn errors(lines: &str) -> String {
    Charter::parse(&charter(lines)).map_or_else(|errors| errors.to_string(), |_| String::new())
}

const TAG: &str = "tag = { key = \"SessionAccess\", values = [\"web\"] }\n";

#[test]
fn each_of_the_three_patterns_is_read() {
    let instance = "arn:${partition}:ec2:eu-*:${account}:instance/i-0123456789abcdef0";
    assert_eq!(
        sessions(&format!("instances = [\"{instance}\"]"))
            .instances
            .to_string(),
        "arn:aws:ec2:eu-*:123456789012:instance/i-0123456789abcdef0"
    );
    assert_eq!(
        sessions("tag = { key = \"Access to\", values = [\"web-${account}\", \"batch-*\"] }")
            .instances,
        InstancePattern::Tag {
            key: "Access to".to_owned(),
            values: vec!["web-123456789012".to_owned(), "batch-*".to_owned()],
        }
    );
    let abac = |key: &str, principal_key: &str| InstancePattern::Abac {
        key: key.to_owned(),
        principal_key: principal_key.to_owned(),
    };
    assert_eq!(
        sessions("abac = { key = \"Team\" }").instances,
        abac("Team", "Team")
    );
    assert_eq!(
        sessions("[sessions.abac]\nkey = \"Team\"\nprincipal-key = \"team\"").instances,
        abac("Team", "team")
    );
}

#[test]
fn without_more_sessions_use_the_preferences_document_alone() {
    let sessions = sessions(TAG);
    assert_eq!(
        sessions.document_names().collect::<Vec<_>>(),
        ["SSM-SessionManagerRunShell"]
    );
    for name in [
        "AWS-StartSSHSession",
        "AWS-StartInteractiveCommand",
        "ssm-sessionmanagerrunshell",
    ] {
        assert!(!sessions.allows_document(name), "{name}");
    }
}

#[test]
fn tunnels_and_commands_are_let_in_by_their_switches() {
    let sessions = sessions(&format!(
        "{TAG}documents = [\"Own\"]\ntunnels = true\ncommands = true"
    ));
    assert_eq!(sessions.document_names().count(), 7);
    for name in [
        "Own",
        "AWS-StartPortForwardingSessionToRemoteHost",
        "AWS-StartNonInteractiveCommand",
    ] {
        assert!(sessions.allows_document(name), "{name}");
    }
    assert!(!sessions.allows_document("SSM-SessionManagerRunShell"));
}

#[test]
fn a_charter_without_sessions_says_nothing_of_them() {
    let charter = Charter::parse(&charter("")).unwrap();
    assert_eq!(charter.sessions(), None);
    assert_eq!(
        charter.config_region().map(Region::as_str),
        Some("eu-central-1")
    );
}

/// Every kind of mistake once, as an operator would see them.
#[test]
fn broken_sessions_are_told_everything_at_once() {
    insta::assert_snapshot!(errors(include_str!("broken.toml")), @r"
    5:1: sessions.patern: unknown key, expected one of instances, tag, abac, documents, tunnels, commands
    6:14: sessions.instances[1]: found the text `arn:aws:ec2:*:*:instance/*`: the account must be 12 digits or ${account}, without wildcard
    6:44: sessions.instances[2]: found the text `arn:${partition}:ec2:${region}:${account}:instance/i-01234567`: roles and users belong to no Region, and ${region} would be the config-region only; write the Region out, or `*` for any
    6:109: sessions.instances[3]: found the text `arn:${partition}:ec2:*:${account}:instance/i-*`: it matches every instance; name instances, or narrow sessions with tag or abac
    6:159: sessions.instances[4]: found the text `i-01234567`, expected arn:${partition}:ec2:REGION:${account}:instance/i-… or arn:${partition}:ssm:REGION:${account}:managed-instance/mi-…
    7:1: sessions.tag: sessions are narrowed in one way, by instances, tag or abac; instances is there too
    8:14: sessions.documents[1]: found the text `*`: whoever may create a document could give it a matching name, and one that records nothing; name each document
    8:19: sessions.documents[2]: found the text `AWS-StartSSHSession`: it is let in by tunnels = true alone, and tunnels is false
    8:42: sessions.documents[3]: found the text `arn:aws:ssm:::document/x`, expected the name of a document of this account or of AWS, without ARN: 3 to 128 letters, digits or characters of _.-
    9:11: sessions.tunnels: found the number 1, expected true or false, without quotes
    11:1: exemption[1].reason: missing, expected a sentence that says why, for the record
    12:8: exemption[1].role: found the text `arn:aws:iam::*:role/admin`: the account must be 12 digits or ${account}, without wildcard
    13:1: exemption[1].rule: unknown key, did you mean `rules`?
    16:9: exemption[2].group: found the text `arn:aws:iam::${account}:group/admin*`: whoever may create a group could give it a matching name; write the name out, without wildcard
    17:10: exemption[2].rules[1]: found the text `preferences`, expected a rule that judges principals, one of session-access, preferences-access, forbidden-policy, role-logging
    17:25: exemption[2].rules[2]: found the text `session-acces`, expected a rule that judges principals, one of session-access, preferences-access, forbidden-policy, role-logging
    18:9: exemption[2].until: found 2027-01-01, expected a date and time with its offset and without quotes, such as 2027-01-01T00:00:00Z
    22:8: exemption[3].user: found the text `arn:aws:iam::${account}:root`: the root user carries no policies, so that no rule judges it
    ");
}

#[test]
fn each_dangerous_or_senseless_line_is_refused() {
    let instance = "arn:${partition}:ec2:*:${account}:instance";
    let tag = |values: &str| format!("tag = {{ key = \"A\", values = {values} }}");
    for (lines, part) in [
        (
            format!("instances = [\"{instance}/*\"]"),
            "matches every instance",
        ),
        (
            format!("instances = [\"{instance}/i-*\"]"),
            "matches every instance",
        ),
        (
            "instances = [\"arn:aws:ec2:*:*:instance/i-0123456789abcdef0\"]".to_owned(),
            "account must be 12 digits",
        ),
        (
            "instances = [\"arn:*:ec2:*:${account}:instance/i-0123456789abcdef0\"]".to_owned(),
            "partition must be one",
        ),
        (
            "instances = [\"arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0\"]"
                .to_owned(),
            "belong to no Region",
        ),
        (
            "instances = [\"*\"]".to_owned(),
            "expected arn:${partition}:ec2",
        ),
        (
            "instances = [\"i-0123456789abcdef0\"]".to_owned(),
            "expected arn:${partition}:ec2",
        ),
        ("instances = []".to_owned(), "a list of ARNs"),
        ("instances = \"x\"".to_owned(), "a list of ARNs"),
        (
            format!("instances = [\"{instance}/i-01234567\", \"{instance}/i-01234567\"]"),
            "first in sessions.instances[1]",
        ),
        (tag("[\"*\"]"), "matches any value"),
        (tag("[\"?*\"]"), "matches any value"),
        (tag("[\"\"]"), "1 to 256"),
        (tag("[]"), "a list of the tag's values"),
        (tag("\"web\""), "a list of the tag's values"),
        (tag("[\"${aws:PrincipalTag/A}\"]"), "use abac"),
        (tag("[\"${team}\"]"), "unknown placeholder"),
        (tag("[\"a;b\"]"), "1 to 256"),
        (tag("[\"a\", \"a\"]"), "first in sessions.tag.values[1]"),
        ("tag = \"A\"".to_owned(), "a tag, such as"),
        (
            "tag = { values = [\"a\"] }".to_owned(),
            "sessions.tag.key: missing",
        ),
        (
            "tag = { key = \"A\" }".to_owned(),
            "sessions.tag.values: missing",
        ),
        (
            "tag = { key = \"aws:x\", values = [\"a\"] }".to_owned(),
            "set by AWS services",
        ),
        (
            "tag = { key = \"A*\", values = [\"a\"] }".to_owned(),
            "the key of a tag",
        ),
        (
            "abac = { key = \"AWS:Team\" }".to_owned(),
            "set by AWS services",
        ),
        (
            "abac = { key = \"Team\", principal-key = \"aws:x\" }".to_owned(),
            "set by AWS services",
        ),
        (
            "abac = { principal-key = \"x\" }".to_owned(),
            "sessions.abac.key: missing",
        ),
        ("abac = \"Team\"".to_owned(), "such as { key"),
        (
            "abac = { key = \"${region}\" }".to_owned(),
            "the key of a tag",
        ),
        (format!("{TAG}documents = [\"*\"]"), "name each document"),
        (
            format!("{TAG}documents = [\"Session-*\"]"),
            "name each document",
        ),
        (format!("{TAG}documents = []"), "a list of names"),
        (
            format!("{TAG}documents = [\"arn:aws:ssm:eu-central-1:111122223333:document/x\"]"),
            "without ARN",
        ),
        (
            format!("{TAG}documents = [\"AWS-StartSSHSession\"]"),
            "by tunnels = true alone",
        ),
        (
            format!("{TAG}documents = [\"AWS-StartPortForwardingSessionToRemoteHost\"]"),
            "by tunnels = true alone",
        ),
        (
            format!("{TAG}tunnels = true\ndocuments = [\"AWS-StartSSHSession\"]"),
            "leave it out here",
        ),
        (
            format!("{TAG}documents = [\"AWS-StartNonInteractiveCommand\"]"),
            "by commands = true alone",
        ),
        (
            format!("{TAG}documents = [\"Own\", \"Own\"]"),
            "first in sessions.documents[1]",
        ),
        (format!("{TAG}tunnels = \"false\""), "without quotes"),
        (
            format!("{TAG}abac = {{ key = \"Team\" }}"),
            "tag is there too",
        ),
        (
            format!("{TAG}document = [\"Own\"]"),
            "did you mean `documents`?",
        ),
        (
            "tunnels = false".to_owned(),
            "sessions.tag: missing, expected one of instances, tag, abac",
        ),
    ] {
        let errors = errors(&format!("[sessions]\n{lines}"));
        assert!(errors.contains(part), "{lines}\n{errors}");
        assert_eq!(errors.lines().count(), 1, "{lines}\n{errors}");
    }
}

#[test]
fn sessions_and_exemptions_need_the_region_in_which_they_are_judged() {
    let head = "mode = \"revert\"\nregions = [\"eu-central-1\"]\n";
    for lines in [
        format!("[sessions]\n{TAG}"),
        "[[exemption]]\nuser = \"arn:aws:iam::${account}:user/a\"\nreason = \"x\"".to_owned(),
    ] {
        let errors = Charter::parse(&format!("{head}{lines}"))
            .unwrap_err()
            .to_string();
        assert!(errors.contains("say config-region"), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    let errors = Charter::parse(&format!("{head}config-region = \"Frankfurt\"")).unwrap_err();
    assert!(errors.to_string().contains("a Region's code"), "{errors}");
}

#[test]
fn sessions_that_are_hardly_meant_are_warned_of() {
    let baseline = Preferences::parse(
        r#"{"inputs":{"cloudWatchLogGroupName":"g","cloudWatchEncryptionEnabled":true}}"#,
    )
    .unwrap();
    let warnings = |config_region: &str, lines: &str| {
        let text = format!(
            "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"{config_region}\"\n\
             [floor]\ncloudWatchLogGroupName = {{ set = true }}\n[sessions]\n{lines}"
        );
        Charter::parse(&text).unwrap().warnings(&baseline)
    };
    assert_eq!(warnings("eu-central-1", TAG), []);
    let region = Region::parse("eu-central-2").unwrap();
    assert_eq!(
        warnings("eu-central-2", TAG),
        [Warning::WithoutIam { region }]
    );
    assert_eq!(
        warnings(
            "eu-central-1",
            &format!("{TAG}tunnels = true\ncommands = true")
        ),
        [Warning::Tunnels, Warning::Commands]
    );
    let open = "arn:aws:ec2:*:123456789012:instance/i-0a*";
    let there = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
    assert_eq!(
        warnings(
            "eu-central-1",
            &format!("instances = [\"{open}\", \"{there}\"]")
        ),
        [
            Warning::OpenId {
                arn: InstanceArn::of_checked(open.to_owned()),
            },
            Warning::Unguarded {
                region: "us-east-1".to_owned(),
            },
        ]
    );
}
