use super::*;
use crate::access::Outcome::{self, Allowed, ExplicitlyDenied};
use crate::compose::trial::{DOCUMENT, Trial, bearer, charter, context, everything, place, scope};
use crate::inventory::BearerKind;
use crate::policy::Kind;
use crate::rules::{Terms, preferences_access};

const SET: &str = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com";

const EDITORS: &str = r#"
    [[editor]]
    role = "arn:${partition}:iam::${account}:role/session-editors"
    reason = "the platform team"
    [[editor]]
    user = "arn:aws:iam::123456789012:user/people/alice"
    reason = "break glass"
    [[editor]]
    permission-set = "Admin"
    reason = "on call"
"#;

fn guard_roles() -> Vec<String> {
    vec![
        "session-guard-preferences-guard-eu-central-1".to_owned(),
        "session-guard-preferences-guard-us-east-1".to_owned(),
    ]
}

fn composed(editors: &str, form: Form) -> Product {
    let place = place(&["eu-central-1", "us-east-1"]);
    compose(&charter(editors), &place, &guard_roles(), form).unwrap()
}

/// What becomes of a call by somebody whom nothing else holds back.
fn outcome(editors: &str, form: Form, action: &str, keys: &[(&str, &str)]) -> Outcome {
    let product = composed(editors, form);
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    match form {
        Form::Identity => trial.beside_everything(action, DOCUMENT, &context(keys)),
        Form::Scp => trial.in_organization(action, DOCUMENT, &context(keys)),
    }
}

fn by(principal: &str) -> [(&str, &str); 1] {
    [("aws:PrincipalArn", principal)]
}

#[test]
fn the_policy_reads_as_it_should() {
    insta::assert_snapshot!(composed(EDITORS, Form::Identity).papers[0].text());
}

#[test]
fn a_stranger_is_denied_each_call_and_an_editor_none() {
    let strangers = [
        "arn:aws:iam::123456789012:role/somebody",
        "arn:aws:iam::123456789012:role/team/session-editors",
        "arn:aws:iam::123456789012:role/session-editors2",
        "arn:aws:iam::111122223333:role/session-editors",
        "arn:aws:iam::123456789012:user/session-editors",
        "arn:aws:iam::123456789012:user/alice",
        "arn:aws:iam::123456789012:root",
        "arn:aws:sts::123456789012:federated-user/alice",
        "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-west-1",
        &format!("{SET}/AWSReservedSSO_Admin_Intern_0123456789abcdef"),
        &format!("{SET}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef0"),
        &format!("{SET}/AWSReservedSSO_x_AWSReservedSSO_Admin_0123456789abcdef"),
        "arn:aws:iam::123456789012:role/AWSReservedSSO_Admin_0123456789abcdef",
    ];
    let editors = [
        "arn:aws:iam::123456789012:role/session-editors",
        "arn:aws:iam::123456789012:user/people/alice",
        "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-central-1",
        "arn:aws:iam::123456789012:role/session-guard-preferences-guard-us-east-1",
        &format!("{SET}/AWSReservedSSO_Admin_0123456789abcdef"),
        &format!("{SET}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"),
    ];
    for form in [Form::Identity, Form::Scp] {
        for action in CHANGING_ACTIONS {
            for principal in strangers {
                let found = outcome(EDITORS, form, action, &by(principal));
                assert_eq!(found, ExplicitlyDenied, "{form:?} {action} {principal}");
            }
            for principal in editors {
                let found = outcome(EDITORS, form, action, &by(principal));
                assert_eq!(found, Allowed, "{form:?} {action} {principal}");
            }
        }
    }
}

#[test]
fn every_region_is_covered_and_nothing_else_is() {
    let product = composed(EDITORS, Form::Identity);
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    let stranger = context(&by("arn:aws:iam::123456789012:role/somebody"));
    let change = |action, resource| trial.beside_everything(action, resource, &stranger);
    let elsewhere = "arn:aws:ssm:ap-south-1:123456789012:document/SSM-SessionManagerRunShell";
    assert_eq!(change("ssm:UpdateDocument", elsewhere), ExplicitlyDenied);
    let other = "arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell2";
    assert_eq!(change("ssm:UpdateDocument", other), Allowed);
    for read in [
        "ssm:GetDocument",
        "ssm:DescribeDocument",
        "ssm:StartSession",
    ] {
        assert_eq!(change(read, DOCUMENT), Allowed, "{read}");
    }
}

