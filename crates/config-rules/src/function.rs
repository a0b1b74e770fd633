//! From an event to an answer.

use guard_core::charter::Charter;
use guard_core::mandate::{Mandate, OwnIdentity};
use guard_core::names::{NameError, Region, Scope};
use guard_core::rule_event::{NotOurs, Opened, RuleEvent, open};
use guard_core::rules::{Rule, RuleId, Subject};
use guard_lambda::event::{EventError, Payload, rule_envelope};
use guard_lambda::failure::Failure;
use guard_lambda::package::{self, Package, PackageError};
use guard_lambda::run::{Answer, Handle};
use guard_lambda::settings::Settings;
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::evaluate::{
    BearersPorts, BearersRule, EvaluateError, Evaluated, Grounds, PreferencesPorts,
    evaluate_bearers, evaluate_preferences,
};
use guard_reconcile::ports::Clock;
use serde_json::json;

use crate::counts::counts;
use crate::line;
use crate::report::{Run, body};

/// A function between its start and its end: what it judges by.
#[derive(Debug)]
pub enum Judged {
    /// The preferences document, by the guard's own mandate.
    Preferences(Box<Mandate>),
    /// Roles, users and groups.
    Bearers(BearersRule),
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// Its name is not that of a rule.
    #[error(
        "a function named `{name}` answers for no rule: it must be named {}",
        RuleId::ALL.map(RuleId::function_name).join(", ")
    )]
    NoRule {
        /// The name.
        name: String,
    },
    /// Its package cannot be used.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The guard's role cannot be named in this account.
    #[error("failed to tell by what the guard's own calls are known")]
    Guard(#[from] NameError),
    /// Roles, users and groups are judged in another Region.
    #[error("the charter has roles, users and groups judged in {}, not in `{here}`", there.as_ref().map_or("no Region".to_owned(), |there| format!("`{there}`")))]
    Elsewhere {
        /// The Region that the charter names.
        there: Option<Region>,
        /// The function's.
        here: Region,
    },
    /// The charter does not say what the rule needs.
    #[error("the charter has no `[sessions]`, which the rule `{rule}` needs")]
    NoSessions {
        /// The rule.
        rule: RuleId,
    },
}

impl Judged {
    /// What the function that runs with `settings` judges by.
    pub fn of(settings: &Settings) -> Result<Self, FunctionError> {
        let name = settings.function_name.as_str();
        let rule = Rule::of_function(name).ok_or_else(|| FunctionError::NoRule {
            name: name.to_owned(),
        })?;
        match rule.subject {
            Subject::Preferences => {
                // What the guard kept counts by who wrote it, and that is not this function.
                let guard = OwnIdentity::of_guard(&settings.scope)?;
                let mandate = Package::mandate(settings, guard)?;
                Ok(Self::Preferences(Box::new(mandate)))
            }
            Subject::Bearers(judge) => {
                let charter = package::charter(settings)?;
                check_region(&charter, &settings.scope)?;
                if charter.sessions().is_none() {
                    return Err(FunctionError::NoSessions { rule: rule.id });
                }
                Ok(Self::bearers(
                    rule.id,
                    Grounds::Charter {
                        judge,
                        charter: Box::new(charter),
                        scope: settings.scope.clone(),
                    },
                ))
            }
            Subject::Carriers(carriers) => {
                let mandate = Package::mandate_over_policies(settings)?;
                check_region(mandate.charter(), &settings.scope)?;
                Ok(Self::bearers(
                    rule.id,
                    Grounds::Mandate {
                        rule: carriers,
                        mandate: Box::new(mandate),
                    },
                ))
            }
        }
    }

    fn bearers(id: RuleId, grounds: Grounds) -> Self {
        Self::Bearers(BearersRule { id, grounds })
    }
}

/// Fails unless the charter wants roles, users and groups judged in the scope's Region.
fn check_region(charter: &Charter, scope: &Scope) -> Result<(), FunctionError> {
    let there = charter.config_region();
    if there == Some(&scope.region) {
        return Ok(());
    }
    Err(FunctionError::Elsewhere {
        there: there.cloned(),
        here: scope.region.clone(),
    })
}

/// A function with the account that it looks at.
#[derive(Debug)]
pub enum Function<P, B> {
    /// The rule on the preferences document.
    Preferences {
        /// By what it judges.
        mandate: Box<Mandate>,
        /// What it looks at.
        ports: P,
    },
    /// A rule on roles, users and groups.
    Bearers {
        /// Which, and by what it judges.
        rule: BearersRule,
        /// What it looks at.
        ports: B,
    },
}

impl<P: PreferencesPorts, B: BearersPorts> Handle for Function<P, B> {
    async fn handle(&self, payload: Payload) -> Result<Answer, Failure> {
        match self {
            Self::Preferences { mandate, ports } => preferences(mandate, payload, ports).await,
            Self::Bearers { rule, ports } => bearers(rule, payload, ports).await,
        }
    }
}

/// Works on one event for the rule on the preferences document.
pub async fn preferences<P: PreferencesPorts>(
    mandate: &Mandate,
    payload: Payload,
    ports: &P,
) -> Result<Answer, Failure> {
    let scope = mandate.scope();
    let evaluate = async |event: &RuleEvent| evaluate_preferences(mandate, event, ports).await;
    answer(RuleId::Preferences, scope, payload, ports, evaluate).await
}

/// Works on one event for a rule on roles, users and groups.
pub async fn bearers<P: BearersPorts>(
    rule: &BearersRule,
    payload: Payload,
    ports: &P,
) -> Result<Answer, Failure> {
    let evaluate = async |event: &RuleEvent| evaluate_bearers(rule, event, ports).await;
    answer(rule.id, rule.scope(), payload, ports, evaluate).await
}

async fn answer(
    rule: RuleId,
    scope: &Scope,
    payload: Payload,
    clock: &impl Clock,
    evaluate: impl AsyncFn(&RuleEvent) -> Result<Evaluated, EvaluateError>,
) -> Result<Answer, Failure> {
    let envelope = rule_envelope(payload)?;
    let event = match open(&envelope, scope).map_err(EventError::from)? {
        Opened::Event(event) => event,
        Opened::NotOurs(why) => return Ok(not_ours(rule, &why)),
    };
    let began = clock.now();
    let evaluated = evaluate(&event).await?;
    let run = Run {
        rule,
        scope,
        event: &event,
        evaluated: &evaluated,
        time: clock.now().duration_since(began),
    };
    line::write(&run);
    Ok(Answer {
        body: body(&run),
        counts: counts(&run),
        failure: evaluated.failure.map(Failure::from),
    })
}

fn not_ours(rule: RuleId, why: &NotOurs) -> Answer {
    tracing::info!(rule.id = rule.as_str(), "not our business: {why}");
    Answer {
        body: json!({
            "rule": rule.as_str(),
            "reasons": [{ "code": "not-ours", "text": why.to_string() }],
        }),
        counts: Counts::from_iter([Metric::NotOurs]),
        failure: None,
    }
}
