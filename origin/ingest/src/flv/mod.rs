//! FLV tag bodies, which is what RTMP carries as audio and video messages, to coded frames.
//!
//! Sources: Adobe, "Video File Format Specification" version 10.1, annex E, and Veovera, "Enhanced RTMP" v2
//! for bodies with a fourCC.

mod aac;
mod avc;
mod codec;
mod demux;
mod file;
mod sps;

pub use aac::{AacConfig, parse_aac_config};
pub use avc::{AvcConfig, parse_avc_record};
pub use codec::Codec;
pub use demux::Demuxer;
pub use file::{FlvFileError, Tag, TagKind, Tags};
pub use sps::{PictureSize, parse_sps};

use crate::limits::{PICTURE_SIDE_MAX_PX, PICTURE_SIDE_MIN_PX};

/// Media that cannot be packaged. The message says what a person should change in the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The picture is coded in something else than H.264.
    #[error(
        "the encoder sends {0} video, and only H.264 is supported. In OBS: Settings, Output, Streaming, set \
         Video Encoder to one that says H.264 (for example x264)"
    )]
    UnsupportedVideo(Codec),
    /// The sound is coded in something else than AAC.
    #[error(
        "the encoder sends {0} audio, and only AAC is supported. In OBS: Settings, Output, Streaming, set \
         Audio Encoder to AAC"
    )]
    UnsupportedAudio(Codec),
    /// More than one picture at once.
    #[error("the encoder sends several tracks of one kind; turn multitrack output off")]
    Multitrack,
    /// A kind of AAC that browsers do not play.
    #[error("the encoder sends AAC of object type {0}; set the audio encoder to AAC-LC or HE-AAC")]
    UnsupportedAacType(u8),
    /// A channel layout or sample rate that is not one of the standard ones.
    #[error("the encoder sends AAC with an unusual channel layout or sample rate; set stereo and 48 kHz")]
    UnsupportedAacLayout,
    /// A picture too large or too small to be real.
    #[error(
        "the picture is {width_px}x{height_px}; each side must have {PICTURE_SIDE_MIN_PX} to \
         {PICTURE_SIDE_MAX_PX} pixels"
    )]
    UnreasonablePictureSize {
        /// Width in pixels, as the parameter set has it.
        width_px: u64,
        /// Height in pixels, as the parameter set has it.
        height_px: u64,
    },
    /// The H.264 configuration cannot be read.
    #[error("the H.264 configuration is damaged: {0}")]
    MalformedAvcConfig(&'static str),
    /// A picture is not made of NAL units after 4-byte lengths.
    #[error("an H.264 picture is damaged: its NAL units do not fill it exactly")]
    MalformedAvcFrame,
    /// The AAC configuration cannot be read.
    #[error("the AAC configuration is damaged")]
    MalformedAacConfig,
    /// A message ends before its header does.
    #[error("a media message is shorter than its own header")]
    Truncated,
}
