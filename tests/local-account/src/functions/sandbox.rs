//! One process of a function.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::environment;
use super::invocation::{Entry, Outcome};
use super::log::Log;
use super::runtime_api::{self, Assignment, Desk};
use super::{Deployment, Function};
use crate::state::State;

/// A process may take this long to ask for its first event (Lambda developer guide, "Lambda execution
/// environment": the init phase is limited to 10 seconds).
const INIT_LIMIT: Duration = Duration::from_secs(10);
/// A process that has answered asks for its next event at once; what it wrote before has then been read.
const SETTLE_LIMIT: Duration = Duration::from_millis(200);

/// A running process behind a Runtime API of its own.
#[derive(Debug)]
pub(crate) struct Sandbox {
    deployment: Arc<Deployment>,
    desk: Arc<Desk>,
    assignments: mpsc::Sender<Assignment>,
    server: JoinHandle<()>,
    child: Child,
    log: Arc<Log>,
    has_asked: bool,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Sandbox {
    /// Starts a process with nothing in its environment but what Lambda puts there.
    pub(crate) async fn start(state: &State, function: &Function) -> Result<Self, Outcome> {
        let broken = |message: String| Outcome::failed("Runtime.ExitError", &message);
        let deployment = function.deployment();
        let open = runtime_api::open()
            .await
            .map_err(|error| broken(error.to_string()))?;
        let environment = environment::compose(state, function, &deployment, &open.address).await?;
        let root = deployment.package.path();
        let bootstrap = root.join("bootstrap");
        if !bootstrap.exists() {
            open.server.abort();
            return Err(Outcome::failed(
                "Runtime.InvalidEntrypoint",
                "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
            ));
        }
        let spawned = Command::new(bootstrap)
            .current_dir(root)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = spawned.map_err(|error| broken(error.to_string()))?;
        let log = Arc::new(Log::default());
        if let Some(stdout) = child.stdout.take() {
            log.follow(stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            log.follow(stderr);
        }
        let (desk, assignments, server) = (open.desk, open.assignments, open.server);
        Ok(Self {
            deployment,
            desk,
            assignments,
            server,
            child,
            log,
            has_asked: false,
        })
    }

    pub(crate) fn is_of(&self, deployment: &Arc<Deployment>) -> bool {
        Arc::ptr_eq(&self.deployment, deployment)
    }

    /// Gives one event to the process. The sandbox comes back when the process can take another.
    pub(crate) async fn invoke(
        mut self,
        function: &Function,
        entry: &Entry,
    ) -> (Outcome, Option<Self>) {
        self.log.turn_to(entry);
        if !self.has_asked {
            if let Err(outcome) = self.wait_for_start().await {
                return (outcome, None);
            }
            self.has_asked = true;
        }
        let timeout = self.deployment.timeout;
        let (reply, answer) = oneshot::channel();
        let assignment = {
            let mut invocation = entry.lock();
            let now = Timestamp::now();
            invocation.started_at = Some(now);
            Assignment {
                request_id: invocation.request_id.clone(),
                function_arn: function.arn.clone(),
                deadline_ms: now
                    .as_millisecond()
                    .saturating_add(i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX)),
                payload: invocation.event.to_string().into_bytes(),
                reply,
            }
        };
        if self.assignments.send(assignment).await.is_err() {
            return (
                Outcome::failed("Runtime.ExitError", "the runtime API is gone"),
                None,
            );
        }
        let ended = tokio::select! {
            biased;
            answer = answer => answer.ok(),
            status = self.child.wait() => Some(exit_error(entry, &status)),
            () = tokio::time::sleep(timeout) => Some(Outcome::TimedOut),
        };
        let outcome = ended
            .unwrap_or_else(|| Outcome::failed("Runtime.ExitError", "the process did not answer"));
        if outcome == Outcome::TimedOut
            || self.child.try_wait().is_ok_and(|status| status.is_some())
        {
            self.desk.clear();
            return (outcome, None);
        }
        // The process asks for more once it has written everything about this event.
        let settled = tokio::time::timeout(SETTLE_LIMIT, self.desk.asked.notified()).await;
        self.has_asked = settled.is_ok();
        (outcome, Some(self))
    }

    async fn wait_for_start(&mut self) -> Result<(), Outcome> {
        tokio::select! {
            biased;
            () = self.desk.broken.notified() => {
                Err(self.desk.init_error().unwrap_or_else(|| Outcome::failed("Runtime.InitError", "the process cannot start")))
            }
            () = self.desk.asked.notified() => Ok(()),
            status = self.child.wait() => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(self.desk.init_error().unwrap_or_else(|| {
                    Outcome::failed("Runtime.ExitError", &format!("Error: Runtime exited with error: {status}"))
                }))
            }
            () = tokio::time::sleep(INIT_LIMIT) => Err(Outcome::TimedOut),
        }
    }
}

fn exit_error(entry: &Entry, status: &std::io::Result<std::process::ExitStatus>) -> Outcome {
    let status = status
        .as_ref()
        .map_or_else(ToString::to_string, ToString::to_string);
    let message = format!(
        "RequestId: {} Error: Runtime exited with error: {status}",
        entry.lock().request_id
    );
    Outcome::failed("Runtime.ExitError", &message)
}
