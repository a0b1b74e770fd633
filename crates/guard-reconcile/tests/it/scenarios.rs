//! One named story for every rule and trap, each on an account whose document holds the settled baseline.

mod attacks;
mod deletions;
mod editors;
mod forgeries;
mod limits;
mod races;
mod record;
mod story;
mod strangers;
