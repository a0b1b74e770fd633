use serde_json::json;

use super::*;
use crate::charter::Charter;
use crate::names::{AccountId, Partition, Region};

const NOW: &str = "2026-11-01T12:00:00Z";

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

fn charter(editors: &str) -> Charter {
    let text = format!("mode = \"revert\"\nregions = [\"eu-central-1\"]\n{editors}");
    Charter::parse_for(&text, &scope()).unwrap()
}

fn session_of(role: &str) -> Principal {
    Principal::from_user_identity(&json!({
        "type": "AssumedRole",
        "arn": "arn:aws:sts::123456789012:assumed-role/editor/me",
        "sessionContext": {
            "sessionIssuer": { "type": "Role", "principalId": "AROAONE", "arn": role },
            "attributes": { "mfaAuthenticated": "false" }
        }
    }))
}

fn answer(charter: &Charter, principal: &Principal) -> Editorship {
    charter.editor(principal, NOW.parse().unwrap())
}

const EDITORS: &str = r#"
    [[editor]]
    role = "arn:${partition}:iam::${account}:role/teams/*/editor"
    reason = "teams"
    [[editor]]
    user = "arn:aws:iam::123456789012:user/alice"
    reason = "alice"
    [[editor]]
    permission-set = "Admin"
    reason = "admins"
    [[editor]]
    role = "arn:aws:iam::111122223333:role/elsewhere"
    reason = "the same charter is used there"
    [[editor]]
    role = "arn:aws:iam::123456789012:role/*/*/AWSServiceRoleForSupport"
    reason = "a pattern that reaches too far"
"#;

