//! The ways in which a function is named.

use crate::ACCOUNT;

/// The bare name in a name, partial ARN or ARN, without a qualifier.
pub(crate) fn short(name: &str) -> &str {
    let after = name.rsplit_once("function:").map_or(name, |(_, rest)| rest);
    after.split(':').next().unwrap_or(after)
}

/// The ARN of a function.
pub(crate) fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:{ACCOUNT}:function:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_a_function_is_understood() {
        for name in [
            "guard",
            "guard:$LATEST",
            "123456789012:function:guard",
            "arn:aws:lambda:eu-central-1:123456789012:function:guard:1",
        ] {
            assert_eq!(short(name), "guard");
        }
    }
}
