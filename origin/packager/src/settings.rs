//! What a show may choose about its packaging, and the limits it may not.

/// Microseconds in a millisecond.
pub(crate) const US_PER_MS: i64 = 1_000;
/// Microseconds in a second.
pub(crate) const US_PER_S: i64 = 1_000_000;

/// Parts are declared on a grid of this many milliseconds, rounded up from the setting: RTMP stamps whole
/// milliseconds, so ten frames at 30 a second last 333 ms or 334 ms and must both fit one part.
pub const PART_TARGET_GRID_MS: u32 = 10;
/// The shortest part target that is accepted.
pub const PART_TARGET_MIN_MS: u32 = 100;
/// The longest part target that is accepted; parts over a second are no longer low latency.
pub const PART_TARGET_MAX_MS: u32 = 1_000;
/// The shortest and the longest segment target that is accepted.
pub const SEGMENT_TARGET_MIN_MS: u32 = 1_000;
/// See [`SEGMENT_TARGET_MIN_MS`].
pub const SEGMENT_TARGET_MAX_MS: u32 = 10_000;
/// The longest DVR window that is kept in a live playlist: six hours.
pub const DVR_WINDOW_MAX_MS: u32 = 6 * 3_600_000;

/// A part other than the last of its segment lasts at least this share of the part target
/// (RFC 8216bis §4.4.3.7), in percent.
pub const PART_MIN_PERCENT: i64 = 85;

/// How long a publisher's second track is waited for before the show starts without it.
pub const TRACK_WAIT_MS: i64 = 1_000;
/// A period begins when this much of it has come: encoders stutter when they start, and the first frames tell the
/// capture time of all that follow. Nobody waits for it: the first playlist needs a whole group of pictures anyway.
pub const CLOCK_SETTLE_US: i64 = 400 * US_PER_MS;
/// Frames held while a track is waited for; past it the show starts with what there is.
pub const PREROLL_MAX_FRAMES: usize = 512;
/// Bytes held while a track is waited for.
pub const PREROLL_MAX_BYTES: usize = 16 * 1024 * 1024;

/// A step forward of the leading track's timestamps beyond this is a jump, not a slow frame.
pub const JUMP_FORWARD_US: i64 = 3 * US_PER_S;
/// A step backward beyond this is a jump, not jitter.
pub const JUMP_BACKWARD_US: i64 = US_PER_S / 2;
/// How far sound may stray from its own sample count before it is moved to its timestamp.
pub const AUDIO_DRIFT_US: i64 = 60 * US_PER_MS;
/// Sound that stays further than a jump from the picture for this long is moved to the picture.
pub const AUDIO_STRAY_MS: i64 = 2_000;
/// How far sound may run ahead of a picture that no longer comes before parts are closed without it.
pub const VIDEO_LATE_US: i64 = US_PER_S / 2;

/// How a show's media is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a segment should last; it ends at the first key frame from there. Default 2,000.
    pub segment_target_ms: u32,
    /// What a part may last at most, before rounding up to [`PART_TARGET_GRID_MS`]. Default 333.
    pub part_target_ms: u32,
    /// How far back a live playlist reaches. Default 600,000.
    pub dvr_window_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { segment_target_ms: 2_000, part_target_ms: 333, dvr_window_ms: 600_000 }
    }
}

impl Settings {
    /// The same settings brought within the limits of this module.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            segment_target_ms: self.segment_target_ms.clamp(SEGMENT_TARGET_MIN_MS, SEGMENT_TARGET_MAX_MS),
            part_target_ms: self.part_target_ms.clamp(PART_TARGET_MIN_MS, PART_TARGET_MAX_MS),
            dvr_window_ms: self.dvr_window_ms.min(DVR_WINDOW_MAX_MS),
        }
    }

    /// `PART-TARGET` as it is declared, in milliseconds.
    #[must_use]
    pub fn declared_part_target_ms(&self) -> u32 {
        self.part_target_ms.div_ceil(PART_TARGET_GRID_MS) * PART_TARGET_GRID_MS
    }

    /// `EXT-X-TARGETDURATION` for a publisher whose key frames come often enough, in seconds: one and a
    /// half segment targets, so that a key frame that is a little late still ends its segment.
    #[must_use]
    pub fn target_duration_s(&self) -> u32 {
        (self.segment_target_ms * 3).div_ceil(2_000)
    }

    /// `EXT-X-TARGETDURATION` for a publisher whose first key frames are further apart than
    /// [`target_duration_s`](Self::target_duration_s): six segment targets, in seconds. An encoder left to
    /// itself sends a key frame every 250 frames; such a segment stays whole, so that it stays playable.
    #[must_use]
    pub fn long_target_duration_s(&self) -> u32 {
        (self.segment_target_ms * 6).div_ceil(1_000)
    }

    pub(crate) fn part_target_us(&self) -> i64 {
        i64::from(self.declared_part_target_ms()) * US_PER_MS
    }

    pub(crate) fn segment_target_us(&self) -> i64 {
        i64::from(self.segment_target_ms) * US_PER_MS
    }
}
