//! A client that names its access key and leaves the signature out.

use std::fmt::Write;

use anyhow::Context;
use axum::body::Body;
use axum::http::Request;
use hyper_util::client::legacy::{Client as Http, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use local_account::{Credentials, LocalAccount};
use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: Http<HttpConnector, Body>,
    url: String,
    access_key: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub(crate) fn error(&self) -> String {
        let code = self
            .json()
            .get("__type")
            .and_then(Value::as_str)
            .map(str::to_owned);
        code.unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn new(account: &LocalAccount, credentials: &Credentials) -> Self {
        Self {
            http: Http::builder(TokioExecutor::new()).build_http(),
            url: account.endpoint_url(),
            access_key: credentials.access_key_id.clone(),
        }
    }

    pub(crate) async fn ssm(&self, operation: &str, input: Value) -> anyhow::Result<Reply> {
        self.target("ssm", &format!("AmazonSSM.{operation}"), input)
            .await
    }

    pub(crate) async fn events(&self, operation: &str, input: Value) -> anyhow::Result<Reply> {
        self.target("events", &format!("AWSEvents.{operation}"), input)
            .await
    }

    pub(crate) async fn config(&self, operation: &str, input: Value) -> anyhow::Result<Reply> {
        self.target("config", &format!("StarlingDoveService.{operation}"), input)
            .await
    }

    /// What a Config call answers, an error too.
    pub(crate) async fn ask(&self, operation: &str, input: Value) -> anyhow::Result<Value> {
        Ok(self.config(operation, input).await?.json())
    }

    /// An IAM call that must succeed.
    pub(crate) async fn iam(&self, action: &str, input: &[(&str, &str)]) -> anyhow::Result<String> {
        let reply = self.try_iam(action, input).await?;
        anyhow::ensure!(reply.status == 200, "{action}: {}", reply.text);
        Ok(reply.text)
    }

    pub(crate) async fn try_iam(
        &self,
        action: &str,
        input: &[(&str, &str)],
    ) -> anyhow::Result<Reply> {
        let mut body = format!("Action={action}&Version=2010-05-08");
        for (name, value) in input {
            write!(body, "&{name}=")?;
            for byte in value.bytes() {
                write!(body, "%{byte:02X}")?;
            }
        }
        self.query("iam", &body).await
    }

    pub(crate) async fn target(
        &self,
        service: &str,
        target: &str,
        input: Value,
    ) -> anyhow::Result<Reply> {
        let request = Request::post(&self.url)
            .header("x-amz-target", target)
            .header(
                "content-type",
                if service == "sqs" {
                    "application/x-amz-json-1.0"
                } else {
                    "application/x-amz-json-1.1"
                },
            );
        self.send(service, request, input.to_string()).await
    }

    pub(crate) async fn query(&self, service: &str, body: &str) -> anyhow::Result<Reply> {
        let request =
            Request::post(&self.url).header("content-type", "application/x-www-form-urlencoded");
        self.send(service, request, body.to_owned()).await
    }

    pub(crate) async fn lambda(
        &self,
        method: &str,
        path: &str,
        input: Value,
    ) -> anyhow::Result<Reply> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        self.send(
            "lambda",
            request,
            if input.is_null() {
                String::new()
            } else {
                input.to_string()
            },
        )
        .await
    }

    async fn send(
        &self,
        service: &str,
        request: axum::http::request::Builder,
        body: String,
    ) -> anyhow::Result<Reply> {
        let scope = format!(
            "{}/20260101/eu-central-1/{service}/aws4_request",
            self.access_key
        );
        let request = request
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(Body::from(body))?;
        let response = self
            .http
            .request(request)
            .await
            .context("the account does not answer")?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), usize::MAX).await?;
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}
