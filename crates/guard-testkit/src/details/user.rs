//! Users, who have most of what they may do from groups.

use serde_json::{Value, json};

use super::{Details, List, arn, role, tag};

pub(super) fn user(details: &Details, number: usize) -> Value {
    let dice = &mut details.dice(List::Users, number);
    let path = dice.pick(&["/", "/people/", "/machines/ci/"]);
    let name = format!(
        "{}-{number:04}",
        dice.pick(&["alice", "bob", "carol", "dave", "erin", "frank", "grace"])
    );
    let arn = format!("arn:aws:iam::{}:user{path}{name}", arn::account());
    let groups = dice.several(3, details.groups);
    let groups = groups.into_iter().filter(|number| *number < details.groups);
    let mut user = json!({
        "Path": path,
        "UserName": name,
        "UserId": format!("AIDA{}", dice.id(17)),
        "Arn": arn,
        "CreateDate": dice.date(),
        "GroupList": groups.map(arn::group_name).collect::<Vec<_>>(),
        "AttachedManagedPolicies": arn::attached(details, dice, 2),
        "Tags": tag::tags(dice),
    });
    if let Some(user) = user.as_object_mut() {
        // The answer leaves out the list of a user without inline policies.
        if dice.chance(25) {
            user.insert(
                "UserPolicyList".to_owned(),
                json!([role::inline(details, dice, 0)]),
            );
        }
        if details.policies > 0 && dice.chance(10) {
            user.insert(
                "PermissionsBoundary".to_owned(),
                role::boundary(details, dice),
            );
        }
    }
    user
}
