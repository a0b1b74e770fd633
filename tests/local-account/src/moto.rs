//! The moto server behind the gateway: its process, and calls to it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::locked::Locked;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::{ApiCall, Protocol};
use crate::wire::rest::encode;

/// Larger than any function package that Lambda takes (250 MB unzipped, far less zipped).
const LARGEST_BODY: usize = 256 * 1024 * 1024;
/// Starting takes about a second; a loaded machine gets a minute.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Signs the gateway's own questions; moto does not verify signatures.
const OWN_KEY: &str = "AKIALOCALACCOUNTSELF";

/// A running moto server.
#[derive(Debug)]
pub(crate) struct Moto {
    authority: String,
    client: Client<HttpConnector, Body>,
    child: Locked<Option<Child>>,
}

impl Moto {
    /// Starts moto from the virtual environment and waits until it answers.
    pub(crate) async fn start(venv: &Path, scratch: &Path) -> anyhow::Result<Self> {
        let python = venv.join("bin/python");
        if !python.exists() {
            bail!(
                "no Python in the virtual environment `{}`: run `make setup`, or point SESSION_GUARD_VENV at an environment that holds moto",
                venv.display()
            );
        }
        // A free port can be taken by somebody else between looking and using: try again then.
        for _ in 0..3 {
            let port = free_port().await?;
            let child = spawn(&python, port, scratch)?;
            let moto = Self {
                authority: format!("127.0.0.1:{port}"),
                client: Client::builder(TokioExecutor::new()).build_http(),
                child: Locked::new(Some(child)),
            };
            if moto.answers().await {
                return Ok(moto);
            }
        }
        let log = std::fs::read_to_string(scratch.join("moto.log")).unwrap_or_default();
        bail!(
            "moto does not start from `{}`: {}",
            venv.display(),
            log.trim()
        )
    }

    async fn answers(&self) -> bool {
        let started = std::time::Instant::now();
        while started.elapsed() < START_LIMIT {
            if let Some(child) = self.child.lock().as_mut()
                && !matches!(child.try_wait(), Ok(None))
            {
                return false;
            }
            if tokio::net::TcpStream::connect(&self.authority)
                .await
                .is_ok()
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Ends the process.
    pub(crate) fn stop(&self) {
        if let Some(mut child) = self.child.lock().take() {
            // It may have ended by itself.
            let _ = child.start_kill();
        }
    }

    /// Passes a call on as it came.
    pub(crate) async fn forward(&self, call: &ApiCall) -> Answer {
        let mut request = Request::builder()
            .method(&call.method)
            .uri(format!("http://{}{}", self.authority, call.path_and_query));
        if let Some(headers) = request.headers_mut() {
            *headers = call.headers.clone();
            // The body may have been changed on the way; the client writes its length.
            headers.remove("content-length");
            headers.remove("transfer-encoding");
        }
        let sent = match request.body(Body::from(call.body.clone())) {
            Ok(request) => self.send(request).await,
            Err(error) => Err(Refusal::internal(error)),
        };
        match sent {
            Ok((status, headers, body)) => Answer::from_moto(call, status, headers, body),
            Err(refusal) => Answer::own(call, Err(refusal)),
        }
    }

    /// Asks a JSON service in the gateway's own name.
    pub(crate) async fn json(
        &self,
        service: Service<'_>,
        operation: &str,
        input: &Value,
    ) -> Result<Value, Refusal> {
        let call = service.post(Protocol::Json, operation, input.to_string());
        self.ask(call).await
    }

    /// Asks a Query service in the gateway's own name.
    pub(crate) async fn query(
        &self,
        service: Service<'_>,
        action: &str,
        input: &[(&str, &str)],
    ) -> Result<Value, Refusal> {
        let mut body = format!("Action={action}&Version={}", service.target);
        for (name, value) in input {
            body.push('&');
            body.push_str(name);
            body.push('=');
            body.push_str(&encode(value));
        }
        self.ask(service.post(Protocol::Query, action, body)).await
    }

    /// Asks Lambda in the gateway's own name.
    pub(crate) async fn lambda(
        &self,
        region: &str,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Value, Refusal> {
        let service = Service {
            name: "lambda",
            region,
            target: "",
        };
        self.ask(service.call(Protocol::RestJson, method, path, body))
            .await
    }

    /// Reads an object of S3.
    pub(crate) async fn object(
        &self,
        region: &str,
        bucket: &str,
        key: &str,
    ) -> Result<Vec<u8>, Refusal> {
        let service = Service {
            name: "s3",
            region,
            target: "",
        };
        let call = service.call(
            Protocol::RestXml,
            Method::GET,
            &format!("/{bucket}/{key}"),
            String::new(),
        );
        let answer = self.forward(&call).await;
        answer.outcome.map(|_| answer.body)
    }

    async fn ask(&self, call: ApiCall) -> Result<Value, Refusal> {
        self.forward(&call).await.outcome
    }

    async fn send(&self, request: Request<Body>) -> Result<(u16, HeaderMap, Vec<u8>), Refusal> {
        let response = self
            .client
            .request(request)
            .await
            .map_err(Refusal::internal)?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LARGEST_BODY)
            .await
            .map_err(Refusal::internal)?;
        Ok((parts.status.as_u16(), parts.headers, body.to_vec()))
    }
}

/// Which service of which Region is asked; `target` is the JSON target prefix or the Query API's version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service<'a> {
    pub(crate) name: &'static str,
    pub(crate) region: &'a str,
    pub(crate) target: &'static str,
}

impl<'a> Service<'a> {
    pub(crate) const fn events(region: &'a str) -> Self {
        Self {
            name: "events",
            region,
            target: "AWSEvents",
        }
    }

