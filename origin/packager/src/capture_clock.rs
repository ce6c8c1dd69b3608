//! Media time to UTC capture time, from the ingest clock alone.
//!
//! A frame's capture time is when it would have arrived had nothing delayed it. The least delay seen lately is
//! the best guess at that, so the mapping follows the smallest `arrival − media time` of a window, and it
//! follows slowly: at most [`SLEW_PER_MILLE`] of the media's own pace, and only from one segment to the next.
//! So programme date-time never runs backwards and never jumps inside a period.

use showfloor_domain::UtcMs;

use crate::settings::{US_PER_MS, US_PER_S};

/// The mapping is corrected by at most this share of the time that has passed.
pub const SLEW_PER_MILLE: i64 = 5;
/// The least delay is taken over one to two windows of this length.
pub const WINDOW_US: i64 = 5 * US_PER_S;
/// A publisher whose clock is off by more than this for a whole window is not drifting: it stood still, and
/// its next key frame begins a new period.
pub const STEP_US: i64 = 2 * US_PER_S;

#[derive(Clone, Copy, Debug)]
struct Window {
    until_us: i64,
    least_us: i64,
    previous_least_us: Option<i64>,
}

/// The mapping of one period, from one discontinuity to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaptureClock {
    anchor_media_us: i64,
    anchor_utc_us: i64,
    window: Window,
}

impl CaptureClock {
    /// A mapping from `media_us` on, in which what arrived at `now` was captured at `now`, but never before
    /// `not_before_us`.
    pub(crate) fn start(now: UtcMs, media_us: i64, not_before_us: i64) -> Self {
        let now_us = now.get().saturating_mul(US_PER_MS);
        let window =
            Window { until_us: now_us + WINDOW_US, least_us: now_us - media_us, previous_least_us: None };
        Self { anchor_media_us: media_us, anchor_utc_us: now_us.max(not_before_us), window }
    }

    /// Takes in what was observed at once, because nothing was mapped yet.
    pub(crate) fn settle(&mut self, not_before_us: i64) {
        self.anchor_utc_us = (self.anchor_media_us + self.window.least_us).max(not_before_us);
    }

    /// A frame presented at `media_us` arrived at `now`.
    pub(crate) fn observe(&mut self, now: UtcMs, media_us: i64) {
        let now_us = now.get().saturating_mul(US_PER_MS);
        let delay_us = now_us - media_us;
        if now_us >= self.window.until_us {
            self.window = Window {
                until_us: now_us + WINDOW_US,
                least_us: delay_us,
                previous_least_us: Some(self.window.least_us),
            };
        } else {
            self.window.least_us = self.window.least_us.min(delay_us);
        }
    }

    /// A segment begins at `media_us`: the moment to correct the mapping a little.
    pub(crate) fn segment_begins(&mut self, media_us: i64) {
        let passed_us = (media_us - self.anchor_media_us).max(0);
        let slew_us = passed_us * SLEW_PER_MILLE / 1_000;
        let uncorrected_us = self.utc_us(media_us);
        self.anchor_utc_us = uncorrected_us + self.error_us().clamp(-slew_us, slew_us);
        self.anchor_media_us = media_us;
    }

    /// Whether the publisher's clock has stepped rather than drifted.
    pub(crate) fn has_stepped(&self) -> bool {
        self.window.previous_least_us.is_some() && self.error_us().abs() > STEP_US
    }

    pub(crate) fn utc_us(&self, media_us: i64) -> i64 {
        self.anchor_utc_us + (media_us - self.anchor_media_us)
    }

    fn error_us(&self) -> i64 {
        let least_us =
            self.window.previous_least_us.map_or(self.window.least_us, |us| us.min(self.window.least_us));
        least_us - (self.anchor_utc_us - self.anchor_media_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delayed_start_is_corrected_slowly_and_never_backwards() {
        // The first frame is 300 ms late, every other one is not.
        let mut clock = CaptureClock::start(UtcMs::new(1_000_300), 0, 0);
        let mut last_us = 0;
        for second in 1..200_i64 {
            clock.observe(UtcMs::new(1_000_000 + second * 1_000), second * US_PER_S);
            clock.segment_begins(second * US_PER_S);
            let utc_us = clock.utc_us(second * US_PER_S);
            assert!(utc_us > last_us);
            if second > 1 {
                assert!((utc_us - last_us - US_PER_S).abs() <= 5_000);
            }
            last_us = utc_us;
        }
        assert_eq!(last_us, (1_000_000 + 199_000) * US_PER_MS);
    }

    #[test]
    fn jitter_that_only_delays_moves_nothing() {
        let mut clock = CaptureClock::start(UtcMs::new(5_000), 0, 0);
        for second in 1..60_i64 {
            let late_ms = if second % 4 == 0 { 0 } else { 90 };
            clock.observe(UtcMs::new(5_000 + second * 1_000 + late_ms), second * US_PER_S);
            clock.segment_begins(second * US_PER_S);
        }
        assert_eq!(clock.utc_us(60 * US_PER_S), 65_000 * US_PER_MS);
    }

    #[test]
    fn a_publisher_that_stood_still_has_stepped() {
        let mut clock = CaptureClock::start(UtcMs::new(0), 0, 0);
        for second in 1..20_i64 {
            clock.observe(UtcMs::new(second * 1_000 + 10_000), second * US_PER_S);
        }
        assert!(clock.has_stepped());
    }
}
