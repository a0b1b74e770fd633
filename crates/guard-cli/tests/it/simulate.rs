mod hostile;
mod pipe;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::program::{Run, session_guard, session_guard_on};

const EXAMPLE: &str = "docs/examples/requests.jsonl";

/// A line that is allowed.
fn sound() -> Value {
    json!({
        "id": 1,
        "request": { "action": "a:Get", "resource": "*", "context": { "k:one": ["x"] } },
        "identity": [allow()],
        "unknown": ["k:two"],
    })
}

fn allow() -> Value {
    json!({ "Statement": [{ "Effect": "Allow", "Action": "a:*", "Resource": "*" }] })
}

fn simulate(input: impl AsRef<[u8]>) -> Run {
    session_guard_on(input.as_ref(), &["simulate"])
}

/// The answer to one line that is decided on.
fn decision(line: &Value) -> Value {
    serde_json::from_str(&simulate(line.to_string()).ended(0)).unwrap()
}

#[test]
fn the_example_is_answered_line_by_line() {
    assert_snapshot!(session_guard(&["simulate", EXAMPLE]).ended(0));
}

#[test]
fn people_get_sentences() {
    assert_snapshot!(session_guard(&["simulate", EXAMPLE, "--format", "text"]).ended(0));
    let lines = concat!(
        r#"{"request": {"action": "a:Get", "resource": "*", "principal": "arn:aws:iam::123456789012:root"}}"#,
        "\n\n",
        r#"{"request": {"acton": "a:Get"}}"#,
        "\n",
        r#"{"id": "\u001b[31m", "request": {}}"#,
    );
    let run = session_guard_on(lines.as_bytes(), &["simulate", "--format", "text"]);
    assert_eq!(run.err, "");
    assert_snapshot!(run.ended(1));
}

#[test]
fn a_file_and_the_standard_input_are_answered_alike() {
    let example = super::program::project().join(EXAMPLE);
    let from_file = session_guard(&["simulate", EXAMPLE]).ended(0);
    let example = std::fs::read(example).unwrap();
    assert_eq!(simulate(&example).ended(0), from_file);
    assert_eq!(
        session_guard_on(&example, &["simulate", "-"]).ended(0),
        from_file
    );
}

#[test]
fn every_layer_has_its_say_and_its_name() {
    let mut line = sound();
    line["boundary"] = json!([allow(), allow()]);
    line["session"] = json!([allow()]);
    line["scp"] = json!([[allow()], [{ "Statement": [] }, allow()]]);
    line["resourcePolicy"] = json!({
        "Statement": { "Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "a:Get",
            "Condition": { "Bool": { "k:two": "true" } } },
    });
    let expected = json!({
        "id": 1,
        "decision": "conditional",
        "because": [
            { "layer": "identity", "policy": 0, "statement": 0, "effect": "Allow" },
            { "layer": "boundary", "policy": 0, "statement": 0, "effect": "Allow" },
            { "layer": "boundary", "policy": 1, "statement": 0, "effect": "Allow" },
            { "layer": "session", "policy": 0, "statement": 0, "effect": "Allow" },
            { "layer": "scp", "level": 0, "policy": 0, "statement": 0, "effect": "Allow" },
            { "layer": "scp", "level": 1, "policy": 1, "statement": 0, "effect": "Allow" },
            { "layer": "resourcePolicy", "policy": 0, "statement": 0, "sid": "No", "effect": "Deny" },
        ],
        "on": ["k:two"],
    });
    assert_eq!(decision(&line), expected);
    for (layer, nothing) in [
        ("identity", json!([])),
        ("boundary", json!([])),
        ("session", json!([])),
        ("scp", json!([[allow()], []])),
    ] {
        let mut line = line.clone();
        line[layer] = nothing;
        assert_eq!(decision(&line)["decision"], "implicitly-denied", "{layer}");
    }
}

#[test]
fn documents_are_read_in_every_form() {
    let object = allow();
    let text = object.to_string();
    let encoded: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    let texts = json!([
        text,
        encoded,
        json!(text).to_string(),
        json!([encoded]).to_string()
    ]);
    let lists: Value = texts
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it]))
        .collect();
    for form in [
        vec![object.clone(), json!([object])],
        texts.as_array().unwrap().clone(),
        lists.as_array().unwrap().clone(),
    ]
    .concat()
    {
        let mut line = sound();
        line["identity"] = json!([form]);
        assert_eq!(decision(&line)["decision"], "allowed", "{form}");
    }
}

#[test]
fn values_are_compared_as_the_texts_that_they_are() {
    for (written, compared) in [
        (r#""x""#, "x"),
        (r#"["y", "x"]"#, "x"),
        ("true", "true"),
        ("[false]", "false"),
        ("20", "20"),
        ("-1", "-1"),
        ("1.50", "1.50"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
    ] {
        for (policy, decision) in [(compared, "allowed"), ("z", "implicitly-denied")] {
            let policy = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": { "StringEquals": { "K:One": policy } } } });
            let line = format!(
                r#"{{"request": {{"action": "a:Get", "resource": "*", "context": {{"k:one": {written}}}}}, "identity": [{policy}]}}"#
            );
            let answer: Value = serde_json::from_str(&simulate(line).ended(0)).unwrap();
            assert_eq!(answer["decision"], decision, "{written}");
        }
    }
}

#[test]
fn an_id_is_given_back_as_it_was_written() {
    let ids = [
        "0",
        "-0",
        "1.00",
        "1e999",
        "123456789012345678901234567890",
        "true",
        "null",
        r#""""#,
        r#""\u0041\"""#,
        r#"{"b": [1,  {}], "a": null}"#,
        "[[]]",
    ];
    let line = |id: &str, rest: &str| format!(r#"{{{rest}, "id": {id}}}"#);
    let sound = r#""request": {"action": "a:Get", "resource": "*"}"#;
    for id in ids {
        let answer = simulate(line(id, sound)).ended(0);
        let expected =
            format!(r#"{{"id":{id},"decision":"implicitly-denied","because":[],"on":[]}}"#);
        assert_eq!(answer, expected + "\n");
        let refused = simulate(line(id, r#""requests": {}"#)).ended(1);
        assert!(
            refused.starts_with(&format!(r#"{{"id":{id},"error":""#)),
            "{refused}"
        );
    }
    let without = simulate(format!("{{{sound}}}")).ended(0);
    assert!(without.starts_with(r#"{"id":null,"#), "{without}");
    assert_eq!(
        simulate(line("\"\u{7f}\u{9b}\"", sound)).ended(0),
        simulate(line(r#""\u007f\u009b""#, sound)).ended(0)
    );
}
