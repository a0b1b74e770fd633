//! Sets of texts, told by patterns in which `*` stands for any run of characters and `?` for one: is there a text that
//! matches these and none of those, and which?
//!
//! Each pattern is run as an automaton whose states are the places in the pattern that a text may have reached; the
//! search walks all automata at once, breadth first, so that the text it answers is a shortest one.

use std::collections::{HashMap, VecDeque};

/// How many different states of all automata together are looked at. Patterns of real policies need a few hundred.
const MAX_STATES: usize = 20_000;

/// What a free place of a witness is filled with, the most readable first. At least one of them is in no pattern of a
/// real policy; where all are, characters of [`SPARE`] are.
const FILLERS: &str = "0x9zqj";
const SPARE: std::ops::Range<u32> = 0x3400..0x4000;

/// A pattern, as a list of what it takes at each place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern(Vec<Piece>);

/// What one place of a pattern takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// Exactly this character.
    One(char),
    /// Any single character.
    AnyOne,
    /// Any run of characters, the empty one too.
    AnyRun,
}

/// The answer of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is such a text, and this is a shortest one.
    Text(String),
    /// There is none.
    Nothing,
    /// The search was given up.
    TooMuch,
}

impl Pattern {
    /// The pattern of these pieces.
    pub(crate) fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut kept: Vec<Piece> = Vec::new();
        for piece in pieces {
            // Two runs after each other are one.
            if piece != Piece::AnyRun || kept.last() != Some(&Piece::AnyRun) {
                kept.push(piece);
            }
        }
        Self(kept)
    }

    /// Reads `*` and `?` as wildcards.
    pub(crate) fn parse(text: &str) -> Self {
        Self::new(text.chars().map(|character| match character {
            '*' => Piece::AnyRun,
            '?' => Piece::AnyOne,
            other => Piece::One(other),
        }))
    }

    /// Takes every character as itself.
    pub(crate) fn literal(text: &str) -> Self {
        Self::new(text.chars().map(Piece::One))
    }

    /// What it takes at each place.
    pub(crate) fn into_pieces(self) -> Vec<Piece> {
        self.0
    }

    /// Whether `text` is one of the set.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut places = self.start();
        for character in text.chars() {
            places = self.step(&places, character);
        }
        self.is_end(&places)
    }

    fn characters(&self) -> impl Iterator<Item = char> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::One(character) => Some(*character),
            Piece::AnyOne | Piece::AnyRun => None,
        })
    }

    fn start(&self) -> Places {
        self.with_runs_skipped([0])
    }

    /// Where a text can have come to after one more character.
    fn step(&self, places: &Places, character: char) -> Places {
        let next = places.iter().filter_map(|&place| match self.0.get(place)? {
            Piece::One(wanted) => (*wanted == character).then_some(place + 1),
            Piece::AnyOne => Some(place + 1),
            Piece::AnyRun => Some(place),
        });
        self.with_runs_skipped(next)
    }

    /// A run may be empty, so whoever stands before one stands behind it too.
    fn with_runs_skipped(&self, places: impl IntoIterator<Item = usize>) -> Places {
        let mut reached = Places::new();
        for mut place in places {
            loop {
                if !reached.contains(&place) {
                    reached.push(place);
                }
                if self.0.get(place) != Some(&Piece::AnyRun) {
                    break;
                }
                place += 1;
            }
        }
        reached.sort_unstable();
        reached
    }

    fn is_end(&self, places: &Places) -> bool {
        places.last() == Some(&self.0.len())
    }
}

/// The places in one pattern that a text may have reached, in ascending order.
type Places = Vec<usize>;

