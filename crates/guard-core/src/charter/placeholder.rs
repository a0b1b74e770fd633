//! `${account}`, `${region}` and `${partition}`: what lets one charter and one baseline serve many accounts.

use crate::names::Scope;

/// The names that may stand in `${…}`.
pub(crate) const NAMES: [&str; 3] = ["account", "region", "partition"];

/// `text` with the three placeholders filled in, and anything else as it was.
pub(crate) fn fill(text: &str, scope: &Scope) -> String {
    let values = [
        scope.account.as_str(),
        scope.region.as_str(),
        scope.partition.as_str(),
    ];
    NAMES
        .iter()
        .zip(values)
        .fold(text.to_owned(), |text, (name, value)| {
            // No value holds `$`, so that nothing filled in is ever filled in again.
            text.replace(&format!("${{{name}}}"), value)
        })
}

/// The first `${…}` that is none of the three, without its end where it has none.
pub(crate) fn unknown(text: &str) -> Option<String> {
    text.match_indices("${").find_map(|(start, _)| {
        let rest = text.get(start..)?;
        let whole = rest.find('}').and_then(|end| rest.get(..=end));
        let name = whole
            .and_then(|whole| whole.strip_prefix("${"))
            .and_then(|name| name.strip_suffix('}'));
        let is_known = name.is_some_and(|name| NAMES.contains(&name));
        (!is_known).then(|| whole.unwrap_or(rest).chars().take(40).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{AccountId, Partition, Region};

    fn scope() -> Scope {
        Scope {
            partition: Partition::parse("aws-cn").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("cn-north-1").unwrap(),
        }
    }

    #[test]
    fn the_three_placeholders_are_filled_in_wherever_they_stand() {
        let text = "arn:${partition}:kms:${region}:${account}:alias/${account}-x";
        assert_eq!(
            fill(text, &scope()),
            "arn:aws-cn:kms:cn-north-1:123456789012:alias/123456789012-x"
        );
    }

    #[test]
    fn shell_syntax_is_left_alone() {
        let text = "echo ${HOME} $account ${account:-none} $${region}";
        assert_eq!(
            fill(text, &scope()),
            "echo ${HOME} $account ${account:-none} $cn-north-1"
        );
    }

    #[test]
    fn an_unknown_placeholder_is_found_behind_known_ones() {
        for (text, found) in [
            ("plain $ {account}", None),
            ("${account}/${region}", None),
            ("${account}/${acount}", Some("${acount}")),
            ("${Account}", Some("${Account}")),
            ("${}", Some("${}")),
            ("x${account", Some("${account")),
            ("${ ${account}", Some("${ ${account}")),
        ] {
            assert_eq!(unknown(text).as_deref(), found, "{text}");
        }
    }
}
