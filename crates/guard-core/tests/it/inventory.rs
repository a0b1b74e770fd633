//! Made-up accounts are read as they were made up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guard_core::inventory::{Bearer, Carried, Document, Draft, Inventory, InventoryError};
use guard_testkit::details::{Details, Form};
use proptest::prelude::*;
use serde_json::{Value, json};

const LISTS: [&str; 4] = [
    "UserDetailList",
    "GroupDetailList",
    "RoleDetailList",
    "Policies",
];

fn read(text: &[u8]) -> Result<Inventory, InventoryError> {
    Draft::new().read(text)?.finish()
}

fn text(details: &Details) -> Vec<u8> {
    let mut text = Vec::new();
    details.write(&mut text).unwrap();
    text
}

fn details() -> impl Strategy<Value = Details> {
    let sizes = (0..25_usize, 0..20_usize, 0..15_usize, 0..5_usize);
    let form = prop_oneof![Just(Form::Objects), Just(Form::Encoded)];
    (any::<u64>(), sizes, form).prop_map(|(seed, (roles, policies, users, groups), form)| Details {
        seed,
        roles,
        policies,
        users,
        groups,
        form,
    })
}

/// An answer by its own words: what it holds, found without the reader.
struct Answer {
    entities: Vec<Value>,
    groups: BTreeMap<String, Value>,
    /// What managed policies say, by their ARNs.
    managed: BTreeMap<String, Value>,
}

impl Answer {
    fn of(details: &Details) -> Self {
        let groups: Vec<_> = (0..details.groups)
            .map(|number| details.group(number))
            .collect();
        let users = (0..details.users).map(|number| details.user(number));
        let roles = (0..details.roles).map(|number| details.role(number));
        let policies = (0..details.policies).map(|number| details.policy(number));
        Self {
            entities: users.chain(roles).chain(groups.clone()).collect(),
            groups: groups
                .into_iter()
                .map(|group| (word(&group["GroupName"]), group))
                .collect(),
            managed: policies
                .map(|policy| (word(&policy["Arn"]), default(&policy)))
                .collect(),
        }
    }

    /// What an entity carries: policies by their names, and what they say.
    fn carried(&self, entity: &Value) -> BTreeMap<String, Value> {
        let mut policies = self.own(entity, "");
        for group in items(&entity["GroupList"]) {
            let group = word(group);
            policies.extend(self.own(&self.groups[&group], &format!(" of group `{group}`")));
        }
        if let Some(arn) = entity["PermissionsBoundary"].get("PermissionsBoundaryArn") {
            policies.insert("boundary".to_owned(), self.managed[&word(arn)].clone());
        }
        policies
    }

    fn own(&self, entity: &Value, suffix: &str) -> BTreeMap<String, Value> {
        let inline = inline(entity).map(|policy| {
            let name = word(&policy["PolicyName"]);
            (
                format!("inline policy `{name}`{suffix}"),
                plain(&policy["PolicyDocument"]),
            )
        });
        let managed = items(&entity["AttachedManagedPolicies"])
            .iter()
            .map(|policy| {
                let arn = word(&policy["PolicyArn"]);
                (
                    format!("policy `{arn}`{suffix}"),
                    self.managed[&arn].clone(),
                )
            });
        inline.chain(managed).collect()
    }
}

fn inline(entity: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["RolePolicyList", "UserPolicyList", "GroupPolicyList"];
    lists.into_iter().flat_map(|list| items(&entity[list]))
}

fn default(policy: &Value) -> Value {
    let mut versions = items(&policy["PolicyVersionList"]).iter();
    let default = versions.find(|version| version["IsDefaultVersion"] == true);
    plain(&default.unwrap()["Document"])
}

