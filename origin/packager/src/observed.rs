//! What the packager has seen of a publisher: figures for ingest health.

/// Counters and measures since the publisher's first frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Pictures packaged.
    pub video_frames: u64,
    /// Blocks of sound packaged.
    pub audio_frames: u64,
    /// Frames that could not be used: before a key frame, out of any order, of a track not configured.
    pub dropped_frames: u64,
    /// Frames whose timestamp had to be moved because it did not follow the one before.
    pub late_frames: u64,
    /// Jumps of timestamps or of the publisher's clock.
    pub jumps: u64,
    /// Segments that had to begin without a key frame.
    pub forced_cuts: u64,
    /// Codec configurations that were refused.
    pub refused_configs: u64,
    /// Time between the last two key frames.
    pub key_frame_interval_us: Option<i64>,
    /// Time between the last two frames of the leading track.
    pub frame_interval_us: Option<i64>,
    /// Whether sound strays from the picture by more than a jump.
    pub audio_astray: bool,
}
