//! What the function writes to its log: lines and metrics, one JSON object each.

mod fields;
mod line;
mod metric;

use std::io::Write;

use jiff::Timestamp;
use serde_json::Value;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use line::Lines;
pub use metric::{Counts, Metric};

/// Starts the log. What libraries say is kept from `warn` on, whatever `level` is: at `trace` they write payloads.
pub fn start(level: Level) {
    let lines = Lines::new(Timestamp::now, write);
    // A second start finds the first one's log in place, which is as good.
    tracing_subscriber::registry()
        .with(targets(level))
        .with(lines)
        .try_init()
        .ok();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        let message = panic
            .payload_as_str()
            .unwrap_or("a panic without a message");
        tracing::error!("panicked{place}: {message}");
    }));
}

/// Our own crates by `level`, the others' warnings.
fn targets(level: Level) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(
            ["guard_aws", "guard_core", "guard_lambda", "guard_reconcile"]
                .map(|target| (target, level)),
        )
        // The function crates.
        .with_targets(
            [
                "preferences_guard",
                "config_rules",
                "role_policy_guard",
                "role_migration",
            ]
            .map(|target| (target, level)),
        )
        // It would say once more what `run` and the hook for panics say.
        .with_target("lambda_runtime::layers::panic", LevelFilter::OFF)
}

/// Writes one line to standard output, which is the function's log.
pub fn write(line: &Value) {
    let text = format!("{line}\n");
    // Where standard output cannot be written there is nowhere left to say so.
    std::io::stdout().lock().write_all(text.as_bytes()).ok();
}
