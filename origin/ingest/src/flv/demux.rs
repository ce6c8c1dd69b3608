use bytes::{Buf, Bytes};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};

use super::avc::checked_nal_units;
use super::{Codec, MediaError, parse_aac_config, parse_avc_record};
use crate::limits::COMPOSITION_OFFSET_MAX_MS;
use crate::timestamp::TimestampExtender;

const AVC: u8 = 7;
const AAC: u8 = 10;
const EX_AUDIO: u8 = 9;

/// Turns one publisher's tag bodies into [`MediaEvent`]s.
///
/// Frames share the memory of the message they came in. A configuration that is sent again unchanged is told
/// once; frames before their track's configuration are dropped, because nothing could decode them.
#[derive(Debug, Default)]
pub struct Demuxer {
    timestamps: TimestampExtender,
    video: Option<CodecConfig>,
    audio: Option<CodecConfig>,
}

/// What a packet carries, in either form of header.
enum Packet {
    Config(Bytes),
    Frame { composition_offset_ms: i32, payload: Bytes },
    Nothing,
}

impl Demuxer {
    /// A demuxer at the start of a publisher's media.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a track of this kind has been configured.
    #[must_use]
    pub const fn has_track(&self, track: TrackKind) -> bool {
        match track {
            TrackKind::Video => self.video.is_some(),
            TrackKind::Audio => self.audio.is_some(),
        }
    }

    /// Takes the body of a video tag (annex E.4.3.1; Enhanced RTMP, "ExVideoTagHeader").
    pub fn video(&mut self, timestamp_ms: u32, mut body: Bytes) -> Result<Option<MediaEvent>, MediaError> {
        let dts_us = self.dts_us(timestamp_ms);
        if body.is_empty() {
            return Ok(None);
        }
        let head = body.get_u8();
        let enhanced = head & 0x80 != 0;
        let frame_type = head >> 4 & 0x07;
        // 5 is a command to a player, without a picture.
        if frame_type == 5 {
            return Ok(None);
        }
        let packet =
            if enhanced { ex_video_packet(head & 0x0F, body)? } else { video_packet(head & 0x0F, body)? };
        match packet {
            Packet::Config(record) => {
                let picture = parse_avc_record(&record)?.picture;
                let (width_px, height_px) = (picture.width_px, picture.height_px);
                Ok(remember(&mut self.video, CodecConfig::Avc { record, width_px, height_px }))
            }
            Packet::Frame { composition_offset_ms, payload } => {
                let payload = checked_nal_units(&payload)?;
                if self.video.is_none() || payload.is_empty() {
                    return Ok(None);
                }
                let offset_ms =
                    composition_offset_ms.clamp(-COMPOSITION_OFFSET_MAX_MS, COMPOSITION_OFFSET_MAX_MS);
                Ok(Some(MediaEvent::Frame(Frame {
                    track: TrackKind::Video,
                    dts_us,
                    composition_offset_us: offset_ms * 1000,
                    key: frame_type == 1,
                    payload,
                })))
            }
            Packet::Nothing => Ok(None),
        }
    }

    /// Takes the body of an audio tag (annex E.4.2.1; Enhanced RTMP, "ExAudioTagHeader").
    pub fn audio(&mut self, timestamp_ms: u32, mut body: Bytes) -> Result<Option<MediaEvent>, MediaError> {
        let dts_us = self.dts_us(timestamp_ms);
        if body.is_empty() {
            return Ok(None);
        }
        let head = body.get_u8();
        let packet = match head >> 4 {
            AAC => audio_packet(body)?,
            EX_AUDIO => ex_audio_packet(head & 0x0F, body)?,
            other => return Err(MediaError::UnsupportedAudio(Codec::FlvAudio(other))),
        };
        match packet {
            Packet::Config(config) => {
                let parsed = parse_aac_config(&config)?;
                let (sample_rate_hz, channels) = (parsed.sample_rate_hz, parsed.channels);
                Ok(remember(&mut self.audio, CodecConfig::Aac { config, sample_rate_hz, channels }))
            }
            Packet::Frame { payload, .. } => {
                if self.audio.is_none() || payload.is_empty() {
                    return Ok(None);
                }
                Ok(Some(MediaEvent::Frame(Frame {
                    track: TrackKind::Audio,
                    dts_us,
                    composition_offset_us: 0,
                    key: true,
                    payload,
                })))
            }
            Packet::Nothing => Ok(None),
        }
    }