#[test]
fn an_editor_is_named_with_entry_and_reason() {
    let charter = charter(EDITORS);
    let editor = |entry, name: &str, reason: &str| Editorship::Editor {
        entry,
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    assert_eq!(
        answer(
            &charter,
            &session_of("arn:aws:iam::123456789012:role/teams/red/editor")
        ),
        editor(
            1,
            "role `arn:aws:iam::123456789012:role/teams/*/editor`",
            "teams"
        )
    );
    let alice = Principal::from_user_identity(&json!({
        "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/alice", "userName": "someone else"
    }));
    let named = "user `arn:aws:iam::123456789012:user/alice`";
    assert_eq!(answer(&charter, &alice), editor(2, named, "alice"));
    let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef";
    assert_eq!(
        answer(&charter, &session_of(role)),
        editor(3, "permission set `Admin`", "admins")
    );
}

#[test]
fn nobody_else_is_an_editor() {
    let charter = charter(EDITORS);
    for role in [
        "arn:aws:iam::123456789012:role/editor",
        "arn:aws:iam::123456789012:role/teams/editor",
        "arn:aws:iam::123456789012:role/teams/red/blue/editor",
        "arn:aws:iam::111122223333:role/teams/red/editor",
        "arn:aws:iam::111122223333:role/elsewhere",
        "arn:aws-cn:iam::123456789012:role/teams/red/editor",
        "arn:aws:iam::123456789012:role/alice",
        "arn:aws:iam::123456789012:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
        "arn:aws:iam::123456789012:role/AWSReservedSSO_Admin_0123456789abcdef",
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
    ] {
        assert_eq!(
            answer(&charter, &session_of(role)),
            Editorship::NotEditor { near: vec![] },
            "{role}"
        );
    }
}

#[test]
fn principals_without_an_own_arn_are_never_editors_whatever_else_they_show() {
    let charter = charter(EDITORS);
    let alice = "arn:aws:iam::123456789012:user/alice";
    for kind in [
        "Root",
        "FederatedUser",
        "IdentityCenterUser",
        "AWSService",
        "AWSAccount",
        "Role",
        "SAMLUser",
        "Unknown",
    ] {
        let principal = Principal::from_user_identity(&json!({
            "type": kind, "arn": alice, "userName": "alice", "accountId": "123456789012",
            "sessionContext": { "sessionIssuer": { "type": "IAMUser", "arn": alice } }
        }));
        assert_eq!(
            answer(&charter, &principal),
            Editorship::NotEditor { near: vec![] },
            "{kind}"
        );
    }
    let mut labelled = Principal::from_user_identity(&json!({ "type": "Root" }));
    labelled.label = alice.to_owned();
    assert!(!answer(&charter, &labelled).is_editor());
}

#[test]
fn a_charter_without_account_knows_no_editor() {
    let text = format!("mode = \"revert\"\nregions = [\"eu-central-1\"]\n{EDITORS}");
    let charter = Charter::parse(&text).unwrap();
    assert!(
        !answer(
            &charter,
            &session_of("arn:aws:iam::123456789012:role/teams/red/editor")
        )
        .is_editor()
    );
}

const LIMITED: &str = r#"
    [[editor]]
    role = "arn:aws:iam::${account}:role/editor"
    reason = "limited in every way"
    via = ["cloudformation.amazonaws.com"]
    mfa = true
    until = 2026-11-01T12:00:00Z
    unique-id = "AROATWO"
"#;

#[test]
fn a_near_miss_says_which_limits_were_not_met() {
    let charter = charter(LIMITED);
    let principal = session_of("arn:aws:iam::123456789012:role/editor");
    let Editorship::NotEditor { near } = answer(&charter, &principal) else {
        panic!("an editor")
    };
    let near: Vec<_> = near.iter().map(ToString::to_string).collect();
    assert_eq!(
        near,
        [
            "editor[1] names role `arn:aws:iam::123456789012:role/editor` but \
          only through cloudformation.amazonaws.com, and no service made the call, and \
          only with a second factor, which the session did not have, and \
          only until 2026-11-01T12:00:00Z, and \
          only the one with the id AROATWO, and this one has AROAONE"
        ]
    );
}

#[test]
fn every_limit_narrows_by_itself() {
    let charter = charter(LIMITED);
    let before: Timestamp = "2026-11-01T11:59:59Z".parse().unwrap();
    let mut fit = session_of("arn:aws:iam::123456789012:role/editor");
    fit.via = Some("cloudformation.amazonaws.com".to_owned());
    fit.mfa = Mfa::Yes;
    fit.identity = Identity::RoleSession {
        role: RoleArn::parse("arn:aws:iam::123456789012:role/editor").unwrap(),
        unique_id: Some("AROATWO".to_owned()),
    };
    assert!(charter.editor(&fit, before).is_editor());
    let without_id = Identity::RoleSession {
        role: RoleArn::parse("arn:aws:iam::123456789012:role/editor").unwrap(),
        unique_id: None,
    };
    for (what, at, unfit) in [
        ("late", NOW.parse().unwrap(), fit.clone()),
        (
            "by hand",
            before,
            Principal {
                via: None,
                ..fit.clone()
            },
        ),
        (
            "by another service",
            before,
            Principal {
                via: Some("ssm.amazonaws.com".into()),
                ..fit.clone()
            },
        ),
        (
            "without mfa",
            before,
            Principal {
                mfa: Mfa::NotRecorded,
                ..fit.clone()
            },
        ),
        (
            "without id",
            before,
            Principal {
                identity: without_id,
                ..fit.clone()
            },
        ),
    ] {
        let Editorship::NotEditor { near } = charter.editor(&unfit, at) else {
            panic!("{what}")
        };
        assert_eq!(near.len(), 1, "{what}");
        assert_eq!(near[0].unmet.len(), 1, "{what}");
    }
}

#[test]
fn an_entry_that_lets_the_principal_wins_over_one_that_nearly_does() {
    let charter = charter(&format!(
        "{LIMITED}\n[[editor]]\nrole = \"arn:${{partition}}:iam::${{account}}:role/teams/*/x\"\nreason = \"x\"\n\
         [[editor]]\nrole = \"arn:aws:iam::123456789012:role/teams/a/x\"\nreason = \"y\"\nmfa = true\n"
    ));
    let Editorship::Editor { entry, .. } = answer(
        &charter,
        &session_of("arn:aws:iam::123456789012:role/teams/a/x"),
    ) else {
        panic!("no editor")
    };
    assert_eq!(entry, 2);
}
