//! The Lambda Runtime API for one process (Lambda developer guide, "Using the Lambda runtime API").

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::invocation::Outcome;
use crate::locked::Locked;

/// One event for the process.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) request_id: String,
    pub(crate) function_arn: String,
    pub(crate) deadline_ms: i64,
    pub(crate) payload: Vec<u8>,
    pub(crate) reply: oneshot::Sender<Outcome>,
}

/// What the process and its supervisor share.
#[derive(Debug)]
pub(crate) struct Desk {
    next: Mutex<mpsc::Receiver<Assignment>>,
    current: Locked<Option<(String, oneshot::Sender<Outcome>)>>,
    init_error: Locked<Option<Outcome>>,
    /// Told each time the process asks for its next event.
    pub(crate) asked: Notify,
    /// Told when the process reports that it cannot start.
    pub(crate) broken: Notify,
}

impl Desk {
    /// Forgets the present invocation; a later answer to it is refused.
    pub(crate) fn clear(&self) {
        *self.current.lock() = None;
    }

    pub(crate) fn init_error(&self) -> Option<Outcome> {
        self.init_error.lock().clone()
    }
}

/// A desk, the address at which a process finds it, and the task that serves it.
pub(crate) struct Open {
    pub(crate) desk: Arc<Desk>,
    pub(crate) address: String,
    pub(crate) assignments: mpsc::Sender<Assignment>,
    pub(crate) server: JoinHandle<()>,
}

/// Opens a Runtime API on a port of its own.
pub(crate) async fn open() -> std::io::Result<Open> {
    let (assignments, next) = mpsc::channel(1);
    let desk = Arc::new(Desk {
        next: Mutex::new(next),
        current: Locked::default(),
        init_error: Locked::default(),
        asked: Notify::new(),
        broken: Notify::new(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next_event))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(response),
        )
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(Arc::clone(&desk));
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::warn!("a runtime API has ended: {error}");
        }
    });
    Ok(Open {
        desk,
        address,
        assignments,
        server,
    })
}

async fn next_event(Shared(desk): Shared<Arc<Desk>>) -> Response<Body> {
    desk.asked.notify_one();
    let Some(assignment) = desk.next.lock().await.recv().await else {
        return plain(
            StatusCode::GONE,
            &json!({"errorMessage": "the function was stopped"}),
        );
    };
    let mut response = Response::new(Body::from(assignment.payload));
    let trace = format!("Root=1-{}-{};Sampled=0", hex(8), hex(24));
    let headers = [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", &assignment.request_id),
        (
            "lambda-runtime-deadline-ms",
            &assignment.deadline_ms.to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            &assignment.function_arn,
        ),
        ("lambda-runtime-trace-id", &trace),
    ];
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    *desk.current.lock() = Some((assignment.request_id, assignment.reply));
    response
}

async fn response(
    Shared(desk): Shared<Arc<Desk>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response<Body> {
    answer(&desk, &id, Outcome::Done(value(&body)))
}

async fn error(
    Shared(desk): Shared<Arc<Desk>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response<Body> {
    answer(&desk, &id, Outcome::Failed(value(&body)))
}

async fn init_error(Shared(desk): Shared<Arc<Desk>>, body: Bytes) -> Response<Body> {
    *desk.init_error.lock() = Some(Outcome::Failed(value(&body)));
    desk.broken.notify_one();
    plain(StatusCode::ACCEPTED, &json!({"status": "OK"}))
}

fn answer(desk: &Desk, id: &str, outcome: Outcome) -> Response<Body> {
    let current = desk.current.lock().take_if(|(current, _)| current == id);
    match current {
        Some((_, reply)) => {
            // Nobody listens any more when the invocation has timed out.
            let _ = reply.send(outcome);
            plain(StatusCode::ACCEPTED, &json!({"status": "OK"}))
        }
        None => plain(
            StatusCode::BAD_REQUEST,
            &json!({"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"}),
        ),
    }
}

/// What is no JSON is kept as text.
fn value(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}

fn plain(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
}

fn hex(length: usize) -> String {
    uuid::Uuid::new_v4()
        .simple()
        .to_string()
        .chars()
        .take(length)
        .collect()
}
