use serde_json::{Value, json};

use super::*;
use crate::inventory::{Bearer, Document, Source, Unknown};

const DETAILS: &str = include_str!("details.json");

fn details() -> Value {
    serde_json::from_str(DETAILS).unwrap()
}

/// The details with something else under a pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut details = details();
    *details
        .pointer_mut(pointer)
        .expect("a place in the details") = value;
    details
}

/// The details without a member of the object under a pointer.
fn without(pointer: &str, member: &str) -> Value {
    let mut details = details();
    let object = details
        .pointer_mut(pointer)
        .unwrap()
        .as_object_mut()
        .unwrap();
    object.remove(member).expect("a member of the details");
    details
}

fn read(text: &str) -> Result<Inventory, InventoryError> {
    Draft::new().read(text.as_bytes())?.finish()
}

fn inventory(details: &Value) -> Inventory {
    read(&details.to_string()).unwrap()
}

/// What is said of details that are refused, without line and column.
fn refused(details: &Value) -> String {
    let error = read(&details.to_string()).unwrap_err();
    InventoryError { at: None, ..error }.to_string()
}

fn bearer<'a>(inventory: &'a Inventory, name: &str) -> &'a Bearer {
    let mut bearers = inventory.bearers().iter();
    bearers.find(|bearer| bearer.name == name).unwrap()
}

/// Everything that a bearer carries, as people would list it.
fn carried(bearer: &Bearer) -> Vec<String> {
    let lines = bearer
        .policies
        .iter()
        .map(|carried| match &carried.document {
            Document::Known(_) => carried.source.to_string(),
            Document::Unknown(why) => format!("{}: {why}", carried.source),
        });
    lines.collect()
}

#[test]
fn everybody_is_there_with_everything_that_they_carry() {
    let inventory = read(DETAILS).unwrap();
    let account = inventory.account().unwrap();
    assert_eq!(account.id.as_str(), "123456789012");
    assert_eq!(account.partition.as_str(), "aws");
    let names: Vec<_> = inventory
        .bearers()
        .iter()
        .map(|bearer| format!("{} {}", bearer.kind, bearer.name))
        .collect();
    assert_eq!(
        names,
        ["role web", "user bob", "user alice", "group operators"]
    );

    let alice = bearer(&inventory, "alice");
    assert_eq!(alice.path, "/people/");
    assert_eq!(alice.id, "AIDACKCEVSQ6C2EXAMPLE");
    assert_eq!(alice.groups, ["operators"]);
    assert_eq!(alice.tags.as_ref().unwrap()["Team"], "web");
    assert_eq!(alice.trust, None);
    assert_eq!(
        carried(alice),
        [
            "inline policy `own-sessions`",
            "inline policy `describe` of group `operators`",
            "policy `arn:aws:iam::123456789012:policy/SessionUsers` of group `operators`",
        ]
    );
    assert_eq!(carried(bearer(&inventory, "bob")), [""; 0]);
    assert_eq!(
        carried(bearer(&inventory, "operators")),
        [
            "inline policy `describe`",
            "policy `arn:aws:iam::123456789012:policy/SessionUsers`",
        ]
    );
    let web = bearer(&inventory, "web");
    assert!(web.trust.as_ref().unwrap().known().is_some());
    assert_eq!(
        carried(web),
        [
            "policy `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore`",
            "policy `arn:aws:iam::123456789012:policy/SessionUsers`",
        ]
    );
}

#[test]
fn only_the_default_version_of_a_managed_policy_counts() {
    let inventory = read(DETAILS).unwrap();
    let document = bearer(&inventory, "operators").policies[1]
        .document
        .known()
        .unwrap();
    let default = details()["Policies"][0]["PolicyVersionList"][0]["Document"].clone();
    assert_eq!(document.to_value(), default);
}

