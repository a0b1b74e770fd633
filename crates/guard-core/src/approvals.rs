//! The approved content: what an editor's confirmed change put in the baseline's place, and up to where
//! versions have been settled.
//!
//! It is kept in one parameter. That is a convenience and never a root of trust: anybody with `ssm:PutParameter`
//! can write there, so only versions count whose service-set `LastModifiedUser` is the guard's own role.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::{Described, StoredParameter};
use crate::mandate::Mandate;
use crate::names::{EventId, Version};
use crate::preferences::Preferences;
use crate::principal::Principal;

/// What the parameter holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvals {
    /// The hash of the baseline that these approvals departed from; under another baseline they are void.
    pub baseline: String,
    /// The editor's change that holds now, if any.
    pub approved: Option<Approved>,
    /// The newest version up to which every version has been settled.
    pub settled: Option<Settled>,
}

/// An editor's confirmed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The content, as JSON text.
    pub content: String,
    /// The editor.
    pub editor: Principal,
    /// The version that the editor wrote.
    pub version: Version,
    /// The service's hash of that version.
    pub hash: String,
    /// The record in CloudTrail that confirms it.
    pub event_id: EventId,
    /// That record's time.
    pub event_time: Timestamp,
    /// When the version was made, as the service lists it.
    pub created: Timestamp,
}

/// A version up to which nothing is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Its number.
    pub version: Version,
    /// When it was made; versions of a document created anew are later, whatever their numbers.
    pub created: Timestamp,
    /// Its hash, where it was known.
    pub hash: Option<String>,
    /// The hash by meaning of the approved content, if the version was the latest and found to hold it: as long as
    /// both stay what they are, its content need not be read again.
    #[serde(default)]
    pub holds: Option<String>,
}

impl Settled {
    /// Whether both name one version.
    pub(crate) fn names_the_same_as(&self, other: &Self) -> bool {
        let Self {
            version,
            created,
            hash,
            holds: _,
        } = self;
        (version, created, hash) == (&other.version, &other.created, &other.hash)
    }

    /// Whether the latest version still is this one.
    pub(crate) fn is_latest(&self, live: &Described) -> bool {
        self.version == live.latest
            && self.hash.as_deref() == Some(live.hash.as_str())
            // In a document created anew our own content may stand under the same number again.
            && live.created.is_none_or(|created| created == self.created)
    }
}

/// What a parameter in Parameter Store may hold in the advanced tier (quotas page of Systems Manager: 8 KB).
const MAX_PARAMETER_BYTES: usize = 8 * 1024;

/// What a settled version may add: two hashes of 64 digits, a time, a number and their names, hardly compressible.
const SETTLED_BYTES: usize = 400;

/// Far above what fits compressed into a parameter; keeps a hostile value from unpacking without end.
const MAX_UNPACKED_BYTES: u64 = 1024 * 1024;

/// The content, compressed and encoded, is larger than a parameter may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the approved content needs {bytes} bytes of the 8192 that a parameter may have")]
pub struct TooLarge {
    /// The size it would have.
    pub bytes: usize,
}

impl Approvals {
    /// The parameter's value.
    pub fn encode(&self) -> Result<String, TooLarge> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let packed = encoder
            .write_all(&json)
            .and_then(|()| encoder.finish())
            .unwrap_or_default();
        let text = BASE64.encode(packed);
        if text.len() > MAX_PARAMETER_BYTES {
            return Err(TooLarge { bytes: text.len() });
        }
        Ok(text)
    }

    /// Whether the approved content fits the parameter, whatever will be settled beside it by then.
    pub fn fits(&self) -> Result<(), TooLarge> {
        let alone = Self {
            settled: None,
            ..self.clone()
        };
        let bytes = alone.encode()?.len() + SETTLED_BYTES;
        if bytes > MAX_PARAMETER_BYTES {
            return Err(TooLarge { bytes });
        }
        Ok(())
    }

    /// Reads a parameter's value.
    pub fn decode(text: &str) -> Option<Self> {
        let packed = BASE64.decode(text).ok()?;
        let mut json = Vec::new();
        DeflateDecoder::new(packed.as_slice())
            .take(MAX_UNPACKED_BYTES)
            .read_to_end(&mut json)
            .ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Where the approved content comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The packed baseline.
    Baseline,
    /// An editor's confirmed change.
    Editor(Box<Approved>),
}

/// What the document should say now, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The approved content.
    pub content: Preferences,
    /// Where it comes from.
    pub source: Source,
    /// Up to where versions are settled.
    pub settled: Option<Settled>,
    /// The number of the parameter's newest version; 0 when there is none.
    pub parameter_version: u64,
    /// Why the parameter, or a part of it, does not count.
    pub ignored: Vec<Ignored>,
}

