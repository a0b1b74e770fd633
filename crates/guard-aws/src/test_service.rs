//! A service for tests: the calls as the SDK sends them and the answers as AWS words them, on the wire's own terms.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "compliance"
))]
use serde_json::{Value, json};

/// Gives these answers in turn and keeps what it was asked; a further call fails.
#[derive(Debug)]
pub(crate) struct Service {
    client: StaticReplayClient,
}

impl Service {
    pub(crate) fn answering_text(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        let events = answers.into_iter().map(|(status, body)| {
            let response = http::Response::builder()
                .status(status)
                .body(SdkBody::from(body));
            ReplayEvent::new(http::Request::new(SdkBody::empty()), response.unwrap())
        });
        Self {
            client: StaticReplayClient::new(events.collect()),
        }
    }

    /// What clients of the service are made from: everything as in a function but for the connection.
    pub(crate) fn sdk(&self) -> SdkConfig {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_config::Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.client.clone())
            .retry_config(crate::config::retries())
            .build()
    }

    /// The bodies as they were sent.
    #[cfg(any(feature = "cloudformation", feature = "sns", feature = "iam"))]
    pub(crate) fn bodies(&self) -> Vec<String> {
        let read = |request: &HttpRequest| {
            String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap()
        };
        self.client.actual_requests().map(read).collect()
    }
}

/// For services with a JSON protocol.
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "compliance"
))]
impl Service {
    pub(crate) fn answering(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        Self::answering_text(
            answers
                .into_iter()
                .map(|(status, body)| (status, body.to_string())),
        )
    }

    /// How many calls arrived.
    pub(crate) fn calls(&self) -> usize {
        self.client.actual_requests().count()
    }

    /// The operations asked for and their members, in order.
    pub(crate) fn asked(&self) -> Vec<(String, Value)> {
        let read = |request: &HttpRequest| {
            let target = request.headers().get("x-amz-target").unwrap();
            let operation = target.rsplit('.').next().unwrap().to_owned();
            (
                operation,
                serde_json::from_slice(request.body().bytes().unwrap()).unwrap(),
            )
        };
        self.client.actual_requests().map(read).collect()
    }
}

/// An answer.
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "compliance"
))]
pub(crate) fn ok(body: Value) -> (u16, Value) {
    (200, body)
}

/// A refusal as services with a JSON protocol send it.
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "compliance"
))]
pub(crate) fn error(code: &str) -> (u16, Value) {
    let status = if code == "InternalServerError" {
        500
    } else {
        400
    };
    (
        status,
        json!({"__type": format!("com.amazonaws#{code}"), "message": "as the service words it"}),
    )
}
