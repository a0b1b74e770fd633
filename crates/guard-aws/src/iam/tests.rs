use aws_sdk_iam::Client;
use guard_core::inventory::{Bearer, BearerKind, Document, Entity, Library, List, Source, Unknown};
use guard_core::roles::BearerName;
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::{
    Holder, ReadDetails, ReadEntities, ReadHolders, ReadPrincipals, ReadVersions,
};

use super::Principals;
use crate::failure::chain;
use crate::test_service::Service;

/// `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, as IAM gives it.
const ADMIN: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D";
/// The trust of EC2, in the same form.
const TRUST: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%7D";

fn principals(service: &Service) -> Principals {
    Principals {
        client: Client::new(&service.sdk()),
    }
}

pub(super) fn ok(operation: &str, result: &str) -> (u16, String) {
    let result = format!("<{operation}Result>{result}</{operation}Result>");
    (
        200,
        format!("<{operation}Response>{result}</{operation}Response>"),
    )
}

pub(super) fn refused(status: u16, code: &str) -> (u16, String) {
    let error =
        format!("<Error><Code>{code}</Code><Message>as the service words it</Message></Error>");
    (status, format!("<ErrorResponse>{error}</ErrorResponse>"))
}

fn gone() -> (u16, String) {
    refused(404, "NoSuchEntity")
}

/// What was asked, as `Action` and the members behind it, version left out.
pub(super) fn asked(service: &Service) -> Vec<String> {
    let bodies = service.bodies();
    let shown = |body: &String| {
        let parts = body.split('&').filter(|part| !part.starts_with("Version="));
        parts.collect::<Vec<_>>().join(" ").replace("Action=", "")
    };
    bodies.iter().map(shown).collect()
}

const NO_MORE: &str = "<IsTruncated>false</IsTruncated>";

fn bearer(entity: Entity) -> Bearer {
    Library::default().bearer(entity)
}

fn sources(bearer: &Bearer) -> Vec<String> {
    let policies = bearer.policies.iter();
    policies.map(|it| it.source.to_string()).collect()
}

fn role_xml(id: &str, name: &str, more: &str) -> String {
    format!(
        "<Path>/</Path><RoleName>{name}</RoleName><RoleId>{id}</RoleId>\
         <Arn>arn:aws:iam::123456789012:role/{name}</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate>\
         <AssumeRolePolicyDocument>{TRUST}</AssumeRolePolicyDocument>{more}"
    )
}

fn user_xml(id: &str, name: &str, more: &str) -> String {
    format!(
        "<Path>/</Path><UserName>{name}</UserName><UserId>{id}</UserId>\
         <Arn>arn:aws:iam::123456789012:user/{name}</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate>{more}"
    )
}

fn group_xml(id: &str, name: &str, more: &str) -> String {
    format!(
        "<Path>/</Path><GroupName>{name}</GroupName><GroupId>{id}</GroupId>\
         <Arn>arn:aws:iam::123456789012:group/{name}</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate>{more}"
    )
}

fn attached_xml(arn: &str) -> String {
    format!("<member><PolicyName>p</PolicyName><PolicyArn>{arn}</PolicyArn></member>")
}

const SESSIONS: &str = "arn:aws:iam::123456789012:policy/Sessions";

/// A role with two inline policies, the second of which is none, on two pages.
fn role_in_pieces() -> Service {
    let boundary = "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>\
        <PermissionsBoundaryArn>arn:aws:iam::123456789012:policy/Boundary</PermissionsBoundaryArn></PermissionsBoundary>\
        <Tags><member><Key>Team</Key><Value>web</Value></member></Tags>";
    Service::answering_text([
        ok(
            "GetRole",
            &format!("<Role>{}</Role>", role_xml("AROA1", "web", boundary)),
        ),
        ok(
            "ListRolePolicies",
            "<PolicyNames><member>one</member></PolicyNames><IsTruncated>true</IsTruncated><Marker>m1</Marker>",
        ),
        ok(
            "ListRolePolicies",
            &format!("<PolicyNames><member>two</member></PolicyNames>{NO_MORE}"),
        ),
        ok(
            "GetRolePolicy",
            &format!(
                "<RoleName>web</RoleName><PolicyName>one</PolicyName><PolicyDocument>{ADMIN}</PolicyDocument>"
            ),
        ),
        ok(
            "GetRolePolicy",
            "<RoleName>web</RoleName><PolicyName>two</PolicyName><PolicyDocument>no policy</PolicyDocument>",
        ),
        ok(
            "ListAttachedRolePolicies",
            &format!(
                "<AttachedPolicies>{}</AttachedPolicies>{NO_MORE}",
                attached_xml(SESSIONS)
            ),
        ),
    ])
}

