//! Contents of preferences documents, each named by what it says.

use serde_json::{Value, json};

use crate::document::sha256;

/// What the operator wants: the baseline of the tests.
pub fn baseline() -> String {
    preferences("operator", "15")
}

/// Above the floor of the tests, told from others by its run-as user.
pub fn above_floor(run_as: &str) -> String {
    preferences(run_as, "15")
}

/// Above the floor of the tests, with another idle timeout in minutes.
pub fn idle_timeout(minutes: u32) -> String {
    preferences("operator", &minutes.to_string())
}

/// Below the floor: sessions go unrecorded when the log group cannot be written.
pub fn encryption_off() -> String {
    with_input("cloudWatchEncryptionEnabled", false.into())
}

/// Below the floor: nothing is logged.
pub fn logging_off() -> String {
    with_input("cloudWatchLogGroupName", "".into())
}

/// Below the floor: sessions are logged elsewhere.
pub fn logging_elsewhere(group: &str) -> String {
    with_input("cloudWatchLogGroupName", group.into())
}

/// Below any floor: whoever starts a session chooses the log group.
pub fn placeholder() -> String {
    with_input("cloudWatchLogGroupName", "{{ group }}".into())
}

/// Below any floor: the key stands there twice, and readers differ on which one counts.
pub fn duplicate_key() -> String {
    let flag = "\"cloudWatchEncryptionEnabled\":";
    baseline().replacen(flag, &format!("{flag}false,{flag}"), 1)
}

/// Below any floor: a second key differs in case only.
pub fn case_twin() -> String {
    with_input("CloudWatchLogGroupName", "/elsewhere".into())
}

/// Above the floor, but even compressed larger than a parameter may be: shell text without any pattern.
pub fn above_floor_but_too_large() -> String {
    let noise: Vec<_> = (0_u32..300).map(|n| sha256(&n.to_be_bytes())).collect();
    let noise = noise.concat();
    with_input(
        "shellProfile",
        json!({ "linux": format!("true # {noise}") }),
    )
}

/// The same meaning as `json`, in YAML.
pub fn as_yaml(json: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(json) else {
        return json.to_owned();
    };
    let mut lines = Vec::new();
    for (key, value) in members {
        match value {
            Value::Object(inputs) => {
                lines.push(format!("{key}:"));
                lines.extend(
                    inputs
                        .iter()
                        .map(|(key, value)| format!("  {key}: {value}")),
                );
            }
            scalar => lines.push(format!("{key}: {scalar}")),
        }
    }
    lines.join("\n") + "\n"
}

/// The same content under another description.
pub fn described(json: &str, description: &str) -> String {
    let Ok(mut content) = serde_json::from_str::<Value>(json) else {
        return json.to_owned();
    };
    crate::record::set(&mut content, "description", description.into());
    content.to_string()
}

fn preferences(run_as: &str, idle: &str) -> String {
    document(run_as, idle).to_string()
}

fn with_input(key: &str, value: Value) -> String {
    let mut content = document("operator", "15");
    if let Some(inputs) = content.get_mut("inputs") {
        crate::record::set(inputs, key, value);
    }
    content.to_string()
}

fn document(run_as: &str, idle: &str) -> Value {
    json!({
        "schemaVersion": "1.0",
        "description": "Document to hold regional settings for Session Manager",
        "sessionType": "Standard_Stream",
        "inputs": {
            "cloudWatchLogGroupName": "/session-manager/123456789012",
            "cloudWatchEncryptionEnabled": true,
            "cloudWatchStreamingEnabled": true,
            "runAsEnabled": true,
            "runAsDefaultUser": run_as,
            "idleSessionTimeout": idle,
        },
    })
}
