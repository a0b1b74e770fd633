//! The keys that stand as variables in patterns, and the values that are worth trying for them.

use std::collections::BTreeSet;

use super::clause::{Clause, Layers};
use super::language::{Effort, Found, Pattern, find};
use super::pattern;
use super::values::{self, Wanted};
use super::{Domain, Open, Question};
use crate::access::Context;
use crate::access::expand::Wildcards;
use crate::policy::{Condition, ConditionValue, LanguageVersion};

/// The keys that stand as variables anywhere.
pub(super) fn all(question: &Question<'_>, layers: &Layers<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |text: &str, version| {
        for key in pattern::keys(text, version) {
            found.insert(question.keys.canonical(&key));
        }
    };
    for clause in layers.all() {
        for text in clause
            .patterns()
            .into_iter()
            .flat_map(|(_, patterns)| patterns)
        {
            add(text, clause.version);
        }
        for value in clause
            .statement
            .conditions
            .iter()
            .flat_map(Condition::values)
        {
            add(&value.text(), clause.version);
        }
    }
    let sets = question
        .resources
        .iter()
        .flat_map(|set| set.inside.iter().chain(&set.outside));
    for text in sets.chain(question.keys.patterns()) {
        add(text, LanguageVersion::V2012);
    }
    found
}

/// With more conditions on one variable than that, not all ways in which they can hold and fail are tried.
const MAX_CONDITIONS: usize = 5;

/// The values that are worth trying for one variable.
pub(super) struct Values {
    pub(super) values: Vec<Option<String>>,
    /// There may be others, with which some conditions hold together that hold with none of these.
    pub(super) is_cut: bool,
}

impl Values {
    fn only(value: Option<String>) -> Self {
        Self {
            values: vec![value],
            is_cut: false,
        }
    }

    fn add(&mut self, value: Option<String>) {
        if !self.values.contains(&value) {
            self.values.push(value);
        }
    }
}

/// The values that a variable may have: enough to make every pattern that names it match, or not.
pub(super) fn values(
    question: &Question<'_>,
    layers: &Layers<'_>,
    key: &str,
    effort: &mut Effort,
) -> Values {
    let anything = Open::default();
    let open = match question.keys.domain(key) {
        Some(Domain::Absent) => return Values::only(None),
        // A variable stands for a single value.
        Some(Domain::Fixed(values)) => {
            return Values::only(match values.as_slice() {
                [value] => Some(value.clone()),
                _ => None,
            });
        }
        Some(Domain::Open(open)) => open,
        None => &anything,
    };
    let about: Vec<Wanted<'_>> = layers
        .all()
        .flat_map(|clause| {
            let conditions = clause.statement.conditions.iter();
            let of_key = conditions.filter(|it| question.keys.canonical(it.key()) == key);
            of_key.map(|condition| Wanted {
                condition,
                version: clause.version,
                truth: true,
            })
        })
        .collect();
    let mut found = Values {
        values: Vec::new(),
        is_cut: false,
    };
    let free = std::iter::once(Vec::new());
    let alone = about
        .iter()
        .flat_map(|wanted| [vec![*wanted], vec![wanted.failing()]]);
    for wanted in free.chain(alone) {
        for value in values::candidates(open, &wanted, &NO_VARIABLE, effort).values {
            found.add(value.and_then(|values| values.into_iter().next()));
        }
    }
    for text in fitting(question, layers, key, effort) {
        if values::admits(open, &text) {
            found.add(Some(text));
        }
    }
    add_together(&mut found, question, key, (open, &about), effort);
    // A request with a value is easier to understand than one without.
    found.values.sort_by_key(Option::is_none);
    found
}

/// Values do not stand for those of other keys while the variables are still being chosen.
const NO_VARIABLE: fn(&str) -> Option<String> = |_| None;