#[tokio::test]
async fn a_role_is_read_with_all_that_it_carries() {
    let service = role_in_pieces();
    let role = principals(&service)
        .entity(BearerKind::Role, "web")
        .await
        .unwrap()
        .unwrap();
    let role = bearer(role);
    assert_eq!((role.id.as_str(), role.name.as_str()), ("AROA1", "web"));
    assert_eq!(
        sources(&role),
        [
            "inline policy `one`".to_owned(),
            "inline policy `two`".to_owned(),
            format!("policy `{SESSIONS}`"),
        ]
    );
    assert!(role.policies[0].document.known().is_some());
    assert!(matches!(
        role.policies[1].document,
        Document::Unknown(Unknown::Unreadable(_))
    ));
    assert!(role.trust.unwrap().known().is_some());
    assert_eq!(role.tags.unwrap()["Team"], "web");
    assert_eq!(
        role.boundary.unwrap().source,
        Source::Managed {
            arn: "arn:aws:iam::123456789012:policy/Boundary".to_owned()
        }
    );
    assert_eq!(
        asked(&service),
        [
            "GetRole RoleName=web",
            "ListRolePolicies RoleName=web",
            "ListRolePolicies RoleName=web Marker=m1",
            "GetRolePolicy RoleName=web PolicyName=one",
            "GetRolePolicy RoleName=web PolicyName=two",
            "ListAttachedRolePolicies RoleName=web",
        ]
    );
}

#[tokio::test]
async fn a_user_is_read_with_the_names_of_its_groups() {
    let group = format!("<member>{}</member>", group_xml("AGPA1", "ops", ""));
    let service = Service::answering_text([
        ok(
            "GetUser",
            &format!("<User>{}</User>", user_xml("AIDA1", "alice", "")),
        ),
        ok(
            "ListUserPolicies",
            &format!("<PolicyNames><member>own</member></PolicyNames>{NO_MORE}"),
        ),
        ok(
            "GetUserPolicy",
            &format!(
                "<UserName>alice</UserName><PolicyName>own</PolicyName><PolicyDocument>{ADMIN}</PolicyDocument>"
            ),
        ),
        ok(
            "ListAttachedUserPolicies",
            &format!("<AttachedPolicies/>{NO_MORE}"),
        ),
        ok(
            "ListGroupsForUser",
            &format!("<Groups>{group}</Groups>{NO_MORE}"),
        ),
    ]);
    let user = principals(&service)
        .entity(BearerKind::User, "alice")
        .await
        .unwrap()
        .unwrap();
    let user = bearer(user);
    assert_eq!(user.groups, ["ops"]);
    assert_eq!(
        user.tags.as_ref().map(std::collections::BTreeMap::len),
        Some(0)
    );
    assert_eq!(sources(&user), ["inline policy `own`", "group `ops`"]);
}

