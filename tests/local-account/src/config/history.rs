//! Every item that was recorded, per Region.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::item::{Item, Observed, Status};
use super::page::{self, Members};
use super::refusals;
use crate::locked::Locked;
use crate::trail::time::from_epoch;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

const SMALL_MEMBERS: Members = Members {
    limit: "limit",
    token: "nextToken",
};

/// An item, and the one before it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) item: Arc<Item>,
    pub(crate) previous: Option<Arc<Item>>,
}

#[derive(Debug, Default)]
pub(crate) struct History(Locked<HashMap<String, Region>>);

#[derive(Debug, Default)]
struct Region {
    items: Vec<Arc<Item>>,
    latest: BTreeMap<(&'static str, String), Arc<Item>>,
}

impl Region {
    fn add(&mut self, resource: Observed, status: Status, now: Timestamp) -> Change {
        // Times are in milliseconds and tell items apart: `GetResourceConfigHistory` finds one by its time.
        let earliest = self
            .items
            .last()
            .map(|last| last.captured.as_millisecond() + 1);
        let captured = earliest.map_or(now.as_millisecond(), |earliest| {
            earliest.max(now.as_millisecond())
        });
        let key = (resource.kind, resource.id.clone());
        let item = Arc::new(Item {
            resource,
            status,
            captured: Timestamp::from_millisecond(captured).unwrap_or(now),
        });
        self.items.push(Arc::clone(&item));
        let previous = self.latest.insert(key, Arc::clone(&item));
        Change { item, previous }
    }

    fn observe(&mut self, resource: Observed, now: Timestamp) -> Option<Change> {
        let last = self.latest.get(&(resource.kind, resource.id.clone()));
        let status = match last {
            Some(last) if last.status == Status::Deleted => Status::Discovered,
            None => Status::Discovered,
            Some(last) if last.resource == resource => return None,
            Some(_) => Status::Ok,
        };
        Some(self.add(resource, status, now))
    }
}

impl History {
    /// Compares all resources of some types with what was recorded last; what differs becomes an item.
    pub(crate) fn observe(
        &self,
        region: &str,
        kinds: &[&str],
        seen: Vec<Observed>,
        now: Timestamp,
    ) -> Vec<Change> {
        let mut all = self.0.lock();
        let records = all.entry(region.to_owned()).or_default();
        let is_gone = |item: &Item| {
            item.status != Status::Deleted
                && kinds.contains(&item.resource.kind)
                && !seen
                    .iter()
                    .any(|resource| item.is_of(resource.kind, &resource.id))
        };
        let gone: Vec<Observed> = records
            .latest
            .values()
            .filter(|item| is_gone(item))
            .map(|item| item.resource.clone())
            .collect();
        let mut changes: Vec<Change> = seen
            .into_iter()
            .filter_map(|resource| records.observe(resource, now))
            .collect();
        changes.extend(
            gone.into_iter()
                .map(|resource| records.add(resource, Status::Deleted, now)),
        );
        changes
    }

    /// Every item of a Region, oldest first.
    pub(crate) fn items(&self, region: &str) -> Vec<Arc<Item>> {
        self.0
            .lock()
            .get(region)
            .map(|records| records.items.clone())
            .unwrap_or_default()
    }

    /// The last item of each resource that exists.
    pub(crate) fn current(&self, region: &str) -> Vec<Arc<Item>> {
        let all = self.0.lock();
        let latest = all
            .get(region)
            .map(|records| &records.latest)
            .into_iter()
            .flatten();
        latest
            .map(|(_, item)| Arc::clone(item))
            .filter(|item| item.status != Status::Deleted)
            .collect()
    }

    /// `GetResourceConfigHistory`: newest first unless told otherwise, both ends included.
    pub(crate) fn answer(&self, call: &ApiCall) -> Result<Value, Refusal> {
        let kind = call.text("resourceType").unwrap_or_default();
        let id = call.text("resourceId").unwrap_or_default();
        let time = |member: &str| call.parameters.get(member).and_then(from_epoch);
        let (earlier, later) = (time("earlierTime"), time("laterTime"));
        if let (Some(earlier), Some(later)) = (earlier, later)
            && earlier > later
        {
            let message = "The specified time range is not valid. The earlier time is not chronologically before the later time.";
            return Err(Refusal::new("InvalidTimeRangeException", message));
        }
        let mut items = self.items(&call.region);
        items.retain(|item| item.is_of(kind, id));
        if items.is_empty() {
            return Err(refusals::not_discovered(kind, id));
        }
        items.retain(|item| {
            earlier.is_none_or(|earlier| item.captured >= earlier)
                && later.is_none_or(|later| item.captured <= later)
        });
        if call.text("chronologicalOrder") != Some("Forward") {
            items.reverse();
        }
        let items = items.iter().map(|item| item.answered()).collect();
        page::limited(call, SMALL_MEMBERS, "configurationItems", items).map_err(|refusal| {
            match refusal.code.as_str() {
                "ValidationException" => Refusal::new("InvalidLimitException", refusal.message),
                _ => refusal,
            }
        })
    }

    /// `BatchGetResourceConfig`: what exists now, without tags.
    pub(crate) fn batch(&self, call: &ApiCall) -> Result<Value, Refusal> {
        let keys = call
            .parameters
            .get("resourceKeys")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if keys.is_empty() || keys.len() > page::MOST {
            let constraint = "Member must have length between 1 and 100";
            return Err(refusals::validation(
                format!("of length {}", keys.len()),
                "resourceKeys",
                constraint,
            ));
        }
        let current = self.current(&call.region);
        let text = |key: &Value, member: &str| {
            key.get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for key in keys {
            let (kind, id) = (text(&key, "resourceType"), text(&key, "resourceId"));
            match current.iter().find(|item| item.is_of(&kind, &id)) {
                Some(item) => found.push(base(item.answered())),
                None => missing.push(key),
            }
        }
        Ok(json!({"baseConfigurationItems": found, "unprocessedResourceKeys": missing}))
    }
}

fn base(mut item: Value) -> Value {
    if let Value::Object(members) = &mut item {
        for member in [
            "tags",
            "relatedEvents",
            "relationships",
            "configurationItemMD5Hash",
        ] {
            members.remove(member);
        }
    }
    item
}