/// Adds a value for every way in which the conditions on the key can hold and fail together.
fn add_together(
    found: &mut Values,
    question: &Question<'_>,
    key: &str,
    (open, about): (&Open, &[Wanted<'_>]),
    effort: &mut Effort,
) {
    let mut distinct: Vec<Wanted<'_>> = Vec::new();
    for wanted in about {
        let is_same =
            |it: &Wanted<'_>| it.condition == wanted.condition && it.version == wanted.version;
        if !distinct.iter().any(is_same) {
            distinct.push(*wanted);
        }
    }
    if distinct.len() < 2 {
        return;
    }
    found.is_cut |= distinct.len() > MAX_CONDITIONS;
    distinct.truncate(MAX_CONDITIONS);
    for ways in 0..1_u32 << distinct.len() {
        let wanted = distinct.iter().enumerate().map(|(index, wanted)| {
            if ways & (1 << index) == 0 {
                *wanted
            } else {
                wanted.failing()
            }
        });
        let wanted: Vec<Wanted<'_>> = wanted.collect();
        let is_met = |value: &Option<String>| {
            let context = context(question, key, value.as_deref());
            wanted.iter().all(|wanted| wanted.is_met(&context))
        };
        // As a part of an ARN, only a value without separators is one name.
        let is_name =
            |value: &Option<String>| value.as_ref().is_none_or(|it| !it.contains([':', '/']));
        if found
            .values
            .iter()
            .any(|value| is_name(value) && is_met(value))
        {
            continue;
        }
        let candidates = values::candidates(open, &wanted, &NO_VARIABLE, effort);
        let single = candidates.values.into_iter();
        let single = single.map(|value| value.and_then(|values| values.into_iter().next()));
        let mut fitting: Vec<Option<String>> = single.filter(is_met).collect();
        fitting.sort_by_key(|value| !is_name(value));
        // Among candidates that may not be all, a name may be missing.
        found.is_cut |= !candidates.is_complete && !fitting.first().is_some_and(is_name);
        if let Some(value) = fitting.into_iter().next() {
            found.add(value);
        }
    }
}

fn context(question: &Question<'_>, key: &str, value: Option<&str>) -> Context {
    let mut context = Context::new();
    if let Some(value) = value {
        for name in question.keys.names(key) {
            context.set(name, value);
        }
    }
    context
}

/// The values with which a pattern that names the key takes in a resource of the question, or a value that another key
/// is known to have.
fn fitting(
    question: &Question<'_>,
    layers: &Layers<'_>,
    key: &str,
    effort: &mut Effort,
) -> Vec<String> {
    let is_key = |named: &str| question.keys.canonical(named) == key;
    let mut found = Vec::new();
    for clause in layers.all() {
        let patterns = clause
            .patterns()
            .into_iter()
            .flat_map(|(_, patterns)| patterns);
        for text in patterns {
            let Some(cut) = pattern::cut(text, clause.version, Wildcards::Wild, is_key) else {
                continue;
            };
            for resource in resources(question, &cut.whole(), effort) {
                found.extend(cut.between(&resource));
            }
        }
        for condition in &clause.statement.conditions {
            found.extend(fitting_known(question, clause, condition, is_key));
        }
    }
    found
}

/// A resource of each of the question's sets that the pattern takes in.
fn resources(question: &Question<'_>, pattern: &Pattern, effort: &mut Effort) -> Vec<String> {
    let sets = question.resources.iter();
    let resources = sets.filter_map(|set| {
        let of_set = set
            .inside
            .iter()
            .map(|text| Pattern::parse(text).of_names());
        let of_set: Vec<Pattern> = of_set.collect();
        let inside: Vec<&Pattern> = of_set.iter().chain([pattern]).collect();
        match find(&inside, &[], effort) {
            Found::Text(text) => Some(text),
            Found::Nothing | Found::TooMuch => None,
        }
    });
    resources.collect()
}

fn fitting_known(
    question: &Question<'_>,
    clause: &Clause<'_>,
    condition: &Condition,
    is_key: impl Fn(&str) -> bool + Copy,
) -> Vec<String> {
    let Some(Domain::Fixed(known)) = question.keys.domain(condition.key()) else {
        return Vec::new();
    };
    let Some(wildcards) = values::wildcards(condition.operator().comparison) else {
        return Vec::new();
    };
    let texts = condition.values().iter().map(ConditionValue::text);
    let cuts = texts.filter_map(|text| pattern::cut(&text, clause.version, wildcards, is_key));
    cuts.flat_map(|cut| known.iter().flat_map(move |value| cut.between(value)))
        .collect()
}
