//! What holds of any policies: each law changes them and asks again.

use guard_core::access::{Decision, Layer, Outcome, StatementRef};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::agreement::{check, some_keys};
use super::caller::Caller;
use super::choices::Choices;
use super::generate::{Hangs, statement};
use super::statement::list;
use super::world::{Ask, World};

/// How much a decision lets through.
fn rank(decision: &Decision) -> u8 {
    match decision.outcome {
        Outcome::ExplicitlyDenied => 0,
        Outcome::ImplicitlyDenied => 1,
        Outcome::Conditional => 2,
        Outcome::Allowed => 3,
    }
}

/// All documents of a world with what they hang on.
fn documents(world: &mut World) -> Vec<(Hangs, &mut Value)> {
    let World {
        identity,
        boundary,
        session,
        scp,
        resource,
    } = world;
    let limits = boundary.iter_mut().chain(session).flatten();
    let own = identity
        .iter_mut()
        .chain(limits)
        .chain(scp.iter_mut().flatten());
    let own = own.map(|document| (Hangs::OnIdentity, document));
    own.chain(
        resource
            .iter_mut()
            .map(|document| (Hangs::OnResource, document)),
    )
    .collect()
}

/// The statements of a document, written as a list.
fn statements(document: &mut Value) -> &mut Vec<Value> {
    document["Statement"] = json!(list(&document["Statement"]));
    document["Statement"].as_array_mut().unwrap()
}

/// Some keys are not known in half of the cases.
fn unknown(world: &World, choices: &mut Choices<'_>) -> Vec<&'static str> {
    if choices.happens(5) {
        some_keys(world, choices)
    } else {
        Vec::new()
    }
}

#[test]
fn a_denial_wins_whatever_allows() {
    let seen = check(2_000, 2, |world, read, ask, choices| {
        let mut world = world.clone();
        let is_outside = Caller::of(ask.principal.as_deref()).is_outside();
        let is_linked = Caller::of(ask.principal.as_deref()).is_service_linked();
        if is_linked {
            world.scp.clear();
        }
        let mut documents = documents(&mut world);
        documents.retain(|(hangs, _)| !is_outside || *hangs == Hangs::OnResource);
        if documents.is_empty() {
            return Ok(None);
        }
        let chosen = choices.below(documents.len());
        let (hangs, document) = &mut documents[chosen];
        let mut denial = json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
        if *hangs == Hangs::OnResource {
            denial["Principal"] = json!("*");
        }
        let statements = statements(document);
        statements.insert(choices.below(statements.len() + 1), denial);
        let denied = world.read().decide(ask, &unknown(&world, choices));
        prop_assert_eq!(denied.outcome, Outcome::ExplicitlyDenied);
        Ok(Some(rank(&read.decide(ask, &[]))))
    });
    assert!(seen[&Some(3)] > 500, "{seen:?}");
}

/// The statements that decided, by what they say.
fn said(world: &World, because: &[StatementRef]) -> Vec<(Layer, String)> {
    let because = because.iter();
    let mut said: Vec<_> = because
        .map(|at| (at.layer, world.statement(*at).to_string()))
        .collect();
    said.sort();
    said
}

#[test]
fn order_never_matters() {
    let seen = check(3_000, 2, |world, read, ask, choices| {
        let mut turned = world.clone();
        for (_, document) in documents(&mut turned) {
            let statements = statements(document);
            let by = choices.below(statements.len());
            statements.rotate_left(by);
            statements.reverse();
        }
        let World {
            identity,
            boundary,
            session,
            scp,
            resource: _,
        } = &mut turned;
        let policies = [identity]
            .into_iter()
            .chain(boundary)
            .chain(session)
            .chain(scp);
        policies.for_each(|policies| policies.reverse());
        let unknown = unknown(world, choices);
        let (one, other) = (
            read.decide(ask, &unknown),
            turned.read().decide(ask, &unknown),
        );
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(&one.on, &other.on);
        prop_assert_eq!(said(world, &one.because), said(&turned, &other.because));
        Ok((one.outcome as u8, turned.to_string() == world.to_string()))
    });
    for outcome in 0..4 {
        assert!(
            seen.get(&(outcome, false)).is_some_and(|count| *count > 50),
            "{seen:?}"
        );
    }
}

#[test]
fn another_allow_never_takes_away() {
    let seen = check(3_000, 2, |world, read, ask, choices| {
        let mut more = world.clone();
        let mut documents = documents(&mut more);
        if documents.is_empty() {
            return Ok(None);
        }
        let chosen = choices.below(documents.len());
        let (hangs, document) = &mut documents[chosen];
        let mut allow = statement(choices, *hangs);
        allow["Effect"] = json!("Allow");
        statements(document).push(allow);
        let unknown = unknown(world, choices);
        let (before, after) = (
            rank(&read.decide(ask, &unknown)),
            rank(&more.read().decide(ask, &unknown)),
        );
        prop_assert!(
            before <= after,
            "{} before, {} after {}",
            before,
            after,
            more
        );
        Ok(Some(before < after))
    });
    assert!(
        seen[&Some(true)] > 100 && seen[&Some(false)] > 100,
        "{seen:?}"
    );
}

/// Replaces one action or resource of one statement by everything. What the statement does, if there was one.
fn widen(world: &mut World, choices: &mut Choices<'_>) -> Option<String> {
    let mut documents = documents(world);
    let count = documents.len();
    let (_, document) = documents.get_mut(choices.below(count.max(1)))?;
    let statements = statements(document);
    let chosen = choices.below(statements.len());
    let statement = &mut statements[chosen];
    let element = choices.one_of(&["Action", "Resource"]);
    statement.get(element)?;
    let mut patterns = list(&statement[element]).to_vec();
    let chosen = choices.below(patterns.len());
    patterns[chosen] = json!("*");
    statement[element] = json!(patterns);
    Some(statement["Effect"].as_str().unwrap().to_owned())
}

#[test]
fn a_wider_pattern_never_narrows() {
    let seen = check(5_000, 2, |world, read, ask: &Ask, choices| {
        let mut wider = world.clone();
        let Some(effect) = widen(&mut wider, choices) else {
            return Ok(None);
        };
        let unknown = unknown(world, choices);
        let (before, after) = (
            rank(&read.decide(ask, &unknown)),
            rank(&wider.read().decide(ask, &unknown)),
        );
        if effect == "Allow" {
            prop_assert!(
                before <= after,
                "{} before, {} after {}",
                before,
                after,
                wider
            );
        } else {
            prop_assert!(
                before >= after,
                "{} before, {} after {}",
                before,
                after,
                wider
            );
        }
        Ok(Some((effect, before != after)))
    });
    for effect in ["Allow", "Deny"] {
        let changed = seen.get(&Some((effect.to_owned(), true)));
        assert!(changed.is_some_and(|count| *count > 50), "{seen:?}");
    }
}
