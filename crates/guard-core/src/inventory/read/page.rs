//! One page of an answer of `GetAccountAuthorizationDetails`.

use serde::de::MapAccess;

use super::Reading;
use super::entity::EntityShape;
use super::object::{Member, Shape};
use super::policy::PolicyShape;
use crate::inventory::draft::Gathered;
use crate::inventory::{BearerKind, List};

/// A page, whose parts go into what was gathered as they are read.
#[derive(Debug)]
pub(in crate::inventory) struct Page<'g> {
    gathered: &'g mut Gathered,
    is_truncated: bool,
    has_next: bool,
}

impl<'g> Page<'g> {
    pub(in crate::inventory) fn new(gathered: &'g mut Gathered) -> Self {
        Self {
            gathered,
            is_truncated: false,
            has_next: false,
        }
    }

    /// Whether another page follows: `IsTruncated` is the service's word for it, `NextToken` the command line's, which
    /// cuts answers itself.
    pub(in crate::inventory) fn goes_on(&self) -> bool {
        self.is_truncated || self.has_next
    }

    fn entities<'de, A: MapAccess<'de>>(
        &mut self,
        kind: BearerKind,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        let gathered = &mut *self.gathered;
        let add = |(): &mut (), shape: EntityShape, reading: &mut Reading<'_>| {
            let entity = shape.finish(reading.casing())?;
            gathered.add(entity).map_err(|problem| problem.of("Arn"))
        };
        value.objects(|| EntityShape::new(kind), add)?;
        self.gathered.has_list(List::from(kind));
        Ok(())
    }

    fn policies<'de, A: MapAccess<'de>>(
        &mut self,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        let gathered = &mut *self.gathered;
        let add = |(): &mut (), shape: PolicyShape, reading: &mut Reading<'_>| {
            let policy = reading.finish_policy(shape)?;
            gathered
                .add_policy(policy)
                .map_err(|problem| problem.of("Arn"))
        };
        value.objects(PolicyShape::default, add)?;
        self.gathered.has_list(List::Policies);
        Ok(())
    }
}

impl Shape for Page<'_> {
    fn members(&self) -> &'static [&'static str] {
        &[
            "UserDetailList",
            "GroupDetailList",
            "RoleDetailList",
            "Policies",
            "IsTruncated",
            "NextToken",
        ]
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error> {
        match member {
            "UserDetailList" => self.entities(BearerKind::User, value)?,
            "GroupDetailList" => self.entities(BearerKind::Group, value)?,
            "RoleDetailList" => self.entities(BearerKind::Role, value)?,
            "Policies" => self.policies(value)?,
            "IsTruncated" => self.is_truncated = value.optional()?.unwrap_or(false),
            _ => self.has_next = value.optional::<String>()?.is_some(),
        }
        Ok(())
    }
}
