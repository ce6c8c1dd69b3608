//! An RTMP peer in its plainest form, written apart from the code under test.

mod h264;
mod publisher;
mod wire;

pub(crate) use h264::{Sps, avc_record, nal};
pub(crate) use publisher::Publisher;
pub(crate) use wire::{
    Chunk, amf, command, handshake, message, metadata, publish_dialogue, read_all, timed_message,
};

/// What Debian's ffmpeg sent in one whole publication.
pub(crate) const FFMPEG_RECORDING: &[u8] = include_bytes!("../../fixtures/ffmpeg-5.1.9.rtmp");

/// What librtmp 2.4, which OBS grew from, sent in one whole publication.
pub(crate) const LIBRTMP_RECORDING: &[u8] = include_bytes!("../../fixtures/librtmp-2.4.rtmp");

/// Message types.
pub(crate) const AUDIO: u8 = 8;
pub(crate) const VIDEO: u8 = 9;
pub(crate) const DATA: u8 = 18;
pub(crate) const COMMAND: u8 = 20;

/// Bodies of the two AAC messages: 44.1 kHz stereo, and a frame of silence.
pub(crate) const AAC_CONFIG: &[u8] = &[0xAF, 0, 0x12, 0x10];
pub(crate) const AAC_FRAME: &[u8] = &[0xAF, 1, 0x21, 0x10, 0x04, 0x60, 0x8C, 0x1C];
