//! Which functions go to which Region.

use guard_core::charter::Charter;
use guard_core::names::Region;

use super::function::{
    Function, GUARD, PREFERENCES, PREFERENCES_ACCESS, RULES_BINARY, SESSION_ACCESS,
};

/// Which functions go to which Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roster {
    guarded: Vec<Region>,
    rules: Rules,
}

/// Which rules are answered to AWS Config.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rules {
    /// None, because the operator said so.
    LeftOut,
    /// That on the preferences alone: the charter says nothing of who may open which sessions.
    OnPreferences,
    /// Those on principals as well, in this one Region.
    OnPrincipals(Region),
}

impl Rules {
    /// The rules of one Region: those where the guard is, and those that judge principals.
    fn functions(&self, region: &Region) -> (&'static [Function], &'static [Function]) {
        match self {
            Self::LeftOut => (&[], &[]),
            Self::OnPrincipals(one) if one == region => {
                (&[PREFERENCES], &[SESSION_ACCESS, PREFERENCES_ACCESS])
            }
            Self::OnPreferences | Self::OnPrincipals(_) => (&[PREFERENCES], &[]),
        }
    }
}

impl Roster {
    /// The guard alone.
    pub(super) fn without_rules(charter: &Charter) -> Self {
        Self {
            guarded: charter.regions().to_vec(),
            rules: Rules::LeftOut,
        }
    }

    /// The guard and the rules that the charter has something to say for.
    pub(super) fn with_rules(charter: &Charter) -> Self {
        let rules = match (charter.sessions(), charter.config_region()) {
            (Some(_), Some(region)) => Rules::OnPrincipals(region.clone()),
            (None, _) | (_, None) => Rules::OnPreferences,
        };
        Self {
            guarded: charter.regions().to_vec(),
            rules,
        }
    }

    /// Every Region that something goes to: the guarded ones, and that of the rules on principals.
    pub(super) fn regions(&self) -> Vec<Region> {
        let more = match &self.rules {
            Rules::LeftOut | Rules::OnPreferences => None,
            Rules::OnPrincipals(region) => Some(region),
        };
        let more = more.filter(|region| !self.guarded.contains(region));
        self.guarded.iter().chain(more).cloned().collect()
    }

    /// The functions of one Region, in the order of deployment.
    pub(super) fn functions(&self, region: &Region) -> Vec<Function> {
        let is_guarded = self.guarded.contains(region);
        let (on_preferences, on_principals) = self.rules.functions(region);
        let guards = [&[GUARD], on_preferences].concat();
        let guards = guards.into_iter().filter(|_| is_guarded);
        guards.chain(on_principals.iter().copied()).collect()
    }

    /// The types of resources of whose changes the functions of one Region have to hear, each once.
    pub(super) fn heard(&self, region: &Region) -> Vec<&'static str> {
        let functions = self.functions(region);
        let mut types: Vec<_> = functions.iter().flat_map(|it| it.hears).copied().collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The programs that have to be built.
    pub(super) fn binaries(&self) -> Vec<&'static str> {
        match self.rules {
            Rules::LeftOut => vec![GUARD.binary],
            Rules::OnPreferences | Rules::OnPrincipals(_) => vec![GUARD.binary, RULES_BINARY],
        }
    }

    /// Which rules are not deployed, and why.
    pub(super) fn left_out(&self) -> Option<&'static str> {
        match &self.rules {
            Rules::LeftOut => Some(
                "The rules that AWS Config shows are left out; those deployed before stay as they are.",
            ),
            Rules::OnPreferences => {
                Some("Nobody's policies are judged: the charter has no [sessions].")
            }
            Rules::OnPrincipals(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "mode = \"report\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\n";
    const SESSIONS: &str = "[sessions]\ntag = { key = \"SessionAccess\", values = [\"web\"] }\n";

    fn charter(lines: &str) -> Charter {
        Charter::parse(&format!("{HEAD}{lines}")).unwrap()
    }

    /// What goes where: `Region: function function`.
    fn sketch(roster: &Roster) -> Vec<String> {
        let functions = |region: &Region| {
            let functions = roster.functions(region);
            functions
                .iter()
                .map(|it| it.name)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let regions = roster.regions();
        regions
            .iter()
            .map(|region| format!("{region}: {}", functions(region)))
            .collect()
    }

    const GUARD_AND_RULE: &str = "preferences-guard session-guard-preferences";

    #[test]
    fn principals_are_judged_in_one_region() {
        let roster = Roster::with_rules(&charter(&format!(
            "config-region = \"eu-west-1\"\n{SESSIONS}"
        )));
        assert_eq!(
            sketch(&roster),
            [
                format!("eu-central-1: {GUARD_AND_RULE}"),
                format!(
                    "eu-west-1: {GUARD_AND_RULE} session-guard-session-access session-guard-preferences-access"
                ),
            ]
        );
        assert_eq!(roster.left_out(), None);
        assert_eq!(roster.binaries(), ["preferences-guard", "config-rules"]);
    }

    #[test]
    fn principals_are_judged_in_a_region_that_is_not_guarded() {
        let roster = Roster::with_rules(&charter(&format!(
            "config-region = \"us-east-1\"\n{SESSIONS}"
        )));
        assert_eq!(
            sketch(&roster).last().unwrap(),
            "us-east-1: session-guard-session-access session-guard-preferences-access"
        );
        let region = Region::parse("us-east-1").unwrap();
        assert_eq!(roster.heard(&region).len(), 4);
    }

    #[test]
    fn without_sessions_in_the_charter_nobodys_policies_are_judged() {
        for lines in ["", "config-region = \"us-east-1\"\n"] {
            let roster = Roster::with_rules(&charter(lines));
            assert_eq!(
                sketch(&roster),
                [
                    format!("eu-central-1: {GUARD_AND_RULE}"),
                    format!("eu-west-1: {GUARD_AND_RULE}"),
                ]
            );
            assert!(roster.left_out().unwrap().contains("has no [sessions]"));
        }
    }

    #[test]
    fn all_rules_can_be_left_out() {
        let charter = charter(&format!("config-region = \"us-east-1\"\n{SESSIONS}"));
        let roster = Roster::without_rules(&charter);
        assert_eq!(
            sketch(&roster),
            [
                "eu-central-1: preferences-guard",
                "eu-west-1: preferences-guard"
            ]
        );
        assert_eq!(roster.binaries(), ["preferences-guard"]);
        assert!(roster.left_out().unwrap().contains("are left out"));
        let region = Region::parse("eu-west-1").unwrap();
        assert!(roster.heard(&region).is_empty());
    }
}
