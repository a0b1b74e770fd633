use guard_reconcile::error::FailureClass;

use super::*;
use crate::iam::tests::{asked, ok, refused};
use crate::test_service::Service as Wire;

const ROLE: &str = "arn:aws:iam::123456789012:role/web";

fn advisor(service: &Wire) -> Advisor {
    Advisor {
        client: Client::new(&service.sdk()),
    }
}

fn details(result: &str) -> (u16, String) {
    ok("GetServiceLastAccessedDetails", result)
}

const DONE: &str = "<JobStatus>COMPLETED</JobStatus><JobType>SERVICE_LEVEL</JobType>\
    <JobCreationDate>2026-01-15T02:03:00Z</JobCreationDate><JobCompletionDate>2026-01-15T02:03:04Z</JobCompletionDate>";

/// What the advisor says, asked once.
async fn said(answer: (u16, String)) -> Result<Advice, PortError> {
    let service = Wire::answering_text([answer]);
    advisor(&service).answer("job-1", None).await
}

#[tokio::test]
async fn somebody_is_asked_about_by_the_arn() {
    let service = Wire::answering_text([ok(
        "GenerateServiceLastAccessedDetails",
        "<JobId>job-1</JobId>",
    )]);
    assert_eq!(advisor(&service).ask(ROLE).await.unwrap(), "job-1");
    assert_eq!(
        asked(&service),
        ["GenerateServiceLastAccessedDetails Arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fweb"]
    );
}

#[tokio::test]
async fn services_are_told_with_the_time_of_their_last_use_and_the_next_page() {
    let services = "<ServicesLastAccessed><member><ServiceName>AWS Systems Manager</ServiceName>\
        <ServiceNamespace>ssm</ServiceNamespace><LastAuthenticated>2026-01-10T00:00:00Z</LastAuthenticated></member>\
        <member><ServiceName>Amazon S3</ServiceName><ServiceNamespace>s3</ServiceNamespace></member></ServicesLastAccessed>\
        <IsTruncated>true</IsTruncated><Marker>m</Marker>";
    let service = Wire::answering_text([details(&format!("{DONE}{services}"))]);
    let said = advisor(&service).answer("job-1", Some("l")).await.unwrap();
    let service_of = |namespace: &str, last: Option<&str>| Service {
        namespace: namespace.to_owned(),
        last: last.map(|at| at.parse().unwrap()),
    };
    let expected = Advice::Completed {
        at: "2026-01-15T02:03:04Z".parse().unwrap(),
        services: Page {
            items: vec![
                service_of("ssm", Some("2026-01-10T00:00:00Z")),
                service_of("s3", None),
            ],
            next: Some("m".to_owned()),
        },
    };
    assert_eq!(said, expected);
    assert_eq!(
        asked(&service),
        ["GetServiceLastAccessedDetails JobId=job-1 MaxItems=1000 Marker=l"]
    );
}

#[tokio::test]
async fn an_answer_that_is_not_there_yet_and_one_that_never_will_be_are_told_apart() {
    let waiting =
        "<JobStatus>IN_PROGRESS</JobStatus><JobCreationDate>2026-01-15T02:03:00Z</JobCreationDate>";
    assert_eq!(said(details(waiting)).await.unwrap(), Advice::InProgress);
    let failed = DONE.replace("COMPLETED", "FAILED")
        + "<Error><Message>too many policies</Message><Code>LimitExceeded</Code></Error>";
    let why = "LimitExceeded: too many policies".to_owned();
    assert_eq!(
        said(details(&failed)).await.unwrap(),
        Advice::Failed { why }
    );
}

#[tokio::test]
async fn what_decides_is_never_made_up() {
    for (answer, member) in [
        (String::new(), "JobStatus"),
        (DONE.replace("COMPLETED", "PERHAPS"), "JobStatus"),
        (
            "<JobStatus>COMPLETED</JobStatus>".to_owned(),
            "JobCompletionDate",
        ),
        (
            format!(
                "{DONE}<ServicesLastAccessed><member><ServiceName>x</ServiceName></member></ServicesLastAccessed>"
            ),
            "ServiceNamespace",
        ),
        (format!("{DONE}<IsTruncated>true</IsTruncated>"), "Marker"),
    ] {
        let error = said(details(&answer)).await.unwrap_err();
        assert_eq!(error.class, FailureClass::Malformed, "{member}");
        assert!(
            error.source.to_string().contains(member),
            "{}",
            error.source
        );
    }
}

#[tokio::test]
async fn refusals_are_sorted_by_what_they_mean() {
    let service = Wire::answering_text([refused(403, "AccessDenied")]);
    let error = advisor(&service).ask(ROLE).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Denied);
    assert_eq!(
        error.to_string(),
        format!("failed to ask the access advisor about `{ROLE}`")
    );
}
