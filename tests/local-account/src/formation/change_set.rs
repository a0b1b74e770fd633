//! Change sets without a change: moto refuses to create them, AWS creates them as failed ones
//! (CloudFormation API reference, `DescribeChangeSet`), and `aws cloudformation deploy` waits for that.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::ACCOUNT;
use crate::locked::Locked;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Name and stack of each, by its ARN.
#[derive(Debug, Default)]
pub(crate) struct EmptyChangeSets(Locked<HashMap<String, (String, String)>>);

/// Whether moto refused because nothing would change.
pub(crate) fn is_about_nothing(refusal: &Refusal) -> bool {
    refusal.message.contains("No updates are to be performed")
}

impl EmptyChangeSets {
    pub(crate) fn open(&self, call: &ApiCall, stack: &str) -> Value {
        let name = call.text("ChangeSetName").unwrap_or_default();
        let root = format!("arn:aws:cloudformation:{}:{ACCOUNT}", call.region);
        let id = format!("{root}:changeSet/{name}/{}", Uuid::new_v4());
        self.0
            .lock()
            .insert(id.clone(), (name.to_owned(), stack.to_owned()));
        json!({"Id": id, "StackId": format!("{root}:stack/{stack}/{}", Uuid::new_v4())})
    }

    /// Answers calls on one of these; `None` when the call is about something else.
    pub(crate) fn answer(&self, call: &ApiCall) -> Option<Result<Value, Refusal>> {
        let mut all = self.0.lock();
        let id = call.text("ChangeSetName")?;
        let (name, stack) = all.get(id)?;
        match call.operation.as_str() {
            "DescribeChangeSet" => Some(Ok(json!({
                "ChangeSetName": name,
                "ChangeSetId": id,
                "StackName": stack,
                "Status": "FAILED",
                "ExecutionStatus": "UNAVAILABLE",
                "StatusReason": "The submitted information didn't contain changes. Submit different information to create a change set.",
                "Changes": [],
            }))),
            "DeleteChangeSet" => {
                all.remove(id);
                Some(Ok(json!({})))
            }
            _ => None,
        }
    }
}
