use std::error::Error as _;

use serde_json::json;

use super::*;
use crate::names::{AccountId, Partition};

const CHARTER: &str = include_str!("../../../../charter.toml");
const BASELINE: &str = include_str!("../../../../SessionManagerRunShell.json");

fn scope(region: &str) -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse(region).unwrap(),
    }
}

fn own(function: Option<&str>) -> OwnIdentity {
    OwnIdentity {
        role: RoleArn::parse("arn:aws:iam::123456789012:role/guard").unwrap(),
        function: function.map(str::to_owned),
    }
}

fn mandate(charter: &str, baseline: &str) -> Result<Mandate, MandateError> {
    let packed_at = "2026-11-01T00:00:00Z".parse().unwrap();
    Mandate::new(
        Package {
            charter,
            baseline,
            packed_at,
        },
        scope("eu-central-1"),
        own(None),
    )
}

#[test]
fn the_example_at_the_root_is_a_mandate_that_nothing_warns_of() {
    let mandate = mandate(CHARTER, BASELINE).unwrap();
    assert_eq!(mandate.charter().warnings(mandate.baseline()), []);
    assert_eq!(
        mandate.charter().baseline_file(),
        "SessionManagerRunShell.json"
    );
    assert_eq!(
        mandate.baseline().input("kmsKeyId").as_deref(),
        Some("arn:aws:kms:eu-central-1:123456789012:alias/session-manager")
    );
    assert_eq!(mandate.baseline_hash(), mandate.baseline().meaning_hash());
    let editor = Principal::from_user_identity(&json!({
        "type": "AssumedRole",
        "sessionContext": { "sessionIssuer": { "arn": "arn:aws:iam::123456789012:role/session-editors" } }
    }));
    assert!(
        mandate
            .charter()
            .editor(&editor, mandate.packed_at())
            .is_editor()
    );
    assert_eq!(mandate.suspension_at(mandate.packed_at()), None);
}

#[test]
fn a_region_that_the_charter_does_not_name_is_refused() {
    let package = Package {
        charter: CHARTER,
        baseline: BASELINE,
        packed_at: Timestamp::UNIX_EPOCH,
    };
    let error = Mandate::new(package, scope("us-east-1"), own(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the charter does not name the Region `us-east-1`, but eu-central-1"
    );
}

#[test]
fn errors_of_charter_and_baseline_are_kept_as_sources() {
    let error = mandate("mode = 1", BASELINE).unwrap_err();
    assert_eq!(error.to_string(), "the charter has errors");
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .starts_with("1:1: regions: missing")
    );
    let error = mandate(CHARTER, "[]").unwrap_err();
    assert_eq!(error.to_string(), "the baseline is no preferences document");
    assert_eq!(
        error.source().unwrap().to_string(),
        "the content is a list, expected an object"
    );
}

#[test]
fn a_baseline_below_its_own_floor_is_refused_with_every_reason() {
    let baseline = BASELINE
        .replace(
            "\"cloudWatchEncryptionEnabled\": true",
            "\"cloudWatchEncryptionEnabled\": false",
        )
        .replace("\"schemaVersion\": \"1.0\"", "\"schemaVersion\": \"2.2\"")
        .replace("\"15\"", "\"45\"");
    assert_eq!(
        mandate(CHARTER, &baseline).unwrap_err().to_string(),
        "the baseline is below the floor: `schemaVersion` must be `1.0`; \
         `cloudWatchEncryptionEnabled` must be `true` and is `false`; \
         `idleSessionTimeout` must be at most 30 minutes and is `45`"
    );
}

