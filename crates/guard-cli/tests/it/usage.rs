use super::program::session_guard;

#[test]
fn every_subcommand_shows_examples() {
    let mut subcommands = vec![
        &["charter", "check"][..],
        &["check"],
        &["explain"],
        &["pack"],
        &["simulate"],
        &["policy", "deny-preferences"],
        &["policy", "start-session"],
        &["policy", "protect-logs"],
        &["policy", "successor"],
        &["policy", "fingerprint"],
        &["document", "restricted"],
    ];
    if cfg!(feature = "live") {
        subcommands.extend([&["diff"][..], &["adopt"], &["deploy"]]);
    }
    for subcommand in subcommands {
        let help = session_guard(&[subcommand, &["--help"]].concat()).ended(0);
        let example = format!("Examples:\n  session-guard {}", subcommand.join(" "));
        assert!(help.contains(&example), "{help}");
    }
}

#[test]
fn wrong_arguments_end_with_sixty_four() {
    session_guard(&[]).ended(64);
    session_guard(&["explain"]).ended(64);
    session_guard(&["charter", "check", "charter.toml", "--format", "xml"]).ended(64);
}

#[test]
fn help_and_the_version_are_no_errors() {
    session_guard(&["--help"]).ended(0);
    assert!(
        session_guard(&["--version"])
            .ended(0)
            .starts_with("session-guard ")
    );
}

#[test]
fn a_pipe_gets_no_colours() {
    let text = session_guard(&["charter", "check", "charter.toml"]).ended(0);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[cfg(not(feature = "live"))]
#[test]
fn what_was_left_out_of_the_build_says_so() {
    for subcommand in ["diff", "adopt", "deploy", "migrate"] {
        let run = session_guard(&[subcommand, "--charter", "charter.toml", "--whatever"]);
        assert!(run.err.contains("--features live"), "{}", run.err);
        run.ended(1);
    }
}
