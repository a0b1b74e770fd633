//! Dates as IAM takes them: the forms of ISO 8601 that the W3C's note on dates lists, or seconds since 1970.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The point in time that `text` names; a year, month or day alone is its beginning in UTC.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        // A year rather than the first hours of 1970.
        4 if is_number(text) => beginning(&format!("{text}-01-01")),
        7 if text.as_bytes().get(4) == Some(&b'-') => beginning(&format!("{text}-01")),
        10 if text.as_bytes().get(4) == Some(&b'-') => beginning(text),
        _ if is_number(text) => Timestamp::from_second(text.parse().ok()?).ok(),
        _ => in_full(text),
    }
}

fn beginning(day: &str) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    let zoned = day.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// `YYYY-MM-DDThh:mm`, seconds and their fraction if any, and `Z` or an offset.
fn in_full(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T')?;
    let is_date = day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let is_time = time.ends_with('Z')
        || time
            .bytes()
            .rev()
            .nth(5)
            .is_some_and(|b| b == b'+' || b == b'-');
    let plain = |b: u8| b.is_ascii_digit() || b":.+-Z".contains(&b);
    (is_date && is_time && time.bytes().all(plain)).then_some(())?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn each_form_names_a_point_in_time() {
        for (text, second) in [
            ("2026", 1_767_225_600),
            ("2026-01", 1_767_225_600),
            ("2026-01-01", 1_767_225_600),
            ("2026-01-01T00:00Z", 1_767_225_600),
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("2026-01-01T00:00:00.000Z", 1_767_225_600),
            ("2026-01-01T01:00:00+01:00", 1_767_225_600),
            ("2025-12-31T19:00-05:00", 1_767_225_600),
            ("1767225600", 1_767_225_600),
            ("0", 0),
        ] {
            let found = moment(text).map(jiff::Timestamp::as_second);
            assert_eq!(found, Some(second), "{text}");
        }
    }

    #[test]
    fn what_names_none_is_none() {
        for text in [
            "",
            "-",
            "-1",
            "*",
            "2026-13",
            "2026-02-30",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "20260101T000000Z",
            "2026-01-01T00:00:00[UTC]",
            "now",
            "99999999999999999",
            "1.5",
            "2026-1-1",
            "2026-W01-1",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
