//! Fragmented MP4 (ISO/IEC 14496-12) as CMAF (ISO/IEC 23000-19) wants it: initialisation segments through the
//! `mp4-atom` crate, fragments written straight into their final bytes.

mod codec;
mod fragment;
mod init;

pub use codec::{audio_codec, video_codec};
pub(crate) use fragment::{Sample, TrackRun, write_fragment};
pub(crate) use init::write_init;

/// `track_ID` of the picture.
pub const VIDEO_TRACK_ID: u32 = 1;
/// `track_ID` of the sound.
pub const AUDIO_TRACK_ID: u32 = 2;
/// Ticks a second of the picture's track.
pub const VIDEO_TIMESCALE: u32 = 90_000;
/// Samples in an AAC frame.
pub const AAC_FRAME_SAMPLES: u32 = 1_024;
