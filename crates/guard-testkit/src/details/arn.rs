//! Names and ARNs, which lists use to point at each other.

use super::policy::AWS_MANAGED;
use super::{Details, Dice};
use crate::person::{ACCOUNT, OTHER_ACCOUNT};

/// What the made-up account works on.
const PROJECTS: [&str; 12] = [
    "billing",
    "checkout",
    "search",
    "catalog",
    "identity",
    "ledger",
    "mailer",
    "metrics",
    "orders",
    "payments",
    "shipping",
    "warehouse",
];
const STAGES: [&str; 3] = ["dev", "staging", "prod"];
const REGIONS: [&str; 3] = ["eu-central-1", "us-east-1", "ap-northeast-1"];

pub(super) fn account() -> &'static str {
    ACCOUNT
}

pub(super) fn other_account() -> &'static str {
    OTHER_ACCOUNT
}

pub(super) fn project(dice: &mut Dice) -> &'static str {
    dice.pick(&PROJECTS)
}

pub(super) fn stage(dice: &mut Dice) -> &'static str {
    dice.pick(&STAGES)
}

pub(super) fn region(dice: &mut Dice) -> &'static str {
    dice.pick(&REGIONS)
}

/// The ARN of something of the account in one Region.
pub(super) fn regional(dice: &mut Dice, service: &str, resource: &str) -> String {
    let region = region(dice);
    format!("arn:aws:{service}:{region}:{ACCOUNT}:{resource}")
}

/// The ARN of a managed policy by its number.
pub(super) fn policy(number: usize) -> String {
    match AWS_MANAGED.get(number) {
        Some((path, name, _)) => format!("arn:aws:iam::aws:policy{path}{name}"),
        None => format!("arn:aws:iam::{ACCOUNT}:policy/{}", policy_name(number)),
    }
}

/// The name of a managed policy by its number.
pub(super) fn policy_name(number: usize) -> String {
    match AWS_MANAGED.get(number) {
        Some((_, name, _)) => (*name).to_owned(),
        None => format!("policy-{number:05}"),
    }
}

pub(super) fn group_name(number: usize) -> String {
    format!("group-{number:03}")
}

/// Some managed policies as an entity's `AttachedManagedPolicies`.
pub(super) fn attached(
    details: &Details,
    dice: &mut Dice,
    at_most: usize,
) -> Vec<serde_json::Value> {
    let numbers = dice.several(at_most, details.policies);
    let bounded = numbers
        .into_iter()
        .filter(|number| *number < details.policies);
    let pair = |number| serde_json::json!({ "PolicyName": policy_name(number), "PolicyArn": policy(number) });
    bounded.map(pair).collect()
}