#[tokio::test]
async fn a_group_is_read_without_its_members_and_its_members_by_themselves() {
    let group = format!("<Group>{}</Group>", group_xml("AGPA1", "ops", ""));
    let user = format!(
        "<Users><member>{}</member></Users>",
        user_xml("AIDA1", "alice", "")
    );
    let page = format!("{group}{user}<IsTruncated>true</IsTruncated><Marker>m1</Marker>");
    let service = Service::answering_text([
        ok("GetGroup", &page),
        ok(
            "ListGroupPolicies",
            &format!("<PolicyNames><member>own</member></PolicyNames>{NO_MORE}"),
        ),
        ok(
            "GetGroupPolicy",
            &format!(
                "<GroupName>ops</GroupName><PolicyName>own</PolicyName><PolicyDocument>{ADMIN}</PolicyDocument>"
            ),
        ),
        ok(
            "ListAttachedGroupPolicies",
            &format!(
                "<AttachedPolicies>{}</AttachedPolicies>{NO_MORE}",
                attached_xml(SESSIONS)
            ),
        ),
        ok("GetGroup", &page),
    ]);
    let principals = principals(&service);
    let group = principals
        .entity(BearerKind::Group, "ops")
        .await
        .unwrap()
        .unwrap();
    let group = bearer(group);
    assert_eq!(group.policies.len(), 2);
    assert_eq!(group.tags, None);
    let members = principals.members("ops", Some("m0")).await.unwrap();
    assert_eq!(
        (members.items, members.next),
        (vec!["alice".to_owned()], Some("m1".to_owned()))
    );
    let asked = asked(&service);
    assert_eq!(asked[0], "GetGroup GroupName=ops MaxItems=1");
    assert_eq!(asked[4], "GetGroup GroupName=ops Marker=m0 MaxItems=1000");
}

#[tokio::test]
async fn what_is_not_there_is_no_error() {
    for kind in [BearerKind::Role, BearerKind::User, BearerKind::Group] {
        let service = Service::answering_text([gone()]);
        assert_eq!(principals(&service).entity(kind, "x").await.unwrap(), None);
    }
    let service = Service::answering_text([gone(), gone(), gone()]);
    let principals = principals(&service);
    assert_eq!(principals.policy(SESSIONS).await.unwrap(), None);
    assert_eq!(principals.holders(SESSIONS, None).await.unwrap().items, []);
    assert_eq!(
        principals.members("ops", None).await.unwrap().items,
        [""; 0]
    );
}

/// A role with a part that is gone by the time it is asked for, and the answer after that.
fn role_without_its_part(then: (u16, String)) -> [(u16, String); 4] {
    let role = format!("<Role>{}</Role>", role_xml("AROA1", "web", ""));
    let parts = format!("<PolicyNames><member>one</member></PolicyNames>{NO_MORE}");
    [
        ok("GetRole", &role),
        ok("ListRolePolicies", &parts),
        gone(),
        then,
    ]
}

#[tokio::test]
async fn what_goes_while_it_is_read_is_to_be_read_again() {
    let service = Service::answering_text(role_without_its_part(gone()));
    let failed = principals(&service)
        .entity(BearerKind::Role, "web")
        .await
        .unwrap_err();
    assert_eq!(failed.class, FailureClass::Unavailable);
    assert_eq!(
        chain(&failed),
        "failed to read the role `web`: it changed while it was read"
    );
}

#[tokio::test]
async fn a_part_that_goes_while_the_rest_is_read_is_left_out() {
    let attached = format!("<AttachedPolicies/>{NO_MORE}");
    let attached = ok("ListAttachedRolePolicies", &attached);
    let service = Service::answering_text(role_without_its_part(attached));
    let read = principals(&service).entity(BearerKind::Role, "web").await;
    assert_eq!(sources(&bearer(read.unwrap().unwrap())), [""; 0]);
}

#[tokio::test]
async fn a_version_is_read_by_its_name_whichever_is_the_default_one() {
    let version = format!("<PolicyVersion><Document>{ADMIN}</Document></PolicyVersion>");
    let service = Service::answering_text([ok("GetPolicyVersion", &version), gone()]);
    let principals = principals(&service);
    let read = principals.version(SESSIONS, "v3").await.unwrap().unwrap();
    assert!(read.known().is_some());
    assert_eq!(principals.version(SESSIONS, "v4").await.unwrap(), None);
    let asked = asked(&service);
    assert!(
        asked[0].starts_with("GetPolicyVersion PolicyArn="),
        "{asked:?}"
    );
    assert!(asked[0].ends_with("VersionId=v3"), "{asked:?}");
}

