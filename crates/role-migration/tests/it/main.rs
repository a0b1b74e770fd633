//! The function: its handler on a small working account, and its program against a Runtime API.

#[cfg(test)]
mod alarms;
#[cfg(test)]
mod log;
#[cfg(test)]
mod program;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod scenarios;