#[test]
fn a_boundary_that_is_not_listed_is_unknown() {
    let inventory = read(DETAILS).unwrap();
    let unknown: Vec<_> = bearer(&inventory, "web").unknown().collect();
    let boundary = Source::Managed {
        arn: "arn:aws:iam::123456789012:policy/limits/Boundary".to_owned(),
    };
    assert_eq!(unknown, [(&boundary, &Unknown::NotListed)]);
    assert_eq!(boundary.name(), "Boundary");
}

#[test]
fn a_policy_of_aws_that_was_filtered_out_is_unknown() {
    let mut details = details();
    details["Policies"].as_array_mut().unwrap().pop();
    let inventory = inventory(&details);
    let web = bearer(&inventory, "web");
    assert_eq!(
        web.policies[0].document,
        Document::Unknown(Unknown::AwsNotListed)
    );
}

#[test]
fn a_group_that_is_not_listed_is_unknown() {
    let inventory = inventory(&with("/GroupDetailList", json!([])));
    assert_eq!(
        carried(bearer(&inventory, "alice")),
        [
            "inline policy `own-sessions`",
            "group `operators`: it is not among the groups that were read",
        ]
    );
}

#[test]
fn a_document_that_is_none_is_unknown_and_says_where() {
    let place = "/UserDetailList/0/UserPolicyList/0/PolicyDocument";
    let statement = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": 5, "Resource": "*" }] });
    for document in [
        json!(null),
        json!(5),
        json!("%7B"),
        json!([{}, {}]),
        statement,
    ] {
        let inventory = inventory(&with(place, document.clone()));
        let alice = bearer(&inventory, "alice");
        assert_eq!(alice.unknown().count(), 1, "{document}");
        assert_eq!(alice.policies.len(), 3, "{document}");
    }
    let inventory = inventory(&without("/RoleDetailList/0", "AssumeRolePolicyDocument"));
    let trust = bearer(&inventory, "web").trust.as_ref().unwrap();
    assert_eq!(*trust, Document::Unknown(Unknown::NotGiven));
}

#[test]
fn a_default_version_must_be_clear() {
    let policy = "/Policies/0";
    let flags = "/Policies/0/PolicyVersionList";
    let cases = [
        (
            with(&format!("{policy}/DefaultVersionId"), json!("v1")),
            Unknown::DisputedDefaultVersion,
        ),
        (
            with(&format!("{flags}/1/IsDefaultVersion"), json!(true)),
            Unknown::DisputedDefaultVersion,
        ),
        (
            with(&format!("{flags}/0/IsDefaultVersion"), json!(false)),
            Unknown::DisputedDefaultVersion,
        ),
        (with(flags, json!([])), Unknown::NoDefaultVersion),
        (
            without(policy, "PolicyVersionList"),
            Unknown::NoDefaultVersion,
        ),
        (
            without(&format!("{flags}/0"), "Document"),
            Unknown::NotGiven,
        ),
    ];
    for (details, why) in cases {
        let inventory = inventory(&details);
        let document = &bearer(&inventory, "operators").policies[1].document;
        assert_eq!(*document, Document::Unknown(why));
    }
}

#[test]
fn one_word_for_the_default_version_is_enough() {
    let unflagged = without("/Policies/0/PolicyVersionList/0", "IsDefaultVersion");
    for details in [without("/Policies/0", "DefaultVersionId"), unflagged] {
        let inventory = inventory(&details);
        let document = &bearer(&inventory, "operators").policies[1].document;
        assert_eq!(
            document,
            &bearer(&read(DETAILS).unwrap(), "operators").policies[1].document
        );
    }
}

#[test]
fn documents_come_in_every_form_in_which_aws_writes_them() {
    let place = "/UserDetailList/0/UserPolicyList/0/PolicyDocument";
    let plain = read(DETAILS).unwrap();
    let document = details().pointer(place).unwrap().to_string();
    let encode = |byte| format!("%{byte:02X}");
    let encoded = document.bytes().map(encode).collect::<Vec<_>>().concat();
    for form in [
        json!(document),
        json!(encoded),
        json!([document]),
        json!([encoded]),
    ] {
        assert_eq!(inventory(&with(place, form)), plain);
    }
}

