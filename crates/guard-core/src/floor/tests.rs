use super::*;

fn document(inputs: &str) -> Preferences {
    let head = r#""schemaVersion":"1.0","sessionType":"Standard_Stream""#;
    Preferences::parse(&format!("{{{head},\"inputs\":{{{inputs}}}}}")).unwrap()
}

fn floor(key: &str, requirement: Requirement) -> Floor {
    Floor::new(vec![(Field::named(key).unwrap(), requirement)])
}

fn is(text: &str) -> Requirement {
    Requirement::Is(text.to_owned())
}

fn holds(key: &str, requirement: Requirement, inputs: &str) -> bool {
    floor(key, requirement)
        .violations(&document(inputs))
        .is_empty()
}

#[test]
fn spelling_decides_nothing() {
    for inputs in [r#""runAsEnabled":true"#, r#""runAsEnabled":"true""#] {
        assert!(holds("runAsEnabled", is("true"), inputs), "{inputs}");
    }
    for inputs in [r#""idleSessionTimeout":20"#, r#""idleSessionTimeout":"20""#] {
        assert!(holds("idleSessionTimeout", is("20"), inputs), "{inputs}");
        assert!(
            holds("idleSessionTimeout", Requirement::AtMost(20), inputs),
            "{inputs}"
        );
        assert!(
            !holds("idleSessionTimeout", Requirement::AtMost(19), inputs),
            "{inputs}"
        );
        assert!(
            !holds("idleSessionTimeout", Requirement::AtLeast(21), inputs),
            "{inputs}"
        );
    }
    for inputs in ["", r#""s3BucketName":"""#, r#""s3BucketName":null"#] {
        assert!(
            holds("s3BucketName", Requirement::NotSet, inputs),
            "{inputs}"
        );
        assert!(!holds("s3BucketName", Requirement::Set, inputs), "{inputs}");
        assert!(!holds("s3BucketName", is("logs"), inputs), "{inputs}");
    }
}

