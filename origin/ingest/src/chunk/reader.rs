use core::mem;

use bytes::BytesMut;

use super::carry::{Carry, HEADER_MAX_BYTES};
use super::header::{Form, Header, parse_header};
use super::stream::ChunkStream;
use super::{ChunkError, Message, MessageKind};
use crate::limits::{CHUNK_SIZE_DEFAULT_BYTES, CHUNK_SIZE_MAX_BYTES, CHUNK_STREAMS_MAX};

/// Puts messages together from the chunks a peer sends.
///
/// Each payload byte is copied once, from the caller's buffer into the message it belongs to. Memory is taken
/// for bytes that arrived (at most twice as much), whatever length a header declares. Set-chunk-size and abort
/// messages act on the reader itself and are not handed out.
///
/// ```
/// use showfloor_origin_ingest::chunk::{ChunkReader, MessageKind};
///
/// let mut reader = ChunkReader::new();
/// // Type 0 on chunk stream 3: timestamp 40 ms, 2 bytes, type 8 (audio), message stream 1.
/// let mut input: &[u8] = &[0x03, 0, 0, 40, 0, 0, 2, 8, 1, 0, 0, 0, 0xAF, 0x01];
/// let message = reader.read(&mut input)?.expect("the message is complete");
/// assert_eq!(message.kind, MessageKind::Audio);
/// assert_eq!(message.timestamp_ms, 40);
/// assert_eq!(&message.payload[..], [0xAF, 0x01]);
/// # Ok::<(), showfloor_origin_ingest::chunk::ChunkError>(())
/// ```
pub struct ChunkReader {
    chunk_size_bytes: usize,
    unfinished_bytes: usize,
    unfinished_max_bytes: usize,
    streams: Vec<ChunkStream>,
    carry: Carry,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Header,
    Payload { index: usize, left_bytes: usize },
}

