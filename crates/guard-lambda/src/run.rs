//! A function's life: settings, init, then one invocation after the other.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use tracing::{Instrument, Level};

use crate::event::Payload;
use crate::failure::{Failure, causes};
use crate::settings::{Alerts, Settings, SettingsErrors};
use crate::telemetry::{self, Counts, Metric};

/// What a function does with one event.
pub trait Handle {
    /// Works on `payload`; an error makes Lambda run the event again and then keep it in the failure queue.
    fn handle(&self, payload: Payload) -> impl Future<Output = Result<Answer, Failure>>;
}

/// What came out of one invocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the caller is told; only a caller who waits for the answer sees it.
    pub body: Value,
    /// What was counted.
    pub counts: Counts,
    /// What failed after everything else was done, so that the event comes again.
    pub failure: Option<Failure>,
}

impl Answer {
    /// The answer to an event that is not our business, and why it is not.
    pub fn not_ours(why: &dyn fmt::Display) -> Self {
        tracing::info!("not our business: {why}");
        Self {
            body: json!({
                "verdict": "not-ours",
                "reasons": [{ "code": "not-ours", "text": why.to_string() }],
            }),
            counts: Counts::from_iter([Metric::NotOurs]),
            failure: None,
        }
    }
}

/// An init that failed: the error with its causes says why.
pub type InitError = Box<dyn Error + Send + Sync>;

/// Starts the log, reads the settings, lets `init` make the function of them and gives it one event after the other.
///
/// It comes back only when the function cannot start or the runtime gives up; the log says why.
pub async fn run<H: Handle>(
    alerts: Alerts,
    init: impl AsyncFnOnce(&Settings) -> Result<H, InitError>,
) -> ExitCode {
    let settings = Settings::from_environment(alerts);
    telemetry::start(
        settings
            .as_ref()
            .map_or(Level::INFO, |settings| settings.log),
    );
    let (settings, function) = match started(settings, init).await {
        Ok(started) => started,
        Err(error) => {
            log_each("cannot start", error.as_ref());
            return ExitCode::FAILURE;
        }
    };
    let name = settings.function_name.as_str();
    let invocation = |event: LambdaEvent<Payload>| {
        let request = event.context.request_id.as_str();
        // At the level of errors, so that it is there whatever is logged.
        let span = tracing::error_span!("invocation", function = name, request.id = request);
        invoke(&function, name, event.payload).instrument(span)
    };
    match lambda_runtime::run(service_fn(invocation)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log_each("the runtime gave up", error.as_ref());
            ExitCode::FAILURE
        }
    }
}

async fn started<H: Handle>(
    settings: Result<Settings, SettingsErrors>,
    init: impl AsyncFnOnce(&Settings) -> Result<H, InitError>,
) -> Result<(Settings, H), InitError> {
    let settings = settings?;
    let function = init(&settings).await?;
    Ok((settings, function))
}

async fn invoke<H: Handle>(function: &H, name: &str, payload: Payload) -> Result<Value, Failure> {
    let answered = function.handle(payload).await.and_then(|answer| {
        if let Some(line) = answer.counts.line(name, Timestamp::now()) {
            telemetry::write(&line);
        }
        answer.failure.map_or(Ok(answer.body), Err)
    });
    answered.inspect_err(|failure| {
        tracing::error!(
            error.type = failure.kind.name(),
            error.chain = failure.message,
            "the event failed"
        );
    })
}

/// One line for each thing that is wrong: a charter may have many errors, and each is to be found by itself.
fn log_each(what: &str, error: &dyn Error) {
    for text in causes(error) {
        for line in text.lines() {
            tracing::error!("{what}: {line}");
        }
    }
}
