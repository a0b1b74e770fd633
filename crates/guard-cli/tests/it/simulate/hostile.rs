//! Lines that are refused: never a decision, always a reason with its place.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{allow, simulate, sound};

/// What is wrong with a line.
fn error(line: &str) -> String {
    let answer: Value = serde_json::from_str(&simulate(line).ended(1)).unwrap();
    let members: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "error"], "{line}");
    answer["error"].as_str().unwrap().to_owned()
}

/// What is wrong with the sound line after one member, named by a JSON pointer, was set.
fn error_with(pointer: &str, value: Value) -> String {
    let mut line = sound();
    let (above, member) = pointer.rsplit_once('/').unwrap();
    line.pointer_mut(above).unwrap()[member] = value;
    format!(
        "{pointer} {}\n  {}\n",
        line.pointer(pointer).unwrap(),
        error(&line.to_string())
    )
}

#[test]
fn whatever_does_not_belong_is_named_with_its_place() {
    let odd = [
        ("/request/acton", json!("a:Get")),
        ("/request/region", json!("eu-central-1")),
        ("/resourcepolicy", allow()),
        ("/action", json!("a:Get")),
        ("/request", json!(null)),
        ("/request", json!([])),
        ("/request", json!({ "action": "a:Get" })),
        ("/request", json!({ "resource": "*" })),
        ("/request/action", json!("a:*")),
        ("/request/action", json!("StartSession")),
        ("/request/action", json!(["a:Get"])),
        ("/request/resource", json!("i-0123456789abcdef0")),
        ("/request/resource", json!("arn:aws:ec2:eu-central-1")),
        ("/request/principal", json!("ann")),
        ("/request/principal", json!("123456789012")),
        ("/request/principal", json!("*")),
        ("/request/principal", json!(null)),
        (
            "/request/principal",
            json!("arn:aws:iam::123456789012:group/admins"),
        ),
        (
            "/request/principal",
            json!("arn:aws:sts::123456789012:assumed-role/reader"),
        ),
        (
            "/request/principal",
            json!("arn:aws:iam::123456789012:user/*"),
        ),
        ("/request/context", json!([])),
        ("/request/context/k:one", json!(null)),
        ("/request/context/k:one", json!({})),
        ("/request/context/k:one", json!(["x", ["y"]])),
        ("/request/context/K:ONE", json!("y")),
        ("/request/context/", json!("y")),
        ("/request/context/k:two", json!("y")),
        ("/unknown", json!("k:two")),
        ("/unknown", json!(["k:two", "K:Two"])),
        ("/unknown", json!([2])),
        ("/identity", allow()),
        ("/identity", json!(null)),
        ("/identity", json!([null])),
        ("/identity", json!([""])),
        ("/identity", json!(["%7B"])),
        ("/identity", json!([allow(), { "Version": "2012-10-17" }])),
        (
            "/boundary",
            json!([{ "Statement": [{ "Effect": "Allow", "Action": "*" }] }]),
        ),
        (
            "/session",
            json!([{ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" } }]),
        ),
        ("/scp", json!([allow()])),
        (
            "/scp",
            json!([[], [{ "Statement": { "Effect": "allow", "Action": "*", "Resource": "*" } }]]),
        ),
        ("/resourcePolicy", json!([])),
        ("/resourcePolicy", allow()),
        (
            "/identity/0/Statement/0/Condition",
            json!({ "StringLik": {} }),
        ),
        (
            "/identity/0/Statement/0/Condition",
            json!({ "NumericEquals": { "k:one": "many" } }),
        ),
    ];
    let told: String = odd
        .into_iter()
        .map(|(pointer, value)| error_with(pointer, value))
        .collect();
    assert_snapshot!(told);
}

#[test]
fn a_text_that_is_longer_than_any_is_refused_where_it_stands() {
    // As many characters as there may be, in characters of two bytes; one more is too much.
    let arn = |size: usize| json!(format!("arn:aws:s3:::{}", "ä".repeat(size - 13)));
    let text =
        |start: &str, size: usize| json!(format!("{start}{}", "ä".repeat(size - start.len())));
    let key = |size: usize| text("k:", size).as_str().unwrap().to_owned();
    let role = |size: usize| text("arn:aws:iam::123456789012:role/", size);
    let mut sound = sound();
    sound["request"]["principal"] = role(32);
    let mut told = Vec::new();
    for (pointer, longest, longer) in [
        ("/request/action", text("a:", 128), text("a:", 129)),
        ("/request/resource", arn(2_048), arn(2_049)),
        ("/request/principal", role(2_048), role(2_049)),
        ("/request/context/k:one", text("", 16_384), text("", 16_385)),
        (
            "/request/context/k:one",
            json!(["x", text("", 16_384)]),
            json!(["x", text("", 16_385)]),
        ),
        ("/unknown", json!(["k", key(256)]), json!(["k", key(257)])),
    ] {
        *sound.pointer_mut(pointer).unwrap() = longest;
        let answers = simulate(sound.to_string()).ended(0);
        assert!(answers.contains("\"decision\""), "{pointer}: {answers}");
        let mut spoilt = sound.clone();
        *spoilt.pointer_mut(pointer).unwrap() = longer;
        told.push(error(&spoilt.to_string()));
    }
    sound["unknown"] = json!([]);
    sound["request"]["context"] = json!({ key(256): "x" });
    simulate(sound.to_string()).ended(0);
    sound["request"]["context"] = json!({ key(257): "x" });
    told.push(error(&sound.to_string()));
    let digits = format!(r#""context":{{"k":{}}}"#, "1".repeat(16_385));
    sound["request"]["context"] = json!({});
    told.push(error(
        &sound.to_string().replace(r#""context":{}"#, &digits),
    ));
    assert_snapshot!(told.join("\n"));
}

#[test]
fn equal_keys_are_refused_wherever_they_are() {
    let lines = [
        r#"{"id": 1, "id": 1, "request": {"action": "a:Get", "resource": "*"}}"#,
        r#"{"id": 1, "\u0069d": 2, "request": {"action": "a:Get", "resource": "*"}}"#,
        r#"{"id": {"a": 1, "a": 2}, "request": {"action": "a:Get", "resource": "*"}}"#,
        r#"{"id": [[{"a": {"b": 1, "b": 2}}]], "request": {"action": "a:Get", "resource": "*"}}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*"}, "request": {}}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "action": "a:Put", "resource": "*"}}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*", "context": {"k": 1, "k": 1}}}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*"}, "scp": [], "scp": []}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*"}, "identity": [{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}]}"#,
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*"}, "identity": ["{\"Statement\": [], \"Statement\": []}"]}"#,
    ];
    let told: Vec<_> = lines
        .iter()
        .map(|line| format!("{line}\n  {}\n", error(line)))
        .collect();
    assert_snapshot!(told.concat());
}

#[test]
fn what_is_no_json_is_told_with_the_number_of_its_line() {
    let deep_id = format!(r#"{{"id": {}1{}}}"#, "[".repeat(33), "]".repeat(33));
    let deep = "[".repeat(100_000);
    let deep_policy = format!(
        r#"{{"request": {{"action": "a:Get", "resource": "*"}}, "identity": [{deep}{}]}}"#,
        "]".repeat(100_000)
    );
    let lines = [
        "{",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{}",
        "{} {}",
        "{},",
        "nul",
        "{'id': 1}",
        r#"{"id": 1, "request": {"action": "a:Get", "resource": "*"}"#,
        r#"{"id": "\ud800", "request": {"action": "a:Get", "resource": "*"}}"#,
        r#"{"request": {"action": "\ud800:Get", "resource": "*"}}"#,
        r#"{"request": {"action": "a:Get", "resource": "*", "context": {"k": 1e3}}}"#,
        r#"{"request": {"action": "a:Get", "resource": "*", "context": {"k": NaN}}}"#,
        "\u{feff}\u{feff}{}",
        "\0",
        &deep_id,
        &deep,
        &deep_policy,
    ];
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            let shown: String = line.chars().take(80).collect();
            let error = error(&format!("\n\r\n{line}"));
            assert!(error.starts_with("line 3: "), "{shown}: {error}");
            format!("{}\n  {error}\n", shown.escape_debug())
        })
        .collect();
    assert_snapshot!(told.concat());
}

#[test]
fn a_bad_line_takes_none_of_the_others_along() {
    let sound = sound().to_string();
    let mut input = b"\xef\xbb\xbf".to_vec();
    for line in [
        sound.as_bytes(),
        b"",
        b"{\"id\": \"\xff\"}",
        sound.as_bytes(),
        b" \t",
        b"\xff\xfe{",
        sound.as_bytes(),
    ] {
        input.extend(line);
        input.extend(b"\r\n");
    }
    input.extend(sound.as_bytes());
    let answers = simulate(input).ended(1);
    let ok = r#"{"id":1,"decision":"allowed","because":[{"layer":"identity","policy":0,"statement":0,"effect":"Allow"}],"on":[]}"#;
    let not_text = |line, byte| {
        format!(
            r#"{{"id":null,"error":"line {line}: found byte {byte} of the line, which is no UTF-8, expected one request with its policies as JSON in UTF-8"}}"#
        )
    };
    let expected = [ok, &not_text(3, 9), ok, &not_text(6, 1), ok, ok];
    assert_eq!(answers.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_is_answered_to_nothing() {
    for input in ["", "\n", "\r\n\r\n", " ", "\u{feff}", "\u{feff}\n"] {
        assert_eq!(simulate(input).ended(0), "", "{input:?}");
    }
}