/// Why something in the parameter does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "ignored")]
pub enum Ignored {
    /// Somebody else wrote the parameter's newest version.
    Foreign {
        /// `LastModifiedUser`.
        by: String,
    },
    /// The newest version of our own cannot be read.
    Unreadable,
    /// It departed from another baseline than the packed one: a deployment has voided it.
    OtherBaseline,
    /// Its editor is none any more.
    EditorNoLonger,
    /// Its content does not keep the floor, which a deployment must have raised.
    BelowFloor,
}

impl Standing {
    /// The time after which a change must have been made to be approved: the approved one's or the packing's.
    pub fn since(&self, mandate: &Mandate) -> (Timestamp, Version) {
        match &self.source {
            Source::Baseline => just_after(mandate.packed_at()),
            Source::Editor(approved) => (approved.event_time, approved.version),
        }
    }

    /// The time after which a version must have been made for its author to be looked for.
    pub fn horizon(&self, mandate: &Mandate) -> (Timestamp, Version) {
        match (&self.settled, &self.source) {
            (Some(settled), _) => (settled.created, settled.version),
            (None, Source::Editor(approved)) => (approved.created, approved.version),
            (None, Source::Baseline) => just_after(mandate.packed_at()),
        }
    }

    /// Whether the newest version of the parameter was written by somebody else, or is no record of ours.
    pub fn is_tampered_with(&self) -> bool {
        self.ignored.iter().any(|ignored| match ignored {
            Ignored::Foreign { .. } | Ignored::Unreadable => true,
            Ignored::OtherBaseline | Ignored::EditorNoLonger | Ignored::BelowFloor => false,
        })
    }
}

/// Later than every version of the same instant.
fn just_after(time: Timestamp) -> (Timestamp, Version) {
    (time, Version(u64::MAX))
}

/// What counts of the parameter's history: the newest version that the guard's own role wrote, if it holds.
pub fn standing(history: &[StoredParameter], mandate: &Mandate) -> Standing {
    let mut standing = Standing {
        content: mandate.baseline().clone(),
        source: Source::Baseline,
        settled: None,
        parameter_version: history
            .iter()
            .map(|stored| stored.version)
            .max()
            .unwrap_or(0),
        ignored: Vec::new(),
    };
    let mut newest_first: Vec<_> = history.iter().collect();
    newest_first.sort_by_key(|stored| std::cmp::Reverse(stored.version));
    if let Some(newest) = newest_first
        .first()
        .filter(|newest| !is_ours(newest, mandate))
    {
        standing.ignored.push(Ignored::Foreign {
            by: newest.modified_by.chars().take(600).collect(),
        });
    }
    let Some(own) = newest_first
        .into_iter()
        .find(|stored| is_ours(stored, mandate))
    else {
        return standing;
    };
    let Some(approvals) = Approvals::decode(&own.value) else {
        standing.ignored.push(Ignored::Unreadable);
        return standing;
    };
    if approvals.baseline != mandate.baseline_hash() {
        standing.ignored.push(Ignored::OtherBaseline);
        return standing;
    }
    standing.settled = approvals.settled;
    if let Some(approved) = approvals.approved {
        match still_holds(&approved, mandate) {
            Ok(content) => {
                standing.content = content;
                standing.source = Source::Editor(Box::new(approved));
            }
            Err(ignored) => standing.ignored.push(ignored),
        }
    }
    standing
}

fn still_holds(approved: &Approved, mandate: &Mandate) -> Result<Preferences, Ignored> {
    let content = Preferences::parse(&approved.content).map_err(|_| Ignored::Unreadable)?;
    if !mandate
        .charter()
        .editor(&approved.editor, approved.event_time)
        .is_editor()
    {
        return Err(Ignored::EditorNoLonger);
    }
    if mandate.charter().floor().violations(&content).is_empty() {
        Ok(content)
    } else {
        Err(Ignored::BelowFloor)
    }
}

/// Whether the guard's own role wrote a version of a parameter.
///
/// `LastModifiedUser` is the ARN of the session; a role's name is unique in its account whatever its path.
pub(crate) fn is_ours(stored: &StoredParameter, mandate: &Mandate) -> bool {
    let role = &mandate.own().role;
    let session = format!(
        "arn:{}:sts::{}:assumed-role/{}/",
        mandate.scope().partition,
        role.account(),
        role.role_name()
    );
    stored.modified_by.starts_with(&session) || stored.modified_by == role.as_str()
}
