//! Charters and mandates for tests.

use std::fmt::Write;

use guard_core::mandate::{Mandate, OwnIdentity, Package};
use jiff::{SignedDuration, Timestamp};

use crate::content;
use crate::person::{
    EDITOR_PERMISSION_SET, EDITOR_ROLE, GUARD_FUNCTION, REGION, TOOL_ROLE, guard_role, scope,
};

/// The floor of the tests; [`content`] names what is above and below it.
const FLOOR: &str = r#"
[floor]
cloudWatchLogGroupName = { is = "/session-manager/${account}" }
cloudWatchEncryptionEnabled = { is = true }
"#;

const TAGS: &str = "\n[tags]\nowner = \"security\"\n";

/// A mandate in the making: the floor and tags of the tests, the editors of [`crate::Person`], the mode `revert`.
#[derive(Debug, Clone)]
pub struct MandateBuilder {
    mode: &'static str,
    baseline: String,
    packed_at: Timestamp,
    editors: Vec<String>,
    idle_at_most: u32,
    more: String,
}

/// The usual mandate: packed an hour before the account's clock starts.
pub fn mandate() -> Mandate {
    MandateBuilder::new().build()
}

impl Default for MandateBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl MandateBuilder {
    /// The usual mandate.
    pub fn new() -> Self {
        let start = crate::FakeAccount::new().time();
        Self {
            mode: "revert",
            baseline: content::baseline(),
            packed_at: start - SignedDuration::from_hours(1),
            editors: vec![
                format!("role = \"{EDITOR_ROLE}\""),
                format!("permission-set = \"{EDITOR_PERMISSION_SET}\""),
                format!("role = \"{TOOL_ROLE}\"\nvia = [\"cloudformation.amazonaws.com\"]"),
            ],
            idle_at_most: 30,
            more: String::new(),
        }
    }

    /// Changes nothing, says what it would do.
    #[must_use]
    pub fn reporting(mut self) -> Self {
        self.mode = "report";
        self
    }

    /// With another baseline.
    #[must_use]
    pub fn with_baseline(mut self, content: &str) -> Self {
        content.clone_into(&mut self.baseline);
        self
    }

    /// Packed at another time.
    #[must_use]
    pub fn packed_at(mut self, time: Timestamp) -> Self {
        self.packed_at = time;
        self
    }

    /// Without any editor.
    #[must_use]
    pub fn without_editors(mut self) -> Self {
        self.editors.clear();
        self
    }

    /// With another floor for the idle timeout than 30 minutes.
    #[must_use]
    pub fn with_idle_timeout_at_most(mut self, minutes: u32) -> Self {
        self.idle_at_most = minutes;
        self
    }

    /// With more text at the charter's end, such as a suspension.
    #[must_use]
    pub fn with(mut self, toml: &str) -> Self {
        let _ = writeln!(self.more, "{toml}");
        self
    }

    /// The charter's text.
    pub fn charter(&self) -> String {
        let Self {
            mode, idle_at_most, ..
        } = self;
        let mut text = format!(
            "mode = \"{mode}\"\nregions = [\"{REGION}\"]\n{FLOOR}\
             idleSessionTimeout = {{ at-most = {idle_at_most} }}\n{TAGS}"
        );
        for editor in &self.editors {
            let _ = writeln!(text, "\n[[editor]]\n{editor}\nreason = \"tests\"");
        }
        text.push_str(&self.more);
        text
    }

    /// The baseline's text.
    pub fn baseline(&self) -> &str {
        &self.baseline
    }

    /// The mandate.
    ///
    /// # Panics
    /// When charter or baseline have errors.
    #[expect(
        clippy::panic,
        reason = "a test with a broken charter must fail at once"
    )]
    pub fn build(&self) -> Mandate {
        let (charter, own) = (self.charter(), own_identity());
        let package = Package {
            charter: &charter,
            baseline: &self.baseline,
            packed_at: self.packed_at,
        };
        match Mandate::new(package, scope(), own) {
            Ok(mandate) => mandate,
            Err(error) => panic!(
                "{error}: {:?}\n{charter}",
                std::error::Error::source(&error)
            ),
        }
    }
}

/// By what the guard of the tests knows its own calls.
pub fn own_identity() -> OwnIdentity {
    OwnIdentity {
        role: guard_role(),
        function: Some(GUARD_FUNCTION.to_owned()),
    }
}
