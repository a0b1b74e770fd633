//! From constraints to a request that satisfies them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::clause::Layers;
use super::language::{Effort, Found, Pattern, find};
use super::pattern;
use super::search::Constraint;
use super::values::{self, Candidates, Wanted};
use super::variables;
use super::{Domain, Open, Presence, Question, Set};
use crate::access::Context;
use crate::access::condition::holds;
use crate::access::expand::Wildcards;
use crate::access::truth::Truth;
use crate::policy::LanguageVersion;

/// How many combinations of values of variables are tried. Policies name one or two variables.
const MAX_MODELS: usize = 64;

/// The values of all keys that stand as variables in patterns, chosen before anything else.
#[derive(Debug)]
pub(super) struct Model<'a> {
    question: &'a Question<'a>,
    /// The keys that some statement asks about: no other makes a difference.
    asked: Rc<BTreeSet<String>>,
    variables: BTreeMap<String, Option<String>>,
}

#[derive(Debug)]
pub(super) struct Models<'a> {
    pub(super) models: Vec<Model<'a>>,
    /// There are more.
    pub(super) is_cut: bool,
}

/// A request, and what it rests on.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) resource: String,
    pub(super) context: Context,
    /// The keys that the caller has to bring about, as the policies spell them.
    pub(super) assumed: Vec<String>,
}

/// Why there is no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unmet {
    /// No resource fits.
    Nothing,
    /// No value of this key fits; the key as [`super::Keys::canonical`] names it.
    Key(String),
    /// It could not be found out.
    TooMuch,
}

