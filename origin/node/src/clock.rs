//! The one ingest clock.

use std::time::{SystemTime, UNIX_EPOCH};

use showfloor_domain::UtcMs;
use tokio::time::Instant;

/// UTC as it was when the origin started, carried on by the monotonic clock: it never jumps and never runs backwards,
/// whatever is done to the system's date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IngestClock {
    started_utc_ms: i64,
    started: Instant,
}

impl IngestClock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            started_utc_ms: i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX),
            started: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> UtcMs {
        let elapsed_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        UtcMs::new(self.started_utc_ms.saturating_add(elapsed_ms))
    }
}
