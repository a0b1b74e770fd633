//! Conditions.

mod arn;
mod compare;
mod text;
mod unknown;

use self::compare::compare;
pub(crate) use self::text::ways;
use self::unknown::of_unknown;
use super::context::{Context, Value};
use super::truth::Truth;
use crate::policy::{
    Absence, Comparand, Comparison, Condition, LanguageVersion, Polarity, Quantifier,
};

/// Whether a condition holds.
pub(crate) fn holds<'a>(
    condition: &'a Condition,
    language: LanguageVersion,
    context: &'a Context,
) -> Truth<'a> {
    let operator = condition.operator();
    let value = context.folded_value(condition.folded());
    if operator.comparison == Comparison::Null {
        return null(condition, value, context);
    }
    let found = match value {
        Value::Known(found) => found,
        Value::Absent => &[],
        Value::Unknown => return of_unknown(condition, language, context),
    };
    if found.is_empty() {
        return Truth::of(holds_without_value(condition));
    }
    let passes = |found: &'a String| {
        let comparands = condition.comparands().iter();
        let matched = Truth::any(
            comparands.map(|one| compare(operator.comparison, one, found, language, context)),
        );
        match operator.comparison.polarity() {
            Polarity::Positive => matched,
            Polarity::Negated => matched.not(),
        }
    };
    // "If the key values in the request resolve to an empty data set (for example, an empty string)": IAM user guide on
    // conditions with several values, read 2026-11.
    let is_empty_set = found.iter().all(String::is_empty);
    match (operator.quantifier, operator.comparison.polarity()) {
        (Quantifier::ForAllValues, _) if is_empty_set => Truth::True,
        (Quantifier::ForAnyValue, _) if is_empty_set => Truth::False,
        (Quantifier::ForAnyValue, _) | (Quantifier::Single, Polarity::Positive) => {
            Truth::any(found.iter().map(passes))
        }
        (Quantifier::ForAllValues, _) | (Quantifier::Single, Polarity::Negated) => {
            Truth::all(found.iter().map(passes))
        }
    }
}

/// What a condition says of a key without a value.
fn holds_without_value(condition: &Condition) -> bool {
    let operator = condition.operator();
    match (operator.absence, operator.quantifier) {
        (Absence::Passes, _) | (Absence::Compared, Quantifier::ForAllValues) => true,
        (Absence::Compared, Quantifier::ForAnyValue) => false,
        (Absence::Compared, Quantifier::Single) => match operator.comparison.polarity() {
            Polarity::Positive => false,
            Polarity::Negated => true,
        },
    }
}

/// `Null`: `true` asks that the key have no value, `false` that it have one.
fn null<'a>(condition: &'a Condition, value: Value<'_>, context: &'a Context) -> Truth<'a> {
    let asks = |wanted| condition.comparands().contains(&Comparand::Bool(wanted));
    match value {
        Value::Absent | Value::Known([]) => Truth::of(asks(true)),
        Value::Known([_, ..]) => Truth::of(asks(false)),
        Value::Unknown if asks(true) == asks(false) => Truth::of(asks(true)),
        Value::Unknown => Truth::on(context.spelling(condition.folded(), condition.key())),
    }
}
