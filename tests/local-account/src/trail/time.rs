//! Times as AWS writes them.

use jiff::Timestamp;
use serde_json::{Number, Value};

/// ISO 8601 in whole seconds, as in `eventTime`.
pub(crate) fn to_second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// ISO 8601 in milliseconds, as in Lambda's destination records.
pub(crate) fn to_millisecond(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `Oct 30, 2024 8:29:59 PM`, as dates appear in SSM's `responseElements`.
pub(crate) fn spoken(time: Timestamp) -> String {
    time.strftime("%b %-d, %Y %-I:%M:%S %p").to_string()
}

/// Seconds since 1970 with milliseconds, as in JSON 1.1 answers.
pub(crate) fn epoch(time: Timestamp) -> Value {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 stay far below 2^52"
    )]
    let seconds = time.as_millisecond() as f64 / 1000.0;
    Number::from_f64(seconds).map_or(Value::Null, Value::Number)
}

/// Reads what `epoch` writes.
pub(crate) fn from_epoch(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "out of range values saturate and are then refused"
    )]
    let milliseconds = (seconds * 1000.0).round() as i64;
    Timestamp::from_millisecond(milliseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_written_as_aws_writes_it() {
        let time: Timestamp = "2024-10-30T20:29:59.1234Z".parse().unwrap();
        assert_eq!(to_second(time), "2024-10-30T20:29:59Z");
        assert_eq!(to_millisecond(time), "2024-10-30T20:29:59.123Z");
        assert_eq!(spoken(time), "Oct 30, 2024 8:29:59 PM");
        assert_eq!(
            from_epoch(&epoch(time)).unwrap().as_millisecond(),
            time.as_millisecond()
        );
    }
}
