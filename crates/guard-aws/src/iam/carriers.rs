//! Those who carry policies, as an operator's program reads and changes them.

use super::{Attachments, Principals};
use crate::clock::SystemClock;
use crate::config::Aws;
use crate::sight::changes_attachments;

/// Every port that takes a forbidden policy off somebody, on AWS.
#[derive(Debug)]
pub struct Carriers {
    principals: Principals,
    attachments: Attachments,
    clock: SystemClock,
}

impl Carriers {
    /// IAM of the account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            principals: Principals::new(aws),
            attachments: Attachments::new(aws),
            clock: SystemClock,
        }
    }
}

changes_attachments!(Carriers);