    pub(crate) const fn ssm(region: &'a str) -> Self {
        Self {
            name: "ssm",
            region,
            target: "AmazonSSM",
        }
    }

    pub(crate) const fn sqs(region: &'a str) -> Self {
        Self {
            name: "sqs",
            region,
            target: "AmazonSQS",
        }
    }

    pub(crate) const fn sns(region: &'a str) -> Self {
        Self {
            name: "sns",
            region,
            target: "2010-03-31",
        }
    }

    pub(crate) const fn cloudformation(region: &'a str) -> Self {
        Self {
            name: "cloudformation",
            region,
            target: "2010-05-15",
        }
    }

    /// A JSON call in the gateway's own name, for what the account keeps itself.
    pub(crate) fn own_call(self, operation: &str, input: &Value) -> ApiCall {
        ApiCall {
            parameters: input.clone(),
            ..self.post(Protocol::Json, operation, input.to_string())
        }
    }

    /// A call that posts to the service's root.
    fn post(self, protocol: Protocol, operation: &str, body: String) -> ApiCall {
        ApiCall {
            operation: operation.to_owned(),
            headers: self.headers(protocol, operation),
            ..self.call(protocol, Method::POST, "/", body)
        }
    }

    fn headers(self, protocol: Protocol, operation: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={OWN_KEY}/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=0",
            self.region, self.name
        );
        let kind = match protocol {
            Protocol::Json if self.name == "sqs" => "application/x-amz-json-1.0",
            Protocol::Json => "application/x-amz-json-1.1",
            Protocol::Query => "application/x-www-form-urlencoded",
            Protocol::RestJson | Protocol::RestXml => "application/json",
        };
        let target = format!("{}.{operation}", self.target);
        let pairs = [
            ("authorization", authorization.as_str()),
            ("content-type", kind),
            ("host", "127.0.0.1"),
            ("x-amz-target", &target),
        ];
        for (name, value) in pairs {
            if (name != "x-amz-target" || protocol == Protocol::Json)
                && let Ok(value) = value.parse()
            {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn call(self, protocol: Protocol, method: Method, path: &str, body: String) -> ApiCall {
        ApiCall {
            service: self.name.to_owned(),
            region: self.region.to_owned(),
            operation: String::new(),
            parameters: Value::Null,
            protocol,
            access_key: OWN_KEY.to_owned(),
            method,
            path_and_query: path.to_owned(),
            headers: self.headers(protocol, ""),
            body: body.into(),
        }
    }
}

/// Asks IAM in the gateway's own name; IAM answers from us-east-1 only.
pub(crate) const IAM: Service<'static> = Service {
    name: "iam",
    region: "us-east-1",
    target: "2010-05-08",
};

async fn free_port() -> anyhow::Result<u16> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

fn spawn(python: &Path, port: u16, scratch: &Path) -> anyhow::Result<Child> {
    let log =
        std::fs::File::create(scratch.join("moto.log")).context("failed to create moto's log")?;
    Command::new(python)
        .args(["-c", include_str!("moto_server.py"), &port.to_string()])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", scratch)
        .env("TMPDIR", scratch)
        .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("failed to start `{}`", python.display()))
}
