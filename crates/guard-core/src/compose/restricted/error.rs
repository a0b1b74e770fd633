//! Why a command makes no restricted document.

use super::PatternError;
use crate::names::{DocumentName, Region};

/// What is wrong with it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestrictedError {
    /// A name that belongs to AWS, or to the preferences.
    #[error("a document of one's own cannot be called `{name}`; choose another name")]
    Name {
        /// The name.
        name: DocumentName,
    },
    /// No command, or several with parameters.
    #[error(
        "{number} commands: give one, with or without parameters, or several whole ones of which the caller chooses, without parameters"
    )]
    Commands {
        /// How many there are.
        number: usize,
    },
    /// Nothing, or more than one line.
    #[error("a command is one line that is not empty and has no control characters")]
    Command,
    /// Quotes that do not end.
    #[error("the quotes in the command do not end")]
    OpenQuotes,
    /// `$'…'` or `$"…"`.
    #[error(
        "the command quotes with $'…' or $\"…\", which not every shell reads alike: use plain quotes"
    )]
    DollarQuotes,
    /// Braces in what people read, which Systems Manager would fill in.
    #[error("a description has no `{{{{`")]
    Description,
    /// Braces that do not end.
    #[error("`{{{{` in the command has no `}}}}`")]
    OpenBraces,
    /// Braces around something that the document does not describe.
    #[error(
        "`{{{{{found}}}}}` is no parameter of this document: a name has letters and digits only, and values of Parameter Store could be changed by whoever may write there"
    )]
    Reference {
        /// What stands between the braces.
        found: String,
    },
    /// Something that only a shell understands.
    #[error(
        "`{operator}` needs a shell, and a command without input runs without one: put the command into a script on the node, or let it be interactive"
    )]
    WithoutShell {
        /// The character.
        operator: char,
    },
    /// A parameter that is not described.
    #[error("the command has the parameter `{name}`, and nothing says what it may be")]
    UnknownParameter {
        /// Its name.
        name: String,
    },
    /// A parameter that is not in the command.
    #[error(
        "the parameter `{name}` does not stand in the command: write {{{{ {name} }}}} where it belongs"
    )]
    UnusedParameter {
        /// Its name.
        name: String,
    },
    /// A name that no parameter may have.
    #[error("`{name}` cannot be the name of a parameter: it has letters and digits only")]
    ParameterName {
        /// The name.
        name: String,
    },
    /// A parameter that is described twice.
    #[error("the parameter `{name}` is described twice")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A pattern that is refused.
    #[error("the pattern of `{name}` is refused")]
    Pattern {
        /// The parameter.
        name: String,
        /// Why.
        source: PatternError,
    },
    /// A pattern that the empty text matches.
    #[error(
        "the pattern of `{name}` lets an empty value through, which takes a word out of the command: write + instead of *, or {{1,64}}"
    )]
    MayBeEmpty {
        /// The parameter.
        name: String,
    },
    /// A value that names the program.
    #[error(
        "`{name}` stands where a program is named or written, so the caller would choose what runs: list the values instead"
    )]
    ChoosesProgram {
        /// The parameter.
        name: String,
    },
    /// A pattern that lets characters through which nobody listed.
    #[error(
        "the pattern of `{name}` lets any character through, line breaks too (`.`, `\\s` or a negated class): list the characters that are meant, as in ^[A-Za-z0-9_-]{{1,64}}$; for a full stop write \\."
    )]
    AnyCharacter {
        /// The parameter.
        name: String,
    },
    /// A pattern that lets characters through which mean something to a shell.
    #[error(
        "the pattern of `{name}` lets characters through that mean something to a shell: {characters}; leave them out, or name them as let through and put the parameter in quotes"
    )]
    Metacharacters {
        /// The parameter.
        name: String,
        /// The characters.
        characters: String,
    },
    /// Characters with a meaning, outside quotes.
    #[error(
        "`{name}` lets {characters} through and stands outside quotes: write '{{{{ {name} }}}}'"
    )]
    Unquoted {
        /// The parameter.
        name: String,
        /// The characters.
        characters: String,
    },
    /// Characters that end the quotes around them.
    #[error(
        "a value of `{name}` could end the quotes that it stands in, or be replaced inside them: use single quotes, and let no single quote through"
    )]
    EndsQuotes {
        /// The parameter.
        name: String,
    },
    /// Quotes that are gone when the value is read.
    #[error(
        "`{program}` reads its arguments as a program, so that quotes around `{name}` protect nothing: let only letters, digits and _-./:@,+=% through"
    )]
    ReadTwice {
        /// The parameter.
        name: String,
        /// The program.
        program: &'static str,
    },
    /// A value that can be an option.
    #[error(
        "a value of `{name}` may begin with - and be taken for an option of the program: write -- before it, or let the pattern begin with another character"
    )]
    Option {
        /// The parameter.
        name: String,
    },
    /// A listed value that cannot be meant.
    #[error("the values of `{name}` are texts that are not empty, on one line and without {{{{")]
    Value {
        /// The parameter.
        name: String,
    },
    /// Preferences without a destination.
    #[error(
        "the baseline names neither a bucket nor a log group in {region}, so that nothing would be recorded"
    )]
    RecordedNowhere {
        /// The Region.
        region: Region,
    },
    /// Preferences in which the caller chooses something.
    #[error("`{key}` of the baseline holds {{{{…}}}}, which whoever starts a session would choose")]
    OpenInput {
        /// The key.
        key: &'static str,
    },
}
