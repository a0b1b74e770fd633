//! Lambda: functions run as processes of this machine behind the Lambda Runtime API.

pub(crate) mod destination;
pub(crate) mod environment;
pub(crate) mod invocation;
pub(crate) mod invoke_config;
pub(crate) mod log;
pub(crate) mod name;
pub(crate) mod package;
pub(crate) mod queue;
pub(crate) mod routes;
pub(crate) mod run;
pub(crate) mod runtime_api;
pub(crate) mod sandbox;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::invoke_config::InvokeConfig;
use self::package::Package;
use self::sandbox::Sandbox;
use crate::locked::Locked;

/// Processes a function may have at once when no concurrency is reserved. An account has a thousand; this machine
/// has a few cores.
const UNRESERVED: usize = 4;

/// A deployed function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    deployment: Locked<Arc<Deployment>>,
    pub(crate) invoke_config: Locked<InvokeConfig>,
    slots: Locked<Arc<Semaphore>>,
    idle: Locked<Vec<Sandbox>>,
}

/// What a process is started from; a new one replaces the processes of the old.
#[derive(Debug, Clone)]
pub(crate) struct Deployment {
    pub(crate) package: Arc<Package>,
    pub(crate) role_arn: String,
    pub(crate) timeout: Duration,
    pub(crate) memory: u64,
    pub(crate) handler: String,
    pub(crate) environment: BTreeMap<String, String>,
}

impl Deployment {
    /// Reads Lambda's own description of a function (Lambda API reference, `FunctionConfiguration`).
    pub(crate) fn read(configuration: &Value, package: Arc<Package>) -> Self {
        let text = |member: &str| {
            configuration
                .get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |member: &str, default: u64| {
            configuration
                .get(member)
                .and_then(Value::as_u64)
                .unwrap_or(default)
        };
        let variables = configuration
            .get("Environment")
            .and_then(|environment| environment.get("Variables"));
        let environment = variables.and_then(Value::as_object).into_iter().flatten();
        Self {
            package,
            role_arn: text("Role"),
            timeout: Duration::from_secs(number("Timeout", 3)),
            memory: number("MemorySize", 128),
            handler: text("Handler"),
            environment: environment
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
        }
    }
}

impl Function {
    fn new(region: &str, name: &str, deployment: Deployment) -> Self {
        Self {
            region: region.to_owned(),
            name: name.to_owned(),
            arn: name::arn(region, name),
            deployment: Locked::new(Arc::new(deployment)),
            invoke_config: Locked::default(),
            slots: Locked::new(Arc::new(Semaphore::new(UNRESERVED))),
            idle: Locked::default(),
        }
    }

    pub(crate) fn deployment(&self) -> Arc<Deployment> {
        Arc::clone(&self.deployment.lock())
    }

    /// Waits for a free process' place; a change of the reservation lets waiting invocations ask again.
    pub(crate) async fn slot(&self) -> OwnedSemaphorePermit {
        loop {
            let slots = Arc::clone(&self.slots.lock());
            if let Ok(permit) = slots.acquire_owned().await {
                return permit;
            }
        }
    }

    /// A free place, if there is one now.
    pub(crate) fn slot_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots.lock()).try_acquire_owned().ok()
    }

    /// Reserves concurrency, or gives the reservation back.
    pub(crate) fn reserve(&self, concurrency: Option<usize>) {
        let places = Arc::new(Semaphore::new(concurrency.unwrap_or(UNRESERVED)));
        let before = std::mem::replace(&mut *self.slots.lock(), places);
        before.close();
    }

    fn redeploy(&self, deployment: Deployment) {
        *self.deployment.lock() = Arc::new(deployment);
        self.idle.lock().clear();
    }

    /// An idle process of the present deployment.
    pub(crate) fn take_idle(&self) -> Option<Sandbox> {
        let deployment = self.deployment();
        let mut idle = self.idle.lock();
        idle.retain(|sandbox| sandbox.is_of(&deployment));
        idle.pop()
    }

    pub(crate) fn put_idle(&self, sandbox: Sandbox) {
        if sandbox.is_of(&self.deployment()) {
            self.idle.lock().push(sandbox);
        }
    }
}

/// The functions of the account.
#[derive(Debug, Default)]
pub(crate) struct Functions(Locked<HashMap<(String, String), Arc<Function>>>);

impl Functions {
    /// By Region and name, ARN or partial ARN.
    pub(crate) fn find(&self, region: &str, name: &str) -> Option<Arc<Function>> {
        self.0
            .lock()
            .get(&(region.to_owned(), name::short(name).to_owned()))
            .cloned()
    }

    pub(crate) fn by_arn(&self, arn: &str) -> Option<Arc<Function>> {
        self.find(arn.split(':').nth(3)?, arn)
    }

    /// Creates the function, or replaces what it is started from.
    pub(crate) fn deploy(&self, region: &str, name: &str, deployment: Deployment) {
        let mut functions = self.0.lock();
        if let Some(function) = functions.get(&(region.to_owned(), name.to_owned())) {
            function.redeploy(deployment);
        } else {
            let function = Arc::new(Function::new(region, name, deployment));
            functions.insert((region.to_owned(), name.to_owned()), function);
        }
    }

    pub(crate) fn remove(&self, region: &str, name: &str) {
        self.0
            .lock()
            .remove(&(region.to_owned(), name::short(name).to_owned()));
    }

    /// Ends every idle process and starts none again.
    pub(crate) fn stop(&self) {
        for (_, function) in self.0.lock().drain() {
            function.idle.lock().clear();
        }
    }
}