#[test]
fn a_value_is_compared_whole() {
    let one_of = || Requirement::OneOf(vec!["a".to_owned(), "b".to_owned()]);
    assert!(holds("s3BucketName", one_of(), r#""s3BucketName":"b""#));
    for inputs in [
        r#""s3BucketName":"a,b""#,
        r#""s3BucketName":"A""#,
        r#""s3BucketName":"b ""#,
        "",
    ] {
        assert!(!holds("s3BucketName", one_of(), inputs), "{inputs}");
    }
    assert!(!holds(
        "cloudWatchEncryptionEnabled",
        is("true"),
        r#""cloudWatchEncryptionEnabled":"True""#
    ));
}

#[test]
fn timeouts_that_are_not_set_are_what_aws_makes_of_them() {
    use Requirement::{AtLeast, AtMost};
    for (key, requirement, expected) in [
        ("idleSessionTimeout", AtMost(20), true),
        ("idleSessionTimeout", AtMost(19), false),
        ("idleSessionTimeout", AtLeast(20), true),
        ("idleSessionTimeout", AtLeast(21), false),
        ("maxSessionDuration", AtMost(1440), false),
        ("maxSessionDuration", AtLeast(1440), true),
    ] {
        assert_eq!(
            holds(key, requirement.clone(), ""),
            expected,
            "{key} {requirement}"
        );
    }
}

#[test]
fn what_is_no_number_of_minutes_is_below_any_limit() {
    for value in [
        "\"0\"", "0", "-1", "\"+5\"", "\" 5\"", "\"05\"", "5.0", "\"5m\"", "\"61\"", "true", "1e1",
    ] {
        let inputs = format!("\"idleSessionTimeout\":{value}");
        assert!(
            !holds("idleSessionTimeout", Requirement::AtMost(60), &inputs),
            "{value}"
        );
        assert!(
            !holds("idleSessionTimeout", Requirement::AtLeast(1), &inputs),
            "{value}"
        );
    }
}

#[test]
fn an_unfit_document_is_below_every_floor() {
    let found = Floor::default().violations(&document(r#""s3BucketName":"{{bucket}}""#));
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["`inputs.s3BucketName` holds `{{…}}`, so that whoever starts a session chooses the value"]
    );
}

#[test]
fn violations_are_sentences() {
    let many = Floor::new(
        [
            ("cloudWatchLogGroupName", is("sessions")),
            ("cloudWatchEncryptionEnabled", is("true")),
            (
                "s3BucketName",
                Requirement::OneOf(vec!["a".to_owned(), "b".to_owned()]),
            ),
            ("idleSessionTimeout", Requirement::AtMost(10)),
            ("maxSessionDuration", Requirement::AtMost(60)),
            ("runAsDefaultUser", Requirement::NotSet),
        ]
        .into_iter()
        .map(|(key, requirement)| (Field::named(key).unwrap(), requirement))
        .collect(),
    );
    let found = document(
        r#""s3BucketName":"c","cloudWatchEncryptionEnabled":false,"runAsDefaultUser":"root""#,
    );
    let lines: Vec<_> = many
        .violations(&found)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            "`cloudWatchLogGroupName` must be `sessions` and is not set",
            "`cloudWatchEncryptionEnabled` must be `true` and is `false`",
            "`s3BucketName` must be one of `a`, `b` and is `c`",
            "`idleSessionTimeout` must be at most 10 minutes and is not set, which means 20 minutes",
            "`maxSessionDuration` must be at most 60 minutes and is not set, which means no maximum",
            "`runAsDefaultUser` must be not set and is `root`",
        ]
    );
}

#[test]
fn shell_text_leaves_only_as_a_hash() {
    let secret = "export TOKEN=hunter2";
    let floor = floor("shellProfile.linux", is(secret));
    let [violation] = &floor.violations(&document(r#""shellProfile":{"linux":"curl evil"}"#))[..]
    else {
        panic!("one violation")
    };
    let (shown, data) = (
        violation.to_string(),
        serde_json::to_string(violation).unwrap(),
    );
    for text in [&shown, &data] {
        assert!(
            text.contains("shell text of 20 characters, sha256 "),
            "{text}"
        );
        assert!(
            !text.contains("hunter2") && !text.contains("evil"),
            "{text}"
        );
    }
}

#[test]
fn the_floor_of_a_document_keeps_what_protects_it() {
    let found = document(
        r#""s3BucketName":"lo\"gs","s3EncryptionEnabled":"true","cloudWatchEncryptionEnabled":false,
           "kmsKeyId":"alias/x","runAsDefaultUser":"ec2-user","runAsEnabled":true,"idleSessionTimeout":"20",
           "maxSessionDuration":"never","shellProfile":{"linux":"date"},"s3KeyPrefix":"{{prefix}}""#,
    );
    assert_eq!(
        floor_of(&found).to_toml(),
        "[floor]\ns3BucketName = { is = 'lo\"gs' }\ns3EncryptionEnabled = { is = true }\n\
         kmsKeyId = { is = \"alias/x\" }\nidleSessionTimeout = { at-most = 20 }\n"
    );
}

#[test]
fn a_floor_written_into_a_charter_is_read_back() {
    let found = document(
        r#""s3BucketName":"logs","s3KeyPrefix":"é \\ ' \" x","cloudWatchLogGroupName":"g",
           "cloudWatchEncryptionEnabled":true,"idleSessionTimeout":5,"maxSessionDuration":"60""#,
    );
    let floor = floor_of(&found);
    assert!(!floor.is_empty());
    assert_eq!(floor.violations(&found), []);
    let text = format!(
        "mode = \"report\"\nregions = [\"eu-central-1\"]\n{}",
        floor.to_toml()
    );
    let charter = crate::charter::Charter::parse(&text).unwrap();
    assert_eq!(charter.floor(), &floor);
}
