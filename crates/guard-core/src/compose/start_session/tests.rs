use super::*;
use crate::access::Context;
use crate::access::Outcome::{self, Allowed, Conditional, ImplicitlyDenied};
use crate::charter::{Charter, Permission};
use crate::compose::trial::{ACCOUNT, DOCUMENT, Trial, bearer, charter, context, place, scope};
use crate::inventory::BearerKind;
use crate::names::AccountId;
use crate::policy::Kind;
use crate::rules::{Terms, session_access};

const WEB: &str = "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0";
const NODE: &str = "arn:aws:ssm:eu-central-1:123456789012:managed-instance/mi-0123456789abcdef0";
const ALIAS: &str = "alias/session-manager";

const ARN: &str =
    "instances = [\"arn:${partition}:ec2:*:${account}:instance/i-0123456789abcdef0\"]";
const TAG: &str = "tag = { key = \"SessionAccess\", values = [\"web\", \"batch-*\"] }";
const ABAC: &str = "abac = { key = \"Team\", principal-key = \"team\" }";

fn grant(lines: &str, bearer: Bearer) -> Grant {
    let charter = charter(&format!("[sessions]\n{lines}"));
    let sessions = charter.sessions().unwrap();
    assert_eq!(sessions.tunnels, Permission::Refused);
    Grant {
        instances: sessions.instances.clone(),
        documents: sessions.documents.clone(),
        keys: vec![KeyRef::parse(ALIAS, &scope("eu-central-1")).unwrap()],
        bearer,
    }
}

fn composed(lines: &str, bearer: Bearer) -> Product {
    compose(&grant(lines, bearer), &place(&["eu-central-1"])).unwrap()
}

/// Whether somebody with this policy alone may make the call.
fn may(
    lines: &str,
    bearer: Bearer,
    action: &str,
    resource: &str,
    keys: &[(&str, &str)],
) -> Outcome {
    may_in(lines, bearer, action, resource, &context(keys))
}

fn may_in(lines: &str, bearer: Bearer, action: &str, resource: &str, context: &Context) -> Outcome {
    let product = composed(lines, bearer);
    Trial::of(&product.papers[0], Kind::Identity).alone(action, resource, context)
}

const BEARERS: [Bearer; 3] = [Bearer::User, Bearer::Role, Bearer::PermissionSet];

/// Sees the instance's tags as both keys do.
fn tagged<'a>(key: &'a str, value: &'a str) -> [(String, &'a str); 2] {
    ["ssm:resourceTag", "aws:ResourceTag"].map(|prefix| (format!("{prefix}/{key}"), value))
}

fn start(
    lines: &str,
    bearer: Bearer,
    resource: &str,
    tag: (&str, &str),
    more: &[(&str, &str)],
) -> Outcome {
    let tags = tagged(tag.0, tag.1);
    let tags = tags.iter().map(|(key, value)| (key.as_str(), *value));
    let keys: Vec<_> = tags.chain(more.iter().copied()).collect();
    may(lines, bearer, "ssm:StartSession", resource, &keys)
}

#[test]
fn the_policies_read_as_they_should() {
    for (name, lines) in [("arn", ARN), ("tag", TAG), ("abac", ABAC)] {
        let product = composed(lines, Bearer::PermissionSet);
        assert_eq!(
            product.papers[0].name,
            format!("start-session-{name}-permission-set")
        );
        insta::assert_snapshot!(name, product.papers[0].text());
    }
}

#[test]
fn sessions_by_arn_reach_the_instances_that_are_named() {
    for bearer in BEARERS {
        let on = |resource| may(ARN, bearer, "ssm:StartSession", resource, &[]);
        assert_eq!(on(WEB), Allowed);
        for other in [
            "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef1",
            "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0",
            NODE,
            "arn:aws:ecs:eu-central-1:123456789012:task/cluster/0123456789abcdef0",
        ] {
            assert_eq!(on(other), ImplicitlyDenied, "{other}");
        }
    }
}

