//! The account as its clients see it: signed calls over HTTP, functions as processes, stacks by the AWS CLI.
//! Needs moto; `make setup` installs it and names its virtual environment in `SESSION_GUARD_VENV`.

mod access_advisor;
mod automation;
mod cli;
mod client;
mod commands;
mod config_rules;
mod config_stacks;
mod deliveries;
mod evaluations;
mod functions;
mod iam;
mod items;
mod judge;
mod parameters;
mod permissions;
mod records;
mod remediation;
mod remediation_stacks;
mod runbook;
mod stacks;
mod stage;
