//! What a question leaves open of a request's context.

/// What values a context key may have in the requests that are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// The key is not in the context.
    Absent,
    /// The key has exactly these values.
    Fixed(Vec<String>),
    /// The key has any value of a set, or is absent where the question allows it.
    Open(Open),
}

/// A set of values; in its patterns `*` and `?` are wildcards and `${key}` is the value that another key has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Open {
    /// Whether the key is in the context in any case.
    pub presence: Presence,
    /// The value matches one of these; any value where the list is empty.
    pub inside: Vec<String>,
    /// The value matches none of these.
    pub outside: Vec<String>,
}

/// Whether a key is in the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    /// It may be missing.
    #[default]
    Optional,
    /// It is there.
    Required,
}

/// What is known of every key. A key that nothing is said of may have any value or none: the caller chooses where he
/// calls from, when, and with which second factor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    rules: Vec<(KeyPattern, Domain)>,
    twins: Option<(String, String)>,
}

/// The keys that a rule is about, as [`Keys::canonical`] names them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeyPattern {
    Exact(String),
    Prefix(String),
}

impl Keys {
    /// Nothing is known of any key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing is known of any key, but that keys which differ only in these prefixes always have the same value: two
    /// names of one tag.
    pub fn with_twins(prefix: &str, other: &str) -> Self {
        let twins = (prefix.to_ascii_lowercase(), other.to_ascii_lowercase());
        Self {
            rules: Vec::new(),
            twins: Some(twins),
        }
    }

    /// Adds what is known of one key; an earlier rule for it is overruled.
    #[must_use]
    pub fn with(mut self, key: &str, domain: Domain) -> Self {
        let key = self.canonical(key);
        self.rules.push((KeyPattern::Exact(key), domain));
        self
    }

    /// Adds what is known of every key that begins so, unless a rule names the key itself.
    #[must_use]
    pub fn with_prefix(mut self, prefix: &str, domain: Domain) -> Self {
        let prefix = self.canonical(prefix);
        self.rules.push((KeyPattern::Prefix(prefix), domain));
        self
    }

    /// What is known of a key; `None` means anything.
    pub fn domain(&self, key: &str) -> Option<&Domain> {
        self.domain_of(&self.canonical(key))
    }

    /// The same of a key as [`Keys::canonical`] names it.
    pub(super) fn domain_of(&self, key: &str) -> Option<&Domain> {
        let latest = || self.rules.iter().rev();
        let exact = latest().find(|(pattern, _)| match pattern {
            KeyPattern::Exact(exact) => exact == key,
            KeyPattern::Prefix(_) => false,
        });
        let prefixed = || {
            latest().find(|(pattern, _)| match pattern {
                KeyPattern::Exact(_) => false,
                KeyPattern::Prefix(prefix) => key.starts_with(prefix.as_str()),
            })
        };
        exact.or_else(prefixed).map(|(_, domain)| domain)
    }

    /// The one name, in lower case, under which a key and its twin are thought of.
    pub(super) fn canonical(&self, key: &str) -> String {
        let key = key.to_ascii_lowercase();
        let twin = self.twins.as_ref().and_then(|(first, other)| {
            key.strip_prefix(other.as_str())
                .map(|rest| format!("{first}{rest}"))
        });
        twin.unwrap_or(key)
    }

    /// All names of a key: a context that has one has the others.
    pub(super) fn names(&self, canonical: &str) -> Vec<String> {
        let twin = self.twins.as_ref().and_then(|(first, other)| {
            canonical
                .strip_prefix(first.as_str())
                .map(|rest| format!("{other}{rest}"))
        });
        std::iter::once(canonical.to_owned()).chain(twin).collect()
    }

    /// Every pattern that values are told by.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &String> {
        self.rules.iter().flat_map(|(_, domain)| match domain {
            Domain::Open(open) => open.inside.iter().chain(&open.outside),
            Domain::Absent | Domain::Fixed(_) => [].iter().chain(&[]),
        })
    }

    /// The keys that must be in every context, whatever the policies say of them.
    pub(super) fn always_present(&self) -> impl Iterator<Item = String> + '_ {
        self.rules.iter().filter_map(|(pattern, domain)| {
            let KeyPattern::Exact(key) = pattern else {
                return None;
            };
            match domain {
                Domain::Fixed(_) => Some(key.clone()),
                Domain::Open(open) if open.presence == Presence::Required => Some(key.clone()),
                Domain::Open(_) | Domain::Absent => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(value: &str) -> Domain {
        Domain::Fixed(vec![value.to_owned()])
    }

    #[test]
    fn the_rule_for_a_key_itself_goes_before_the_one_for_its_kind() {
        let keys = Keys::new()
            .with("aws:PrincipalTag/Team", fixed("red"))
            .with_prefix("aws:PrincipalTag/", Domain::Absent);
        assert_eq!(keys.domain("AWS:principaltag/TEAM"), Some(&fixed("red")));
        assert_eq!(keys.domain("aws:PrincipalTag/x"), Some(&Domain::Absent));
        assert_eq!(keys.domain("aws:SourceIp"), None);
    }

    #[test]
    fn twins_share_their_rule_and_their_name() {
        let keys = Keys::with_twins("ssm:resourceTag/", "aws:ResourceTag/")
            .with("aws:ResourceTag/Team", fixed("red"));
        assert_eq!(keys.domain("ssm:ResourceTag/team"), Some(&fixed("red")));
        assert_eq!(
            keys.names(&keys.canonical("aws:resourcetag/Team")),
            ["ssm:resourcetag/team", "aws:resourcetag/team"]
        );
    }
}