/// Nobody gets round the denial by having no such key.
#[test]
fn whoever_has_no_arn_is_denied() {
    assert_eq!(
        outcome(EDITORS, Form::Identity, "ssm:UpdateDocument", &[]),
        ExplicitlyDenied
    );
}

const LIMITED: &str = r#"
    [[editor]]
    role = "arn:aws:iam::${account}:role/timed"
    until = 2027-01-01T00:00:00Z
    reason = "x"
    [[editor]]
    user = "arn:aws:iam::${account}:user/alice"
    mfa = true
    unique-id = "AIDAONE"
    reason = "x"
    [[editor]]
    role = "arn:aws:iam::${account}:role/deployer"
    via = ["cloudformation.amazonaws.com"]
    unique-id = "AROAONE"
    reason = "x"
    [[editor]]
    permission-set = "Catalog"
    via = ["servicecatalog.amazonaws.com"]
    reason = "x"
"#;

#[test]
fn limits_of_editors_hold_too() {
    let update = |keys: &[(&str, &str)]| outcome(LIMITED, Form::Scp, "ssm:UpdateDocument", keys);
    let timed = ("aws:PrincipalArn", "arn:aws:iam::123456789012:role/timed");
    for (now, expected) in [
        ("2026-12-31T23:59:59Z", Allowed),
        ("2027-01-01T00:00:00Z", ExplicitlyDenied),
    ] {
        assert_eq!(
            update(&[timed, ("aws:CurrentTime", now)]),
            expected,
            "{now}"
        );
    }
    let alice = ("aws:PrincipalArn", "arn:aws:iam::123456789012:user/alice");
    let id = ("aws:userid", "AIDAONE");
    let factor = ("aws:MultiFactorAuthPresent", "true");
    assert_eq!(update(&[alice, id, factor]), Allowed);
    assert_eq!(
        update(&[alice, ("aws:userid", "AIDATWO"), factor]),
        ExplicitlyDenied
    );
    assert_eq!(
        update(&[alice, id, ("aws:MultiFactorAuthPresent", "false")]),
        ExplicitlyDenied
    );
    assert_eq!(update(&[alice, id]), ExplicitlyDenied);
    let deployer = (
        "aws:PrincipalArn",
        "arn:aws:iam::123456789012:role/deployer",
    );
    let session = ("aws:userid", "AROAONE:me");
    let via = |service| ("aws:CalledViaLast", service);
    assert_eq!(
        update(&[deployer, session, via("cloudformation.amazonaws.com")]),
        Allowed
    );
    assert_eq!(update(&[deployer, session]), ExplicitlyDenied);
    assert_eq!(
        update(&[deployer, session, via("athena.amazonaws.com")]),
        ExplicitlyDenied
    );
    let impostor = ("aws:userid", "AROATWO:me");
    assert_eq!(
        update(&[deployer, impostor, via("cloudformation.amazonaws.com")]),
        ExplicitlyDenied
    );
    let set = format!("{SET}/AWSReservedSSO_Catalog_0123456789abcdef");
    let catalog = ("aws:PrincipalArn", set.as_str());
    assert_eq!(update(&[catalog, ("aws:ViaAWSService", "true")]), Allowed);
    assert_eq!(
        update(&[catalog, ("aws:ViaAWSService", "false")]),
        ExplicitlyDenied
    );
    // The guard knows no limits.
    let guard = by("arn:aws:iam::123456789012:role/session-guard-preferences-guard-us-east-1");
    assert_eq!(update(&guard), Allowed);
}

