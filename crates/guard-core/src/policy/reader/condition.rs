//! Conditions.

use std::collections::BTreeSet;

use super::statement::malformed;
use super::{again, members, one_or_many, unfit};
use crate::policy::error::{PolicyError, Problem, shown};
use crate::policy::json::Json;
use crate::policy::place::Place;
use crate::policy::template::folded;
use crate::policy::{Condition, ConditionValue, Conditions, LanguageVersion, Operator};

pub(super) fn conditions(
    value: &Json<'_>,
    language: LanguageVersion,
    above: &Place<'_>,
) -> Result<Conditions, PolicyError> {
    let (mut list, mut idle) = (Vec::new(), Vec::new());
    // There are at most some 150 operators, so looking through them is no work.
    let mut operators = Vec::new();
    for (key, value) in members(value, "an object with an operator as key", above)? {
        let at = above.member(key);
        let operator = operator(key, &at)?;
        if operators.contains(&operator) {
            return Err(again("the operator", &at));
        }
        operators.push(operator);
        let before = list.len();
        of_operator(operator, value, language, &at, &mut list)?;
        if list.len() == before {
            idle.push(operator);
        }
    }
    Ok(Conditions::read(list, idle))
}

fn operator(text: &str, at: &Place<'_>) -> Result<Operator, PolicyError> {
    Operator::parse(text).ok_or_else(|| {
        at.error(Problem::Unknown {
            found: shown(text),
            nearest: Operator::nearest(text),
            known: "a condition operator such as StringEquals",
        })
    })
}

fn of_operator(
    operator: Operator,
    value: &Json<'_>,
    language: LanguageVersion,
    above: &Place<'_>,
    list: &mut Vec<Condition>,
) -> Result<(), PolicyError> {
    let mut keys = BTreeSet::new();
    let members = members(value, "an object with a context key as key", above)?;
    for (key, value) in members {
        let at = above.member(key);
        // Two spellings of one key are an error of AWS's own policy check, so what they would mean is not written.
        if members.len() > 1 && !keys.insert(folded(key)) {
            return Err(again("the context key", &at));
        }
        list.push(condition(operator, key, value, language, &at)?);
    }
    Ok(())
}

fn condition(
    operator: Operator,
    key: &str,
    value: &Json<'_>,
    language: LanguageVersion,
    at: &Place<'_>,
) -> Result<Condition, PolicyError> {
    let written = |index: usize| match value {
        Json::List(items) => items.get(index).map(|item| (item, at.item(index))),
        single => Some((single, *at)),
    };
    let values = one_or_many(value, at, condition_value)?;
    let condition =
        Condition::new(operator, key.to_owned(), values).map_err(|(index, expected)| {
            written(index).map_or_else(
                || unfit(value, expected, at),
                |(item, at)| unfit(item, expected, &at),
            )
        })?;
    match condition.malformed_variable(language).and_then(written) {
        None => Ok(condition),
        Some((item, at)) => Err(malformed(item, &at)),
    }
}

fn condition_value(value: &Json<'_>, at: &Place<'_>) -> Result<ConditionValue, PolicyError> {
    match value {
        Json::Text(text) => Ok(ConditionValue::Text(text.as_ref().to_owned())),
        Json::Bool(value) => Ok(ConditionValue::Bool(*value)),
        Json::Number(number) => Ok(ConditionValue::Number(number.clone())),
        Json::Null | Json::List(_) | Json::Object(_) => {
            Err(unfit(value, "a text, a number, true or false", at))
        }
    }
}
