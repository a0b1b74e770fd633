//! The preventive policy: nobody but the editors and the guard changes the preferences.
//!
//! AWS's sample (Systems Manager user guide, "Control user session preferences") denies to create, read, update and
//! delete the document, and leaves out moving its default version, sharing, metadata and tags.

use super::draft::{Draft, document};
use super::{Accounts, ComposeError, Limit, Note, Paper, Place, Product, principals};
use crate::charter::{Charter, Editor, Who};
use crate::names::PREFERENCES_DOCUMENT;
use crate::rules::preferences_access::CHANGING_ACTIONS;

/// Services for which `aws:CalledViaLast` tells that they made the call, among those that write documents for others
/// (IAM user guide, "AWS global condition context keys", `aws:CalledVia`).
const CALLED_VIA: [&str; 1] = ["cloudformation.amazonaws.com"];

/// What the policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A policy of users, roles or permission sets.
    Identity,
    /// A service control policy.
    Scp,
}

/// The policy: `guard_roles` are the names of the guard's own roles, one for each Region.
pub fn compose(
    charter: &Charter,
    place: &Place,
    guard_roles: &[String],
    form: Form,
) -> Result<Product, ComposeError> {
    let (name, limit) = match form {
        Form::Identity => ("deny-preferences", Limit::ManagedPolicy),
        Form::Scp => ("deny-preferences-scp", Limit::Scp),
    };
    let editors = charter.editors();
    let mut excepted = principals::of_roles(guard_roles, place);
    for editor in editors {
        excepted.extend(principals::of_principal(&editor.who, place));
    }
    let mut statements = vec![change("DenyPreferenceChanges", place).when(
        "ArnNotLike",
        "aws:PrincipalArn",
        excepted,
    )];
    statements.extend(limits(editors, place));
    Ok(Product {
        papers: vec![Paper::new(name.to_owned(), document(&statements), limit)?],
        notes: notes(editors, place, form),
    })
}

/// Any Region and any account: in a denial that is no wider than the name, and leaves out no form of the ARN.
fn change(sid: &str, place: &Place) -> Draft {
    let partition = &place.partition;
    Draft::deny(sid, &CHANGING_ACTIONS).on([format!(
        "arn:{partition}:ssm:*:*:document/{PREFERENCES_DOCUMENT}"
    )])
}

/// For each limit of an editor a denial of its own, since the exception above knows none.
fn limits(editors: &[Editor], place: &Place) -> Vec<Draft> {
    let mut statements = Vec::new();
    for (index, editor) in editors.iter().enumerate() {
        let draft = |limit: &str| {
            let named = principals::of_principal(&editor.who, place);
            let draft = change(&format!("Editor{}{limit}", index + 1), place);
            let draft = draft.when("ArnLike", "aws:PrincipalArn", named);
            let free = free_rivals(editors, editor, place);
            if free.is_empty() {
                draft
            } else {
                draft.when("ArnNotLike", "aws:PrincipalArn", free)
            }
        };
        if let Some(until) = editor.until {
            let until = [until.to_string()];
            statements.push(draft("Until").when("DateGreaterThanEquals", "aws:CurrentTime", until));
        }
        if editor.needs_mfa {
            // Access keys of users have no such key at all, which counts as false.
            let no = ["false".to_owned()];
            let key = "aws:MultiFactorAuthPresent";
            statements.push(draft("SecondFactor").when("BoolIfExists", key, no));
        }
        if !editor.via.is_empty() {
            statements.push(via(draft("Via"), editor));
        }
        if let Some(id) = &editor.unique_id {
            let (operator, id) = match &editor.who {
                Who::User(_) => ("StringNotEquals", id.clone()),
                Who::Role(_) | Who::PermissionSet(_) => ("StringNotLike", format!("{id}:*")),
            };
            statements.push(draft("UniqueId").when(operator, "aws:userid", [id]));
        }
    }
    statements
}

fn via(draft: Draft, editor: &Editor) -> Draft {
    if is_told(editor) {
        draft.when("StringNotEquals", "aws:CalledViaLast", editor.via.clone())
    } else {
        draft.when("Bool", "aws:ViaAWSService", ["false".to_owned()])
    }
}

fn is_told(editor: &Editor) -> bool {
    editor
        .via
        .iter()
        .all(|it| CALLED_VIA.contains(&it.as_str()))
}

/// Entries without any limit that may name the same principal: they let it whatever this one says.
fn free_rivals(editors: &[Editor], limited: &Editor, place: &Place) -> Vec<String> {
    let free = editors
        .iter()
        .filter(|it| !is_limited(it) && may_share(&it.who, &limited.who));
    free.flat_map(|it| principals::of_principal(&it.who, place))
        .collect()
}

fn is_limited(editor: &Editor) -> bool {
    editor.until.is_some()
        || editor.needs_mfa
        || !editor.via.is_empty()
        || editor.unique_id.is_some()
}

/// Whether both name principals of one kind and name; paths may have wildcards.
fn may_share(one: &Who, other: &Who) -> bool {
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    match (one, other) {
        (Who::Role(one), Who::Role(other)) | (Who::User(one), Who::User(other)) => {
            name(&one.to_string()) == name(&other.to_string())
        }
        (Who::PermissionSet(one), Who::PermissionSet(other)) => one == other,
        (Who::Role(_) | Who::User(_) | Who::PermissionSet(_), _) => false,
    }
}

fn notes(editors: &[Editor], place: &Place, form: Form) -> Vec<Note> {
    let mut notes = Vec::new();
    match form {
        Form::Identity => notes.push(Note::BindsOnlyBearers),
        Form::Scp => notes.push(Note::ScpReach),
    }
    match &place.accounts {
        Accounts::Any => notes.push(Note::AnyAccount),
        Accounts::These(_) | Accounts::Callers => {}
    }
    if editors.is_empty() {
        notes.push(Note::NoEditors);
    }
    for (index, editor) in editors.iter().enumerate() {
        let who = editor.who.to_string();
        let has_wildcard = match &editor.who {
            Who::Role(arn) | Who::User(arn) => arn.to_string().contains('*'),
            Who::PermissionSet(_) => false,
        };
        if has_wildcard {
            notes.push(Note::PathWildcard { who: who.clone() });
        }
        if !editor.via.is_empty() && !is_told(editor) {
            notes.push(Note::ViaUntold {
                who: who.clone(),
                services: editor.via.clone(),
            });
        }
        let rivals = editors
            .iter()
            .enumerate()
            .any(|(other, it)| other != index && is_limited(it) && may_share(&it.who, &editor.who));
        if is_limited(editor) && rivals {
            notes.push(Note::LimitsAddUp { who });
        }
    }
    notes
}

#[cfg(test)]
mod tests;
