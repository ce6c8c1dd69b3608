//! The two tracks as they are configured.

use bytes::Bytes;

use crate::frame::CodecConfig;

/// A configured picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoTrack {
    /// `AVCDecoderConfigurationRecord`.
    pub record: Bytes,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
}

/// Configured sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioTrack {
    /// `AudioSpecificConfig`.
    pub config: Bytes,
    /// Samples a second; also the track's timescale.
    pub sample_rate_hz: u32,
    /// Channels.
    pub channels: u8,
}

/// What is configured at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracks {
    /// The picture, if any.
    pub video: Option<VideoTrack>,
    /// The sound, if any.
    pub audio: Option<AudioTrack>,
}

impl Tracks {
    pub(crate) fn declare(&mut self, config: CodecConfig) {
        match config {
            CodecConfig::Avc { record, width_px, height_px } => {
                self.video = Some(VideoTrack { record, width_px, height_px });
            }
            CodecConfig::Aac { config, sample_rate_hz, channels } => {
                self.audio = Some(AudioTrack { config, sample_rate_hz: sample_rate_hz.max(1), channels });
            }
        }
    }

    /// `CODECS` of a rendition with these tracks (RFC 6381).
    #[must_use]
    pub fn codecs(&self) -> String {
        let video = self.video.as_ref().and_then(|track| crate::fmp4::video_codec(&track.record));
        let audio = self.audio.as_ref().and_then(|track| crate::fmp4::audio_codec(&track.config));
        [video, audio].into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}
