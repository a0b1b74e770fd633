use insta::assert_snapshot;
use serde_json::Value;

use super::program::{Run, session_guard, session_guard_in};

const ACCOUNT: [&str; 2] = ["--account", "123456789012"];

fn run(arguments: &[&[&str]]) -> Run {
    session_guard(&arguments.concat())
}

fn json(run: Run) -> Value {
    serde_json::from_str(&run.ended(0)).unwrap()
}

fn sids(policy: &Value) -> Vec<&str> {
    let statements = policy["Statement"].as_array().unwrap();
    statements
        .iter()
        .filter_map(|it| it["Sid"].as_str())
        .collect()
}

#[test]
fn the_policy_against_changes_excepts_the_charters_editors_and_the_guard() {
    let run = run(&[&["policy", "deny-preferences"], &ACCOUNT]);
    assert_eq!(
        run.err,
        "note: it binds only those to whom it is attached: attach it to every user, role and permission set that it is meant for\n"
    );
    let excepted = &json(run)["Statement"][0]["Condition"]["ArnNotLike"]["aws:PrincipalArn"];
    assert_eq!(
        *excepted,
        serde_json::json!([
            "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-central-1",
            "arn:aws:iam::123456789012:role/session-editors",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_SessionAdmins_????????????????",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_SessionAdmins_????????????????",
        ])
    );
}

#[test]
fn without_an_account_the_policy_is_for_any() {
    for form in ["identity", "scp"] {
        let run = run(&[&[
            "policy",
            "deny-preferences",
            "--charter",
            "charter.toml",
            "--form",
            form,
        ]]);
        assert!(run.err.contains("${account} stands as *"), "{}", run.err);
        let policy = json(run);
        let excepted = &policy["Statement"][0]["Condition"]["ArnNotLike"]["aws:PrincipalArn"];
        assert_eq!(excepted[1], "arn:aws:iam::*:role/session-editors");
    }
}

#[test]
fn a_charter_with_errors_makes_no_policy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("charter.toml"), "mode = \"watch\"\n").unwrap();
    for arguments in [
        &["policy", "deny-preferences"][..],
        &["policy", "protect-logs", "--account", "123456789012"],
        &[
            "policy",
            "start-session",
            "--charter",
            "charter.toml",
            "--account",
            "123456789012",
        ],
    ] {
        let run = session_guard_in(folder.path(), arguments);
        assert!(
            run.err.starts_with("charter.toml:1:1: error: regions: "),
            "{}",
            run.err
        );
        assert_eq!(run.ended(1), "");
    }
}

