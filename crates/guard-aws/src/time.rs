//! Times in AWS's answers, and in questions.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The same instant; `None` outside the years that a `Timestamp` can hold.
pub(crate) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanos).ok()
}

/// The same instant.
#[cfg(feature = "compliance")]
pub(crate) fn datetime(time: Timestamp) -> DateTime {
    // INVARIANT: a time is that of its second, and a part of one behind it.
    let (mut seconds, mut nanos) = (time.as_second(), time.subsec_nanosecond());
    if nanos < 0 {
        (seconds, nanos) = (seconds - 1, nanos + 1_000_000_000);
    }
    DateTime::from_secs_and_nanos(seconds, u32::try_from(nanos).unwrap_or_default())
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

    #[cfg(feature = "compliance")]
    #[test]
    fn an_instant_comes_back_as_it_went() {
        for text in [
            "2026-01-15T02:03:04.123456789Z",
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.25Z",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(timestamp(&datetime(time)), Some(time), "{text}");
        }
    }

    #[test]
    fn an_instant_beyond_all_calendars_is_refused() {
        assert_eq!(timestamp(&DateTime::from_secs(i64::MAX)), None);
    }
}
