use core::mem;

use bytes::{Bytes, BytesMut};

use super::header::{Field, Form};
use super::{ChunkError, Message, MessageKind};

/// What a chunk stream remembers between chunks.
pub(super) struct ChunkStream {
    pub(super) id: u32,
    pub(super) kind: MessageKind,
    pub(super) stream_id: u32,
    pub(super) length_bytes: usize,
    pub(super) timestamp_ms: u32,
    /// The last timestamp field: an absolute time after a type 0 header, else a delta.
    pub(super) timestamp_field: u32,
    /// Whether that field was in the extended form.
    pub(super) extended: bool,
    /// Whether a message has begun and is not complete.
    pub(super) open: bool,
    pub(super) payload: BytesMut,
}

impl ChunkStream {
    pub(super) fn new(id: u32) -> Self {
        Self {
            id,
            kind: MessageKind::Other(0),
            stream_id: 0,
            length_bytes: 0,
            timestamp_ms: 0,
            timestamp_field: 0,
            extended: false,
            open: false,
            payload: BytesMut::new(),
        }
    }

    pub(super) fn begin(&mut self, form: &Form) -> Result<(), ChunkError> {
        let (field, absolute) = match *form {
            Form::Full { timestamp, length_bytes, kind, stream_id } => {
                self.stream_id = stream_id;
                self.kind = kind;
                self.length_bytes = length_bytes;
                (timestamp, true)
            }
            Form::SameStream { delta, length_bytes, kind } => {
                self.kind = kind;
                self.length_bytes = length_bytes;
                (delta, false)
            }
            Form::SameLength { delta } => (delta, false),
            // The delta of the message before, or its timestamp if that had a type 0 header (§5.3.1.2.4).
            Form::Same => (Field { value: self.timestamp_field, extended: self.extended }, false),
        };
        let max_bytes = self.kind.max_bytes();
        if self.length_bytes > max_bytes {
            return Err(ChunkError::MessageTooLarge {
                kind: self.kind,
                declared_bytes: self.length_bytes,
                max_bytes,
            });
        }
        self.timestamp_ms = if absolute { field.value } else { self.timestamp_ms.wrapping_add(field.value) };
        self.timestamp_field = field.value;
        self.extended = field.extended;
        self.open = true;
        Ok(())
    }

    /// Type 3 is what chunks after the first *should* be (§5.3.1.2.4); a longer header is accepted when it
    /// describes the same message.
    pub(super) fn check_continuation(&mut self, form: &Form) -> Result<(), ChunkError> {
        let (same, extended) = match *form {
            Form::Full { timestamp, length_bytes, kind, stream_id } => (
                length_bytes == self.length_bytes && kind == self.kind && stream_id == self.stream_id,
                timestamp.extended,
            ),
            Form::SameStream { delta, length_bytes, kind } => {
                (length_bytes == self.length_bytes && kind == self.kind, delta.extended)
            }
            Form::SameLength { delta } => (true, delta.extended),
            Form::Same => (true, self.extended),
        };
        if !same {
            return Err(ChunkError::MessageInterrupted { chunk_stream: self.id });
        }
        self.extended = extended;
        Ok(())
    }

    /// Grows by what arrived, and by doubling, but never past the message's end.
    pub(super) fn append(&mut self, part: &[u8]) {
        let len = self.payload.len();
        if self.payload.capacity() - len < part.len() {
            let additional = part.len().max(len).min(self.length_bytes - len);
            self.payload.reserve(additional);
        }
        self.payload.extend_from_slice(part);
    }

    pub(super) fn finish(&mut self) -> Message {
        self.open = false;
        let payload: Bytes = mem::take(&mut self.payload).freeze();
        Message { kind: self.kind, stream_id: self.stream_id, timestamp_ms: self.timestamp_ms, payload }
    }

    /// How many bytes of extended timestamp a type 3 chunk carries: 4 when its last header was extended, as
    /// RTMP 1.0 §5.3.1.3 has it. Some encoders leave it out, and some repeat the message's time where the
    /// delta belongs, so the bytes are compared with both; `None` while they agree and are not all there.
    pub(super) fn repeated_timestamp_bytes(&self, next: &[u8]) -> Option<usize> {
        if !self.extended {
            return Some(0);
        }
        let next = &next[..next.len().min(4)];
        let agrees = self.timestamp_field.to_be_bytes().starts_with(next)
            || (self.open && self.timestamp_ms.to_be_bytes().starts_with(next));
        match (agrees, next.len()) {
            (false, _) => Some(0),
            (true, 4) => Some(4),
            (true, _) => None,
        }
    }
}
