//! A value behind a mutex that a panicking test does not poison.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A mutex whose lock never fails: the values behind it are valid after every statement.
#[derive(Debug, Default)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
