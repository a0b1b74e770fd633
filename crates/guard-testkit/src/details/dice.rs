//! Chance that is the same each time.

/// A source of numbers that follow from a seed: `SplitMix64`, the well-known mixer of Steele, Lea and Flood.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

/// The mixer's step, 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// Dice that fall the same for the same numbers.
    pub(super) fn new(seeds: [u64; 3]) -> Self {
        let mix = |Self(state), seed| Self(Self(state ^ seed).next());
        seeds.into_iter().fold(Self(0), mix)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // Slightly uneven, which does not matter here.
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or_default()
    }

    /// Whether something happens that does so in this many of a hundred cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several; the empty text if there are none.
    pub(super) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices
            .get(self.below(choices.len()))
            .copied()
            .unwrap_or_default()
    }

    /// Different numbers below a bound, at most so many.
    pub(super) fn several(&mut self, at_most: usize, bound: usize) -> Vec<usize> {
        let mut numbers: Vec<_> = (0..self.below(at_most + 1))
            .map(|_| self.below(bound))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// This many characters of those that ids have.
    pub(super) fn id(&mut self, length: usize) -> String {
        const ALPHABET: &[&str] = &[
            "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q",
            "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "2", "3", "4", "5", "6", "7",
        ];
        (0..length).map(|_| self.pick(ALPHABET)).collect()
    }

    /// This many hexadecimal digits.
    pub(super) fn hex(&mut self, length: usize) -> String {
        let numbers = (0..length.div_ceil(16)).map(|_| self.next());
        let digits = numbers
            .map(|number| format!("{number:016x}"))
            .collect::<Vec<_>>()
            .concat();
        digits.chars().take(length).collect()
    }

    /// A moment of the last years.
    pub(super) fn date(&mut self) -> String {
        let (year, month, day) = (2019 + self.below(7), 1 + self.below(12), 1 + self.below(28));
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
    }
}
