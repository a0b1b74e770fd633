//! How CloudTrail's records reach the rules, as tests want it.

use std::time::Duration;

use serde_json::Value;

use crate::locked::Locked;

/// What happens to a record on its way to EventBridge. CloudTrail's events are delivered on a best-effort basis:
/// late, twice, in any order or not at all (EventBridge user guide, "Delivery levels").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// At once.
    #[default]
    Once,
    /// At once, and a second time.
    Twice,
    /// After this time.
    Late(Duration),
    /// Kept back until it is released, in the order that the test wants.
    Held,
    /// Lost.
    Never,
}

/// The setting, and what is kept back.
#[derive(Debug, Default)]
pub(crate) struct Post {
    pub(crate) delivery: Locked<Delivery>,
    held: Locked<Vec<(String, Value)>>,
}

impl Post {
    pub(crate) fn hold(&self, region: &str, envelope: Value) {
        self.held.lock().push((region.to_owned(), envelope));
    }

    pub(crate) fn held(&self) -> Vec<Value> {
        self.held
            .lock()
            .iter()
            .map(|(_, envelope)| envelope.clone())
            .collect()
    }

    /// Takes the named ones, in the order named; a place named twice is delivered twice. The others stay.
    pub(crate) fn release(&self, order: &[usize]) -> Vec<(String, Value)> {
        let mut held = self.held.lock();
        let released = order
            .iter()
            .filter_map(|place| held.get(*place).cloned())
            .collect();
        let kept = held
            .iter()
            .enumerate()
            .filter(|(place, _)| !order.contains(place))
            .map(|(_, item)| item.clone());
        *held = kept.collect();
        released
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn held_events_are_released_in_the_order_named() {
        let post = Post::default();
        for number in 0..3 {
            post.hold("eu-central-1", json!(number));
        }
        let released: Vec<Value> = post
            .release(&[2, 0, 2, 9])
            .into_iter()
            .map(|(_, event)| event)
            .collect();
        assert_eq!(released, [json!(2), json!(0), json!(2)]);
        assert_eq!(post.held(), [json!(1)]);
    }
}
