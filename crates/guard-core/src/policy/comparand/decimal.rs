//! Numbers as IAM compares them: integers and decimals, exact.

/// Digits on either side of the point; no context key needs more.
const DIGITS: usize = 18;

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
