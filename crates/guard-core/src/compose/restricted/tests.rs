use proptest::prelude::*;

use super::*;
use crate::access::Outcome;
use crate::charter::{Charter, InstancePattern};
use crate::compose::start_session::Bearer;
use crate::compose::trial::{DOCUMENT, Trial, bearer, context, place, scope};
use crate::inventory::BearerKind;
use crate::policy::Kind;
use crate::rules::{FindingCode, Terms, session_access};

const INPUTS: &str = r#"{
    "s3BucketName": "",
    "s3EncryptionEnabled": "true",
    "cloudWatchLogGroupName": "/session-manager/123456789012",
    "cloudWatchEncryptionEnabled": true,
    "cloudWatchStreamingEnabled": true,
    "kmsKeyId": "alias/session-manager",
    "runAsEnabled": false,
    "idleSessionTimeout": 15,
    "shellProfile": { "linux": "date" }
}"#;

fn restricted(command: &str, parameters: &[(&str, &str)]) -> Restricted {
    Restricted {
        name: DocumentName::parse("Session-Tail").unwrap(),
        description: "Follow a log".to_owned(),
        input: Input::Interactive,
        system: System::Linux,
        rights: Rights::Session,
        commands: vec![command.to_owned()],
        parameters: parameters
            .iter()
            .map(|(name, pattern)| Parameter {
                name: (*name).to_owned(),
                allowed: Allowed::Matching(AllowedPattern::parse(pattern).unwrap()),
            })
            .collect(),
        let_through: String::new(),
    }
}

fn grant() -> Grant {
    Grant {
        instances: InstancePattern::Tag {
            key: "SessionAccess".to_owned(),
            values: vec!["web".to_owned()],
        },
        documents: vec![DocumentName::preferences()],
        keys: Vec::new(),
        bearer: Bearer::Role,
    }
}

fn preferences(inputs: &str, regions: &[&str]) -> Vec<(Region, Preferences)> {
    regions
        .iter()
        .map(|region| {
            let text = format!("{{\"inputs\":{}}}", inputs.replace("${region}", region));
            (
                Region::parse(region).unwrap(),
                Preferences::parse(&text).unwrap(),
            )
        })
        .collect()
}

fn composed(restricted: &Restricted) -> Result<Product, ComposeError> {
    let preferences = preferences(INPUTS, &["eu-central-1"]);
    compose(
        restricted,
        &preferences,
        &grant(),
        &place(&["eu-central-1"]),
    )
}

fn error(restricted: &Restricted) -> RestrictedError {
    match composed(restricted) {
        Err(ComposeError::Restricted(error)) => error,
        other => panic!("{other:?}"),
    }
}

const FILE: (&str, &str) = ("file", r"^[a-z]+\.log$");

#[test]
fn document_and_policy_read_as_they_should() {
    let product = composed(&restricted("tail -f /var/log/nginx/{{ file }}", &[FILE])).unwrap();
    let names: Vec<_> = product.papers.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Session-Tail", "Session-Tail-policy"]);
    insta::assert_snapshot!("document", product.papers[0].text());
    insta::assert_snapshot!("policy", product.papers[1].text());
}

#[test]
fn people_may_use_the_document_and_not_the_default_one() {
    let product = composed(&restricted("tail -f /var/log/nginx/{{ file }}", &[FILE])).unwrap();
    let trial = Trial::of(&product.papers[1], Kind::Identity);
    let with = |resource| trial.alone("ssm:StartSession", resource, &context(&[]));
    let own = "arn:aws:ssm:eu-central-1:123456789012:document/Session-Tail";
    assert_eq!(with(own), Outcome::Allowed);
    for other in [
        DOCUMENT,
        "arn:aws:ssm:eu-central-1:123456789012:document/Session-Tail2",
        "arn:aws:ssm:eu-central-1::document/AWS-StartInteractiveCommand",
    ] {
        assert_eq!(with(other), Outcome::ImplicitlyDenied, "{other}");
    }
}

