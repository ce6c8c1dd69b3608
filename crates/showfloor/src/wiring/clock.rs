//! The clock of this process.

use std::time::{SystemTime, UNIX_EPOCH};

use showfloor_domain::UtcMs;

/// What time it is.
pub fn now() -> UtcMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcMs::new(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
