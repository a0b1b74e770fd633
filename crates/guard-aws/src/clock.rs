//! The machine's own time.

use std::time::Duration;

use guard_reconcile::ports::Clock;
use jiff::Timestamp;

/// The system's clock, and waiting on Tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn pause(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_pause_takes_as_long_as_it_says() {
        let start = tokio::time::Instant::now();
        SystemClock.pause(Duration::from_secs(7)).await;
        assert_eq!(start.elapsed(), Duration::from_secs(7));
    }
}
