//! What templates say of a policy, and whom they make.

use crate::charter::Forbidden;
use crate::inventory::BearerKind;

/// Whether a text names the policy, by its ARN or by its name alone. IAM takes ARNs in any case.
pub fn names(text: &str, forbidden: &Forbidden) -> bool {
    let (text, name) = (text.as_bytes(), forbidden.name().as_bytes());
    let mut windows = text.windows(name.len().max(1));
    windows.any(|window| window.eq_ignore_ascii_case(name))
}

/// Whether a template of CloudFormation may make roles, users or groups, be it by a module, whose text is elsewhere.
pub fn makes_bearers(template: &str) -> bool {
    let words = ["AWS::IAM::", "::MODULE"];
    words.iter().any(|word| template.contains(word))
}

/// What a resource of this type is, if it is one that carries policies; the service's own id of it is its name
/// (CloudFormation template reference, `AWS::IAM::Role` and its kin, `Ref`).
pub fn made_by_stacks(resource_type: &str) -> Option<BearerKind> {
    match resource_type {
        "AWS::IAM::Role" => Some(BearerKind::Role),
        "AWS::IAM::User" => Some(BearerKind::User),
        "AWS::IAM::Group" => Some(BearerKind::Group),
        _ => None,
    }
}
