//! Sets of texts, told by patterns in which `*` stands for any run of characters and `?` for one: is there a text that
//! matches these and none of those, and which?
//!
//! Each pattern is run as an automaton whose states are the places in the pattern that a text may have reached; the
//! search walks all automata at once, breadth first, so that the text it answers is a shortest one; where wildcards end at
//! the end of a name, nearly so.

use std::collections::{HashSet, VecDeque};

use super::places::Places;

/// How many different states of all automata together one question may look at. Policies as people write them need a few
/// hundred; more is a policy made to be slow, of which nothing is concluded.
const MAX_STATES: usize = 50_000;

/// What a free place of a witness is filled with, the most readable first.
const FILLERS: [char; 4] = ['0', 'x', '9', 'z'];
/// Where more fillers come from, should all of these matter at a place: more characters than a pattern has.
const SPARE: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{ffff}';

/// What parts the names in an ARN.
const SEPARATORS: [char; 2] = [':', '/'];

/// A set of texts, as a list of what a text has at each place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern(Vec<Piece>);

/// What a text may have at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// Exactly this character.
    One(char),
    /// This letter, small or capital.
    AnyCase([char; 2]),
    /// Any single character.
    AnyOne,
    /// Any run of characters, the empty one too.
    AnyRun,
    /// Any single character of a name in an ARN: no colon, no slash.
    OneOfName,
    /// Any run of such characters, the empty one too.
    RunOfName,
}

/// The answer of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is such a text, and this is a short one.
    Text(String),
    /// There is none.
    Nothing,
    /// The search was given up.
    TooMuch,
}

/// How much searching is left.
#[derive(Debug)]
pub(crate) struct Effort {
    states: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { states: MAX_STATES }
    }
}

impl Piece {
    fn is_run(self) -> bool {
        match self {
            Self::AnyRun | Self::RunOfName => true,
            Self::One(_) | Self::AnyCase(_) | Self::AnyOne | Self::OneOfName => false,
        }
    }

    /// The characters that make a difference at this place.
    fn decisive(&self) -> &[char] {
        match self {
            Self::One(character) => std::slice::from_ref(character),
            Self::AnyCase(spellings) => spellings,
            Self::OneOfName | Self::RunOfName => &SEPARATORS,
            Self::AnyOne | Self::AnyRun => &[],
        }
    }

    /// How far a character leads on from this place.
    fn step(self, character: char) -> Option<usize> {
        match self {
            Self::One(wanted) => (wanted == character).then_some(1),
            Self::AnyCase(spellings) => spellings.contains(&character).then_some(1),
            Self::AnyOne => Some(1),
            Self::AnyRun => Some(0),
            Self::OneOfName => (!SEPARATORS.contains(&character)).then_some(1),
            Self::RunOfName => (!SEPARATORS.contains(&character)).then_some(0),
        }
    }
}

