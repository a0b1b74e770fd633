//! What is under way in the account, so that tests can wait for its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Counts deliveries, invocations and retries that are under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(Arc<AtomicUsize>);

/// Something under way; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Busy(Arc<AtomicUsize>);

impl Activity {
    pub(crate) fn begin(&self) -> Busy {
        self.0.fetch_add(1, Ordering::SeqCst);
        Busy(Arc::clone(&self.0))
    }

    /// Waits until nothing is under way; `false` when the time is up first.
    pub(crate) async fn idle(&self, limit: Duration) -> bool {
        let idle = async {
            while self.0.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(limit, idle).await.is_ok()
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
