//! A session document that runs one command or one of a few, recorded as sessions are, and the policy for just that.

mod allowed_pattern;
mod chars;
mod command_line;
mod error;
mod inputs;
mod parameter;
mod programs;

use serde_json::{Map, Value, json};

use super::start_session::{self, Grant};
use super::{ComposeError, Limit, Note, Paper, Place, Product};
use crate::names::{DocumentName, Region};
use crate::preferences::Preferences;
use command_line::CommandLine;

pub use allowed_pattern::{AllowedPattern, PatternError};
pub use error::RestrictedError;
pub use parameter::{Allowed, Parameter};

/// What the document runs, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restricted {
    /// Its name.
    pub name: DocumentName,
    /// What people read about it.
    pub description: String,
    /// Whether people may type while it runs.
    pub input: Input,
    /// The system that the command is for.
    pub system: System,
    /// As whom it runs.
    pub rights: Rights,
    /// The command; of several the caller chooses one.
    pub commands: Vec<String>,
    /// What stands in the command in double braces.
    pub parameters: Vec<Parameter>,
    /// Characters that parameters may let through although they mean something to a shell.
    pub let_through: String,
}

/// Whether people may type while the command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// On a terminal: `InteractiveCommands`, through a shell.
    Interactive,
    /// Not at all: `NonInteractiveCommands`, on Linux and macOS without a shell.
    None,
}

/// The system that a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows, with its PowerShell.
    Windows,
}

/// As whom a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// As sessions do: the user of Run As, or the agent's ssm-user.
    Session,
    /// As root or the local system.
    Elevated,
}

impl System {
    fn key(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::MacOs => "macOS",
            Self::Windows => "windows",
        }
    }
}

/// The name of the parameter by which the caller chooses one of several commands.
const CHOICE: &str = "command";

/// The document of each Region, once where they are the same, and the policy.
pub fn compose(
    restricted: &Restricted,
    preferences: &[(Region, Preferences)],
    grant: &Grant,
    place: &Place,
) -> Result<Product, ComposeError> {
    check_texts(restricted)?;
    let (command, parameters) = command(restricted)?;
    let mut papers = documents(restricted, &command, &parameters, preferences)?;
    let grant = Grant {
        documents: vec![restricted.name.clone()],
        ..grant.clone()
    };
    let policy = format!("{}-policy", restricted.name);
    papers.push(start_session::paper(policy, &grant, place)?);
    let mut notes = vec![Note::RecordedAtEnd];
    notes.extend(parameters.iter().filter_map(Parameter::note));
    match restricted.input {
        Input::Interactive => {
            let programs = programs::ways_out(&restricted.commands);
            notes.extend(programs.map(|program| Note::WayOut { program }));
        }
        Input::None => {}
    }
    notes.extend(start_session::notes(&grant));
    Ok(Product { papers, notes })
}

fn check_texts(restricted: &Restricted) -> Result<(), RestrictedError> {
    let name = &restricted.name;
    if name.is_of_aws() || *name == DocumentName::preferences() {
        return Err(RestrictedError::Name { name: name.clone() });
    }
    if restricted.description.contains("{{") {
        return Err(RestrictedError::Description);
    }
    let parameters = &restricted.parameters;
    for (index, Parameter { name, .. }) in parameters.iter().enumerate() {
        let name = name.clone();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(RestrictedError::ParameterName { name });
        }
        if parameters.iter().take(index).any(|it| it.name == name) {
            return Err(RestrictedError::Twice { name });
        }
    }
    Ok(())
}

/// The command with its parameters, of which each stands in it and is safe there.
fn command(restricted: &Restricted) -> Result<(String, Vec<Parameter>), RestrictedError> {
    let [command] = restricted.commands.as_slice() else {
        return choice(restricted);
    };
    let line = CommandLine::parse(command, restricted.system)?;
    line.check_without_shell(restricted)?;
    for parameter in &restricted.parameters {
        parameter.check(&line, restricted)?;
    }
    line.check_known(&restricted.parameters)?;
    Ok((command.clone(), restricted.parameters.clone()))
}

/// Several commands are the allowed values of one parameter, each whole and without parameters of its own.
fn choice(restricted: &Restricted) -> Result<(String, Vec<Parameter>), RestrictedError> {
    if !restricted.parameters.is_empty() || restricted.commands.is_empty() {
        return Err(RestrictedError::Commands {
            number: restricted.commands.len(),
        });
    }
    for command in &restricted.commands {
        let line = CommandLine::parse(command, restricted.system)?;
        line.check_without_shell(restricted)?;
        line.check_known(&[])?;
    }
    let parameter = Parameter {
        name: CHOICE.to_owned(),
        allowed: Allowed::OneOf(restricted.commands.clone()),
    };
    Ok((format!("{{{{ {CHOICE} }}}}"), vec![parameter]))
}

fn documents(
    restricted: &Restricted,
    command: &str,
    parameters: &[Parameter],
    preferences: &[(Region, Preferences)],
) -> Result<Vec<Paper>, ComposeError> {
    let mut found: Vec<(&Region, Value)> = Vec::new();
    for (region, preferences) in preferences {
        let inputs = inputs::of(preferences, region)?;
        found.push((region, document(restricted, command, parameters, inputs)));
    }
    let is_one = found.windows(2).all(|pair| match pair {
        [(_, one), (_, other)] => one == other,
        _ => true,
    });
    if is_one {
        found.truncate(1);
    }
    let papers = found.into_iter().map(|(region, document)| {
        let name = if is_one {
            restricted.name.to_string()
        } else {
            format!("{}-{region}", restricted.name)
        };
        Paper::new(name, document, Limit::SessionDocument)
    });
    papers.collect()
}

fn document(
    restricted: &Restricted,
    command: &str,
    parameters: &[Parameter],
    inputs: Value,
) -> Value {
    let session_type = match restricted.input {
        Input::Interactive => "InteractiveCommands",
        Input::None => "NonInteractiveCommands",
    };
    let is_elevated = match restricted.rights {
        Rights::Session => false,
        Rights::Elevated => true,
    };
    let mut document = Map::new();
    document.insert("schemaVersion".to_owned(), json!("1.0"));
    document.insert("description".to_owned(), json!(restricted.description));
    document.insert("sessionType".to_owned(), json!(session_type));
    document.insert("inputs".to_owned(), inputs);
    if !parameters.is_empty() {
        let parameters = parameters.iter().map(|it| (it.name.clone(), it.to_value()));
        document.insert("parameters".to_owned(), parameters.collect());
    }
    let properties = json!({
        restricted.system.key(): { "commands": command, "runAsElevated": is_elevated }
    });
    document.insert("properties".to_owned(), properties);
    Value::Object(document)
}

#[cfg(test)]
mod tests;
