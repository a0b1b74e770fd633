//! What is logged in one test, and in no other that runs beside it.

use std::sync::LazyLock;

use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, registry};

/// With one subscriber in the whole process, `tracing` asks whichever thread comes first to a line whether anybody wants
/// it, and the threads of other tests have nobody: the line would be lost for good.
static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(registry()));

/// Does something of which the layer sees every line that this thread logs.
pub fn under<T>(layer: impl Layer<Registry> + Send + Sync, act: impl FnOnce() -> T) -> T {
    LazyLock::force(&ANOTHER);
    tracing::subscriber::with_default(registry().with(layer), act)
}
