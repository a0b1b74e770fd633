//! Unique ids: moto's look like nothing in AWS, which tells kinds apart by a prefix (IAM user guide, "Unique
//! identifiers").

use serde_json::Value;

/// Members that carry an id, with its prefix. Roles' ids are right already.
const PREFIXES: [(&str, &str); 4] = [
    ("UserId", "AIDA"),
    ("GroupId", "AGPA"),
    ("PolicyId", "ANPA"),
    ("InstanceProfileId", "AIPA"),
];

/// The id that belongs to one of moto's; one that has the prefix stays.
pub(crate) fn of(prefix: &str, raw: &str) -> String {
    if raw.starts_with(prefix) {
        return raw.to_owned();
    }
    let upper = raw.to_uppercase();
    format!("{prefix}{}", upper.get(..17).unwrap_or(&upper))
}

/// A user's id.
pub(crate) fn of_user(raw: &str) -> String {
    of("AIDA", raw)
}

/// Puts ids in place of moto's in an XML body.
pub(crate) fn in_body(body: &str) -> String {
    PREFIXES
        .iter()
        .fold(body.to_owned(), |body, (member, prefix)| {
            let (open, close) = (format!("<{member}>"), format!("</{member}>"));
            let mut parts = body.split(&open);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |body, part| match part.split_once(&close) {
                Some((id, rest)) => format!("{body}{open}{}{close}{rest}", of(prefix, id)),
                None => format!("{body}{open}{part}"),
            })
        })
}

/// The same in an answer that was read.
pub(crate) fn in_value(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let prefix = PREFIXES.iter().find(|(known, _)| known == name);
                if let (Some((_, prefix)), Some(id)) = (prefix, member.as_str()) {
                    *member = Value::from(of(prefix, id));
                } else {
                    in_value(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn body_and_value_get_the_same_ids() {
        let body = in_body(
            "<a><UserId>ie0fygwun8dginnlfqfq</UserId><GroupId>8mfrhilinfm2qnwizhf4</GroupId></a>",
        );
        assert_eq!(
            body,
            "<a><UserId>AIDAIE0FYGWUN8DGINNLF</UserId><GroupId>AGPA8MFRHILINFM2QNWIZ</GroupId></a>"
        );
        let mut value = json!({"List": [{"UserId": "ie0fygwun8dginnlfqfq"}]});
        in_value(&mut value);
        assert_eq!(
            value,
            json!({"List": [{"UserId": "AIDAIE0FYGWUN8DGINNLF"}]})
        );
        assert_eq!(in_body(&body), body);
    }
}
