//! The account as tests and the demo hold it.

mod access_advisor;
mod automation;
mod compliance;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::bus::delivery::Delivery;
use crate::bus::entries::AcceptedEvent;
use crate::bus::{self, Schedule};
use crate::calls::{Call, Mark};
use crate::config::recording;
use crate::documents::DuplicateContent;
use crate::formation::Alarm;
use crate::functions::invocation::Invocation;
use crate::functions::queue;
use crate::messages::PublishedMessage;
use crate::moto::{IAM, Moto};
use crate::principals::{self, Credentials, role_name};
use crate::state::State;
use crate::trail::history::Lookups;
use crate::{ACCOUNT, gateway, queues};

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// How to start an account.
#[derive(Debug, Clone)]
pub struct Config {
    /// The virtual environment that holds moto.
    pub venv: PathBuf,
    /// The Region that `account.region()` names; every Region works.
    pub region: String,
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
}

impl Config {
    /// Takes the virtual environment from `SESSION_GUARD_VENV`.
    pub fn from_environment() -> anyhow::Result<Self> {
        let venv = std::env::var_os("SESSION_GUARD_VENV").context(
            "SESSION_GUARD_VENV is not set: `make demo`, `make test` and `make local-account` install moto and set it",
        )?;
        Ok(Self {
            venv: PathBuf::from(venv),
            region: "eu-central-1".into(),
            port: 0,
        })
    }
}

/// A running account; dropping it ends everything it started.
#[derive(Debug)]
pub struct LocalAccount {
    state: Arc<State>,
    region: String,
    operator: Credentials,
    server: JoinHandle<()>,
    _scratch: TempDir,
}

impl Drop for LocalAccount {
    fn drop(&mut self) {
        self.server.abort();
        self.state.functions.stop();
        self.state.moto.stop();
    }
}

