//! Two calls a second, whatever asks.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Half a second for each of two calls a second, and a little for clocks and networks that bunch them up.
const INTERVAL: Duration = Duration::from_millis(550);

/// Keeps calls apart.
#[derive(Debug, Default)]
pub(super) struct Pace {
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// Waits for this call's turn.
    pub(super) async fn wait(&self) {
        tokio::time::sleep_until(self.reserve()).await;
    }

    fn reserve(&self) -> Instant {
        // A poisoned lock holds an instant as good as any.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + INTERVAL);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_call_goes_at_once_and_the_next_ones_keep_their_distance() {
        let (pace, start) = (Pace::default(), Instant::now());
        pace.wait().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        pace.wait().await;
        pace.wait().await;
        assert!(start.elapsed() >= INTERVAL * 2, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_between_calls_counts() {
        let pace = Pace::default();
        pace.wait().await;
        tokio::time::sleep(INTERVAL * 3).await;
        let start = Instant::now();
        pace.wait().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
