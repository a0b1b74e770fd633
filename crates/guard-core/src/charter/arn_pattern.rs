//! The ARN of a role or user as the charter names it: exact, but for whole segments of the path.

use std::fmt;

use super::permission_set::{RESERVED_PATH, ROLE_PREFIX};
use crate::names::{AccountId, Partition};

/// The path of roles that belong to AWS services.
const SERVICE_LINKED_PATH: &str = "aws-service-role/";

/// An ARN in which `*` may stand for one whole segment of the path, never for the name or the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArnPattern(String);

/// Why a text is not the ARN of somebody who may be an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArnPatternError {
    /// Not of the form of an IAM ARN.
    #[error("it is not of the form arn:PARTITION:iam::ACCOUNT:{0}NAME")]
    Form(&'static str),
    /// The ARN of a session: who opens one chooses its name.
    #[error(
        "it names a session, whose name the caller chooses; name the role itself, with its path"
    )]
    Session,
    /// The root user.
    #[error("the root user is never an editor")]
    Root,
    /// The root user, as somebody to exempt.
    #[error("the root user carries no policies, so that no rule judges it")]
    RootExempt,
    /// Anything but twelve digits, a wildcard above all.
    #[error("the account must be 12 digits or ${{account}}, without wildcard")]
    Account,
    /// Anything but a known form of partition.
    #[error("the partition must be one such as aws or ${{partition}}, without wildcard")]
    Partition,
    /// A user under `role`, a role under `user`, a group or a policy.
    #[error("it is not the ARN of a {0}")]
    Kind(&'static str),
    /// A wildcard in the name.
    #[error(
        "whoever may create a {0} could give it a matching name; write the name out, without wildcard"
    )]
    WildcardInName(&'static str),
    /// A wildcard that is not a whole segment.
    #[error("in the path a wildcard is a `*` that stands for one whole segment")]
    WildcardInSegment,
    /// A role that an AWS service owns.
    #[error("service-linked roles belong to AWS services and are never editors")]
    ServiceLinked,
    /// A role of Identity Center.
    #[error(
        "it is a role of Identity Center, whose name ends in digits that change; use permission-set"
    )]
    IdentityCenter,
    /// Characters or lengths that IAM does not allow.
    #[error("IAM allows no such name or path")]
    Name,
}

/// What an entry's key says that the ARN is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArnKind {
    Role,
    User,
    Group,
}

impl ArnKind {
    fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Role => "role/",
            Self::User => "user/",
            Self::Group => "group/",
        }
    }
}

impl ArnPattern {
    /// Takes `text` if it is an ARN of that kind whose account and name are written out.
    pub(super) fn check(text: &str, kind: ArnKind) -> Result<(), ArnPatternError> {
        let name = path_and_name(text, kind)?;
        if name.to_ascii_lowercase().starts_with(SERVICE_LINKED_PATH) {
            return Err(ArnPatternError::ServiceLinked);
        }
        check_path_and_name(name, kind)
    }

    /// The same for somebody who is exempt, which service-linked roles may be: nobody in the account can make one.
    pub(super) fn check_exempt(text: &str, kind: ArnKind) -> Result<(), ArnPatternError> {
        match path_and_name(text, kind) {
            Ok(name) => check_path_and_name(name, kind),
            Err(ArnPatternError::Root) => Err(ArnPatternError::RootExempt),
            Err(error) => Err(error),
        }
    }

    /// The pattern of a text that [`ArnPattern::check`] took, placeholders filled in or not.
    pub(super) fn of_checked(text: String) -> Self {
        Self(text)
    }

    /// Whether `arn` is one that the pattern names.
    pub fn matches(&self, arn: &str) -> bool {
        let mut wanted = self.0.split('/');
        let mut found = arn.split('/');
        loop {
            match (wanted.next(), found.next()) {
                (None, None) => return true,
                (Some("*"), Some(segment)) if !segment.is_empty() => {}
                (Some(wanted), Some(segment)) if wanted == segment => {}
                (_, _) => return false,
            }
        }
    }
}

/// What follows the kind in an ARN of that kind whose account is written out.
fn path_and_name(text: &str, kind: ArnKind) -> Result<&str, ArnPatternError> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, "", account, resource] = parts.as_slice() else {
        return Err(ArnPatternError::Form(kind.prefix()));
    };
    if *service == "sts" {
        return Err(ArnPatternError::Session);
    }
    if *service != "iam" {
        return Err(ArnPatternError::Form(kind.prefix()));
    }
    if Partition::parse(partition).is_err() {
        return Err(ArnPatternError::Partition);
    }
    if AccountId::parse(account).is_err() {
        return Err(ArnPatternError::Account);
    }
    if *resource == "root" {
        return Err(ArnPatternError::Root);
    }
    resource
        .strip_prefix(kind.prefix())
        .ok_or(ArnPatternError::Kind(kind.word()))
}

