//! A small IAM on this machine, on the wire's own terms, and the `aws` that says whose it is.

mod around;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{LOGGING, ec2, logging};
use crate::program::{Run, command};

/// What is attached, by `Role web` and the like; and which calls are refused.
#[derive(Debug, Default)]
struct State {
    attached: BTreeMap<String, BTreeSet<String>>,
    refused: BTreeMap<String, String>,
    /// Of whom the access advisor knows nothing.
    unknown: Vec<String>,
    calls: Vec<String>,
}

/// The account. Its thread ends with the tests.
#[derive(Debug)]
pub(super) struct Account {
    state: Arc<Mutex<State>>,
    url: String,
}

impl Account {
    /// With these roles and users, each with what is attached.
    pub(super) fn with(bearers: &[(&str, &[&str])]) -> Self {
        let attached = bearers.iter().map(|(name, policies)| {
            let policies = policies.iter().map(|it| (*it).to_owned());
            ((*name).to_owned(), policies.collect())
        });
        let state = State {
            attached: attached.collect(),
            ..State::default()
        };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A connection that is given up is asked again on the next one.
                let _ = answer(&shared, stream.unwrap());
            }
        });
        Self { state, url }
    }

    pub(super) fn attached(&self, whom: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.attached[whom].iter().cloned().collect()
    }

    pub(super) fn attach(&self, whom: &str, policy: &str) {
        let mut state = self.state.lock().unwrap();
        state
            .attached
            .get_mut(whom)
            .unwrap()
            .insert(policy.to_owned());
    }

    /// Refuses this call with a code, or no call.
    pub(super) fn refuse(&self, refused: Option<(&str, &str)>) {
        let refused = refused.into_iter();
        self.state.lock().unwrap().refused = { refused }
            .map(|(call, code)| (call.to_owned(), code.to_owned()))
            .collect();
    }

    /// Lets the access advisor fail about somebody.
    pub(super) fn know_nothing_of(&self, whom: &str) {
        self.state.lock().unwrap().unknown.push(whom.to_owned());
    }

    /// The calls so far that begin like this.
    pub(super) fn calls(&self, start: &str) -> usize {
        let state = self.state.lock().unwrap();
        state
            .calls
            .iter()
            .filter(|it| it.starts_with(start))
            .count()
    }

    /// Runs the program with credentials of the account.
    pub(super) fn run(&self, folder: &Path, arguments: &[&str]) -> Run {
        self.run_as("123456789012", folder, arguments)
    }

    /// The same with those of this account.
    pub(super) fn run_as(&self, account: &str, folder: &Path, arguments: &[&str]) -> Run {
        let aws = folder.join("aws");
        std::fs::write(&aws, whole::program(account)).unwrap();
        std::fs::set_permissions(&aws, std::fs::Permissions::from_mode(0o755)).unwrap();
        self.run_on_path(folder, arguments)
    }

    /// The same without the AWS command line.
    pub(super) fn run_without_aws(&self, folder: &Path, arguments: &[&str]) -> Run {
        let _ = std::fs::remove_file(folder.join("aws"));
        self.run_on_path(folder, arguments)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    fn run_on_path(&self, folder: &Path, arguments: &[&str]) -> Run {
        let endpoint = ["--endpoint-url", self.url.as_str()];
        let output = command(&[arguments, &endpoint].concat())
            .current_dir(folder)
            .env("PATH", folder)
            .env("AWS_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .output()
            .unwrap();
        output.into()
    }
}

fn answer(state: &Mutex<State>, mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    let members: BTreeMap<&str, String> = body
        .split('&')
        .filter_map(|member| member.split_once('='))
        .map(|(name, value)| (name, value.replace("%3A", ":").replace("%2F", "/")))
        .collect();
    let (status, xml) = state.lock().unwrap().call(&members);
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: text/xml\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{xml}",
        xml.len()
    )
}

fn refusal(code: &str) -> (u16, String) {
    let status = match code {
        "NoSuchEntity" => 404,
        "LimitExceeded" => 409,
        _ => 403,
    };
    let error =
        format!("<Error><Code>{code}</Code><Message>as the service words it</Message></Error>");
    (status, format!("<ErrorResponse>{error}</ErrorResponse>"))
}

impl State {
    fn call(&mut self, members: &BTreeMap<&str, String>) -> (u16, String) {
        let member = |name: &str| members.get(name).cloned().unwrap_or_default();
        let action = member("Action");
        self.calls.push(action.clone());
        if let Some(code) = self.refused.get(&action) {
            return refusal(code);
        }
        let kind = ["Role", "User"]
            .into_iter()
            .find(|kind| members.contains_key(format!("{kind}Name").as_str()));
        let (kind, name) = kind.map_or(("", String::new()), |kind| {
            (kind, member(&format!("{kind}Name")))
        });
        let policy = member("PolicyArn");
        let result = match action.as_str() {
            "GetPolicy" | "GetPolicyVersion" => (policy == LOGGING).then(policy_of),
            _ => match self.of_account(&action, members) {
                Some(result) => Some(result),
                None => self.of_bearer(&action, kind, &name, &policy),
            },
        };
        match result {
            None => refusal("NoSuchEntity"),
            Some(result) => (
                200,
                format!(
                    "<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
                ),
            ),
        }
    }

    fn of_bearer(&mut self, action: &str, kind: &str, name: &str, policy: &str) -> Option<String> {
        let attached = self.attached.get_mut(&format!("{kind} {name}"))?;
        let verb = action.replace(kind, "");
        match verb.as_str() {
            "Get" => return Some(bearer(kind, name)),
            "AttachPolicy" => {
                attached.insert(policy.to_owned());
            }
            "DetachPolicy" => {
                attached.remove(policy);
            }
            "ListAttachedPolicies" => {
                let mut members = String::new();
                for arn in attached.iter() {
                    let _ = write!(
                        members,
                        "<member><PolicyName>p</PolicyName><PolicyArn>{arn}</PolicyArn></member>"
                    );
                }
                return Some(format!(
                    "<AttachedPolicies>{members}</AttachedPolicies><IsTruncated>false</IsTruncated>"
                ));
            }
            "ListPolicies" => {
                return Some("<PolicyNames/><IsTruncated>false</IsTruncated>".to_owned());
            }
            "ListGroupsFor" => return Some("<Groups/><IsTruncated>false</IsTruncated>".to_owned()),
            other => panic!("{other}"),
        }
        Some(String::new())
    }
}

fn policy_of() -> String {
    let document = percent(&logging().to_string());
    format!(
        "<Policy><Arn>{LOGGING}</Arn><DefaultVersionId>v1</DefaultVersionId></Policy><PolicyVersion>\
         <VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>{document}</Document></PolicyVersion>"
    )
}

fn bearer(kind: &str, name: &str) -> String {
    let id = format!(
        "{}{}",
        if kind == "Role" { "AROA" } else { "AIDA" },
        name.to_uppercase().replace('-', "")
    );
    let arn = format!("arn:aws:iam::123456789012:{}/{name}", kind.to_lowercase());
    let trust = if kind == "Role" {
        format!(
            "<AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument>",
            percent(&ec2().to_string())
        )
    } else {
        String::new()
    };
    format!(
        "<{kind}><Path>/</Path><{kind}Name>{name}</{kind}Name><{kind}Id>{id}</{kind}Id><Arn>{arn}</Arn>\
         <CreateDate>2024-05-01T00:00:00Z</CreateDate>{trust}</{kind}>"
    )
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}
