//! The account as its clients see it: signed calls over HTTP, functions as processes, stacks by the AWS CLI.
//! Needs moto; `make setup` installs it and names its virtual environment in `SESSION_GUARD_VENV`.

mod client;
mod deliveries;
mod functions;
mod parameters;
mod permissions;
mod records;
mod stacks;
mod stage;
