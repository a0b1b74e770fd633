use proptest::prelude::*;

use super::*;
use crate::floor::{Field, Requirement};
use crate::names::{AccountId, Partition};

const EXAMPLE: &str = include_str!("../../../../charter.toml");

fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}

/// The errors of a charter that has these lines beside what every charter needs.
fn errors(lines: &str) -> String {
    let text = format!("mode = \"revert\"\nregions = [\"eu-central-1\"]\n{lines}");
    Charter::parse(&text).map_or_else(|errors| errors.to_string(), |_| String::new())
}

#[test]
fn every_part_of_a_charter_is_read() {
    let charter = Charter::parse_for(include_str!("tests/whole.toml"), &scope()).unwrap();
    assert_eq!(
        (charter.mode(), charter.baseline_file()),
        (Mode::Report, "prefs.json")
    );
    assert_eq!(charter.regions().len(), 2);
    assert_eq!(
        charter.tags().get("owner").map(String::as_str),
        Some("team 123456789012")
    );
    let entries: Vec<_> = charter
        .floor()
        .entries()
        .iter()
        .map(|(field, it)| (field.key(), it))
        .collect();
    let is = |text: &str| Requirement::Is(text.to_owned());
    assert_eq!(
        entries,
        [
            (
                "s3BucketName",
                &Requirement::OneOf(vec!["a-123456789012-eu-central-1".into(), "b".into()])
            ),
            ("cloudWatchLogGroupName", &is("/sessions/123456789012")),
            ("cloudWatchEncryptionEnabled", &is("true")),
            ("runAsDefaultUser", &Requirement::NotSet),
            ("idleSessionTimeout", &Requirement::AtMost(30)),
            ("idleSessionTimeout", &Requirement::AtLeast(1)),
            ("maxSessionDuration", &Requirement::Set),
            ("shellProfile.linux", &is("export A=${HOME}")),
            ("shellProfile.windows", &Requirement::NotSet),
        ]
    );
    let editor = &charter.editors()[0];
    assert_eq!(
        editor.who.to_string(),
        "user `arn:aws:iam::123456789012:user/people/alice`"
    );
    assert_eq!(
        editor.until.map(|until| until.to_string()).as_deref(),
        Some("2027-01-01T00:00:00Z")
    );
    assert_eq!((editor.via.len(), editor.needs_mfa), (2, true));
    assert_eq!(editor.unique_id.as_deref(), Some("AIDAEXAMPLEID"));
    assert_eq!(charter.suspensions()[0].reason, "migration");
}

#[test]
fn what_may_be_left_out_is_left_out() {
    let charter = Charter::parse("mode = \"revert\"\nregions = [\"eu-central-1\"]").unwrap();
    assert_eq!(charter.baseline_file(), "SessionManagerRunShell.json");
    assert!(
        charter.floor().is_empty() && charter.tags().is_empty() && charter.editors().is_empty()
    );
}

#[test]
fn placeholders_stay_as_written_until_the_account_is_known() {
    let charter = Charter::parse(EXAMPLE).unwrap();
    let group = Field::named("cloudWatchLogGroupName").unwrap();
    let wanted = Requirement::Is("/session-manager/${account}".to_owned());
    assert!(charter.floor().entries().contains(&(group, wanted)));
    let filled = Charter::parse_for(EXAMPLE, &scope()).unwrap();
    let wanted = Requirement::Is("/session-manager/123456789012".to_owned());
    assert!(filled.floor().entries().contains(&(group, wanted)));
}

