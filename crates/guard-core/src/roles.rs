//! Managed policies that nobody shall carry: how their arrival is read and judged, and how they leave.
//!
//! An event only says where to look; what is decided, is decided about what IAM says of the role, user or group now.

mod asks;
mod change;
mod copies;
mod door;
mod hindrance;
mod judge;
mod keep;
mod mandate;
mod next;
mod plan;
mod reason;
mod report;
mod successor;

pub use asks::{asks, unasked};
pub use change::{BearerName, Change, Operation, PolicyName, Reading, read_record};
pub use copies::{Copied, copied, opened};
pub use door::{Arrival, NotOurs, open};
pub use judge::{Conclusion, Observed, Ruling, judge, judge_text};
pub use keep::{Lost, lost};
pub use mandate::{Mandate, MandateError};
pub use next::{Next, next};
pub use plan::{Plan, Step};
pub use reason::Reason;
pub use report::report;

pub(crate) use judge::{How, judge_as};
pub(crate) use successor::leaves;
