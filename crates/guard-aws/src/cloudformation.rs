//! CloudFormation: the stacks of a Region, their templates and what they made.
//!
//! Members and errors after the CloudFormation API reference.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::Builder;
use aws_sdk_cloudformation::types::{StackStatus, StackSummary, TemplateStage};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{Clock, Page, ReadStacks, Stack, StackResource};
use jiff::Timestamp;

use crate::clock::SystemClock;
use crate::config::Aws;
use crate::failure::{Attempt, CallError, code};

/// The stacks of one Region.
#[derive(Debug, Clone)]
pub struct Stacks {
    client: Client,
    clock: SystemClock,
}

impl Stacks {
    /// The permissions that reading them needs; the operator's program alone reads them.
    pub const ACTIONS: &[&str] = &[
        "cloudformation:GetTemplate",
        "cloudformation:ListStackResources",
        "cloudformation:ListStacks",
    ];

    /// Those of the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        let mut config = Builder::from(aws.sdk());
        config.set_endpoint_url(aws.endpoint("CLOUDFORMATION"));
        Self {
            client: Client::from_conf(config.build()),
            clock: SystemClock,
        }
    }
}

impl Clock for Stacks {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn pause(&self, time: std::time::Duration) {
        self.clock.pause(time).await;
    }
}

impl ReadStacks for Stacks {
    async fn stacks(&self, after: Option<&str>) -> Result<Page<Stack>, PortError> {
        let attempt = Attempt::to("list the stacks of", "the Region");
        let call = self.client.list_stacks();
        let answer = call.set_next_token(after.map(str::to_owned)).send().await;
        let page = answer.map_err(|error| attempt.failed(error))?;
        let summaries = page.stack_summaries;
        let summaries = summaries.ok_or_else(|| attempt.lacks("StackSummaries"))?;
        let there = summaries.into_iter().filter(is_there);
        let items = there.map(|summary| {
            Ok(Stack {
                id: summary.stack_id.ok_or_else(|| attempt.lacks("StackId"))?,
                name: { summary.stack_name }.ok_or_else(|| attempt.lacks("StackName"))?,
            })
        });
        Ok(Page {
            items: items.collect::<Result<_, PortError>>()?,
            next: page.next_token.filter(|token| !token.is_empty()),
        })
    }

    async fn template(&self, stack: &Stack) -> Result<Option<String>, PortError> {
        let attempt = Attempt::to("read the template of the stack", stack.name.as_str());
        let call = self.client.get_template().stack_name(&stack.id);
        let answer = call.template_stage(TemplateStage::Processed).send().await;
        match answer {
            Ok(answer) => {
                let body = answer.template_body.filter(|body| !body.is_empty());
                body.map(Some).ok_or_else(|| attempt.lacks("TemplateBody"))
            }
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(attempt.failed(error)),
        }
    }

    async fn resources(
        &self,
        stack: &Stack,
        after: Option<&str>,
    ) -> Result<Page<StackResource>, PortError> {
        let attempt = Attempt::to("list the resources of the stack", stack.name.as_str());
        let call = self.client.list_stack_resources().stack_name(&stack.id);
        let answer = call.set_next_token(after.map(str::to_owned)).send().await;
        let page = answer.map_err(|error| attempt.failed(error))?;
        let resources = page.stack_resource_summaries;
        let resources = resources.ok_or_else(|| attempt.lacks("StackResourceSummaries"))?;
        let items = resources.into_iter().map(|resource| {
            let kind = resource.resource_type;
            Ok(StackResource {
                kind: kind.ok_or_else(|| attempt.lacks("ResourceType"))?,
                id: resource.physical_resource_id,
            })
        });
        Ok(Page {
            items: items.collect::<Result<_, PortError>>()?,
            next: page.next_token.filter(|token| !token.is_empty()),
        })
    }
}

/// Stacks are listed for three months after they were deleted, and before anything was made by them.
fn is_there(summary: &StackSummary) -> bool {
    !matches!(
        summary.stack_status,
        Some(StackStatus::DeleteComplete | StackStatus::ReviewInProgress)
    )
}

/// What CloudFormation says of a stack that is not there is a `ValidationError` like others; its text tells it apart.
fn is_gone<E: ProvideErrorMetadata>(error: &CallError<E>) -> bool {
    let message = error
        .as_service_error()
        .and_then(ProvideErrorMetadata::message);
    code(error) == Some("ValidationError")
        && message.is_some_and(|it| it.contains("does not exist"))
}

#[cfg(test)]
mod tests;
