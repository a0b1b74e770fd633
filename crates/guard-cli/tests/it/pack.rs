use super::program::session_guard;

#[test]
fn a_package_holds_charter_baseline_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/package");
    let arguments = [
        "pack",
        "--charter",
        "charter.toml",
        "--now",
        "2026-01-15T03:03:04+01:00",
        "--out",
    ];
    let arguments = [&arguments[..], &[out.to_str().unwrap()]].concat();
    let said = session_guard(&arguments).ended(0);
    let names = ["charter.toml", "SessionManagerRunShell.json", "packed-at"];
    let files: Vec<_> = names
        .iter()
        .map(|name| format!("{}\n", out.join(name).display()))
        .collect();
    assert_eq!(said, files.concat());
    assert_eq!(
        std::fs::read_to_string(out.join("packed-at")).unwrap(),
        "2026-01-15T02:03:04.000Z\n"
    );
    for name in &names[..2] {
        let original = super::program::project().join(name);
        assert_eq!(
            std::fs::read(out.join(name)).unwrap(),
            std::fs::read(original).unwrap()
        );
    }
}

#[test]
fn a_broken_charter_is_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let charter = folder.path().join("charter.toml");
    std::fs::write(&charter, "mode = \"watch\"\n").unwrap();
    let out = folder.path().join("package");
    let run = session_guard(&[
        "pack",
        "--charter",
        charter.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(
        run.err
            .ends_with("nothing is packed: 2 errors in the charter\n"),
        "{}",
        run.err
    );
    assert_eq!(run.ended(1), "");
    assert!(!out.exists());
}
