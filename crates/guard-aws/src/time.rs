//! Times in AWS's answers.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The same instant; `None` outside the years that a `Timestamp` can hold.
pub(crate) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_stays_the_same_to_the_nanosecond() {
        for (secs, nanos, expected) in [
            (1_767_225_600, 500_000_000, "2026-01-01T00:00:00.5Z"),
            (0, 0, "1970-01-01T00:00:00Z"),
            (-1, 250_000_000, "1969-12-31T23:59:59.25Z"),
        ] {
            let time = timestamp(&DateTime::from_secs_and_nanos(secs, nanos)).unwrap();
            assert_eq!(time.to_string(), expected);
        }
    }

    #[test]
    fn an_instant_beyond_all_calendars_is_refused() {
        assert_eq!(timestamp(&DateTime::from_secs(i64::MAX)), None);
    }
}
