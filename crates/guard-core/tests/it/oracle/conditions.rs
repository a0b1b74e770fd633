//! Conditions from small alphabets, and values of keys that they may meet.

use serde_json::{Value, json};

use super::choices::Choices;
use super::generate::one_or_many;

/// The context keys; most have values of one kind.
pub(super) const KEYS: [&str; 10] = [
    "k:text",
    "k:Number",
    "k:date",
    "k:bool",
    "k:bytes",
    "k:address",
    "k:arn",
    "aws:username",
    "k:tag/T",
    "aws:ResourceAccount",
];

const TEXTS: [&str; 9] = ["ann", "Ann", "a*", "", "x", "annx", "*", "x*", "ann/x"];
const NUMBERS: [&str; 7] = ["1", "2", "-1", "1.0", "10", "0.5", "x"];
const DATES: [&str; 6] = [
    "2026-01-01T00:00:00Z",
    "1767225600",
    "2026",
    "2026-01-02",
    "1767225601",
    "x",
];
const BOOLS: [&str; 4] = ["true", "false", "True", "x"];
const BYTES: [&str; 4] = ["YW5u", "YQ==", "", "x"];
const ADDRESSES: [&str; 5] = ["10.0.0.1", "10.0.0.200", "10.1.0.1", "2001:db8::1", "x"];
const ARNS: [&str; 5] = [
    "arn:aws:s:r:111122223333:d/ann",
    "arn:aws:s:r:123456789012:d/a:b",
    "arn:aws:s:::d/ann",
    "arn:aws:s",
    "x",
];
const ACCOUNTS: [&str; 2] = ["111122223333", "123456789012"];

const TEXT_PATTERNS: [&str; 13] = [
    "ann",
    "ANN",
    "a*",
    "*",
    "?nn",
    "",
    "${aws:username}",
    "${aws:username}*",
    "${k:tag/T, 'ann'}",
    "x${*}",
    "${*}",
    "a${*}",
    "${AWS:userName, 'x'}",
];
const ARN_PATTERNS: [&str; 9] = [
    "arn:aws:s:r:111122223333:d/ann",
    "arn:aws:s:*:*:d/*",
    "arn:*:*:*:*:*",
    "arn:aws:*",
    "*",
    "arn:aws:s:*:d/ann",
    "arn:aws:s:r:111122223333:d/${aws:username}",
    "arn:aws:s:?:*:*:b",
    "${k:arn}",
];
const RANGES: [&str; 7] = [
    "10.0.0.0/24",
    "10.0.0.1",
    "0.0.0.0/0",
    "10.0.0.77/25",
    "2001:db8::/32",
    "::/0",
    "2001:db8::1",
];

/// How many of the values of a kind mean something to its operators; the rest only stand in requests.
fn understood(kind: usize) -> &'static [&'static str] {
    match kind {
        1 => &NUMBERS[..6],
        2 => &DATES[..5],
        3 => &BOOLS[..3],
        4 => &BYTES[..3],
        5 => &RANGES,
        6 => &ARN_PATTERNS,
        _ => &TEXT_PATTERNS,
    }
}

fn operators(kind: usize) -> &'static [&'static str] {
    match kind {
        1 => &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        2 => &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        3 => &["Bool"],
        4 => &["BinaryEquals"],
        5 => &["IpAddress", "NotIpAddress"],
        6 => &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        _ => &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
    }
}

/// The values that a key may have in a request.
pub(super) fn pool(key: &str) -> &'static [&'static str] {
    match KEYS.iter().position(|other| *other == key) {
        Some(1) => &NUMBERS,
        Some(2) => &DATES,
        Some(3) => &BOOLS,
        Some(4) => &BYTES,
        Some(5) => &ADDRESSES,
        Some(6) => &ARNS,
        Some(9) => &ACCOUNTS,
        _ => &TEXTS,
    }
}

pub(super) fn values(choices: &mut Choices<'_>, key: &str) -> Vec<String> {
    let least = usize::from(key == "aws:ResourceAccount");
    let most = if choices.happens(3) { 3 } else { 1 };
    let several = choices.several(least, most, |choices| choices.one_of(pool(key)).to_owned());
    if key == "aws:ResourceAccount" {
        several[..1].to_vec()
    } else {
        several
    }
}

/// An operator, a key and values.
pub(super) fn condition(choices: &mut Choices<'_>) -> (String, String, Value) {
    let kind = choices.below(9);
    let key = if choices.happens(1) {
        choices.one_of(&KEYS)
    } else {
        KEYS[kind]
    };
    let key = if choices.happens(2) {
        key.to_uppercase()
    } else {
        key.to_owned()
    };
    if choices.happens(1) {
        let values = choices.several(1, 2, |choices| {
            choices
                .one_of(&[json!("true"), json!(false)].each_ref())
                .clone()
        });
        return ("Null".to_owned(), key, one_or_many(choices, values));
    }
    let set = choices.one_of(&["", "", "", "ForAllValues:", "ForAnyValue:"]);
    let absence = choices.one_of(&["", "", "IfExists"]);
    let operator = format!("{set}{}{absence}", choices.one_of(operators(kind)));
    let least = usize::from(!choices.happens(1));
    let values = choices.several(least, 3, |choices| {
        let text = choices.one_of(understood(kind));
        // Some without quotation marks.
        match serde_json::from_str::<Value>(text) {
            Ok(plain) if (plain.is_i64() || plain.is_boolean()) && choices.happens(3) => plain,
            _ => json!(text),
        }
    });
    (operator, key, one_or_many(choices, values))
}
