//! One case carried through: the mandate, the answers to the judgement's questions, the decision.

use guard_core::approvals::{Approvals, Approved, Settled};
use guard_core::facts::{
    Content, Described, Facts, ListedVersion, LiveDocument, Question, StoredParameter, Trail,
    Window,
};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::names::{EventId, Version};
use guard_core::notes::{Alerted, Deletion, Notes};
use guard_core::plan::Step;
use jiff::Timestamp;

use crate::case::{
    ApprovalsForm, Case, CharterChanges, DocumentForm, Gone, Live, NotesForm, Stored, TrailForm,
    TriggerForm, VersionForm,
};
use crate::shorthand;
use crate::stage::{CHARTER, Stage};

/// More rounds of questions than any judgement needs.
const MOST_ROUNDS: usize = 20;

pub(crate) struct Run<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) case: &'a Case,
    pub(crate) mandate: Mandate,
    pub(crate) now: Timestamp,
    pub(crate) trigger: Trigger,
}

/// What a judgement came to.
pub(crate) enum Verdict {
    Decided(Box<Decision>),
    StartOver,
    /// The case has no answer to the last question.
    Unanswered,
    /// It asked and asked.
    Endless,
}

impl<'a> Run<'a> {
    pub(crate) fn of(stage: &'a Stage, case: &'a Case) -> Self {
        let trigger = match &case.trigger {
            TriggerForm::Word(_) => Trigger::Sweep,
            TriggerForm::Change(call) => Trigger::Change(Box::new(stage.change(call))),
        };
        Self {
            stage,
            case,
            mandate: mandate(stage, case, &case.baseline),
            now: case.now.0,
            trigger,
        }
    }

    /// The judgement, with every question that it asked.
    pub(crate) fn judged(&self) -> (Verdict, Vec<String>) {
        let mut asked = Vec::new();
        let verdict = self.judge(&mut Facts::at(self.now), &mut asked);
        (verdict, asked)
    }

    /// The judgement, with the facts that it rests on.
    pub(crate) fn judged_on(&self) -> (Verdict, Facts) {
        let mut facts = Facts::at(self.now);
        let verdict = self.judge(&mut facts, &mut Vec::new());
        (verdict, facts)
    }

    fn judge(&self, facts: &mut Facts, asked: &mut Vec<String>) -> Verdict {
        facts.version_limit_reached = self.case.facts.version_limit_reached;
        for _ in 0..MOST_ROUNDS {
            match judge(&self.mandate, &self.trigger, facts) {
                Judgement::Decided(decision) => return Verdict::Decided(decision),
                Judgement::StartOver => return Verdict::StartOver,
                Judgement::Ask(questions) => {
                    for question in questions {
                        asked.push(shorthand::question(&question));
                        if self.answer(&question, facts).is_none() {
                            return Verdict::Unanswered;
                        }
                    }
                }
            }
        }
        Verdict::Endless
    }

    /// `None` when the case does not say.
    fn answer(&self, question: &Question, facts: &mut Facts) -> Option<()> {
        let form = &self.case.facts;
        match question {
            Question::Document => {
                facts.document = Some(match form.document.as_ref()? {
                    Live::Absent(()) => LiveDocument::Absent,
                    Live::Present(document) => LiveDocument::Present(self.described(document)),
                });
            }
            Question::SharedWith => {
                facts.shared_with = Some(form.shared_with.clone()?);
            }
            Question::Content(version) => {
                let form = self.version(*version)?;
                let text = self.stage.contents.text(&form.says).to_owned();
                let content = form.gone.map_or(Content::Text(text), |_| Content::Gone);
                facts.contents.insert(*version, content);
            }
            Question::Hash(version) => {
                let form = self.version(*version)?;
                let hash = self.stage.contents.hash(&form.says);
                facts
                    .hashes
                    .insert(*version, (form.gone != Some(Gone::All)).then_some(hash));
            }
            Question::Versions => facts.versions = Some(self.versions()?),
            Question::Approvals => {
                let history = form.approvals.as_deref()?;
                facts.approvals = Some(self.history(history, |form| self.approvals(form)));
            }
            Question::Notes => {
                let history = form.notes.as_deref()?;
                facts.notes = Some(self.history(history, |form| self.notes(form).encode()));
            }
            Question::Trail(window) => facts.trail = Some(self.trail(*window)?),
        }
        Some(())
    }

    fn described(&self, document: &DocumentForm) -> Described {
        let latest = document.versions.last().expect("a version");
        Described {
            latest: Version(latest.version),
            default: Version(document.default.unwrap_or(latest.version)),
            hash: self.stage.contents.hash(&latest.says),
            document_type: document.document_type.clone(),
            created: Some(latest.at.0),
        }
    }

    fn document(&self) -> Option<&DocumentForm> {
        match self.case.facts.document.as_ref()? {
            Live::Absent(()) => None,
            Live::Present(document) => Some(document),
        }
    }

    fn version(&self, version: Version) -> Option<&VersionForm> {
        let versions = &self.document()?.versions;
        versions.iter().find(|form| form.version == version.0)
    }