#[test]
fn the_charter_says_which_sessions_a_policy_lets_open() {
    let start = ["policy", "start-session", "--charter", "charter.toml"];
    let run = run(&[&start, &ACCOUNT]);
    assert_snapshot!(run.err, @r"
    note: whoever may set the tag `SessionAccess` of instances (ec2:CreateTags, ssm:AddTagsToResource) decides who reaches them; deny it to people who open sessions
    note: people end and resume sessions by the tag that Session Manager sets: a role session whose name has characters other than letters, digits, blanks and _.:/=+-@\ gets none, and its sessions end by their timeouts only
    ");
    let policy = json(run);
    assert_eq!(
        sids(&policy),
        [
            "StartOnInstances",
            "UseDocuments",
            "OpenDataChannel",
            "FindInstances",
            "EndOwnSessions",
            "EncryptSessionsByAlias"
        ]
    );
    let tags = &policy["Statement"][0]["Condition"]["StringLike"];
    assert_eq!(
        tags["ssm:resourceTag/SessionAccess"],
        serde_json::json!(["web", "batch-*"])
    );
}

#[test]
fn a_policy_may_be_narrower_than_the_charter_and_never_wider() {
    let start = [
        "policy",
        "start-session",
        "--charter",
        "charter.toml",
        "--pattern",
    ];
    let narrower = run(&[&start, &["tag", "--tag", "SessionAccess=batch-7"], &ACCOUNT]);
    let tags = &json(narrower)["Statement"][0]["Condition"]["StringEquals"];
    assert_eq!(tags["ssm:resourceTag/SessionAccess"], "batch-7");
    for (arguments, part) in [
        (
            &["tag", "--tag", "SessionAccess=db"][..],
            "and not tagged SessionAccess = db",
        ),
        (&["tag", "--tag", "Name=web"], "and not tagged Name = web"),
        (
            &["abac", "--tag-key", "Team"],
            "and not whose tag Team equals",
        ),
        (
            &["tag", "--document", "AWS-StartSSHSession"],
            "does not let sessions use `AWS-StartSSHSession`",
        ),
        (
            &["tag", "--region", "us-east-1"],
            "the charter guards eu-central-1 only",
        ),
        (&["arn"], "say --instance"),
    ] {
        let run = run(&[&start, arguments, &ACCOUNT]);
        assert!(run.err.contains(part), "{arguments:?}: {}", run.err);
        assert_eq!(run.ended(1), "");
    }
}

#[test]
fn each_pattern_can_be_said_without_a_charter() {
    let instance = "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0";
    let place = ["--region", "eu-central-1", "--account", "123456789012"];
    for who in ["user", "role", "permission-set"] {
        for arguments in [
            &["--pattern", "arn", "--instance", instance][..],
            &[
                "--pattern",
                "tag",
                "--tag",
                "Access=web",
                "--tag",
                "Access=db-*",
            ],
            &[
                "--pattern",
                "abac",
                "--tag-key",
                "Team",
                "--principal-key",
                "team",
            ],
        ] {
            let run = run(&[
                &["policy", "start-session", "--for", who],
                arguments,
                &place,
            ]);
            assert_eq!(sids(&json(run)).len(), 5);
        }
    }
}

#[test]
fn what_is_missing_or_does_not_fit_is_said() {
    let place = ["--region", "eu-central-1", "--account", "123456789012"];
    for (arguments, status, part) in [
        (&[][..], 1, "say --pattern arn, tag or abac"),
        (&["--pattern", "tag"], 1, "say --tag, or --charter"),
        (
            &["--pattern", "tag", "--tag", "A=*"],
            1,
            "matches any value",
        ),
        (
            &["--pattern", "tag", "--tag", "aws:A=x"],
            1,
            "set by AWS services",
        ),
        (
            &["--pattern", "tag", "--tag", "A=x", "--tag", "B=x"],
            1,
            "one and the same key",
        ),
        (
            &["--pattern", "tag", "--tag", "A"],
            64,
            "expected KEY=VALUE",
        ),
        (
            &["--pattern", "abac", "--tag", "A=x"],
            1,
            "--tag belongs to another pattern",
        ),
        (
            &[
                "--pattern",
                "arn",
                "--instance",
                "arn:aws:ec2:*:*:instance/*",
            ],
            64,
            "the account must be 12 digits",
        ),
        (
            &[
                "--pattern",
                "arn",
                "--instance",
                "arn:aws:ec2:*:123456789012:instance/i-*",
            ],
            64,
            "matches every instance",
        ),
        (&["--tag", "A=x"], 64, "--pattern"),
        (
            &["--pattern", "abac", "--tag-key", "T", "--kms-key", "key/*"],
            1,
            "is no key",
        ),
        (
            &[
                "--pattern",
                "abac",
                "--tag-key",
                "T",
                "--region",
                "cn-north-1",
            ],
            1,
            "several partitions",
        ),
    ] {
        let run = run(&[&["policy", "start-session"], arguments, &place]);
        assert!(run.err.contains(part), "{arguments:?}: {}", run.err);
        assert_eq!(run.ended(status), "");
    }
}

#[test]
fn a_permission_set_of_several_accounts_is_for_the_callers_own() {
    let run = run(&[
        &[
            "policy",
            "start-session",
            "--charter",
            "charter.toml",
            "--for",
            "permission-set",
        ],
        &["--account", "123456789012", "--account", "111122223333"],
    ]);
    let policy = json(run);
    let documents = &policy["Statement"][1]["Resource"];
    let expected =
        "arn:aws:ssm:eu-central-1:${aws:PrincipalAccount}:document/SSM-SessionManagerRunShell";
    assert_eq!(*documents, serde_json::json!(expected));
}

#[test]
fn several_policies_are_one_object_or_files_that_are_not_replaced_by_chance() {
    let owner = [
        "--except",
        "arn:aws:iam::123456789012:role/log-owners",
        "--kms-key",
        "alias/logs",
    ];
    let protect = ["policy", "protect-logs"];
    let papers = json(run(&[&protect, &ACCOUNT, &owner]));
    let names: Vec<_> = papers.as_object().unwrap().keys().collect();
    assert_eq!(names, ["protect-logs", "key-policy"]);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/policies");
    let to = ["--out", out.to_str().unwrap()];
    let said = run(&[&protect, &ACCOUNT, &owner, &to]).ended(0);
    let files: Vec<_> = names
        .iter()
        .map(|name| format!("{}\n", out.join(name).display()).replace('\n', ".json\n"))
        .collect();
    assert_eq!(said, files.concat());
    let written = std::fs::read_to_string(out.join("protect-logs.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&written).unwrap(),
        papers["protect-logs"]
    );
    let again = run(&[&protect, &ACCOUNT, &owner, &to]);
    assert!(
        again
            .err
            .contains("it exists; name another file, or say --force"),
        "{}",
        again.err
    );
    again.ended(1);
    run(&[&protect, &ACCOUNT, &owner, &to, &["--force"]]).ended(0);
}

#[test]
fn a_denial_that_would_bind_everybody_is_not_composed() {
    let scp = run(&[&["policy", "protect-logs", "--form", "scp"], &ACCOUNT]);
    assert!(scp.err.contains("nobody is excepted"), "{}", scp.err);
    scp.ended(1);
    let any = run(&[
        &[
            "policy",
            "protect-logs",
            "--except",
            "arn:aws:iam::*:role/x",
        ],
        &ACCOUNT,
    ]);
    assert!(any.err.contains("without wildcard"), "{}", any.err);
    any.ended(64);
    let set = run(&[
        &["policy", "protect-logs", "--except", "permission-set/Logs"],
        &ACCOUNT,
    ]);
    assert!(
        set.ended(0)
            .contains("AWSReservedSSO_Logs_????????????????")
    );
}

const TAIL: [&str; 6] = [
    "document",
    "restricted",
    "--name",
    "Session-TailNginx",
    "--command",
    "tail -f /var/log/nginx/{{ file }}",
];

#[test]
fn a_restricted_document_comes_with_its_policy() {
    let run = run(&[&TAIL, &["--matching", r"file=^[a-z]{1,32}\.log$"], &ACCOUNT]);
    assert_snapshot!(run.err, @r"
    note: what the command puts out is recorded when it has ended, not while it runs: the agent streams only shells
    note: whoever may set the tag `SessionAccess` of instances (ec2:CreateTags, ssm:AddTagsToResource) decides who reaches them; deny it to people who open sessions
    note: people end and resume sessions by the tag that Session Manager sets: a role session whose name has characters other than letters, digits, blanks and _.:/=+-@\ gets none, and its sessions end by their timeouts only
    note: the charter does not let sessions use `Session-TailNginx`: add it to documents in [sessions], or the rule session-access will report whoever has this policy
    ");
    let papers = json(run);
    let document = &papers["Session-TailNginx"];
    assert_eq!(document["sessionType"], "InteractiveCommands");
    assert_eq!(
        document["inputs"]["cloudWatchLogGroupName"],
        "/session-manager/123456789012"
    );
    assert_eq!(
        document["parameters"]["file"]["allowedPattern"],
        r"^[a-z]{1,32}\.log$"
    );
    let policy = &papers["Session-TailNginx-policy"];
    assert_eq!(
        policy["Statement"][1]["Resource"],
        "arn:aws:ssm:eu-central-1:123456789012:document/Session-TailNginx"
    );
}

#[test]
fn a_document_whose_parameters_let_more_through_is_not_composed() {
    for (arguments, status, part) in [
        (
            &["--matching", "file=^[a-z]+.log$"][..],
            1,
            "for a full stop write \\.",
        ),
        (
            &["--matching", "file=^[a-z;]+$"],
            1,
            "mean something to a shell: ;",
        ),
        (
            &["--matching", "file=[a-z]+"],
            64,
            "it must begin with ^ and end with $",
        ),
        (&["--matching", "file"], 64, "expected NAME=PATTERN"),
        (
            &["--one-of", "other=a,b"],
            1,
            "does not stand in the command",
        ),
        (&[], 1, "nothing says what it may be"),
        (
            &[
                "--matching",
                "file=^[a-z]+$",
                "--no-input",
                "--command",
                "a | b",
            ],
            1,
            "without parameters",
        ),
    ] {
        let run = run(&[&TAIL, arguments, &ACCOUNT]);
        assert!(run.err.contains(part), "{arguments:?}: {}", run.err);
        assert_eq!(run.ended(status), "");
    }
    let run = session_guard(&[
        "document",
        "restricted",
        "--name",
        "AWS-x",
        "--command",
        "uptime",
        "--account",
        "123456789012",
    ]);
    assert!(run.err.contains("cannot be called `AWS-x`"), "{}", run.err);
    run.ended(1);
}

#[test]
fn what_succeeds_the_deprecated_policy_is_composed_and_pinned() {
    let logging = run(&[&["policy", "successor", "session-logging"], &ACCOUNT]);
    assert!(
        logging.err.contains("policy fingerprint"),
        "{}",
        logging.err
    );
    assert_snapshot!(logging.ended(0));
    let nothing = run(&[&["policy", "successor", "buckets"], &ACCOUNT]);
    assert!(
        nothing.err.contains("name buckets with --bucket"),
        "{}",
        nothing.err
    );
    nothing.ended(1);
    let own = run(&[
        &["policy", "successor", "buckets", "--vpc-endpoint"],
        &ACCOUNT,
    ]);
    assert!(own.err.contains("longer names"), "{}", own.err);
    assert_eq!(sids(&json(own)), ["AgentDownloads"]);

    let buckets = ["--bucket", "output", "--bucket", "shared/run/command"];
    let named = run(&[&["policy", "successor", "buckets"], &ACCOUNT, &buckets]);
    assert_snapshot!(named.ended(0));
}
