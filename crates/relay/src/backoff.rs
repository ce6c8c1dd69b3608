//! How long to wait before the next try.

use std::time::Duration;

/// The longest wait before the first retry, in milliseconds.
pub const BACKOFF_FIRST_MS: u64 = 100;
/// The longest wait of all, in milliseconds.
pub const BACKOFF_MAX_MS: u64 = 30_000;

/// Doubling waits with full jitter, so that many relays do not come back together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    ceiling_ms: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { ceiling_ms: BACKOFF_FIRST_MS }
    }
}

impl Backoff {
    /// The next wait: `chance`, from 0 to 1, of the present ceiling. The ceiling doubles up to its limit.
    pub fn next(&mut self, chance: f64) -> Duration {
        let wait = Duration::from_millis(self.ceiling_ms).mul_f64(chance.clamp(0.0, 1.0));
        self.ceiling_ms = (self.ceiling_ms * 2).min(BACKOFF_MAX_MS);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit_and_never_pass_it() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> =
            (0..12).map(|_| u64::try_from(backoff.next(1.0).as_millis()).unwrap()).collect();
        assert_eq!(waits[..4], [100, 200, 400, 800]);
        assert_eq!(waits[11], BACKOFF_MAX_MS);
    }
}
