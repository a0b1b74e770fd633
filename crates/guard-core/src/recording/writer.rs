//! A role as the question is asked whether it can write the records.

use super::{Need, Target};
use crate::access::statement::is_about;
use crate::access::{Attached, Context, Outcome, Policies, Request, decide};
use crate::policy::{
    ActionElement, ActionPattern, Conditions, Effect, OneOrMany, PolicyDocument, ResourceElement,
    ResourcePattern, Sense, Statement,
};
use crate::reach::{Answer, Domain, Keys, Open, Presence, Question, Set, reach};

/// The policies of a role, taken apart into what allows and what denies.
///
/// What is not known grants nothing here, and denies nothing; whoever asks sees to that.
#[derive(Debug, Clone)]
pub struct Writer {
    arn: String,
    id: String,
    allows: Vec<PolicyDocument>,
    boundary: Option<PolicyDocument>,
    denials: Vec<Denials>,
}

/// The denying statements of one policy, turned into allowing ones so that it can be asked what they reach.
#[derive(Debug, Clone)]
struct Denials {
    name: String,
    document: PolicyDocument,
    /// Where each stood in its policy.
    places: Vec<usize>,
}

/// How far a call is allowed, denials aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// By no statement.
    No,
    /// Given these context keys.
    Conditional(Vec<String>),
    /// On certain keys of which nobody knows whether the alias means one of them.
    SomeKey,
    /// In any case.
    Yes,
}

/// What stops a call that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The policy: as its name tells it, the boundary's included.
    pub policy: String,
    /// Which of its statements, counted from 0.
    pub statement: usize,
    /// The name that the statement bears.
    pub sid: Option<String>,
    /// For which sessions or requests: an example of what is denied.
    pub example: String,
    /// The context keys on which it depends.
    pub on: Vec<String>,
}

/// Whether a call goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In any case.
    Can,
    /// Given these context keys.
    Given(Vec<String>),
    /// On certain keys of which nobody knows whether the alias means one of them.
    SomeKey,
    /// No statement of a policy, or none of the boundary, allows it.
    NotAllowed,
    /// A statement denies it, at least for some sessions or under some conditions.
    Denied(Bar),
    /// It could not be found out whether a statement denies it.
    Unknown,
}

