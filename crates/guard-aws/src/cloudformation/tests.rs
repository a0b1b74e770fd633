use guard_reconcile::error::FailureClass;

use super::*;
use crate::test_service::Service;

fn stacks(service: &Service) -> Stacks {
    Stacks {
        client: Client::new(&service.sdk()),
        clock: SystemClock,
    }
}

fn ok(operation: &str, result: &str) -> (u16, String) {
    let result = format!("<{operation}Result>{result}</{operation}Result>");
    (
        200,
        format!("<{operation}Response>{result}</{operation}Response>"),
    )
}

fn refused(status: u16, code: &str, message: &str) -> (u16, String) {
    let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    (status, format!("<ErrorResponse>{error}</ErrorResponse>"))
}

const ID: &str = "arn:aws:cloudformation:eu-central-1:123456789012:stack/web/1";

fn web() -> Stack {
    Stack {
        id: ID.to_owned(),
        name: "web".to_owned(),
    }
}

fn summary(id: &str, name: &str, status: &str) -> String {
    format!(
        "<member><StackId>{id}</StackId><StackName>{name}</StackName><CreationTime>2024-05-01T00:00:00Z</CreationTime>\
         <StackStatus>{status}</StackStatus></member>"
    )
}

#[tokio::test]
async fn stacks_that_are_gone_or_were_never_made_are_left_out() {
    let summaries = [
        summary(ID, "web", "UPDATE_COMPLETE"),
        summary("old", "web", "DELETE_COMPLETE"),
        summary("new", "draft", "REVIEW_IN_PROGRESS"),
    ];
    let result = format!(
        "<StackSummaries>{}</StackSummaries><NextToken>n</NextToken>",
        summaries.concat()
    );
    let service = Service::answering_text([ok("ListStacks", &result)]);
    let page = stacks(&service).stacks(Some("m")).await.unwrap();
    assert_eq!(
        page,
        Page {
            items: vec![web()],
            next: Some("n".to_owned())
        }
    );
    let asked = service.bodies().concat();
    assert!(asked.contains("NextToken=m"), "{asked}");
}

#[tokio::test]
async fn a_template_is_read_as_its_transforms_left_it() {
    let result = "<TemplateBody>{&quot;Resources&quot;:{}}</TemplateBody>";
    let service = Service::answering_text([ok("GetTemplate", result)]);
    let template = stacks(&service).template(&web()).await.unwrap();
    assert_eq!(template.as_deref(), Some("{\"Resources\":{}}"));
    let asked = service.bodies().concat();
    assert!(asked.contains("TemplateStage=Processed"), "{asked}");
}

#[tokio::test]
async fn a_stack_that_went_meanwhile_has_no_template_and_another_refusal_is_none() {
    let gone = refused(400, "ValidationError", "Stack with id web does not exist");
    let service = Service::answering_text([gone]);
    assert_eq!(stacks(&service).template(&web()).await.unwrap(), None);
    for (answer, class) in [
        (
            refused(400, "ValidationError", "the name is too long"),
            FailureClass::Malformed,
        ),
        (refused(403, "AccessDenied", "no"), FailureClass::Denied),
        (ok("GetTemplate", ""), FailureClass::Malformed),
    ] {
        let service = Service::answering_text([answer]);
        let error = stacks(&service).template(&web()).await.unwrap_err();
        assert_eq!(error.class, class);
    }
}

#[tokio::test]
async fn what_a_stack_made_is_told_by_type_and_name() {
    let member = |kind: &str, id: &str| {
        format!(
            "<member><LogicalResourceId>x</LogicalResourceId>{id}<ResourceType>{kind}</ResourceType></member>"
        )
    };
    let result = format!(
        "<StackResourceSummaries>{}{}</StackResourceSummaries>",
        member(
            "AWS::IAM::Role",
            "<PhysicalResourceId>web-servers</PhysicalResourceId>"
        ),
        member("AWS::EC2::Instance", ""),
    );
    let service = Service::answering_text([ok("ListStackResources", &result)]);
    let page = stacks(&service).resources(&web(), None).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.kind.as_str(), it.id.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("AWS::IAM::Role", Some("web-servers")),
            ("AWS::EC2::Instance", None)
        ]
    );
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn a_list_that_is_missing_is_not_an_empty_one() {
    let service = Service::answering_text([ok("ListStacks", "")]);
    let error = stacks(&service).stacks(None).await.unwrap_err();
    assert!(error.source.to_string().contains("StackSummaries"));
    let service = Service::answering_text([ok("ListStackResources", "")]);
    let error = stacks(&service).resources(&web(), None).await.unwrap_err();
    assert_eq!(error.class, FailureClass::Malformed);
}