#[test]
fn sessions_by_tag_reach_instances_and_nodes_that_carry_it() {
    for bearer in BEARERS {
        for resource in [WEB, NODE] {
            let on = |key, value| start(TAG, bearer, resource, (key, value), &[]);
            assert_eq!(on("SessionAccess", "web"), Allowed);
            assert_eq!(on("SessionAccess", "batch-7"), Allowed);
            for (key, value) in [
                ("SessionAccess", "web2"),
                ("SessionAccess", "Web"),
                ("SessionAccess", ""),
                ("Name", "web"),
            ] {
                assert_eq!(on(key, value), ImplicitlyDenied, "{key}={value}");
            }
        }
        let foreign = "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0";
        let found = start(TAG, bearer, foreign, ("SessionAccess", "web"), &[]);
        assert_eq!(found, ImplicitlyDenied);
        let elsewhere = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
        let found = start(TAG, bearer, elsewhere, ("SessionAccess", "web"), &[]);
        assert_eq!(found, ImplicitlyDenied);
    }
}

#[test]
fn sessions_by_attribute_reach_instances_of_ones_own_team() {
    for bearer in BEARERS {
        let on =
            |instance, more: &[(&str, &str)]| start(ABAC, bearer, WEB, ("Team", instance), more);
        let red = [("aws:PrincipalTag/team", "red")];
        assert_eq!(on("red", &red), Allowed);
        assert_eq!(on("blue", &red), ImplicitlyDenied);
        assert_eq!(on("Red", &red), ImplicitlyDenied);
        assert_eq!(on("red", &[]), ImplicitlyDenied);
        // A tag is a text, never a pattern.
        assert_eq!(
            on("red", &[("aws:PrincipalTag/team", "*")]),
            ImplicitlyDenied
        );
        let untagged = may(ABAC, bearer, "ssm:StartSession", WEB, &red);
        assert_eq!(untagged, ImplicitlyDenied);
    }
}

#[test]
fn sessions_use_the_documents_that_are_named_and_no_other() {
    for lines in [ARN, TAG, ABAC] {
        for bearer in BEARERS {
            let with = |resource| may(lines, bearer, "ssm:StartSession", resource, &[]);
            assert_eq!(with(DOCUMENT), Allowed);
            for other in [
                "arn:aws:ssm:eu-central-1:123456789012:document/Own",
                "arn:aws:ssm:eu-central-1:111122223333:document/SSM-SessionManagerRunShell",
                "arn:aws:ssm:us-east-1:123456789012:document/SSM-SessionManagerRunShell",
                "arn:aws:ssm:eu-central-1::document/AWS-StartSSHSession",
                "arn:aws:ssm:eu-central-1::document/AWS-StartInteractiveCommand",
            ] {
                assert_eq!(with(other), ImplicitlyDenied, "{other}");
            }
        }
    }
}

#[test]
fn without_the_check_of_documents_no_session_starts() {
    for (check, expected) in [("true", Allowed), ("false", ImplicitlyDenied)] {
        let check = [("ssm:SessionDocumentAccessCheck", check)];
        let user = Bearer::User;
        assert_eq!(may(ARN, user, "ssm:StartSession", WEB, &check), expected);
        assert_eq!(
            may(ARN, user, "ssm:StartSession", DOCUMENT, &check),
            expected
        );
    }
}

#[test]
fn documents_of_aws_are_named_without_an_account() {
    let lines = format!("{TAG}\ndocuments = [\"AWS-PasswordReset\", \"Own\"]");
    let with = |resource| may(&lines, Bearer::Role, "ssm:StartSession", resource, &[]);
    assert_eq!(
        with("arn:aws:ssm:eu-central-1::document/AWS-PasswordReset"),
        Allowed
    );
    assert_eq!(
        with("arn:aws:ssm:eu-central-1:123456789012:document/Own"),
        Allowed
    );
    assert_eq!(with(DOCUMENT), ImplicitlyDenied);
}