impl Writer {
    /// A role of whose policies these are known, by what people call them.
    pub fn new<'p>(
        arn: &str,
        id: &str,
        policies: impl IntoIterator<Item = (String, &'p PolicyDocument)>,
        boundary: Option<(String, &'p PolicyDocument)>,
    ) -> Self {
        let mut writer = Self {
            arn: arn.to_owned(),
            id: id.to_owned(),
            allows: Vec::new(),
            boundary: boundary
                .as_ref()
                .map(|(_, document)| part(document, Effect::Allow).0),
            denials: Vec::new(),
        };
        for (name, document) in policies {
            writer.allows.push(part(document, Effect::Allow).0);
            writer.deny(name, document);
        }
        if let Some((name, document)) = boundary {
            writer.deny(name, document);
        }
        writer
    }

    fn deny(&mut self, name: String, document: &PolicyDocument) {
        let (document, places) = part(document, Effect::Deny);
        if !places.is_empty() {
            self.denials.push(Denials {
                name,
                document,
                places,
            });
        }
    }

    /// Whether the call goes through.
    pub fn standing(&self, need: &Need) -> Standing {
        let grant = self.grant(need);
        if grant == Grant::No {
            return Standing::NotAllowed;
        }
        match (self.denial(need), grant) {
            (Err(()), _) => Standing::Unknown,
            (Ok(Some(bar)), _) => Standing::Denied(bar),
            (Ok(None), Grant::Yes) => Standing::Can,
            (Ok(None), Grant::Conditional(on)) => Standing::Given(on),
            (Ok(None), Grant::SomeKey) => Standing::SomeKey,
            (Ok(None), Grant::No) => Standing::NotAllowed,
        }
    }

    /// How far the policies and the boundary allow the call, denials aside.
    pub fn grant(&self, need: &Need) -> Grant {
        let policies = self.allowing();
        let context = self.context(need);
        let mut whole = Grant::Yes;
        for forms in need.probes() {
            match (best(&policies, need, &forms, &context), &whole) {
                (Grant::No, _) => {
                    whole = Grant::No;
                    break;
                }
                (some @ (Grant::Conditional(_) | Grant::SomeKey), Grant::Yes) => whole = some,
                (Grant::Yes | Grant::Conditional(_) | Grant::SomeKey, _) => {}
            }
        }
        if whole == Grant::Yes && need.is_writing() {
            whole = self.grant_of_all(&policies, need, &context);
        }
        match (&need.target, whole) {
            (Target::Alias { keys, .. }, Grant::No | Grant::Conditional(_))
                if self.is_some_key_allowed(&policies, need, keys) =>
            {
                Grant::SomeKey
            }
            (_, whole) => whole,
        }
    }

    /// The same of every session's record, and not of those alone that a probe stands for: whoever knows the probes
    /// could have them let through and no others.
    ///
    /// What allows is asked as if it denied, beside something that allows everything: what then goes through is what
    /// nothing allowed.
    fn grant_of_all(&self, policies: &Policies<'_>, need: &Need, context: &Context) -> Grant {
        let form = need.form_for_all();
        if best(policies, need, &form, context) == Grant::Yes {
            return Grant::Yes;
        }
        let mut whole = Grant::Yes;
        let layers = [self.allows.as_slice(), self.boundary.as_slice()];
        for layer in layers.into_iter().filter(|layer| !layer.is_empty()) {
            match self.gap(layer, need) {
                Answer::Cannot(_) => {}
                Answer::Can(witness) if witness.assumed.is_empty() => return Grant::No,
                Answer::Can(witness) => whole = Grant::Conditional(witness.assumed),
                Answer::Unknown => whole = Grant::Conditional(Vec::new()),
            }
        }
        whole
    }

    /// A request for a record that no statement of these documents allows.
    fn gap(&self, allows: &[PolicyDocument], need: &Need) -> Answer {
        let documents = complement(allows, need.action);
        let attached = |document| Attached { name: "", document };
        let policies = Policies {
            identity: documents.iter().map(attached).collect(),
            ..Policies::default()
        };
        let (records, keys) = (need.records(), self.keys(need));
        reach(&policies, &self.question(need, &records, &keys))
    }

    fn allowing(&self) -> Policies<'_> {
        let attached = |document| Attached { name: "", document };
        Policies {
            identity: self.allows.iter().map(attached).collect(),
            boundary: self.boundary.as_ref().map(|it| vec![attached(it)]),
            ..Policies::default()
        }
    }

    fn is_some_key_allowed(&self, policies: &Policies<'_>, need: &Need, keys: &str) -> bool {
        let sets = [Set::of(format!("{keys}?*"))];
        let known = self.keys(need);
        match reach(policies, &self.question(need, &sets, &known)) {
            Answer::Can(_) | Answer::Unknown => true,
            Answer::Cannot(_) => false,
        }
    }

    /// The first denial of the call on anything that it may be made on; an error when that could not be found out.
    fn denial(&self, need: &Need) -> Result<Option<Bar>, ()> {
        let (sets, keys) = (need.sets(), self.keys(need));
        let mut conditional = None;
        for denials in &self.denials {
            let policies = Policies {
                identity: vec![Attached {
                    name: &denials.name,
                    document: &denials.document,
                }],
                ..Policies::default()
            };
            let statements = denials.document.statements.iter();
            if !statements
                .clone()
                .any(|it| is_about(&it.action, need.action))
            {
                continue;
            }
            match reach(&policies, &self.question(need, &sets, &keys)) {
                Answer::Cannot(_) => {}
                Answer::Unknown => return Err(()),
                Answer::Can(witness) => {
                    let index = witness.by.first().map_or(0, |at| at.statement);
                    let statement = statements.clone().nth(index);
                    let conditions = statement.iter().flat_map(|it| it.conditions.iter());
                    // The agent does not choose where it calls from, so a value that nobody knows is no certain denial.
                    let open = conditions.filter(|it| keys.domain(it.key()).is_none());
                    let bar = Bar {
                        policy: denials.name.clone(),
                        statement: denials.places.get(index).copied().unwrap_or(index),
                        sid: statement.and_then(|it| it.sid.clone()),
                        example: witness.resource,
                        on: open.map(|it| it.key().to_owned()).collect(),
                    };
                    if bar.on.is_empty() {
                        return Ok(Some(bar));
                    }
                    conditional = conditional.or(Some(bar));
                }
            }
        }
        Ok(conditional)
    }

