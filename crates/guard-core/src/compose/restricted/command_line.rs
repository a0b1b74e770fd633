//! A command with its parameters, read as a shell would.

use super::{Input, Parameter, Restricted, RestrictedError, System, programs};

/// A command that a shell reads as one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandLine {
    text: String,
    places: Vec<PlaceOfParameter>,
    /// Characters outside quotes, or with a meaning inside double ones, that only a shell understands.
    operators: Vec<char>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceOfParameter {
    pub(super) name: String,
    pub(super) quotes: Quotes,
    /// What stands before it in the command of which it is a part, quotes included: behind the last `;`, `|`, `&` or
    /// bracket, inside quotes too where a program reads what stands in them.
    pub(super) before: String,
}

/// Inside which quotes something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Single,
    Double,
}

impl CommandLine {
    pub(super) fn parse(text: &str, system: System) -> Result<Self, RestrictedError> {
        if text.trim().is_empty() || text.contains(char::is_control) {
            return Err(RestrictedError::Command);
        }
        // Quotes of another kind, in which a \ hides a quote from whoever counts them.
        if text.contains("$'") || text.contains("$\"") {
            return Err(RestrictedError::DollarQuotes);
        }
        let mut line = Self {
            text: text.to_owned(),
            places: Vec::new(),
            operators: Vec::new(),
        };
        let is_read_twice = programs::interpreter(text).is_some();
        let mut quotes = Quotes::None;
        let (mut at, mut begin) = (0, 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(rest) = rest.strip_prefix("{{") {
                let (name, length) = reference(rest)?;
                line.places.push(PlaceOfParameter {
                    name,
                    quotes,
                    before: text.get(begin..at).unwrap_or_default().to_owned(),
                });
                at += length;
                continue;
            }
            let mut characters = rest.chars();
            let next = characters.next().unwrap_or_default();
            at += next.len_utf8();
            if next == escape(system) && quotes != Quotes::Single {
                // An escaped brace would still begin a parameter, which Systems Manager fills in before any shell reads.
                let escaped = characters.next().filter(|it| *it != '{');
                at += escaped.map_or(0, char::len_utf8);
                continue;
            }
            quotes = line.step(quotes, next);
            let ends_command = matches!(next, ';' | '|' | '&' | '(' | '`');
            if ends_command && (quotes == Quotes::None || is_read_twice) {
                begin = at;
            }
        }
        match quotes {
            Quotes::None => Ok(line),
            Quotes::Single | Quotes::Double => Err(RestrictedError::OpenQuotes),
        }
    }

    fn step(&mut self, quotes: Quotes, next: char) -> Quotes {
        match (quotes, next) {
            (Quotes::None, '\'') => Quotes::Single,
            (Quotes::None, '"') => Quotes::Double,
            (Quotes::Single, '\'') | (Quotes::Double, '"') => Quotes::None,
            (Quotes::None, '|' | '&' | ';' | '<' | '>' | '$' | '`' | '*' | '?' | '#' | '~')
            | (Quotes::Double, '$' | '`') => {
                self.operators.push(next);
                quotes
            }
            (Quotes::None | Quotes::Single | Quotes::Double, _) => quotes,
        }
    }

    /// Where the parameter stands, once for each time.
    pub(super) fn places<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a PlaceOfParameter> {
        self.places.iter().filter(move |place| place.name == name)
    }

    /// Whether what a shell would replace stands in it, so that double quotes hide nothing.
    pub(super) fn has_substitution(&self) -> bool {
        self.operators.iter().any(|it| matches!(it, '$' | '`'))
    }

    /// The first program in it that reads an argument as a program.
    pub(super) fn interpreter(&self) -> Option<&'static str> {
        programs::interpreter(&self.text)
    }

    /// Every parameter in the command must be one that is described.
    pub(super) fn check_known(&self, parameters: &[Parameter]) -> Result<(), RestrictedError> {
        let unknown = self
            .places
            .iter()
            .find(|place| parameters.iter().all(|it| it.name != place.name));
        match unknown {
            Some(place) => Err(RestrictedError::UnknownParameter {
                name: place.name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// The agent runs such a command itself, word by word (SSM Agent, `shell_unix.go`: no shell for
    /// `NonInteractiveCommands`), so that a pipe would be an argument.
    pub(super) fn check_without_shell(
        &self,
        restricted: &Restricted,
    ) -> Result<(), RestrictedError> {
        match (restricted.input, restricted.system, self.operators.first()) {
            (Input::None, System::Linux | System::MacOs, Some(operator)) => {
                Err(RestrictedError::WithoutShell {
                    operator: *operator,
                })
            }
            (Input::None | Input::Interactive, _, _) => Ok(()),
        }
    }
}

impl PlaceOfParameter {
    /// Whether a value begins a word of its own.
    pub(super) fn begins_word(&self) -> bool {
        let before = self.before.trim_end_matches(['\'', '"']);
        before.is_empty() || before.ends_with([' ', '\t'])
    }

    /// Whether `--` before it says that no options follow.
    pub(super) fn follows_end_of_options(&self) -> bool {
        self.before.split_whitespace().any(|word| word == "--")
    }

    /// Whether the value names the program that runs, or is read as one by the program before it.
    pub(super) fn is_program(&self) -> bool {
        programs::is_program(&self.before)
    }
}

/// The name in double braces and the length of all of it; `rest` is what follows the first two.
fn reference(rest: &str) -> Result<(String, usize), RestrictedError> {
    let (inside, _) = rest.split_once("}}").ok_or(RestrictedError::OpenBraces)?;
    let name = inside.trim();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_name {
        Ok((name.to_owned(), inside.len() + 4))
    } else {
        Err(RestrictedError::Reference {
            found: inside.chars().take(80).collect(),
        })
    }
}

fn escape(system: System) -> char {
    match system {
        System::Linux | System::MacOs => '\\',
        System::Windows => '`',
    }
}
