//! Which functions go to which Region.

use guard_core::charter::Charter;
use guard_core::names::Region;

use super::function::{
    Function, GUARD, MIGRATION, ON_POLICIES, ON_SESSIONS, POLICY_GUARD, PREFERENCES, RULES_BINARY,
};

/// Which functions go to which Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roster {
    guarded: Vec<Region>,
    /// Where the records of IAM's calls are, and so the guard of policies.
    iam: Option<Region>,
    rules: Rules,
}

/// Which rules are answered to AWS Config.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rules {
    /// None, because the operator said so.
    LeftOut,
    /// That on the preferences alone: the charter does not say where roles, users and groups are judged.
    OnPreferences,
    /// Those on policies as well, in this one Region: the charter says nothing of who may open which sessions.
    OnPolicies(Region),
    /// All, those on roles, users and groups in this one Region.
    All(Region),
}

impl Rules {
    /// The rules that go where the guard is.
    fn beside_guard(&self) -> &'static [Function] {
        match self {
            Self::LeftOut => &[],
            Self::OnPreferences | Self::OnPolicies(_) | Self::All(_) => &[PREFERENCES],
        }
    }

    /// The rules that judge roles, users and groups, and what one of them is remedied by.
    fn on_principals(&self) -> Vec<Function> {
        match self {
            Self::LeftOut | Self::OnPreferences => Vec::new(),
            Self::OnPolicies(_) => [ON_POLICIES, &[MIGRATION]].concat(),
            Self::All(_) => [ON_SESSIONS, ON_POLICIES, &[MIGRATION]].concat(),
        }
    }

    /// Where they do.
    fn config_region(&self) -> Option<&Region> {
        match self {
            Self::LeftOut | Self::OnPreferences => None,
            Self::OnPolicies(region) | Self::All(region) => Some(region),
        }
    }
}

impl Roster {
    /// The guards alone.
    pub(super) fn without_rules(charter: &Charter) -> Self {
        Self::with(charter, Rules::LeftOut)
    }

    fn with(charter: &Charter, rules: Rules) -> Self {
        let guarded = charter.regions().to_vec();
        Self {
            iam: guarded.first().map(Region::of_iam_records),
            guarded,
            rules,
        }
    }

    /// The guards and the rules that the charter has something to say for.
    pub(super) fn with_rules(charter: &Charter) -> Self {
        let rules = match (charter.sessions(), charter.config_region()) {
            (Some(_), Some(region)) => Rules::All(region.clone()),
            (None, Some(region)) => Rules::OnPolicies(region.clone()),
            (_, None) => Rules::OnPreferences,
        };
        Self::with(charter, rules)
    }

    /// Every Region that something goes to: the guarded ones, that of the rules on principals, and that of IAM's
    /// records.
    pub(super) fn regions(&self) -> Vec<Region> {
        let mut regions = self.guarded.clone();
        for more in self.rules.config_region().into_iter().chain(&self.iam) {
            if !regions.contains(more) {
                regions.push(more.clone());
            }
        }
        regions
    }

    /// The functions of one Region, in the order of deployment.
    pub(super) fn functions(&self, region: &Region) -> Vec<Function> {
        let is_guarded = self.guarded.contains(region);
        let guards = [&[GUARD], self.rules.beside_guard()].concat();
        let guards = guards.into_iter().filter(|_| is_guarded);
        let is_config_region = self.rules.config_region() == Some(region);
        let on_principals = self.rules.on_principals().into_iter();
        let has_iam = self.iam.as_ref() == Some(region);
        guards
            .chain(has_iam.then_some(POLICY_GUARD))
            .chain(on_principals.filter(|_| is_config_region))
            .collect()
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
        let guards = [GUARD.binary, POLICY_GUARD.binary].into_iter();
        let more: &[&str] = match self.rules {
            Rules::LeftOut => &[],
            Rules::OnPreferences => &[RULES_BINARY],
            Rules::OnPolicies(_) | Rules::All(_) => &[RULES_BINARY, MIGRATION.binary],
        };
        guards.chain(more.iter().copied()).collect()
    }

