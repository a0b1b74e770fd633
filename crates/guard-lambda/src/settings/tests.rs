use super::*;

fn good() -> Vec<(String, String)> {
    [
        (
            ROLE_ARN,
            "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-central-1",
        ),
        (
            TOPIC_ARN,
            "arn:aws:sns:eu-central-1:123456789012:session-guard-alerts",
        ),
        (TASK_ROOT, "/var/task"),
        (REGION, "eu-central-1"),
        (FUNCTION_NAME, "preferences-guard"),
        ("PATH", "/bin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn with(changes: &[(&str, &str)]) -> Result<Settings, SettingsErrors> {
    let changes = changes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(good().into_iter().chain(changes), Alerts::ToTopic)
}

#[test]
fn account_and_partition_are_the_roles() {
    let settings = with(&[
        (
            ROLE_ARN,
            "arn:aws-cn:iam::111122223333:role/guards/preferences",
        ),
        (TOPIC_ARN, "arn:aws-cn:sns:cn-north-1:111122223333:alerts"),
        (REGION, "cn-north-1"),
    ])
    .unwrap();
    assert_eq!(settings.scope.partition.as_str(), "aws-cn");
    assert_eq!(settings.scope.account.as_str(), "111122223333");
    assert_eq!(settings.scope.region.as_str(), "cn-north-1");
    let own = settings.own_identity();
    assert_eq!(
        own.function.as_deref(),
        Some("arn:aws-cn:lambda:cn-north-1:111122223333:function:preferences-guard")
    );
    assert_eq!(own.role.role_name(), "preferences");
}

#[test]
fn decisions_are_logged_unless_the_operator_says_otherwise() {
    assert_eq!(with(&[]).unwrap().log, Level::INFO);
    assert_eq!(with(&[(LOG, "")]).unwrap().log, Level::INFO);
    assert_eq!(with(&[(LOG, "debug")]).unwrap().log, Level::DEBUG);
}

#[test]
fn an_empty_environment_lacks_everything_at_once() {
    let errors = Settings::read([], Alerts::ToTopic).unwrap_err();
    let expected = "`SESSION_GUARD_ROLE_ARN` is not set\n\
                    `SESSION_GUARD_TOPIC_ARN` is not set\n\
                    `AWS_REGION` is not set\n\
                    `AWS_LAMBDA_FUNCTION_NAME` is not set\n\
                    `LAMBDA_TASK_ROOT` is not set";
    assert_eq!(errors.to_string(), expected);
}

#[test]
fn everything_that_is_wrong_is_reported_at_once() {
    let errors = with(&[
        (ROLE_ARN, "arn:aws:sts::123456789012:assumed-role/guard/x"),
        (TOPIC_ARN, "arn:aws:sns:us-east-1:123456789012:alerts"),
        (TASK_ROOT, "task"),
        (FUNCTION_NAME, "preferences guard"),
        (LOG, "loud"),
    ])
    .unwrap_err();
    let expected = "`SESSION_GUARD_ROLE_ARN` cannot be used: `arn:aws:sts::123456789012:assumed-role/guard/x` is not the ARN of an IAM role\n\
                    `AWS_LAMBDA_FUNCTION_NAME` cannot be used: it is not the name of a function\n\
                    `LAMBDA_TASK_ROOT` cannot be used: it is not an absolute path\n\
                    `SESSION_GUARD_LOG` cannot be used: it is not one of error, warn, info, debug, trace\n\
                    `SESSION_GUARD_TOPIC_ARN` cannot be used: it is in `us-east-1`, the function in `eu-central-1`";
    assert_eq!(errors.to_string(), expected);
}

#[test]
fn arns_of_other_things_are_not_topics() {
    for text in [
        "",
        "session-guard-alerts",
        "arn:aws:sqs:eu-central-1:123456789012:session-guard-alerts",
        "arn:aws:sns:eu-central-1:123456789012:session-guard-alerts:0d7f2f2c-subscription",
        "arn:aws:sns:eu-central-1:1234:session-guard-alerts",
        "arn:aws:sns::123456789012:session-guard-alerts",
        "arn:aws:sns:eu-central-1:123456789012:",
        "arn:aws:sns:eu-central-1:123456789012:a b",
    ] {
        assert!(TopicArn::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_function_that_alerts_nobody_needs_no_topic() {
    let variables = good().into_iter().filter(|(name, _)| name != TOPIC_ARN);
    let settings = Settings::read(variables, Alerts::None).unwrap();
    assert_eq!(settings.topic, None);
    assert_eq!(
        settings.topic().unwrap_err().to_string(),
        "`SESSION_GUARD_TOPIC_ARN` is not set"
    );
    let settings = Settings::read(good(), Alerts::None).unwrap();
    assert_eq!(settings.topic, None);
}