#[test]
fn what_a_policy_cannot_say_is_said_beside_it() {
    let notes = composed(LIMITED, Form::Scp).notes;
    let who = "permission set `Catalog`".to_owned();
    let services = vec!["servicecatalog.amazonaws.com".to_owned()];
    assert_eq!(notes, [Note::ScpReach, Note::ViaUntold { who, services }]);
    let wide = "[[editor]]\nrole = \"arn:aws:iam::${account}:role/*/editor\"\nreason = \"x\"";
    let who = "role `arn:aws:iam::${account}:role/*/editor`".to_owned();
    assert_eq!(
        composed(wide, Form::Identity).notes,
        [Note::BindsOnlyBearers, Note::PathWildcard { who }]
    );
    assert_eq!(
        composed("", Form::Identity).notes,
        [Note::BindsOnlyBearers, Note::NoEditors]
    );
}

/// Of two entries the one without limits lets the principal, as in the charter.
#[test]
fn an_entry_without_limits_frees_whom_it_names_from_those_of_another() {
    let editors = r#"
        [[editor]]
        role = "arn:aws:iam::${account}:role/teams/*/editor"
        mfa = true
        reason = "x"
        [[editor]]
        role = "arn:aws:iam::${account}:role/teams/red/editor"
        reason = "x"
    "#;
    let update = |role| outcome(editors, Form::Identity, "ssm:UpdateDocument", &by(role));
    assert_eq!(
        update("arn:aws:iam::123456789012:role/teams/red/editor"),
        Allowed
    );
    assert_eq!(
        update("arn:aws:iam::123456789012:role/teams/blue/editor"),
        ExplicitlyDenied
    );
}

#[test]
fn a_service_control_policy_for_any_account_excepts_each_accounts_own_editors() {
    let any = Place {
        accounts: Accounts::Any,
        ..place(&["eu-central-1"])
    };
    let product = compose(&charter(EDITORS), &any, &guard_roles(), Form::Scp).unwrap();
    assert!(product.notes.contains(&Note::AnyAccount));
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    let there = "arn:aws:ssm:eu-central-1:111122223333:document/SSM-SessionManagerRunShell";
    let update = |role| trial.in_organization("ssm:UpdateDocument", there, &context(&by(role)));
    assert_eq!(
        update("arn:aws:iam::111122223333:role/session-editors"),
        Allowed
    );
    assert_eq!(
        update("arn:aws:iam::111122223333:role/somebody"),
        ExplicitlyDenied
    );
    // Written out in the charter, alice is alice of that account alone.
    assert_eq!(
        update("arn:aws:iam::111122223333:user/people/alice"),
        ExplicitlyDenied
    );
}

#[test]
fn too_many_editors_are_refused_with_both_numbers() {
    let editor = |number| {
        let name = format!("teams/{number:02}/a-rather-long-name-of-a-role");
        format!("[[editor]]\nrole = \"arn:aws:iam::123456789012:role/{name}\"\nreason = \"x\"")
    };
    let editors: Vec<_> = (0..65).map(editor).collect();
    let editors = editors.join("\n");
    let place = place(&["eu-central-1"]);
    let error = |form| compose(&charter(&editors), &place, &guard_roles(), form).unwrap_err();
    assert_eq!(
        error(Form::Scp).to_string(),
        "`deny-preferences-scp` has 5191 characters, more than the 5120 of a service control policy: leave out Regions, \
         accounts or principals, or make several"
    );
    assert!(compose(&charter(&editors), &place, &guard_roles(), Form::Identity).is_ok());
}

/// Whoever may do everything can change nothing with the policy beside it, and AWS Config has nothing to show.
#[test]
fn the_rule_on_preferences_is_satisfied() {
    let sessions = "[sessions]\nabac = { key = \"Team\" }\n";
    let text = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\", \"us-east-1\"]\nconfig-region = \"us-east-1\"\n{EDITORS}{sessions}"
    );
    let scope = scope("us-east-1");
    let charter = Charter::parse_for(&text, &scope).unwrap();
    let terms = Terms::of(&charter, &scope, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
    let deny = composed(EDITORS, Form::Identity).papers.remove(0).value;
    for (kind, name) in [
        (BearerKind::Role, "role/admin"),
        (BearerKind::User, "user/alice"),
    ] {
        let judge = |policies: &[&serde_json::Value]| {
            preferences_access::judge(&bearer(kind, name, policies), &terms)
        };
        assert_ne!(judge(&[&everything()]), [], "{name}");
        assert_eq!(judge(&[&everything(), &deny]), [], "{name}");
    }
}
