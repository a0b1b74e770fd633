//! Fields that differ, one below the other.

use std::io::{self, Write};

use guard_core::explain::plain;
use guard_core::preferences::Drift;

use crate::paint::{BAD, FAINT, GOOD, Painted};

/// A hostile document can have thousands.
const MOST: usize = 50;

/// Writes what is live, and what should be under the name `wanted`.
pub(crate) fn write(drift: &[Drift], wanted: &str, out: &mut dyn Write) -> io::Result<()> {
    let width = wanted.len().max("live".len());
    for one in drift.iter().take(MOST) {
        writeln!(out, "  {}", plain(one.field.as_str(), 120))?;
        for (name, style, value) in [("live", BAD, &one.found), (wanted, GOOD, &one.expected)] {
            let value = value
                .as_ref()
                .map_or_else(|| "(not set)".to_owned(), |value| plain(value, 200));
            let name = format!("{name:<width$}");
            writeln!(
                out,
                "    {}  {}",
                Painted(FAINT, &name),
                Painted(style, &value)
            )?;
        }
    }
    match drift.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}
