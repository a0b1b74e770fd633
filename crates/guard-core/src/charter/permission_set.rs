//! A permission set of Identity Center, known by the roles that it leaves in each account.

use std::fmt;

use crate::names::{NameError, Region, RoleArn, Scope};

/// The path under which Identity Center keeps its roles; nobody in the account can create or change a role there
/// (Identity Center user guide, "Referencing permission sets in resource policies").
pub(super) const RESERVED_PATH: &str = "aws-reserved/";

const SSO_PATH: &str = "aws-reserved/sso.amazonaws.com/";

/// What such a role's name begins with.
pub(super) const ROLE_PREFIX: &str = "AWSReservedSSO_";

/// The number of hexadecimal digits behind the name; they change when the permission set is provisioned anew.
const SUFFIX_DIGITS: usize = 16;

/// The exact name of a permission set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet(String);

impl PermissionSet {
    /// Takes 1 to 32 letters, digits and `_+=,.@-` (Identity Center API reference, `CreatePermissionSet`).
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let is_name = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError {
                found: text.chars().take(80).collect(),
                expected: "the name of a permission set",
            })
        }
    }

    /// The name of a text that [`PermissionSet::parse`] took, placeholders filled in or not.
    pub(super) fn of_checked(text: String) -> Self {
        Self(text)
    }

    /// Whether `role` is the one that this permission set has in the scope's account.
    pub fn is_role(&self, role: &RoleArn, scope: &Scope) -> bool {
        let start = format!(
            "arn:{}:iam::{}:role/{SSO_PATH}",
            scope.partition, scope.account
        );
        let Some(rest) = role.as_str().strip_prefix(&start) else {
            return false;
        };
        // Identity Center leaves its home Region out of the path when that is us-east-1.
        let name = match rest.split_once('/') {
            Some((region, name)) if Region::parse(region).is_ok() => name,
            Some(_) => return false,
            None => rest,
        };
        // The name may hold underscores itself: only the last one ends it.
        name.strip_prefix(ROLE_PREFIX)
            .and_then(|name| name.rsplit_once('_'))
            .is_some_and(|(name, suffix)| name == self.0 && is_suffix(suffix))
    }
}

fn is_suffix(text: &str) -> bool {
    text.len() == SUFFIX_DIGITS
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl fmt::Display for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{AccountId, Partition};

    fn scope() -> Scope {
        Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-central-1").unwrap(),
        }
    }

    fn admin_has(role: &str) -> bool {
        let role = RoleArn::parse(role).unwrap();
        PermissionSet::parse("Admin")
            .unwrap()
            .is_role(&role, &scope())
    }

    #[test]
    fn the_role_of_a_permission_set_is_known_with_and_without_a_home_region() {
        let path = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com";
        assert!(admin_has(&format!(
            "{path}/AWSReservedSSO_Admin_0123456789abcdef"
        )));
        assert!(admin_has(&format!(
            "{path}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
        )));
    }

    #[test]
    fn nothing_else_is_the_role_of_the_permission_set() {
        for role in [
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_Intern_0123456789abcdef",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789ABCDEF",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcde",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef0",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_admin_0123456789abcdef",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/a/b-1/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/no region/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws:iam::123456789012:role/aws-reserved/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws:iam::123456789012:role/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws:iam::123456789012:role/x/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
            "arn:aws-cn:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
        ] {
            // A blank cannot even stand in an ARN.
            let Ok(arn) = RoleArn::parse(role) else {
                continue;
            };
            assert!(
                !PermissionSet::parse("Admin")
                    .unwrap()
                    .is_role(&arn, &scope()),
                "{role}"
            );
        }
    }

    #[test]
    fn a_permission_set_with_underscores_is_matched_whole() {
        let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_Intern_0123456789abcdef";
        let role = RoleArn::parse(role).unwrap();
        assert!(
            PermissionSet::parse("Admin_Intern")
                .unwrap()
                .is_role(&role, &scope())
        );
    }

    #[test]
    fn names_are_those_that_identity_center_takes() {
        for text in ["", "a b", "Admin*", "é", &"x".repeat(33), "a/b"] {
            assert!(PermissionSet::parse(text).is_err(), "{text}");
        }
    }
}
