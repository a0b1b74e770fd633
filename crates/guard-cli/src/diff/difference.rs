//! How a live document differs from a baseline.

use std::io::{self, Write};

use guard_core::explain::plain;
use guard_core::names::Version;
use guard_core::preferences::{Drift, Preferences, PreferencesError, drift};

use crate::differences;
use crate::live::State;
use crate::paint::{BAD, GOOD, ODD, Painted};

/// One thing that the guard would put right.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Difference {
    /// There is no document.
    Missing,
    /// It is of another type than `Session`.
    Type(String),
    /// A version cannot be read.
    Unreadable(Version, PreferencesError),
    /// The latest version says something else.
    Latest(Version, Vec<Drift>),
    /// The default version is another one and says something else.
    Default(Version, Vec<Drift>),
    /// It is shared.
    Shared(Vec<String>),
}

/// Every difference; none for a document that the guard would leave as it is.
pub(crate) fn between(live: Option<&State>, baseline: &Preferences) -> Vec<Difference> {
    let Some(live) = live else {
        return vec![Difference::Missing];
    };
    let described = &live.described;
    let mut found = Vec::new();
    if described.document_type != "Session" {
        found.push(Difference::Type(described.document_type.clone()));
    }
    let versions = [
        (
            described.latest,
            Some(&live.latest),
            Difference::Latest as fn(_, _) -> _,
        ),
        (
            described.default,
            live.default.as_ref(),
            Difference::Default,
        ),
    ];
    for (version, content, difference) in versions {
        match content {
            None => {}
            Some(Err(error)) => found.push(Difference::Unreadable(version, error.clone())),
            Some(Ok(content)) => {
                let drift = drift(baseline, content);
                if !drift.is_empty() {
                    found.push(difference(version, drift));
                }
            }
        }
    }
    if !live.shared_with.is_empty() {
        found.push(Difference::Shared(live.shared_with.clone()));
    }
    found
}

/// One line for a Region, and what differs below it.
pub(crate) fn write(region: &str, found: &[Difference], out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return writeln!(out, "{region}: {}", Painted(GOOD, "same"));
    }
    if found == [Difference::Missing] {
        let missing = Painted(BAD, "missing");
        return writeln!(out, "{region}: {missing}, so sessions run unrecorded");
    }
    writeln!(out, "{region}: {}", Painted(ODD, "differs"))?;
    for difference in found {
        write_one(difference, out)?;
    }
    Ok(())
}

fn write_one(difference: &Difference, out: &mut dyn Write) -> io::Result<()> {
    match difference {
        Difference::Missing => writeln!(out, "  there is no document"),
        Difference::Type(found) => {
            writeln!(out, "  its type is `{}`, not Session", plain(found, 60))
        }
        Difference::Unreadable(version, error) => {
            let error = plain(&error.to_string(), 300);
            writeln!(out, "  version {version} cannot be read: {error}")
        }
        Difference::Latest(_, drift) => differences::write(drift, "baseline", out),
        Difference::Default(version, drift) => {
            writeln!(
                out,
                "  the default version, {version}, is not the latest and differs too:"
            )?;
            differences::write(drift, "baseline", out)
        }
        Difference::Shared(accounts) => {
            let shown: Vec<_> = accounts.iter().take(10).map(|it| plain(it, 40)).collect();
            let more = match accounts.len().saturating_sub(shown.len()) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            writeln!(out, "  it is shared with {}{more}", shown.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use guard_core::facts::Described;
    use insta::assert_snapshot;

    use super::*;

    fn document(idle: &str) -> Preferences {
        let text = format!(
            r#"{{"schemaVersion":"1.0","sessionType":"Standard_Stream",
                "inputs":{{"idleSessionTimeout":"{idle}","s3BucketName":"logs"}}}}"#
        );
        Preferences::parse(&text).unwrap()
    }

    fn live(latest: &str) -> State {
        State {
            described: Described {
                latest: Version(3),
                default: Version(3),
                hash: "x".to_owned(),
                document_type: "Session".to_owned(),
                created: None,
            },
            latest: Ok(document(latest)),
            default: None,
            shared_with: Vec::new(),
        }
    }

    fn told(live: Option<&State>) -> String {
        let mut out = Vec::new();
        write("eu-central-1", &between(live, &document("15")), &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_document_that_says_the_same_is_the_same() {
        assert_eq!(told(Some(&live("15"))), "eu-central-1: same\n");
    }

    #[test]
    fn a_default_version_that_says_the_same_is_no_difference() {
        let mut live = live("15");
        live.described.default = Version(2);
        live.default = Some(Ok(document("15")));
        assert_eq!(between(Some(&live), &document("15")), []);
    }

    #[test]
    fn a_missing_document_is_a_difference() {
        assert_eq!(
            told(None),
            "eu-central-1: missing, so sessions run unrecorded\n"
        );
    }

    #[test]
    fn everything_that_the_guard_would_put_right_is_told() {
        let mut live = live("60");
        live.described.document_type = "Command".to_owned();
        live.described.default = Version(2);
        live.default = Some(Preferences::parse("[]"));
        live.shared_with = vec!["all".to_owned()];
        assert_snapshot!(told(Some(&live)), @r"
        eu-central-1: differs
          its type is `Command`, not Session
          inputs.idleSessionTimeout
            live      60
            baseline  15
          version 2 cannot be read: the content is a list, expected an object
          it is shared with all
        ");
    }
}
