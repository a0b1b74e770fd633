//! What a charter says, in a few lines.

use std::fmt;

use guard_core::charter::{
    Charter, Editor, Enforcement, Exemption, Forbidden, InstancePattern, Mode, Permission, Pin,
    Remediation, Sessions, Successor,
};
use guard_core::floor::Requirement;
use guard_core::names::Region;
use serde_json::{Value, json};

use crate::paint::{HEAD, Painted, one_line};

/// A charter to be shown.
#[derive(Debug)]
pub(super) struct Summary<'a>(pub(super) &'a Charter);

impl Summary<'_> {
    /// For programs.
    pub(super) fn json(&self) -> Value {
        let Self(charter) = self;
        let floor = charter.floor().entries().iter();
        let editors = charter.editors().iter();
        json!({
            "mode": charter.mode(),
            "regions": charter.regions(),
            "configRegion": charter.config_region(),
            "baseline": charter.baseline_file(),
            "floor": floor.map(|(field, requirement)| json!({ "field": field, "requirement": requirement })).collect::<Vec<_>>(),
            "editors": editors.map(editor_json).collect::<Vec<_>>(),
            "tags": charter.tags(),
            "sessions": charter.sessions().map(sessions_json),
            "forbidden": charter.forbidden().iter().map(|it| forbidden_json(it, Reported::by(charter))).collect::<Vec<_>>(),
            "exemptions": charter.exemptions().iter().map(exemption_json).collect::<Vec<_>>(),
            "suspensions": charter.suspensions(),
        })
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        let Self(charter) = self;
        let mode = match charter.mode() {
            Mode::Report => "report: the guard says what it would do",
            Mode::Revert => "revert: the guard puts the preferences right",
        };
        let regions: Vec<_> = charter.regions().iter().map(Region::as_str).collect();
        let mut lines = vec![
            ("mode", mode.to_owned()),
            ("Regions", regions.join(", ")),
            ("baseline", charter.baseline_file().to_owned()),
        ];
        if let Some(region) = charter.config_region() {
            let text = format!("roles, users and groups are judged in {region}");
            lines.push(("Config", text));
        }
        for (field, requirement) in charter.floor().entries() {
            lines.push(("floor", format!("{} {}", field.key(), must(requirement))));
        }
        lines.extend(charter.editors().iter().map(|it| ("editor", editor(it))));
        lines.extend(
            charter
                .tags()
                .iter()
                .map(|(key, value)| ("tag", format!("{key} = {value}"))),
        );
        lines.extend(charter.sessions().into_iter().flat_map(sessions));
        // Where nobody is judged, the entry that holds by default holds for nobody.
        if charter.sessions().is_some() || charter.config_region().is_some() {
            let reported = Reported::by(charter);
            let forbidden = |it| forbidden(it, reported);
            lines.extend(charter.forbidden().iter().flat_map(forbidden));
        }
        lines.extend(
            charter
                .exemptions()
                .iter()
                .map(|it| ("exempt", exemption(it))),
        );
        lines.extend(charter.suspensions().iter().map(|it| {
            let text = format!("until {}: {}", it.until, it.reason);
            ("suspended", text)
        }));
        lines
    }
}

fn must(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Is(_) => format!("is {requirement}"),
        Requirement::OneOf(_)
        | Requirement::AtMost(_)
        | Requirement::AtLeast(_)
        | Requirement::Set
        | Requirement::NotSet => requirement.to_string(),
    }
}

fn editor(editor: &Editor) -> String {
    let mut parts = vec![editor.who.to_string()];
    if !editor.via.is_empty() {
        parts.push(format!("through {}", editor.via.join(" or ")));
    }
    if editor.needs_mfa {
        parts.push("with a second factor".to_owned());
    }
    if let Some(id) = &editor.unique_id {
        parts.push(format!("with the unique id {id}"));
    }
    if let Some(until) = editor.until {
        parts.push(format!("until {until}"));
    }
    format!("{}: {}", parts.join(", "), editor.reason)
}

fn sessions(sessions: &Sessions) -> [(&'static str, String); 4] {
    let documents: Vec<_> = sessions.documents.iter().map(ToString::to_string).collect();
    [
        ("instances", sessions.instances.to_string()),
        ("documents", documents.join(", ")),
        ("tunnels", permission(sessions.tunnels).to_owned()),
        ("commands", permission(sessions.commands).to_owned()),
    ]
}

fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Granted => "granted",
        Permission::Refused => "refused",
    }
}

/// Whether anybody is told who carries a forbidden policy.
#[derive(Debug, Clone, Copy)]
enum Reported {
    ByCheck,
    /// `check` judges nobody by a charter that says nothing of sessions.
    NotYet,
}