fn word(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A document as an object.
fn plain(document: &Value) -> Value {
    let Some(encoded) = document.as_str() else {
        return document.clone();
    };
    let mut bytes = encoded.bytes();
    let mut text = Vec::new();
    while let Some(byte) = bytes.next() {
        text.push(match byte {
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    serde_json::from_slice(&text).unwrap()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The same of what was read.
fn found(bearer: &Bearer) -> BTreeMap<String, Value> {
    let value = |carried: &Carried| carried.document.known().unwrap().to_value();
    let named = bearer
        .policies
        .iter()
        .map(|carried| (carried.source.to_string(), value(carried)));
    let boundary = bearer
        .boundary
        .iter()
        .map(|carried| ("boundary".to_owned(), value(carried)));
    named.chain(boundary).collect()
}

fn tags(entity: &Value) -> BTreeMap<String, String> {
    let tags = items(&entity["Tags"]).iter();
    tags.map(|tag| (word(&tag["Key"]), word(&tag["Value"])))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn everybody_carries_what_the_answer_says(details in details()) {
        let inventory = read(&text(&details)).unwrap();
        let answer = Answer::of(&details);
        prop_assert_eq!(inventory.bearers().len(), answer.entities.len());
        for entity in &answer.entities {
            let mut bearers = inventory.bearers().iter();
            let bearer = bearers.find(|bearer| entity["Arn"] == bearer.arn).unwrap();
            prop_assert_eq!(found(bearer), answer.carried(entity));
            prop_assert_eq!(&entity["Path"], &bearer.path);
            prop_assert_eq!(bearer.tags.clone().unwrap_or_default(), tags(entity));
            let trust = bearer.trust.as_ref().map(|trust| trust.known().unwrap().to_value());
            prop_assert_eq!(trust, entity.get("AssumeRolePolicyDocument").map(plain));
        }
    }

    #[test]
    fn the_order_of_members_and_of_lists_does_not_matter(details in details(), seed in any::<u64>()) {
        let text = text(&details);
        let mut answer: Value = serde_json::from_slice(&text).unwrap();
        let mut members: Vec<_> = answer.as_object().unwrap().clone().into_iter().collect();
        shuffle(&mut members, seed);
        answer = members.into_iter().collect();
        for list in LISTS {
            shuffle(answer[list].as_array_mut().unwrap(), seed);
        }
        prop_assert_eq!(read(answer.to_string().as_bytes()).unwrap(), read(&text).unwrap());
    }

    #[test]
    fn it_does_not_matter_where_pages_end(details in details(), size in 1..20_usize) {
        let text = text(&details);
        let answer: Value = serde_json::from_slice(&text).unwrap();
        prop_assert_eq!(read(pages(&answer, size).as_bytes()).unwrap(), read(&text).unwrap());
    }

    #[test]
    fn half_an_answer_is_no_answer(details in details(), share in 0.0..1.0_f64) {
        let text = text(&details);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a small length")]
        #[expect(clippy::cast_precision_loss, reason = "any place will do")]
        let end = ((text.len() - 3) as f64 * share) as usize;
        prop_assert!(read(&text[..end]).is_err());
    }

    #[test]
    fn the_reader_takes_anything(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let _ = read(&[b"{\"RoleDetailList\": [", &bytes[..]].concat());
    }
}

fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for end in (1..items.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let with = usize::try_from(state >> 33).unwrap() % (end + 1);
        items.swap(end, with);
    }
}

/// The answer in pages of so many things.
fn pages(answer: &Value, size: usize) -> String {
    let mut things = Vec::new();
    for list in LISTS {
        things.extend(items(&answer[list]).iter().map(|thing| (list, thing)));
    }
    let chunks: Vec<_> = things.chunks(size).collect();
    let empty: &[(&str, &Value)] = &[];
    let chunks = if chunks.is_empty() {
        vec![empty]
    } else {
        chunks
    };
    let last = chunks.len() - 1;
    let page = |(number, chunk): (usize, &&[(&str, &Value)])| {
        let mut page = json!({ "IsTruncated": number < last });
        for list in LISTS {
            let mine = chunk.iter().filter(|(theirs, _)| *theirs == list);
            page[list] = mine.map(|(_, thing)| (*thing).clone()).collect();
        }
        page.to_string()
    };
    chunks.iter().enumerate().map(page).collect()
}

/// The work of reading is counted by how many different documents there are afterwards.
#[test]
fn each_document_is_read_once_however_many_carry_it() {
    let details = Details {
        roles: 400,
        ..Details::small(11)
    };
    let answer = Answer::of(&details);
    let mut written = BTreeSet::new();
    for entity in &answer.entities {
        let own = inline(entity).map(|policy| ("identity", policy["PolicyDocument"].to_string()));
        written.extend(own);
        let trust = entity.get("AssumeRolePolicyDocument");
        written.extend(trust.map(|trust| ("trust", trust.to_string())));
        let attached = items(&entity["AttachedManagedPolicies"])
            .iter()
            .map(|it| &it["PolicyArn"]);
        let boundary = entity["PermissionsBoundary"].get("PermissionsBoundaryArn");
        let managed = attached
            .chain(boundary)
            .map(|arn| answer.managed[&word(arn)].to_string());
        written.extend(managed.map(|text| ("identity", text)));
    }
    let inventory = read(&text(&details)).unwrap();
    let (mut different, mut carried) = (BTreeSet::new(), 0);
    for bearer in inventory.bearers() {
        let policies = bearer.policies.iter().chain(&bearer.boundary);
        for document in policies.map(|it| &it.document).chain(&bearer.trust) {
            let Document::Known(document) = document else {
                panic!("{document:?}");
            };
            carried += 1;
            different.insert(Arc::as_ptr(document).addr());
        }
    }
    assert_eq!(different.len(), written.len());
    assert!(
        carried > 2 * written.len(),
        "{carried} of {}",
        written.len()
    );
}
