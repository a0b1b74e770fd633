//! What a test sees: the state of the account, the guard's calls, events, reports and alerts.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::facts::StoredParameter;
use guard_core::names::Version;
use guard_reconcile::ports::Parameter;
use serde_json::Value;

use super::FakeAccount;
use crate::calls::{Call, Called};
use crate::deed::Deed;
use crate::document::StoredVersion;
use crate::trail::Event;

impl FakeAccount {
    /// Whether there is a document.
    pub fn has_document(&self) -> bool {
        self.state().document.is_some()
    }

    /// The content of the latest version, as it was sent.
    pub fn latest_content(&self) -> Option<String> {
        let state = self.state();
        let document = state.document.as_ref()?;
        document
            .versions
            .get(&document.latest)
            .map(|stored| stored.content.clone())
    }

    /// The content of the default version, as it was sent.
    pub fn default_content(&self) -> Option<String> {
        let state = self.state();
        let document = state.document.as_ref()?;
        document
            .versions
            .get(&document.default)
            .map(|stored| stored.content.clone())
    }

    /// The latest version.
    pub fn latest_version(&self) -> Option<Version> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.latest)
    }

    /// The default version.
    pub fn default_version(&self) -> Option<Version> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.default)
    }

    /// All versions there are.
    pub fn stored_versions(&self) -> BTreeMap<Version, StoredVersion> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.versions.clone())
            .unwrap_or_default()
    }

    /// The document's type.
    pub fn document_type(&self) -> Option<String> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.kind.clone())
    }

    /// The document's tags.
    pub fn tags(&self) -> BTreeMap<String, String> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.tags.clone())
            .unwrap_or_default()
    }

    /// The accounts on the document's share list.
    pub fn share_list(&self) -> BTreeSet<String> {
        self.state()
            .document
            .as_ref()
            .map(|document| document.shared_with.clone())
            .unwrap_or_default()
    }

    /// The kept versions of a parameter, oldest first.
    pub fn stored_parameter(&self, parameter: Parameter) -> Vec<StoredParameter> {
        self.state().parameter(parameter).history()
    }

    /// All CloudTrail records, oldest first, whether or not `LookupEvents` knows them.
    pub fn records(&self) -> Vec<Value> {
        self.state().history.records()
    }

    /// The events that nobody has taken, oldest first.
    pub fn pending_events(&self) -> Vec<Event> {
        self.state().history.pending().to_vec()
    }

    /// Takes the events that nobody has taken, oldest first.
    pub fn take_events(&self) -> Vec<Event> {
        self.state().history.take_pending()
    }

    /// The event of the newest call by anybody, if nobody has taken it; it stays where it is.
    pub fn last_event(&self) -> Option<Event> {
        self.state().history.pending().last().cloned()
    }

    /// What has really happened after the first `n` deeds, oldest first.
    pub fn deeds_since(&self, n: usize) -> Vec<Deed> {
        self.state().deeds.iter().skip(n).cloned().collect()
    }

    /// The ids of the records that `LookupEvents` would tell now.
    pub fn known_records(&self) -> BTreeSet<String> {
        let state = self.state();
        state.history.known(state.now)
    }

    /// The guard's calls since [`FakeAccount::forget_calls`], in their order.
    pub fn calls(&self) -> Vec<Called> {
        self.state().calls.clone()
    }

    /// Those of them that change something.
    pub fn writes(&self) -> Vec<Called> {
        let mut calls = self.calls();
        calls.retain(|called| called.call.writes());
        calls
    }

    /// How often a call was made.
    pub fn n_calls_of(&self, call: Call) -> usize {
        self.state()
            .calls
            .iter()
            .filter(|called| called.call == call)
            .count()
    }

    /// How many AWS calls the list stands for, waiting for Active aside.
    pub fn n_aws_calls(&self) -> usize {
        let state = self.state();
        let counted = state
            .calls
            .iter()
            .filter(|called| called.call != Call::IsActive);
        counted.map(|called| called.call.n_aws_calls()).sum()
    }

    /// Starts the list of calls anew.
    pub fn forget_calls(&self) {
        self.state().calls.clear();
    }

    /// The published reports, oldest first.
    pub fn reports(&self) -> Vec<Value> {
        self.state().reports.clone()
    }

    /// The alerts, oldest first, each as subject and text.
    pub fn alerts(&self) -> Vec<(String, String)> {
        self.state().alerts.clone()
    }
}
