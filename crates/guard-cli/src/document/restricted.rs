//! `session-guard document restricted`: a document for one command or a few, with the policy for just that.

use std::path::PathBuf;

use clap::ValueEnum;
use guard_core::charter::Sessions;
use guard_core::compose::restricted::{
    self, Allowed, AllowedPattern, Input, Parameter, Rights, System,
};
use guard_core::compose::{Accounts, Note, Product};
use guard_core::names::{AccountId, DocumentName, Scope};

use crate::error::Error;
use crate::exit::Exit;
use crate::policy::{GrantArgs, default_charter, examine, place};
use crate::product::Out;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard document restricted --name Session-TailNginx --account 123456789012 \\
    --command 'tail -f /var/log/nginx/{{ file }}' --matching 'file=^[a-z]{1,32}\\.log$' --out documents
  aws ssm create-document --name Session-TailNginx --document-type Session \\
    --content file://documents/Session-TailNginx.json
  session-guard document restricted --name Session-Restart --account 123456789012 --no-input \\
    --command 'systemctl restart {{ unit }}' --one-of unit=nginx,php-fpm
  session-guard document restricted --name Session-Look --account 123456789012 --command 'df -h' --command uptime

The document is recorded as the charter's baseline says. What its parameters let through is checked against where they
stand in the command. The policy lets people use just this document on the instances of the charter's [sessions].
Not offered is Standard_Stream, the type of shells: whoever has a shell has every command.";

/// Compose a session document that runs one command or one of a few, and the policy to use it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restricted {
    /// The document's name
    #[arg(long, value_name = "NAME", value_parser = DocumentName::parse)]
    name: DocumentName,
    /// The command, with parameters as {{ name }}; of several the caller chooses one
    #[arg(long, value_name = "COMMAND", required = true)]
    command: Vec<String>,
    /// A parameter and the pattern that its values match, from ^ to $; can be repeated
    #[arg(long, value_name = "NAME=PATTERN", value_parser = matching)]
    matching: Vec<Parameter>,
    /// A parameter and its values, parted by commas; can be repeated
    #[arg(long, value_name = "NAME=VALUES", value_parser = one_of)]
    one_of: Vec<Parameter>,
    /// Characters that patterns may let through although they mean something to a shell
    #[arg(
        long,
        value_name = "CHARACTERS",
        default_value = "",
        hide_default_value = true
    )]
    let_through: String,
    /// Let nobody type while the command runs; on Linux and macOS it then runs without a shell
    #[arg(long)]
    no_input: bool,
    /// The system that the command is for
    #[arg(long, value_enum, default_value_t = Os::Linux)]
    system: Os,
    /// Run it as root or the local system, instead of the sessions' user
    #[arg(long)]
    elevated: bool,
    /// What people read about the document
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "One command of Session Manager, recorded"
    )]
    description: String,
    /// The charter, whose baseline says how sessions are recorded
    #[arg(long, value_name = "FILE", default_value_os_t = default_charter())]
    charter: PathBuf,
    /// The account
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: AccountId,
    #[command(flatten)]
    grant: GrantArgs,
    #[command(flatten)]
    out: Out,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Os {
    Linux,
    Macos,
    Windows,
}

impl Restricted {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(found) = examine(&self.charter, &self.account, streams)? else {
            return Ok(Exit::Failure);
        };
        let sessions = found.written.as_ref().and_then(|it| it.sessions());
        let mandates = found.mandates.iter();
        let scopes: Vec<Scope> = mandates.clone().map(|it| it.scope().clone()).collect();
        let regions: Vec<_> = scopes.iter().map(|it| it.region.clone()).collect();
        let preferences: Vec<_> = mandates
            .map(|it| (it.scope().region.clone(), it.baseline().clone()))
            .collect();
        let place = place(Accounts::These(vec![self.account.clone()]), &regions)?;
        let documents = vec![self.name.clone()];
        let keys = crate::policy::keys_of(&found.mandates)?;
        let grant = self.grant.grant(sessions, documents, keys, &scopes)?;
        GrantArgs::check(&grant, sessions, &place)?;
        let mut product = restricted::compose(&self.restricted(), &preferences, &grant, &place)?;
        self.note_charter(sessions, &mut product);
        self.out.write(&product, streams)
    }

    fn restricted(&self) -> restricted::Restricted {
        restricted::Restricted {
            name: self.name.clone(),
            description: self.description.clone(),
            input: if self.no_input {
                Input::None
            } else {
                Input::Interactive
            },
            system: match self.system {
                Os::Linux => System::Linux,
                Os::Macos => System::MacOs,
                Os::Windows => System::Windows,
            },
            rights: if self.elevated {
                Rights::Elevated
            } else {
                Rights::Session
            },
            commands: self.command.clone(),
            parameters: self.matching.iter().chain(&self.one_of).cloned().collect(),
            let_through: self.let_through.clone(),
        }
    }

    fn note_charter(&self, sessions: Option<&Sessions>, product: &mut Product) {
        if sessions.is_some_and(|it| !it.allows_document(self.name.as_str())) {
            let document = self.name.to_string();
            product.notes.push(Note::NotInCharter { document });
        }
    }
}

fn matching(text: &str) -> Result<Parameter, String> {
    let expected = r"expected NAME=PATTERN, such as file=^[a-z]{1,32}\.log$";
    let (name, pattern) = text.split_once('=').ok_or(expected)?;
    let pattern = AllowedPattern::parse(pattern).map_err(|error| error.to_string())?;
    Ok(Parameter {
        name: name.to_owned(),
        allowed: Allowed::Matching(pattern),
    })
}

fn one_of(text: &str) -> Result<Parameter, String> {
    let expected = "expected NAME=VALUES, such as unit=nginx,php-fpm";
    let (name, values) = text.split_once('=').ok_or(expected)?;
    Ok(Parameter {
        name: name.to_owned(),
        allowed: Allowed::OneOf(values.split(',').map(str::to_owned).collect()),
    })
}
