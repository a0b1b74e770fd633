use crate::charter::{Charter, Warning};
use crate::names::{AccountId, Partition, Region, Scope};

const NOW: &str = "2026-11-01T12:00:00Z";
const SET: &str = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com";

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn charter(lines: &str) -> Charter {
    let text = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n{lines}"
    );
    Charter::parse_for(&text, &scope()).unwrap()
}

const EXEMPTIONS: &str = r#"
    [[exemption]]
    role = "arn:${partition}:iam::${account}:role/teams/*/admin"
    rules = ["session-access"]
    until = 2026-12-01T00:00:00Z
    reason = "teams"
    [[exemption]]
    user = "arn:aws:iam::${account}:user/people/alice"
    reason = "break glass"
    [[exemption]]
    group = "arn:aws:iam::${account}:group/admins"
    rules = ["preferences-access", "session-access"]
    reason = "to be dissolved"
    [[exemption]]
    permission-set = "Admin"
    reason = "on call"
    [[exemption]]
    role = "arn:aws:iam::${account}:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM"
    reason = "nobody here can change it"
"#;

fn reason(arn: &str, rule: &str, now: &str) -> Option<String> {
    charter(EXEMPTIONS)
        .exemption(arn, None, rule, now.parse().unwrap())
        .map(|it| it.reason.clone())
}

#[test]
fn each_kind_of_principal_can_be_exempt() {
    for (arn, why) in [
        ("arn:aws:iam::123456789012:role/teams/red/admin", "teams"),
        ("arn:aws:iam::123456789012:user/people/alice", "break glass"),
        ("arn:aws:iam::123456789012:group/admins", "to be dissolved"),
        (
            &format!("{SET}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"),
            "on call",
        ),
        (
            "arn:aws:iam::123456789012:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM",
            "nobody here can change it",
        ),
    ] {
        assert_eq!(
            reason(arn, "session-access", NOW).as_deref(),
            Some(why),
            "{arn}"
        );
    }
}

#[test]
fn an_exemption_goes_no_further_than_it_says() {
    for arn in [
        "arn:aws:iam::123456789012:role/admin",
        "arn:aws:iam::123456789012:role/teams/red/blue/admin",
        "arn:aws:iam::111122223333:role/teams/red/admin",
        "arn:aws-cn:iam::123456789012:role/teams/red/admin",
        "arn:aws:iam::123456789012:user/teams/red/admin",
        "arn:aws:iam::123456789012:role/people/alice",
        "arn:aws:iam::123456789012:user/admins",
        "arn:aws:sts::123456789012:assumed-role/admin/me",
        "arn:aws:iam::123456789012:root",
        &format!("{SET}/AWSReservedSSO_Admin_Intern_0123456789abcdef"),
        "",
    ] {
        assert_eq!(reason(arn, "session-access", NOW), None, "{arn}");
    }
    let team = "arn:aws:iam::123456789012:role/teams/red/admin";
    assert_eq!(reason(team, "preferences-access", NOW), None);
    assert_eq!(reason(team, "session-access", "2026-12-01T00:00:00Z"), None);
    let alice = "arn:aws:iam::123456789012:user/people/alice";
    assert_eq!(reason(alice, "preferences", NOW), None);
}

#[test]
fn one_created_again_under_an_exempt_name_is_not_exempt() {
    let set = format!("{SET}/AWSReservedSSO_Admin_0123456789abcdef");
    for (who, arn, id, another) in [
        (
            "role = \"arn:aws:iam::${account}:role/*/admin\"",
            "arn:aws:iam::123456789012:role/red/admin",
            "AROAONE",
            "AROATWO",
        ),
        (
            "user = \"arn:aws:iam::${account}:user/alice\"",
            "arn:aws:iam::123456789012:user/alice",
            "AIDAONE",
            "AIDATWO",
        ),
        (
            "group = \"arn:aws:iam::${account}:group/admins\"",
            "arn:aws:iam::123456789012:group/admins",
            "AGPAONE",
            "AGPATWO",
        ),
        ("permission-set = \"Admin\"", &set, "AROAONE", "AROATWO"),
    ] {
        let charter = charter(&format!(
            "[[exemption]]\n{who}\nunique-id = \"{id}\"\nreason = \"x\""
        ));
        let exempt = |unique_id: Option<&str>| {
            let now = NOW.parse().unwrap();
            charter
                .exemption(arn, unique_id, "session-access", now)
                .is_some()
        };
        assert!(exempt(Some(id)), "{who}");
        assert!(!exempt(Some(another)), "{who}");
        assert!(!exempt(Some("")), "{who}");
        assert!(!exempt(None), "{who}");
    }
}

