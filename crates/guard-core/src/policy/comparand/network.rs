//! IP addresses and ranges of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range: the addresses whose first bits are those of `first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network {
    first: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads an address, which is a range of one, or an address with the number of bits that count.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let width = width(first);
        let bits = match bits {
            None => width,
            Some(bits) if bits.len() <= 3 && bits.bytes().all(|b| b.is_ascii_digit()) => {
                bits.parse().ok()?
            }
            Some(_) => return None,
        };
        (bits <= width).then_some(Self { first, bits })
    }

    /// Whether `address` is in the range; an address of the other family never is.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        let differs = match (self.first, address) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                u128::from(one.to_bits() ^ other.to_bits()) << 96
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => one.to_bits() ^ other.to_bits(),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        differs.leading_zeros() >= self.bits
    }
}

impl Network {
    /// Its lowest address, whatever address of it names it.
    pub(crate) fn first(self) -> IpAddr {
        self.edge(Edge::First)
    }

    /// The address behind its highest, where there is one.
    pub(crate) fn behind(self) -> Option<IpAddr> {
        match self.edge(Edge::Last) {
            IpAddr::V4(last) => last.to_bits().checked_add(1).map(v4),
            IpAddr::V6(last) => last.to_bits().checked_add(1).map(v6),
        }
    }

    /// The address before its lowest, where there is one.
    pub(crate) fn before(self) -> Option<IpAddr> {
        match self.first() {
            IpAddr::V4(first) => first.to_bits().checked_sub(1).map(v4),
            IpAddr::V6(first) => first.to_bits().checked_sub(1).map(v6),
        }
    }

    fn edge(self, edge: Edge) -> IpAddr {
        match self.first {
            IpAddr::V4(address) => {
                let free = u32::MAX.checked_shr(self.bits).unwrap_or(0);
                v4(match edge {
                    Edge::First => address.to_bits() & !free,
                    Edge::Last => address.to_bits() | free,
                })
            }
            IpAddr::V6(address) => {
                let free = u128::MAX.checked_shr(self.bits).unwrap_or(0);
                v6(match edge {
                    Edge::First => address.to_bits() & !free,
                    Edge::Last => address.to_bits() | free,
                })
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Edge {
    First,
    Last,
}

fn v4(bits: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(bits))
}

fn v6(bits: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(bits))
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[track_caller]
    fn check(network: &str, inside: &[&str], outside: &[&str]) {
        let range = Network::parse(network).unwrap();
        for address in inside {
            assert!(
                range.contains(address.parse().unwrap()),
                "{network} {address}"
            );
        }
        for address in outside {
            assert!(
                !range.contains(address.parse().unwrap()),
                "{network} {address}"
            );
        }
    }

    #[test]
    fn a_range_is_its_first_bits() {
        check(
            "203.0.113.0/24",
            &["203.0.113.0", "203.0.113.255"],
            &["203.0.114.0", "::1"],
        );
        check("203.0.113.77/24", &["203.0.113.1"], &["203.0.112.1"]);
        check("203.0.113.7", &["203.0.113.7"], &["203.0.113.6"]);
        check("0.0.0.0/0", &["255.255.255.255"], &["::"]);
        check("128.0.0.0/1", &["255.0.0.1"], &["127.0.0.1"]);
        check(
            "2001:DB8:1234:5678::/64",
            &["2001:db8:1234:5678::1"],
            &["2001:db8:1234:5679::1", "203.0.113.1"],
        );
        check("2001:db8::7", &["2001:db8::7"], &["2001:db8::6"]);
        check("::/0", &["::1"], &["127.0.0.1"]);
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "",
            "10",
            "10.0.0/8",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "*",
            "010.0.0.1",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
