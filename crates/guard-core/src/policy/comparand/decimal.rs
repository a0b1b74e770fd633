//! Numbers as IAM compares them: integers and decimals, exact.

use std::fmt;

/// Digits on either side of the point; no context key needs more.
const DIGITS: usize = 18;
/// One.
const UNITS: i128 = 10_i128.pow(18);
/// Below this, the whole has no more digits than are read.
const MOST: i128 = UNITS * UNITS;

/// A number, in units of 10⁻¹⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Decimal(i128);

impl Decimal {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() > DIGITS || fraction.len() > DIGITS {
            return None;
        }
        let units = in_units(whole, DIGITS)? + in_units(fraction, DIGITS - fraction.len())?;
        Some(Self(if is_negative { -units } else { units }))
    }
}

/// So many digits, moved to the left by so many places. INVARIANT: `digits` are at most [`DIGITS`] ASCII digits, so the
/// result is below 10³⁶ and fits.
fn in_units(digits: &str, places: usize) -> Option<i128> {
    let number = if digits.is_empty() {
        0
    } else {
        digits.parse::<i128>().ok()?
    };
    let factor = 10_i128.checked_pow(u32::try_from(places).ok()?)?;
    number.checked_mul(factor)
}

impl Decimal {
    /// The number in the middle, where one lies between that can be written.
    pub(crate) fn middle(self, above: Self) -> Option<Self> {
        let middle = Self(i128::midpoint(self.0, above.0));
        (self < middle && middle < above).then_some(middle)
    }

    /// The number that is so many greater, where it can be written.
    pub(crate) fn plus(self, whole: i64) -> Option<Self> {
        let sum = Self(self.0.checked_add(i128::from(whole).checked_mul(UNITS)?)?);
        (sum.0.checked_abs()? < MOST).then_some(sum)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (self.0.abs() / UNITS, self.0.abs() % UNITS);
        let fraction = format!("{fraction:0DIGITS$}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn numbers_are_compared_as_numbers() {
        let number = |text| Decimal::parse(text).unwrap();
        assert_eq!(number("10"), number("010.00"));
        assert_eq!(number("-0"), number("0"));
        assert!(number("9") < number("10"));
        assert!(number("-10") < number("-9.5"));
        assert!(number("0.1") > number("0.09"));
        assert!(number("9007199254740993") > number("9007199254740992"));
    }

    #[test]
    fn a_number_is_written_as_it_is_read() {
        for text in [
            "0",
            "10",
            "-0.5",
            "3600.25",
            "0.000000000000000001",
            "999999999999999999",
        ] {
            let number = Decimal::parse(text).unwrap();
            assert_eq!(number.to_string(), text);
        }
        assert_eq!(Decimal::parse("999999999999999999").unwrap().plus(1), None);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "-", ".", "1.", ".5", "1e3", "0x1", "+1", " 1", "1 ", "٣", "--1",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse("1234567890123456789"), None);
        assert_eq!(Decimal::parse("0.1234567890123456789"), None);
    }
}