impl LocalAccount {
    /// Starts moto and the gateway, and waits until both answer.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let scratch = tempfile::Builder::new()
            .prefix("local-account-")
            .tempdir()?;
        let moto = Moto::start(&config.venv, scratch.path()).await?;
        let state = Arc::new(State::new(moto, &config.region));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", config.port))
            .await
            .with_context(|| format!("failed to listen on port `{}`", config.port))?;
        let url = format!("http://{}", listener.local_addr()?);
        state.endpoint.get_or_init(|| url);
        let router = gateway::router(Arc::clone(&state));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!("the gateway has ended: {error}");
            }
        });
        let operator = create_user(&state, "operator", &[ADMINISTRATOR]).await?;
        recording::look_at_iam(&state).await;
        Ok(Self {
            state,
            region: config.region,
            operator,
            server,
            _scratch: scratch,
        })
    }

    /// What `AWS_ENDPOINT_URL` has to say.
    pub fn endpoint_url(&self) -> String {
        self.state.endpoint_url()
    }

    /// The account's id.
    pub fn account_id(&self) -> &'static str {
        ACCOUNT
    }

    /// The Region of the configuration.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// An administrator.
    pub fn operator(&self) -> &Credentials {
        &self.operator
    }

    /// Everything that the AWS CLI, cargo-lambda and the SDKs read from the environment.
    pub fn environment(&self, credentials: &Credentials) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("AWS_ENDPOINT_URL", self.endpoint_url()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_DEFAULT_REGION", self.region.clone()),
        ];
        variables.extend(credentials.environment());
        variables
    }

    /// Creates an IAM user with managed policies and an access key.
    pub async fn create_user(&self, name: &str, policies: &[&str]) -> anyhow::Result<Credentials> {
        let credentials = create_user(&self.state, name, policies).await?;
        self.state.authority.forget();
        recording::look_at_iam(&self.state).await;
        Ok(credentials)
    }

    /// Creates a role that every principal of the account may assume; `path` begins and ends with a slash. Answers
    /// its ARN.
    pub async fn create_role(
        &self,
        path: &str,
        name: &str,
        policies: &[&str],
    ) -> anyhow::Result<String> {
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root"), "Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }]});
        let input = [
            ("RoleName", name),
            ("Path", path),
            ("AssumeRolePolicyDocument", &trust.to_string()),
        ];
        let moto = &self.state.moto;
        moto.query(IAM, "CreateRole", &input)
            .await
            .with_context(|| format!("failed to create role `{name}`"))?;
        for policy in policies {
            moto.query(
                IAM,
                "AttachRolePolicy",
                &[("RoleName", name), ("PolicyArn", policy)],
            )
            .await
            .with_context(|| format!("failed to attach `{policy}` to role `{name}`"))?;
        }
        self.state.authority.forget();
        recording::look_at_iam(&self.state).await;
        Ok(principals::role(moto, name).await?.arn)
    }

    /// Opens a session of a role, as `AssumeRole` would.
    pub async fn assume_role(
        &self,
        role_arn: &str,
        session_name: &str,
    ) -> anyhow::Result<Credentials> {
        let role = principals::role(&self.state.moto, role_name(role_arn))
            .await
            .with_context(|| format!("failed to assume role `{role_arn}`"))?;
        Ok(self
            .state
            .principals
            .open_session(role, session_name, None)
            .1)
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls.since(Mark::START)
    }

    /// This place in the log of calls.
    pub fn mark(&self) -> Mark {
        self.state.calls.mark()
    }

    /// The calls after a mark.
    pub fn calls_since(&self, mark: Mark) -> Vec<Call> {
        self.state.calls.since(mark)
    }

    /// Every CloudTrail record so far, oldest first, whatever the lookups' lag.
    pub fn records(&self) -> Vec<Value> {
        self.state.history.records()
    }

    /// How records reach the rules from now on.
    pub fn set_delivery(&self, delivery: Delivery) {
        *self.state.post.delivery.lock() = delivery;
    }

    /// The events kept back, oldest first; only those that a rule takes.
    pub fn held(&self) -> Vec<Value> {
        self.state.post.held()
    }

    /// Delivers held events in this order of their places, one after the other; the others stay.
    pub async fn release_held(&self, order: &[usize]) {
        for (region, envelope) in self.state.post.release(order) {
            bus::dispatch(&self.state, &region, &envelope).await;
        }
    }

    /// Gives an event straight to a function, past every rule: `Invoke` of the type `Event`. Answers the request's
    /// id.
    pub fn deliver(&self, function: &str, event: Value) -> anyhow::Result<String> {
        let found = self.state.functions.find(&self.region, function);
        let function =
            found.with_context(|| format!("no function `{function}` in `{}`", self.region))?;
        Ok(queue::accept(&self.state, function, event))
    }

    /// How long `LookupEvents` does not know an event yet.
    pub fn set_lookup_lag(&self, lag: Duration) {
        self.state.history.set_lag(lag);
    }

    /// Whether `LookupEvents` answers.
    pub fn set_lookups(&self, lookups: Lookups) {
        self.state.history.set_lookups(lookups);
    }

    /// With which content an update of a document is a duplicate.
    pub fn set_duplicate_content_rule(&self, rule: DuplicateContent) {
        self.state.documents.limits.lock().duplicates = rule;
    }

    /// How many versions a document may have.
    pub fn set_document_version_limit(&self, limit: usize) {
        self.state.documents.limits.lock().versions = limit;
    }

    /// How many times a new version is described as not Active.
    pub fn set_activation_polls(&self, polls: u32) {
        self.state.documents.limits.lock().activation_polls = polls;
    }

    /// Divides Lambda's waiting times.
    pub fn set_clock_factor(&self, factor: f64) {
        self.state.clock.set_factor(factor);
    }

    /// The rules that have a schedule.
    pub async fn schedules(&self) -> Vec<Schedule> {
        bus::schedules(&self.state, &self.region).await
    }

    /// Lets the time of a schedule come; `name` is the rule's name or the end of its ARN. Nothing fires by itself.
    pub async fn fire_schedule(&self, name: &str) -> anyhow::Result<()> {
        let fired = bus::fire(&self.state, &self.region, name).await;
        anyhow::ensure!(
            fired,
            "no enabled rule `{name}` with a schedule in `{}`",
            self.region
        );
        Ok(())
    }

    /// Every invocation so far.
    pub fn invocations(&self) -> Vec<Invocation> {
        self.state.invocations.all()
    }

    /// Waits until no event is on its way, waiting, running or to be retried; `false` when the time is up first.
    pub async fn wait_idle(&self, limit: Duration) -> bool {
        self.state.activity.idle(limit).await
    }

    /// Every message that SNS accepted.
    pub fn published_messages(&self) -> Vec<PublishedMessage> {
        self.state.published.lock().clone()
    }

    /// Every entry that `PutEvents` accepted.
    pub fn accepted_events(&self) -> Vec<AcceptedEvent> {
        self.state.accepted_events.lock().clone()
    }

    /// Every alarm that a stack declares.
    pub fn alarms(&self) -> Vec<Alarm> {
        self.state.stacks.alarms()
    }

    /// The messages in a queue, left where they are: `Body`, `MessageAttributes` and so on.
    pub async fn queue_messages(&self, queue: &str) -> anyhow::Result<Vec<Value>> {
        let messages = queues::messages(&self.state, &self.region, queue).await;
        messages.with_context(|| format!("failed to read queue `{queue}`"))
    }
}

async fn create_user(state: &State, name: &str, policies: &[&str]) -> anyhow::Result<Credentials> {
    let moto = &state.moto;
    moto.query(IAM, "CreateUser", &[("UserName", name)])
        .await
        .with_context(|| format!("failed to create user `{name}`"))?;
    for policy in policies {
        moto.query(
            IAM,
            "AttachUserPolicy",
            &[("UserName", name), ("PolicyArn", policy)],
        )
        .await
        .with_context(|| format!("failed to attach `{policy}` to user `{name}`"))?;
    }
    let answer = moto
        .query(IAM, "CreateAccessKey", &[("UserName", name)])
        .await?;
    let text = |member: &str| {
        let value = answer
            .get("AccessKey")
            .and_then(|key| key.get(member))
            .and_then(Value::as_str);
        value
            .map(str::to_owned)
            .with_context(|| format!("the access key of `{name}` has no {member}"))
    };
    Ok(Credentials {
        access_key_id: text("AccessKeyId")?,
        secret_access_key: text("SecretAccessKey")?,
        session_token: None,
    })
}
