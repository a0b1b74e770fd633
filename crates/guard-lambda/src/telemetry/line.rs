//! One JSON object for each line of the log.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::fields::Fields;

/// Writes each event as a flat JSON object: `timestamp`, `level`, `message`, `target`, the event's fields and those of the spans
/// around it, a field of the event going before one of a span.
///
/// `timestamp` and `level` are the names by which Lambda filters log lines by level (Lambda Developer Guide,
/// "Configuring JSON and plain text log formats"). A field of bytes is JSON text and is written as it stands.
pub struct Lines<W> {
    now: fn() -> Timestamp,
    write: W,
}

impl<W: Fn(&Value)> Lines<W> {
    /// A log that takes the time from `now` and hands each line to `write`.
    pub fn new(now: fn() -> Timestamp, write: W) -> Self {
        Self { now, write }
    }
}

impl<W> fmt::Debug for Lines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&Value) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Map::new();
        line.insert(
            "timestamp".to_owned(),
            format!("{:.3}", (self.now)()).into(),
        );
        line.insert("level".to_owned(), event.metadata().level().as_str().into());
        let mut fields = Fields::default();
        event.record(&mut fields);
        line.insert("message".to_owned(), fields.take_message());
        line.insert("target".to_owned(), event.metadata().target().into());
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.add_missing(outer);
            }
        }
        fields.append_to(&mut line);
        (self.write)(&Value::Object(line));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use guard_testkit::subscriber::under;
    use serde_json::json;

    use super::*;

    /// The lines that `act` writes.
    fn lines(act: impl FnOnce()) -> Vec<Value> {
        let written = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&written);
        let lines = Lines::new(
            || Timestamp::UNIX_EPOCH,
            move |line: &Value| sink.lock().unwrap().push(line.clone()),
        );
        under(lines, act);
        written.lock().unwrap().clone()
    }

    #[test]
    fn a_line_is_flat_with_dotted_fields() {
        let lines = lines(|| {
            tracing::info!(
                principal.arn = "arn:aws:iam::123456789012:user/mallory",
                plan.steps = 2_u64,
                is_late = true,
                "reverted the preferences"
            );
        });
        let expected = json!({
            "timestamp": "1970-01-01T00:00:00.000Z",
            "level": "INFO",
            "message": "reverted the preferences",
            "principal.arn": "arn:aws:iam::123456789012:user/mallory",
            "plan.steps": 2,
            "is_late": true,
            "target": "guard_lambda::telemetry::line::tests",
        });
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn every_line_of_an_invocation_carries_its_request_id() {
        let lines = lines(|| {
            let span = tracing::info_span!(
                "invocation",
                request.id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
            );
            let _entered = span.enter();
            tracing::info!("first");
            let inner = tracing::info_span!("inner", document.name = "SSM-SessionManagerRunShell");
            inner.in_scope(|| tracing::warn!("second"));
        });
        let ids: Vec<_> = lines.iter().map(|line| &line["request.id"]).collect();
        assert_eq!(ids, ["8476a536-e9f4-11e8-9739-2dfe598c3fcd"; 2]);
        assert_eq!(lines[1]["document.name"], "SSM-SessionManagerRunShell");
    }

    #[test]
    fn foreign_text_cannot_begin_a_line_of_its_own_or_pass_for_a_field() {
        let foreign = "x\",\n\"level\":\"DEBUG\u{1b}[31m";
        let text = lines(|| tracing::info!(principal.label = foreign, "seen"))[0].to_string();
        assert!(!text.contains('\n') && !text.contains('\u{1b}'), "{text}");
        assert_eq!(
            serde_json::from_str::<Value>(&text).unwrap()["level"],
            "INFO"
        );
    }

    #[test]
    fn a_field_of_bytes_is_json_as_it_stands() {
        let report = br#"{"reasons":["not in the charter"]}"#;
        let line = &lines(|| tracing::info!(report = report.as_slice(), "decided"))[0];
        assert_eq!(line["report"], json!({ "reasons": ["not in the charter"] }));
        let line = &lines(|| tracing::info!(report = b"\xff{".as_slice(), "decided"))[0];
        assert_eq!(line["report"], "\u{fffd}{");
    }
}
