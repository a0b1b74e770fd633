//! What lies beside the function's program: the charter, the baseline and the time of packing.
//!
//! They are read while the function starts, so that a package that cannot be used fails then, and not at night.

use std::path::{Path, PathBuf};

use guard_core::charter::{Charter, CharterErrors};
use guard_core::mandate::{self, Mandate, MandateError, OwnIdentity};
use guard_core::roles;
use jiff::Timestamp;

use crate::settings::Settings;

/// The charter's file.
pub const CHARTER_FILE: &str = "charter.toml";
/// The file that says when the package was made, as one line such as `2026-01-15T02:03:04Z`.
pub const PACKED_AT_FILE: &str = "packed-at";

/// The texts of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    charter: String,
    baseline: String,
    packed_at: Timestamp,
}

/// Why a package cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file is not there, or no text.
    #[error("failed to read `{}`", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The charter has errors.
    #[error("failed to take the charter from `{}`", file.display())]
    Charter {
        /// The charter's file.
        file: PathBuf,
        /// All that is wrong with it.
        source: CharterErrors,
    },
    /// The time of packing is none.
    #[error("failed to take the time of packing from `{}`: `{found}` is not a time such as 2026-01-15T02:03:04Z", file.display())]
    PackedAt {
        /// The file that holds it.
        file: PathBuf,
        /// What stands there instead, cut to a length fit for messages.
        found: String,
    },
    /// Charter and baseline do not go together, or not with this Region.
    #[error("failed to take a mandate from `{}`", folder.display())]
    Mandate {
        /// The package's folder.
        folder: PathBuf,
        /// What is wrong.
        source: MandateError,
    },
    /// Charter and baseline do not go together, or not in each of the charter's Regions.
    #[error("failed to take a mandate over policies from `{}`", folder.display())]
    MandateOverPolicies {
        /// The package's folder.
        folder: PathBuf,
        /// What is wrong.
        source: roles::MandateError,
    },
}

/// Reads the charter alone from the package that `settings` point to, filled in for their account and Region.
pub fn charter(settings: &Settings) -> Result<Charter, PackageError> {
    let file = settings.task_root.join(CHARTER_FILE);
    let written = text(file.clone())?;
    Charter::parse_for(&written, &settings.scope)
        .map_err(|source| PackageError::Charter { file, source })
}

impl Package {
    /// Reads the package in `folder`.
    pub fn read(folder: &Path) -> Result<Self, PackageError> {
        let charter = text(folder.join(CHARTER_FILE))?;
        let baseline = match Charter::parse(&charter) {
            Ok(charter) => text(folder.join(charter.baseline_file()))?,
            Err(source) => {
                return Err(PackageError::Charter {
                    file: folder.join(CHARTER_FILE),
                    source,
                });
            }
        };
        let packed_at = packed_at(folder.join(PACKED_AT_FILE))?;
        Ok(Self {
            charter,
            baseline,
            packed_at,
        })
    }

    /// Reads the package that `settings` point to and takes a mandate from it: that of the guard, who is `guard`.
    pub fn mandate(settings: &Settings, guard: OwnIdentity) -> Result<Mandate, PackageError> {
        let folder = &settings.task_root;
        let package = Self::read(folder)?;
        let mandate = Mandate::new(package.texts(), settings.scope.clone(), guard);
        mandate.map_err(|source| PackageError::Mandate {
            folder: folder.clone(),
            source,
        })
    }

    /// Reads the package that `settings` point to and takes a mandate over policies from it.
    pub fn mandate_over_policies(settings: &Settings) -> Result<roles::Mandate, PackageError> {
        let folder = &settings.task_root;
        let package = Self::read(folder)?;
        let mandate = roles::Mandate::new(package.texts(), settings.scope.clone());
        mandate.map_err(|source| PackageError::MandateOverPolicies {
            folder: folder.clone(),
            source,
        })
    }

    fn texts(&self) -> mandate::Package<'_> {
        mandate::Package {
            charter: &self.charter,
            baseline: &self.baseline,
            packed_at: self.packed_at,
        }
    }
}

fn text(file: PathBuf) -> Result<String, PackageError> {
    std::fs::read_to_string(&file).map_err(|source| PackageError::Read { file, source })
}