#[test]
fn what_iam_adds_over_time_is_ignored() {
    let mut details = details();
    details["SomethingNew"] = json!({ "Arn": 5 });
    details["RoleDetailList"][0]["SourceRoleTemplate"] = json!({ "TemplateArn": "x" });
    details["Policies"][0]["PolicyVersionList"][0]["SomethingNew"] = json!([1, 2]);
    assert_eq!(inventory(&details), read(DETAILS).unwrap());
}

#[test]
fn absent_lists_and_nulls_are_nothing() {
    let mut details = details();
    for member in ["UserPolicyList", "Tags", "PermissionsBoundary"] {
        details["UserDetailList"][1][member] = json!(null);
    }
    details["Marker"] = json!(null);
    details["IsTruncated"] = json!(false);
    assert_eq!(inventory(&details), read(DETAILS).unwrap());
}

#[test]
fn values_that_cannot_stand_where_they_are_refuse_the_whole() {
    let user = "/UserDetailList/0";
    let attached = "/RoleDetailList/0/AttachedManagedPolicies";
    let cases = [
        (
            with("/RoleDetailList", json!({})),
            "RoleDetailList: found an object, expected a list",
        ),
        (
            with("/RoleDetailList/0", json!(null)),
            "RoleDetailList[0]: found null, expected an object",
        ),
        (
            with(&format!("{user}/UserId"), json!(5)),
            "UserDetailList[0].UserId: found integer `5`, expected a string",
        ),
        (
            with(&format!("{user}/UserId"), json!("")),
            "UserDetailList[0]: found ``, expected a unique id of letters and digits",
        ),
        (
            with(
                &format!("{user}/Arn"),
                json!("arn:aws:iam::123456789012:role/alice"),
            ),
            "UserDetailList[0].Arn: found `arn:aws:iam::123456789012:role/alice`, expected the ARN of a user",
        ),
        (
            with(&format!("{user}/UserName"), json!("mallory")),
            "UserDetailList[0].UserName: found `mallory`, expected the name in `arn:aws:iam::123456789012:user/people/alice`",
        ),
        (
            with(&format!("{user}/Path"), json!("/")),
            "UserDetailList[0].Path: found `/`, expected the path in `arn:aws:iam::123456789012:user/people/alice`",
        ),
        (
            with(&format!("{user}/GroupList/0"), json!({})),
            "UserDetailList[0].GroupList[0]: found an object, expected a string",
        ),
        (
            with(&format!("{attached}/1/PolicyArn"), json!("SessionUsers")),
            "RoleDetailList[0].AttachedManagedPolicies[1].PolicyArn: found `SessionUsers`, expected the ARN of a managed policy",
        ),
        (
            with("/RoleDetailList/0/PermissionsBoundary", json!("x")),
            "RoleDetailList[0].PermissionsBoundary: found string \"x\", expected an object",
        ),
        (
            with(
                "/Policies/1/PolicyVersionList/0/IsDefaultVersion",
                json!("true"),
            ),
            "Policies[1].PolicyVersionList[0].IsDefaultVersion: found string \"true\", expected a boolean",
        ),
    ];
    for (details, expected) in cases {
        assert_eq!(refused(&details), expected);
    }
}

