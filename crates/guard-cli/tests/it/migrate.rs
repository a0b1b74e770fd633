//! A migration from the plan to its undoing, as people see it.

mod account;
mod live;
mod plans;
mod writes;

use std::path::Path;

use guard_core::policy::PolicyDocument;
use serde_json::{Value, json};
use tempfile::TempDir;

const FORBIDDEN: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const LOGGING: &str = "arn:aws:iam::123456789012:policy/session-logging";

/// What the successor for logging says.
fn logging() -> Value {
    let of_group = "arn:aws:logs:*:123456789012:log-group:/sessions:*";
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": ["logs:DescribeLogGroups", "logs:DescribeLogStreams"], "Resource": "*" },
            { "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": of_group },
        ],
    })
}

fn trust(principal: &Value) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" },
    })
}

fn ec2() -> Value {
    trust(&json!({ "Service": "ec2.amazonaws.com" }))
}

/// Charter and baseline: a role of instances gets two successors. The mode is `report`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sha = PolicyDocument::read(&logging().to_string())
        .unwrap()
        .fingerprint();
    let charter = format!(
        "mode = \"report\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n\
         [floor]\ncloudWatchLogGroupName = {{ is = \"/sessions\" }}\n\
         [[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"report\"\n\
         [[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n\
         [[forbidden.successor]]\npolicy = \"arn:${{partition}}:iam::${{account}}:policy/session-logging\"\n\
         purpose = \"session-logging\"\nsha256 = \"{sha}\"\n"
    );
    let baseline = json!({
        "schemaVersion": "1.0", "sessionType": "Standard_Stream",
        "inputs": { "cloudWatchLogGroupName": "/sessions" },
    });
    write(folder.path(), "charter.toml", &charter);
    write(
        folder.path(),
        "SessionManagerRunShell.json",
        &baseline.to_string(),
    );
    folder
}

fn write(folder: &Path, file: &str, text: &str) {
    std::fs::write(folder.join(file), text).unwrap();
}
