//! How far reading and judging are, on a terminal.

use std::io::Read;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the standard error; nothing where that is no terminal. It is gone when the work is done.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Of reading so many bytes, if that is known.
    pub(crate) fn of_reading(length: Option<u64>) -> Self {
        let (bar, template) = match length {
            Some(length) => (
                ProgressBar::new(length),
                "reading {wide_bar} {bytes:>10} of {total_bytes}",
            ),
            None => (ProgressBar::no_length(), "reading {spinner} {bytes}"),
        };
        Self::styled(bar, template)
    }

    /// Of judging so many.
    pub(crate) fn of_judging(number: usize) -> Self {
        let bar = ProgressBar::new(number as u64);
        Self::styled(bar, "judging {wide_bar} {pos:>10} of {len}")
    }

    /// Of reading an account, of which nobody knows how many are in it.
    #[cfg(feature = "live")]
    pub(crate) fn of_account() -> Self {
        let template = "reading the account {spinner} {pos} roles, users and groups";
        Self::styled(ProgressBar::no_length(), template)
    }

    /// Of asking what so many used: about each twice, since the answers take their time.
    #[cfg(feature = "live")]
    pub(crate) fn of_advice(number: usize) -> Self {
        let bar = ProgressBar::new(2 * number as u64);
        Self::styled(bar, "asking what was used {wide_bar} {percent:>3} %")
    }

    /// Of looking at one thing after the other.
    #[cfg(feature = "live")]
    pub(crate) fn of_looking() -> Self {
        Self::styled(ProgressBar::no_length(), "looking at {msg} {spinner}")
    }

    /// Of changing so many.
    #[cfg(feature = "live")]
    pub(crate) fn of_migrating(number: usize) -> Self {
        let bar = ProgressBar::new(number as u64);
        let progress = Self::styled(bar, "{wide_bar} {pos} of {len} {msg}");
        progress.0.tick();
        progress
    }

    /// Whom it is about now.
    #[cfg(feature = "live")]
    pub(crate) fn about(&self, whom: &str) {
        self.0.set_message(whom.to_owned());
    }

    /// Something else is shown meanwhile.
    #[cfg(feature = "live")]
    pub(crate) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        self.0.suspend(act)
    }

    fn styled(bar: ProgressBar, template: &str) -> Self {
        // A template with a mistake in it leaves the bar as it is by default.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// The same bytes, counted.
    pub(crate) fn watch(&self, reader: impl Read) -> impl Read {
        self.0.wrap_read(reader)
    }

    /// So many more are done.
    #[cfg(feature = "live")]
    pub(crate) fn steps(&self, number: usize) {
        self.0.inc(number as u64);
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