#[test]
fn only_ones_own_sessions_are_ended_and_resumed() {
    // Sessions are called after the user or the role session; what is compared is the id of whoever started them.
    for (bearer, userid, session) in [
        (Bearer::User, "AIDAANN", "ann-0123456789abcdef0"),
        (Bearer::Role, "AROAONE:ann", "ann-0123456789abcdef0"),
        (
            Bearer::PermissionSet,
            "AROATWO:ann@example.com",
            "ann@example.com-0123456789abcdef0",
        ),
    ] {
        let session = format!("arn:aws:ssm:eu-central-1:123456789012:session/{session}");
        let tag = "ssm:resourceTag/aws:ssmmessages:session-id";
        for action in ["ssm:TerminateSession", "ssm:ResumeSession"] {
            let of = |owner: &str| {
                may(
                    TAG,
                    bearer,
                    action,
                    &session,
                    &[("aws:userid", userid), (tag, owner)],
                )
            };
            assert_eq!(of(userid), Allowed);
            assert_eq!(of("AIDAANNMARIE"), ImplicitlyDenied);
            assert_eq!(of("AROAONE:ann-marie"), ImplicitlyDenied);
            assert_eq!(of("*"), ImplicitlyDenied);
            let untagged = may(TAG, bearer, action, &session, &[("aws:userid", userid)]);
            assert_eq!(untagged, ImplicitlyDenied);
            let mut unknown = context(&[("aws:userid", userid)]);
            unknown.set_unknown(tag);
            assert_eq!(may_in(TAG, bearer, action, &session, &unknown), Conditional);
        }
    }
}

#[test]
fn what_a_session_needs_besides_is_allowed() {
    let may = |action, resource| may(TAG, Bearer::Role, action, resource, &[]);
    let session = "arn:aws:ssm:eu-central-1:123456789012:session/ann-0123456789abcdef0";
    assert_eq!(may("ssmmessages:OpenDataChannel", session), Allowed);
    for action in [
        "ssm:DescribeSessions",
        "ssm:GetConnectionStatus",
        "ssm:DescribeInstanceProperties",
        "ec2:DescribeInstances",
    ] {
        assert_eq!(may(action, "*"), Allowed, "{action}");
    }
}

#[test]
fn the_session_key_is_allowed_by_its_arn_or_by_its_alias() {
    let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let generate = "kms:GenerateDataKey";
    let aliases = |aliases: &[&str]| {
        let mut context = context(&[]);
        context.set_all("kms:ResourceAliases", aliases.iter().copied());
        may_in(TAG, Bearer::User, generate, key, &context)
    };
    assert_eq!(aliases(&["alias/other", ALIAS]), Allowed);
    assert_eq!(aliases(&["alias/other"]), ImplicitlyDenied);
    assert_eq!(aliases(&[]), ImplicitlyDenied);
    let grant = Grant {
        keys: vec![KeyRef::parse(key, &scope("eu-central-1")).unwrap()],
        ..grant(TAG, Bearer::User)
    };
    let product = compose(&grant, &place(&["eu-central-1"])).unwrap();
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    assert_eq!(trial.alone(generate, key, &context(&[])), Allowed);
    let other = "arn:aws:kms:eu-central-1:123456789012:key/00000000-12ab-34cd-56ef-1234567890ab";
    assert_eq!(
        trial.alone(generate, other, &context(&[])),
        ImplicitlyDenied
    );
    assert_eq!(
        trial.alone("kms:Decrypt", key, &context(&[])),
        ImplicitlyDenied
    );
}

#[test]
fn nothing_else_is_allowed() {
    for (action, resource) in [
        ("ssm:SendCommand", WEB),
        (
            "ssm:SendCommand",
            "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
        ),
        ("ssm:UpdateDocument", DOCUMENT),
        (
            "ssm:CreateDocument",
            "arn:aws:ssm:eu-central-1:123456789012:document/Own",
        ),
        ("ssm:StartAutomationExecution", "*"),
        ("ec2:CreateTags", WEB),
        ("ssm:AddTagsToResource", NODE),
        (
            "logs:DeleteLogGroup",
            "arn:aws:logs:eu-central-1:123456789012:log-group:/session-manager",
        ),
        ("ecs:ExecuteCommand", "*"),
    ] {
        for lines in [ARN, TAG, ABAC] {
            let keys = [
                ("ssm:resourceTag/SessionAccess", "web"),
                ("aws:ResourceTag/Team", "red"),
                ("aws:PrincipalTag/team", "red"),
            ];
            let found = may(lines, Bearer::Role, action, resource, &keys);
            assert_eq!(found, ImplicitlyDenied, "{action} {resource} {lines}");
        }
    }
}