#[test]
fn a_wildcard_never_reaches_the_roles_of_identity_center() {
    let charter =
        charter("[[exemption]]\nrole = \"arn:aws:iam::${account}:role/*/*/admin\"\nreason = \"x\"");
    let exempt = |arn: &str| {
        charter
            .exemption(arn, None, "session-access", NOW.parse().unwrap())
            .is_some()
    };
    assert!(exempt("arn:aws:iam::123456789012:role/a/b/admin"));
    assert!(!exempt(&format!("{SET}/admin")));
}

#[test]
fn nobody_is_exempt_before_the_account_is_known() {
    let text = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n{EXEMPTIONS}"
    );
    let charter = Charter::parse(&text).unwrap();
    let alice = "arn:aws:iam::123456789012:user/people/alice";
    assert_eq!(
        charter.exemption(alice, None, "session-access", NOW.parse().unwrap()),
        None
    );
    assert_eq!(
        charter.editor_named(alice, None, NOW.parse().unwrap()),
        None
    );
}

fn errors(lines: &str) -> String {
    let text = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n[[exemption]]\n{lines}"
    );
    Charter::parse(&text).map_or_else(|errors| errors.to_string(), |_| String::new())
}

#[test]
fn dangerous_or_senseless_exemptions_are_refused() {
    let user = "user = \"arn:aws:iam::${account}:user/a\"";
    let because = "reason = \"because\"";
    for (lines, part) in [
        (
            format!("role = \"arn:aws:iam::*:role/a\"\n{because}"),
            "without wildcard",
        ),
        (
            format!("role = \"arn:aws:iam::${{account}}:role/*\"\n{because}"),
            "could give it a matching name",
        ),
        (
            format!("group = \"arn:aws:iam::${{account}}:group/a?\"\n{because}"),
            "could give it a matching name",
        ),
        (
            format!("group = \"arn:aws:iam::${{account}}:user/a\"\n{because}"),
            "not the ARN of a group",
        ),
        (
            format!("user = \"arn:aws:iam::${{account}}:root\"\n{because}"),
            "no rule judges it",
        ),
        (
            format!("role = \"arn:aws:sts::${{account}}:assumed-role/a/b\"\n{because}"),
            "names a session",
        ),
        (
            format!(
                "role = \"arn:aws:iam::${{account}}:role/AWSReservedSSO_A_0123456789abcdef\"\n{because}"
            ),
            "use permission-set",
        ),
        (
            format!("permission-set = \"A*\"\n{because}"),
            "the exact name",
        ),
        (
            because.to_owned(),
            "one of role, user, group, permission-set",
        ),
        (
            format!("{user}\ngroup = \"arn:aws:iam::${{account}}:group/a\"\n{because}"),
            "user too",
        ),
        (user.to_owned(), "exemption[1].reason: missing"),
        (format!("{user}\nreason = \" \""), "says why"),
        (
            format!("{user}\n{because}\nrules = []"),
            "leave it out for all",
        ),
        (
            format!("{user}\n{because}\nrules = [\"preferences\"]"),
            "a rule that judges principals",
        ),
        (
            format!("{user}\n{because}\nrules = [\"session-access\", \"session-access\"]"),
            "first in exemption[1].rules[1]",
        ),
        (
            format!("{user}\n{because}\nuntil = 2027-01-01"),
            "with its offset",
        ),
        (format!("{user}\n{because}\nmfa = true"), "unknown key"),
        (
            format!("{user}\n{because}\nunique-id = \"AROAEXAMPLE\""),
            "begins with AIDA",
        ),
        (
            format!("permission-set = \"A\"\n{because}\nunique-id = \"AIDAEXAMPLE\""),
            "begins with AROA",
        ),
        (
            format!(
                "group = \"arn:aws:iam::${{account}}:group/a\"\n{because}\nunique-id = \"AGPA\""
            ),
            "begins with AGPA",
        ),
        (
            format!(
                "{user}\n{because}\n[[exemption]]\n{user}\nrules = [\"session-access\"]\n{because}"
            ),
            "first in exemption[1].user",
        ),
    ] {
        let errors = errors(&lines);
        assert!(errors.contains(part), "{lines}\n{errors}");
        assert_eq!(errors.lines().count(), 1, "{lines}\n{errors}");
    }
    // Two entries for one principal may end at different times, if each is about a rule of its own.
    let other = format!("{user}\n{because}\nrules = [\"preferences-access\"]");
    let two = format!("{user}\n{because}\nrules = [\"session-access\"]\n[[exemption]]\n{other}");
    assert_eq!(errors(&two), "");
}

