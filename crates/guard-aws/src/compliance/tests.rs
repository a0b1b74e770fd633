use guard_core::rule_event::{Token, Weight};
use guard_core::rules::{Evaluation, Resource};
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::{Answer, AnswerConfig, Page, ReadItems, Reported};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answers, Client, Items};
use crate::failure::chain;
use crate::test_service::{Service, error, ok};

fn answers(service: &Service) -> Answers {
    Answers {
        client: Client::new(&service.sdk()),
    }
}

fn items(service: &Service) -> Items {
    Items {
        client: Client::new(&service.sdk()),
    }
}

fn at() -> Timestamp {
    "2026-01-15T02:03:04.5Z".parse().unwrap()
}

fn role(id: &str) -> Resource {
    Resource::new("AWS::IAM::Role", id)
}

fn token(value: &str, weight: Weight) -> Token {
    Token {
        value: value.to_owned(),
        weight,
    }
}

async fn put(service: &Service, token: &Token) -> Result<Vec<Resource>, PortError> {
    let evaluations = [
        Evaluation::new(role("AROA1"), Vec::new()),
        Evaluation::not_applicable(role("AROA2"), "it is deleted"),
    ];
    let answer = Answer {
        token,
        at: at(),
        evaluations: &evaluations,
    };
    answers(service).put_evaluations(answer).await
}

#[tokio::test]
async fn evaluations_are_told_with_token_time_and_reason() {
    let service = Service::answering([ok(json!({}))]);
    let real = token("opaque", Weight::Real);
    assert_eq!(put(&service, &real).await.unwrap(), []);
    let members = json!({
        "Evaluations": [
            {
                "ComplianceResourceType": "AWS::IAM::Role", "ComplianceResourceId": "AROA1",
                "ComplianceType": "COMPLIANT", "OrderingTimestamp": 1_768_442_584.5,
            },
            {
                "ComplianceResourceType": "AWS::IAM::Role", "ComplianceResourceId": "AROA2",
                "ComplianceType": "NOT_APPLICABLE", "Annotation": "it is deleted",
                "OrderingTimestamp": 1_768_442_584.5,
            },
        ],
        "ResultToken": "opaque",
        "TestMode": false,
    });
    assert_eq!(service.asked(), [("PutEvaluations".to_owned(), members)]);
}

#[tokio::test]
async fn a_test_is_told_as_one() {
    let service = Service::answering([ok(json!({}))]);
    let test = token("TESTMODE", Weight::Test);
    put(&service, &test).await.unwrap();
    let (_, members) = &service.asked()[0];
    assert_eq!(
        (&members["TestMode"], &members["ResultToken"]),
        (&json!(true), &json!("TESTMODE"))
    );
}

#[tokio::test]
async fn what_aws_config_did_not_take_is_said_although_the_call_succeeded() {
    let refused = json!({ "FailedEvaluations": [{
        "ComplianceResourceType": "AWS::IAM::Role", "ComplianceResourceId": "AROA2",
        "ComplianceType": "NOT_APPLICABLE", "OrderingTimestamp": 1_768_442_584.5,
    }] });
    let service = Service::answering([ok(refused)]);
    let real = token("opaque", Weight::Real);
    assert_eq!(put(&service, &real).await.unwrap(), [role("AROA2")]);
}

#[tokio::test(start_paused = true)]
async fn failures_are_sorted_and_name_the_first_resource() {
    for (code, class) in [
        ("AccessDeniedException", FailureClass::Denied),
        ("ThrottlingException", FailureClass::Throttled),
        ("NoSuchConfigRuleException", FailureClass::Absent),
        ("InvalidResultTokenException", FailureClass::Malformed),
        ("InvalidParameterValueException", FailureClass::Malformed),
        ("InternalServerError", FailureClass::Unavailable),
    ] {
        let service = Service::answering(std::iter::repeat_n(error(code), 3));
        let failed = put(&service, &token("opaque", Weight::Real))
            .await
            .unwrap_err();
        assert_eq!(failed.class, class, "{code}");
        assert_eq!(
            failed.to_string(),
            "failed to tell AWS Config of resources from `AROA1`"
        );
        assert!(
            chain(&failed).contains("as the service words it"),
            "{failed:?}"
        );
    }
}

fn result(id: &str) -> Value {
    json!({
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": "session-guard-session-access",
                "ResourceType": "AWS::IAM::Role", "ResourceId": id,
            },
            "OrderingTimestamp": 1_768_442_584.5,
        },
        "ComplianceType": "COMPLIANT",
        "ConfigRuleInvokedTime": 1_768_442_585.5,
        "ResultRecordedTime": 1_768_442_586.5,
    })
}

