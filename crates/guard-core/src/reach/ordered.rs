//! Numbers, points in time and addresses worth trying: one in every stretch on which no condition changes its mind.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::values::{Candidates, Wanted};
use crate::policy::{Comparand, Decimal, Network};

/// A value of each stretch between the values that the conditions name, and those values themselves; complete unless a
/// stretch has no value that could be written down.
pub(super) fn landmarks(wanted: &[Wanted<'_>]) -> Candidates {
    let named = || {
        wanted
            .iter()
            .flat_map(|wanted| wanted.condition.comparands())
    };
    let numbers = named().filter_map(|named| match named {
        Comparand::Number(number) => Some(*number),
        _ => None,
    });
    let times = named().filter_map(|named| match named {
        Comparand::Date(time) => Some(*time),
        _ => None,
    });
    let networks = named().filter_map(|named| match named {
        Comparand::Network(network) => Some(*network),
        _ => None,
    });
    let mut found = Candidates {
        values: Vec::new(),
        is_complete: true,
    };
    add(&mut found, stretches(numbers.collect()));
    add(&mut found, stretches(times.collect()));
    add(&mut found, addresses(&networks.collect::<Vec<_>>()));
    found
}

fn add<T: ToString>(found: &mut Candidates, more: (Vec<T>, bool)) {
    let (more, is_complete) = more;
    found.is_complete &= is_complete;
    let texts = more.into_iter().map(|value| Some(vec![value.to_string()]));
    found.values.extend(texts);
}

/// What has an order without gaps, as far as it can be written down.
trait Line: Ord + Copy {
    /// A value strictly between two others.
    fn between(self, above: Self) -> Option<Self>;
    fn below(self) -> Option<Self>;
    fn above(self) -> Option<Self>;
}

/// The named values, those beyond and those between; and whether there was one for every stretch.
fn stretches<T: Line>(mut named: Vec<T>) -> (Vec<T>, bool) {
    named.sort_unstable();
    named.dedup();
    let (Some(first), Some(last)) = (named.first().copied(), named.last().copied()) else {
        return (Vec::new(), true);
    };
    let between = named
        .iter()
        .zip(named.iter().skip(1))
        .map(|(below, above)| below.between(*above));
    let all: Vec<Option<T>> = between.chain([first.below(), last.above()]).collect();
    let is_complete = all.iter().all(Option::is_some);
    named.extend(all.into_iter().flatten());
    (named, is_complete)
}

impl Line for Decimal {
    fn between(self, above: Self) -> Option<Self> {
        self.middle(above)
    }

    fn below(self) -> Option<Self> {
        self.plus(-1)
    }

    fn above(self) -> Option<Self> {
        self.plus(1)
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Line for Timestamp {
    fn between(self, above: Self) -> Option<Self> {
        let middle = i128::midpoint(self.as_nanosecond(), above.as_nanosecond());
        let exact = Self::from_nanosecond(middle).ok()?;
        // A whole second is easier to read.
        let whole = Self::from_second(exact.as_second()).ok();
        let is_between = |time: &Self| self < *time && *time < above;
        whole.filter(is_between).or(Some(exact).filter(is_between))
    }

    fn below(self) -> Option<Self> {
        self.checked_sub(DAY).ok()
    }

    fn above(self) -> Option<Self> {
        self.checked_add(DAY).ok()
    }
}

/// Ranges begin and end; every stretch begins where a range does, behind the end of one, or with the lowest address.
fn addresses(networks: &[Network]) -> (Vec<IpAddr>, bool) {
    if networks.is_empty() {
        return (Vec::new(), true);
    }
    let first = networks.iter().map(|network| network.first());
    let behind = networks.iter().filter_map(|network| network.behind());
    let before = networks.iter().filter_map(|network| network.before());
    let lowest = [IpAddr::from([0_u8; 4]), IpAddr::from([0_u8; 16])];
    (
        first.chain(before).chain(behind).chain(lowest).collect(),
        true,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(named: &[&str]) -> (Vec<String>, bool) {
        let parsed = named.iter().map(|text| Decimal::parse(text).unwrap());
        let (found, is_complete) = stretches(parsed.collect());
        (found.iter().map(ToString::to_string).collect(), is_complete)
    }

    #[test]
    fn every_stretch_of_numbers_has_a_member() {
        let all = |texts: &[&str]| (texts.iter().map(ToString::to_string).collect(), true);
        assert_eq!(numbers(&[]), all(&[]));
        assert_eq!(numbers(&["3600"]), all(&["3600", "3599", "3601"]));
        assert_eq!(
            numbers(&["3601.5", "3600.5"]),
            all(&["3600.5", "3601.5", "3601", "3599.5", "3602.5"])
        );
        assert_eq!(numbers(&["-1", "0"]), all(&["-1", "0", "-0.5", "-2", "1"]));
    }

    #[test]
    fn a_stretch_without_a_member_that_could_be_written_is_owned_up_to() {
        let (_, is_complete) = numbers(&["0.000000000000000001", "0.000000000000000002"]);
        assert!(!is_complete);
        let (_, is_complete) = numbers(&["999999999999999999"]);
        assert!(!is_complete);
    }

    #[test]
    fn every_stretch_of_time_has_a_member() {
        let times = |named: &[&str]| {
            let parsed = named.iter().map(|text| text.parse().unwrap());
            let (found, _) = stretches::<Timestamp>(parsed.collect());
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            times(&["2026-12-01T08:00:00Z", "2026-12-01T18:00:00Z"]),
            [
                "2026-12-01T08:00:00Z",
                "2026-12-01T18:00:00Z",
                "2026-12-01T13:00:00Z",
                "2026-11-30T08:00:00Z",
                "2026-12-02T18:00:00Z"
            ]
        );
        let second = times(&["2026-12-01T08:00:00Z", "2026-12-01T08:00:01Z"]);
        assert!(
            second.contains(&"2026-12-01T08:00:00.5Z".to_owned()),
            "{second:?}"
        );
    }

    #[test]
    fn a_range_begins_with_its_own_bits_whatever_address_names_it() {
        let network = |text| Network::parse(text).unwrap();
        let (found, _) = addresses(&[network("10.0.0.130/24"), network("10.0.0.130/25")]);
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "10.0.0.0",
                "10.0.0.128",
                "9.255.255.255",
                "10.0.0.127",
                "10.0.1.0",
                "10.0.1.0",
                "0.0.0.0",
                "::"
            ]
        );
    }
}
