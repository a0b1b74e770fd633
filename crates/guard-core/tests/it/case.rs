//! The form of a case: one file, one decision.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::outcome::Outcome;
use crate::record::Call;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Case {
    /// The point of the case, as a sentence.
    pub(crate) says: String,
    /// What differs from the common charter.
    #[serde(default)]
    pub(crate) charter: CharterChanges,
    /// The name of the packed baseline.
    #[serde(default = "baseline")]
    pub(crate) baseline: String,
    /// When charter and baseline were packed.
    #[serde(default = "midnight")]
    pub(crate) packed: Time,
    /// When the judgement is made.
    pub(crate) now: Time,
    pub(crate) trigger: TriggerForm,
    pub(crate) facts: FactsForm,
    pub(crate) expect: Expected,
}

/// What differs from the common charter.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CharterChanges {
    pub(crate) mode: Option<String>,
    pub(crate) suspension: Option<Suspension>,
    /// Further requirements, by field.
    #[serde(default)]
    pub(crate) floor: BTreeMap<String, Value>,
    /// Editors that the charter no longer names, by their role's name.
    #[serde(default)]
    pub(crate) without_editors: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suspension {
    pub(crate) until: Time,
    pub(crate) reason: String,
}

/// `"sweep"`, or the call that an event tells of.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum TriggerForm {
    Word(Word),
    Change(Call),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Word {
    Sweep,
}

/// What the account answers; a question that has no answer here fails the case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FactsForm {
    /// Left out when nobody may ask.
    #[serde(default, deserialize_with = "given")]
    pub(crate) document: Option<Live>,
    pub(crate) shared_with: Option<Vec<String>>,
    pub(crate) approvals: Option<Vec<Stored<ApprovalsForm>>>,
    pub(crate) notes: Option<Vec<Stored<NotesForm>>>,
    pub(crate) trail: Option<TrailForm>,
    #[serde(default)]
    pub(crate) version_limit_reached: bool,
}

/// `null`, or a document.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Live {
    Absent(()),
    Present(DocumentForm),
}

/// The document with all its versions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DocumentForm {
    /// Oldest first; the last one is the latest.
    pub(crate) versions: Vec<VersionForm>,
    /// The latest one where left out.
    pub(crate) default: Option<u64>,
    #[serde(rename = "type", default = "session")]
    pub(crate) document_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionForm {
    pub(crate) version: u64,
    pub(crate) at: Time,
    /// The content's name.
    pub(crate) says: String,
    /// What cannot be read any more although the version was listed.
    pub(crate) gone: Option<Gone>,
}

/// What of a version was gone when it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Gone {
    All,
    /// Its hash was still read.
    Content,
}

/// One version of a parameter, with its writer: what the guard could have written, or any text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored<T> {
    pub(crate) by: String,
    pub(crate) holds: Option<T>,
    pub(crate) text: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovalsForm {
    /// The name of the baseline it departed from.
    #[serde(default = "baseline")]
    pub(crate) baseline: String,
    pub(crate) approved: Option<ApprovedForm>,
    pub(crate) settled: Option<SettledForm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovedForm {
    pub(crate) by: String,
    pub(crate) version: u64,
    pub(crate) at: Time,
    pub(crate) says: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettledForm {
    pub(crate) version: u64,
    pub(crate) at: Time,
    /// The content that the kept hash is of; `null` when the hash was not known.
    pub(crate) says: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotesForm {
    #[serde(default)]
    pub(crate) reverts: Vec<Time>,
    /// When an editor deleted the document.
    pub(crate) deletion: Option<Time>,
    /// When the very finding of this case was alerted last.
    pub(crate) alerted_this: Option<Time>,
    /// When something else was alerted last.
    pub(crate) alerted_other: Option<Time>,
    /// What a revert war left to the sweep.
    pub(crate) accused: Option<guard_core::notes::Accused>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum TrailForm {
    Failed(String),
    Answered {
        /// From the window's start where left out.
        #[serde(rename = "complete-from")]
        complete_from: Option<Time>,
        records: Vec<Call>,
    },
}

/// What the case demands.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Expected {
    Verdict(Outcome),
    StartOver(StartOver),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StartOver {
    pub(crate) start_over: Vec<String>,
}

/// A time: `11:59:58` on the day on which all cases play, or a full one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        time(&text).map_err(serde::de::Error::custom)
    }
}

fn time(text: &str) -> Result<Time, jiff::Error> {
    if text.contains('T') {
        text.parse().map(Time)
    } else {
        format!("2026-11-10T{text}Z").parse().map(Time)
    }
}

fn midnight() -> Time {
    time("00:00:00").unwrap()
}

fn baseline() -> String {
    "baseline".to_owned()
}

fn session() -> String {
    "Session".to_owned()
}

/// Tells `null` from absence.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Live>, D::Error> {
    Live::deserialize(deserializer).map(Some)
}
