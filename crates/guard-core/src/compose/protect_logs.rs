//! The policies that keep what sessions left behind: log group, bucket and keys.

mod actions;
mod destination;

use serde_json::json;

use super::draft::{Draft, document};
use super::key::on_keys;
use super::{ComposeError, KeyRef, Limit, Note, Paper, Place, Product, principals};
use crate::charter::Who;
use actions::{BUCKET, KEY, LOGS, LOGS_OF_ACCOUNT, OBJECTS, WRITING};

pub use super::deny_preferences::Form;
pub use destination::Destination;

/// What is to be kept, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// One for each Region, at least one.
    pub destinations: Vec<Destination>,
    /// Further keys: that of the log group and that of the bucket.
    pub keys: Vec<KeyRef>,
    /// Roles, users and permission sets of the operator, to which the denials do not apply.
    pub except: Vec<Who>,
    /// The account in which those are.
    pub place: Place,
    /// Where the policy against people goes.
    pub form: Form,
}

/// The policy against people; and where roles are excepted, a policy for each bucket and a statement for keys.
///
/// A bucket's or a key's own policy that denied everybody could not even be taken back, so that without exceptions there
/// is none.
pub fn compose(protection: &Protection) -> Result<Product, ComposeError> {
    let mut papers = vec![against_people(protection)?];
    let mut notes = vec![match protection.form {
        Form::Identity => Note::BindsOnlyBearers,
        Form::Scp => Note::ScpReach,
    }];
    if protection.except.is_empty() {
        match protection.form {
            Form::Identity => {}
            Form::Scp => return Err(ComposeError::NobodyExcepted),
        }
        notes.push(Note::NoResourcePolicies);
    } else {
        papers.extend(of_buckets(protection)?);
        papers.extend(of_keys(protection)?);
        notes.push(Note::AddToPolicies);
    }
    if has(protection, |it| it.log_group.is_some()) {
        match protection.form {
            Form::Identity => {}
            Form::Scp => notes.push(Note::AccountWideCalls),
        }
    }
    if has(protection, |it| it.bucket.is_some()) {
        notes.push(Note::Overwriting);
    }
    if has(protection, |it| it.log_group.is_some()) && protection.keys.is_empty() {
        notes.push(Note::KeyOfLogGroup);
    }
    Ok(Product { papers, notes })
}

fn has(protection: &Protection, question: fn(&Destination) -> bool) -> bool {
    protection.destinations.iter().any(question)
}

fn against_people(protection: &Protection) -> Result<Paper, ComposeError> {
    let mut statements = Vec::new();
    let groups = each(protection, Destination::log_group_arns);
    if !groups.is_empty() {
        statements.push(Draft::deny("KeepLogGroup", &LOGS).on(groups));
        match protection.form {
            // These calls name no log group, so that they cannot be narrowed to one.
            Form::Identity => {
                let draft = Draft::deny("KeepLogPolicies", &LOGS_OF_ACCOUNT);
                statements.push(draft.on_everything());
            }
            Form::Scp => {}
        }
    }
    let buckets = each(protection, |it| it.bucket_arn().into_iter().collect());
    if !buckets.is_empty() {
        statements.push(Draft::deny("KeepBucket", &BUCKET).on(buckets));
        let objects = each(protection, |it| it.objects_arn().into_iter().collect());
        statements.push(Draft::deny("KeepObjects", &OBJECTS).on(objects.clone()));
        match protection.form {
            // Nodes write their logs themselves: only people are told not to.
            Form::Identity => {
                statements.push(Draft::deny("WriteNoObjects", &WRITING).on(objects));
            }
            Form::Scp => {}
        }
    }
    let keys = keys(protection);
    statements.extend(on_keys(
        &Draft::deny("KeepKeys", &KEY),
        &keys,
        "KeepKeysByAlias",
    ));
    let aliases = aliases(&keys);
    if !aliases.is_empty() {
        let calls = ["kms:DeleteAlias", "kms:UpdateAlias"];
        statements.push(Draft::deny("KeepAliases", &calls).on(aliases));
    }
    let statements: Vec<_> = statements
        .into_iter()
        .map(|draft| except(draft, protection))
        .collect();
    let (name, limit) = match protection.form {
        Form::Identity => ("protect-logs", Limit::ManagedPolicy),
        Form::Scp => ("protect-logs-scp", Limit::Scp),
    };
    Paper::new(name.to_owned(), document(&statements), limit)
}

fn of_buckets(protection: &Protection) -> Result<Vec<Paper>, ComposeError> {
    let mut papers: Vec<Paper> = Vec::new();
    for destination in &protection.destinations {
        let (Some(bucket), Some(arn)) = (&destination.bucket, destination.bucket_arn()) else {
            continue;
        };
        let name = format!("bucket-policy-{bucket}");
        if papers.iter().any(|it| it.name == name) {
            continue;
        }
        let objects = protection
            .destinations
            .iter()
            .filter(|it| it.bucket.as_ref() == Some(bucket));
        let mut arns: Vec<String> = objects.filter_map(Destination::objects_arn).collect();
        arns.dedup();
        let statements = [
            Draft::deny("KeepBucket", &BUCKET)
                .for_principal(json!("*"))
                .on([arn]),
            Draft::deny("KeepObjects", &OBJECTS)
                .for_principal(json!("*"))
                .on(arns),
        ];
        let statements = statements.map(|draft| except(draft, protection));
        papers.push(Paper::new(
            name,
            document(&statements),
            Limit::BucketPolicy,
        )?);
    }
    Ok(papers)
}

/// In a key's own policy `*` is the key.
fn of_keys(protection: &Protection) -> Result<Option<Paper>, ComposeError> {
    if keys(protection).is_empty() {
        return Ok(None);
    }
    let everybody = json!({ "AWS": "*" });
    let draft = Draft::deny("KeepKey", &KEY)
        .for_principal(everybody)
        .on_everything();
    let statement = except(draft, protection);
    let name = "key-policy".to_owned();
    Paper::new(name, document(&[statement]), Limit::KeyPolicy).map(Some)
}

fn except(draft: Draft, protection: &Protection) -> Draft {
    if protection.except.is_empty() {
        return draft;
    }
    let except = protection.except.iter();
    let arns = except.flat_map(|who| principals::of_principal(who, &protection.place));
    draft.when("ArnNotLike", "aws:PrincipalArn", arns)
}

fn each(protection: &Protection, part: impl Fn(&Destination) -> Vec<String>) -> Vec<String> {
    let mut parts = Vec::new();
    for part in protection.destinations.iter().flat_map(part) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

fn keys(protection: &Protection) -> Vec<KeyRef> {
    let mut keys = Vec::new();
    let named = protection
        .destinations
        .iter()
        .filter_map(|it| it.key.as_ref());
    for key in named.chain(&protection.keys) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

fn aliases(keys: &[KeyRef]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| match key {
            KeyRef::Alias { arn, .. } => Some(arn.clone()),
            KeyRef::Key { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