fn reported(id: &str) -> Reported {
    Reported {
        resource: role(id),
        recorded: "2026-01-15T02:03:06.5Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn results_come_page_by_page_and_only_those_that_apply() {
    let service = Service::answering([
        ok(json!({ "EvaluationResults": [result("AROA1"), result("AROA2")], "NextToken": "more" })),
        ok(json!({ "EvaluationResults": [result("AROA3")], "NextToken": "" })),
    ]);
    let answers = answers(&service);
    let rule = "session-guard-session-access";
    let first = answers.reported(rule, None).await.unwrap();
    let expected = Page {
        items: vec![reported("AROA1"), reported("AROA2")],
        next: Some("more".to_owned()),
    };
    assert_eq!(first, expected);
    let last = answers.reported(rule, Some("more")).await.unwrap();
    assert_eq!((last.items, last.next), (vec![reported("AROA3")], None));
    let members = |token: Option<&str>| {
        let mut members = json!({
            "ConfigRuleName": rule, "ComplianceTypes": ["COMPLIANT", "NON_COMPLIANT"], "Limit": 100,
        });
        if let Some(token) = token {
            members["NextToken"] = json!(token);
        }
        ("GetComplianceDetailsByConfigRule".to_owned(), members)
    };
    assert_eq!(service.asked(), [members(None), members(Some("more"))]);
}

#[tokio::test]
async fn a_result_without_its_time_came_no_earlier_than_the_rule_was_called() {
    let mut timeless = result("AROA1");
    timeless
        .as_object_mut()
        .unwrap()
        .remove("ResultRecordedTime");
    let service = Service::answering([ok(json!({ "EvaluationResults": [timeless] }))]);
    let page = answers(&service).reported("rule", None).await.unwrap();
    let recorded = page.items[0].recorded.to_string();
    assert_eq!(recorded, "2026-01-15T02:03:05.5Z");
}

#[tokio::test]
async fn a_result_without_its_resource_or_any_time_is_told_by_what_it_lacks() {
    let mut timeless = result("AROA1");
    let members = timeless.as_object_mut().unwrap();
    members.remove("ResultRecordedTime");
    members.remove("ConfigRuleInvokedTime");
    let mut nobodys = result("AROA1");
    let members = nobodys.as_object_mut().unwrap();
    members.remove("EvaluationResultIdentifier");
    let mut nameless = result("AROA1");
    let qualifier = &mut nameless["EvaluationResultIdentifier"]["EvaluationResultQualifier"];
    qualifier.as_object_mut().unwrap().remove("ResourceId");
    for (answer, lacks) in [
        (json!({}), "the answer lacks `EvaluationResults`"),
        (
            json!({ "EvaluationResults": [timeless] }),
            "the answer lacks `EvaluationResults.ResultRecordedTime`",
        ),
        (
            json!({ "EvaluationResults": [nobodys] }),
            "the answer lacks `EvaluationResults.EvaluationResultIdentifier`",
        ),
        (
            json!({ "EvaluationResults": [nameless] }),
            "the answer lacks `EvaluationResultQualifier.ResourceId`",
        ),
    ] {
        let service = Service::answering([ok(answer)]);
        let failed = answers(&service).reported("rule", None).await.unwrap_err();
        assert!(chain(&failed).ends_with(lacks), "{failed:?}");
    }
}

fn recorded() -> Value {
    json!({
        "version": "1.3", "accountId": "123456789012", "configurationItemCaptureTime": 1_768_442_584.0,
        "configurationItemStatus": "OK", "configurationStateId": "1768442584000",
        "arn": "arn:aws:iam::123456789012:role/web", "resourceType": "AWS::IAM::Role", "resourceId": "AROA1",
        "resourceName": "web", "awsRegion": "global", "configuration": "{\"roleName\":\"web\"}",
    })
}

#[tokio::test]
async fn an_item_is_read_from_the_history_up_to_its_time() {
    let service = Service::answering([ok(json!({ "configurationItems": [recorded()] }))]);
    let item = items(&service)
        .item(&role("AROA1"), at())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item.resource, role("AROA1"));
    assert_eq!(item.name.as_deref(), Some("web"));
    assert_eq!(item.captured.to_string(), "2026-01-15T02:03:04Z");
    assert_eq!(item.configuration.as_deref(), Some(r#"{"roleName":"web"}"#));
    let members = json!({
        "resourceType": "AWS::IAM::Role", "resourceId": "AROA1", "laterTime": 1_768_442_584.5, "limit": 1,
    });
    assert_eq!(
        service.asked(),
        [("GetResourceConfigHistory".to_owned(), members)]
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_never_recorded_is_no_error() {
    for answer in [
        ok(json!({ "configurationItems": [] })),
        error("ResourceNotDiscoveredException"),
    ] {
        let service = Service::answering([answer]);
        assert_eq!(
            items(&service).item(&role("AROA1"), at()).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn an_item_that_lacks_what_decides_is_malformed() {
    for member in [
        "accountId",
        "configurationItemStatus",
        "configurationItemCaptureTime",
        "resourceId",
    ] {
        let mut item = recorded();
        item.as_object_mut().unwrap().remove(member);
        let service = Service::answering([ok(json!({ "configurationItems": [item] }))]);
        let failed = items(&service)
            .item(&role("AROA1"), at())
            .await
            .unwrap_err();
        assert_eq!(failed.class, FailureClass::Malformed);
        assert!(
            chain(&failed).contains(&format!("`{member}`")),
            "{failed:?}"
        );
    }
}
