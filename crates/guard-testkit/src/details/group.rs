//! Groups.

use serde_json::{Value, json};

use super::{Details, List, arn, role};

pub(super) fn group(details: &Details, number: usize) -> Value {
    let dice = &mut details.dice(List::Groups, number);
    let name = arn::group_name(number);
    let inline: Vec<_> = (0..dice.below(3))
        .map(|policy| role::inline(details, dice, policy))
        .collect();
    json!({
        "Path": "/",
        "GroupName": name,
        "GroupId": format!("AGPA{}", dice.id(17)),
        "Arn": format!("arn:aws:iam::{}:group/{name}", arn::account()),
        "CreateDate": dice.date(),
        "GroupPolicyList": inline,
        "AttachedManagedPolicies": arn::attached(details, dice, 4),
    })
}
