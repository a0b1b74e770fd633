//! What IAM lets people write as a single value or as a list.

use std::slice;

use serde_json::Value;

/// Values, and whether they were written as one value or as a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OneOrMany<T> {
    /// A value by itself.
    One(T),
    /// A list, which may be empty.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values, however they were written.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    /// Each value in its order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// The same, with each value replaced.
    pub(super) fn map_ref<U>(&self, replace: impl FnMut(&T) -> U) -> OneOrMany<U> {
        match self {
            Self::One(value) => OneOrMany::One({ replace }(value)),
            Self::Many(values) => OneOrMany::Many(values.iter().map(replace).collect()),
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<OneOrMany<Value>> for Value {
    fn from(values: OneOrMany<Value>) -> Self {
        match values {
            OneOrMany::One(value) => value,
            OneOrMany::Many(values) => Self::Array(values),
        }
    }
}