/// Names of 1 to 64 characters (groups: 128), paths of at most 512 (IAM user guide, "IAM and AWS STS quotas").
fn check_path_and_name(text: &str, kind: ArnKind) -> Result<(), ArnPatternError> {
    let (path, name) = match text.rsplit_once('/') {
        Some((path, name)) => (Some(path), name),
        None => (None, text),
    };
    let lower = text.to_ascii_lowercase();
    // Without its path such a role is most likely copied from a session's ARN.
    if lower.starts_with(RESERVED_PATH) || name.starts_with(ROLE_PREFIX) {
        return Err(ArnPatternError::IdentityCenter);
    }
    if name.contains(['*', '?']) {
        return Err(ArnPatternError::WildcardInName(kind.word()));
    }
    let segments = || path.into_iter().flat_map(|path| path.split('/'));
    if segments().any(|segment| segment.contains(['*', '?']) && segment != "*") {
        return Err(ArnPatternError::WildcardInSegment);
    }
    let longest = match kind {
        ArnKind::Role | ArnKind::User => 64,
        ArnKind::Group => 128,
    };
    let is_name = (1..=longest).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    let is_path = path.is_none_or(|path| path.len() <= 510)
        && segments().all(|segment| {
            !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_graphic())
        });
    if is_name && is_path {
        Ok(())
    } else {
        Err(ArnPatternError::Name)
    }
}

impl fmt::Display for ArnPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_exactly_one_segment_of_the_path() {
        let pattern =
            ArnPattern::of_checked("arn:aws:iam::123456789012:role/teams/*/editor".to_owned());
        assert!(pattern.matches("arn:aws:iam::123456789012:role/teams/red/editor"));
        for arn in [
            "arn:aws:iam::123456789012:role/teams/editor",
            "arn:aws:iam::123456789012:role/teams//editor",
            "arn:aws:iam::123456789012:role/teams/red/blue/editor",
            "arn:aws:iam::123456789012:role/teams/red/editor2",
            "arn:aws:iam::123456789012:role/teams/red/Editor",
            "arn:aws:iam::123456789012:role/teams/red/editor/",
            "arn:aws:iam::111122223333:role/teams/red/editor",
            "arn:aws-cn:iam::123456789012:role/teams/red/editor",
            "arn:aws:iam::123456789012:user/teams/red/editor",
        ] {
            assert!(!pattern.matches(arn), "{arn}");
        }
    }

    #[test]
    fn dangerous_arns_are_refused_each_for_its_own_reason() {
        use ArnPatternError as E;
        for (text, error) in [
            ("arn:aws:iam::*:role/editor", E::Account),
            ("arn:aws:iam::12345678901?:role/editor", E::Account),
            ("arn:aws:iam:::role/editor", E::Account),
            ("arn:*:iam::123456789012:role/editor", E::Partition),
            (
                "arn:aws:sts::123456789012:assumed-role/editor/me",
                E::Session,
            ),
            ("arn:aws:sts::123456789012:federated-user/me", E::Session),
            ("arn:aws:iam::123456789012:root", E::Root),
            ("arn:aws:iam::123456789012:user/editor", E::Kind("role")),
            ("arn:aws:iam::123456789012:group/editors", E::Kind("role")),
            ("arn:aws:iam::123456789012:*", E::Kind("role")),
            (
                "arn:aws:iam::123456789012:role/*",
                E::WildcardInName("role"),
            ),
            (
                "arn:aws:iam::123456789012:role/edit*",
                E::WildcardInName("role"),
            ),
            (
                "arn:aws:iam::123456789012:role/teams/edito?",
                E::WildcardInName("role"),
            ),
            (
                "arn:aws:iam::123456789012:role/te*/editor",
                E::WildcardInSegment,
            ),
            (
                "arn:aws:iam::123456789012:role/**/editor",
                E::WildcardInSegment,
            ),
            (
                "arn:aws:iam::123456789012:role/?/editor",
                E::WildcardInSegment,
            ),
            (
                "arn:aws:iam::123456789012:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForSSM",
                E::ServiceLinked,
            ),
            (
                "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef",
                E::IdentityCenter,
            ),
            (
                "arn:aws:iam::123456789012:role/AWSReservedSSO_A_0123456789abcdef",
                E::IdentityCenter,
            ),
            ("arn:aws:iam::123456789012:role/", E::Name),
            ("arn:aws:iam::123456789012:role//editor", E::Name),
            ("arn:aws:iam::123456789012:role/edi tor", E::Name),
            ("arn:aws:s3:::bucket", E::Form("role/")),
            (
                "arn:aws:iam:eu-west-1:123456789012:role/editor",
                E::Form("role/"),
            ),
            ("session-editors", E::Form("role/")),
            ("*", E::Form("role/")),
            ("", E::Form("role/")),
        ] {
            assert_eq!(ArnPattern::check(text, ArnKind::Role), Err(error), "{text}");
        }
    }

    #[test]
    fn roles_and_users_with_their_paths_are_taken() {
        for (text, kind) in [
            ("arn:aws:iam::123456789012:role/editor", ArnKind::Role),
            (
                "arn:aws-us-gov:iam::111122223333:role/a/*/b/editor@x",
                ArnKind::Role,
            ),
            ("arn:aws:iam::123456789012:user/people/alice", ArnKind::User),
        ] {
            assert_eq!(ArnPattern::check(text, kind), Ok(()), "{text}");
        }
    }
}
