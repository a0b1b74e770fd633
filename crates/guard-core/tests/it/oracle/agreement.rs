//! Engine and oracle agree, on complete contexts and on those with unknown keys.

use std::cell::RefCell;
use std::collections::BTreeMap;

use guard_core::access::{Decision, Outcome};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};

use super::choices::Choices;
use super::conditions::{KEYS, pool};
use super::generate::{ask, world};
use super::world::{Ask, Read, World};
use super::{Answer, answer};

pub(super) type Checked<T> = Result<T, TestCaseError>;

/// Draws worlds and asks each so many questions. `ORACLE_TIMES` multiplies the worlds.
pub(super) fn check<T: Ord + std::fmt::Debug>(
    worlds: u32,
    asks: usize,
    one: impl Fn(&World, &Read, &Ask, &mut Choices<'_>) -> Checked<T>,
) -> BTreeMap<T, usize> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long to look is up to whoever runs the tests"
    )]
    let times = std::env::var("ORACLE_TIMES").map_or(1, |times| times.parse().unwrap());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: worlds * times,
        source_file: Some(file!()),
        ..ProptestConfig::default()
    });
    let seen = RefCell::new(BTreeMap::new());
    let outcome = runner.run(&prop::collection::vec(any::<u8>(), 100..400), |bytes| {
        let mut choices = Choices::new(&bytes);
        let world = world(&mut choices);
        let read = world.read();
        for _ in 0..asks {
            let ask = ask(&mut choices);
            let kind = one(&world, &read, &ask, &mut choices);
            let kind =
                kind.map_err(|error| TestCaseError::fail(format!("{error}\n{world}\n{ask:#?}")))?;
            *seen.borrow_mut().entry(kind).or_insert(0) += 1;
        }
        Ok(())
    });
    match outcome {
        Ok(()) => seen.into_inner(),
        Err(TestError::Fail(reason, bytes)) => panic!("{reason}\nfrom {bytes:?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// What a decision that depends on nothing says.
fn settled(decision: &Decision) -> Option<Answer> {
    match decision.outcome {
        Outcome::Allowed => Some(Answer::Allowed),
        Outcome::ExplicitlyDenied => Some(Answer::ExplicitlyDenied),
        Outcome::ImplicitlyDenied => Some(Answer::ImplicitlyDenied),
        Outcome::Conditional => None,
    }
}

#[test]
fn on_complete_contexts() {
    let seen = check(30_000, 4, |world, read, ask, choices| {
        let decision = read.decide(ask, &[]);
        let expected = answer(world, ask);
        prop_assert_eq!(settled(&decision), Some(expected));
        prop_assert!(decision.on.is_empty());
        if choices.happens(3) {
            reasons(world, ask, &decision)?;
        }
        Ok(expected)
    });
    assert!(seen.values().all(|count| *count > 5_000), "{seen:?}");
}

/// The statements that are named decide by themselves, and those that deny are all that do.
fn reasons(world: &World, ask: &Ask, decision: &Decision) -> Checked<()> {
    let alone = |kept: &[_]| answer(&world.only(|at| kept.contains(&at)), ask);
    match decision.outcome {
        Outcome::Allowed => prop_assert_eq!(alone(&decision.because), Answer::Allowed),
        Outcome::ExplicitlyDenied => {
            for at in &decision.because {
                prop_assert_eq!(alone(&[*at]), Answer::ExplicitlyDenied);
            }
            let rest = world.only(|at| !decision.because.contains(&at));
            prop_assert_ne!(answer(&rest, ask), Answer::ExplicitlyDenied);
        }
        Outcome::ImplicitlyDenied | Outcome::Conditional => {
            prop_assert_eq!(&decision.because, &[]);
        }
    }
    Ok(())
}

/// All that a key may be: absent, one of its values, or two of them.
fn states(key: &str) -> Vec<Option<Vec<String>>> {
    let pool = pool(key);
    let mut states = vec![
        None,
        Some(pool[..2].iter().map(ToString::to_string).collect()),
    ];
    states.extend(pool.iter().map(|value| Some(vec![(*value).to_owned()])));
    states
}

/// The answers to a request for all states of these keys, each with the number of the state of each key.
fn answers(world: &World, ask: &Ask, keys: &[&str]) -> BTreeMap<Vec<usize>, Answer> {
    let Some((key, rest)) = keys.split_first() else {
        return BTreeMap::from([(Vec::new(), answer(world, ask))]);
    };
    let mut all = BTreeMap::new();
    for (number, state) in states(key).into_iter().enumerate() {
        let mut ask = ask.clone();
        let folded = key.to_lowercase();
        match state {
            Some(values) => ask.context.insert(folded, values),
            None => ask.context.remove(&folded),
        };
        for (numbers, answer) in answers(world, &ask, rest) {
            all.insert([vec![number], numbers].concat(), answer);
        }
    }
    all
}

/// Whether the state of one key alone decides between allowed and denied, whatever the others are in some case.
fn decides(answers: &BTreeMap<Vec<usize>, Answer>, place: usize) -> bool {
    let mut by_others = BTreeMap::new();
    answers.iter().any(|(numbers, answer)| {
        let mut others = numbers.clone();
        others.remove(place);
        let is_allowed = *answer == Answer::Allowed;
        *by_others.entry(others).or_insert(is_allowed) != is_allowed
    })
}

/// One or two keys, of those that the policies name if there are any.
pub(super) fn some_keys(world: &World, choices: &mut Choices<'_>) -> Vec<&'static str> {
    let text = world.to_string().to_lowercase();
    let named = KEYS
        .into_iter()
        .filter(|key| text.contains(&key.to_lowercase()));
    let mut named: Vec<_> = named.chain(["aws:ResourceAccount"]).collect();
    let mut keys = vec![choices.one_of(&named)];
    named.retain(|key| *key != keys[0]);
    if choices.happens(3) && !named.is_empty() {
        keys.push(choices.one_of(&named));
    }
    keys
}

#[test]
fn on_unknown_keys() {
    let seen = check(5_000, 2, |world, read, ask, choices| {
        let unknown = some_keys(world, choices);
        let decision = read.decide(ask, &unknown);
        let answers = answers(world, ask, &unknown);
        let of = |wanted: Answer| answers.values().filter(|answer| **answer == wanted).count();
        let is_mixed = of(Answer::Allowed) > 0 && of(Answer::Allowed) < answers.len();
        match decision.outcome {
            Outcome::Allowed => prop_assert_eq!(of(Answer::Allowed), answers.len()),
            Outcome::ExplicitlyDenied => {
                prop_assert_eq!(of(Answer::ExplicitlyDenied), answers.len());
            }
            Outcome::ImplicitlyDenied => prop_assert_eq!(of(Answer::Allowed), 0),
            Outcome::Conditional => {
                prop_assert!(!decision.on.is_empty());
                // The root user needs no statement to be allowed.
                let is_root = ask
                    .principal
                    .as_ref()
                    .is_some_and(|name| name.ends_with(":root"));
                prop_assert!(is_root || !decision.because.is_empty());
                prop_assert!(
                    decision
                        .on
                        .iter()
                        .all(|key| unknown.contains(&key.as_str()))
                );
            }
        }
        for (place, key) in unknown.iter().enumerate() {
            let is_named = decision.on.iter().any(|on| on == key);
            prop_assert!(is_named || !decides(&answers, place), "{key} decides");
        }
        Ok((decision.outcome == Outcome::Conditional, is_mixed))
    });
    // Where it says that something depends it mostly does; the rest are conditions that exclude each other, or values
    // that no state has.
    let count = |conditional, mixed| seen.get(&(conditional, mixed)).copied().unwrap_or(0);
    assert_eq!(count(false, true), 0, "{seen:?}");
    assert!(count(true, true) > 300, "{seen:?}");
    assert!(count(true, true) > 4 * count(true, false), "{seen:?}");
}
