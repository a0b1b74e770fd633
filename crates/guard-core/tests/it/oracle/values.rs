//! Numbers, dates, bytes and addresses, in as simple a way as the generated ones allow.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A number in thousandths.
pub(super) fn thousandths(text: &str) -> Option<i64> {
    let (digits, sign) = match text.strip_prefix('-') {
        Some(digits) => (digits, -1),
        None => (text, 1),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty()
        || fraction.is_empty()
        || !format!("{whole}{fraction}")
            .chars()
            .all(|one| one.is_ascii_digit())
    {
        return None;
    }
    let fraction: String = format!("{fraction}000").chars().take(3).collect();
    Some(sign * (whole.parse::<i64>().ok()? * 1000 + fraction.parse::<i64>().ok()?))
}

/// A date in thousandths of a second since 1970: a count of days, one by one.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
    if is_number(text) && text.len() != 4 {
        return text.parse::<i64>().ok().map(|second| second * 1000);
    }
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let mut parts = day.split('-');
    let year = parts
        .next()
        .filter(|text| is_number(text) && text.len() == 4)?
        .parse::<i64>()
        .ok()?;
    let month = parts.next().unwrap_or("1").parse::<usize>().ok()?;
    let day = parts.next().unwrap_or("1").parse::<i64>().ok()?;
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut days: i64 = (1970..year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum();
    let months = [
        31,
        if is_leap(year) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    days += months[..month - 1].iter().sum::<i64>() + day - 1;
    let clock: Vec<&str> = time.strip_suffix('Z')?.split(':').collect();
    let whole = |text: &str| text.parse::<i64>().unwrap();
    let minutes = days * 1_440 + whole(clock[0]) * 60 + whole(clock[1]);
    Some(minutes * 60_000 + thousandths(clock[2])?)
}

pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=');
    let digits = digits
        .chars()
        .map(|digit| u8::try_from(DIGITS.find(digit)?).ok());
    let digits = digits.collect::<Option<Vec<_>>>()?;
    let bits: Vec<u8> = digits
        .iter()
        .flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1))
        .collect();
    let bytes = bits
        .chunks_exact(8)
        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit));
    text.len().is_multiple_of(4).then(|| bytes.collect())
}

pub(super) fn is_in_range(found: &str, range: &str) -> bool {
    let (first, length) = match range.split_once('/') {
        Some((first, length)) => (first, length.parse::<usize>().unwrap()),
        None => (range, 128),
    };
    let (Some(first), Some(found)) = (bits(first), bits(found)) else {
        return false;
    };
    first.len() == found.len()
        && first
            .iter()
            .zip(&found)
            .take(length)
            .all(|(one, other)| one == other)
}

/// Each bit of an address.
fn bits(address: &str) -> Option<Vec<u8>> {
    let bytes = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(address), _) => address.octets().to_vec(),
        (_, Ok(address)) => address.octets().to_vec(),
        (Err(_), Err(_)) => return None,
    };
    Some(
        bytes
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
            .collect(),
    )
}