impl Default for ChunkReader {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkReader {
    /// A reader at the start of a chunk stream.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            chunk_size_bytes: CHUNK_SIZE_DEFAULT_BYTES,
            unfinished_bytes: 0,
            unfinished_max_bytes: crate::limits::UNFINISHED_MESSAGES_MAX_BYTES,
            streams: Vec::new(),
            carry: Carry::new(),
            state: State::Header,
        }
    }

    /// Changes what unfinished messages may hold together.
    pub const fn set_unfinished_max_bytes(&mut self, max_bytes: usize) {
        self.unfinished_max_bytes = max_bytes;
    }

    /// Reads from the front of `input` up to the end of the next message, or all of it when none is complete.
    ///
    /// # Errors
    /// After an error the position in the stream is lost: close the connection.
    pub fn read(&mut self, input: &mut &[u8]) -> Result<Option<Message>, ChunkError> {
        loop {
            let message = match self.state {
                State::Header => match self.read_header(input)? {
                    Some(index) => self.begin_chunk(index),
                    None => return Ok(None),
                },
                State::Payload { index, left_bytes } => match self.read_payload(input, index, left_bytes)? {
                    Some(message) => Some(message),
                    None if input.is_empty() && self.carry.is_empty() => return Ok(None),
                    None => None,
                },
            };
            if let Some(message) = message
                && let Some(message) = self.apply_control(message)?
            {
                return Ok(Some(message));
            }
        }
    }

    /// Memory held, in bytes.
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        let payloads: usize = self.streams.iter().map(|stream| stream.payload.capacity()).sum();
        payloads + self.streams.capacity() * mem::size_of::<ChunkStream>()
    }

    /// Reads a chunk's header; gives the index of its chunk stream.
    fn read_header(&mut self, input: &mut &[u8]) -> Result<Option<usize>, ChunkError> {
        let mut joined = [0; HEADER_MAX_BYTES];
        let available = self.carry.peek(input, &mut joined);
        let repeated_bytes = |id: u32, next: &[u8]| match self.streams.iter().find(|stream| stream.id == id) {
            Some(stream) => Ok(stream.repeated_timestamp_bytes(next)),
            None => Err(ChunkError::NoHeaderToContinue { chunk_stream: id }),
        };
        let Some(header) = parse_header(available, repeated_bytes)? else {
            self.carry.keep(input);
            return Ok(None);
        };
        let index = self.accept(&header)?;
        self.carry.advance(input, header.size_bytes);
        Ok(Some(index))
    }

    /// Checks a header against what its chunk stream remembers, and begins or continues a message.
    fn accept(&mut self, header: &Header) -> Result<usize, ChunkError> {
        let chunk_stream = header.chunk_stream;
        let position = self.streams.iter().position(|stream| stream.id == chunk_stream);
        let index = match (position, &header.form) {
            (Some(index), _) => index,
            // librtmp may open a chunk stream with type 1: it means message stream 0, and a delta from zero.
            (None, Form::Full { .. } | Form::SameStream { .. }) => {
                if self.streams.len() == CHUNK_STREAMS_MAX {
                    return Err(ChunkError::TooManyChunkStreams);
                }
                self.streams.push(ChunkStream::new(chunk_stream));
                self.streams.len() - 1
            }
            (None, Form::SameLength { .. } | Form::Same) => {
                return Err(ChunkError::NoHeaderToContinue { chunk_stream });
            }
        };
        let stream = &mut self.streams[index];
        if stream.open {
            stream.check_continuation(&header.form)?;
        } else {
            stream.begin(&header.form)?;
        }
        Ok(index)
    }

    /// Moves on to a chunk's payload; a message without one is complete at once.
    fn begin_chunk(&mut self, index: usize) -> Option<Message> {
        let stream = &mut self.streams[index];
        let missing_bytes = stream.length_bytes - stream.payload.len();
        if missing_bytes == 0 {
            return Some(stream.finish());
        }
        self.state = State::Payload { index, left_bytes: missing_bytes.min(self.chunk_size_bytes) };
        None
    }

    fn read_payload(
        &mut self,
        input: &mut &[u8],
        index: usize,
        left_bytes: usize,
    ) -> Result<Option<Message>, ChunkError> {
        let part = self.carry.take(input, left_bytes);
        let part = part.as_slice();
        self.unfinished_bytes += part.len();
        if self.unfinished_bytes > self.unfinished_max_bytes {
            return Err(ChunkError::UnfinishedTooLarge { max_bytes: self.unfinished_max_bytes });
        }
        let stream = &mut self.streams[index];
        stream.append(part);
        if stream.payload.len() == stream.length_bytes {
            self.state = State::Header;
            self.unfinished_bytes -= stream.length_bytes;
            return Ok(Some(stream.finish()));
        }
        self.state = match left_bytes - part.len() {
            0 => State::Header,
            left_bytes => State::Payload { index, left_bytes },
        };
        Ok(None)
    }

    /// Acts on the two control messages that concern the chunk stream itself (RTMP 1.0 §5.4.1, §5.4.2).
    fn apply_control(&mut self, message: Message) -> Result<Option<Message>, ChunkError> {
        let value =
            || message.payload.first_chunk().map(|value| u32::from_be_bytes(*value)).ok_or(message.kind);
        match message.kind {
            MessageKind::SetChunkSize => {
                let size = value().map_err(ChunkError::ControlTooShort)?;
                if size == 0 || size > 0x7FFF_FFFF {
                    return Err(ChunkError::InvalidChunkSize(size));
                }
                self.chunk_size_bytes = (size as usize).min(CHUNK_SIZE_MAX_BYTES);
                Ok(None)
            }
            MessageKind::Abort => {
                let id = value().map_err(ChunkError::ControlTooShort)?;
                if let Some(stream) = self.streams.iter_mut().find(|stream| stream.id == id) {
                    self.unfinished_bytes -= stream.payload.len();
                    stream.payload = BytesMut::new();
                    stream.open = false;
                }
                Ok(None)
            }
            _ => Ok(Some(message)),
        }
    }
}
