//! Bytes as decisions: a generator that asks for one after the other. Fewer and smaller bytes make simpler cases, so
//! that what fails can be shrunk.

pub(super) struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    /// A number below `count`; the first ones when nothing is left to decide by.
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % count
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Whether something happens that happens so often in ten times.
    pub(super) fn happens(&mut self, in_ten: usize) -> bool {
        self.below(10) >= 10 - in_ten
    }

    /// Between `least` and `most` things, each made by `make`.
    pub(super) fn several<T>(
        &mut self,
        least: usize,
        most: usize,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| make(self)).collect()
    }
}
