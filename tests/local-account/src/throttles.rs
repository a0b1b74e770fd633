//! Calls that are refused as throttled, as tests want it.

use std::collections::HashMap;

use crate::locked::Locked;
use crate::wire::answer::Refusal;
use crate::wire::call::{ApiCall, Protocol};

/// How many more calls of a service's operation are refused.
#[derive(Debug, Default)]
pub(crate) struct Throttles(Locked<HashMap<(String, String), usize>>);

impl Throttles {
    pub(crate) fn set(&self, service: &str, operation: &str, calls: usize) {
        let key = (service.to_owned(), operation.to_owned());
        self.0.lock().insert(key, calls);
    }

    /// Refuses the call if it is one of those.
    pub(crate) fn check(&self, call: &ApiCall) -> Result<(), Refusal> {
        let mut all = self.0.lock();
        let key = (call.service.clone(), call.operation.clone());
        match all.get_mut(&key) {
            Some(left @ 1..) => {
                *left -= 1;
                Err(refusal(call.protocol))
            }
            _ => Ok(()),
        }
    }
}

/// Each protocol has its own word for it.
fn refusal(protocol: Protocol) -> Refusal {
    match protocol {
        Protocol::Json => Refusal::new("ThrottlingException", "Rate exceeded"),
        Protocol::Query => Refusal::new("Throttling", "Rate exceeded"),
        Protocol::RestJson => {
            Refusal::new("TooManyRequestsException", "Rate exceeded").with_status(429)
        }
        Protocol::RestXml => {
            Refusal::new("SlowDown", "Please reduce your request rate.").with_status(503)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn so_many_calls_of_one_operation_are_refused() {
        let throttles = Throttles::default();
        throttles.set("config", "PutEvaluations", 2);
        let check = |operation: &str| {
            throttles
                .check(&ApiCall::example("config", operation, &json!({})))
                .map_err(|refusal| refusal.code)
        };
        assert_eq!(check("DescribeConfigRules"), Ok(()));
        assert_eq!(check("PutEvaluations"), Err("ThrottlingException".into()));
        assert!(check("PutEvaluations").is_err());
        assert_eq!(check("PutEvaluations"), Ok(()));
    }
}
