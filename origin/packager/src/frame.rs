//! What an ingest session hands to the packager: one publisher's tracks, as coded frames.
//!
//! Times are the publisher's own, in microseconds, already extended past any 32-bit wrap. They may jump and
//! they may start anywhere: mapping them to UTC capture time is the packager's work.

use bytes::Bytes;

/// Which of a publisher's two tracks something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrackKind {
    /// The picture.
    Video,
    /// The sound.
    Audio,
}

/// How a track is coded: what a decoder needs before the first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecConfig {
    /// H.264, as the `AVCDecoderConfigurationRecord` of ISO/IEC 14496-15 §5.3.3.1.
    Avc {
        /// The record itself, as it goes into an `avcC` box.
        record: Bytes,
        /// Coded width after cropping, in pixels.
        width_px: u32,
        /// Coded height after cropping, in pixels.
        height_px: u32,
    },
    /// AAC, as the `AudioSpecificConfig` of ISO/IEC 14496-3 §1.6.2.1.
    Aac {
        /// The configuration itself, as it goes into an `esds` box.
        config: Bytes,
        /// Samples a second.
        sample_rate_hz: u32,
        /// Channels of sound.
        channels: u8,
    },
}

/// One coded picture, or one coded block of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The track it belongs to.
    pub track: TrackKind,
    /// Decoding time on the publisher's clock, in microseconds.
    pub dts_us: i64,
    /// Presentation time less decoding time, in microseconds; 0 without B-frames and for sound.
    pub composition_offset_us: i32,
    /// Whether decoding may start here. Always true for sound.
    pub key: bool,
    /// H.264: NAL units, each after its 4-byte length. AAC: one raw frame without ADTS.
    pub payload: Bytes,
}

/// One thing an ingest session tells: first a track's configuration, then its frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A track appeared, or changed how it is coded.
    Config(CodecConfig),
    /// A frame of a configured track.
    Frame(Frame),
}
