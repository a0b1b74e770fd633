//! One AWS API call as it came in.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

use super::{query, rest};

/// How a service speaks; decides how refusals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// JSON 1.0 or 1.1 with `X-Amz-Target`.
    Json,
    /// Form parameters in, XML out.
    Query,
    /// Lambda's REST with JSON bodies.
    RestJson,
    /// S3's REST with XML bodies.
    RestXml,
}

/// One call: who signed it, where it goes, what it asks.
#[derive(Debug, Clone)]
pub(crate) struct ApiCall {
    /// The credential scope's service, for example `ssm`.
    pub(crate) service: String,
    /// The credential scope's Region.
    pub(crate) region: String,
    /// The operation's name in the API reference.
    pub(crate) operation: String,
    /// The operation's input.
    pub(crate) parameters: Value,
    pub(crate) protocol: Protocol,
    pub(crate) access_key: String,
    pub(crate) method: Method,
    pub(crate) path_and_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The parts of a Signature Version 4 credential scope.
struct Scope {
    access_key: String,
    region: String,
    service: String,
}

impl ApiCall {
    /// Reads a request; `None` when it is not signed. The signature itself is not verified: the account is
    /// reachable from this machine only, and an access key nobody was given is refused later.
    pub(crate) fn read(parts: &axum::http::request::Parts, body: Bytes) -> Option<Self> {
        let scope = scope_of(parts.headers.get("authorization")?.to_str().ok()?)?;
        let path = parts.uri.path();
        let target = parts
            .headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok());
        let (protocol, (operation, parameters)) = match (scope.service.as_str(), target) {
            (_, Some(target)) => (Protocol::Json, json_operation(target, &body)),
            ("lambda", None) => (
                Protocol::RestJson,
                rest::lambda(parts.method.as_str(), path, &body),
            ),
            ("s3", None) => (Protocol::RestXml, rest::s3(parts.method.as_str(), path)),
            _ => (Protocol::Query, query_operation(path, &body)),
        };
        let path_and_query = parts
            .uri
            .path_and_query()
            .map_or_else(|| path.to_owned(), ToString::to_string);
        Some(Self {
            service: scope.service,
            region: scope.region,
            operation,
            parameters,
            protocol,
            access_key: scope.access_key,
            method: parts.method.clone(),
            path_and_query,
            headers: parts.headers.clone(),
            body,
        })
    }

    /// A text member of the input.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    /// A header's text, empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Whether the operation only reads, by the verbs that AWS uses for it.
    pub(crate) fn is_read_only(&self) -> bool {
        const VERBS: [&str; 10] = [
            "Get", "List", "Describe", "Lookup", "Head", "Search", "Test", "Validate", "Receive",
            "BatchGet",
        ];
        VERBS.iter().any(|verb| self.operation.starts_with(verb))
            || matches!(
                self.operation.as_str(),
                "AssumeRole"
                    | "AssumeRoleWithSAML"
                    | "AssumeRoleWithWebIdentity"
                    | "GenerateServiceLastAccessedDetails"
            )
    }
}

fn scope_of(authorization: &str) -> Option<Scope> {
    let (_, rest) = authorization.split_once("Credential=")?;
    let credential = rest.split(',').next()?.trim();
    let mut parts = credential.split('/');
    let access_key = parts.next()?.to_owned();
    let _date = parts.next()?;
    let region = parts.next()?.to_owned();
    let service = parts.next()?.to_owned();
    Some(Scope {
        access_key,
        region,
        service,
    })
}

fn json_operation(target: &str, body: &[u8]) -> (String, Value) {
    let operation = target.rsplit('.').next().unwrap_or(target).to_owned();
    (
        operation,
        serde_json::from_slice(body).unwrap_or_else(|_| Value::Object(serde_json::Map::new())),
    )
}

/// Query calls carry `Action` in the form; newer CloudWatch clients name it in the path
/// (`/service/…/operation/PutMetricAlarm`) and send CBOR, which is passed on unread.
fn query_operation(path: &str, body: &[u8]) -> (String, Value) {
    if let Some((_, operation)) = path.rsplit_once("/operation/") {
        return (operation.to_owned(), Value::Object(serde_json::Map::new()));
    }
    let text = String::from_utf8_lossy(body);
    let pairs: Vec<(String, String)> = text.split('&').filter_map(form_pair).collect();
    let action = pairs
        .iter()
        .find(|(name, _)| name == "Action")
        .map(|(_, value)| value.clone());
    let parameters = query::fold(
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    (action.unwrap_or_else(|| "Unknown".to_owned()), parameters)
}

fn form_pair(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    Some((
        rest::decode(&name.replace('+', " ")),
        rest::decode(&value.replace('+', " ")),
    ))
}

#[cfg(test)]
impl ApiCall {
    /// A JSON call in eu-central-1, for tests.
    pub(crate) fn example(service: &str, operation: &str, input: &Value) -> Self {
        let scope = format!("AKIAX/20260101/eu-central-1/{service}/aws4_request");
        let request = axum::http::Request::post("/")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .header("x-amz-target", format!("Service.{operation}"));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Self::read(&parts, Bytes::from(input.to_string())).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn read(target: Option<&str>, service: &str, body: &'static str) -> Option<ApiCall> {
        let mut request = Request::post("/").header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-central-1/{service}/aws4_request, SignedHeaders=host, Signature=0"),
        );
        if let Some(target) = target {
            request = request.header("x-amz-target", target);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        ApiCall::read(&parts, Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn json_calls_are_named_by_their_target() {
        let call = read(Some("AmazonSSM.GetDocument"), "ssm", r#"{"Name": "x"}"#).unwrap();
        assert_eq!(
            (call.operation.as_str(), call.region.as_str()),
            ("GetDocument", "eu-central-1")
        );
        assert_eq!(call.text("Name"), Some("x"));
        assert!(call.is_read_only());
    }

    #[test]
    fn query_calls_are_named_by_their_action() {
        let call = read(
            None,
            "iam",
            "Action=CreateUser&UserName=a%2Bb+c&Version=2010-05-08",
        )
        .unwrap();
        assert_eq!(call.operation, "CreateUser");
        assert_eq!(call.text("UserName"), Some("a+b c"));
        assert!(!call.is_read_only());
    }

    #[test]
    fn unsigned_requests_are_no_calls() {
        let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        assert!(ApiCall::read(&parts, Bytes::new()).is_none());
    }
}
