//! `MaxItems` and `Marker` (IAM API reference, "Common Parameters" of lists).

use serde_json::{Map, Value, json};

use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Items a page by default, and at most.
const DEFAULT: usize = 100;
const MOST: usize = 1000;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    offset: usize,
    size: usize,
}

impl Page {
    pub(crate) fn read(call: &ApiCall) -> Result<Self, Refusal> {
        let size = match call.text("MaxItems") {
            None => DEFAULT,
            Some(written) => size(written)?,
        };
        let offset = match call.text("Marker") {
            None => 0,
            Some(marker) => marker.parse().map_err(|_| {
                Refusal::new("ValidationError", format!("Invalid Marker: {marker}"))
            })?,
        };
        Ok(Self { offset, size })
    }

    /// The page's items, and the members that say whether there are more.
    pub(crate) fn of<T>(self, items: Vec<T>) -> (Vec<T>, Map<String, Value>) {
        let total = items.len();
        let page: Vec<T> = items
            .into_iter()
            .skip(self.offset)
            .take(self.size)
            .collect();
        let next = self.offset + page.len();
        let mut more = Map::from_iter([("IsTruncated".to_owned(), json!(next < total))]);
        if next < total {
            more.insert("Marker".to_owned(), json!(next.to_string()));
        }
        (page, more)
    }
}

fn size(written: &str) -> Result<usize, Refusal> {
    written
        .parse()
        .ok()
        .filter(|size| (1..=MOST).contains(size))
        .ok_or_else(|| {
            let message = format!(
                "1 validation error detected: Value '{written}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and {MOST}"
            );
            Refusal::new("ValidationError", message)
        })
}
