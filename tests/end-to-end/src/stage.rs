//! An account with people, a baseline and the deployed guard.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use anyhow::{Context, ensure};
use guard_core::mandate;
use guard_core::names::{AccountId, Partition, Region, Scope};
use guard_core::preferences::Preferences;
use local_account::{Config, Credentials, LocalAccount};
use tempfile::TempDir;
use tokio::process::Command;

use crate::compliance::View;
use crate::{Administrator, Live, Person, Run};

/// The name of the guard's function.
pub const FUNCTION: &str = "preferences-guard";

/// The name of the function that watches who is given a forbidden policy.
pub const POLICY_GUARD: &str = "role-policy-guard";

/// The name of the function by which AWS Config has somebody remedied.
pub const MIGRATION: &str = "role-migration";

/// The rules of AWS Config, and their functions.
pub const RULES: [&str; 5] = [
    "session-guard-preferences",
    "session-guard-session-access",
    "session-guard-preferences-access",
    "session-guard-forbidden-policy",
    "session-guard-role-logging",
];

/// The program of all rules.
const RULES_BINARY: &str = "config-rules";

/// The schedule's rule.
const SWEEP_RULE: &str = "session-guard-preferences-guard-sweep";

/// Lambda's minutes of waiting between two attempts, as tests and the demo want them: a minute is 0.6 s.
const CLOCK_FACTOR: f64 = 100.0;

/// A run of the function with all its retries is over long before.
const PATIENCE: Duration = Duration::from_mins(1);

/// An account with people, a baseline and the guard.
#[derive(Debug)]
pub struct Stage {
    /// The account.
    pub account: LocalAccount,
    /// The administrator, who also looks on.
    pub operator: Person,
    /// The same, as far as IAM and AWS Config go.
    pub administrator: Administrator,
    /// Has `AmazonSSMFullAccess` and bad intentions.
    pub mallory: Person,
    /// A session of the role that the charter names as editor.
    pub editor: Person,
    /// May do nothing.
    pub trudy: Person,
    /// May change IAM, and has bad intentions.
    pub ivan: Administrator,
    /// What the operator wants the document to say.
    pub baseline: Preferences,
    operator_key: Credentials,
    n_seen: usize,
}

impl Stage {
    /// Starts an account with people in it, and nothing else.
    pub async fn start() -> anyhow::Result<Self> {
        let account = LocalAccount::start(Config::from_environment()?).await?;
        account.set_clock_factor(CLOCK_FACTOR);
        let full = ["arn:aws:iam::aws:policy/AmazonSSMFullAccess"];
        let mallory = account.create_user("mallory", &full).await?;
        let trudy = account.create_user("trudy", &[]).await?;
        let all_of_iam = ["arn:aws:iam::aws:policy/IAMFullAccess"];
        let ivan = account.create_user("ivan", &all_of_iam).await?;
        let role = account.create_role("/", "session-editors", &full).await?;
        let editor = account.assume_role(&role, "alice").await?;
        let operator_key = account.operator().clone();
        Ok(Self {
            operator: Person::new("the operator", &account, &operator_key),
            administrator: Administrator::new(&account, &operator_key),
            mallory: Person::new("mallory", &account, &mallory),
            editor: Person::new("alice, an editor,", &account, &editor),
            trudy: Person::new("trudy", &account, &trudy),
            ivan: Administrator::new(&account, &ivan),
            baseline: baseline(&account)?,
            operator_key,
            account,
            n_seen: 0,
        })
    }

    /// Starts an account whose document holds the baseline, and deploys the guard into it, without rules.
    pub async fn guarded() -> anyhow::Result<Self> {
        let mut stage = Self::start().await?;
        stage.set_baseline().await?;
        stage.deploy(&["--without-rules"]).await?;
        stage.sweep().await?;
        Ok(stage)
    }

    /// The same with the rules of AWS Config.
    pub async fn ruled() -> anyhow::Result<Self> {
        let mut stage = Self::start().await?;
        stage.set_baseline().await?;
        stage.deploy(&[]).await?;
        stage.sweep().await?;
        Ok(stage)
    }

    /// The operator creates the document with the baseline.
    pub async fn set_baseline(&self) -> anyhow::Result<()> {
        self.operator.create(&self.baseline.to_json()).await
    }

    /// Deploys as an operator does, with `session-guard deploy`; answers what that printed.
    pub async fn deploy(&mut self, wishes: &[&str]) -> anyhow::Result<String> {
        self.deploy_by(Path::new("charter.toml"), wishes).await
    }

