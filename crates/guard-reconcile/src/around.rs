//! What runs with roles and what makes them, as far as a plan has to know it.

use guard_core::charter::Forbidden;
use guard_core::inventory::BearerKind;
use guard_core::migration::{made_by_stacks, makes_bearers, names};
use guard_core::roles::BearerName;

use crate::error::PortError;
use crate::patience::{all_pages, patiently};
use crate::ports::{Clock, InstanceProfile, ReadProfiles, ReadStacks, Stack};

/// All instance profiles of the account.
pub async fn profiles<P: ReadProfiles + Clock>(
    ports: &P,
) -> Result<Vec<InstanceProfile>, PortError> {
    all_pages(ports, async |after| ports.profiles(after).await).await
}

/// A stack that a plan has to tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Which.
    pub stack: Stack,
    /// Whether its template names the policy.
    pub names_policy: bool,
    /// The roles, users and groups that it made.
    pub made: Vec<BearerName>,
}

/// The stacks of a Region.
#[derive(Debug, Default)]
pub struct Stacks {
    /// Those that name the policy, or made roles, users or groups.
    pub related: Vec<Related>,
    /// Those that could not be looked at.
    pub unread: Vec<(Stack, PortError)>,
}

/// Looks at every stack of a Region: one call for each, and another one for those that make roles, users or groups.
/// `on_stack` is told how many there are, and called for each that was looked at.
pub async fn stacks<P: ReadStacks + Clock>(
    forbidden: &Forbidden,
    ports: &P,
    mut on_stack: impl FnMut(usize),
) -> Result<Stacks, PortError> {
    let all = all_pages(ports, async |after| ports.stacks(after).await).await?;
    let number = all.len();
    let mut stacks = Stacks::default();
    for stack in all {
        match related(&stack, forbidden, ports).await {
            Ok(related) => stacks.related.extend(related),
            Err(error) => stacks.unread.push((stack, error)),
        }
        on_stack(number);
    }
    Ok(stacks)
}

async fn related<P: ReadStacks + Clock>(
    stack: &Stack,
    forbidden: &Forbidden,
    ports: &P,
) -> Result<Option<Related>, PortError> {
    let template = patiently(ports, async || ports.template(stack).await).await?;
    let Some(template) = template else {
        return Ok(None);
    };
    let names_policy = names(&template, forbidden);
    let mut made = Vec::new();
    if makes_bearers(&template) {
        let resources = all_pages(ports, async |after| ports.resources(stack, after).await).await?;
        made.extend(resources.into_iter().filter_map(|resource| {
            let kind: BearerKind = made_by_stacks(&resource.kind)?;
            let name = resource.id?;
            Some(BearerName { kind, name })
        }));
    }
    let is_related = names_policy || !made.is_empty();
    Ok(is_related.then(|| Related {
        stack: stack.clone(),
        names_policy,
        made,
    }))
}