    fn dts_us(&mut self, timestamp_ms: u32) -> i64 {
        self.timestamps.extend(timestamp_ms).saturating_mul(1000)
    }
}

fn remember(known: &mut Option<CodecConfig>, config: CodecConfig) -> Option<MediaEvent> {
    if known.as_ref() == Some(&config) {
        return None;
    }
    *known = Some(config.clone());
    Some(MediaEvent::Config(config))
}

fn video_packet(codec: u8, mut body: Bytes) -> Result<Packet, MediaError> {
    if codec != AVC {
        return Err(MediaError::UnsupportedVideo(Codec::FlvVideo(codec)));
    }
    let packet_type = body.try_get_u8().map_err(|_| MediaError::Truncated)?;
    let composition_offset_ms = take_i24(&mut body)?;
    Ok(match packet_type {
        0 => Packet::Config(body),
        1 => Packet::Frame { composition_offset_ms, payload: body },
        _ => Packet::Nothing,
    })
}

fn ex_video_packet(packet_type: u8, mut body: Bytes) -> Result<Packet, MediaError> {
    let packet_type = skip_modifiers(packet_type, &mut body)?;
    if packet_type == 6 {
        return Err(MediaError::Multitrack);
    }
    let four_cc = take_four_cc(&mut body)?;
    if &four_cc != b"avc1" {
        return Err(MediaError::UnsupportedVideo(Codec::FourCc(four_cc)));
    }
    Ok(match packet_type {
        0 => Packet::Config(body),
        1 => {
            let composition_offset_ms = take_i24(&mut body)?;
            Packet::Frame { composition_offset_ms, payload: body }
        }
        3 => Packet::Frame { composition_offset_ms: 0, payload: body },
        _ => Packet::Nothing,
    })
}

fn audio_packet(mut body: Bytes) -> Result<Packet, MediaError> {
    Ok(match body.try_get_u8().map_err(|_| MediaError::Truncated)? {
        // ffmpeg that copies AAC from a stream without a header sends an empty configuration first, and the real one
        // before the first frame.
        0 if body.is_empty() => Packet::Nothing,
        0 => Packet::Config(body),
        1 => Packet::Frame { composition_offset_ms: 0, payload: body },
        _ => Packet::Nothing,
    })
}

fn ex_audio_packet(packet_type: u8, mut body: Bytes) -> Result<Packet, MediaError> {
    let packet_type = skip_modifiers(packet_type, &mut body)?;
    if packet_type == 5 {
        return Err(MediaError::Multitrack);
    }
    let four_cc = take_four_cc(&mut body)?;
    if &four_cc != b"mp4a" {
        return Err(MediaError::UnsupportedAudio(Codec::FourCc(four_cc)));
    }
    Ok(match packet_type {
        0 => Packet::Config(body),
        1 => Packet::Frame { composition_offset_ms: 0, payload: body },
        _ => Packet::Nothing,
    })
}

/// Steps over "ModEx" prefixes (Enhanced RTMP v2), which refine a timestamp below the millisecond.
fn skip_modifiers(mut packet_type: u8, body: &mut Bytes) -> Result<u8, MediaError> {
    while packet_type == 7 {
        let mut size = usize::from(body.try_get_u8().map_err(|_| MediaError::Truncated)?) + 1;
        if size == 256 {
            size = usize::from(body.try_get_u16().map_err(|_| MediaError::Truncated)?) + 1;
        }
        if body.len() <= size {
            return Err(MediaError::Truncated);
        }
        body.advance(size);
        packet_type = body.get_u8() & 0x0F;
    }
    Ok(packet_type)
}

fn take_four_cc(body: &mut Bytes) -> Result<[u8; 4], MediaError> {
    let four_cc = *body.first_chunk().ok_or(MediaError::Truncated)?;
    body.advance(4);
    Ok(four_cc)
}

fn take_i24(body: &mut Bytes) -> Result<i32, MediaError> {
    let &[a, b, c] = body.first_chunk().ok_or(MediaError::Truncated)?;
    body.advance(3);
    // The top three bytes, then down again with the sign.
    Ok(i32::from_be_bytes([a, b, c, 0]) >> 8)
}
