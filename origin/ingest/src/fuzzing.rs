//! One function for each border where strangers' bytes are parsed. They panic when a promise is broken;
//! `fuzz/` calls them with libFuzzer, the test suite with mutated recordings.

use core::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use showfloor_origin_packager::frame::{Frame, MediaEvent};

use crate::amf0::{Decoder, Value, encode};
use crate::chunk::{ChunkError, ChunkReader, Message};
use crate::command::{Command, Metadata};
use crate::flv::{Demuxer, Tags, parse_aac_config, parse_avc_record, parse_sps};
use crate::limits::{BEFORE_KEY_MAX_BYTES, CHUNK_STREAMS_MAX, COMPOSITION_OFFSET_MAX_MS, OUTPUT_MAX_BYTES};
use crate::server::{Authorization, Output, ServerSession};

/// What a reader's table of chunk streams may take beyond payloads, in bytes.
const TABLE_MAX_BYTES: usize = 2 * 128 * CHUNK_STREAMS_MAX;

/// The same bytes give the same messages however they are cut, and memory follows what arrived.
pub fn chunk_reader(data: &[u8]) {
    let Some((&cut, data)) = data.split_first() else { return };
    let whole = read_messages(data, data.len().max(1));
    let pieces = read_messages(data, usize::from(cut % 37) + 1);
    assert!(whole == pieces, "messages depend on where reads end");
}

fn read_messages(data: &[u8], piece_bytes: usize) -> (Vec<Message>, Option<ChunkError>) {
    let mut reader = ChunkReader::new();
    let mut messages = Vec::new();
    let mut received_bytes = 0;
    for piece in data.chunks(piece_bytes) {
        let mut input = piece;
        loop {
            match reader.read(&mut input) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, Some(error)),
            }
        }
        received_bytes += piece.len();
        assert!(input.is_empty(), "the reader takes everything");
        // Doubling, and the smallest allocation for each chunk stream.
        let max_bytes = 2 * received_bytes + 16 * CHUNK_STREAMS_MAX + TABLE_MAX_BYTES;
        assert!(reader.buffered_bytes() <= max_bytes, "memory exceeds what arrived");
    }
    (messages, None)
}

/// What decodes can be encoded, and decodes to the same again.
pub fn amf0(data: &[u8]) {
    let _ = Command::parse(data);
    let _ = Metadata::parse(data);
    let mut decoder = Decoder::new(data);
    let mut values = Vec::new();
    while let Ok(Some(value)) = decoder.read() {
        values.push(value);
    }
    let mut encoded = BytesMut::new();
    for value in &values {
        encode(value, &mut encoded);
    }
    let mut again = Decoder::new(&encoded);
    for value in &values {
        let decoded = again.read().expect("what was decoded is within the budget");
        assert!(same(value, &decoded.expect("no value is missing")), "{value:?} changed");
    }
}

/// Equality in which a number that is none equals itself.
fn same(a: &Value<'_>, b: &Value<'_>) -> bool {
    format!("{a:?}") == format!("{b:?}")
}

/// Bodies of audio and video tags, one after another: a byte that picks the track, four of time, two of
/// length, the body. The first body is tried as each kind of configuration and as a file too.
pub fn media(data: &[u8]) {
    let _ = parse_sps(data);
    let _ = parse_avc_record(data);
    let _ = parse_aac_config(data);
    if let Ok(tags) = Tags::new(Bytes::copy_from_slice(data)) {
        assert!(tags.count() <= data.len(), "a file has fewer tags than bytes");
    }

    let mut demuxer = Demuxer::new();
    let mut rest = Bytes::copy_from_slice(data);
    while rest.len() >= 7 {
        let video = rest.get_u8() & 1 == 0;
        let timestamp_ms = rest.get_u32();
        let len = usize::from(rest.get_u16()).min(rest.len());
        let body = rest.split_to(len);
        let event = if video { demuxer.video(timestamp_ms, body) } else { demuxer.audio(timestamp_ms, body) };
        if let Ok(Some(MediaEvent::Frame(frame))) = event {
            check_frame(&frame);
        }
    }
}

fn check_frame(frame: &Frame) {
    assert!(!frame.payload.is_empty(), "frames have content");
    assert!(frame.composition_offset_us.abs() <= COMPOSITION_OFFSET_MAX_MS * 1000, "offsets are bounded");
}

/// A whole connection. The first byte says how far it has come before the rest arrives, and how reads are cut.
pub fn server_session(data: &[u8]) {
    let Some((&mode, data)) = data.split_first() else { return };
    let mut session = ServerSession::new(Duration::ZERO, 1);
    let mut host = Host { grant: mode & 0x80 == 0, proved: false, ended: false };
    for step in [HANDSHAKE, PUBLISH].into_iter().take(usize::from(mode % 3)) {
        session.input(Duration::ZERO, step);
        host.drain(&mut session);
    }
    let piece_bytes = [1, 7, 128, 1500, 16 * 1024][usize::from(mode / 3) % 5];
    for (index, piece) in data.chunks(piece_bytes).enumerate() {
        let now = Duration::from_millis(u64::try_from(index % 4096).expect("fits"));
        session.input(now, piece);
        host.drain(&mut session);
        if !host.proved {
            let held = session.buffered_bytes();
            assert!(held <= BEFORE_KEY_MAX_BYTES, "{held} bytes are held for a stranger");
        }
        assert_eq!(session.next_timeout().is_none(), host.ended, "a session is over or has a deadline");
    }
    session.peer_closed();
    host.drain(&mut session);
    assert!(host.ended, "every session ends");
}

struct Host {
    grant: bool,
    proved: bool,
    ended: bool,
}

impl Host {
    fn drain(&mut self, session: &mut ServerSession) {
        while let Some(output) = session.poll_output() {
            assert!(!self.ended, "nothing comes after the end");
            match output {
                Output::Send(bytes) => assert!(bytes.len() <= 2 * OUTPUT_MAX_BYTES, "answers are bounded"),
                Output::Authorize(request) => {
                    assert!(!request.stream_key.expose().is_empty(), "keys are not empty");
                    self.proved = self.grant;
                    session.authorize(
                        Duration::ZERO,
                        if self.grant {
                            Authorization::Granted
                        } else {
                            Authorization::Refused(crate::server::Refusal::unknown_key())
                        },
                    );
                }
                Output::Media(event) => {
                    assert!(self.proved, "media comes only after the key");
                    if let MediaEvent::Frame(frame) = event {
                        check_frame(&frame);
                    }
                }
                Output::Metadata(_) => assert!(self.proved, "metadata comes only after the key"),
                Output::Ended(_) => self.ended = true,
            }
        }
    }
}

/// C0, C1 and C2 of a client that sends zeros.
const HANDSHAKE: &[u8] = &{
    let mut bytes = [0; 1 + 2 * crate::handshake::PACKET_BYTES];
    bytes[0] = crate::handshake::VERSION;
    bytes
};

/// `connect`, `createStream` and `publish` in the fewest bytes, on message stream 1.
const PUBLISH: &[u8] = b"\x03\0\0\0\0\0\x20\x14\0\0\0\0\
    \x02\0\x07connect\0\x3F\xF0\0\0\0\0\0\0\x03\0\x03app\x02\0\x01a\0\0\x09\
    \x03\0\0\0\0\0\x19\x14\0\0\0\0\
    \x02\0\x0CcreateStream\0\x40\0\0\0\0\0\0\0\x05\
    \x03\0\0\0\0\0\x1E\x14\x01\0\0\0\
    \x02\0\x07publish\0\x40\x08\0\0\0\0\0\0\x05\x02\0\x07a key..";