    /// The same by another charter than the example.
    pub async fn deploy_by(&mut self, charter: &Path, wishes: &[&str]) -> anyhow::Result<String> {
        let built = own_copy()?;
        let architecture = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "x86_64"
        };
        let folder = built.path().to_string_lossy();
        let charter = charter.to_string_lossy();
        let command = ["deploy", "--charter", &charter];
        let place = ["--lambda-dir", &folder, "--arch", architecture];
        let output = self
            .session_guard(&[&command[..], &place, wishes].concat())
            .await?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "`session-guard deploy` failed:\n{said}{complained}"
        );
        self.settle().await?;
        self.n_seen = self.account.invocations().len();
        Ok(said)
    }

    /// Runs the operator's program against the account, in the project's folder.
    pub async fn session_guard(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Command::new(session_guard()?)
            .current_dir(project())
            .args(arguments)
            .args(["--endpoint-url", &self.account.endpoint_url()])
            .envs(self.account.environment(&self.operator_key))
            .kill_on_drop(true)
            .output()
            .await
            .with_context(|| format!("failed to run `session-guard {}`", arguments.join(" ")))
    }

    /// Gives the events of the failure queue back, as an operator does with `make redrive`.
    pub async fn redrive(&self) -> anyhow::Result<Output> {
        let tools =
            std::env::var_os("SESSION_GUARD_VENV").context("SESSION_GUARD_VENV is not set")?;
        let mut command = Command::new(Path::new(&tools).join("bin/python"));
        command
            .arg(project().join("infra/redrive"))
            .args(["--endpoint-url", &self.account.endpoint_url()])
            .envs(self.account.environment(&self.operator_key))
            .kill_on_drop(true);
        let output = command.output().await;
        output.context("failed to run infra/redrive")
    }

    /// Waits until the guard has nothing left to do.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let is_idle = self.account.wait_idle(PATIENCE).await;
        ensure!(
            is_idle,
            "the function is still at work after {} s",
            PATIENCE.as_secs()
        );
        Ok(())
    }

    /// The runs of the guard since this was last asked, once all are over.
    pub async fn runs(&mut self) -> anyhow::Result<Vec<Run>> {
        self.runs_of(&[FUNCTION]).await
    }

    /// The runs of the guard of policies since this was last asked, once all are over.
    pub async fn policy_runs(&mut self) -> anyhow::Result<Vec<Run>> {
        self.runs_of(&[POLICY_GUARD]).await
    }

    /// How long the rules took for what has happened since this was last asked: from the first event's arrival to the
    /// last answer. Fails if a run did.
    pub async fn rule_runs(&mut self) -> anyhow::Result<Duration> {
        let runs = self.runs_of(&RULES).await?;
        let began = runs.iter().map(|run| run.arrived).min();
        let ended = runs.iter().map(|run| run.arrived + run.took).max();
        let (began, ended) = began.zip(ended).context("no rule was asked")?;
        Ok(ended.duration_since(began).unsigned_abs())
    }

    async fn runs_of(&mut self, functions: &[&str]) -> anyhow::Result<Vec<Run>> {
        self.settle().await?;
        let invocations = self.account.invocations();
        let new = invocations.iter().skip(self.n_seen);
        let runs = new
            .filter(|it| functions.contains(&&*it.function))
            .map(Run::of)
            .collect();
        self.n_seen = invocations.len();
        runs
    }

    /// What AWS Config shows.
    pub async fn view(&self) -> anyhow::Result<View> {
        self.administrator.compliance(&RULES).await
    }

    /// Lets the time of the sweep come; answers its run.
    pub async fn sweep(&mut self) -> anyhow::Result<Run> {
        self.runs().await?;
        self.account.fire_schedule(SWEEP_RULE).await?;
        let runs = self.runs().await?;
        runs.into_iter()
            .find(|run| run.verdict() == "sweep")
            .context("the schedule fired and no sweep ran")
    }

    /// Reads the document back.
    pub async fn live(&self) -> anyhow::Result<Live> {
        Live::read(&self.operator)
            .await?
            .context("the document is missing")
    }

    /// Fails unless latest and default say the same as `expected`, and nobody else has a share.
    pub async fn expect(&self, expected: &Preferences) -> anyhow::Result<Live> {
        let live = self.live().await?;
        ensure!(
            live.document_type == "Session",
            "the document is of type {}",
            live.document_type
        );
        for (which, says) in [
            ("latest", &live.latest_says),
            ("default", &live.default_says),
        ] {
            let differs = guard_core::preferences::drift(expected, says);
            ensure!(
                differs.is_empty(),
                "the {which} version differs: {differs:?}"
            );
        }
        ensure!(
            live.sharing == crate::Sharing::Private,
            "the document is shared: {:?}",
            live.sharing
        );
        Ok(live)
    }
}

/// The built functions in a folder of its own: cargo-lambda packs the archive beside the program, so two deployments
/// from one folder at a time would overwrite each other's.
fn own_copy() -> anyhow::Result<TempDir> {
    let built = std::env::var_os("SESSION_GUARD_LAMBDA_DIR").context(
        "SESSION_GUARD_LAMBDA_DIR is not set: run `make demo` or `make test`, which build the functions",
    )?;
    let copy = tempfile::tempdir()?;
    for binary in [FUNCTION, POLICY_GUARD, MIGRATION, RULES_BINARY] {
        let folder = copy.path().join(binary);
        std::fs::create_dir(&folder)?;
        let program = Path::new(&built).join(binary).join("bootstrap");
        std::fs::copy(&program, folder.join("bootstrap"))
            .with_context(|| format!("failed to copy the function from {}", program.display()))?;
    }
    Ok(copy)
}

/// The project's folder.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The operator's program, built beside this one.
fn session_guard() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let found = own
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("session-guard"))
        .find(|path| path.is_file());
    found.context(
        "the program session-guard is not built: run `make demo` or `make test`, which build it",
    )
}

/// The baseline that the example charter names, filled in for the account.
fn baseline(account: &LocalAccount) -> anyhow::Result<Preferences> {
    let scope = Scope {
        partition: Partition::parse("aws")?,
        account: AccountId::parse(account.account_id())?,
        region: Region::parse(account.region())?,
    };
    let read = |name: &str| {
        std::fs::read_to_string(project().join(name))
            .with_context(|| format!("failed to read {name}"))
    };
    let (_, baseline) = mandate::check(
        &read("charter.toml")?,
        &read("SessionManagerRunShell.json")?,
        &scope,
    )?;
    Ok(baseline)
}
