//! The values of one context key that are worth trying: enough that, if any value satisfies what is wanted, one of
//! them does.

use super::language::{Effort, Found, Pattern, find};
use super::pattern;
use super::{Open, Presence, ordered};
use crate::access::condition::ways;
use crate::access::expand::{Case, Wildcards};
use crate::policy::{
    Comparison, Condition, ConditionValue, LanguageVersion, Polarity, Quantifier, ValueDomain,
};

/// How many combinations of alternatives are looked at.
const MAX_CHOICES: usize = 64;
/// What stands for any value where nothing is wanted of it.
const ANY_VALUE: &str = "other";
/// The same, where an ARN is asked for.
const ANY_ARN: &str = "arn:aws:iam::111122223333:user/other";

/// A condition that must hold, or fail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) condition: &'a Condition,
    pub(super) version: LanguageVersion,
    pub(super) truth: bool,
}

/// Values to try, the plainest first; `None` is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidates {
    pub(super) values: Vec<Option<Vec<String>>>,
    /// Whether a value that satisfies is surely among them, if there is any.
    pub(super) is_complete: bool,
}

type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

impl Candidates {
    pub(super) fn only(value: Option<Vec<String>>) -> Self {
        Self {
            values: vec![value],
            is_complete: true,
        }
    }
}

