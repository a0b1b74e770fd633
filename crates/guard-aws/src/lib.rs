#![doc = include_str!("../README.md")]

#[cfg(all(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns"
))]
pub mod account;
pub mod clock;
#[cfg(feature = "cloudtrail")]
pub mod cloudtrail;
pub mod config;
#[cfg(feature = "eventbridge")]
pub mod eventbridge;
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns"
))]
mod failure;
#[cfg(feature = "sns")]
pub mod sns;
#[cfg(feature = "ssm")]
pub mod ssm;
#[cfg(test)]
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns"
))]
mod test_service;
#[cfg(any(feature = "ssm", feature = "cloudtrail"))]
mod time;
