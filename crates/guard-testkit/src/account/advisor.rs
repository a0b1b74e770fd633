//! The account behind the port of the access advisor.

use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::{Advice, AskAdvisor};

use super::ports::port_error;
use super::{FakeAccount, State};
use crate::calls::Call;
use crate::document::Refusal;

impl AskAdvisor for FakeAccount {
    async fn ask(&self, arn: &str) -> Result<String, PortError> {
        let answer = self.call(Call::AskAdvisor, arn.to_owned(), |state| {
            let is_known = state.iam.bearers.values().any(|bearer| bearer.arn == arn);
            let missing = || Refusal::new("NoSuchEntity", "nobody has that ARN");
            is_known.then(|| state.advisor.ask(arn)).ok_or_else(missing)
        });
        answer.await?.map_err(absent)
    }

    async fn answer(&self, job: &str, after: Option<&str>) -> Result<Advice, PortError> {
        let look = |state: &mut State| {
            let (size, now) = (state.iam.page_size, state.now);
            state.advisor.answer(job, after, size, now)
        };
        let answer = self.call(Call::ReadAdvice, job.to_owned(), look);
        answer.await?.map_err(absent)
    }
}

fn absent(refusal: Refusal) -> PortError {
    port_error(FailureClass::Absent, refusal)
}
