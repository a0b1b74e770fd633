use guard_core::facts::StoredParameter;
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::{KeepParameters, Parameter, ReadParameters};
use serde_json::{Value, json};

use super::parameters;
use crate::failure::chain;
use crate::test_service::{Service, error, ok};

const GUARD: &str = "arn:aws:sts::123456789012:assumed-role/session-guard/preferences-guard";

fn version(number: u64) -> Value {
    json!({"Version": number, "Value": format!("v{number}"), "LastModifiedUser": GUARD, "Type": "String"})
}

#[tokio::test]
async fn all_pages_of_a_history_are_read_and_put_in_order() {
    let service = Service::answering([
        ok(json!({"Parameters": [version(12), version(11)], "NextToken": "a"})),
        ok(json!({"Parameters": [version(10)]})),
    ]);
    let history = parameters(&service)
        .history(Parameter::Approvals)
        .await
        .unwrap();
    let expected = [10, 11, 12].map(|number| StoredParameter {
        version: number,
        value: format!("v{number}"),
        modified_by: GUARD.to_owned(),
    });
    assert_eq!(history, expected);
    let members = json!({"Name": "/session-guard/approved-preferences", "WithDecryption": false, "MaxResults": 50});
    assert_eq!(
        service.asked()[0],
        ("GetParameterHistory".to_owned(), members)
    );
    assert_eq!(service.asked()[1].1["NextToken"], "a");
}

#[tokio::test]
async fn a_parameter_that_was_never_written_has_no_history() {
    let service = Service::answering([error("ParameterNotFound")]);
    assert_eq!(
        parameters(&service)
            .history(Parameter::Notes)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn what_nobody_signed_counts_for_nobody() {
    let service = Service::answering([ok(json!({"Parameters": [{"Version": 1, "Value": "x"}]}))]);
    let history = parameters(&service)
        .history(Parameter::Notes)
        .await
        .unwrap();
    assert_eq!(history[0].modified_by, "");
}

#[tokio::test]
async fn a_missing_member_is_an_error_with_its_name() {
    for (answer, member) in [
        (json!({}), "Parameters"),
        (
            json!({"Parameters": [{"Value": "x"}]}),
            "Parameters.Version",
        ),
        (json!({"Parameters": [{"Version": 1}]}), "Parameters.Value"),
    ] {
        let service = Service::answering([ok(answer)]);
        let error = parameters(&service)
            .history(Parameter::Notes)
            .await
            .unwrap_err();
        assert!(
            chain(&error).ends_with(&format!("the answer lacks `{member}`")),
            "{}",
            chain(&error)
        );
        assert_eq!(error.class, FailureClass::Malformed);
    }
}

#[tokio::test]
async fn writing_answers_the_version_it_made() {
    let service = Service::answering([
        ok(json!({"Version": 13, "Tier": "Standard"})),
        ok(json!({})),
    ]);
    let parameters = parameters(&service);
    assert_eq!(
        parameters.put(Parameter::Approvals, "text").await.unwrap(),
        13
    );
    let members = json!({
        "Name": "/session-guard/approved-preferences", "Value": "text", "Type": "String", "Overwrite": true,
        "Tier": "Intelligent-Tiering"
    });
    assert_eq!(service.asked(), [("PutParameter".to_owned(), members)]);
    let error = parameters
        .put(Parameter::Approvals, "text")
        .await
        .unwrap_err();
    assert!(
        chain(&error).ends_with("the answer lacks `Version`"),
        "{}",
        chain(&error)
    );
}

#[tokio::test(start_paused = true)]
async fn failures_are_sorted_and_name_the_parameter() {
    for (code, class) in [
        ("AccessDeniedException", FailureClass::Denied),
        ("ThrottlingException", FailureClass::Throttled),
        ("TooManyUpdates", FailureClass::Throttled),
        ("ParameterMaxVersionLimitExceeded", FailureClass::Malformed),
    ] {
        let service = Service::answering(std::iter::repeat_n(error(code), 3));
        let error = parameters(&service)
            .put(Parameter::Notes, "text")
            .await
            .unwrap_err();
        assert_eq!(error.class, class, "{code}");
        assert_eq!(error.to_string(), "failed to write `/session-guard/notes`");
    }
}