/// Looks for a shortest text that matches all of `inside` and none of `outside`.
pub(crate) fn find(inside: &[&Pattern], outside: &[&Pattern]) -> Found {
    let alphabet = alphabet(inside, outside);
    let start: State = inside
        .iter()
        .chain(outside)
        .map(|glob| glob.start())
        .collect();
    // How each state was reached first: from which one, by which character.
    let mut reached: HashMap<State, Option<(State, char)>> = HashMap::from([(start.clone(), None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(state) = queue.pop_front() {
        if is_found(inside, outside, &state) {
            return Found::Text(spelt(&reached, state));
        }
        for &character in &alphabet {
            let next: State = inside
                .iter()
                .chain(outside)
                .zip(&state)
                .map(|(glob, places)| glob.step(places, character))
                .collect();
            let is_dead = next.iter().take(inside.len()).any(Vec::is_empty);
            if is_dead || reached.contains_key(&next) {
                continue;
            }
            if reached.len() >= MAX_STATES {
                return Found::TooMuch;
            }
            reached.insert(next.clone(), Some((state.clone(), character)));
            queue.push_back(next);
        }
    }
    Found::Nothing
}

/// The places in all patterns.
type State = Vec<Places>;

fn is_found(inside: &[&Pattern], outside: &[&Pattern], state: &State) -> bool {
    let (of_inside, of_outside) = state.split_at(inside.len().min(state.len()));
    let is_inside = inside
        .iter()
        .zip(of_inside)
        .all(|(glob, places)| glob.is_end(places));
    let is_outside = outside
        .iter()
        .zip(of_outside)
        .any(|(glob, places)| glob.is_end(places));
    is_inside && !is_outside
}

fn spelt(reached: &HashMap<State, Option<(State, char)>>, end: State) -> String {
    let mut characters = Vec::new();
    let mut state = end;
    while let Some(Some((before, character))) = reached.get(&state) {
        characters.push(*character);
        state = before.clone();
    }
    characters.into_iter().rev().collect()
}

/// The characters that matter: those of the patterns, and some that stand for all others.
fn alphabet(inside: &[&Pattern], outside: &[&Pattern]) -> Vec<char> {
    let mut named: Vec<char> = inside
        .iter()
        .chain(outside)
        .flat_map(|glob| glob.characters())
        .collect();
    named.sort_unstable();
    named.dedup();
    // One character that no pattern names behaves like all of them. A filler that some pattern names is tried too, for
    // the sake of readable answers; it is in `named` anyway.
    let unnamed = FILLERS.chars().find(|filler| !named.contains(filler));
    let spare = || {
        SPARE
            .filter_map(char::from_u32)
            .find(|character| !named.contains(character))
    };
    let mut alphabet: Vec<char> = unnamed.or_else(spare).into_iter().collect();
    let (fillers, others): (Vec<char>, Vec<char>) = named
        .into_iter()
        .partition(|character| FILLERS.contains(*character));
    alphabet.extend(fillers);
    alphabet.extend(others);
    alphabet
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(inside: &[&str], outside: &[&str]) -> Found {
        let inside: Vec<_> = inside.iter().map(|text| Pattern::parse(text)).collect();
        let outside: Vec<_> = outside.iter().map(|text| Pattern::parse(text)).collect();
        find(
            &inside.iter().collect::<Vec<_>>(),
            &outside.iter().collect::<Vec<_>>(),
        )
    }

    fn text(text: &str) -> Found {
        Found::Text(text.to_owned())
    }

    #[test]
    fn a_shortest_text_in_all_patterns_is_found() {
        assert_eq!(found(&["a*"], &[]), text("a"));
        assert_eq!(found(&["a*", "*b"], &[]), text("ab"));
        assert_eq!(found(&["*a*", "?"], &[]), text("a"));
        assert_eq!(found(&["*"], &[]), text(""));
        assert_eq!(found(&[], &[]), text(""));
    }

    #[test]
    fn nothing_is_in_patterns_that_contradict_each_other() {
        assert_eq!(found(&["a*", "b*"], &[]), Found::Nothing);
        assert_eq!(found(&["?", "??"], &[]), Found::Nothing);
        assert_eq!(found(&["instance/*"], &["*"]), Found::Nothing);
        assert_eq!(found(&["instance/i-0*"], &["instance/*"]), Found::Nothing);
        assert_eq!(found(&["a?"], &["a*"]), Found::Nothing);
    }

    #[test]
    fn what_is_taken_out_is_avoided() {
        assert_eq!(found(&["i-*"], &["i-"]), text("i-0"));
        assert_eq!(found(&["i-*"], &["i-", "i-0*", "*x*"]), text("i-9"));
        assert_eq!(found(&["a*"], &["a", "a?"]), text("a00"));
        // A single unnamed character stands for all, but a readable one is preferred.
        assert_eq!(found(&["?"], &["0"]), text("x"));
    }

    #[test]
    fn an_escaped_wildcard_is_a_character_like_any_other() {
        let star = Pattern::literal("*");
        assert!(star.matches("*") && !star.matches("a"));
        assert_eq!(find(&[&star], &[&Pattern::parse("?")]), Found::Nothing);
    }

    #[test]
    fn arns_of_policies_are_found_fast() {
        let inside = [
            "arn:aws:ec2:*:123456789012:instance/i-?????????????????",
            "arn:aws:*:instance/*",
        ];
        let mut outside = vec!["arn:aws:ec2:eu-*:123456789012:instance/*".to_owned()];
        outside.extend(
            (0..50).map(|n| format!("arn:aws:ec2:us-east-1:123456789012:instance/i-0{n:016x}")),
        );
        let outside: Vec<&str> = outside.iter().map(String::as_str).collect();
        let Found::Text(text) = found(&inside, &outside) else {
            panic!("not found")
        };
        assert!(
            text.starts_with("arn:aws:ec2::123456789012:instance/i-"),
            "{text}"
        );
    }

    #[test]
    fn a_search_that_explodes_is_given_up() {
        // The classic: which of the last twenty characters was an `a` has to be remembered.
        let far = format!("*a{}", "?".repeat(20));
        let other = format!("*b{}", "?".repeat(21));
        assert_eq!(
            found(&[&far, &other, "*c*c*c*c*c*c*"], &["*d*"]),
            Found::TooMuch
        );
    }

    fn glob() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![3 => Just('a'), 2 => Just('b'), 2 => Just('*'), 1 => Just('?')],
            0..5,
        )
        .prop_map(|characters| characters.into_iter().collect())
    }

    /// All texts of `a`, `b` and a third character up to a length.
    fn texts(length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut longest = all.clone();
        for _ in 0..length {
            longest = longest
                .iter()
                .flat_map(|text| ["a", "b", "0"].map(|c| format!("{text}{c}")))
                .collect();
            all.extend(longest.clone());
        }
        all
    }

    /// Whether a pattern takes a text, by trying everything.
    fn takes(glob: &[u8], text: &[u8]) -> bool {
        match (glob.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), _) if takes(rest, text) => true,
            (Some((b'*', _)), Some((_, left))) => takes(glob, left),
            (Some((b'?', rest)), Some((_, left))) => takes(rest, left),
            (Some((wanted, rest)), Some((found, left))) => wanted == found && takes(rest, left),
            (Some(_) | None, _) => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_search_agrees_with_trying_every_text(
            inside in proptest::collection::vec(glob(), 0..3),
            outside in proptest::collection::vec(glob(), 0..3),
        ) {
            let fits = |text: &String| {
                inside.iter().all(|glob| takes(glob.as_bytes(), text.as_bytes()))
                    && !outside.iter().any(|glob| takes(glob.as_bytes(), text.as_bytes()))
            };
            let shortest = texts(6).into_iter().find(fits);
            let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
            let outside: Vec<&str> = outside.iter().map(String::as_str).collect();
            match found(&inside, &outside) {
                Found::Text(text) => {
                    prop_assert!(fits(&text), "{}", text);
                    prop_assert_eq!(shortest.map(|it| it.len()).unwrap_or(7).min(7), text.len().min(7));
                }
                Found::Nothing => prop_assert_eq!(shortest, None),
                Found::TooMuch => prop_assert!(false, "given up"),
            }
        }

        #[test]
        fn a_pattern_matches_what_trying_everything_matches(glob in glob(), text in "[ab]{0,6}") {
            prop_assert_eq!(Pattern::parse(&glob).matches(&text), takes(glob.as_bytes(), text.as_bytes()));
        }
    }
}
