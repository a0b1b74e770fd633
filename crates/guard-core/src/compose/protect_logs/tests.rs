use super::*;
use crate::access::Outcome::{self, Allowed, ExplicitlyDenied};
use crate::compose::trial::{Trial, charter, context, place, scope};
use crate::policy::Kind;
use crate::preferences::Preferences;

const GROUP: &str = "arn:aws:logs:eu-central-1:123456789012:log-group:/session-manager/main";
const BUCKET_ARN: &str = "arn:aws:s3:::amzn-s3-demo-bucket";
const OBJECT: &str = "arn:aws:s3:::amzn-s3-demo-bucket/sessions/ann-0123456789abcdef0.log";
const KEY_ARN: &str =
    "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ALIAS: &str = "arn:aws:kms:eu-central-1:123456789012:alias/session-manager";

const OWNER: &str = "arn:aws:iam::123456789012:role/log-owners";
const NODE: &str = "arn:aws:iam::123456789012:role/node";
const PERSON: &str = "arn:aws:iam::123456789012:role/session-users";

const INPUTS: &str = r#"{
    "cloudWatchLogGroupName": "/session-manager/main",
    "s3BucketName": "amzn-s3-demo-bucket",
    "s3KeyPrefix": "sessions",
    "kmsKeyId": "alias/session-manager"
}"#;

fn destination(inputs: &str, region: &str) -> Result<Destination, ComposeError> {
    let preferences = Preferences::parse(&format!("{{\"inputs\":{inputs}}}")).unwrap();
    Destination::of(&preferences, &scope(region))
}

fn owners() -> Vec<Who> {
    let charter = charter(&format!("[[editor]]\nrole = \"{OWNER}\"\nreason = \"x\""));
    charter.editors().iter().map(|it| it.who.clone()).collect()
}

fn protection(form: Form, except: Vec<Who>) -> Protection {
    Protection {
        destinations: vec![destination(INPUTS, "eu-central-1").unwrap()],
        keys: vec![KeyRef::parse(KEY_ARN, &scope("eu-central-1")).unwrap()],
        except,
        place: place(&["eu-central-1"]),
        form,
    }
}

fn by(principal: &str) -> crate::access::Context {
    let mut context = context(&[("aws:PrincipalArn", principal)]);
    context.set_all("kms:ResourceAliases", ["alias/session-manager"]);
    context
}

/// Every call of D2's rows on log store and key, with what it is made on.
fn destruction() -> Vec<(&'static str, &'static str)> {
    let streams = "arn:aws:logs:eu-central-1:123456789012:log-group:/session-manager/main:log-stream:ann-0123";
    let mut calls = vec![("logs:DeleteLogStream", streams)];
    calls.extend(LOGS.map(|action| (action, GROUP)));
    calls.extend(BUCKET.map(|action| (action, BUCKET_ARN)));
    calls.extend(OBJECTS.map(|action| (action, OBJECT)));
    calls.extend(KEY.map(|action| (action, KEY_ARN)));
    calls.extend([("kms:DeleteAlias", ALIAS), ("kms:UpdateAlias", ALIAS)]);
    calls
}

/// What a node does to record a session.
const WRITING_LOGS: [(&str, &str); 7] = [
    ("logs:CreateLogStream", GROUP),
    (
        "logs:PutLogEvents",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/session-manager/main:log-stream:x",
    ),
    (
        "logs:DescribeLogGroups",
        "arn:aws:logs:eu-central-1:123456789012:log-group::log-stream:",
    ),
    ("logs:DescribeLogStreams", GROUP),
    ("s3:PutObject", OBJECT),
    ("s3:GetEncryptionConfiguration", BUCKET_ARN),
    ("kms:GenerateDataKey", KEY_ARN),
];

fn outcome(form: Form, action: &str, resource: &str, principal: &str) -> Outcome {
    let product = compose(&protection(form, owners())).unwrap();
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    match form {
        Form::Identity => trial.beside_everything(action, resource, &by(principal)),
        Form::Scp => trial.in_organization(action, resource, &by(principal)),
    }
}

#[test]
fn the_papers_read_as_they_should() {
    let product = compose(&protection(Form::Identity, owners())).unwrap();
    let names: Vec<_> = product.papers.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "protect-logs",
            "bucket-policy-amzn-s3-demo-bucket",
            "key-policy"
        ]
    );
    for paper in &product.papers {
        insta::assert_snapshot!(paper.name.clone(), paper.text());
    }
}

#[test]
fn the_record_is_kept_from_everybody_but_its_owners() {
    for form in [Form::Identity, Form::Scp] {
        for (action, resource) in destruction() {
            let found = outcome(form, action, resource, PERSON);
            assert_eq!(found, ExplicitlyDenied, "{form:?} {action} {resource}");
            let found = outcome(form, action, resource, OWNER);
            assert_eq!(found, Allowed, "{form:?} {action} {resource}");
        }
    }
}

#[test]
fn nodes_go_on_writing() {
    for (action, resource) in WRITING_LOGS {
        assert_eq!(
            outcome(Form::Scp, action, resource, NODE),
            Allowed,
            "{action}"
        );
    }
    // For buckets of other accounts.
    assert_eq!(outcome(Form::Scp, "s3:PutObjectAcl", OBJECT, NODE), Allowed);
    let product = compose(&protection(Form::Scp, owners())).unwrap();
    let [_, bucket, key] = product.papers.as_slice() else {
        panic!("{product:?}");
    };
    let (bucket, key) = (Trial::of(bucket, Kind::Resource), Trial::of_key(key));
    for (action, resource) in WRITING_LOGS {
        let trial = if resource == KEY_ARN { &key } else { &bucket };
        let found = trial.on_resource(action, resource, &by(NODE));
        assert_eq!(found, Allowed, "{action}");
    }
}