#[test]
fn what_makes_an_entity_must_be_there() {
    let cases = [
        (
            "/UserDetailList/0",
            "Arn",
            "UserDetailList[0]: found no `Arn`, expected an ARN",
        ),
        (
            "/GroupDetailList/0",
            "GroupId",
            "GroupDetailList[0]: found no `GroupId`, expected a unique id",
        ),
        (
            "/RoleDetailList/0",
            "RoleName",
            "RoleDetailList[0]: found no `RoleName`, expected a name",
        ),
        (
            "/UserDetailList/0/UserPolicyList/0",
            "PolicyName",
            "UserDetailList[0].UserPolicyList[0]: found no `PolicyName`, expected the name of a policy",
        ),
        (
            "/RoleDetailList/0/PermissionsBoundary",
            "PermissionsBoundaryArn",
            "RoleDetailList[0].PermissionsBoundary: found no `PermissionsBoundaryArn`, expected the ARN of a managed policy",
        ),
        (
            "/Policies/1",
            "Arn",
            "Policies[1]: found no `Arn`, expected the ARN of a managed policy",
        ),
        (
            "/UserDetailList/0/Tags/0",
            "Value",
            "UserDetailList[0].Tags[0]: found no `Value`, expected the value of a tag",
        ),
        (
            "",
            "GroupDetailList",
            "found no `GroupDetailList`, expected an answer of GetAccountAuthorizationDetails with all its lists",
        ),
    ];
    for (place, member, expected) in cases {
        assert_eq!(refused(&without(place, member)), expected);
    }
}

#[test]
fn nothing_may_be_there_twice() {
    let twice = |list: &str| {
        let mut details = details();
        let items = details.pointer_mut(list).unwrap().as_array_mut().unwrap();
        items.push(items[0].clone());
        refused(&details)
    };
    assert_eq!(
        twice("/RoleDetailList"),
        "RoleDetailList[1].Arn: found `arn:aws:iam::123456789012:role/web` twice, expected each role once"
    );
    assert_eq!(
        twice("/Policies"),
        "Policies[2].Arn: found `arn:aws:iam::123456789012:policy/SessionUsers` twice, expected each managed policy once"
    );
    assert_eq!(
        twice("/RoleDetailList/0/AttachedManagedPolicies"),
        "RoleDetailList[0].AttachedManagedPolicies[2].PolicyArn: found `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore` twice, expected each attached policy once"
    );
    assert_eq!(
        twice("/UserDetailList/0/UserPolicyList"),
        "UserDetailList[0].UserPolicyList[1].PolicyName: found `own-sessions` twice, expected each inline policy once"
    );
    assert_eq!(
        twice("/UserDetailList/0/GroupList"),
        "UserDetailList[0].GroupList[1]: found `operators` twice, expected each group once"
    );
    assert_eq!(
        twice("/UserDetailList/0/Tags"),
        "UserDetailList[0].Tags[1].Key: found `Team` twice, expected each tag once"
    );
    assert_eq!(
        twice("/Policies/0/PolicyVersionList"),
        "Policies[0].PolicyVersionList[2].VersionId: found `v2` twice, expected each version once"
    );
}

#[test]
fn a_member_may_not_be_there_twice_nor_be_misspelt() {
    let twice = DETAILS.replacen(
        "\"RoleName\": \"web\",",
        "\"RoleName\": \"web\", \"RoleName\": \"web\",",
        1,
    );
    let error = read(&twice).unwrap_err().to_string();
    assert_eq!(
        error,
        "RoleDetailList[0], line 76 column 42: found `RoleName` twice, expected each member once"
    );
    let misspelt = DETAILS.replacen("UserPolicyList", "userPolicyList", 1);
    let error = read(&misspelt).unwrap_err().to_string();
    assert_eq!(
        error,
        "UserDetailList[0], line 9 column 29: found `userPolicyList`, expected `UserPolicyList`"
    );
}

#[test]
fn accounts_may_not_be_mixed() {
    let mut details = details();
    details["GroupDetailList"][0]["Arn"] = json!("arn:aws:iam::111122223333:group/operators");
    assert_eq!(
        refused(&details),
        "GroupDetailList[0].Arn: found `arn:aws:iam::111122223333:group/operators`, expected an ARN of account 123456789012 like those before"
    );
}

