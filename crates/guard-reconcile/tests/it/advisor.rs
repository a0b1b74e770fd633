//! What was used, asked of an access advisor that takes its time.

use std::time::Duration;

use guard_core::inventory::BearerKind;
use guard_core::migration::{Accessed, Service};
use guard_reconcile::advisor::{NoAdvice, Wait, accessed};
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::Clock;
use guard_testkit::turns::run;
use guard_testkit::{Call, FakeAccount, Fault, Moment};

const WEB: &str = "arn:aws:iam::123456789012:role/web";
const DATABASE: &str = "arn:aws:iam::123456789012:role/database";

fn account() -> FakeAccount {
    let account = FakeAccount::new();
    account.principals().create(BearerKind::Role, "web");
    account.principals().create(BearerKind::Role, "database");
    account
}

fn service(namespace: &str) -> Service {
    Service {
        namespace: namespace.to_owned(),
        last: Some("2026-01-10T00:00:00Z".parse().unwrap()),
    }
}

/// All of them in one run, and how many steps were told of: two for each.
fn ask(account: &FakeAccount, arns: &[&str]) -> (Vec<Result<Accessed, NoAdvice>>, usize) {
    let mut n_steps = 0;
    let answers = run(
        account,
        accessed(arns, Wait::Long, account, || n_steps += 1),
    );
    (answers.expect("no crash was planned"), n_steps)
}

fn why(answer: &Result<Accessed, NoAdvice>) -> String {
    answer.as_ref().unwrap_err().to_string()
}

#[test]
fn everybody_is_asked_about_before_the_first_answer_is_waited_for() {
    let account = account();
    account.set_used(WEB, vec![service("ssm")]);
    account.set_used(DATABASE, vec![service("s3")]);
    account.set_advisor_looks(1);
    let (answers, n_steps) = ask(&account, &[WEB, DATABASE]);
    let used = answers.iter().map(|answer| {
        let services = &answer.as_ref().unwrap().services;
        services.iter().map(|it| it.namespace.as_str()).collect()
    });
    assert_eq!(used.collect::<Vec<Vec<_>>>(), [["ssm"], ["s3"]]);
    assert_eq!(n_steps, 4);
    let calls = account.calls().into_iter().map(|called| called.call);
    assert_eq!(
        calls.collect::<Vec<_>>(),
        [
            Call::AskAdvisor,
            Call::AskAdvisor,
            Call::ReadAdvice,
            Call::ReadAdvice,
            Call::ReadAdvice,
            Call::ReadAdvice
        ]
    );
}

#[test]
fn whoever_used_nothing_is_known_to_have_used_nothing_for_four_hundred_days() {
    let account = account();
    let began = account.now();
    let (answers, _) = ask(&account, &[WEB]);
    let answer = answers.first().unwrap().as_ref().unwrap();
    assert_eq!(*answer, Accessed::told_at(began, Vec::new()));
}

#[test]
fn an_answer_on_several_pages_is_read_to_its_end() {
    let account = account();
    account.set_page_size(2);
    account.set_used(WEB, ["ssm", "s3", "ec2", "kms", "logs"].map(service).into());
    let (answers, _) = ask(&account, &[WEB]);
    assert_eq!(answers.first().unwrap().as_ref().unwrap().services.len(), 5);
    assert_eq!(account.n_calls_of(Call::ReadAdvice), 3);
}

#[test]
fn an_answer_that_never_comes_is_given_up_after_four_minutes() {
    let account = account();
    account.set_advisor_looks(usize::MAX);
    let began = account.now();
    let (answers, n_steps) = ask(&account, &[WEB]);
    assert!(matches!(answers.first(), Some(Err(NoAdvice::Late))));
    let took = Duration::try_from(account.now().duration_since(began)).unwrap();
    let minutes = Duration::from_mins(3)..Duration::from_mins(5);
    assert!(minutes.contains(&took), "{took:?}");
    assert_eq!(n_steps, 2);
}

#[test]
fn a_job_that_fails_leaves_the_others_their_answers() {
    let account = account();
    account.fail_advice(WEB, "LimitExceeded: too many policies");
    let (answers, _) = ask(&account, &[WEB, DATABASE]);
    assert_eq!(
        answers.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [false, true]
    );
    let why = why(answers.first().unwrap());
    assert_eq!(why, "it failed: LimitExceeded: too many policies");
}

#[test]
fn somebody_who_is_gone_leaves_the_others_their_answers() {
    let account = account();
    account.principals().delete(BearerKind::Role, "web");
    let (answers, n_steps) = ask(&account, &[WEB, DATABASE]);
    let [gone, there] = answers.as_slice() else {
        panic!("{answers:?}");
    };
    assert!(
        matches!(gone, Err(NoAdvice::Port(error)) if error.class == FailureClass::Absent),
        "{gone:?}"
    );
    assert!(there.is_ok());
    assert_eq!(n_steps, 4);
}

#[test]
fn an_advisor_that_has_too_much_to_do_is_asked_again() {
    let account = account();
    let throttled = Fault::Fails(FailureClass::Throttled);
    account.fail_next(Call::AskAdvisor, throttled, Moment::Before);
    account.fail_next(Call::ReadAdvice, throttled, Moment::Before);
    let (answers, _) = ask(&account, &[WEB]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(account.n_calls_of(Call::AskAdvisor), 2);
    assert_eq!(account.n_calls_of(Call::ReadAdvice), 2);
}

#[test]
fn whoever_may_not_ask_learns_nothing_and_asks_once() {
    let account = account();
    let denied = Fault::Fails(FailureClass::Denied);
    account.fail_every(Call::AskAdvisor, denied, Moment::Before);
    let (answers, _) = ask(&account, &[WEB]);
    assert_eq!(why(answers.first().unwrap()), "a call failed");
    assert_eq!(account.calls().len(), 1);
}
