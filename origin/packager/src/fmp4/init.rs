//! The initialisation segment: `ftyp` and `moov`, with a track for each configured codec.

use bytes::Bytes;
use mp4_atom::esds::{DecoderConfig, DecoderSpecific, EsDescriptor, SLConfig};
use mp4_atom::{
    Atom, Audio, Avc1, Avcc, Codec, Dinf, Dref, DrefEntry, Encode, Esds, Ftyp, Hdlr, Mdhd, Mdia, Minf, Moov,
    Mp4a, Mvex, Mvhd, Smhd, Stbl, Stsd, Tkhd, Trak, Trex, Url, Visual, Vmhd,
};

use super::{AAC_FRAME_SAMPLES, AUDIO_TRACK_ID, VIDEO_TIMESCALE, VIDEO_TRACK_ID};
use crate::error::ConfigError;
use crate::tracks::{AudioTrack, VideoTrack};

/// MPEG-4 audio, in an `esds` (ISO/IEC 14496-1 table 5).
const OBJECT_TYPE_AAC: u8 = 0x40;
/// An audio stream, in an `esds` (ISO/IEC 14496-1 table 6).
const STREAM_TYPE_AUDIO: u8 = 5;

pub(crate) fn write_init(
    video: Option<&VideoTrack>,
    audio: Option<&AudioTrack>,
) -> Result<Bytes, ConfigError> {
    let mut traks = Vec::with_capacity(2);
    let mut trex = Vec::with_capacity(2);
    if let Some(video) = video {
        traks.push(video_trak(video)?);
        trex.push(track_defaults(VIDEO_TRACK_ID, 0));
    }
    if let Some(audio) = audio {
        traks.push(audio_trak(audio)?);
        trex.push(track_defaults(AUDIO_TRACK_ID, AAC_FRAME_SAMPLES));
    }
    let ftyp = Ftyp {
        major_brand: b"iso6".into(),
        minor_version: 0,
        // Not `cmfc`: a CMAF track file has one track, and this may have two.
        compatible_brands: vec![b"iso6".into(), b"mp41".into()],
    };
    let moov = Moov {
        mvhd: Mvhd {
            timescale: 1_000,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: 3,
            ..Mvhd::default()
        },
        mvex: Some(Mvex { mehd: None, trex }),
        trak: traks,
        ..Moov::default()
    };
    let mut bytes = Vec::with_capacity(1_024);
    ftyp.encode(&mut bytes).and_then(|()| moov.encode(&mut bytes)).map_err(|_| ConfigError::Unwritable)?;
    Ok(bytes.into())
}

fn track_defaults(track_id: u32, default_sample_duration: u32) -> Trex {
    Trex { track_id, default_sample_description_index: 1, default_sample_duration, ..Trex::default() }
}

fn video_trak(video: &VideoTrack) -> Result<Trak, ConfigError> {
    let (Ok(width), Ok(height)) = (u16::try_from(video.width_px), u16::try_from(video.height_px)) else {
        return Err(ConfigError::PictureTooLarge);
    };
    let avcc = Avcc::decode_body(&mut video.record.as_ref()).map_err(|_| ConfigError::VideoRecord)?;
    let codec = Codec::Avc1(Avc1 {
        visual: Visual { data_reference_index: 1, width, height, ..Visual::default() },
        avcc,
        ..Avc1::default()
    });
    Ok(Trak {
        tkhd: Tkhd {
            track_id: VIDEO_TRACK_ID,
            enabled: true,
            in_movie: true,
            width: width.into(),
            height: height.into(),
            ..Tkhd::default()
        },
        mdia: Mdia {
            mdhd: Mdhd { timescale: VIDEO_TIMESCALE, language: "und".into(), ..Mdhd::default() },
            hdlr: Hdlr { handler: b"vide".into(), name: "video".into() },
            minf: Minf {
                vmhd: Some(Vmhd::default()),
                dinf: local_media(),
                stbl: samples_of(codec),
                ..Minf::default()
            },
        },
        ..Trak::default()
    })
}

fn audio_trak(audio: &AudioTrack) -> Result<Trak, ConfigError> {
    let (profile, freq_index, chan_conf) = match audio.config.as_ref() {
        [first, second, ..] => (first >> 3, ((first & 7) << 1) | (second >> 7), (second >> 3) & 0x0f),
        _ => return Err(ConfigError::AudioConfig),
    };
    let codec = Codec::Mp4a(Mp4a {
        audio: Audio {
            data_reference_index: 1,
            channel_count: u16::from(audio.channels),
            sample_size: 16,
            // A rate that does not fit 16 bits is written as 0; decoders take it from the `esds`.
            sample_rate: u16::try_from(audio.sample_rate_hz).unwrap_or(0).into(),
        },
        esds: Esds {
            es_desc: EsDescriptor {
                es_id: 0,
                dec_config: DecoderConfig {
                    object_type_indication: OBJECT_TYPE_AAC,
                    stream_type: STREAM_TYPE_AUDIO,
                    dec_specific: Some(DecoderSpecific {
                        profile,
                        freq_index,
                        chan_conf,
                        raw: audio.config.to_vec(),
                    }),
                    ..DecoderConfig::default()
                },
                sl_config: SLConfig {},
                ..EsDescriptor::default()
            },
        },
        btrt: None,
        taic: None,
    });
    Ok(Trak {
        tkhd: Tkhd {
            track_id: AUDIO_TRACK_ID,
            enabled: true,
            in_movie: true,
            alternate_group: 1,
            volume: 1.into(),
            ..Tkhd::default()
        },
        mdia: Mdia {
            mdhd: Mdhd { timescale: audio.sample_rate_hz, language: "und".into(), ..Mdhd::default() },
            hdlr: Hdlr { handler: b"soun".into(), name: "audio".into() },
            minf: Minf {
                smhd: Some(Smhd::default()),
                dinf: local_media(),
                stbl: samples_of(codec),
                ..Minf::default()
            },
        },
        ..Trak::default()
    })
}

fn samples_of(codec: Codec) -> Stbl {
    Stbl { stsd: Stsd { codecs: vec![codec] }, stco: Some(mp4_atom::Stco::default()), ..Stbl::default() }
}

fn local_media() -> Dinf {
    Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url { location: String::new() })] } }
}