impl Pattern {
    /// The texts that have these pieces one after the other.
    pub(crate) fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut kept: Vec<Piece> = Vec::new();
        for piece in pieces {
            // Two runs after each other are one.
            if !piece.is_run() || kept.last() != Some(&piece) {
                kept.push(piece);
            }
        }
        Self(kept)
    }

    /// Reads `*` and `?` as wildcards for any characters, as IAM does in a policy.
    pub(crate) fn parse(text: &str) -> Self {
        Self::new(text.chars().map(wildcard))
    }

    /// Takes the wildcards for parts of names, as in the ARNs that there are.
    pub(crate) fn of_names(self) -> Self {
        let pieces = self.0.into_iter().map(|piece| match piece {
            Piece::AnyOne => Piece::OneOfName,
            Piece::AnyRun => Piece::RunOfName,
            Piece::One(_) | Piece::AnyCase(_) | Piece::OneOfName | Piece::RunOfName => piece,
        });
        Self(pieces.collect())
    }

    /// Takes the wildcards as conditions on ARNs do, where those of the first five parts end with their part; `None` for
    /// fewer than six parts, which no ARN has, but a bare `*` (IAM user guide, "IAM JSON policy elements: Condition
    /// operators").
    pub(crate) fn of_arns(self) -> Option<Self> {
        const COLONS: usize = 5;
        if self.0 == [Piece::AnyRun] {
            return Some(self);
        }
        let mut n_colons = 0;
        let mut pieces = Vec::with_capacity(self.0.len());
        for piece in self.0 {
            n_colons += usize::from(piece == Piece::One(':'));
            pieces.push(match piece {
                Piece::AnyOne if n_colons < COLONS => Piece::OneOfName,
                Piece::AnyRun if n_colons < COLONS => Piece::RunOfName,
                other => other,
            });
        }
        (n_colons >= COLONS).then_some(Self(pieces))
    }

    /// Takes each letter in both cases.
    pub(crate) fn of_any_case(self) -> Self {
        let pieces = self.0.into_iter().map(|piece| match piece {
            Piece::One(letter) => spellings(letter).map_or(piece, Piece::AnyCase),
            Piece::AnyCase(_)
            | Piece::AnyOne
            | Piece::AnyRun
            | Piece::OneOfName
            | Piece::RunOfName => piece,
        });
        Self(pieces.collect())
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
        let end = text.chars().try_fold(self.start(), |places, character| {
            let next = self.step(places, character);
            (!next.is_empty()).then_some(next)
        });
        end.is_some_and(|places| self.is_end(places))
    }

    fn shortest(&self) -> String {
        let characters = self.0.iter().filter_map(|piece| match piece {
            Piece::One(character) | Piece::AnyCase([character, _]) => Some(*character),
            Piece::AnyOne | Piece::OneOfName => FILLERS.first().copied(),
            Piece::AnyRun | Piece::RunOfName => None,
        });
        characters.collect()
    }

    fn start(&self) -> Places {
        let mut places = Places::default();
        self.reach(&mut places, 0);
        places
    }

    /// Where a text can have come to after one more character.
    fn step(&self, places: Places, character: char) -> Places {
        let mut next = Places::default();
        for place in places.iter() {
            let far = self.0.get(place).and_then(|piece| piece.step(character));
            if let Some(far) = far {
                self.reach(&mut next, place + far);
            }
        }
        next
    }

    /// Adds a place. A run may be empty, so whoever stands before one stands behind it too.
    fn reach(&self, places: &mut Places, mut place: usize) {
        places.add(place);
        while self.0.get(place).is_some_and(|piece| piece.is_run()) {
            place += 1;
            places.add(place);
        }
    }

    fn is_end(&self, places: Places) -> bool {
        places.has(self.0.len())
    }

    /// Whether two patterns begin so differently that no text is of both.
    fn is_apart_from(&self, other: &Self) -> bool {
        let literal = |pieces: &(&Piece, &Piece)| match pieces {
            (Piece::One(one), Piece::One(other)) => Some(one != other),
            _ => None,
        };
        self.0
            .iter()
            .zip(&other.0)
            .map_while(|pieces| literal(&pieces))
            .any(|is_other| is_other)
    }

    /// Whether whatever follows is taken: the pattern ends in a run that has been reached.
    fn takes_all(&self, places: Places) -> bool {
        self.0.last() == Some(&Piece::AnyRun) && self.is_end(places)
    }

    /// The characters that lead from these places elsewhere than all others do.
    fn decisive(&self, places: Places) -> impl Iterator<Item = char> {
        places
            .iter()
            .filter_map(|place| self.0.get(place))
            .flat_map(|piece| piece.decisive().iter().copied())
    }
}

/// The small letter and the capital one, of a letter that has both.
fn spellings(letter: char) -> Option<[char; 2]> {
    let (mut small, mut capital) = (letter.to_lowercase(), letter.to_uppercase());
    let (Some(small), None) = (small.next(), small.next()) else {
        return None;
    };
    let (Some(capital), None) = (capital.next(), capital.next()) else {
        return None;
    };
    (small != capital).then_some([small, capital])
}

fn wildcard(character: char) -> Piece {
    match character {
        '*' => Piece::AnyRun,
        '?' => Piece::AnyOne,
        other => Piece::One(other),
    }
}

/// Looks for a short text that matches all of `inside` and none of `outside`.
pub(crate) fn find(inside: &[&Pattern], outside: &[&Pattern], effort: &mut Effort) -> Found {
    for (index, pattern) in inside.iter().enumerate() {
        if inside
            .iter()
            .skip(index + 1)
            .any(|other| pattern.is_apart_from(other))
        {
            return Found::Nothing;
        }
    }
    let outside: Vec<&Pattern> = outside
        .iter()
        .filter(|pattern| !inside.iter().any(|other| pattern.is_apart_from(other)))
        .copied()
        .collect();
    // No text of all is shorter than the shortest of any; mostly that is one already, and nothing need be searched.
    let is_one = |text: &String| {
        inside.iter().all(|pattern| pattern.matches(text))
            && !outside.iter().any(|pattern| pattern.matches(text))
    };
    let shortest = inside.iter().map(|pattern| pattern.shortest());
    if let Some(text) = shortest.into_iter().find(is_one) {
        return Found::Text(text);
    }
    if inside
        .iter()
        .chain(&outside)
        .any(|pattern| pattern.0.len() >= Places::COUNT)
    {
        return Found::TooMuch;
    }
    search(inside, &outside, effort)
}

