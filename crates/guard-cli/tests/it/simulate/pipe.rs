//! How lines come and go.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use super::super::program::{command, session_guard};
use super::{simulate, sound};

fn start() -> Child {
    command(&["simulate"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn whoever_waits_for_an_answer_before_asking_on_gets_it() {
    let mut child = start();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answers = BufReader::new(stdout).lines();
    for _ in 0..3 {
        // Half a line more must not hold the answer back.
        let line = sound().to_string();
        let (begin, rest) = line.split_at(10);
        write!(stdin, "{line}\n{begin}").unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(answer.contains("allowed"), "{answer}");
        writeln!(stdin, "{rest}").unwrap();
        answers.next().unwrap().unwrap();
    }
    drop(stdin);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn whoever_has_seen_enough_is_not_complained_to() {
    let mut child = start();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let line = format!("{}\n", sound());
    // More than any pipe holds; the program ends before everything is written.
    let written = (0..100_000).try_for_each(|_| stdin.write_all(line.as_bytes()));
    drop(stdin);
    assert!(written.is_err());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn many_lines_are_answered_in_their_order() {
    let mut line = sound();
    let input: Vec<_> = (0..2_000)
        .map(|id| {
            line["id"] = id.into();
            format!("{line}\n")
        })
        .collect();
    let answers = simulate(input.concat()).ended(0);
    let ids = answers.lines().enumerate();
    assert_eq!(answers.lines().count(), 2_000);
    for (id, answer) in ids {
        assert!(
            answer.starts_with(&format!(r#"{{"id":{id},"decision":"allowed""#)),
            "{answer}"
        );
    }
}

#[test]
fn a_line_without_end_is_passed_over_in_little_memory() {
    let mut child = start();
    let mut stdin = child.stdin.take().unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..200 {
        stdin.write_all(&piece).unwrap();
    }
    write!(stdin, "\n{}\n", sound()).unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let refused = answers.next().unwrap().unwrap();
    assert!(
        refused.contains("line 1: found a line of more than 16 MiB"),
        "{refused}"
    );
    let answer = answers.next().unwrap().unwrap();
    assert!(answer.contains("allowed"), "{answer}");
    #[cfg(target_os = "linux")]
    assert!(peak(child.id()) < 64 << 10, "{} KiB", peak(child.id()));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// The most memory that a process has held so far, in KiB.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    for file in ["docs/no-such.jsonl", "docs"] {
        let run = session_guard(&["simulate", file]);
        let expected = format!("session-guard: failed to read `{file}`: ");
        assert!(run.err.starts_with(&expected), "{}", run.err);
        assert_eq!(run.ended(1), "");
    }
}
