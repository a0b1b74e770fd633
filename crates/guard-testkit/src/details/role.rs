//! Roles: most of them for services, some for people.

use serde_json::{Value, json};

use super::{Details, Dice, List, arn, documents, tag, trust};

/// What kind of role: its path, name and trust.
struct Kind {
    path: String,
    name: String,
    trust: Value,
}

pub(super) fn role(details: &Details, number: usize) -> Value {
    let dice = &mut details.dice(List::Roles, number);
    let Kind { path, name, trust } = kind(dice, number);
    let arn = format!("arn:aws:iam::{}:role{path}{name}", arn::account());
    let inline: Vec<_> = (0..dice.below(4))
        .map(|policy| inline(details, dice, policy))
        .collect();
    let mut role = json!({
        "Path": path,
        "RoleName": name,
        "RoleId": format!("AROA{}", dice.id(17)),
        "Arn": arn,
        "CreateDate": dice.date(),
        "AssumeRolePolicyDocument": details.document(trust),
        "InstanceProfileList": [],
        "RolePolicyList": inline,
        "AttachedManagedPolicies": arn::attached(details, dice, 4),
        "Tags": tag::tags(dice),
        "RoleLastUsed": { "LastUsedDate": dice.date(), "Region": arn::region(dice) },
    });
    if let Some(role) = role.as_object_mut()
        && details.policies > 0
        && dice.chance(10)
    {
        role.insert("PermissionsBoundary".to_owned(), boundary(details, dice));
    }
    role
}

fn kind(dice: &mut Dice, number: usize) -> Kind {
    let project = arn::project(dice);
    let stage = arn::stage(dice);
    let of_service = |suffix: &str, service: &str| Kind {
        path: "/".to_owned(),
        name: format!("{project}-{stage}-{suffix}-{number:05}"),
        trust: trust::service(service),
    };
    match dice.below(20) {
        0..=6 => of_service("function", "lambda.amazonaws.com"),
        7..=10 => of_service("task", "ecs-tasks.amazonaws.com"),
        11..=13 => of_service("instance", "ec2.amazonaws.com"),
        14 => of_service("build", "codebuild.amazonaws.com"),
        15 => Kind {
            path: "/aws-service-role/config.amazonaws.com/".to_owned(),
            name: format!("AWSServiceRoleForConfig_{number:05}"),
            trust: trust::service("config.amazonaws.com"),
        },
        16 => Kind {
            path: "/aws-reserved/sso.amazonaws.com/eu-central-1/".to_owned(),
            name: format!("AWSReservedSSO_set-{number:05}_{}", dice.hex(16)),
            trust: trust::permission_set(),
        },
        17 => Kind {
            path: "/pipelines/".to_owned(),
            name: format!("{project}-pipeline-{number:05}"),
            trust: trust::pipeline(dice),
        },
        _ => Kind {
            path: "/".to_owned(),
            name: format!("{project}-partner-{number:05}"),
            trust: trust::account(dice),
        },
    }
}

/// An inline policy: one's own, or one that a tool wrote into many roles.
pub(super) fn inline(details: &Details, dice: &mut Dice, number: usize) -> Value {
    let document = match dice.below(10) {
        0..=3 => {
            let shared = dice.below(25) as u64;
            documents::document(&mut Dice::new([details.seed, u64::MAX, shared]), 2)
        }
        _ => documents::document(dice, 3),
    };
    json!({
        "PolicyName": format!("{}-{number}", arn::project(dice)),
        "PolicyDocument": details.document(document),
    })
}

pub(super) fn boundary(details: &Details, dice: &mut Dice) -> Value {
    json!({
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn::policy(dice.below(details.policies)),
    })
}
