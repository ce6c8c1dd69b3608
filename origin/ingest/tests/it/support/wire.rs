use bytes::BytesMut;
use showfloor_origin_ingest::amf0::{Value, encode, object};
use showfloor_origin_ingest::chunk::{ChunkError, ChunkReader, Message};

use super::{COMMAND, DATA};

/// One chunk, field by field (RTMP 1.0 §5.3.1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk<'a> {
    pub(crate) format: u8,
    pub(crate) stream: u32,
    /// The timestamp or delta, for formats 0 to 2.
    pub(crate) timestamp: u32,
    /// The extended timestamp, where one is written.
    pub(crate) extended: Option<u32>,
    pub(crate) length: u32,
    pub(crate) kind: u8,
    pub(crate) stream_id: u32,
    pub(crate) payload: &'a [u8],
}

impl Chunk<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let format = self.format << 6;
        match self.stream {
            2..64 => out.push(format | u8::try_from(self.stream).unwrap()),
            64..320 => out.extend([format, u8::try_from(self.stream - 64).unwrap()]),
            _ => {
                out.push(format | 1);
                out.extend(u16::try_from(self.stream - 64).unwrap().to_le_bytes());
            }
        }
        if self.format < 3 {
            out.extend(&self.timestamp.to_be_bytes()[1..]);
        }
        if self.format < 2 {
            out.extend(&self.length.to_be_bytes()[1..]);
            out.push(self.kind);
        }
        if self.format < 1 {
            out.extend(self.stream_id.to_le_bytes());
        }
        if let Some(extended) = self.extended {
            out.extend(extended.to_be_bytes());
        }
        out.extend(self.payload);
        out
    }
}

/// A whole message at time zero: a type 0 chunk and as many type 3 chunks as it takes.
pub(crate) fn message(
    chunk_stream: u32,
    kind: u8,
    stream_id: u32,
    payload: &[u8],
    chunk_size: usize,
) -> Vec<u8> {
    timed_message(chunk_stream, 0, kind, stream_id, payload, chunk_size)
}

/// The same at another time.
pub(crate) fn timed_message(
    chunk_stream: u32,
    timestamp: u32,
    kind: u8,
    stream_id: u32,
    payload: &[u8],
    chunk_size: usize,
) -> Vec<u8> {
    let extended = (timestamp >= 0x00FF_FFFF).then_some(timestamp);
    let mut chunk = Chunk {
        stream: chunk_stream,
        timestamp: timestamp.min(0x00FF_FFFF),
        extended,
        length: u32::try_from(payload.len()).unwrap(),
        kind,
        stream_id,
        ..Chunk::default()
    };
    let mut out = Vec::new();
    if payload.is_empty() {
        return chunk.bytes();
    }
    for part in payload.chunks(chunk_size) {
        chunk.payload = part;
        out.extend(chunk.bytes());
        chunk.format = 3;
    }
    out
}

pub(crate) fn amf(values: &[Value<'_>]) -> Vec<u8> {
    let mut out = BytesMut::new();
    for value in values {
        encode(value, &mut out);
    }
    out.to_vec()
}

/// A command in chunks of the default size.
pub(crate) fn command(stream_id: u32, values: &[Value<'_>]) -> Vec<u8> {
    message(3, COMMAND, stream_id, &amf(values), 128)
}

pub(crate) fn metadata(values: &[Value<'_>]) -> Vec<u8> {
    message(4, DATA, 1, &amf(values), 128)
}

/// C0, C1 and C2 with nothing in them.
pub(crate) fn handshake() -> Vec<u8> {
    let mut bytes = vec![0; 1 + 2 * 1536];
    bytes[0] = 3;
    bytes
}

/// From the first byte to `publish`, in the fewest commands.
pub(crate) fn publish_dialogue(stream_key: &str) -> Vec<u8> {
    let mut bytes = handshake();
    bytes.extend(command(0, &["connect".into(), 1.0.into(), object([("app", "live".into())])]));
    bytes.extend(command(0, &["createStream".into(), 2.0.into(), Value::Null]));
    bytes.extend(command(1, &["publish".into(), 3.0.into(), Value::Null, stream_key.into(), "live".into()]));
    bytes
}

/// Every message in `bytes`, passed to a reader in pieces of at most `piece_bytes`.
pub(crate) fn read_all(bytes: &[u8], piece_bytes: usize) -> Result<Vec<Message>, ChunkError> {
    let mut reader = ChunkReader::new();
    let mut messages = Vec::new();
    for mut piece in bytes.chunks(piece_bytes) {
        while let Some(message) = reader.read(&mut piece)? {
            messages.push(message);
        }
    }
    Ok(messages)
}
