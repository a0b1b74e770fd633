//! Roles, users and groups.

use std::collections::BTreeMap;

use serde::de::MapAccess;

use super::object::{Member, Shape};
use super::trail::Casing;
use crate::inventory::entity::policy_arn;
use crate::inventory::error::{Fault, Problem};
use crate::inventory::{BearerKind, Document, Entity, Unknown};
use crate::policy::Kind;

const ROLE: [&str; 9] = [
    "RoleName",
    "RoleId",
    "Arn",
    "Path",
    "AssumeRolePolicyDocument",
    "RolePolicyList",
    "AttachedManagedPolicies",
    "PermissionsBoundary",
    "Tags",
];
const USER: [&str; 9] = [
    "UserName",
    "UserId",
    "Arn",
    "Path",
    "UserPolicyList",
    "GroupList",
    "AttachedManagedPolicies",
    "PermissionsBoundary",
    "Tags",
];
const GROUP: [&str; 6] = [
    "GroupName",
    "GroupId",
    "Arn",
    "Path",
    "GroupPolicyList",
    "AttachedManagedPolicies",
];

/// `RoleDetail`, `UserDetail` and `GroupDetail` of IAM, and what AWS Config keeps of them.
#[derive(Debug)]
pub(in crate::inventory) struct EntityShape {
    kind: BearerKind,
    name: Option<String>,
    id: Option<String>,
    arn: Option<String>,
    path: Option<String>,
    trust: Option<Document>,
    inline: Option<Vec<(String, Document)>>,
    attached: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    boundary: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

impl EntityShape {
    pub(in crate::inventory) fn new(kind: BearerKind) -> Self {
        Self {
            kind,
            name: None,
            id: None,
            arn: None,
            path: None,
            trust: None,
            inline: None,
            attached: None,
            groups: None,
            boundary: None,
            tags: None,
        }
    }

    /// The entity, if everything that makes one is there.
    pub(in crate::inventory) fn finish(mut self, casing: Casing) -> Result<Entity, Fault> {
        match casing {
            Casing::Iam => self.fill_up(),
            Casing::Config => self.demand_lists(casing)?,
        }
        let [name_member, id_member, _] = self.own_members();
        let missing = |member, expected| missing(casing, member, expected);
        let arn = self.arn.ok_or_else(|| missing("Arn", "an ARN"))?;
        let id = self.id.ok_or_else(|| missing(id_member, "a unique id"))?;
        let name = self.name.ok_or_else(|| missing(name_member, "a name"))?;
        let mut entity = Entity::new(self.kind, &id, &arn)?;
        if entity.name != name {
            return Err(Problem::value(&name, format!("the name in `{arn}`")).of(name_member));
        }
        if let Some(path) = self.path.filter(|path| *path != entity.path) {
            return Err(Problem::value(&path, format!("the path in `{arn}`")).of("Path"));
        }
        if let BearerKind::Role = self.kind {
            entity.trust = Some(self.trust.unwrap_or(Document::Unknown(Unknown::NotGiven)));
        }
        entity.inline = self.inline.unwrap_or_default();
        entity.attached = self.attached.unwrap_or_default();
        entity.groups = self.groups.unwrap_or_default();
        entity.boundary = self.boundary;
        entity.tags = self.tags;
        Ok(entity)
    }

    /// IAM leaves out lists of which there is nothing to say.
    fn fill_up(&mut self) {
        match self.kind {
            BearerKind::Role | BearerKind::User => {
                self.tags.get_or_insert_default();
            }
            BearerKind::Group => {}
        }
    }

    /// AWS Config keeps empty lists. What is not there was not recorded, and nothing may be concluded from that.
    fn demand_lists(&self, casing: Casing) -> Result<(), Fault> {
        let [_, _, inline_member] = self.own_members();
        if self.inline.is_none() {
            return Err(missing(casing, inline_member, "a list of inline policies"));
        }
        if self.attached.is_none() {
            let expected = "a list of managed policies";
            return Err(missing(casing, "AttachedManagedPolicies", expected));
        }
        match (self.kind, &self.groups) {
            (BearerKind::User, None) => Err(missing(casing, "GroupList", "a list of groups")),
            (BearerKind::User, Some(_)) | (BearerKind::Role | BearerKind::Group, _) => Ok(()),
        }
    }

