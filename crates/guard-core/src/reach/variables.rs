//! The keys that stand as variables in patterns, and the values that are worth trying for them.

use std::collections::BTreeSet;

use super::clause::{Clause, Layers};
use super::language::{Effort, Found, Pattern, find};
use super::pattern::{self, Wildcards};
use super::values::{self, Wanted};
use super::{Domain, Open, Question};
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

/// The values that a variable may have: enough to make every pattern that names it match, or not.
pub(super) fn values(
    question: &Question<'_>,
    layers: &Layers<'_>,
    key: &str,
    effort: &mut Effort,
) -> Vec<Option<String>> {
    let anything = Open::default();
    let open = match question.keys.domain(key) {
        Some(Domain::Absent) => return vec![None],
        // A variable stands for a single value.
        Some(Domain::Fixed(values)) => {
            return match values.as_slice() {
                [value] => vec![Some(value.clone())],
                _ => vec![None],
            };
        }
        Some(Domain::Open(open)) => open,
        None => &anything,
    };
    let about = layers.all().flat_map(|clause| {
        let conditions = clause.statement.conditions.iter();
        let of_key = conditions.filter(|condition| question.keys.canonical(condition.key()) == key);
        of_key.flat_map(|condition| {
            [true, false].map(|truth| Wanted {
                condition,
                version: clause.version,
                truth,
            })
        })
    });
    let nothing = |_: &str| None;
    let mut found: Vec<Option<String>> = Vec::new();
    let free = std::iter::once(Vec::new());
    for wanted in free.chain(about.map(|wanted| vec![wanted])) {
        for value in values::candidates(open, &wanted, &nothing, effort).values {
            let value = value.and_then(|values| values.into_iter().next());
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    for text in fitting(question, layers, key, effort) {
        let value = Some(text);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    // A request with a value is easier to understand than one without.
    found.sort_by_key(Option::is_none);
    found
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
            let Some(cut) = pattern::cut(text, clause.version, Wildcards::Read, is_key) else {
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