impl Reported {
    fn by(charter: &Charter) -> Self {
        match charter.sessions() {
            Some(_) => Self::ByCheck,
            None => Self::NotYet,
        }
    }
}

/// What it is, what is done about it, and one line for each successor.
fn forbidden(entry: &Forbidden, reported: Reported) -> Vec<(&'static str, String)> {
    let asked = match entry.enforcement {
        Enforcement::Report => "",
        Enforcement::Detach => "detached where it is given to somebody; ",
        Enforcement::Replace => "replaced where it is given to somebody; ",
    };
    let done = match reported {
        Reported::ByCheck => "reported by `session-guard check`",
        Reported::NotYet => "reported by `session-guard check` once there is [sessions]",
    };
    let mut parts = vec![format!("`{}`: {asked}{done}", entry.policy)];
    match entry.remediation {
        Remediation::Manual => {}
        Remediation::Automatic => {
            parts.push("remediation automatic".to_owned());
        }
    }
    if !entry.agent_uses.is_empty() {
        let uses: Vec<_> = entry.agent_uses.iter().map(|it| it.as_str()).collect();
        parts.push(format!("instances use {}", uses.join(" and ")));
    }
    if !entry.buckets.is_empty() {
        let buckets: Vec<_> = entry.buckets.iter().map(ToString::to_string).collect();
        parts.push(format!(
            "instances need the buckets {}",
            buckets.join(" and ")
        ));
    }
    let mut lines = vec![("forbidden", parts.join("; "))];
    lines.extend(
        entry
            .successors
            .iter()
            .map(|it| ("successor", successor(it))),
    );
    lines
}

fn successor(successor: &Successor) -> String {
    let Successor {
        policy,
        purpose,
        pin,
    } = successor;
    match pin {
        Pin::OfAws => format!("`{policy}` for {purpose}, AWS's own"),
        Pin::Fingerprint(hash) => format!("`{policy}` for {purpose}, pinned by {hash}"),
    }
}

fn forbidden_json(entry: &Forbidden, reported: Reported) -> Value {
    let carried_out = match reported {
        Reported::ByCheck => Some(Enforcement::Report),
        Reported::NotYet => None,
    };
    let successors = entry.successors.iter().map(|it| {
        let sha256 = match &it.pin {
            Pin::OfAws => None,
            Pin::Fingerprint(hash) => Some(hash),
        };
        json!({ "policy": it.policy, "purpose": it.purpose, "sha256": sha256 })
    });
    json!({
        "policy": entry.policy,
        "enforcement": entry.enforcement,
        "remediation": entry.remediation,
        // What a setting asks for and what is done are two things, and programs must not take one for the other.
        "carriedOut": carried_out,
        "agentUses": entry.agent_uses,
        "buckets": entry.buckets,
        "successors": successors.collect::<Vec<_>>(),
    })
}

fn exemption(exemption: &Exemption) -> String {
    let mut parts = vec![format!(
        "{} from {}",
        exemption.who,
        exemption.rules.join(" and ")
    )];
    if let Some(id) = &exemption.unique_id {
        parts.push(format!("with the unique id {id}"));
    }
    if let Some(until) = exemption.until {
        parts.push(format!("until {until}"));
    }
    format!("{}: {}", parts.join(", "), exemption.reason)
}

fn sessions_json(sessions: &Sessions) -> Value {
    let instances = match &sessions.instances {
        InstancePattern::Arns(arns) => json!({ "arns": arns }),
        InstancePattern::Tag { key, values } => json!({ "tag": { "key": key, "values": values } }),
        InstancePattern::Abac { key, principal_key } => {
            json!({ "abac": { "key": key, "principalKey": principal_key } })
        }
    };
    json!({
        "instances": instances,
        "documents": sessions.documents,
        "tunnels": sessions.tunnels,
        "commands": sessions.commands,
    })
}

fn exemption_json(exemption: &Exemption) -> Value {
    json!({
        "who": exemption.who.to_string(),
        "rules": exemption.rules,
        "until": exemption.until,
        "uniqueId": exemption.unique_id,
        "reason": exemption.reason,
    })
}

fn editor_json(editor: &Editor) -> Value {
    json!({
        "who": editor.who.to_string(),
        "reason": editor.reason,
        "via": editor.via,
        "mfa": editor.needs_mfa,
        "until": editor.until,
        "uniqueId": editor.unique_id,
    })
}

/// One line for each thing; what is repeated is named once.
impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for (name, text) in self.lines() {
            let shown = if name == last { "" } else { name };
            let name_column = format!("{shown:<9}");
            writeln!(f, "  {} {}", Painted(HEAD, &name_column), one_line(&text))?;
            last = name;
        }
        Ok(())
    }
}
