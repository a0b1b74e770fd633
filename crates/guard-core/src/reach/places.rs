//! How far a text has come in a pattern.

/// The places in one pattern that a text may have reached: a bit for each, from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Places([u64; WORDS]);

/// Enough for 319 characters and wildcards: more than a tag's value has, or the ARN of a session, a node or a document.
const WORDS: usize = 5;

impl Places {
    pub(super) const COUNT: usize = WORDS * 64;

    pub(super) fn add(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub(super) fn has(&self, place: usize) -> bool {
        let word = self.0.get(place / 64);
        word.is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    /// The place, where it is the only one.
    pub(super) fn only(&self) -> Option<usize> {
        let mut places = self.iter();
        let only = places.next()?;
        places.next().is_none().then_some(only)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < u64::BITS).then_some(index * 64 + bit as usize)
            })
        })
    }
}
