//! What is taken for safe in a command, handed to a real shell.

use std::process::Command;

use guard_core::charter::InstancePattern;
use guard_core::compose::restricted::{
    Allowed, AllowedPattern, Input, Parameter, Restricted, Rights, System, compose,
};
use guard_core::compose::start_session::{Bearer, Grant};
use guard_core::compose::{Accounts, ComposeError, Place, Product};
use guard_core::names::{AccountId, DocumentName, Partition, Region};
use guard_core::preferences::Preferences;
use proptest::prelude::*;

/// Places for a value, each with what the shell should make of it.
const COMMANDS: [(&str, &str); 9] = [
    ("printf '[%s]' x{{ p }}y z", "[x{}y][z]"),
    ("printf '[%s]' '{{ p }}' z", "[{}][z]"),
    ("printf '[%s]' 'a b {{ p }}c' z", "[a b {}c][z]"),
    ("printf '[%s]' \"{{ p }}\" z", "[{}][z]"),
    ("printf '[%s]' \"a 'b' {{ p }}\" z", "[a 'b' {}][z]"),
    ("printf '[%s]' \"a\\\" {{ p }}\" z", "[a\" {}][z]"),
    ("printf '[%s]' a\\'{{ p }} z", "[a'{}][z]"),
    ("cd / && printf '[%s]' -- '{{ p }}'", "[--][{}]"),
    ("printf '[%s]' '\"'{{ p }}'\"'", "[\"{}\"]"),
];

fn composed(command: &str, characters: &[char]) -> Result<Product, ComposeError> {
    let class: String = characters.iter().map(|it| escaped(*it)).collect();
    let region = Region::parse("eu-central-1").unwrap();
    let restricted = Restricted {
        name: DocumentName::parse("Session-Try").unwrap(),
        description: String::new(),
        input: Input::Interactive,
        system: System::Linux,
        rights: Rights::Session,
        commands: vec![command.to_owned()],
        parameters: vec![Parameter {
            name: "p".to_owned(),
            allowed: Allowed::Matching(AllowedPattern::parse(&format!("^[{class}]+$")).unwrap()),
        }],
        let_through: characters.iter().collect(),
    };
    let preferences = Preferences::parse(r#"{"inputs":{"s3BucketName":"logs"}}"#).unwrap();
    let grant = Grant {
        instances: InstancePattern::tag("A", &["b".to_owned()]).unwrap(),
        documents: vec![restricted.name.clone()],
        keys: Vec::new(),
        bearer: Bearer::Role,
    };
    let place = Place {
        partition: Partition::parse("aws").unwrap(),
        accounts: Accounts::These(vec![AccountId::parse("123456789012").unwrap()]),
        regions: vec![region.clone()],
    };
    compose(&restricted, &[(region, preferences)], &grant, &place)
}

fn escaped(character: char) -> String {
    if character.is_ascii_alphanumeric() {
        character.to_string()
    } else {
        format!("\\{character}")
    }
}

fn run(command: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", command])
        .env_clear()
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn the_commands_themselves_do_what_is_expected() {
    for (command, expected) in COMMANDS {
        assert_eq!(
            run(&command.replace("{{ p }}", "v")),
            expected.replace("{}", "v")
        );
        assert!(composed(command, &['v']).is_ok(), "{command}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A value stays the argument that it is, whatever characters were let through.
    #[test]
    fn a_value_that_is_let_through_stays_one_argument(
        (command, expected) in prop::sample::select(COMMANDS.to_vec()),
        characters in prop::collection::vec(prop::char::range(' ', '~'), 1..4),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let value: String = picks.iter().map(|it| *it.get(&characters)).collect();
        if composed(command, &characters).is_ok() {
            let said = run(&command.replace("{{ p }}", &value));
            prop_assert_eq!(said, expected.replace("{}", &value), "{} {:?}", command, characters);
        }
    }
}
