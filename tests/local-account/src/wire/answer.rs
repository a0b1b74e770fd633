//! Answers: what the gateway or moto says to a call.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::call::{ApiCall, Protocol};
use super::xml;

/// An AWS error: code and message as a client sees them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) status: u16,
}

impl Refusal {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            status: 400,
        }
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The gateway's own trouble, never the caller's.
    pub(crate) fn internal(message: impl std::fmt::Display) -> Self {
        Self::new("InternalFailure", message.to_string()).with_status(500)
    }
}

/// An answer on its way out, with what the records need to know about it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The output, or why the call failed.
    pub(crate) outcome: Result<Value, Refusal>,
}

impl Answer {
    /// Writes the gateway's own outcome in the words of the call's protocol.
    pub(crate) fn own(call: &ApiCall, outcome: Result<Value, Refusal>) -> Self {
        let request_id = uuid::Uuid::new_v4().to_string();
        let mut headers = HeaderMap::new();
        let (status, body, kind) = match (&outcome, call.protocol) {
            (Ok(value), Protocol::Json | Protocol::RestJson) => {
                (200, json_body(value), json_type(call))
            }
            (Ok(value), Protocol::Query | Protocol::RestXml) => {
                let namespace = format!("https://{}.amazonaws.com/doc/", call.service);
                (
                    200,
                    xml::response(&call.operation, &namespace, value, &request_id),
                    "text/xml",
                )
            }
            (Err(refusal), Protocol::Json | Protocol::RestJson) => {
                if let Ok(code) = HeaderValue::from_str(&refusal.code) {
                    headers.insert("x-amzn-errortype", code);
                }
                (refusal.status, error_body(refusal), json_type(call))
            }
            (Err(refusal), Protocol::Query | Protocol::RestXml) => (
                refusal.status,
                xml::error(&refusal.code, &refusal.message, &request_id),
                "text/xml",
            ),
        };
        headers.insert("content-type", HeaderValue::from_static(kind));
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            headers.insert("x-amzn-requestid", id);
        }
        Self {
            status,
            headers,
            body: body.into_bytes(),
            outcome,
        }
    }

    /// Takes what moto said.
    pub(crate) fn from_moto(
        call: &ApiCall,
        status: u16,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        let outcome = read_outcome(call, status, &headers, &body);
        // A stack's error may come in the words of another service.
        if let (Err(refusal), Protocol::Query, Some(b'{')) = (&outcome, call.protocol, body.first())
        {
            return Self::own(call, Err(refusal.clone()));
        }
        Self {
            status,
            headers,
            body,
            outcome,
        }
    }

    /// Changes the output of a successful JSON answer.
    pub(crate) fn rewrite(self, call: &ApiCall, change: impl FnOnce(&mut Value)) -> Self {
        match self.outcome {
            Ok(mut value) => {
                change(&mut value);
                Self {
                    body: json_body(&value).into_bytes(),
                    outcome: Ok(value),
                    ..self
                }
            }
            Err(refusal) => Self::own(call, Err(refusal)),
        }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in &self.headers {
            if !is_hop_header(name) {
                response.headers_mut().append(name.clone(), value.clone());
            }
        }
        response
    }
}

/// Headers that belong to moto's own connection.
fn is_hop_header(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection" | "content-length" | "transfer-encoding" | "server" | "date"
    )
}

fn json_type(call: &ApiCall) -> &'static str {
    match call.protocol {
        Protocol::Json => "application/x-amz-json-1.1",
        Protocol::RestJson | Protocol::Query | Protocol::RestXml => "application/json",
    }
}

fn json_body(value: &Value) -> String {
    if value.is_null() {
        String::new()
    } else {
        value.to_string()
    }
}

fn error_body(refusal: &Refusal) -> String {
    json!({"__type": refusal.code, "message": refusal.message, "Message": refusal.message})
        .to_string()
}

fn read_outcome(
    call: &ApiCall,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Refusal> {
    let text = String::from_utf8_lossy(body);
    let value = match call.protocol {
        Protocol::Json | Protocol::RestJson => serde_json::from_slice(body).unwrap_or(Value::Null),
        Protocol::Query | Protocol::RestXml => xml::read(&text)
            .or_else(|| serde_json::from_str(&text).ok())
            .unwrap_or(Value::Null),
    };
    if status < 400 {
        return Ok(match call.protocol {
            Protocol::Query => value
                .get(format!("{}Result", call.operation))
                .cloned()
                .unwrap_or(Value::Null),
            Protocol::Json | Protocol::RestJson | Protocol::RestXml => value,
        });
    }
    let error = value.get("Error").unwrap_or(&value);
    let header = headers
        .get("x-amzn-errortype")
        .and_then(|code| code.to_str().ok());
    let code = text_of(error, &["Code", "__type", "code"])
        .or(header)
        .unwrap_or("UnknownError");
    let code = code.rsplit('#').next().unwrap_or(code);
    let message = text_of(error, &["Message", "message"]).unwrap_or_default();
    Err(Refusal::new(code, message).with_status(status))
}

fn text_of<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names
        .iter()
        .find_map(|name| value.get(name).and_then(Value::as_str))
}
