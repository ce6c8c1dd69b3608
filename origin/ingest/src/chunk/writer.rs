use bytes::{BufMut, BytesMut};

use super::{EXTENDED_TIMESTAMP, MessageKind};
use crate::limits::{CHUNK_SIZE_DEFAULT_BYTES, CHUNK_SIZE_MAX_BYTES};

/// Cuts messages into chunks, with the shortest header that says enough.
///
/// Messages are written whole, one after another: nothing here interleaves.
#[derive(Debug)]
pub struct ChunkWriter {
    chunk_size_bytes: usize,
    streams: Vec<LastHeader>,
}

#[derive(Debug)]
struct LastHeader {
    id: u32,
    kind: MessageKind,
    stream_id: u32,
    length_bytes: usize,
    timestamp_ms: u32,
    timestamp_field: u32,
}

impl Default for ChunkWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkWriter {
    /// A writer at the start of a chunk stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { chunk_size_bytes: CHUNK_SIZE_DEFAULT_BYTES, streams: Vec::new() }
    }

    /// Tells the peer a new chunk size and uses it from then on. It is kept between 1 byte and the largest
    /// that has a meaning.
    pub fn set_chunk_size(&mut self, size_bytes: usize, out: &mut BytesMut) {
        let size_bytes = size_bytes.clamp(1, CHUNK_SIZE_MAX_BYTES);
        let value = u32::try_from(size_bytes).expect("clamped to 24 bits");
        self.write(
            super::CONTROL_CHUNK_STREAM,
            MessageKind::SetChunkSize,
            0,
            0,
            &[&value.to_be_bytes()],
            out,
        );
        self.chunk_size_bytes = size_bytes;
    }

    /// Appends one message to `out`. Its payload is the concatenation of `parts`.
    ///
    /// # Panics
    /// If the payload is longer than a message can be (2²⁴ − 1 bytes), or the chunk stream is not 2..=65599.
    pub fn write(
        &mut self,
        chunk_stream: u32,
        kind: MessageKind,
        stream_id: u32,
        timestamp_ms: u32,
        parts: &[&[u8]],
        out: &mut BytesMut,
    ) {
        let length_bytes: usize = parts.iter().map(|part| part.len()).sum();
        assert!(length_bytes <= CHUNK_SIZE_MAX_BYTES, "a message has at most 2^24 - 1 bytes");
        out.reserve(length_bytes + 32 + 8 * (length_bytes / self.chunk_size_bytes));
        let field = self.put_header(chunk_stream, kind, stream_id, timestamp_ms, length_bytes, out);

        let mut room_bytes = self.chunk_size_bytes;
        for part in parts {
            let mut part = *part;
            while !part.is_empty() {
                if room_bytes == 0 {
                    put_basic_header(3, chunk_stream, out);
                    if field >= EXTENDED_TIMESTAMP {
                        out.put_u32(field);
                    }
                    room_bytes = self.chunk_size_bytes;
                }
                let (now, later) = part.split_at(part.len().min(room_bytes));
                out.put_slice(now);
                room_bytes -= now.len();
                part = later;
            }
        }
    }

    /// Writes the header of a message's first chunk; gives its timestamp field.
    fn put_header(
        &mut self,
        chunk_stream: u32,
        kind: MessageKind,
        stream_id: u32,
        timestamp_ms: u32,
        length_bytes: usize,
        out: &mut BytesMut,
    ) -> u32 {
        let last = self.streams.iter_mut().find(|stream| stream.id == chunk_stream);
        let delta_ms = last.as_ref().map_or(0, |last| timestamp_ms.wrapping_sub(last.timestamp_ms));
        // A delta has 32 bits and no sign: time that goes backwards needs a full header.
        let (format, field) = match &last {
            Some(last) if last.stream_id == stream_id && delta_ms <= u32::MAX / 2 => {
                let same_length = last.kind == kind && last.length_bytes == length_bytes;
                match (same_length, last.timestamp_field == delta_ms) {
                    (true, true) => (3, delta_ms),
                    (true, false) => (2, delta_ms),
                    (false, _) => (1, delta_ms),
                }
            }
            Some(_) | None => (0, timestamp_ms),
        };

        put_basic_header(format, chunk_stream, out);
        if format < 3 {
            put_u24(field.min(EXTENDED_TIMESTAMP), out);
        }
        if format < 2 {
            put_u24(u32::try_from(length_bytes).expect("checked by the caller"), out);
            out.put_u8(kind.into());
        }
        if format < 1 {
            out.put_u32_le(stream_id);
        }
        if field >= EXTENDED_TIMESTAMP {
            out.put_u32(field);
        }

        let header = LastHeader {
            id: chunk_stream,
            kind,
            stream_id,
            length_bytes,
            timestamp_ms,
            timestamp_field: field,
        };
        match last {
            Some(last) => *last = header,
            None => self.streams.push(header),
        }
        field
    }
}

fn put_basic_header(format: u8, chunk_stream: u32, out: &mut BytesMut) {
    let format = format << 6;
    match chunk_stream {
        2..=63 => out.put_u8(format | low_byte(chunk_stream)),
        64..=319 => out.put_slice(&[format, low_byte(chunk_stream - 64)]),
        320..=65_599 => {
            let id = chunk_stream - 64;
            out.put_slice(&[format | 1, low_byte(id), low_byte(id >> 8)]);
        }
        _ => panic!("chunk stream {chunk_stream} cannot be written"),
    }
}

fn put_u24(value: u32, out: &mut BytesMut) {
    out.put_slice(&value.to_be_bytes()[1..]);
}

fn low_byte(value: u32) -> u8 {
    value.to_le_bytes()[0]
}