    fn question<'q>(&'q self, need: &Need, sets: &'q [Set], keys: &'q Keys) -> Question<'q> {
        Question {
            action: need.action,
            principal: Some(&self.arn),
            resources: sets,
            keys,
        }
    }

    /// What is known of every request of the role's instances; the rest may have any value.
    fn known(&self, need: &Need) -> Vec<(&'static str, String)> {
        let mut known = vec![
            ("aws:PrincipalArn", self.arn.clone()),
            ("aws:PrincipalAccount", need.account.to_string()),
            ("aws:PrincipalType", "AssumedRole".to_owned()),
            ("aws:PrincipalIsAWSService", "false".to_owned()),
            // The agent speaks to AWS over TLS alone.
            ("aws:SecureTransport", "true".to_owned()),
            ("aws:RequestedRegion", need.region.to_string()),
        ];
        known.extend(
            need.alias()
                .map(|alias| ("kms:ResourceAliases", alias.to_owned())),
        );
        known
    }

    fn context(&self, need: &Need) -> Context {
        let mut context = Context::unknown();
        context.set_absent("aws:username");
        for (key, value) in self.known(need) {
            context.set(key, value);
        }
        context
    }

    fn keys(&self, need: &Need) -> Keys {
        let user_id = Domain::Open(Open {
            presence: Presence::Required,
            inside: vec![format!("{}:?*", self.id)],
            outside: Vec::new(),
        });
        let keys = Keys::new()
            .with("aws:username", Domain::Absent)
            .with("aws:userid", user_id);
        let known = self.known(need).into_iter();
        known.fold(keys, |keys, (key, value)| {
            keys.with(key, Domain::Fixed(vec![value]))
        })
    }
}

/// What the forms of one request are allowed at best.
fn best(policies: &Policies<'_>, need: &Need, forms: &[String], context: &Context) -> Grant {
    let mut best = Grant::No;
    for resource in forms {
        let request = Request {
            action: need.action,
            resource,
            principal: None,
            context,
        };
        let decision = decide(policies, &request);
        match (decision.outcome, &best) {
            (Outcome::Allowed, _) => return Grant::Yes,
            (Outcome::Conditional, Grant::No) => best = Grant::Conditional(decision.on),
            (Outcome::Conditional | Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied, _) => {}
        }
    }
    best
}

/// A policy that allows a call on everything that none of the documents allows it on.
fn complement(allows: &[PolicyDocument], action: &str) -> Vec<PolicyDocument> {
    let everything = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: None,
        action: ActionElement {
            sense: Sense::Listed,
            patterns: OneOrMany::One(ActionPattern::new(action)),
        },
        resource: Some(ResourceElement {
            sense: Sense::Listed,
            patterns: OneOrMany::One(ResourcePattern::new("*")),
        }),
        conditions: Conditions::default(),
    };
    let flipped = allows.iter().map(|document| {
        let statements = document.statements.iter().cloned();
        let statements = statements.map(|statement| Statement {
            effect: Effect::Deny,
            ..statement
        });
        PolicyDocument {
            version: document.version,
            id: None,
            statements: OneOrMany::Many(statements.collect()),
        }
    });
    let everything = PolicyDocument {
        version: None,
        id: None,
        statements: OneOrMany::One(everything),
    };
    std::iter::once(everything).chain(flipped).collect()
}

/// The statements with this effect, as allowing ones, and where they stood.
fn part(document: &PolicyDocument, effect: Effect) -> (PolicyDocument, Vec<usize>) {
    let statements = document.statements.iter().enumerate();
    let (places, statements) = statements
        .filter(|(_, statement)| statement.effect == effect)
        .map(|(index, statement)| {
            let mut statement = statement.clone();
            statement.effect = Effect::Allow;
            (index, statement)
        })
        .unzip();
    let document = PolicyDocument {
        version: document.version,
        id: None,
        statements: OneOrMany::Many(statements),
    };
    (document, places)
}
