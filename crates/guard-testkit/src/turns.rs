//! Runs of the guard against a [`FakeAccount`], alone or taking turns call by call.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::FakeAccount;
use crate::fault::Crashed;

/// More turns than any run takes; one that takes more goes in circles.
const MOST_TURNS: usize = 20_000;

/// Gives the turn away once.
pub(crate) async fn give_away() {
    let mut was_given = false;
    std::future::poll_fn(|context| {
        if was_given {
            return Poll::Ready(());
        }
        was_given = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Runs a future to its end, or to the crash that the account had planned for it.
///
/// # Panics
/// When the future takes more turns than any run should.
pub fn run<F: Future>(account: &FakeAccount, future: F) -> Result<F::Output, Crashed> {
    let mut run = Run::new(future);
    for _ in 0..MOST_TURNS {
        run.turn(account);
        if let Some(end) = run.end.take() {
            return end;
        }
    }
    going_in_circles()
}

/// Runs two futures, one call of either at a time: `true` gives the next turn to the first.
/// When one has ended, or all choices are used up, the rest follows one after the other.
///
/// # Panics
/// When a future takes more turns than any run should.
pub fn interleave<A: Future, B: Future>(
    account: &FakeAccount,
    first: A,
    second: B,
    choices: &[bool],
) -> (Result<A::Output, Crashed>, Result<B::Output, Crashed>) {
    let (mut first, mut second) = (Run::new(first), Run::new(second));
    for choice in choices {
        if *choice {
            first.turn(account);
        } else {
            second.turn(account);
        }
    }
    for _ in 0..MOST_TURNS {
        first.turn(account);
        if first.end.is_some() {
            second.turn(account);
        }
        if let (Some(_), Some(_)) = (&first.end, &second.end) {
            break;
        }
    }
    match (first.end, second.end) {
        (Some(first), Some(second)) => (first, second),
        _ => going_in_circles(),
    }
}

#[expect(clippy::panic, reason = "a run that does not end must fail its test")]
fn going_in_circles() -> ! {
    panic!("the run has not ended after {MOST_TURNS} turns")
}

struct Run<F: Future> {
    future: Pin<Box<F>>,
    end: Option<Result<F::Output, Crashed>>,
}

impl<F: Future> Run<F> {
    fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
            end: None,
        }
    }

    fn turn(&mut self, account: &FakeAccount) {
        if self.end.is_some() {
            return;
        }
        let mut context = Context::from_waker(Waker::noop());
        match pin!(&mut self.future).poll(&mut context) {
            Poll::Ready(output) => self.end = Some(Ok(output)),
            Poll::Pending if account.has_just_crashed() => self.end = Some(Err(Crashed)),
            Poll::Pending => {}
        }
    }
}