/// The candidates of a key that the question leaves open.
pub(super) fn candidates(
    open: &Open,
    wanted: &[Wanted<'_>],
    variable: Lookup<'_>,
    effort: &mut Effort,
) -> Candidates {
    let domain = Texts::of_domain(open, variable);
    let mut texts = vec![ANY_VALUE.to_owned()];
    let mut is_complete = domain.find_all(wanted, variable, effort, &mut texts);
    for wanted in wanted {
        texts.extend(landmarks(wanted, variable, effort));
    }
    let ordered = ordered::landmarks(wanted);
    texts.extend(ordered.values.into_iter().flatten().flatten());
    is_complete &= ordered.is_complete && are_of_one_kind(wanted);
    // A tag may have an empty value; nothing says so to people, so it comes last.
    texts.push(String::new());
    texts.retain(|text| domain.contains(text));
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    let mut values = Vec::new();
    if open.presence == Presence::Optional {
        values.push(None);
    }
    values.extend(distinct.iter().map(|text| Some(vec![text.clone()])));
    let asks_of_several =
        |wanted: &Wanted<'_>| wanted.condition.operator().quantifier != Quantifier::Single;
    if wanted.iter().any(asks_of_several) {
        values.extend(several(&distinct));
    }
    Candidates {
        values,
        is_complete,
    }
}

/// Whether such candidates suffice for the conditions: they are of one kind, each about a single value.
fn are_of_one_kind(wanted: &[Wanted<'_>]) -> bool {
    let is_single =
        |wanted: &Wanted<'_>| wanted.condition.operator().quantifier == Quantifier::Single;
    let comparisons = wanted.iter().map(|it| it.condition.operator().comparison);
    let mut kinds: Vec<_> = comparisons
        .filter(|comparison| *comparison != Comparison::Null)
        .map(Comparison::domain)
        .collect();
    kinds.dedup();
    wanted.iter().all(is_single) && kinds.len() <= 1
}

/// Whether the question leaves a key this value, as far as that does not depend on others.
pub(super) fn admits(open: &Open, text: &str) -> bool {
    Texts::of_domain(open, &|_| None).contains(text)
}

/// Two values, and all values, of a key that may have several.
fn several(texts: &[String]) -> Vec<Option<Vec<String>>> {
    let texts = texts.get(..8).unwrap_or(texts);
    let mut values = Vec::new();
    for (index, first) in texts.iter().enumerate() {
        for second in texts.iter().skip(index + 1) {
            values.push(Some(vec![first.clone(), second.clone()]));
        }
    }
    values.push(Some(texts.to_vec()));
    values
}

/// The texts that a key may have, as patterns.
struct Texts {
    inside: Vec<Pattern>,
    outside: Vec<Pattern>,
    is_limited: bool,
}

impl Texts {
    fn of_domain(open: &Open, variable: Lookup<'_>) -> Self {
        let globs = |texts: &[String]| {
            let globs = texts.iter().filter_map(|text| {
                pattern::resolved(text, LanguageVersion::V2012, Wildcards::Wild, variable)
            });
            globs.collect::<Vec<_>>()
        };
        Self {
            inside: globs(&open.inside),
            outside: globs(&open.outside),
            is_limited: !open.inside.is_empty(),
        }
    }

    fn contains(&self, text: &str) -> bool {
        let is_inside = !self.is_limited || self.inside.iter().any(|glob| glob.matches(text));
        is_inside && !self.outside.iter().any(|glob| glob.matches(text))
    }

    /// Adds a text for every combination of alternatives that what is wanted leaves; answers whether all were tried.
    fn find_all(
        &self,
        wanted: &[Wanted<'_>],
        variable: Lookup<'_>,
        effort: &mut Effort,
        texts: &mut Vec<String>,
    ) -> bool {
        let some = Pattern::parse("?*");
        let mut choices: Vec<Vec<Pattern>> = vec![vec![some]];
        let mut outside = self.outside.clone();
        let mut is_whole = true;
        if self.is_limited {
            choices = combined(&choices, &self.inside, &mut is_whole);
        }
        for wanted in wanted {
            let globs = globs(wanted, variable);
            match requirement(wanted) {
                None => {}
                Some(Requirement::OneOf) => choices = combined(&choices, &globs, &mut is_whole),
                Some(Requirement::NoneOf) => outside.extend(globs),
            }
        }
        let outside: Vec<&Pattern> = outside.iter().collect();
        for choice in choices {
            match find(&choice.iter().collect::<Vec<_>>(), &outside, effort) {
                Found::Text(text) => texts.push(text),
                Found::Nothing => {}
                Found::TooMuch => is_whole = false,
            }
        }
        is_whole
    }
}

fn combined(
    choices: &[Vec<Pattern>],
    alternatives: &[Pattern],
    is_whole: &mut bool,
) -> Vec<Vec<Pattern>> {
    let with = |choice: &Vec<Pattern>, glob: &Pattern| {
        let mut choice = choice.clone();
        choice.push(glob.clone());
        choice
    };
    let mut combined: Vec<_> = choices
        .iter()
        .flat_map(|choice| alternatives.iter().map(move |glob| with(choice, glob)))
        .collect();
    *is_whole &= combined.len() <= MAX_CHOICES;
    combined.truncate(MAX_CHOICES);
    combined
}

/// What must be true of a text, for a condition on texts to be as it is wanted.
enum Requirement {
    OneOf,
    NoneOf,
}

fn requirement(wanted: &Wanted<'_>) -> Option<Requirement> {
    let comparison = wanted.condition.operator().comparison;
    wildcards(comparison)?;
    let must_match = (comparison.polarity() == Polarity::Positive) == wanted.truth;
    Some(if must_match {
        Requirement::OneOf
    } else {
        Requirement::NoneOf
    })
}

/// How a comparison of texts or of ARNs reads its values; `None` for those of other things.
pub(super) fn wildcards(comparison: Comparison) -> Option<Wildcards> {
    match comparison.domain() {
        ValueDomain::Text | ValueDomain::Arn => Some(ways(comparison).0),
        ValueDomain::Number
        | ValueDomain::Date
        | ValueDomain::Bool
        | ValueDomain::Binary
        | ValueDomain::Address => None,
    }
}

fn globs(wanted: &Wanted<'_>, variable: Lookup<'_>) -> Vec<Pattern> {
    let Some(wildcards) = wildcards(wanted.condition.operator().comparison) else {
        return Vec::new();
    };
    let values = wanted.condition.values().iter();
    let globs = values
        .filter_map(|value| pattern::resolved(&value.text(), wanted.version, wildcards, variable));
    let comparison = wanted.condition.operator().comparison;
    match (comparison.domain(), ways(comparison).1) {
        (ValueDomain::Arn, _) => globs.filter_map(Pattern::of_arns).collect(),
        (_, Case::Folded) => globs.map(Pattern::of_any_case).collect(),
        (_, Case::Kept) => globs.collect(),
    }
}

/// Texts at which a condition can turn from true to false: each value, and its neighbours.
fn landmarks(wanted: &Wanted<'_>, variable: Lookup<'_>, effort: &mut Effort) -> Vec<String> {
    let values = wanted.condition.values().iter().map(ConditionValue::text);
    match wanted.condition.operator().comparison {
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringNotEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::StringNotLike
        | Comparison::ArnEquals
        | Comparison::ArnNotEquals
        | Comparison::ArnLike
        | Comparison::ArnNotLike => {
            let found = globs(wanted, variable);
            let texts = found
                .iter()
                .filter_map(|glob| match find(&[glob], &[], effort) {
                    Found::Text(text) if !text.is_empty() => Some(text),
                    Found::Text(_) | Found::Nothing | Found::TooMuch => None,
                });
            texts.chain([ANY_ARN.to_owned()]).collect()
        }
        Comparison::Bool => vec!["true".to_owned(), "false".to_owned()],
        Comparison::BinaryEquals => values.chain(["b3RoZXI=".to_owned()]).collect(),
        // For these, what all conditions name together counts: see `ordered`.
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals
        | Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals
        | Comparison::IpAddress
        | Comparison::NotIpAddress
        | Comparison::Null => Vec::new(),
    }
}