    fn own_members(&self) -> [&'static str; 3] {
        match self.kind {
            BearerKind::Role => ["RoleName", "RoleId", "RolePolicyList"],
            BearerKind::User => ["UserName", "UserId", "UserPolicyList"],
            BearerKind::Group => ["GroupName", "GroupId", "GroupPolicyList"],
        }
    }
}

pub(super) fn missing(casing: Casing, member: &str, expected: &'static str) -> Fault {
    let member = casing.spell(member);
    Problem::Missing { member, expected }.into()
}

impl Shape for EntityShape {
    fn members(&self) -> &'static [&'static str] {
        match self.kind {
            BearerKind::Role => &ROLE,
            BearerKind::User => &USER,
            BearerKind::Group => &GROUP,
        }
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        let kind = self.kind;
        match member {
            "RoleName" | "UserName" | "GroupName" => self.name = value.optional()?,
            "RoleId" | "UserId" | "GroupId" => self.id = value.optional()?,
            "Arn" => {
                self.arn = value.checked(|arn| {
                    Entity::check_arn(kind, arn)?;
                    Ok(arn.to_owned())
                })?;
            }
            "Path" => self.path = value.optional()?,
            "AssumeRolePolicyDocument" => self.trust = Some(value.document(Kind::Trust)?),
            "GroupList" => self.groups = value.texts(add_group)?,
            "AttachedManagedPolicies" => self.attached = attached(value)?,
            "PermissionsBoundary" => self.boundary = boundary(value)?,
            "Tags" => self.tags = tags(value)?,
            _ => self.inline = inline(value)?,
        }
        Ok(())
    }
}

fn add_group(groups: &mut Vec<String>, name: String) -> Result<(), Problem> {
    if groups.contains(&name) {
        return Err(Problem::twice(&name, "group"));
    }
    groups.push(name);
    Ok(())
}

fn inline<'de, A: MapAccess<'de>>(
    value: Member<'_, '_, A>,
) -> Result<Option<Vec<(String, Document)>>, A::Error> {
    value.objects(
        InlineShape::default,
        |policies: &mut Vec<_>, shape, reading| {
            let casing = reading.casing();
            let Some(name) = shape.name else {
                return Err(missing(casing, "PolicyName", "the name of a policy"));
            };
            if policies.iter().any(|(known, _)| *known == name) {
                return Err(Problem::twice(&name, "inline policy").of("PolicyName"));
            }
            let document = shape
                .document
                .unwrap_or(Document::Unknown(Unknown::NotGiven));
            policies.push((name, document));
            Ok(())
        },
    )
}

fn attached<'de, A: MapAccess<'de>>(
    value: Member<'_, '_, A>,
) -> Result<Option<Vec<String>>, A::Error> {
    value.objects(
        || ArnShape::new(&["PolicyArn"]),
        |arns: &mut Vec<_>, shape, reading| {
            let arn = shape.finish(reading.casing())?;
            if arns.contains(&arn) {
                return Err(Problem::twice(&arn, "attached policy").of("PolicyArn"));
            }
            arns.push(arn);
            Ok(())
        },
    )
}

fn boundary<'de, A: MapAccess<'de>>(value: Member<'_, '_, A>) -> Result<Option<String>, A::Error> {
    let shape = ArnShape::new(&["PermissionsBoundaryArn"]);
    value.object(shape, |shape, reading| shape.finish(reading.casing()))
}

fn tags<'de, A: MapAccess<'de>>(
    value: Member<'_, '_, A>,
) -> Result<Option<BTreeMap<String, String>>, A::Error> {
    value.objects(
        TagShape::default,
        |tags: &mut BTreeMap<_, _>, shape, reading| {
            let casing = reading.casing();
            let key = shape
                .key
                .ok_or_else(|| missing(casing, "Key", "the key of a tag"))?;
            let value = shape
                .value
                .ok_or_else(|| missing(casing, "Value", "the value of a tag"))?;
            if tags.contains_key(&key) {
                return Err(Problem::twice(&key, "tag").of("Key"));
            }
            tags.insert(key, value);
            Ok(())
        },
    )
}

/// `PolicyDetail`
#[derive(Debug, Default)]
struct InlineShape {
    name: Option<String>,
    document: Option<Document>,
}

impl Shape for InlineShape {
    fn members(&self) -> &'static [&'static str] {
        &["PolicyName", "PolicyDocument"]
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        match member {
            "PolicyName" => self.name = value.optional()?,
            _ => self.document = Some(value.document(Kind::Identity)?),
        }
        Ok(())
    }
}

/// `AttachedPolicy` and `AttachedPermissionsBoundary`, of which the ARN counts.
#[derive(Debug)]
struct ArnShape {
    members: &'static [&'static str; 1],
    arn: Option<String>,
}

impl ArnShape {
    fn new(members: &'static [&'static str; 1]) -> Self {
        Self { members, arn: None }
    }

    fn finish(self, casing: Casing) -> Result<String, Fault> {
        let [member] = *self.members;
        let lacking = || missing(casing, member, "the ARN of a managed policy");
        self.arn.ok_or_else(lacking)
    }
}

impl Shape for ArnShape {
    fn members(&self) -> &'static [&'static str] {
        self.members
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        _: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        self.arn = value.checked(policy_arn)?;
        Ok(())
    }
}

/// `Tag`
#[derive(Debug, Default)]
struct TagShape {
    key: Option<String>,
    value: Option<String>,
}

impl Shape for TagShape {
    fn members(&self) -> &'static [&'static str] {
        &["Key", "Value"]
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        match member {
            "Key" => self.key = value.optional()?,
            _ => self.value = value.optional()?,
        }
        Ok(())
    }
}