#[test]
fn the_record_is_that_of_the_preferences_and_nothing_in_it_is_open() {
    let product = composed(&restricted("uptime", &[])).unwrap();
    let document = &product.papers[0].value;
    assert_eq!(
        document["inputs"],
        serde_json::json!({
            "s3EncryptionEnabled": true,
            "cloudWatchLogGroupName": "/session-manager/123456789012",
            "cloudWatchEncryptionEnabled": true,
            "cloudWatchStreamingEnabled": true,
            "kmsKeyId": "alias/session-manager",
            "runAsEnabled": false,
            "idleSessionTimeout": "15",
        })
    );
    assert!(product.notes.contains(&Note::RecordedAtEnd));
    let refused = |inputs: &str| {
        let preferences = preferences(inputs, &["eu-central-1"]);
        let place = place(&["eu-central-1"]);
        compose(&restricted("uptime", &[]), &preferences, &grant(), &place).unwrap_err()
    };
    let region = Region::parse("eu-central-1").unwrap();
    assert_eq!(
        refused("{}"),
        RestrictedError::RecordedNowhere { region }.into()
    );
    let open = refused(r#"{ "s3BucketName": "b", "s3EncryptionEnabled": "{{flag}}" }"#);
    let key = "s3EncryptionEnabled";
    assert_eq!(open, RestrictedError::OpenInput { key }.into());
}

#[test]
fn regions_with_records_of_their_own_get_documents_of_their_own() {
    let inputs = r#"{ "cloudWatchLogGroupName": "/sessions/${region}" }"#;
    let regions = ["eu-central-1", "us-east-1"];
    let names = |inputs: &str| {
        let preferences = preferences(inputs, &regions);
        let tail = restricted("uptime", &[]);
        let product = compose(&tail, &preferences, &grant(), &place(&regions)).unwrap();
        product
            .papers
            .into_iter()
            .map(|it| it.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(inputs),
        [
            "Session-Tail-eu-central-1",
            "Session-Tail-us-east-1",
            "Session-Tail-policy"
        ]
    );
    assert_eq!(names(INPUTS), ["Session-Tail", "Session-Tail-policy"]);
}

#[test]
fn of_several_commands_the_caller_chooses_one() {
    let several = Restricted {
        commands: vec![
            "systemctl status nginx".to_owned(),
            "df -h | sort".to_owned(),
        ],
        ..restricted("", &[])
    };
    let document = &composed(&several).unwrap().papers[0].value;
    assert_eq!(document["properties"]["linux"]["commands"], "{{ command }}");
    assert_eq!(
        document["parameters"]["command"]["allowedValues"],
        serde_json::json!(["systemctl status nginx", "df -h | sort"])
    );
    let with_parameters = Restricted {
        parameters: restricted("", &[FILE]).parameters,
        ..several.clone()
    };
    assert_eq!(
        error(&with_parameters),
        RestrictedError::Commands { number: 2 }
    );
    let open = Restricted {
        commands: vec!["uptime".to_owned(), "cat {{ file }}".to_owned()],
        ..several
    };
    assert!(matches!(
        error(&open),
        RestrictedError::UnknownParameter { .. }
    ));
}

#[test]
fn a_command_without_input_runs_without_a_shell() {
    let quiet = |command: &str, system| Restricted {
        input: Input::None,
        system,
        ..restricted(command, &[])
    };
    let product = composed(&quiet("systemctl restart nginx", System::Linux)).unwrap();
    assert_eq!(
        product.papers[0].value["sessionType"],
        "NonInteractiveCommands"
    );
    for command in [
        "df -h | sort",
        "echo $HOME",
        "ls *.log",
        "a; b",
        "x > y",
        "echo \"`id`\"",
    ] {
        let found = error(&quiet(command, System::Linux));
        assert!(
            matches!(found, RestrictedError::WithoutShell { .. }),
            "{command}: {found:?}"
        );
        assert!(composed(&restricted(command, &[])).is_ok(), "{command}");
    }
    assert!(composed(&quiet("echo 'a | b'", System::Linux)).is_ok());
    assert!(composed(&quiet("Get-Service | Sort-Object Name", System::Windows)).is_ok());
}

/// Each way in which a parameter could become more than a value: command, pattern, what is let through, and the error.
const UNSAFE: [(&str, &str, &str, &str); 43] = [
    ("nice -n 5 {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    (
        "sudo -u {{ p }} systemctl restart x",
        "^[a-z]+$",
        "",
        "ChoosesProgram",
    ),
    ("/opt/bin/{{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("sudo -u app {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("LANG=C {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("env LANG=C {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("bash {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("ssh -q db {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    (
        "find /x | xargs -n1 {{ p }}",
        "^[a-z]+$",
        "",
        "ChoosesProgram",
    ),
    ("sh -c 'a; {{ p }}'", "^[a-z]+$", "", "ChoosesProgram"),
    ("a -- b; tail {{ p }}", "^[a-z-]+$", "", "Option"),
    ("echo \"`tail {{ p }}`\"", "^[a-z-]+$", "", "Option"),
    ("sh -c 'tail {{ p }}'", "^[a-z-]+$", "", "Option"),
    // AWS's own example: the full stop lets any character through.
    (
        "tail -f {{ p }}",
        "^[a-zA-Z0-9-_/]+(.log)$",
        "",
        "AnyCharacter",
    ),
    ("tail -f {{ p }}", "^.+$", "", "AnyCharacter"),
    ("tail -f {{ p }}", "^[^;]+$", "", "AnyCharacter"),
    ("tail -f {{ p }}", r"^[a-z\s]+$", " ", "AnyCharacter"),
    ("tail -f '{{ p }}'", r"^[a-z\n]+$", "\n", "AnyCharacter"),
    ("tail -f {{ p }}", "^[a-z;]+$", "", "Metacharacters"),
    ("tail -f {{ p }}", "^[a-z ]+$", "", "Metacharacters"),
    ("tail -f {{ p }}", "^[a-z~]+$", "", "Metacharacters"),
    ("tail -f '{{ p }}'", "^[a-z;]+$", " ", "Metacharacters"),
    ("grep {{ p }} /x", "^[a-z ]+$", " ", "Unquoted"),
    ("grep '{{ p }}' /x", "^[a-z ;']+$", " ;'", "EndsQuotes"),
    ("grep \"{{ p }}\" /x", "^[a-z$]+$", "$", "EndsQuotes"),
    ("grep \"{{ p }}\" `pwd`", "^[a-z ]+$", " ", "EndsQuotes"),
    ("sh -c 'grep \"{{ p }}\" /x'", "^[a-z ]+$", " ", "ReadTwice"),
    ("ssh db grep '{{ p }}' /x", "^[a-z ]+$", " ", "ReadTwice"),
    ("tail -f {{ p }}", "^[a-z-]+$", "", "Option"),
    ("tail -f '{{ p }}'", "^-?[a-z]+$", "", "Option"),
    ("tail -f /x/{{ p }}", "^[a-z]*$", "", "MayBeEmpty"),
    ("{{ p }} --help", "^[a-z]+$", "", "ChoosesProgram"),
    ("'{{ p }}' --help", "^[a-z]+$", "", "ChoosesProgram"),
    ("sudo -n {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("sudo /opt/bin/{{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("cd /x && {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("bash -c {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("bash -c '{{ p }} x'", "^[a-z]+$", "", "ChoosesProgram"),
    ("sed -n '{{ p }}' /x", "^[a-z/]+$", "", "ChoosesProgram"),
    (
        "find /x -exec {{ p }} \\;",
        "^[a-z]+$",
        "",
        "ChoosesProgram",
    ),
    ("eval {{ p }}", "^[a-z]+$", "", "ChoosesProgram"),
    ("echo $({{ p }})", "^[a-z]+$", "", "ChoosesProgram"),
    ("uptime", "^[a-z]+$", "", "UnusedParameter"),
];

#[test]
fn parameters_that_are_not_safe_where_they_stand_are_refused() {
    for (command, pattern, let_through, expected) in UNSAFE {
        let tried = Restricted {
            let_through: let_through.to_owned(),
            ..restricted(command, &[("p", pattern)])
        };
        let found = format!("{:?}", error(&tried));
        assert!(found.starts_with(expected), "{command} {pattern}: {found}");
    }
}

#[test]
fn parameters_that_are_safe_where_they_stand_are_taken() {
    for (command, pattern, let_through) in [
        ("tail -f {{ p }}", "^/var/log/[a-z/]+\\.log$", ""),
        ("tail -f /var/log/{{p}}", "^[a-z-]+$", ""),
        ("tail -f -- {{ p }}", "^[a-z-]+$", ""),
        ("grep -- '{{ p }}' /var/log/x", "^[a-z ;|$-]+$", " ;|$-"),
        ("grep \"{{ p }}\" /var/log/x", "^[a-z ;|]+$", " ;|"),
        ("sudo systemctl restart {{ p }}", "^(nginx|php-fpm)$", ""),
        ("ps -p {{ p }}", "^\\d{1,7}$", ""),
        ("bash /opt/report.sh {{ p }}", "^[a-z]+$", ""),
        ("echo \\'{{ p }}", "^[a-z]+$", ""),
        ("LOG={{ p }} /opt/report.sh", "^[a-z]+$", ""),
        ("grep 'a|' {{ p }}", "^[a-z]+$", ""),
        ("ssh db tail {{ p }}", "^[a-z]+$", ""),
        ("sudo -n systemctl restart {{ p }}", "^[a-z]+$", ""),
        ("nice -n 5 du -s /home/{{ p }}", "^[a-z]+$", ""),
        ("find /x -name {{ p }} -exec ls {} +", "^[a-z]+$", ""),
        ("sed -e p -- {{ p }}", "^[a-z-]+$", ""),
        ("df -h && tail -f /var/log/{{ p }}", "^[a-z-]+$", ""),
    ] {
        let tried = Restricted {
            let_through: let_through.to_owned(),
            ..restricted(command, &[("p", pattern)])
        };
        let product = composed(&tried).map_err(|error| error.to_string());
        assert!(product.is_ok(), "{command} {pattern}: {product:?}");
    }
}

#[test]
fn backslashes_and_backticks_hide_quotes_as_the_system_has_them() {
    let words = |system, command: &str| {
        composed(&Restricted {
            system,
            let_through: " ".to_owned(),
            ..restricted(command, &[("p", "^[a-z ]+$")])
        })
    };
    assert!(words(System::Linux, "echo \"a\\\" {{ p }}\"").is_ok());
    assert!(words(System::Linux, "echo 'a\\' {{ p }}").is_err());
    assert!(words(System::Windows, "echo \"a`\" {{ p }}\"").is_ok());
    assert!(words(System::Windows, "echo \"a\\\" {{ p }}").is_err());
    let backslash = Restricted {
        system: System::Windows,
        ..restricted("Get-Content C:\\logs\\{{ p }}", &[("p", r"^[a-z\\]+$")])
    };
    assert!(composed(&backslash).is_ok());
}

#[test]
fn listed_values_may_be_anything_that_does_not_end_their_quotes() {
    let listed = |command: &str, values: &[&str]| Restricted {
        parameters: vec![Parameter {
            name: "unit".to_owned(),
            allowed: Allowed::OneOf(values.iter().map(|it| (*it).to_owned()).collect()),
        }],
        ..restricted(command, &[])
    };
    for (command, values) in [
        ("systemctl restart {{ unit }}", &["nginx", "php-fpm"][..]),
        ("{{ unit }}", &["uptime", "df -h"]),
        ("ls {{ unit }}", &["-l /tmp", "/var"]),
    ] {
        assert!(composed(&listed(command, values)).is_ok(), "{command}");
    }
    for (command, values) in [
        ("echo '{{ unit }}'", &["it's"][..]),
        ("echo \"{{ unit }}\"", &["$HOME"]),
        ("echo {{ unit }}", &[""]),
        ("echo {{ unit }}", &["{{ other }}"]),
        ("echo {{ unit }}", &["a\nb"]),
    ] {
        assert!(
            composed(&listed(command, values)).is_err(),
            "{command} {values:?}"
        );
    }
}

#[test]
fn commands_that_cannot_be_read_are_refused() {
    use RestrictedError as E;
    for (command, expected) in [
        ("", E::Command),
        ("a\nb", E::Command),
        ("echo 'a", E::OpenQuotes),
        ("echo {{ file", E::OpenBraces),
        ("echo $'a\\'b'", E::DollarQuotes),
        (
            "echo {{ ssm:greeting }}",
            E::Reference {
                found: " ssm:greeting ".to_owned(),
            },
        ),
        (
            "echo {{ other }}",
            E::UnknownParameter {
                name: "other".to_owned(),
            },
        ),
    ] {
        assert_eq!(error(&restricted(command, &[])), expected, "{command}");
    }
    let named = |name: &str| Restricted {
        name: DocumentName::parse(name).unwrap(),
        ..restricted("uptime", &[])
    };
    for name in ["AWS-Tail", "SSM-SessionManagerRunShell"] {
        assert!(matches!(error(&named(name)), E::Name { .. }), "{name}");
    }
    let twice = restricted("echo {{ file }}", &[FILE, FILE]);
    assert!(matches!(error(&twice), E::Twice { .. }));
    let odd = restricted("echo {{ a }}", &[("a_b", "^a$")]);
    assert!(matches!(error(&odd), E::ParameterName { .. }));
    let described = Restricted {
        description: "{{ ssm:x }}".to_owned(),
        ..restricted("uptime", &[])
    };
    assert_eq!(error(&described), E::Description);
}

#[test]
fn notes_name_files_and_ways_out() {
    let notes = |command: &str, parameters: &[(&str, &str)]| {
        let notes = composed(&restricted(command, parameters)).unwrap().notes;
        notes
            .into_iter()
            .filter(|it| matches!(it, Note::AnyFile { .. } | Note::WayOut { .. }))
            .collect::<Vec<_>>()
    };
    assert_eq!(notes("tail -f /var/log/{{ file }}", &[FILE]), []);
    let parameter = "file".to_owned();
    assert_eq!(
        notes("tail -f /var/log/{{ file }}", &[("file", "^[a-z./]+$")]),
        [Note::AnyFile { parameter }]
    );
    assert_eq!(
        notes("sudo /usr/bin/less /var/log/messages", &[]),
        [Note::WayOut { program: "less" }]
    );
    let quiet = Restricted {
        input: Input::None,
        ..restricted("less /var/log/messages", &[])
    };
    assert!(
        !composed(&quiet)
            .unwrap()
            .notes
            .contains(&Note::WayOut { program: "less" })
    );
}

/// Once the charter lists the document; until then it is what it says: a document that nobody listed.
#[test]
fn the_rule_on_sessions_is_satisfied_once_the_charter_lists_the_document() {
    let product = composed(&restricted("uptime", &[])).unwrap();
    let role = bearer(
        BearerKind::Role,
        "role/watcher",
        &[&product.papers[1].value],
    );
    let codes = |documents: &str| {
        let text = format!(
            "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n[sessions]\n\
             tag = {{ key = \"SessionAccess\", values = [\"web\"] }}\ndocuments = [{documents}]"
        );
        let scope = scope("eu-central-1");
        let charter = Charter::parse_for(&text, &scope).unwrap();
        let terms = Terms::of(&charter, &scope, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
        let found = session_access::judge(&role, &terms);
        found.iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("\"Session-Tail\""), []);
    assert_eq!(
        codes("\"SSM-SessionManagerRunShell\""),
        [FindingCode::UnlistedDocument]
    );
}

proptest! {
    #[test]
    fn no_command_makes_the_reader_panic(text in any::<String>(), more in "[a-z '\"\\\\`$|;{}é-]{0,24}") {
        for command in [text, more.clone(), format!("{more}{{{{ p }}}}")] {
            let _ = composed(&restricted(&command, &[("p", "^[a-z-]+$")]));
        }
    }
}