impl<'a> Model<'a> {
    /// Every combination of values of the variables in the statements and in the question.
    pub(super) fn all(
        question: &'a Question<'a>,
        layers: &Layers<'a>,
        effort: &mut Effort,
    ) -> Models<'a> {
        let mut combinations = vec![BTreeMap::new()];
        let mut is_cut = false;
        for key in variables::all(question, layers) {
            let variables::Values {
                values,
                is_cut: is_value_cut,
            } = variables::values(question, layers, &key, effort);
            // That no value was found does not say that there is none.
            is_cut |= is_value_cut || values.is_empty();
            let extended = combinations
                .iter()
                .flat_map(|combination: &BTreeMap<_, _>| {
                    let key = key.clone();
                    values.iter().map(move |value| {
                        let mut combination = combination.clone();
                        combination.insert(key.clone(), value.clone());
                        combination
                    })
                });
            let mut extended: Vec<_> = extended.collect();
            is_cut |= extended.len() > MAX_MODELS;
            extended.truncate(MAX_MODELS);
            combinations = extended;
        }
        let asked = Rc::new(asked(question, layers));
        let models = combinations.into_iter().map(|variables| Self {
            question,
            asked: Rc::clone(&asked),
            variables,
        });
        let models = models.collect();
        Models { models, is_cut }
    }

    /// A request of `set` that satisfies the constraints.
    pub(super) fn request(
        &self,
        set: &Set,
        constraints: &[Constraint<'a>],
        effort: &mut Effort,
    ) -> Result<Made, Unmet> {
        let resource = self.resource(set, constraints, effort)?;
        let (context, assumed) = self.context(constraints, effort)?;
        Ok(Made {
            resource,
            context,
            assumed,
        })
    }

    /// The context with every key that the question says is there, so that it is one of a whole request.
    pub(super) fn completed(&self, mut context: Context, effort: &mut Effort) -> Context {
        let left = self.question.keys.always_present();
        for key in left.filter(|key| !self.asked.contains(key) && !self.variables.contains_key(key))
        {
            if let Ok(value) = self.value(&key, &[], &context, effort) {
                self.set(&mut context, &key, value.as_deref());
            }
        }
        context
    }

    /// Whether the question leaves it to the caller to bring the key about.
    fn is_callers(&self, key: &str) -> bool {
        match self.question.keys.domain(key) {
            None => true,
            Some(Domain::Open(open)) => open.presence == Presence::Optional,
            Some(Domain::Absent | Domain::Fixed(_)) => false,
        }
    }

    fn resource(
        &self,
        set: &Set,
        constraints: &[Constraint<'a>],
        effort: &mut Effort,
    ) -> Result<String, Unmet> {
        let own = |texts: &[String]| {
            let patterns = texts.iter().map(|text| {
                let pattern = self.glob(text, LanguageVersion::V2012);
                pattern.map(Pattern::of_names)
            });
            patterns.collect::<Vec<Option<Pattern>>>()
        };
        let (mut inside, mut outside) = (own(&set.inside), own(&set.outside));
        for constraint in constraints {
            match constraint {
                Constraint::Inside(clause, text) => inside.push(self.glob(text, clause.version)),
                Constraint::Outside(clause, text) => outside.push(self.glob(text, clause.version)),
                Constraint::Holds(..) | Constraint::Fails(..) => {}
            }
        }
        // A pattern that means nothing has no text inside, and takes none out.
        let inside = inside
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .ok_or(Unmet::Nothing)?;
        let outside: Vec<_> = outside.into_iter().flatten().collect();
        match find(
            &inside.iter().collect::<Vec<_>>(),
            &outside.iter().collect::<Vec<_>>(),
            effort,
        ) {
            Found::Text(text) => Ok(text),
            Found::Nothing => Err(Unmet::Nothing),
            Found::TooMuch => Err(Unmet::TooMuch),
        }
    }

    fn context(
        &self,
        constraints: &[Constraint<'a>],
        effort: &mut Effort,
    ) -> Result<(Context, Vec<String>), Unmet> {
        let keys = &self.question.keys;
        let mut wanted: BTreeMap<String, Vec<Wanted<'_>>> = BTreeMap::new();
        for constraint in constraints {
            let (clause, condition, truth) = match *constraint {
                Constraint::Holds(clause, condition) => (clause, condition, true),
                Constraint::Fails(clause, condition) => (clause, condition, false),
                Constraint::Inside(..) | Constraint::Outside(..) => continue,
            };
            let of_key = wanted.entry(keys.canonical(condition.key())).or_default();
            of_key.push(Wanted {
                condition,
                version: clause.version,
                truth,
            });
        }
        let always = keys.always_present().filter(|key| self.asked.contains(key));
        let always = always.chain(self.variables.keys().cloned());
        for key in always {
            wanted.entry(key).or_default();
        }
        let mut context = Context::new();
        self.set_variables(&mut context);
        let named = self.named(constraints);
        let mut assumed = Vec::new();
        for (key, wanted) in &wanted {
            let value = self.value(key, wanted, &context, effort)?;
            // A variable that nothing here asks about has a value because every variable was given one.
            let is_needed = !wanted.is_empty() || named.contains(key);
            if value.is_some() && is_needed && self.is_callers(key) {
                let spelt = wanted
                    .first()
                    .map(|wanted| wanted.condition.key().to_owned());
                assumed.push(spelt.unwrap_or_else(|| key.clone()));
            }
            self.set(&mut context, key, value.as_deref());
        }
        Ok((context, assumed))
    }

    /// The keys whose values the constraints name as variables.
    fn named(&self, constraints: &[Constraint<'a>]) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        let mut add = |text: &str, version| {
            let keys = pattern::keys(text, version);
            named.extend(keys.iter().map(|key| self.question.keys.canonical(key)));
        };
        for constraint in constraints {
            match constraint {
                Constraint::Inside(clause, text) => add(text, clause.version),
                Constraint::Holds(clause, condition) => {
                    for value in condition.values() {
                        add(&value.text(), clause.version);
                    }
                }
                Constraint::Outside(..) | Constraint::Fails(..) => {}
            }
        }
        named
    }

    /// A value of one key, of which the context holds nothing yet but what variables say.
    fn value(
        &self,
        key: &str,
        wanted: &[Wanted<'_>],
        context: &Context,
        effort: &mut Effort,
    ) -> Result<Option<Vec<String>>, Unmet> {
        let candidates = match self.variables.get(key) {
            Some(value) => Candidates::only(value.clone().map(|value| vec![value])),
            None => self.candidates(key, wanted, effort),
        };
        let fits = |value: &&Option<Vec<String>>| {
            let mut context = context.clone();
            self.set(&mut context, key, value.as_deref());
            wanted.iter().all(|wanted| wanted.is_met(&context))
        };
        match candidates.values.iter().find(fits) {
            Some(value) => Ok(value.clone()),
            None if candidates.is_complete => Err(Unmet::Key(key.to_owned())),
            None => Err(Unmet::TooMuch),
        }
    }

    fn candidates(&self, key: &str, wanted: &[Wanted<'_>], effort: &mut Effort) -> Candidates {
        let anything = Open::default();
        let open = match self.question.keys.domain(key) {
            Some(Domain::Absent) => return Candidates::only(None),
            Some(Domain::Fixed(values)) => return Candidates::only(Some(values.clone())),
            Some(Domain::Open(open)) => open,
            None => &anything,
        };
        let variable = |key: &str| self.variable(key);
        values::candidates(open, wanted, &variable, effort)
    }

    fn set_variables(&self, context: &mut Context) {
        for (key, value) in &self.variables {
            if let Some(value) = value {
                self.set(context, key, Some(std::slice::from_ref(value)));
            }
        }
    }

    /// Sets a key under all its names.
    fn set(&self, context: &mut Context, key: &str, values: Option<&[String]>) {
        if let Some(values) = values {
            for name in self.question.keys.names(key) {
                context.set_all(name, values);
            }
        }
    }

    fn glob(&self, text: &str, version: LanguageVersion) -> Option<Pattern> {
        pattern::resolved(text, version, Wildcards::Wild, |key| self.variable(key))
    }

    fn variable(&self, key: &str) -> Option<String> {
        self.variables
            .get(&self.question.keys.canonical(key))
            .cloned()
            .flatten()
    }
}

/// The keys that some condition is about.
fn asked(question: &Question<'_>, layers: &Layers<'_>) -> BTreeSet<String> {
    let conditions = layers.all().flat_map(|clause| &clause.statement.conditions);
    conditions
        .map(|condition| question.keys.canonical(condition.key()))
        .collect()
}

impl Wanted<'_> {
    /// The same condition, which is to turn out the other way.
    pub(super) fn failing(self) -> Self {
        Self {
            truth: !self.truth,
            ..self
        }
    }

    pub(super) fn is_met(&self, context: &Context) -> bool {
        (holds(self.condition, self.version, context) == Truth::True) == self.truth
    }
}