#[test]
fn notes_say_who_decides_and_what_does_not_work() {
    let notes = |lines, bearer| composed(lines, bearer).notes;
    assert_eq!(notes(ARN, Bearer::User), []);
    assert_eq!(notes(ARN, Bearer::Role), [Note::UntaggedSessions]);
    let instances = |key: &str| Note::InstanceTags {
        key: key.to_owned(),
    };
    assert_eq!(notes(TAG, Bearer::User), [instances("SessionAccess")]);
    let key = "team".to_owned();
    assert_eq!(
        notes(ABAC, Bearer::PermissionSet),
        [
            Note::SessionTags { key },
            instances("Team"),
            Note::UntaggedSessions
        ]
    );
    let (key, bearer) = ("team".to_owned(), "user");
    assert_eq!(
        notes(ABAC, Bearer::User),
        [Note::PrincipalTags { key, bearer }, instances("Team")]
    );
    let ssh = Grant {
        documents: vec![DocumentName::parse("AWS-StartSSHSession").unwrap()],
        ..grant(ARN, Bearer::User)
    };
    let document = "AWS-StartSSHSession".to_owned();
    let product = compose(&ssh, &place(&["eu-central-1"])).unwrap();
    assert_eq!(product.notes, [Note::Unrecorded { document }]);
}

fn of_two_accounts() -> Place {
    let accounts = [ACCOUNT, "111122223333"].map(|id| AccountId::parse(id).unwrap());
    Place {
        accounts: Accounts::These(accounts.to_vec()),
        ..place(&["eu-central-1"])
    }
}

#[test]
fn of_several_accounts_each_caller_reaches_his_own() {
    for lines in [ARN, TAG, ABAC] {
        let product = compose(&grant(lines, Bearer::PermissionSet), &of_two_accounts()).unwrap();
        assert!(product.notes.contains(&Note::CallersAccount));
        let trial = Trial::of(&product.papers[0], Kind::Identity);
        for (account, other) in [(ACCOUNT, "111122223333"), ("111122223333", ACCOUNT)] {
            let caller = context(&[("aws:PrincipalAccount", account)]);
            for (owner, expected) in [(account, Allowed), (other, ImplicitlyDenied)] {
                let document = DOCUMENT.replace(ACCOUNT, owner);
                let outcome = trial.alone("ssm:StartSession", &document, &caller);
                assert_eq!(outcome, expected, "{owner} {lines}");
            }
        }
    }
}

/// AWS Config has nothing to show of whoever carries such a policy, whatever the pattern.
#[test]
fn the_rule_on_sessions_is_satisfied() {
    let set = "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef";
    for lines in [ARN, TAG, ABAC] {
        let text = format!(
            "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n[sessions]\n{lines}"
        );
        let scope = scope("eu-central-1");
        let charter = Charter::parse_for(&text, &scope).unwrap();
        let terms = Terms::of(&charter, &scope, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
        for (composed_for, kind, name) in [
            (Bearer::User, BearerKind::User, "user/ann"),
            (Bearer::User, BearerKind::Group, "group/developers"),
            (Bearer::Role, BearerKind::Role, "role/developer"),
            (Bearer::PermissionSet, BearerKind::Role, set),
        ] {
            for place in [place(&["eu-central-1"]), of_two_accounts()] {
                let product = compose(&grant(lines, composed_for), &place).unwrap();
                let policy = &product.papers[0].value;
                let found = session_access::judge(&bearer(kind, name, &[policy]), &terms);
                assert_eq!(found, [], "{name} {lines}");
            }
        }
    }
}
