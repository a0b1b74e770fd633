//! Operations of the REST services, told from method and path.

use std::fmt::Write;

use serde_json::{Map, Value, json};

/// Operation and parameters of a Lambda call (Lambda API reference, "Request Syntax" of each action).
pub(crate) fn lambda(method: &str, path: &str, body: &[u8]) -> (String, Value) {
    let mut parameters = match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => map,
        Ok(_) | Err(_) => Map::new(),
    };
    let segments: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(decode)
        .collect();
    let parts: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    let operation = match (method, parts.as_slice()) {
        ("GET", ["functions"]) => "ListFunctions",
        ("POST", ["functions"]) => "CreateFunction",
        (_, ["functions", name, rest @ ..]) => {
            parameters.insert("functionName".into(), Value::from(*name));
            if let ["policy", sid] = rest {
                parameters.insert("statementId".into(), Value::from(*sid));
            }
            function_operation(method, rest)
        }
        ("GET", ["tags", ..]) => "ListTags",
        ("POST", ["tags", ..]) => "TagResource",
        ("DELETE", ["tags", ..]) => "UntagResource",
        _ => "Unknown",
    };
    (operation.to_owned(), Value::Object(parameters))
}

fn function_operation(method: &str, rest: &[&str]) -> &'static str {
    match (method, rest) {
        ("GET", []) => "GetFunction",
        ("DELETE", []) => "DeleteFunction",
        ("POST", ["invocations"]) => "Invoke",
        ("GET", ["configuration"]) => "GetFunctionConfiguration",
        ("PUT", ["configuration"]) => "UpdateFunctionConfiguration",
        ("PUT", ["code"]) => "UpdateFunctionCode",
        ("GET", ["policy"]) => "GetPolicy",
        ("POST", ["policy"]) => "AddPermission",
        ("DELETE", ["policy", _]) => "RemovePermission",
        ("GET", ["concurrency"]) => "GetFunctionConcurrency",
        ("PUT", ["concurrency"]) => "PutFunctionConcurrency",
        ("DELETE", ["concurrency"]) => "DeleteFunctionConcurrency",
        ("GET", ["event-invoke-config"]) => "GetFunctionEventInvokeConfig",
        ("PUT", ["event-invoke-config"]) => "PutFunctionEventInvokeConfig",
        ("POST", ["event-invoke-config"]) => "UpdateFunctionEventInvokeConfig",
        ("DELETE", ["event-invoke-config"]) => "DeleteFunctionEventInvokeConfig",
        ("GET", ["event-invoke-config", "list"]) => "ListFunctionEventInvokeConfigs",
        ("GET", ["aliases"]) => "ListAliases",
        ("POST", ["aliases"]) => "CreateAlias",
        ("GET", ["versions"]) => "ListVersionsByFunction",
        ("POST", ["versions"]) => "PublishVersion",
        ("GET", ["url"]) => "GetFunctionUrlConfig",
        ("POST", ["url"]) => "CreateFunctionUrlConfig",
        ("PUT", ["url"]) => "UpdateFunctionUrlConfig",
        ("DELETE", ["url"]) => "DeleteFunctionUrlConfig",
        _ => "Unknown",
    }
}

/// Operation and parameters of an S3 call in path style. Only what the call log and the policies need.
pub(crate) fn s3(method: &str, path: &str) -> (String, Value) {
    let path = path.trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let object = !key.is_empty();
    let operation = match (method, object, bucket.is_empty()) {
        ("GET", _, true) => "ListBuckets",
        ("GET", false, false) => "ListBucket",
        ("HEAD", false, _) => "HeadBucket",
        ("PUT", false, _) => "CreateBucket",
        ("DELETE", false, _) => "DeleteBucket",
        ("PUT" | "POST", true, _) => "PutObject",
        ("GET", true, _) => "GetObject",
        ("HEAD", true, _) => "HeadObject",
        ("DELETE", true, _) => "DeleteObject",
        _ => "Unknown",
    };
    (
        operation.to_owned(),
        json!({"bucketName": decode(bucket), "key": decode(key)}),
    )
}

/// Undoes percent-encoding; what is not valid stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (
            ahead.next().and_then(hex_digit),
            ahead.next().and_then(hex_digit),
        );
        match (byte, digits) {
            (b'%', (Some(high), Some(low))) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            (other, _) => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_paths_name_operations() {
        let (operation, parameters) = lambda(
            "PUT",
            "/2017-10-31/functions/guard/concurrency",
            br#"{"ReservedConcurrentExecutions": 1}"#,
        );
        assert_eq!(operation, "PutFunctionConcurrency");
        assert_eq!(parameters["functionName"], "guard");
        assert_eq!(parameters["ReservedConcurrentExecutions"], 1);
    }

    #[test]
    fn an_encoded_function_arn_is_decoded() {
        let (operation, parameters) = lambda(
            "POST",
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax/invocations",
            b"{}",
        );
        assert_eq!(operation, "Invoke");
        assert_eq!(parameters["functionName"], "arn:aws:lambda:x");
    }

    #[test]
    fn a_broken_escape_stays() {
        assert_eq!(decode("a%2Gb%41%"), "a%2GbA%");
    }
}