#[test]
fn text_that_ends_too_soon_or_is_no_json_says_where() {
    let (half, _) = DETAILS.split_at(DETAILS.len() / 2);
    let error = read(half).unwrap_err();
    assert!(matches!(error.problem, Problem::Syntax { .. }), "{error}");
    let cases = [
        ("", "line 1 column 0: no JSON: EOF while parsing a value"),
        ("\n  usage: aws", "line 2 column 3: no JSON: expected value"),
        ("[]", "line 1 column 1: found a list, expected an object"),
        (
            "{\"RoleDetailList\": [,]}",
            "RoleDetailList[0], line 1 column 21: no JSON: expected value",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).unwrap_err().to_string(), expected);
    }
}

/// A page with some of the lists, the others empty.
fn page(lists: &[List], goes_on: bool) -> Value {
    let mut page = details();
    for list in List::ALL {
        if !lists.contains(&list) {
            page[list.member()] = json!([]);
        }
    }
    page["IsTruncated"] = json!(goes_on);
    if goes_on {
        page["Marker"] = json!("AAIhAP7EXAMPLE");
    }
    page
}

#[test]
fn pages_make_one_answer_in_whatever_order_their_lists_come() {
    let pages = [
        page(&[List::Roles, List::Users], true),
        page(&[List::Policies], true),
        page(&[List::Groups], false),
    ];
    let mut draft = Draft::new();
    for page in &pages {
        draft = draft.read(page.to_string().as_bytes()).unwrap();
    }
    assert_eq!(draft.finish().unwrap(), read(DETAILS).unwrap());
    let in_one_file = pages.map(|page| format!("{page:#}\n")).concat();
    assert_eq!(read(&in_one_file).unwrap(), read(DETAILS).unwrap());
}

#[test]
fn an_answer_that_goes_on_is_not_taken_for_the_whole() {
    let expected = "the answer goes on after its last page: get all pages, without `--max-items` or `--no-paginate`";
    assert_eq!(refused(&page(&List::ALL, true)), expected);
    let mut details = details();
    details["NextToken"] = json!("eyJNYXJrZXIiOiBudWxsfQ==");
    assert_eq!(refused(&details), expected);
}

#[test]
fn a_wrong_page_is_named_by_its_number() {
    let text = format!(
        "{}\n{}",
        page(&List::ALL, true),
        page(&[List::Groups], false)
    );
    let error = read(&text).unwrap_err();
    let error = InventoryError { at: None, ..error };
    assert_eq!(
        error.to_string(),
        "page 2, GroupDetailList[0].Arn: found `arn:aws:iam::123456789012:group/operators` twice, expected each group once"
    );
    let error = read(&format!("{DETAILS} and more")).unwrap_err();
    assert_eq!(error.page, Some(2));
    assert!(matches!(error.problem, Problem::Syntax { .. }), "{error}");
}

#[test]
fn what_powershell_puts_in_front_is_no_json_and_no_reason_to_fail() {
    let marked = [b"\xEF\xBB\xBF", DETAILS.as_bytes()].concat();
    let inventory = Draft::new().read(&marked[..]).unwrap().finish().unwrap();
    assert_eq!(inventory, read(DETAILS).unwrap());
    let wide: Vec<_> = "\u{feff}{}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let error = Draft::new().read(&wide[..]).unwrap_err();
    assert_eq!(error.to_string(), "no JSON: found UTF-16, expected UTF-8");
}

/// Breaks off.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the disk is gone"))
    }
}

#[test]
fn a_source_that_breaks_off_is_not_taken_for_the_whole() {
    let (half, _) = DETAILS.as_bytes().split_at(1000);
    for beginning in [half, DETAILS.as_bytes()] {
        let error = Draft::new().read(beginning.chain(Broken)).unwrap_err();
        let problem = Problem::Reading {
            detail: "the disk is gone".to_owned(),
        };
        assert_eq!(error.problem, problem);
    }
}
