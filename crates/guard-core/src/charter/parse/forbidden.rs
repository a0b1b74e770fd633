//! The `[[forbidden]]` entries of a charter.

use super::item::{Item, Table};
use super::pinned::{self, Owner};
use super::reader::Reader;
use crate::charter::forbidden::{DEPRECATED, OF_AWS};
use crate::charter::{AgentUse, Enforcement, Forbidden, Pin, Purpose, Remediation, Successor};

const KEYS: [&str; 6] = [
    "policy",
    "enforcement",
    "remediation",
    "agent-uses",
    "buckets",
    "successor",
];

const SUCCESSOR_KEYS: [&str; 3] = ["policy", "purpose", "sha256"];

/// An entry with the places of what it names.
struct Read<'d> {
    item: Item<'d>,
    entry: Forbidden,
    /// The policies of the successors, in their order.
    successors: Vec<Item<'d>>,
}

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Forbidden> {
    if table.item("forbidden").is_none() {
        return vec![by_default(reader)];
    }
    let mut entries: Vec<Read<'_>> = Vec::new();
    for table in reader.tables(table, "forbidden") {
        let Some(read) = entry(reader, &table) else {
            continue;
        };
        if let Some(first) = entries.iter().find(|it| it.entry.is(&read.entry.policy)) {
            reader.duplicate(&read.item, &first.item.path);
        }
        entries.push(read);
    }
    refuse_forbidden_successors(reader, &entries);
    entries.into_iter().map(|read| read.entry).collect()
}

/// What holds where a charter says nothing: the deprecated policy is told of, and nothing is changed.
fn by_default(reader: &Reader<'_>) -> Forbidden {
    let arn = |name: &str| {
        reader
            .fill(&format!("arn:${{partition}}:iam::aws:policy/{name}"))
            .kept
    };
    let core = OF_AWS
        .iter()
        .filter(|(_, purpose)| *purpose == Purpose::SystemsManager);
    Forbidden {
        policy: arn(DEPRECATED),
        enforcement: Enforcement::Report,
        remediation: Remediation::Manual,
        agent_uses: Vec::new(),
        buckets: Vec::new(),
        successors: core
            .map(|(name, purpose)| Successor {
                policy: arn(name),
                purpose: *purpose,
                pin: Pin::OfAws,
            })
            .collect(),
    }
}

fn entry<'d>(reader: &mut Reader<'_>, table: &Table<'d>) -> Option<Read<'d>> {
    reader.refuse_unknown(table, &KEYS);
    let expected = "a managed policy, such as \"service-role/AmazonEC2RoleforSSM\"";
    let item = reader.required(table, "policy", expected);
    let policy = item.as_ref().and_then(|item| pinned::policy(reader, item));
    let enforcement = enforcement(reader, table);
    let remediation = remediation(reader, table, enforcement);
    let agent_uses = agent_uses(reader, table);
    let buckets = pinned::buckets(reader, table);
    let (items, successors) = successors(reader, table).into_iter().unzip();
    let (item, policy) = (item?, policy?);
    let entry = Forbidden {
        policy: policy.arn,
        enforcement: enforcement?,
        remediation,
        agent_uses,
        buckets,
        successors,
    };
    check_together(reader, table, &entry);
    Some(Read {
        item,
        entry,
        successors: items,
    })
}

