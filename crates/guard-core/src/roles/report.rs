//! What leaves the system about one ruling: one body for logs and events, and a text for people.

use serde_json::{Value, json};

use super::change::{BearerName, Change, Operation, PolicyName};
use super::judge::{Conclusion, Ruling};
use super::mandate::Mandate;
use super::plan::{Plan, Step};
use super::reason::Reason;
use crate::explain::plain;
use crate::report::{Alert, Done, Report, section};

/// Puts a report together; `stopped` says why a plan was not carried out to its end although no call failed.
pub fn report(
    mandate: &Mandate,
    change: &Change,
    ruling: &Ruling,
    stopped: &[Reason],
    done: Done<'_>,
) -> Report {
    let told = Told {
        mandate,
        change,
        ruling,
        stopped,
        done,
    };
    Report {
        body: told.body(),
        alert: ruling.is_alert().then(|| told.alert()),
        is_news: ruling.is_news(),
    }
}

/// Everything that is to be told.
struct Told<'a> {
    mandate: &'a Mandate,
    change: &'a Change,
    ruling: &'a Ruling,
    stopped: &'a [Reason],
    done: Done<'a>,
}

impl Told<'_> {
    fn body(&self) -> Value {
        let Self { change, done, .. } = self;
        let scope = self.mandate.scope();
        let reasons = |reasons: &[Reason]| -> Vec<Value> {
            let reasons = reasons.iter();
            reasons
                .map(|reason| json!({ "code": reason.code(), "text": plain(&reason.to_string(), 700) }))
                .collect()
        };
        json!({
            "account": scope.account,
            "region": scope.region,
            "bearer": self.bearer(),
            "policy": plain(self.policy(), 700),
            "verdict": self.verdict(),
            "headline": self.headline(),
            "change": {
                "eventId": change.event_id,
                "time": change.at,
                "principal": {
                    "arn": change.principal.deciding_arn(),
                    "label": plain(&change.principal.label, 300),
                    "via": change.principal.via.as_deref().map(|via| plain(via, 100)),
                },
                "error": change.failure.as_ref().map(|failure| plain(&failure.code, 100)),
            },
            "reasons": reasons(&self.ruling.reasons),
            "plan": self.plan().map(steps).unwrap_or_default(),
            "stopped": reasons(self.stopped),
            "done": done.steps,
            "failed": done.failed,
            "durationMs": i64::try_from(done.ended.duration_since(done.began).as_millis()).unwrap_or(i64::MAX),
        })
    }

    fn bearer(&self) -> Value {
        let name = match &self.change.operation {
            Operation::Attached { bearer, .. } | Operation::Bounded { bearer, .. } => Some(bearer),
            Operation::Wrote { policy, .. } => match policy {
                PolicyName::Inline { bearer, .. } => Some(bearer),
                PolicyName::Managed { .. } => None,
            },
        };
        name.map_or(
            Value::Null,
            |bearer| json!({ "kind": bearer.kind, "name": bearer.name }),
        )
    }

    fn policy(&self) -> &str {
        match &self.change.operation {
            Operation::Attached { policy, .. } | Operation::Bounded { policy, .. } => policy,
            Operation::Wrote { policy, .. } => match policy {
                PolicyName::Inline { name, .. } => name,
                PolicyName::Managed { arn, .. } => arn,
            },
        }
    }

    fn plan(&self) -> Option<&Plan> {
        match &self.ruling.conclusion {
            Conclusion::Settled => None,
            Conclusion::Report { would } => would.as_ref(),
            Conclusion::Act(plan) => Some(plan),
        }
    }

    fn is_cut_short(&self) -> bool {
        self.done.failed.is_some() || !self.stopped.is_empty()
    }

    fn verdict(&self) -> &'static str {
        match &self.ruling.conclusion {
            Conclusion::Settled => "settled",
            Conclusion::Report { .. } if self.says(&Reason::Overtaken) => "overtaken",
            Conclusion::Report { .. } => "reported",
            Conclusion::Act(_) if self.is_cut_short() => "still-attached",
            Conclusion::Act(plan) if plan.attach.is_empty() => "detached",
            Conclusion::Act(_) => "replaced",
        }
    }

    fn says(&self, reason: &Reason) -> bool {
        self.ruling.reasons.contains(reason)
    }

    fn headline(&self) -> String {
        let who = plain(&self.change.principal.label, 200);
        let policy = plain(self.policy(), 200);
        let tried = match self.change.failure {
            Some(_) => " tried in vain what would have ",
            None => " ",
        };
        let deed = match &self.change.operation {
            Operation::Attached { bearer, .. } => {
                format!("attached `{policy}` to {}", named(bearer))
            }
            Operation::Bounded { bearer, .. } => {
                format!(
                    "made `{policy}` the permissions boundary of {}",
                    named(bearer)
                )
            }
            Operation::Wrote {
                policy: PolicyName::Inline { bearer, .. },
                ..
            } => format!("put policy `{policy}` into {}", named(bearer)),
            Operation::Wrote {
                policy: PolicyName::Managed { .. },
                ..
            } => format!("put a new text into policy `{policy}`"),
        };
        format!("{who}{tried}{deed}")
    }

    fn outcome(&self) -> &'static str {
        match (&self.ruling.conclusion, &self.change.operation) {
            (Conclusion::Act(_), _) if self.is_cut_short() => {
                "a forbidden policy is still attached"
            }
            (Conclusion::Act(plan), _) if plan.attach.is_empty() => {
                "a forbidden policy was taken off"
            }
            (Conclusion::Act(_), _) => "a forbidden policy was replaced",
            (Conclusion::Report { .. }, _) if self.says(&Reason::Overtaken) => {
                "a forbidden policy came and went"
            }
            (Conclusion::Report { .. } | Conclusion::Settled, Operation::Attached { .. }) => {
                "a forbidden policy was attached, reported only"
            }
            (Conclusion::Report { .. } | Conclusion::Settled, Operation::Bounded { .. }) => {
                "a forbidden policy is a boundary, reported only"
            }
            (Conclusion::Report { .. } | Conclusion::Settled, Operation::Wrote { .. }) => {
                let is_unreadable = |reason| matches!(reason, &Reason::Unreadable { .. });
                if self.ruling.reasons.iter().any(is_unreadable) {
                    "a policy cannot be read"
                } else {
                    "a policy grants what is forbidden"
                }
            }
        }
    }

    fn alert(&self) -> Alert {
        let Self { change, done, .. } = self;
        let scope = self.mandate.scope();
        let outcome = self.outcome();
        let subject = format!(
            "Session Guard: {outcome} ({} {})",
            scope.account, scope.region
        );
        let mut lines = vec![
            format!("{}.", self.headline()),
            String::new(),
            format!("Account   {}", scope.account),
            format!("Outcome   {outcome}"),
            format!("When      {}", change.at),
            format!("Event     {}", change.event_id),
        ];
        if let Some(via) = &change.principal.via {
            lines.push(format!("Through   {}", plain(via, 100)));
        }
        let sentences = |reasons: &[Reason]| -> Vec<String> {
            let reasons = reasons.iter();
            reasons
                .map(|reason| plain(&reason.to_string(), 700))
                .collect()
        };
        section(
            &mut lines,
            "Why",
            sentences(&self.ruling.reasons).into_iter(),
        );
        section(&mut lines, "Done", done.steps.iter().cloned());
        section(&mut lines, "Stopped", sentences(self.stopped).into_iter());
        section(
            &mut lines,
            "Failed",
            done.failed.map(str::to_owned).into_iter(),
        );
        if let Conclusion::Report { would: Some(would) } = &self.ruling.conclusion {
            section(&mut lines, "Not done", steps(would).into_iter());
        }
        Alert {
            subject: subject.chars().take(100).collect(),
            text: lines.join("\n") + "\n",
        }
    }
}

fn named(bearer: &BearerName) -> String {
    format!("{} `{}`", bearer.kind, plain(&bearer.name, 128))
}

/// The steps of a plan that change something.
fn steps(plan: &Plan) -> Vec<String> {
    let steps = plan.steps().into_iter();
    steps
        .filter_map(|step| match step {
            Step::Attach { policy } => Some(format!("attach `{policy}`")),
            Step::Detach { policy } => Some(format!("detach `{policy}`")),
            Step::Verify | Step::ReadBack => None,
        })
        .collect()
}