#[tokio::test]
async fn a_managed_policy_says_what_its_default_version_says() {
    let service = Service::answering_text([
        ok(
            "GetPolicy",
            &format!(
                "<Policy><Arn>{SESSIONS}</Arn><DefaultVersionId>v2</DefaultVersionId></Policy>"
            ),
        ),
        ok(
            "GetPolicyVersion",
            &format!(
                "<PolicyVersion><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>{ADMIN}</Document></PolicyVersion>"
            ),
        ),
    ]);
    let document = principals(&service)
        .policy(SESSIONS)
        .await
        .unwrap()
        .unwrap();
    assert!(document.known().is_some());
    let arn = "PolicyArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2FSessions";
    assert_eq!(
        asked(&service),
        [
            format!("GetPolicy {arn}"),
            format!("GetPolicyVersion {arn} VersionId=v2")
        ]
    );
}

#[tokio::test]
async fn holders_are_roles_users_and_groups_page_by_page() {
    let service = Service::answering_text([ok(
        "ListEntitiesForPolicy",
        "<PolicyRoles><member><RoleName>web</RoleName><RoleId>AROA1</RoleId></member></PolicyRoles>\
         <PolicyUsers><member><UserName>alice</UserName><UserId>AIDA1</UserId></member></PolicyUsers>\
         <PolicyGroups><member><GroupName>ops</GroupName><GroupId>AGPA1</GroupId></member></PolicyGroups>\
         <IsTruncated>true</IsTruncated><Marker>m1</Marker>",
    )]);
    let page = principals(&service).holders(SESSIONS, None).await.unwrap();
    let holder = |kind, name: &str, id: &str| Holder {
        bearer: BearerName {
            kind,
            name: name.to_owned(),
        },
        id: id.to_owned(),
    };
    assert_eq!(
        page.items,
        [
            holder(BearerKind::Role, "web", "AROA1"),
            holder(BearerKind::User, "alice", "AIDA1"),
            holder(BearerKind::Group, "ops", "AGPA1"),
        ]
    );
    assert_eq!(page.next.as_deref(), Some("m1"));
    // No filter: what is attached and what is a boundary are both told.
    assert!(!asked(&service)[0].contains("Usage"));
}

fn details_xml(policies: &str) -> String {
    let inline = |list: &str| {
        format!(
            "<{list}><member><PolicyName>own</PolicyName><PolicyDocument>{ADMIN}</PolicyDocument></member></{list}>"
        )
    };
    let attached = format!(
        "<AttachedManagedPolicies>{}</AttachedManagedPolicies>",
        attached_xml(SESSIONS)
    );
    let role = role_xml(
        "AROA1",
        "web",
        &format!("{}{attached}", inline("RolePolicyList")),
    );
    let groups = "<GroupList><member>ops</member></GroupList><AttachedManagedPolicies/>";
    let user = user_xml("AIDA1", "alice", groups);
    let group = group_xml(
        "AGPA1",
        "ops",
        &format!("{}<AttachedManagedPolicies/>", inline("GroupPolicyList")),
    );
    format!(
        "<RoleDetailList><member>{role}</member></RoleDetailList><UserDetailList><member>{user}</member></UserDetailList>\
         <GroupDetailList><member>{group}</member></GroupDetailList><Policies>{policies}</Policies>"
    )
}

fn policy_xml(default: &str, versions: &[(&str, bool)]) -> String {
    let versions = versions.iter().map(|(id, is_default)| {
        format!("<member><Document>{ADMIN}</Document><VersionId>{id}</VersionId><IsDefaultVersion>{is_default}</IsDefaultVersion></member>")
    });
    let versions = versions.collect::<Vec<_>>().concat();
    format!(
        "<member><PolicyName>Sessions</PolicyName><Arn>{SESSIONS}</Arn><DefaultVersionId>{default}</DefaultVersionId>\
         <PolicyVersionList>{versions}</PolicyVersionList></member>"
    )
}

