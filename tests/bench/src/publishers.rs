//! How many publishers one core can read and package.
//!
//! The work that grows with publishers: RTMP bytes through a session, frames into parts and segments, the playlist of
//! each part. Sockets and uploads are left out: they belong to the kernel and to the store.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::{Bytes, BytesMut};
use showfloor_domain::UtcMs;
use showfloor_origin_ingest::{
    Authorization, ClientConfig, ClientOutput, ClientSession, Output, ServerSession, StreamKey,
};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};
use showfloor_origin_packager::{Packager, Settings};

use crate::machine::thread_cpu_ns;
use crate::report::{Row, grouped};

/// Media of one publisher, in seconds.
const MEDIA_S: u64 = 20;
/// Publishers, one after another; enough for seconds of work.
const PUBLISHERS: u64 = 400;
/// Pictures a second.
const FPS: u64 = 30;
/// Pictures between key frames.
const GOP: u64 = 60;
/// Bytes of an ordinary picture and of a key frame; with the sound, 600 kb/s.
const PICTURE_BYTES: usize = 1_950;
const KEY_BYTES: usize = 12_000;
/// Bytes of one AAC frame of 1,024 samples at 48 kHz, 96 kb/s.
const SOUND_BYTES: usize = 256;
/// What fills the server's side of the handshake.
const SEED: u64 = 2;
/// What is read from a socket at once.
const READ_BYTES: usize = 16 * 1024;

/// Measures.
///
/// # Errors
/// When the recorded stream is not accepted, which would make the figure worthless.
pub fn measure() -> Result<Vec<Row>> {
    let (wire, wire_bytes) = record()?;
    let started = thread_cpu_ns()?;
    let mut parts = 0;
    for _ in 0..PUBLISHERS {
        parts += package(&wire);
    }
    let cpu_s = Duration::from_nanos(thread_cpu_ns()? - started).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "counts of a few thousand are exact")]
    let (publishers, kbps) =
        ((PUBLISHERS * MEDIA_S) as f64 / cpu_s, wire_bytes as f64 * 8.0 / 1e3 / MEDIA_S as f64);
    anyhow::ensure!(parts > PUBLISHERS * MEDIA_S * 2, "the packager made only {parts} parts");
    Ok(vec![Row {
        what: format!("publishers packaged per core ({kbps:.0} kb/s each)"),
        measured: grouped(publishers),
        beside: String::new(),
        aim: "≥ 1 000".into(),
        note: "RTMP session and packager on one thread, in processor time; without sockets and uploads"
            .into(),
    }])
}

/// What an encoder sends for [`MEDIA_S`] seconds, after its handshake with a real session.
fn record() -> Result<(Vec<Bytes>, usize)> {
    let now = Duration::ZERO;
    let config = ClientConfig {
        app: "live".into(),
        tc_url: "rtmp://127.0.0.1/live".into(),
        stream_key: StreamKey::new("bench".into()).context("a short key")?,
    };
    let (mut client, mut server) = (ClientSession::new(now, 1, config), ServerSession::new(now, SEED));
    let mut wire = BytesMut::new();
    let mut publishing = false;
    while !publishing {
        while let Some(output) = client.poll_output() {
            match output {
                ClientOutput::Send(bytes) => {
                    wire.extend_from_slice(&bytes);
                    server.input(now, &bytes);
                }
                ClientOutput::Publishing => publishing = true,
                ClientOutput::Ended(end) => return Err(end.into()),
            }
        }
        while let Some(output) = server.poll_output() {
            match output {
                Output::Send(bytes) => client.input(&bytes),
                Output::Authorize(_) => server.authorize(now, Authorization::Granted),
                Output::Media(_) | Output::Metadata(_) | Output::Ended(_) => {}
            }
        }
    }
    let media_from = wire.len();
    for event in media() {
        client.publish_event(&event, 0)?;
        while let Some(ClientOutput::Send(bytes)) = client.poll_output() {
            wire.extend_from_slice(&bytes);
        }
    }
    let media_bytes = wire.len() - media_from;
    let mut wire = wire.freeze();
    let mut reads = Vec::new();
    while !wire.is_empty() {
        reads.push(wire.split_to(wire.len().min(READ_BYTES)));
    }
    Ok((reads, media_bytes))
}

/// One publisher from connection to the last frame; gives the number of parts made.
fn package(wire: &[Bytes]) -> u64 {
    // The seed of the session that the stream was recorded with: the handshake echoes it.
    let mut session = ServerSession::new(Duration::ZERO, SEED);
    let mut packager = Packager::new(Settings::default());
    let mut parts = 0;
    for (index, bytes) in wire.iter().enumerate() {
        let elapsed_ms = u64::try_from(index).unwrap_or(u64::MAX) * MEDIA_S * 1_000 / wire.len() as u64;
        let now = Duration::from_millis(elapsed_ms);
        let utc = UtcMs::new(1_795_000_000_000).plus_ms(i64::try_from(elapsed_ms).unwrap_or(i64::MAX));
        session.input(now, bytes);
        while let Some(output) = session.poll_output() {
            match output {
                Output::Authorize(_) => session.authorize(now, Authorization::Granted),
                Output::Media(event) => packager.push(utc, event),
                Output::Send(_) | Output::Metadata(_) | Output::Ended(_) => {}
            }
        }
        while let Some(output) = packager.poll_output() {
            parts += u64::from(matches!(output, showfloor_origin_packager::Output::Part(_)));
        }
    }
    parts
}

fn media() -> Vec<MediaEvent> {
    let mut events = vec![
        MediaEvent::Config(CodecConfig::Avc {
            record: Bytes::from_static(&[
                1, 66, 192, 30, 255, 225, 0, 24, 103, 66, 192, 30, 217, 0, 160, 47, 249, 112, 22, 224, 64,
                64, 80, 0, 0, 3, 0, 16, 0, 0, 3, 3, 1, 0, 4, 104, 203, 131, 203,
            ]),
            width_px: 640,
            height_px: 360,
        }),
        MediaEvent::Config(CodecConfig::Aac {
            config: Bytes::from_static(&[0x11, 0x90]),
            sample_rate_hz: 48_000,
            channels: 2,
        }),
    ];
    let mut frames: Vec<Frame> = (0..MEDIA_S * FPS).map(picture).collect();
    frames.extend((0..MEDIA_S * 48_000 / 1_024).map(sound));
    frames.sort_by_key(|frame| frame.dts_us);
    events.extend(frames.into_iter().map(MediaEvent::Frame));
    events
}

fn picture(number: u64) -> Frame {
    let key = number.is_multiple_of(GOP);
    let size_bytes = if key { KEY_BYTES } else { PICTURE_BYTES };
    let mut payload = vec![0x55; size_bytes];
    payload[..4].copy_from_slice(&u32::try_from(size_bytes - 4).unwrap_or(0).to_be_bytes());
    payload[4] = if key { 0x65 } else { 0x41 };
    frame(TrackKind::Video, number * 1_000_000 / FPS, key, payload)
}

fn sound(number: u64) -> Frame {
    frame(TrackKind::Audio, number * 1_024 * 1_000_000 / 48_000, true, vec![0x21; SOUND_BYTES])
}

fn frame(track: TrackKind, dts_us: u64, key: bool, payload: Vec<u8>) -> Frame {
    let dts_us = i64::try_from(dts_us).unwrap_or(i64::MAX);
    Frame { track, dts_us, composition_offset_us: 0, key, payload: payload.into() }
}
