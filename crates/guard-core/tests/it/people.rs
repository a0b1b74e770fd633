//! The people of the cases, by the `userIdentity` that CloudTrail records of them.

use std::collections::BTreeMap;

use guard_core::principal::Principal;
use serde_json::Value;

pub(crate) struct People(BTreeMap<String, Value>);

impl People {
    pub(crate) fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("people.json"))
    }

    pub(crate) fn identity(&self, name: &str) -> &Value {
        let identity = self.0.get(name);
        identity.unwrap_or_else(|| panic!("people.json has no `{name}`"))
    }

    pub(crate) fn principal(&self, name: &str) -> Principal {
        Principal::from_user_identity(self.identity(name))
    }

    /// What Parameter Store notes as `LastModifiedUser`.
    pub(crate) fn modified_by(&self, name: &str) -> String {
        let arn = self.identity(name).get("arn").and_then(Value::as_str);
        arn.unwrap_or_default().to_owned()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
