//! A charter and its baseline, examined for every Region that the charter names.

use std::path::Path;

use guard_core::charter::{Charter, Warning};
use guard_core::mandate::{Mandate, MandateError, OwnIdentity, Package};
use guard_core::names::{AccountId, Region};
use jiff::Timestamp;

use super::complaint::Complaint;
use crate::error::Error;
use crate::papers::{Paper, TAKEN_NAMES, baseline_beside};
use crate::scope;

/// What came out.
#[derive(Debug)]
pub(crate) struct Examination {
    /// The charter's file.
    pub(crate) charter: Paper,
    /// The baseline's, where it could be read.
    pub(crate) baseline: Option<Paper>,
    /// The charter with its placeholders as written, unless it has errors.
    pub(crate) written: Option<Charter>,
    /// All that is wrong.
    pub(crate) complaints: Vec<Complaint>,
    /// What is hardly meant.
    pub(crate) warnings: Vec<Warning>,
    /// The mandate of each Region in which nothing is wrong, as if packed before everything that happened.
    pub(crate) mandates: Vec<Mandate>,
}

impl Examination {
    /// Reads and examines; `baseline` is taken instead of the file that the charter names.
    pub(crate) fn of(
        charter: &Path,
        baseline: Option<&Path>,
        account: &AccountId,
    ) -> Result<Self, Error> {
        let mut examination = Self {
            charter: Paper::read(charter)?,
            baseline: None,
            written: None,
            complaints: Vec::new(),
            warnings: Vec::new(),
            mandates: Vec::new(),
        };
        match Charter::parse(&examination.charter.text) {
            Err(errors) => examination.complaints = Complaint::of_charter(charter, &errors),
            Ok(written) => {
                examination.read_baseline(&written, baseline);
                examination.examine_regions(&written, account)?;
                examination.written = Some(written);
            }
        }
        Ok(examination)
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_valid(&self) -> bool {
        self.complaints.is_empty()
    }

    /// The mandate for one Region, if there is one.
    pub(crate) fn mandate(&self, region: &Region) -> Option<&Mandate> {
        self.mandates
            .iter()
            .find(|mandate| mandate.scope().region == *region)
    }

    fn read_baseline(&mut self, written: &Charter, given: Option<&Path>) {
        let name = written.baseline_file();
        if TAKEN_NAMES.contains(&name) {
            let text = format!("found `{name}`, which is another file of the function's package");
            let complaint = Complaint::about_key(&self.charter, "baseline", text);
            self.complaints.push(complaint);
        }
        let file = match given {
            Some(file) => file.to_owned(),
            None => baseline_beside(&self.charter.file, name),
        };
        match std::fs::read_to_string(&file) {
            Ok(text) => self.baseline = Some(Paper { file, text }),
            Err(error) => {
                let text = format!("the baseline cannot be read: {error}");
                self.complaints.push(Complaint::about_file(&file, text));
            }
        }
    }

    fn examine_regions(&mut self, written: &Charter, account: &AccountId) -> Result<(), Error> {
        let Some(baseline) = self.baseline.clone() else {
            return Ok(());
        };
        let mut found = Vec::new();
        for region in written.regions() {
            match mandate(&self.charter.text, &baseline.text, account, region)? {
                Ok(mandate) => {
                    for warning in mandate.charter().warnings(mandate.baseline()) {
                        if !self.warnings.contains(&warning) {
                            self.warnings.push(warning);
                        }
                    }
                    self.mandates.push(mandate);
                }
                Err(error) => {
                    for complaint in Complaint::of_mandate(&self.charter, &baseline, &error) {
                        merge(&mut found, complaint, region);
                    }
                }
            }
        }
        for complaint in &mut found {
            if complaint.regions.len() == written.regions().len() {
                complaint.regions.clear();
            }
        }
        self.complaints.extend(found);
        Ok(())
    }
}

/// A complaint that several Regions share is one complaint.
fn merge(found: &mut Vec<Complaint>, mut complaint: Complaint, region: &Region) {
    match found.iter_mut().find(|known| known.is_like(&complaint)) {
        Some(known) if known.regions.contains(region) => {}
        Some(known) => known.regions.push(region.clone()),
        None => {
            complaint.regions = vec![region.clone()];
            found.push(complaint);
        }
    }
}

/// The mandate that a text of a charter and one of a baseline make in one Region.
pub(crate) fn mandate(
    charter: &str,
    baseline: &str,
    account: &AccountId,
    region: &Region,
) -> Result<Result<Mandate, MandateError>, Error> {
    let scope = scope::of(account, region)?;
    let own = OwnIdentity::of_guard(&scope)?;
    let package = Package {
        charter,
        baseline,
        packed_at: Timestamp::UNIX_EPOCH,
    };
    Ok(Mandate::new(package, scope, own))
}
