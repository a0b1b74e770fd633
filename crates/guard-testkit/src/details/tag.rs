//! Tags, in IAM's form.

use serde_json::{Value, json};

use super::{Dice, arn};

/// Up to six tags, the keys as accounts have them.
pub(super) fn tags(dice: &mut Dice) -> Vec<Value> {
    let mut tags = vec![
        tag("Team", arn::project(dice)),
        tag("Stage", arn::stage(dice)),
    ];
    if dice.chance(50) {
        tags.push(tag("CostCenter", &format!("{}", 1_000 + dice.below(9_000))));
    }
    if dice.chance(40) {
        tags.push(tag(
            "aws:cloudformation:stack-name",
            &format!("{}-app", arn::project(dice)),
        ));
    }
    if dice.chance(20) {
        tags.push(tag("SessionAccess", dice.pick(&["web", "batch", "none"])));
    }
    tags
}

fn tag(key: &str, value: &str) -> Value {
    json!({ "Key": key, "Value": value })
}