fn search(inside: &[&Pattern], outside: &[&Pattern], effort: &mut Effort) -> Found {
    let all: Vec<&Pattern> = inside.iter().chain(outside).copied().collect();
    let start: Vec<Places> = all.iter().map(|pattern| pattern.start()).collect();
    let mut seen: HashSet<Box<[Places]>> = HashSet::from([start.clone().into()]);
    // Each step that led to a new state, and the step before it.
    let mut steps: Vec<(Option<usize>, char)> = Vec::new();
    let mut queue = VecDeque::from([(start, None)]);
    let mut next = Vec::new();
    while let Some((mut state, mut last)) = queue.pop_front() {
        // Where only one character leads on, nothing is to be chosen, and nothing found: most of an ARN is such a run.
        while let Some(character) = only_way(inside, &state) {
            for (places, pattern) in state.iter_mut().zip(&all) {
                *places = pattern.step(*places, character);
            }
            steps.push((last, character));
            last = Some(steps.len() - 1);
        }
        if is_dead(inside.len(), &all, &state) {
            continue;
        }
        if is_found(inside.len(), &all, &state) {
            return Found::Text(spelt(&steps, last));
        }
        for character in alphabet(&all, &state) {
            next.clear();
            let places = all.iter().zip(&state);
            next.extend(places.map(|(pattern, places)| pattern.step(*places, character)));
            if is_dead(inside.len(), &all, &next) || seen.contains(next.as_slice()) {
                continue;
            }
            let Some(left) = effort.states.checked_sub(1) else {
                return Found::TooMuch;
            };
            effort.states = left;
            seen.insert(next.as_slice().into());
            queue.push_back((next.clone(), Some(steps.len())));
            steps.push((last, character));
        }
    }
    Found::Nothing
}

/// The character without which a pattern cannot go on, where one has a single place and that takes a single character.
fn only_way(inside: &[&Pattern], state: &[Places]) -> Option<char> {
    inside.iter().zip(state).find_map(|(pattern, places)| {
        let piece = places.only().and_then(|place| pattern.0.get(place))?;
        match piece {
            Piece::One(character) => Some(*character),
            Piece::AnyCase(_)
            | Piece::AnyOne
            | Piece::AnyRun
            | Piece::OneOfName
            | Piece::RunOfName => None,
        }
    })
}

/// Whether the text so far matches the first patterns and none of the others.
fn is_found(n_inside: usize, all: &[&Pattern], state: &[Places]) -> bool {
    let mut ends = all
        .iter()
        .zip(state)
        .map(|(pattern, places)| pattern.is_end(*places));
    ends.by_ref().take(n_inside).all(|is_end| is_end) && !ends.any(|is_end| is_end)
}

/// Whether no text that goes on from here can be found.
fn is_dead(n_inside: usize, all: &[&Pattern], state: &[Places]) -> bool {
    let mut places = all.iter().zip(state);
    places
        .by_ref()
        .take(n_inside)
        .any(|(_, places)| places.is_empty())
        || places.any(|(pattern, places)| pattern.takes_all(*places))
}

fn spelt(steps: &[(Option<usize>, char)], last: Option<usize>) -> String {
    let step = |at: Option<usize>| at.and_then(|at| steps.get(at));
    let path = std::iter::successors(step(last), |(before, _)| step(*before));
    let mut characters: Vec<char> = path.map(|(_, character)| *character).collect();
    characters.reverse();
    characters.into_iter().collect()
}

/// The characters worth a step: one for all that make no difference, and each that makes one.
fn alphabet(all: &[&Pattern], state: &[Places]) -> Vec<char> {
    let mut decisive: Vec<char> = all
        .iter()
        .zip(state)
        .flat_map(|(pattern, places)| pattern.decisive(*places))
        .collect();
    decisive.sort_unstable();
    decisive.dedup();
    let mut others = FILLERS.into_iter().chain(SPARE);
    let other = others.find(|character| !decisive.contains(character));
    other.into_iter().chain(decisive).collect()
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
            &mut Effort::default(),
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
    fn letters_of_any_case_are_one_letter() {
        let any_case = |text: &str| Pattern::literal(text).of_any_case();
        for text in ["web-1", "WEB-1", "wEb-1"] {
            assert!(any_case("Web-1").matches(text), "{text}");
        }
        assert!(!any_case("Web-1").matches("web_1"));
        let find = |inside: &Pattern, outside: &Pattern| {
            find(&[inside], &[outside], &mut Effort::default())
        };
        // Taken out in one spelling, it is there in others; taken out in all, it is not.
        assert_eq!(find(&any_case("ab"), &Pattern::literal("ab")), text("AB"));
        assert_eq!(find(&Pattern::parse("A?"), &any_case("a0")), text("Ax"));
        assert_eq!(find(&any_case("ab"), &any_case("AB")), Found::Nothing);
    }

    #[test]
    fn names_between_long_literals_are_chosen_one_by_one() {
        let name = |text: &str| Pattern::parse(text).of_names();
        let search = |outside: &[&str]| {
            let outside: Vec<_> = outside.iter().map(|text| Pattern::parse(text)).collect();
            find(
                &[
                    &name("arn:*:document/*/x"),
                    &Pattern::parse("arn:*:document/ab*"),
                ],
                &outside.iter().collect::<Vec<_>>(),
                &mut Effort { states: 200 },
            )
        };
        assert_eq!(search(&[]), text("arn::document/ab/x"));
        assert_eq!(search(&["arn::*", "*ab/x"]), text("arn:0:document/ab0/x"));
        assert_eq!(search(&["arn:*:document/*"]), Found::Nothing);
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
        assert_eq!(
            find(&[&star], &[&Pattern::parse("?")], &mut Effort::default()),
            Found::Nothing
        );
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
                    prop_assert_eq!(shortest.map_or(7, |it| it.len()).min(7), text.len().min(7));
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