#[test]
fn people_do_not_write_in_the_nodes_place() {
    for action in ["s3:PutObject", "s3:PutObjectAcl"] {
        assert_eq!(
            outcome(Form::Identity, action, OBJECT, PERSON),
            ExplicitlyDenied
        );
    }
    let masking = "logs:PutAccountPolicy";
    assert_eq!(
        outcome(Form::Identity, masking, "*", PERSON),
        ExplicitlyDenied
    );
    assert_eq!(outcome(Form::Scp, masking, "*", PERSON), Allowed);
}

#[test]
fn other_stores_are_left_alone() {
    for (action, resource) in [
        (
            "logs:DeleteLogGroup",
            "arn:aws:logs:eu-central-1:123456789012:log-group:/session-manager/main2",
        ),
        (
            "logs:DeleteLogGroup",
            "arn:aws:logs:us-east-1:123456789012:log-group:/session-manager/main",
        ),
        (
            "s3:DeleteObject",
            "arn:aws:s3:::amzn-s3-demo-bucket/other/x",
        ),
        ("s3:DeleteBucket", "arn:aws:s3:::amzn-s3-demo-bucket2"),
        (
            "kms:DisableKey",
            "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        ("s3:GetObject", OBJECT),
        ("logs:GetLogEvents", GROUP),
    ] {
        assert_eq!(
            outcome(Form::Scp, action, resource, PERSON),
            Allowed,
            "{action} {resource}"
        );
    }
}

#[test]
fn bucket_and_key_protect_themselves_and_let_their_owners_in() {
    let product = compose(&protection(Form::Identity, owners())).unwrap();
    let [_, bucket, key] = product.papers.as_slice() else {
        panic!("{product:?}");
    };
    let bucket = Trial::of(bucket, Kind::Resource);
    let key = Trial::of_key(key);
    let root = "arn:aws:iam::123456789012:root";
    for (action, resource) in destruction() {
        let trial = match action.split(':').next() {
            Some("s3") => &bucket,
            Some("kms") if resource == KEY_ARN => &key,
            _ => continue,
        };
        for principal in [PERSON, NODE, root] {
            let found = trial.on_resource(action, resource, &by(principal));
            assert_eq!(found, ExplicitlyDenied, "{action} {principal}");
        }
        assert_eq!(
            trial.on_resource(action, resource, &by(OWNER)),
            Allowed,
            "{action}"
        );
    }
}

#[test]
fn nothing_that_would_lock_everybody_out_is_made() {
    let product = compose(&protection(Form::Identity, Vec::new())).unwrap();
    assert_eq!(product.papers.len(), 1);
    assert!(product.notes.contains(&Note::NoResourcePolicies));
    let error = compose(&protection(Form::Scp, Vec::new())).unwrap_err();
    assert_eq!(error, ComposeError::NobodyExcepted);
}

#[test]
fn permission_sets_can_own_the_record() {
    let charter = charter("[[editor]]\npermission-set = \"LogAdmin\"\nreason = \"x\"");
    let except = charter.editors().iter().map(|it| it.who.clone()).collect();
    let product = compose(&protection(Form::Identity, except)).unwrap();
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    let set = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_LogAdmin_0123456789abcdef";
    assert_eq!(
        trial.beside_everything("s3:DeleteObject", OBJECT, &by(set)),
        Allowed
    );
    assert_eq!(
        trial.beside_everything("s3:DeleteObject", OBJECT, &by(PERSON)),
        ExplicitlyDenied
    );
}

#[test]
fn destinations_are_taken_from_preferences_or_refused() {
    let none = destination("{ \"s3BucketName\": \"\" }", "eu-central-1").unwrap_err();
    assert!(
        matches!(none, ComposeError::RecordedNowhere { .. }),
        "{none}"
    );
    for inputs in [
        "{ \"s3BucketName\": \"*\" }",
        "{ \"s3BucketName\": \"a/b\" }",
        "{ \"s3BucketName\": \"bucket\", \"s3KeyPrefix\": \"a*\" }",
        "{ \"cloudWatchLogGroupName\": \"{{group}}\" }",
        "{ \"cloudWatchLogGroupName\": \"/x/${aws:username}\" }",
        "{ \"s3BucketName\": \"bucket\", \"kmsKeyId\": \"key/*\" }",
    ] {
        assert!(destination(inputs, "eu-central-1").is_err(), "{inputs}");
    }
}

#[test]
fn regions_that_share_a_bucket_share_its_policy() {
    let inputs = |prefix: &str| {
        format!("{{ \"s3BucketName\": \"amzn-s3-demo-bucket\", \"s3KeyPrefix\": \"{prefix}\" }}")
    };
    let two = Protection {
        destinations: vec![
            destination(&inputs("one/"), "eu-central-1").unwrap(),
            destination(&inputs("two"), "us-east-1").unwrap(),
        ],
        keys: Vec::new(),
        ..protection(Form::Identity, owners())
    };
    let product = compose(&two).unwrap();
    assert_eq!(product.papers.len(), 2);
    let objects = &product.papers[1].value["Statement"][1]["Resource"];
    let expected = ["one", "two"].map(|prefix| format!("{BUCKET_ARN}/{prefix}/*"));
    assert_eq!(*objects, serde_json::json!(expected));
}
