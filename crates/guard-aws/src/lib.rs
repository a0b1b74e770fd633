#![doc = include_str!("../README.md")]

#[cfg(all(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns"
))]
pub mod account;
pub mod clock;
#[cfg(feature = "cloudformation")]
pub mod cloudformation;
#[cfg(feature = "cloudtrail")]
pub mod cloudtrail;
#[cfg(feature = "compliance")]
pub mod compliance;
pub mod config;
#[cfg(feature = "eventbridge")]
pub mod eventbridge;
#[cfg(any(
    feature = "ssm",
    feature = "cloudformation",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns",
    feature = "compliance",
    feature = "iam"
))]
mod failure;
#[cfg(feature = "iam")]
pub mod iam;
#[cfg(all(feature = "eventbridge", feature = "sns", feature = "iam"))]
pub mod policies;
#[cfg(all(feature = "eventbridge", feature = "iam"))]
pub mod remediation;
#[cfg(all(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "compliance",
    feature = "iam"
))]
pub mod rules;
#[cfg(any(
    feature = "iam",
    all(
        feature = "ssm",
        feature = "cloudtrail",
        feature = "eventbridge",
        feature = "sns"
    )
))]
mod sight;
#[cfg(feature = "sns")]
pub mod sns;
#[cfg(feature = "ssm")]
pub mod ssm;
#[cfg(test)]
#[cfg(any(
    feature = "ssm",
    feature = "cloudformation",
    feature = "cloudtrail",
    feature = "eventbridge",
    feature = "sns",
    feature = "compliance",
    feature = "iam"
))]
mod test_service;
#[cfg(any(
    feature = "ssm",
    feature = "cloudtrail",
    feature = "compliance",
    feature = "iam"
))]
mod time;