/// Every kind of mistake once, as an operator would see them.
#[test]
fn a_broken_charter_is_told_everything_at_once_in_the_order_of_the_file() {
    let errors = Charter::parse(include_str!("tests/broken.toml")).unwrap_err();
    insta::assert_snapshot!(errors, @r#"
    1:1: mod: unknown key, did you mean `mode`?
    1:1: mode: missing, expected "report" or "revert"
    2:28: regions[2]: found the text `Frankfurt`, expected a Region's code, such as "eu-central-1"
    2:41: regions[3]: found the text `eu-central-1` again, first in regions[1]
    3:12: baseline: found the text `../secrets.json`, expected the plain name of a file beside the charter, such as "SessionManagerRunShell.json"
    6:1: floor.cloudWatchLogGroup: unknown key, did you mean `cloudWatchLogGroupName`?
    7:38: floor.cloudWatchEncryptionEnabled.is: found the text `true`, expected true or false, without quotes
    8:33: floor.cloudWatchLogGroupName.is: found an empty text, expected a text that is not empty; for a field that says nothing write { not-set = true }
    9:34: floor.idleSessionTimeout.at-most: found the number 90, expected a whole number of minutes from 1 to 60
    10:1: floor.maxSessionDuration: nothing is at least 120 and at most 60
    11:18: floor.s3BucketName.is: `is` stands alone, without `set`
    11:23: floor.s3BucketName.is: unknown placeholder `${acount}`, expected ${account}, ${region} or ${partition}
    12:14: floor.kmsKeyId.at-most: kmsKeyId is no number of minutes; at-most and at-least only at idleSessionTimeout and maxSessionDuration
    13:24: floor.runAsEnabled.set: found false, expected true; the opposite is not-set = true
    14:14: floor.shellProfile.macos: unknown key, expected one of linux, windows
    17:1: tags.aws:owner: keys that begin with aws: are kept for AWS
    18:8: tags.cost: found the number 7, expected a text of up to 256 letters, digits, blanks or characters of _.:/=+-@
    20:1: editor[1].reason: missing, expected a sentence that says why, for the record
    21:8: editor[1].role: found the text `arn:aws:iam::*:role/editor`: the account must be 12 digits or ${account}, without wildcard
    24:8: editor[2].role: found the text `arn:aws:iam::123456789012:role/edit*`: whoever may create a role could give it a matching name; write the name out, without wildcard
    25:1: editor[2].user: an editor has one of role, user, permission-set; this one has role too
    26:10: editor[2].reason: found the text ` `, expected a sentence that says why, for the record
    31:1: editor[3].mfa: sessions through a permission set never record a second factor, so this editor could change nothing; require it in Identity Center
    32:1: editor[3].untill: unknown key, did you mean `until`?
    35:18: editor[4].permission-set: found the text `Admins` again, first in editor[3].permission-set
    37:9: editor[4].until: found 2027-01-01T00:00:00, expected a date and time with its offset and without quotes, such as 2027-01-01T00:00:00Z
    38:7: editor[4].via: found an empty list, expected a list of services, such as ["cloudformation.amazonaws.com"]; leave it out for calls of any kind
    40:1: suspension[1].until: missing, expected a date and time with its offset, such as 2027-01-01T00:00:00Z
    "#);
}

#[test]
fn text_that_is_no_toml_is_told_where() {
    let errors = Charter::parse("mode = \"revert\nregions = [").unwrap_err();
    insta::assert_snapshot!(errors, @r#"
    1:15: invalid basic string, expected `"`
    2:12: unclosed array, expected `]`
    "#);
}

#[test]
fn each_dangerous_or_senseless_line_is_refused() {
    let role = r#"role = "arn:aws:iam::123456789012:role/editor""#;
    let editor = |lines: &str| format!("[[editor]]\nreason = \"because\"\n{lines}");
    for (lines, part) in [
        (
            editor(r#"role = "arn:aws:iam::*:role/editor""#),
            "without wildcard",
        ),
        (
            editor(r#"role = "arn:aws:iam::123456789012:role/*""#),
            "could give it a matching name",
        ),
        (
            editor(r#"user = "arn:aws:iam::123456789012:user/a?""#),
            "could give it a matching name",
        ),
        (
            editor(r#"role = "arn:aws:sts::123456789012:assumed-role/editor/me""#),
            "names a session",
        ),
        (
            editor(r#"user = "arn:aws:iam::123456789012:root""#),
            "never an editor",
        ),
        (
            editor(r#"role = "arn:aws:iam::${account}:role/aws-service-role/a/b""#),
            "service-linked",
        ),
        (
            editor(r#"role = "arn:aws:iam::${account}:role/AWSReservedSSO_A_0123456789abcdef""#),
            "use permission-set",
        ),
        (
            editor(r#"role = "arn:aws:iam::${acct}:role/editor""#),
            "unknown placeholder `${acct}`",
        ),
        (
            editor(r#"role = "arn:aws:iam::${account:role/editor""#),
            "unknown placeholder",
        ),
        (editor("role = 7"), "found the number 7"),
        (editor(r#"permission-set = "Admin*""#), "the exact name"),
        (editor(""), "one of role, user, permission-set"),
        (editor(&format!("{role}\nmfa = false")), "leave it out"),
        (
            editor(&format!("{role}\nvia = \"cloudformation.amazonaws.com\"")),
            "a list of services",
        ),
        (
            editor(&format!("{role}\nvia = [\"cloudformation\"]")),
            "the name of a service",
        ),
        (
            editor(&format!("{role}\nvia = [\"*.amazonaws.com\"]")),
            "the name of a service",
        ),
        (
            editor(&format!(
                "{role}\nvia = [\"a.amazonaws.com\", \"a.amazonaws.com\"]"
            )),
            "first in editor[1].via[1]",
        ),
        (
            editor(&format!("{role}\nuntil = \"2027-01-01T00:00:00Z\"")),
            "without quotes",
        ),
        (
            editor(&format!("{role}\nuntil = 2027-01-01")),
            "with its offset",
        ),
        (
            editor(&format!("{role}\nunique-id = \"AIDAEXAMPLE\"")),
            "begins with AROA",
        ),
        (
            editor(&format!("{role}\nunique-id = \"AROA*\"")),
            "begins with AROA",
        ),
        (format!("{0}\n{0}", editor(role)), "first in editor[1].role"),
        ("editor = []".to_owned(), "[[editor]]"),
        ("[editor]\nreason = \"x\"".to_owned(), "[[editor]]"),
        (
            "[[suspension]]\nuntil = 2027-01-01T00:00:00Z".to_owned(),
            "suspension[1].reason: missing",
        ),
        (
            "[floor]\nidleSessionTimeout = 20".to_owned(),
            "a table of requirements",
        ),
        (
            "[floor]\nidleSessionTimeout = {}".to_owned(),
            "a table of requirements",
        ),
        (
            "[floor]\nidleSessionTimeout = { at-most = 0 }".to_owned(),
            "from 1 to 60",
        ),
        (
            "[floor]\nidleSessionTimeout = { at-most = 61 }".to_owned(),
            "from 1 to 60",
        ),
        (
            "[floor]\nidleSessionTimeout = { is = -5 }".to_owned(),
            "from 1 to 60",
        ),
        (
            "[floor]\nmaxSessionDuration = { at-most = 1441 }".to_owned(),
            "from 1 to 1440",
        ),
        (
            "[floor]\nmaxSessionDuration = { at-most = 1.5 }".to_owned(),
            "from 1 to 1440",
        ),
        (
            "[floor]\nmaxSessionDuration = { set = true, not-set = true }".to_owned(),
            "`not-set` stands alone",
        ),
        (
            "[floor]\ns3BucketName = { is = \"a\", one-of = [\"a\"] }".to_owned(),
            "`is` stands alone",
        ),
        (
            "[floor]\ns3BucketName = { one-of = [] }".to_owned(),
            "a list of values",
        ),
        (
            "[floor]\ns3BucketName = { one-of = [\"a\", \"a\"] }".to_owned(),
            "again",
        ),
        (
            "[floor]\ns3BucketName = { is = \"{{bucket}}\" }".to_owned(),
            "below every floor",
        ),
        (
            "[floor]\ns3BucketName = { matches = \"a\" }".to_owned(),
            "unknown key",
        ),
        (
            "[floor]\nshellProfile.linux = { set = true }\n\"shellProfile.linux\" = { set = true }"
                .to_owned(),
            "again",
        ),
        ("baseline = \"\"".to_owned(), "plain name"),
        ("baseline = \"a/b.json\"".to_owned(), "plain name"),
        ("baseline = \"..\"".to_owned(), "plain name"),
        (
            format!("[tags]\nowner = \"{}\"", "x".repeat(257)),
            "up to 256",
        ),
        (format!("[tags]\n{} = \"x\"", "k".repeat(129)), "1 to 128"),
        (
            "[tags]\nowner = \"${user}\"".to_owned(),
            "unknown placeholder",
        ),
    ] {
        let errors = errors(&lines);
        assert!(errors.contains(part), "{lines}\n{errors}");
        assert_eq!(errors.lines().count(), 1, "{lines}\n{errors}");
    }
}

#[test]
fn more_than_fifty_tags_are_refused() {
    let tags: Vec<_> = (0..51)
        .map(|number| format!("tag{number} = \"x\""))
        .collect();
    assert!(errors(&format!("[tags]\n{}", tags.join("\n"))).contains("at most 50 tags"));
}

#[test]
fn an_error_names_the_nearest_key() {
    for (lines, nearest) in [
        ("modes = 1", "`mode`"),
        (
            "[floor]\ncloudwatchLogGroupname = { set = true }",
            "`cloudWatchLogGroupName`",
        ),
        ("[floor]\nidleSessionTimeout = { at_most = 5 }", "`at-most`"),
        ("[floor]\nshellProfile.linus = { set = true }", "`linux`"),
        (
            "[[editor]]\npermission_set = \"A\"\nreason = \"x\"",
            "`permission-set`",
        ),
    ] {
        let errors = errors(lines);
        assert!(
            errors.contains(&format!("did you mean {nearest}?")),
            "{errors}"
        );
    }
}

#[test]
fn columns_count_characters_and_messages_stay_on_their_line() {
    let errors = errors("baseline = \"ä\\n\\u001b[31m\"\n[floor]\n\"ä\\n\" = 1");
    let lines: Vec<_> = errors.lines().collect();
    assert!(
        lines[0].starts_with("3:12: baseline: found the text `ä\\n\\u{1b}[31m`"),
        "{errors}"
    );
    assert!(
        lines[1].starts_with("5:1: floor.ä\\n: unknown key"),
        "{errors}"
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn a_charter_and_its_baseline_are_warned_of() {
    let baseline =
        |inputs: &str| Preferences::parse(&format!("{{\"inputs\":{{{inputs}}}}}")).unwrap();
    let head = "mode = \"revert\"\nregions = [\"eu-central-1\"]\n";
    let warnings = |lines: &str, inputs: &str| {
        Charter::parse(&format!("{head}{lines}"))
            .unwrap()
            .warnings(&baseline(inputs))
    };
    assert_eq!(
        warnings("", ""),
        [Warning::LogsNowhere, Warning::EmptyFloor]
    );
    let not_enforced = |destination, switch| Warning::NotEnforced {
        destination,
        switch,
    };
    assert_eq!(
        warnings(
            "[floor]\nidleSessionTimeout = { at-most = 5 }",
            r#""s3BucketName":"b","cloudWatchLogGroupName":"g","cloudWatchEncryptionEnabled":"false""#
        ),
        [
            Warning::FloorWithoutDestination,
            not_enforced("s3BucketName", "s3EncryptionEnabled"),
            not_enforced("cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"),
        ]
    );
    let quiet = r#""cloudWatchLogGroupName":"g","cloudWatchEncryptionEnabled":"true""#;
    let floor = "[floor]\ncloudWatchLogGroupName = { set = true }\n";
    assert_eq!(warnings(floor, quiet), []);
    let suspension = "[[suspension]]\nuntil = 2026-12-01T00:00:00Z\nreason = \"migration\"";
    let suspended = warnings(&format!("{floor}{suspension}"), quiet);
    assert_eq!(
        suspended
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [
            "a suspension is stated, which ends 2026-12-01T00:00:00Z; until then the guard changes nothing: migration"
        ]
    );
}

#[test]
fn of_several_suspensions_the_longest_counts_and_none_outlives_its_end() {
    let text = "mode = \"revert\"\nregions = [\"eu-central-1\"]\n\
        [[suspension]]\nuntil = 2026-12-01T00:00:00Z\nreason = \"short\"\n\
        [[suspension]]\nuntil = 2026-12-02T00:00:00Z\nreason = \"long\"\n";
    let charter = Charter::parse(text).unwrap();
    let reason_at = |now: &str| {
        charter
            .suspension_at(now.parse().unwrap())
            .map(|it| it.reason.as_str())
    };
    assert_eq!(reason_at("2026-11-30T00:00:00Z"), Some("long"));
    assert_eq!(reason_at("2026-12-01T12:00:00Z"), Some("long"));
    assert_eq!(reason_at("2026-12-02T00:00:00Z"), None);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Charter::parse(&text);
    }

    /// The example with some of it replaced: most of the reader runs before something is wrong.
    #[test]
    fn no_damaged_charter_makes_the_reader_panic(
        start in 0..EXAMPLE.len(),
        length in 0_usize..40,
        put in "[a-z\"'=\\[\\]{}$.:*\\n0-9é-]{0,12}",
    ) {
        let characters: Vec<char> = EXAMPLE.chars().collect();
        let before: String = characters.iter().take(start).collect();
        let after: String = characters.iter().skip(start + length).collect();
        let text = format!("{before}{put}{after}");
        if let Err(errors) = Charter::parse(&text) {
            prop_assert!(errors.iter().count() > 0);
            let shown = errors.to_string();
            prop_assert_eq!(shown.lines().count(), errors.iter().count());
        }
    }
}
