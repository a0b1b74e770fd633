use std::fmt;

/// One thing that is wrong with the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// A variable that must be set is not.
    #[error("`{name}` is not set")]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// A variable has a value that cannot be used.
    #[error("`{name}` cannot be used: {detail}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What is wrong with its value.
        detail: String,
    },
}

/// Everything that is wrong with the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsErrors(pub Vec<SettingError>);

impl std::error::Error for SettingsErrors {}

/// One line for each error.
impl fmt::Display for SettingsErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}
