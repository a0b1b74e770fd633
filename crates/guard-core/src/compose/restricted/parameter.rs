//! A parameter of a command: which values the caller may choose, and whether they are safe where they stand.

use serde_json::{Value, json};

use super::chars::Chars;
use super::command_line::{CommandLine, PlaceOfParameter, Quotes};
use super::{AllowedPattern, Restricted, RestrictedError, System};
use crate::compose::Note;

/// What the caller chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name: letters and digits.
    pub name: String,
    /// What it may be.
    pub allowed: Allowed,
}

/// The values of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Those that match.
    Matching(AllowedPattern),
    /// Those of a list.
    OneOf(Vec<String>),
}

impl Parameter {
    pub(super) fn to_value(&self) -> Value {
        match &self.allowed {
            Allowed::Matching(pattern) => {
                json!({ "type": "String", "allowedPattern": pattern.as_str() })
            }
            Allowed::OneOf(values) => json!({ "type": "String", "allowedValues": values }),
        }
    }

    /// What to know about it although nothing is wrong.
    pub(super) fn note(&self) -> Option<Note> {
        match &self.allowed {
            Allowed::Matching(pattern) => {
                let characters = pattern.shape().characters;
                (characters.has('/') && characters.has('.')).then(|| Note::AnyFile {
                    parameter: self.name.clone(),
                })
            }
            Allowed::OneOf(_) => None,
        }
    }

    /// Whether every value is safe wherever it stands in the command.
    pub(super) fn check(
        &self,
        line: &CommandLine,
        restricted: &Restricted,
    ) -> Result<(), RestrictedError> {
        if line.places(&self.name).next().is_none() {
            return Err(RestrictedError::UnusedParameter {
                name: self.name.clone(),
            });
        }
        for place in line.places(&self.name) {
            match &self.allowed {
                Allowed::Matching(pattern) => {
                    self.check_pattern(pattern, place, line, restricted)?;
                }
                Allowed::OneOf(values) => self.check_values(values, place, restricted)?,
            }
        }
        Ok(())
    }

    fn check_pattern(
        &self,
        pattern: &AllowedPattern,
        place: &PlaceOfParameter,
        line: &CommandLine,
        restricted: &Restricted,
    ) -> Result<(), RestrictedError> {
        let name = || self.name.clone();
        let shape = pattern.shape();
        if shape.may_be_empty {
            return Err(RestrictedError::MayBeEmpty { name: name() });
        }
        if place.is_program() {
            return Err(RestrictedError::ChoosesProgram { name: name() });
        }
        let special = shape.characters.without(plain(restricted.system));
        if special.goes_beyond_ascii() || special.has_control() {
            return Err(RestrictedError::AnyCharacter { name: name() });
        }
        let untold = special.without(Chars::of(&restricted.let_through));
        if !untold.is_empty() {
            return Err(RestrictedError::Metacharacters {
                name: name(),
                characters: untold.to_string(),
            });
        }
        if !special.is_empty() {
            self.check_quotes(special, place, line, restricted)?;
        }
        let is_option = shape.first.has('-') && place.begins_word();
        if is_option && !place.follows_end_of_options() {
            return Err(RestrictedError::Option { name: name() });
        }
        Ok(())
    }

    /// Characters with a meaning are safe only inside quotes that they cannot end, in a command that is read once.
    fn check_quotes(
        &self,
        special: Chars,
        place: &PlaceOfParameter,
        line: &CommandLine,
        restricted: &Restricted,
    ) -> Result<(), RestrictedError> {
        let name = || self.name.clone();
        if let Some(program) = line.interpreter() {
            return Err(RestrictedError::ReadTwice {
                name: name(),
                program,
            });
        }
        if place.quotes == Quotes::None {
            return Err(RestrictedError::Unquoted {
                name: name(),
                characters: special.to_string(),
            });
        }
        let ends = special.shares_with(ends_of(place.quotes, restricted.system));
        if ends || (place.quotes == Quotes::Double && line.has_substitution()) {
            return Err(RestrictedError::EndsQuotes { name: name() });
        }
        Ok(())
    }

    /// The operator's own words, which may hold anything but what they cannot have been meant to.
    fn check_values(
        &self,
        values: &[String],
        place: &PlaceOfParameter,
        restricted: &Restricted,
    ) -> Result<(), RestrictedError> {
        for value in values {
            let is_text =
                !value.is_empty() && !value.contains("{{") && !value.contains(char::is_control);
            if !is_text {
                return Err(RestrictedError::Value {
                    name: self.name.clone(),
                });
            }
            if Chars::of(value).shares_with(ends_of(place.quotes, restricted.system)) {
                return Err(RestrictedError::EndsQuotes {
                    name: self.name.clone(),
                });
            }
        }
        Ok(())
    }
}

/// Characters that mean nothing to the shell of a system, quoted or not.
fn plain(system: System) -> Chars {
    let letters = Chars::range('a', 'z').union(Chars::range('A', 'Z'));
    let words = letters.union(Chars::range('0', '9'));
    match system {
        System::Linux | System::MacOs => words.union(Chars::of("_-./:@,+=%")),
        System::Windows => words.union(Chars::of("_-./:\\+=")),
    }
}

/// Characters that end quotes of that kind, or mean something inside them.
fn ends_of(quotes: Quotes, system: System) -> Chars {
    match (quotes, system) {
        (Quotes::None, _) => Chars::EMPTY,
        (Quotes::Single, _) => Chars::of("'"),
        (Quotes::Double, System::Linux | System::MacOs) => Chars::of("\"$`\\!"),
        (Quotes::Double, System::Windows) => Chars::of("\"$`"),
    }
}