    /// Which rules are not deployed, and why.
    pub(super) fn left_out(&self) -> Option<&'static str> {
        match &self.rules {
            Rules::LeftOut => Some(
                "The rules that AWS Config shows are left out; those deployed before stay as they are.",
            ),
            Rules::OnPreferences => {
                Some("Nobody's policies are judged: the charter names no config-region.")
            }
            Rules::OnPolicies(_) => Some(
                "Who may open sessions or change the preferences is not judged: the charter has no [sessions].",
            ),
            Rules::All(_) => None,
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
    const ON_PRINCIPALS: &str = "session-guard-session-access session-guard-preferences-access \
                                 session-guard-forbidden-policy session-guard-role-logging role-migration";

    #[test]
    fn principals_are_judged_in_one_region() {
        let roster = Roster::with_rules(&charter(&format!(
            "config-region = \"eu-west-1\"\n{SESSIONS}"
        )));
        assert_eq!(
            sketch(&roster),
            [
                format!("eu-central-1: {GUARD_AND_RULE}"),
                format!("eu-west-1: {GUARD_AND_RULE} {ON_PRINCIPALS}"),
                "us-east-1: role-policy-guard".to_owned(),
            ]
        );
        assert_eq!(roster.left_out(), None);
        assert_eq!(
            roster.binaries(),
            [
                "preferences-guard",
                "role-policy-guard",
                "config-rules",
                "role-migration"
            ]
        );
    }

    #[test]
    fn principals_are_judged_in_a_region_that_is_not_guarded() {
        let roster = Roster::with_rules(&charter(&format!(
            "config-region = \"us-east-1\"\n{SESSIONS}"
        )));
        assert_eq!(
            *sketch(&roster).last().unwrap(),
            format!("us-east-1: role-policy-guard {ON_PRINCIPALS}")
        );
        let region = Region::parse("us-east-1").unwrap();
        assert_eq!(roster.heard(&region).len(), 4);
    }

    #[test]
    fn without_a_config_region_nobodys_policies_are_judged() {
        let roster = Roster::with_rules(&charter(""));
        assert_eq!(
            sketch(&roster),
            [
                format!("eu-central-1: {GUARD_AND_RULE}"),
                format!("eu-west-1: {GUARD_AND_RULE}"),
                "us-east-1: role-policy-guard".to_owned(),
            ]
        );
        assert!(roster.left_out().unwrap().contains("no config-region"));
    }

    #[test]
    fn without_sessions_in_the_charter_forbidden_policies_and_records_are_judged_all_the_same() {
        let roster = Roster::with_rules(&charter("config-region = \"us-east-1\"\n"));
        assert_eq!(
            sketch(&roster).last().unwrap(),
            "us-east-1: role-policy-guard session-guard-forbidden-policy session-guard-role-logging role-migration"
        );
        assert!(roster.left_out().unwrap().contains("has no [sessions]"));
    }

    #[test]
    fn policies_are_guarded_where_the_partition_keeps_iams_records() {
        for (region, iam) in [
            ("ap-southeast-2", "us-east-1"),
            ("cn-northwest-1", "cn-north-1"),
            ("us-gov-east-1", "us-gov-west-1"),
            ("us-west-2", "us-east-1"),
        ] {
            let charter = Charter::parse(&format!("mode = \"report\"\nregions = [\"{region}\"]\n"));
            let regions = Roster::without_rules(&charter.unwrap()).regions();
            assert_eq!(regions.last().unwrap().as_str(), iam);
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
                "eu-west-1: preferences-guard",
                "us-east-1: role-policy-guard"
            ]
        );
        assert_eq!(
            roster.binaries(),
            ["preferences-guard", "role-policy-guard"]
        );
        assert!(roster.left_out().unwrap().contains("are left out"));
        let region = Region::parse("eu-west-1").unwrap();
        assert!(roster.heard(&region).is_empty());
    }
}