#[test]
fn entries_that_no_longer_hold_are_told() {
    let text = format!(
        "{EXEMPTIONS}\n[[editor]]\npermission-set = \"Old\"\nuntil = 2026-10-01T00:00:00Z\nreason = \"x\""
    );
    let lapsed = |now: &str| charter(&text).lapsed(now.parse().unwrap());
    let shown = |now: &str| {
        lapsed(now)
            .iter()
            .map(Warning::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(lapsed("2026-09-30T23:59:59Z"), []);
    assert_eq!(
        shown("2026-12-01T00:00:00Z"),
        [
            "editor[1], permission set `Old`, ended 2026-10-01T00:00:00Z; take it out, or name a later time",
            "exemption[1], role `arn:aws:iam::123456789012:role/teams/*/admin`, ended 2026-12-01T00:00:00Z; \
             take it out, or name a later time",
        ]
    );
}

const EDITORS: &str = r#"
    [[editor]]
    role = "arn:${partition}:iam::${account}:role/teams/*/editor"
    reason = "teams"
    via = ["cloudformation.amazonaws.com"]
    mfa = true
    [[editor]]
    user = "arn:aws:iam::${account}:user/alice"
    reason = "break glass"
    unique-id = "AIDAONE"
    until = 2026-12-01T00:00:00Z
    [[editor]]
    permission-set = "Admin"
    reason = "on call"
"#;

#[test]
fn an_editor_with_limits_may_hold_the_right() {
    let charter = charter(EDITORS);
    let named = |arn: &str, id: Option<&str>, now: &str| {
        charter
            .editor_named(arn, id, now.parse().unwrap())
            .map(|it| it.reason.as_str())
    };
    let editor = "arn:aws:iam::123456789012:role/teams/red/editor";
    assert_eq!(named(editor, None, NOW), Some("teams"));
    assert_eq!(named(editor, Some("AROAANY"), NOW), Some("teams"));
    let alice = "arn:aws:iam::123456789012:user/alice";
    assert_eq!(named(alice, Some("AIDAONE"), NOW), Some("break glass"));
    assert_eq!(named(alice, Some("AIDATWO"), NOW), None);
    assert_eq!(named(alice, None, NOW), None);
    assert_eq!(named(alice, Some("AIDAONE"), "2026-12-01T00:00:00Z"), None);
    let set = format!("{SET}/AWSReservedSSO_Admin_0123456789abcdef");
    assert_eq!(named(&set, None, NOW), Some("on call"));
    for arn in [
        "arn:aws:iam::111122223333:role/teams/red/editor",
        "arn:aws:iam::123456789012:role/teams/editor",
        "arn:aws:iam::123456789012:user/teams/red/editor",
        "arn:aws:iam::123456789012:role/aws-reserved/x/editor",
        "arn:aws:iam::123456789012:group/alice",
    ] {
        assert_eq!(named(arn, None, NOW), None, "{arn}");
    }
}
