//! What somebody used, as the access advisor tells it.

use guard_core::migration::Service;
use jiff::Timestamp;

use super::Page;
use crate::error::PortError;

/// Asks the access advisor, which answers some seconds after it was asked.
pub trait AskAdvisor {
    /// Asks about a role, user or group; answers the id by which its answer is called for.
    fn ask(&self, arn: &str) -> impl Future<Output = Result<String, PortError>> + Send;

    /// A page of the answer; it begins behind `after`.
    fn answer(
        &self,
        job: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Advice, PortError>> + Send;
}

/// What the access advisor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Nothing yet.
    InProgress,
    /// That it failed.
    Failed {
        /// Why, in its own words.
        why: String,
    },
    /// Which services are allowed, and when each was used.
    Completed {
        /// When it came to know.
        at: Timestamp,
        /// The services.
        services: Page<Service>,
    },
}