fn packed_at(file: PathBuf) -> Result<Timestamp, PackageError> {
    let found = text(file.clone())?;
    found
        .trim_ascii()
        .parse()
        .map_err(|_| PackageError::PackedAt {
            file,
            found: found.trim_ascii().chars().take(80).collect(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Alerts;

    const CHARTER: &str = "mode = \"revert\"\nregions = [\"eu-central-1\"]\n[floor]\ns3EncryptionEnabled = { is = true }\n";
    const BASELINE: &str = r#"{
        "schemaVersion": "1.0", "description": "Session preferences", "sessionType": "Standard_Stream",
        "inputs": { "s3BucketName": "sessions-${account}", "s3EncryptionEnabled": true }
    }"#;
    const BELOW_FLOOR: &str = r#"{
        "schemaVersion": "1.0", "description": "Session preferences", "sessionType": "Standard_Stream",
        "inputs": { "s3BucketName": "sessions-${account}", "s3EncryptionEnabled": false }
    }"#;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn settings(folder: &Path) -> Settings {
        let variables = [
            (
                "SESSION_GUARD_ROLE_ARN",
                "arn:aws:iam::123456789012:role/guard",
            ),
            (
                "SESSION_GUARD_TOPIC_ARN",
                "arn:aws:sns:eu-central-1:123456789012:alerts",
            ),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_LAMBDA_FUNCTION_NAME", "preferences-guard"),
            ("LAMBDA_TASK_ROOT", folder.to_str().unwrap()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Settings::read(variables, Alerts::ToTopic).unwrap()
    }

    /// The whole chain of what is wrong with a package, with its folder as `TASK`.
    fn complaint(files: &[(&str, &str)]) -> String {
        let folder = folder(files);
        let error = Package::mandate(
            &settings(folder.path()),
            settings(folder.path()).own_identity(),
        )
        .unwrap_err();
        crate::failure::chain(&error).replace(folder.path().to_str().unwrap(), "TASK")
    }

    #[test]
    fn a_package_becomes_a_mandate_for_the_functions_account() {
        let folder = folder(&[
            ("charter.toml", CHARTER),
            ("SessionManagerRunShell.json", BASELINE),
            ("packed-at", "2026-01-15T02:03:04Z\n"),
        ]);
        let mandate = Package::mandate(
            &settings(folder.path()),
            settings(folder.path()).own_identity(),
        )
        .unwrap();
        assert_eq!(mandate.packed_at(), "2026-01-15T02:03:04Z".parse().unwrap());
        assert!(
            mandate
                .baseline()
                .to_json()
                .contains("sessions-123456789012")
        );
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        let missing = "No such file or directory (os error 2)";
        assert_eq!(
            complaint(&[]),
            format!("failed to read `TASK/charter.toml`: {missing}")
        );
        let charter = ("charter.toml", CHARTER);
        assert_eq!(
            complaint(&[charter]),
            format!("failed to read `TASK/SessionManagerRunShell.json`: {missing}")
        );
        let baseline = ("SessionManagerRunShell.json", BASELINE);
        assert_eq!(
            complaint(&[charter, baseline]),
            format!("failed to read `TASK/packed-at`: {missing}")
        );
    }

    #[test]
    fn the_baseline_is_the_file_that_the_charter_names() {
        let charter = format!("baseline = \"ours.json\"\n{CHARTER}");
        let complaint = complaint(&[
            ("charter.toml", &charter),
            ("SessionManagerRunShell.json", BASELINE),
        ]);
        assert!(
            complaint.starts_with("failed to read `TASK/ours.json`"),
            "{complaint}"
        );
    }

    #[test]
    fn all_errors_of_a_charter_are_told() {
        let complaint = complaint(&[(
            "charter.toml",
            "mode = \"watch\"\nregion = [\"eu-central-1\"]\n",
        )]);
        assert!(
            complaint.starts_with("failed to take the charter from `TASK/charter.toml`: "),
            "{complaint}"
        );
        assert!(
            complaint.contains("watch") && complaint.contains("regions"),
            "{complaint}"
        );
    }

    #[test]
    fn a_time_of_packing_that_is_none_is_shown() {
        let files = [
            ("charter.toml", CHARTER),
            ("SessionManagerRunShell.json", BASELINE),
            ("packed-at", "yesterday\n"),
        ];
        let expected = "failed to take the time of packing from `TASK/packed-at`: \
                        `yesterday` is not a time such as 2026-01-15T02:03:04Z";
        assert_eq!(complaint(&files), expected);
    }

    #[test]
    fn a_mandate_over_policies_knows_where_every_region_records() {
        let charter = CHARTER.replace("[\"eu-central-1\"]", "[\"eu-west-1\", \"eu-west-3\"]");
        let folder = folder(&[
            ("charter.toml", &charter),
            ("SessionManagerRunShell.json", BASELINE),
            ("packed-at", "2026-01-15T02:03:04Z\n"),
        ]);
        let mandate = Package::mandate_over_policies(&settings(folder.path())).unwrap();
        let regions = mandate.recordings().iter();
        let regions: Vec<_> = regions.map(|it| it.scope.region.as_str()).collect();
        assert_eq!(regions, ["eu-west-1", "eu-west-3"]);
    }

    #[test]
    fn a_baseline_below_its_own_floor_is_no_mandate() {
        let files = [
            ("charter.toml", CHARTER),
            ("SessionManagerRunShell.json", BELOW_FLOOR),
            ("packed-at", "2026-01-15T02:03:04Z"),
        ];
        let complaint = complaint(&files);
        assert!(
            complaint.starts_with(
                "failed to take a mandate from `TASK`: the baseline is below the floor"
            ),
            "{complaint}"
        );
        let folder = folder(&files);
        let error = Package::mandate_over_policies(&settings(folder.path())).unwrap_err();
        let complaint = crate::failure::chain(&error);
        let expected =
            "charter and baseline cannot be used in eu-central-1: the baseline is below the floor";
        assert!(complaint.contains(expected), "{complaint}");
    }
}
