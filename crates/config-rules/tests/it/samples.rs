//! Every sample event, delivered to the account that it tells of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guard_core::rules::{Compliance, RuleId};
use guard_testkit::{Call, Person, content};
use serde_json::Value;

use crate::scene::{CORE, GROUP, NARROW, OLD, ROLE, Scene, USER, WIDE};

/// A sample, the rule that it is for, what happened before, and how many evaluations of which kind are told.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) rule: RuleId,
    pub(crate) before: fn(&Scene),
    /// Compliant, not compliant, not applicable.
    told: [usize; 3],
}

const CHANGE: &str = "ConfigurationItemChangeNotification";

macro_rules! sample {
    ($name:expr, $rule:ident, $before:expr, $told:expr) => {
        Sample {
            name: $name,
            rule: RuleId::$rule,
            before: $before,
            told: $told,
        }
    };
}

pub(crate) const SAMPLES: [Sample; 19] = [
    sample!(
        "ConfigurationItemChangeNotification/preferences-changed",
        Preferences,
        logging_off,
        [0, 1, 1]
    ),
    sample!(
        "ConfigurationItemChangeNotification/preferences-deleted",
        Preferences,
        deleted,
        [0, 1, 1]
    ),
    sample!(
        "ConfigurationItemChangeNotification/another-document",
        Preferences,
        nothing,
        [0, 0, 1]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-opens-sessions-everywhere",
        SessionAccess,
        wide,
        [0, 1, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-within-the-charter",
        SessionAccess,
        narrow,
        [1, 0, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-in-test-mode",
        SessionAccess,
        wide,
        [0, 1, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-out-of-scope",
        SessionAccess,
        wide,
        [0, 0, 1]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-deleted",
        SessionAccess,
        nothing,
        [0, 0, 1]
    ),
    sample!(
        "ConfigurationItemChangeNotification/user-through-a-group",
        SessionAccess,
        group_and_user,
        [0, 1, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/group-with-members",
        SessionAccess,
        group_and_user,
        [0, 2, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/policy-of-a-role",
        SessionAccess,
        policy,
        [0, 1, 1]
    ),
    sample!(
        "OversizedConfigurationItemChangeNotification/role",
        SessionAccess,
        wide,
        [0, 1, 0]
    ),
    sample!(
        "ScheduledNotification/preferences",
        Preferences,
        nothing,
        [1, 0, 1]
    ),
    sample!(
        "ScheduledNotification/session-access",
        SessionAccess,
        group_and_user,
        [0, 2, 0]
    ),
    sample!(
        "ScheduledNotification/preferences-access",
        PreferencesAccess,
        group_and_user,
        [2, 0, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-carries-a-forbidden-policy",
        ForbiddenPolicy,
        old_policy,
        [0, 1, 0]
    ),
    sample!(
        "ConfigurationItemChangeNotification/role-cannot-write-records",
        RoleLogging,
        core_alone,
        [0, 1, 0]
    ),
    sample!(
        "ScheduledNotification/forbidden-policy",
        ForbiddenPolicy,
        servers_and_people,
        [2, 1, 0]
    ),
    sample!(
        "ScheduledNotification/role-logging",
        RoleLogging,
        servers_and_people,
        [1, 0, 2]
    ),
];

fn nothing(_: &Scene) {}

fn logging_off(scene: &Scene) {
    let mallory = Person::stranger();
    scene
        .account
        .as_principal(&mallory)
        .update(&content::logging_off())
        .unwrap();
}

fn deleted(scene: &Scene) {
    scene
        .account
        .as_principal(&Person::stranger())
        .delete()
        .unwrap();
}

fn wide(scene: &Scene) {
    scene.role("web-operators", WIDE);
}

fn narrow(scene: &Scene) {
    scene.role("web-operators", NARROW);
}

fn group_and_user(scene: &Scene) {
    let principals = scene.account.principals();
    principals.create(GROUP, "ops");
    principals.put_inline(GROUP, "ops", "sessions", WIDE);
    principals.create(USER, "alice");
    principals.join("alice", "ops");
}

fn policy(scene: &Scene) {
    let principals = scene.account.principals();
    principals.create(ROLE, "web-operators");
    let arn = principals.create_policy("SessionUsers", WIDE);
    principals.attach(ROLE, "web-operators", &arn);
}

fn old_policy(scene: &Scene) {
    scene.instance_role("web-servers", &[OLD]);
}

fn core_alone(scene: &Scene) {
    scene.instance_role("web-servers", &[CORE]);
}

fn servers_and_people(scene: &Scene) {
    let principals = scene.account.principals();
    let old = guard_core::managed::document(OLD).unwrap();
    principals.set_policy(OLD, &old.to_value().to_string());
    scene.instance_role("web-servers", &[OLD]);
    group_and_user(scene);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/config")
}

/// The text of a sample.
pub(crate) fn text(name: &str) -> String {
    let file = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A sample as JSON.
pub(crate) fn event(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// The account that a sample tells of, in which its token is known.
pub(crate) fn scene_of(sample: &Sample, event: &Value) -> Scene {
    let scene = Scene::new();
    (sample.before)(&scene);
    let token = event["resultToken"].as_str().unwrap();
    scene.account.recorder(sample.rule).accept(token);
    scene
}

#[tokio::test]
async fn each_sample_is_answered_as_it_should_be() {
    for sample in &SAMPLES {
        let event = event(sample.name);
        let scene = scene_of(sample, &event);
        let answer = scene.deliver(sample.rule, &event).await;
        let words = [
            Compliance::Compliant,
            Compliance::NonCompliant,
            Compliance::NotApplicable,
        ];
        if answer.body["test"] == true {
            assert!(scene.account.results(sample.rule).is_empty());
            assert_eq!(answer.body["nonCompliant"], sample.told[1]);
            continue;
        }
        let results = scene.words(sample.rule);
        let told = words.map(|word| results.values().filter(|found| **found == word).count());
        assert_eq!(told, sample.told, "{}: {results:?}", sample.name);
        assert_eq!(scene.account.writes(), [], "{}", sample.name);
        assert_eq!(scene.account.n_calls_of(Call::PutEvaluations), 1);
    }
}

#[test]
fn each_sample_is_for_the_rule_that_it_names_and_in_the_folder_of_its_message() {
    for sample in &SAMPLES {
        let event = event(sample.name);
        assert_eq!(
            event["configRuleName"].as_str(),
            Some(sample.rule.function_name().as_str()),
            "{}",
            sample.name
        );
        let message: Value =
            serde_json::from_str(event["invokingEvent"].as_str().unwrap()).unwrap();
        let folder = sample.name.split('/').next();
        assert_eq!(message["messageType"].as_str(), folder, "{}", sample.name);
    }
    assert!(SAMPLES.iter().any(|sample| sample.name.starts_with(CHANGE)));
}

#[test]
fn no_sample_lies_about_unused() {
    let mut files = BTreeSet::new();
    for message in std::fs::read_dir(folder()).unwrap() {
        let message = message.unwrap().path();
        for file in std::fs::read_dir(&message).unwrap() {
            let path = file.unwrap().path().with_extension("");
            let name = path.strip_prefix(folder()).unwrap();
            files.insert(name.to_str().unwrap().to_owned());
        }
    }
    let used = SAMPLES.iter().map(|sample| sample.name.to_owned());
    assert_eq!(files, used.collect());
}
