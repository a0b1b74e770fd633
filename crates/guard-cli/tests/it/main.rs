//! Runs of the program itself.

// Marked as tests for Clippy, which would not let the functions that they share unwrap anything.
#[cfg(test)]
mod charter_check;
#[cfg(test)]
mod compose;
#[cfg(feature = "live")]
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod details;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod fingerprint;
#[cfg(all(feature = "live", unix))]
#[cfg(test)]
mod migrate;
#[cfg(test)]
mod pack;
#[cfg(test)]
mod program;
#[cfg(unix)]
#[cfg(test)]
mod shell;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod usage;
