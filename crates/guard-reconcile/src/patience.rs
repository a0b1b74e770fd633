//! Asking again when a service has too much to do.

use std::time::Duration;

use crate::error::{FailureClass, PortError};
use crate::ports::{Clock, Page};

/// The SDK has tried three times within seconds by then; what is lost with a whole account is worth waiting longer for.
const MOST_ATTEMPTS: u32 = 6;

/// Before the second attempt, twice that before the third, and so on: half a minute together, since quotas of IAM and
/// AWS Config are counted by the second.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Makes a call again, with growing pauses, as long as waiting may help and patience lasts.
pub(crate) async fn patiently<T>(
    clock: &impl Clock,
    call: impl AsyncFn() -> Result<T, PortError>,
) -> Result<T, PortError> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..MOST_ATTEMPTS {
        match call().await {
            Err(error) if may_pass(error.class) => {
                tracing::debug!(error = %error, cause = %error.source, "waiting to try it again");
            }
            answered => return answered,
        }
        clock.pause(pause).await;
        pause *= 2;
    }
    call().await
}

/// Whether waiting may cure a failure.
pub(crate) fn may_pass(class: FailureClass) -> bool {
    match class {
        FailureClass::Throttled | FailureClass::Unavailable => true,
        FailureClass::Denied | FailureClass::Absent | FailureClass::Malformed => false,
    }
}

/// All items of a list that comes page by page, each page asked for patiently.
pub(crate) async fn all_pages<T>(
    clock: &impl Clock,
    page: impl AsyncFn(Option<&str>) -> Result<Page<T>, PortError>,
) -> Result<Vec<T>, PortError> {
    let mut items = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let next = patiently(clock, async || page(after.as_deref()).await).await?;
        items.extend(next.items);
        if next.next.is_none() {
            return Ok(items);
        }
        after = next.next;
    }
}
