//! `resultToken`: each call of a function gets one, and with it the right to report results for its rule.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use uuid::Uuid;

use crate::locked::Locked;

/// Tokens of AWS have a length of two to three thousand characters.
const UUIDS: usize = 96;

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) region: String,
    pub(crate) rule_id: String,
    pub(crate) invoked: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct Tokens(Locked<HashMap<String, Grant>>);

impl Tokens {
    pub(crate) fn issue(&self, grant: Grant) -> String {
        let random: Vec<u8> = (0..UUIDS)
            .flat_map(|_| Uuid::new_v4().into_bytes())
            .collect();
        let token = STANDARD.encode(random);
        self.0.lock().insert(token.clone(), grant);
        token
    }

    pub(crate) fn find(&self, region: &str, token: &str) -> Option<Grant> {
        let grant = self.0.lock().get(token).cloned();
        grant.filter(|grant| grant.region == region)
    }
}
