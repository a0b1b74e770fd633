//! Who may assume a role.

use serde_json::{Value, json};

use super::{Dice, arn};

pub(super) fn service(name: &str) -> Value {
    trust(
        &json!({ "Effect": "Allow", "Principal": { "Service": name }, "Action": "sts:AssumeRole" }),
    )
}

/// Identity Center's sessions.
pub(super) fn permission_set() -> Value {
    let provider = format!(
        "arn:aws:iam::{}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE",
        arn::account()
    );
    trust(&json!({
        "Effect": "Allow", "Principal": { "Federated": provider },
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": { "StringEquals": { "SAML:aud": "https://signin.aws.amazon.com/saml" } }
    }))
}

/// Another account, with the word that it must know.
pub(super) fn account(dice: &mut Dice) -> Value {
    let root = format!("arn:aws:iam::{}:root", arn::other_account());
    trust(&json!({
        "Effect": "Allow", "Principal": { "AWS": [root] }, "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "sts:ExternalId": dice.hex(16) } }
    }))
}

/// A pipeline elsewhere.
pub(super) fn pipeline(dice: &mut Dice) -> Value {
    let provider = format!(
        "arn:aws:iam::{}:oidc-provider/token.actions.githubusercontent.com",
        arn::account()
    );
    let subject = format!("repo:example/{}:*", arn::project(dice));
    trust(&json!({
        "Effect": "Allow", "Principal": { "Federated": provider }, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
            "StringLike": { "token.actions.githubusercontent.com:sub": [subject] }
        }
    }))
}

fn trust(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}
