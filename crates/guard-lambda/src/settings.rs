//! The function's environment, read once when it starts.

mod error;
mod topic_arn;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use guard_core::mandate::OwnIdentity;
use guard_core::names::{AccountId, NameError, Partition, Region, RoleArn, Scope};
use tracing::Level;

pub use error::{SettingError, SettingsErrors};
pub use topic_arn::TopicArn;

/// The role under which the function runs; its account and partition are the function's own.
pub const ROLE_ARN: &str = "SESSION_GUARD_ROLE_ARN";
/// The topic for alerts.
pub const TOPIC_ARN: &str = "SESSION_GUARD_TOPIC_ARN";
/// How much is logged: `error`, `warn`, `info`, `debug` or `trace`; decisions are logged at `info`, which is the default.
pub const LOG: &str = "SESSION_GUARD_LOG";

// Set by Lambda (Lambda Developer Guide, "Defined runtime environment variables").
const TASK_ROOT: &str = "LAMBDA_TASK_ROOT";
const REGION: &str = "AWS_REGION";
const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";

/// What the environment says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The account and Region that the function guards: its own.
    pub scope: Scope,
    /// Its role.
    pub role: RoleArn,
    /// Its name.
    pub function_name: String,
    /// The topic for alerts; a function that sends none has none.
    pub topic: Option<TopicArn>,
    /// The folder into which the package was unpacked.
    pub task_root: PathBuf,
    /// The least important lines that are logged.
    pub log: Level,
}

/// Whether a function alerts people, and so must know where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alerts {
    /// To the topic that the environment names.
    ToTopic,
    /// It alerts nobody: what it finds is shown elsewhere.
    None,
}

impl Settings {
    /// Reads the environment of this process.
    pub fn from_environment(alerts: Alerts) -> Result<Self, SettingsErrors> {
        // What is not Unicode becomes something that no check lets through.
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let variables = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self::read(variables, alerts)
    }

    /// Reads `variables`, or says everything that is wrong with them.
    pub fn read(
        variables: impl IntoIterator<Item = (String, String)>,
        alerts: Alerts,
    ) -> Result<Self, SettingsErrors> {
        let mut reader = Reader {
            variables: variables.into_iter().collect(),
            errors: Vec::new(),
        };
        let role = reader.required(ROLE_ARN, RoleArn::parse);
        let topic = match alerts {
            Alerts::ToTopic => reader.required(TOPIC_ARN, TopicArn::parse),
            Alerts::None => None,
        };
        let region = reader.required(REGION, Region::parse);
        let function_name = reader.required(FUNCTION_NAME, function_name);
        let task_root = reader.required(TASK_ROOT, task_root);
        let log = reader.optional(LOG, log_level);
        reader.same_region(topic.as_ref(), region.as_ref());
        let scope = role
            .as_ref()
            .zip(region)
            .and_then(|(role, region)| reader.scope(role, region));
        match (scope, role, function_name, task_root) {
            (Some(scope), Some(role), Some(function_name), Some(task_root))
                if reader.errors.is_empty() =>
            {
                Ok(Self {
                    scope,
                    role,
                    function_name,
                    topic,
                    task_root,
                    log: log.unwrap_or(Level::INFO),
                })
            }
            _ => Err(SettingsErrors(reader.errors)),
        }
    }

    /// The topic, for a function that alerts people.
    pub fn topic(&self) -> Result<&TopicArn, SettingError> {
        let missing = SettingError::Missing { name: TOPIC_ARN };
        self.topic.as_ref().ok_or(missing)
    }

    /// By what CloudTrail's records of the function's own calls are known.
    ///
    /// The ARN is what `inScopeOf.credentialsIssuedTo` holds for credentials that Lambda gave to a function
    /// (CloudTrail User Guide, "CloudTrail userIdentity element").
    pub fn own_identity(&self) -> OwnIdentity {
        let Scope {
            partition,
            account,
            region,
        } = &self.scope;
        let function = format!(
            "arn:{partition}:lambda:{region}:{account}:function:{}",
            self.function_name
        );
        OwnIdentity {
            role: self.role.clone(),
            function: Some(function),
        }
    }
}

struct Reader {
    variables: BTreeMap<String, String>,
    errors: Vec<SettingError>,
}

impl Reader {
    fn required<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.value(name).is_none() {
            self.errors.push(SettingError::Missing { name });
        }
        self.optional(name, parse)
    }

    fn optional<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.value(name)?) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.errors.push(SettingError::Invalid {
                    name,
                    detail: error.to_string(),
                });
                None
            }
        }
    }

    /// An empty value is what a template leaves where it has nothing to say.
    fn value(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// SNS answers for topics of the Region that is asked, and the function asks its own.
    fn same_region(&mut self, topic: Option<&TopicArn>, region: Option<&Region>) {
        if let (Some(topic), Some(region)) = (topic, region)
            && topic.region() != region.as_str()
        {
            let detail = format!("it is in `{}`, the function in `{region}`", topic.region());
            self.errors.push(SettingError::Invalid {
                name: TOPIC_ARN,
                detail,
            });
        }
    }

    fn scope(&mut self, role: &RoleArn, region: Region) -> Option<Scope> {
        let partition = role.as_str().split(':').nth(1).unwrap_or_default();
        let parsed = Partition::parse(partition).and_then(|partition| {
            let account = AccountId::parse(role.account())?;
            Ok::<_, NameError>(Scope {
                partition,
                account,
                region,
            })
        });
        match parsed {
            Ok(scope) => Some(scope),
            Err(error) => {
                self.errors.push(SettingError::Invalid {
                    name: ROLE_ARN,
                    detail: error.to_string(),
                });
                None
            }
        }
    }
}

/// Letters, digits, `-` and `_`, at most 64 (Lambda API reference, `CreateFunction`).
fn function_name(text: &str) -> Result<String, &'static str> {
    let is_valid = text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if is_valid {
        Ok(text.to_owned())
    } else {
        Err("it is not the name of a function")
    }
}

fn task_root(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err("it is not an absolute path")
    }
}

fn log_level(text: &str) -> Result<Level, &'static str> {
    match text {
        "error" => Ok(Level::ERROR),
        "warn" => Ok(Level::WARN),
        "info" => Ok(Level::INFO),
        "debug" => Ok(Level::DEBUG),
        "trace" => Ok(Level::TRACE),
        _ => Err("it is not one of error, warn, info, debug, trace"),
    }
}

#[cfg(test)]
mod tests;
