//! Sound is stamped by counting its samples, so that rounded timestamps neither overlap nor leave holes.

use crate::fmp4::AAC_FRAME_SAMPLES;
use crate::settings::{AUDIO_DRIFT_US, US_PER_S};

/// Where one block of sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// At this many samples, which is at this media time.
    At { ticks: u64, t_us: i64 },
    /// Nowhere: sound is already there.
    Late,
}

/// The sample count of one period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SampleClock {
    rate_hz: u32,
    not_before_us: i64,
    next_ticks: Option<u64>,
}

impl SampleClock {
    pub(crate) fn start(rate_hz: u32, not_before_us: i64) -> Self {
        Self { rate_hz: rate_hz.max(1), not_before_us, next_ticks: None }
    }

    /// Places a block that its publisher stamped `stamped_us`, on the media timeline.
    pub(crate) fn place(&mut self, stamped_us: i64) -> Placement {
        let stray_us = self.next_ticks.map(|next| stamped_us - self.us(next));
        let ticks = match (self.next_ticks, stray_us) {
            (Some(next), Some(stray_us)) if stray_us.abs() <= AUDIO_DRIFT_US => next,
            (Some(_), Some(stray_us)) if stray_us < 0 => return Placement::Late,
            _ if stamped_us < self.not_before_us => return Placement::Late,
            _ => self.ticks(stamped_us),
        };
        self.next_ticks = Some(ticks + u64::from(AAC_FRAME_SAMPLES));
        Placement::At { ticks, t_us: self.us(ticks) }
    }

    /// Where the sound that is placed ends.
    pub(crate) fn end_us(&self) -> Option<i64> {
        self.next_ticks.map(|ticks| self.us(ticks))
    }

    /// What one block lasts.
    pub(crate) fn frame_us(&self) -> i64 {
        i64::from(AAC_FRAME_SAMPLES) * US_PER_S / i64::from(self.rate_hz)
    }

    fn us(&self, ticks: u64) -> i64 {
        let us = u128::from(ticks) * 1_000_000 / u128::from(self.rate_hz);
        i64::try_from(us).unwrap_or(i64::MAX)
    }

    fn ticks(&self, us: i64) -> u64 {
        let ticks = u128::try_from(us).unwrap_or(0) * u128::from(self.rate_hz) / 1_000_000;
        u64::try_from(ticks).unwrap_or(u64::MAX / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_timestamps_make_gapless_sound() {
        let mut clock = SampleClock::start(44_100, 0);
        for n in 0..10_000_u64 {
            let stamped_ms = n * 1_024 * 1_000 / 44_100;
            let placed = clock.place(i64::try_from(stamped_ms).expect("small") * 1_000);
            assert!(matches!(placed, Placement::At { ticks, .. } if ticks == n * 1_024));
        }
    }

    #[test]
    fn a_hole_is_kept_and_an_overlap_is_dropped() {
        let mut clock = SampleClock::start(48_000, 0);
        assert_eq!(clock.place(0), Placement::At { ticks: 0, t_us: 0 });
        assert_eq!(clock.place(500_000), Placement::At { ticks: 24_000, t_us: 500_000 });
        assert_eq!(clock.place(100_000), Placement::Late);
        assert_eq!(clock.place(521_000), Placement::At { ticks: 25_024, t_us: 521_333 });
    }
}