fn enforcement(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Enforcement> {
    let expected = "\"report\", \"detach\" or \"replace\"";
    let item = reader.required(table, "enforcement", expected)?;
    match item.value.as_str() {
        Some("report") => Some(Enforcement::Report),
        Some("detach") => Some(Enforcement::Detach),
        Some("replace") => Some(Enforcement::Replace),
        Some(_) | None => {
            reader.unfit(&item, expected);
            None
        }
    }
}

fn remediation(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    enforcement: Option<Enforcement>,
) -> Remediation {
    let Some(item) = table.item("remediation") else {
        return Remediation::Manual;
    };
    match item.value.as_str() {
        Some("manual") => Remediation::Manual,
        Some("automatic") => {
            if enforcement == Some(Enforcement::Report) {
                let why = "AWS Config would change what enforcement = \"report\" only tells of; say \"replace\" there, \
                           or \"manual\" here";
                reader.conflict(&item, why);
            }
            Remediation::Automatic
        }
        Some(_) | None => {
            reader.unfit(&item, "\"manual\" or \"automatic\"");
            Remediation::Manual
        }
    }
}

fn agent_uses(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<AgentUse> {
    let Some(list) = table.item("agent-uses") else {
        return Vec::new();
    };
    let names = AgentUse::ALL.map(AgentUse::as_str).join(", ");
    let mut uses: Vec<AgentUse> = Vec::new();
    let expected = format!("a list of uses, each one of {names}; leave it out for none");
    for item in reader.list(&list, &expected).unwrap_or_default() {
        let text = item.value.as_str();
        match AgentUse::ALL
            .into_iter()
            .find(|it| text == Some(it.as_str()))
        {
            Some(found) => match uses.iter().position(|earlier| *earlier == found) {
                Some(index) => reader.duplicate(&item, &format!("{}[{}]", list.path, index + 1)),
                None => uses.push(found),
            },
            None => reader.unfit(&item, &format!("one of {names}")),
        }
    }
    uses
}

fn successors<'d>(reader: &mut Reader<'_>, table: &Table<'d>) -> Vec<(Item<'d>, Successor)> {
    let mut successors: Vec<(Item<'d>, Successor)> = Vec::new();
    for table in reader.tables(table, "successor") {
        reader.refuse_unknown(&table, &SUCCESSOR_KEYS);
        let expected = "a managed policy, such as \"AmazonSSMManagedInstanceCore\"";
        let Some(item) = reader.required(&table, "policy", expected) else {
            continue;
        };
        let Some(successor) = successor(reader, &table, &item) else {
            continue;
        };
        if let Some((first, _)) = successors.iter().find(|(_, it)| it.is(&successor.policy)) {
            reader.duplicate(&item, &first.path);
        }
        successors.push((item, successor));
    }
    successors
}

fn successor(reader: &mut Reader<'_>, table: &Table<'_>, item: &Item<'_>) -> Option<Successor> {
    let policy = pinned::policy(reader, item)?;
    let purpose = purpose(reader, table);
    let (purpose, pin) = match policy.owner {
        Owner::Aws => {
            let Some((_, own)) = OF_AWS.iter().find(|(known, _)| *known == policy.name) else {
                let known = OF_AWS.map(|(name, _)| name).join(", ");
                let why = format!(
                    "AWS may change what it grants; of AWS's own the successors are {known}, for anything else pin a \
                     policy of the account"
                );
                reader.dangerous(item, &why);
                return None;
            };
            if let Some(hash) = table.item("sha256") {
                reader.conflict(&hash, "nobody in the account can change a policy of AWS's, so there is nothing to pin");
            }
            if let Some(purpose) = purpose.filter(|purpose| purpose != own) {
                let why = wrong_purpose(purpose, *own);
                reader.dangerous(&table.item("purpose")?, &why);
            }
            (*own, Pin::OfAws)
        }
        Owner::Account => {
            let expected = "what it is for, such as \"session-logging\"";
            reader.required(table, "purpose", expected)?;
            (purpose?, Pin::Fingerprint(fingerprint(reader, table)?))
        }
    };
    Some(Successor {
        policy: policy.arn,
        purpose,
        pin,
    })
}

fn wrong_purpose(purpose: Purpose, own: Purpose) -> String {
    match (purpose, own) {
        (Purpose::SessionLogging, Purpose::CloudwatchAgent) => {
            "it may shorten the retention of every log group, the sessions' own too; pin a policy of the account that \
             writes there and nothing else"
                .to_owned()
        }
        (_, own) => format!("it serves the purpose {own} and no other"),
    }
}

fn purpose(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Purpose> {
    let item = table.item("purpose")?;
    let text = item.value.as_str();
    let found = Purpose::ALL
        .into_iter()
        .find(|it| text == Some(it.as_str()));
    if found.is_none() {
        reader.unfit(
            &item,
            &format!("one of {}", Purpose::ALL.map(Purpose::as_str).join(", ")),
        );
    }
    found
}

fn fingerprint(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let expected = "the SHA-256 of the policy's document, 64 digits and letters a to f, so that a change of the policy \
                    is noticed";
    let item = reader.required(table, "sha256", expected)?;
    let text = item.value.as_str().unwrap_or_default();
    let is_hash = text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_hash {
        reader.unfit(&item, expected);
        return None;
    }
    Some(text.to_owned())
}

/// What is right by itself and wrong together.
fn check_together(reader: &mut Reader<'_>, table: &Table<'_>, entry: &Forbidden) {
    let has = |purpose| entry.successors_for(purpose).next().is_some();
    if entry.enforcement == Enforcement::Replace && !has(Purpose::SystemsManager) {
        let expected = "an entry [[forbidden.successor]] with policy = \"AmazonSSMManagedInstanceCore\", without which \
                        replaced roles would lose Systems Manager";
        reader.missing(table, "successor", expected);
    }
    for purpose in [Purpose::CloudwatchAgent, Purpose::DirectoryService] {
        let Some(needed) = purpose.agent_use() else {
            continue;
        };
        let is_used = entry.agent_uses.contains(&needed);
        match (
            is_used,
            has(purpose),
            table.item("agent-uses"),
            table.item("successor"),
        ) {
            (true, false, Some(item), _) => {
                reader.conflict(
                    &item,
                    &format!("there is no [[forbidden.successor]] for {needed}"),
                );
            }
            (false, true, _, Some(item)) => {
                let why = format!(
                    "a successor for {needed} is there, and agent-uses does not say that it is used"
                );
                reader.conflict(&item, &why);
            }
            (_, _, _, _) => {}
        }
    }
    if let (false, false, Some(item)) = (
        entry.buckets.is_empty(),
        has(Purpose::Buckets),
        table.item("buckets"),
    ) && entry.enforcement == Enforcement::Replace
    {
        reader.conflict(&item, "no [[forbidden.successor]] has purpose = \"buckets\", so that replaced roles would lose them");
    }
}

/// A successor that an entry forbids would be taken off again at once.
fn refuse_forbidden_successors(reader: &mut Reader<'_>, entries: &[Read<'_>]) {
    for Read {
        entry, successors, ..
    } in entries
    {
        for (item, successor) in successors.iter().zip(&entry.successors) {
            if let Some(by) = entries.iter().find(|it| it.entry.is(&successor.policy)) {
                reader.conflict(item, &format!("{} forbids it", by.item.path));
            }
        }
    }
}
