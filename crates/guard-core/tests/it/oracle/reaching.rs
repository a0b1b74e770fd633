//! Questions over sets agree with the oracle: what is found is allowed and is of the set, and where something of the set
//! is allowed, the answer is never that nothing can be done.

use guard_core::access::Value;
use guard_core::reach::{Answer as Reached, Domain, Keys, Question, Set, Witness, reach};
use proptest::prelude::*;

use super::agreement::{Checked, check};
use super::choices::Choices;
use super::conditions::KEYS;
use super::world::{Ask, World};
use super::{Answer, answer};

const CALLERS: [&str; 2] = [
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:iam::111122223333:role/p/reader",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Can,
    Cannot,
    Unknown,
}

#[test]
fn a_witness_is_allowed_and_nothing_allowed_is_overlooked() {
    let seen = check(7_000, 3, |world, read, ask, choices| {
        let world = World {
            resource: None,
            ..world.clone()
        };
        let ask = &made_fit(ask, choices);
        let sets = [set(ask, choices)];
        let keys = keys(ask, choices);
        let question = Question {
            action: &ask.action,
            principal: ask.principal.as_deref(),
            resources: &sets,
            keys: &keys,
        };
        let mut policies = read.policies();
        policies.resource = None;
        match reach(&policies, &question) {
            Reached::Can(witness) => {
                is_witness(&world, ask, &sets, &keys, &witness)?;
                Ok(Kind::Can)
            }
            Reached::Cannot(_) => {
                prop_assert_ne!(
                    answer(&world, ask),
                    Answer::Allowed,
                    "{:?} {:?}",
                    sets,
                    keys
                );
                Ok(Kind::Cannot)
            }
            Reached::Unknown => Ok(Kind::Unknown),
        }
    });
    let n = |kind| seen.get(&kind).copied().unwrap_or(0);
    assert!(n(Kind::Can) > 3_000 && n(Kind::Cannot) > 10_000, "{seen:?}");
    assert!(n(Kind::Unknown) * 50 < n(Kind::Cannot), "{seen:?}");
}

/// Users and roles ask, with one value a key: the root user needs no statement, services have none, and a key with
/// several values is one of a kind that AWS documents as such.
fn made_fit(ask: &Ask, choices: &mut Choices<'_>) -> Ask {
    let mut ask = ask.clone();
    ask.principal = Some(choices.one_of(&CALLERS).to_owned());
    for values in ask.context.values_mut() {
        values.truncate(1);
    }
    ask.context.retain(|_, values| !values.is_empty());
    ask
}

/// The resource by itself, or everything that differs from it in one name.
fn set(ask: &Ask, choices: &mut Choices<'_>) -> Set {
    let resource = ask.resource.as_str();
    let in_last_name = |wildcard| {
        let (start, name) = resource.rsplit_once('/')?;
        (!name.contains(':')).then(|| format!("{start}/{wildcard}"))
    };
    let in_all_names = || {
        let (start, names) = resource.rsplit_once(':')?;
        let names: Vec<&str> = names.split('/').map(|_| "*").collect();
        Some(format!("{start}:{}", names.join("/")))
    };
    let wide = match choices.below(4) {
        0 => in_last_name("*"),
        1 => in_all_names(),
        2 => in_last_name("?*"),
        _ => None,
    };
    Set::of(wide.unwrap_or_else(|| resource.to_owned()))
}

/// Some keys are known as they are in the request, the others are left open.
fn keys(ask: &Ask, choices: &mut Choices<'_>) -> Keys {
    KEYS.iter().fold(Keys::new(), |keys, key| {
        let known = ask.context.get(&key.to_lowercase());
        match (choices.below(2), known) {
            (0, _) => keys,
            (_, Some(values)) => keys.with(key, Domain::Fixed(values.clone())),
            (_, None) => keys.with(key, Domain::Absent),
        }
    })
}

fn is_witness(
    world: &World,
    ask: &Ask,
    sets: &[Set],
    keys: &Keys,
    witness: &Witness,
) -> Checked<()> {
    let mut found = ask.clone();
    found.resource.clone_from(&witness.resource);
    found.context.clear();
    for key in KEYS {
        if let Value::Known(values) = witness.context.value(key) {
            found.context.insert(key.to_lowercase(), values.to_vec());
        }
        let known = found.context.get(&key.to_lowercase());
        match keys.domain(key) {
            Some(Domain::Absent) => prop_assert_eq!(known, None),
            Some(Domain::Fixed(values)) => prop_assert_eq!(known, Some(values)),
            Some(Domain::Open(_)) | None => {}
        }
    }
    prop_assert_eq!(answer(world, &found), Answer::Allowed, "{:?}", found);
    let is_inside = sets.iter().any(|set| {
        set.inside
            .iter()
            .all(|pattern| is_of(pattern, &found.resource))
    });
    prop_assert!(is_inside, "{} is not of {:?}", found.resource, sets);
    Ok(())
}

/// Whether a resource is of one of the sets above.
fn is_of(pattern: &str, resource: &str) -> bool {
    let (wanted, found) = (names(pattern), names(resource));
    let is_name = |(wanted, found): (&&str, &&str)| match *wanted {
        "*" => true,
        "?*" => !found.is_empty(),
        wanted => wanted == *found,
    };
    wanted.len() == found.len() && wanted.iter().zip(&found).all(is_name)
}

fn names(arn: &str) -> Vec<&str> {
    arn.split([':', '/']).collect()
}