#[tokio::test]
async fn the_whole_account_comes_page_by_page() {
    let policies = policy_xml("v2", &[("v1", false), ("v2", true)]);
    let service = Service::answering_text([ok(
        "GetAccountAuthorizationDetails",
        &format!(
            "{}<IsTruncated>true</IsTruncated><Marker>m1</Marker>",
            details_xml(&policies)
        ),
    )]);
    let page = principals(&service).details(Some("m0")).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("m1"));
    let told: Vec<_> = page.entities.iter().map(Entity::id).collect();
    assert_eq!(told, ["AROA1", "AIDA1", "AGPA1"]);
    assert_eq!(page.policies[0].arn, SESSIONS);
    assert!(page.policies[0].document.known().is_some());
    // A user without inline policies has no list of them.
    let user = bearer(page.entities[1].clone());
    assert_eq!(sources(&user), ["group `ops`"]);
    assert_eq!(
        asked(&service),
        ["GetAccountAuthorizationDetails MaxItems=200 Marker=m0"]
    );
}

#[tokio::test]
async fn a_page_tells_which_lists_it_has_be_they_empty() {
    for (lists, expected) in [
        (
            "<UserDetailList/><GroupDetailList/><RoleDetailList/><Policies/>",
            &List::ALL[..],
        ),
        (
            "<UserDetailList/><RoleDetailList/>",
            &[List::Users, List::Roles],
        ),
        ("", &[]),
    ] {
        let answer = format!("{lists}{NO_MORE}");
        let service = Service::answering_text([ok("GetAccountAuthorizationDetails", &answer)]);
        let page = principals(&service).details(None).await.unwrap();
        assert_eq!(page.lists, expected, "{lists}");
    }
}

#[tokio::test]
async fn a_policy_whose_default_version_is_not_clear_is_unknown() {
    for (default, versions, expected) in [
        ("v2", &[("v1", false)][..], Unknown::NoDefaultVersion),
        ("v2", &[("v1", true)][..], Unknown::DisputedDefaultVersion),
        (
            "v1",
            &[("v1", true), ("v2", true)][..],
            Unknown::DisputedDefaultVersion,
        ),
    ] {
        let policies = policy_xml(default, versions);
        let answer = format!("{}{NO_MORE}", details_xml(&policies));
        let service = Service::answering_text([ok("GetAccountAuthorizationDetails", &answer)]);
        let page = principals(&service).details(None).await.unwrap();
        assert_eq!(page.policies[0].document, Document::Unknown(expected));
    }
}

#[tokio::test]
async fn an_answer_that_goes_on_without_saying_where_is_no_end() {
    let service = Service::answering_text([ok(
        "GetAccountAuthorizationDetails",
        "<IsTruncated>true</IsTruncated>",
    )]);
    let failed = principals(&service).details(None).await.unwrap_err();
    assert_eq!(
        chain(&failed),
        "failed to read the details of `the account`: the answer lacks `Marker`"
    );
}

#[tokio::test(start_paused = true)]
async fn failures_are_sorted() {
    for (status, code, class) in [
        (403, "AccessDenied", FailureClass::Denied),
        (400, "Throttling", FailureClass::Throttled),
        (400, "ValidationError", FailureClass::Malformed),
        (500, "ServiceFailure", FailureClass::Unavailable),
    ] {
        let service = Service::answering_text(std::iter::repeat_n(refused(status, code), 3));
        let failed = principals(&service).details(None).await.unwrap_err();
        assert_eq!(failed.class, class, "{code}");
        assert!(
            chain(&failed).contains("as the service words it"),
            "{failed:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_makes_no_part_of_an_account_is_malformed() {
    let role = role_xml("AROA1", "web", "").replace("arn:aws:iam::123456789012:role/web", "web");
    let service = Service::answering_text([ok("GetRole", &format!("<Role>{role}</Role>"))]);
    let failed = principals(&service)
        .entity(BearerKind::Role, "web")
        .await
        .unwrap_err();
    assert_eq!(failed.class, FailureClass::Malformed);
    assert!(
        chain(&failed).contains("found `web`, expected the ARN of a role"),
        "{failed:?}"
    );
}