    fn versions(&self) -> Option<Vec<ListedVersion>> {
        let listed = self.document()?.versions.iter().map(|form| ListedVersion {
            version: Version(form.version),
            created: form.at.0,
        });
        // In any order, as the service may list them.
        Some(listed.rev().collect())
    }

    fn history<T>(
        &self,
        forms: &[Stored<T>],
        encode: impl Fn(&T) -> String,
    ) -> Vec<StoredParameter> {
        let stored = forms
            .iter()
            .zip(1..)
            .map(|(form, version)| StoredParameter {
                version,
                value: match (&form.holds, &form.text) {
                    (Some(holds), None) => encode(holds),
                    (None, Some(text)) => text.clone(),
                    _ => panic!("a parameter either holds something or has a text"),
                },
                modified_by: self.stage.people.modified_by(&form.by),
            });
        stored.collect()
    }

    fn approvals(&self, form: &ApprovalsForm) -> String {
        let contents = &self.stage.contents;
        let approved = form.approved.as_ref().map(|it| Approved {
            content: contents.text(&it.says).to_owned(),
            editor: self.stage.people.principal(&it.by),
            version: Version(it.version),
            hash: contents.hash(&it.says),
            event_id: EventId::parse("approved-before").unwrap(),
            event_time: it.at.0,
            created: it.at.0,
        });
        let settled = form.settled.as_ref().map(|it| Settled {
            version: Version(it.version),
            created: it.at.0,
            hash: it.says.as_ref().map(|says| contents.hash(says)),
            holds: None,
        });
        let baseline = mandate(self.stage, self.case, &form.baseline);
        let approvals = Approvals {
            baseline: baseline.baseline_hash().to_owned(),
            approved,
            settled,
        };
        approvals.encode().unwrap()
    }

    fn notes(&self, form: &NotesForm) -> Notes {
        let alerted = |finding: String, at| Alerted { finding, at };
        let this = form.alerted_this.map(|at| alerted(self.finding(), at.0));
        let other = form
            .alerted_other
            .map(|at| alerted("another".to_owned(), at.0));
        Notes {
            reverts: form.reverts.iter().map(|time| time.0).collect(),
            deletion: form.deletion.map(|at| Deletion {
                at: at.0,
                event_id: EventId::parse("noted-before").unwrap(),
            }),
            alerted: this.or(other),
            accused: form.accused.clone(),
        }
    }

    /// The key under which this very case is noted as alerted: what it notes when nothing is noted yet.
    fn finding(&self) -> String {
        let mut facts = Facts::at(self.now);
        facts.notes = Some(Vec::new());
        match self.judge(&mut facts, &mut Vec::new()) {
            Verdict::Decided(decision) => noted(&decision),
            Verdict::StartOver | Verdict::Unanswered | Verdict::Endless => {
                panic!("nothing is noted as alerted")
            }
        }
    }

    fn trail(&self, window: Window) -> Option<Trail> {
        Some(match self.case.facts.trail.as_ref()? {
            TrailForm::Failed(why) => Trail::Failed { why: why.clone() },
            TrailForm::Answered {
                complete_from,
                records,
            } => Trail::Answered {
                changes: records
                    .iter()
                    .map(|call| self.stage.change(call))
                    .filter(|change| (window.from..=window.to).contains(&change.at))
                    .collect(),
                complete_from: complete_from.map_or(window.from, |time| time.0),
            },
        })
    }
}

fn noted(decision: &Decision) -> String {
    let notes = decision.plan.steps.iter().find_map(|step| match step {
        Step::KeepNotes { value } => serde_json::from_str::<Notes>(value).ok(),
        _ => None,
    });
    notes
        .and_then(|notes| notes.alerted)
        .expect("an alert is noted")
        .finding
}

fn mandate(stage: &Stage, case: &Case, baseline: &str) -> Mandate {
    stage.mandate(&charter(&case.charter), baseline, case.packed.0)
}

/// The common charter with the changes of one case.
fn charter(changes: &CharterChanges) -> String {
    let mut charter: toml::Table = CHARTER.parse().unwrap();
    if let Some(mode) = &changes.mode {
        charter.insert("mode".to_owned(), mode.as_str().into());
    }
    if let Some(suspension) = &changes.suspension {
        let until = format!("{}", suspension.until.0).parse::<toml::value::Datetime>();
        let mut table = toml::Table::new();
        table.insert("until".to_owned(), toml::Value::Datetime(until.unwrap()));
        table.insert("reason".to_owned(), suspension.reason.as_str().into());
        let list = toml::Value::Array(vec![toml::Value::Table(table)]);
        charter.insert("suspension".to_owned(), list);
    }
    let floor = charter
        .get_mut("floor")
        .and_then(toml::Value::as_table_mut)
        .unwrap();
    for (field, requirement) in &changes.floor {
        floor.insert(field.clone(), toml::Value::try_from(requirement).unwrap());
    }
    let editors = charter
        .get_mut("editor")
        .and_then(toml::Value::as_array_mut)
        .unwrap();
    for gone in &changes.without_editors {
        let before = editors.len();
        editors.retain(|editor| !editor.to_string().contains(gone));
        assert_eq!(editors.len(), before - 1, "no editor `{gone}` to leave out");
    }
    charter.to_string()
}
