//! Every bound an ingest session keeps, in one place.
//!
//! A bound is the largest value that is still accepted; one more is refused. Lengths that a peer declares are
//! only ever compared with these: memory is taken for bytes that arrived.

use core::time::Duration;

/// Largest video message (one coded picture) in bytes; aggregates share it.
pub const VIDEO_MESSAGE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Largest audio message in bytes.
pub const AUDIO_MESSAGE_MAX_BYTES: usize = 64 * 1024;
/// Largest command or metadata message in bytes; also for message types that are ignored.
pub const COMMAND_MESSAGE_MAX_BYTES: usize = 64 * 1024;
/// Largest protocol control message (types 1 to 6) in bytes. The longest that is defined has 10.
pub const CONTROL_MESSAGE_MAX_BYTES: usize = 64;

/// What one connection may have buffered in all before its stream key is proved, in bytes.
pub const BEFORE_KEY_MAX_BYTES: usize = 64 * 1024;
/// Input that may wait for the host's answer about the stream key, in bytes.
pub const HELD_MAX_BYTES: usize = 32 * 1024;
/// What one publisher's unfinished messages may hold together, in bytes: one picture and room for the rest.
pub const UNFINISHED_MESSAGES_MAX_BYTES: usize = VIDEO_MESSAGE_MAX_BYTES + 1024 * 1024;
/// What may wait to be sent to a peer that does not read, in bytes.
pub const OUTPUT_MAX_BYTES: usize = 32 * 1024;
/// Messages a peer may send before its stream key is proved.
pub const MESSAGES_BEFORE_KEY_MAX: u32 = 64;
/// Message streams one connection may create.
pub const MESSAGE_STREAMS_MAX: u32 = 8;

/// Chunk streams one connection may open.
pub const CHUNK_STREAMS_MAX: usize = 64;
/// Chunk size in bytes until a peer sets another (RTMP 1.0 §5.4.1).
pub const CHUNK_SIZE_DEFAULT_BYTES: usize = 128;
/// Largest chunk size with a meaning, in bytes: no message is longer (RTMP 1.0 §5.4.1). Larger ones up to
/// 2³¹ − 1 are lawful and mean the same.
pub const CHUNK_SIZE_MAX_BYTES: usize = 0x00FF_FFFF;

/// How deep AMF containers may be nested.
pub const AMF_DEPTH_MAX: usize = 16;
/// Values in one AMF message, containers included.
pub const AMF_NODES_MAX: usize = 1024;
/// Text in one AMF message after decoding, in bytes.
pub const AMF_TEXT_MAX_BYTES: usize = 32 * 1024;

/// Longest application name or stream key, in bytes.
pub const NAME_MAX_BYTES: usize = 256;
/// Longest description in a status that is sent to a peer, in bytes.
pub const DESCRIPTION_MAX_BYTES: usize = 512;

/// Largest side of a picture, in pixels.
pub const PICTURE_SIDE_MAX_PX: u32 = 8192;
/// Smallest side of a picture, in pixels: one macroblock.
pub const PICTURE_SIDE_MIN_PX: u32 = 16;
/// Largest `AVCDecoderConfigurationRecord`, in bytes.
pub const AVC_RECORD_MAX_BYTES: usize = 4096;
/// Largest `AudioSpecificConfig`, in bytes.
pub const AAC_CONFIG_MAX_BYTES: usize = 64;
/// Largest distance between decoding and presentation that is believed, in milliseconds.
pub const COMPOSITION_OFFSET_MAX_MS: i32 = 60_000;

/// Time to finish the handshake.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// Time from the first byte to the `publish` command.
pub const PUBLISH_TIMEOUT: Duration = Duration::from_secs(10);
/// Time the host has to answer whether a key may publish.
pub const AUTHORIZE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time a publisher may go without a complete sound or picture.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(10);
