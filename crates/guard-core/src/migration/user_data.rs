//! User data that attach the policy, and how they would attach its successors.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::names;
use crate::charter::Forbidden;
use crate::names::Region;
use crate::preferences::hex;

/// What user data may hold, before they are encoded (EC2 user guide, "Run commands when you launch an EC2 instance with
/// user data input").
const MOST_BYTES: usize = 16 * 1024;

/// What the latest version of a launch template has instances run when they start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserData {
    /// The name of the reference that it belongs to.
    pub reference: String,
    /// Where the launch template is.
    pub region: Region,
    /// The launch template's id.
    pub template: String,
    /// The version.
    pub version: u64,
    /// The user data, decoded.
    pub text: String,
}

/// A version of a launch template that would attach the successors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NewVersion {
    /// Where the launch template is.
    pub region: Region,
    /// The launch template's id.
    pub template: String,
    /// The version that it is made from: the latest one when the plan was made.
    pub source_version: u64,
    /// What its user data attach in the place of the policy.
    pub attach: Vec<String>,
    /// The user data, decoded.
    pub user_data: String,
}

impl UserData {
    /// The version that attaches these to the role; `None` where nobody can tell how without guessing.
    pub(super) fn changed(
        &self,
        role: &str,
        forbidden: &Forbidden,
        attach: Vec<String>,
    ) -> Option<NewVersion> {
        Some(NewVersion {
            user_data: attaching(&self.text, role, forbidden, &attach)?,
            region: self.region.clone(),
            template: self.template.clone(),
            source_version: self.version,
            attach,
        })
    }
}

impl NewVersion {
    /// What makes two calls for the same version one: at most 64 characters (EC2 API reference,
    /// `CreateLaunchTemplateVersion`).
    pub fn token(&self) -> String {
        let mut hash = Sha256::new();
        let (region, version) = (self.region.as_str(), self.source_version.to_string());
        for part in [region, &self.template, &version, &self.user_data] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hex(hash.finalize().as_slice())
    }
}

/// User data with every line that attaches the policy to the role repeated for each successor.
///
/// `None` where the policy is named in any other way, since that would have to be guessed at.
pub fn attaching(
    text: &str,
    role: &str,
    forbidden: &Forbidden,
    successors: &[String],
) -> Option<String> {
    // What was no text would not come out as it went in.
    if successors.is_empty() || text.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let mut changed = String::new();
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        if names(line, forbidden) {
            if goes_on || !attaches(line, role, forbidden) {
                return None;
            }
            let lines = successors
                .iter()
                .map(|successor| line.replace(&forbidden.policy, successor));
            let between = if line.ends_with('\n') { "" } else { "\n" };
            changed.push_str(&lines.collect::<Vec<_>>().join(between));
        } else {
            changed.push_str(line);
        }
        goes_on = line.trim_end().ends_with('\\');
    }
    let is_whole = changed.len() <= MOST_BYTES && !names(&changed, forbidden);
    is_whole.then_some(changed)
}

/// Whether a line is the one command that attaches the policy to this role, and nothing else: by itself, or as an entry
/// of a list of commands.
fn attaches(line: &str, role: &str, forbidden: &Forbidden) -> bool {
    let mut words: Vec<&str> = line.split_whitespace().map(unquoted).collect();
    if words.first() == Some(&"-") {
        words.remove(0);
    }
    let value = |option: &str| {
        let place = words.iter().position(|word| *word == option)?;
        words.get(place + 1).copied()
    };
    words.starts_with(&["aws", "iam", "attach-role-policy"])
        && words.iter().all(|word| is_plain(word))
        && value("--role-name") == Some(role)
        && value("--policy-arn") == Some(forbidden.policy.as_str())
}

fn unquoted(word: &str) -> &str {
    let of = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    of('"').or_else(|| of('\'')).unwrap_or(word)
}

/// Nothing that a shell would take for more than a word.
fn is_plain(word: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@+".contains(it);
    word.chars().all(is_plain)
}