#[test]
fn a_baseline_holds_only_known_placeholders_but_for_shell_text() {
    let shell = BASELINE.replace(
        "\"linux\": \"\"",
        "\"linux\": \"cd ${HOME}; echo ${account}\"",
    );
    let mandate_with_shell = mandate(CHARTER, &shell).unwrap();
    assert_eq!(
        mandate_with_shell
            .baseline()
            .input("shellProfile.linux")
            .as_deref(),
        Some("cd ${HOME}; echo 123456789012")
    );
    for (old, field) in [
        ("\"s3KeyPrefix\": \"\"", "inputs.s3KeyPrefix"),
        (
            "\"description\": \"Document to hold regional settings for Session Manager\"",
            "description",
        ),
    ] {
        let key = old.split(':').next().unwrap();
        let baseline = BASELINE.replace(old, &format!("{key}: \"${{regoin}}/x\""));
        assert_eq!(
            mandate(CHARTER, &baseline).unwrap_err().to_string(),
            format!("`{field}` of the baseline holds the unknown placeholder `${{regoin}}`")
        );
    }
}

#[test]
fn what_is_filled_in_is_checked_again() {
    // Fits with a short Region, not with a long one: 64 characters at most.
    let name = format!("{}${{region}}", "x".repeat(50));
    let charter = format!(
        "mode = \"revert\"\nregions = [\"eu-central-1\", \"ap-southeast-12\"]\n\
         [[editor]]\nrole = \"arn:aws:iam::${{account}}:role/{name}\"\nreason = \"x\"\n"
    );
    assert!(check(&charter, BASELINE, &scope("eu-central-1")).is_ok());
    let error = check(&charter, BASELINE, &scope("ap-southeast-12")).unwrap_err();
    assert!(matches!(error, MandateError::Charter(_)), "{error}");
}

#[test]
fn the_guards_own_role_is_no_editor() {
    let charter = format!(
        "{CHARTER}\n[[editor]]\nrole = \"arn:aws:iam::${{account}}:role/guard\"\nreason = \"x\"\nmfa = true\n"
    );
    let error = mandate(&charter, BASELINE).unwrap_err();
    assert!(matches!(error, MandateError::OwnEditor { .. }), "{error}");
}

fn call(role: &str, function: Option<&str>) -> Principal {
    Principal::from_user_identity(&json!({
        "type": "AssumedRole",
        "sessionContext": { "sessionIssuer": { "arn": role } },
        "inScopeOf": { "credentialsIssuedTo": function }
    }))
}

#[test]
fn our_own_calls_are_known_by_role_and_function() {
    let role = "arn:aws:iam::123456789012:role/guard";
    let function = "arn:aws:lambda:eu-central-1:123456789012:function:guard";
    let aliased = format!("{function}:live");
    let other = "arn:aws:lambda:eu-central-1:123456789012:function:guard2";
    for (ours, role, theirs, expected) in [
        (Some(function), role, Some(function), true),
        (Some(aliased.as_str()), role, Some(function), true),
        (Some(function), role, Some(aliased.as_str()), true),
        (Some(function), role, None, true),
        (None, role, Some(function), true),
        (Some(function), role, Some(other), false),
        (
            Some(function),
            "arn:aws:iam::123456789012:role/x/guard",
            Some(function),
            false,
        ),
        (None, "arn:aws:iam::111122223333:role/guard", None, false),
    ] {
        assert_eq!(
            own(ours).is(&call(role, theirs)),
            expected,
            "{ours:?} {role} {theirs:?}"
        );
    }
    let user = Principal::from_user_identity(&json!({
        "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/guard"
    }));
    assert!(!own(None).is(&user));
}

#[test]
fn the_guard_is_known_by_the_names_of_its_templates() {
    let scope = Scope {
        partition: Partition::parse("aws-cn").unwrap(),
        ..scope("cn-north-1")
    };
    let guard = OwnIdentity::of_guard(&scope).unwrap();
    assert_eq!(
        guard.role.as_str(),
        "arn:aws-cn:iam::123456789012:role/session-guard-preferences-guard-cn-north-1"
    );
    assert_eq!(
        guard.function.as_deref(),
        Some("arn:aws-cn:lambda:cn-north-1:123456789012:function:preferences-guard")
    );
}
