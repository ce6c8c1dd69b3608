use core::mem;

use bytes::{Bytes, BytesMut};

use super::{ChunkError, EXTENDED_TIMESTAMP, Message, MessageKind};
use crate::limits::{CHUNK_SIZE_DEFAULT_BYTES, CHUNK_SIZE_MAX_BYTES, CHUNK_STREAMS_MAX};

/// Longest chunk header: three bytes of basic header, eleven of message header, four of extended timestamp.
const HEADER_MAX_BYTES: usize = 18;

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

/// What a chunk stream remembers between chunks.
struct ChunkStream {
    id: u32,
    kind: MessageKind,
    stream_id: u32,
    length_bytes: usize,
    timestamp_ms: u32,
    /// The last timestamp field: an absolute time after a type 0 header, else a delta.
    timestamp_field: u32,
    /// Whether that field was in the extended form.
    extended: bool,
    /// Whether a message has begun and is not complete.
    open: bool,
    payload: BytesMut,
}

/// A parsed header and the number of bytes it took.
struct Header {
    size_bytes: usize,
    chunk_stream: u32,
    form: Form,
}

/// The four types of message header (RTMP 1.0 §5.3.1.2).
enum Form {
    Full { timestamp: Field, length_bytes: usize, kind: MessageKind, stream_id: u32 },
    SameStream { delta: Field, length_bytes: usize, kind: MessageKind },
    SameLength { delta: Field },
    Same,
}

#[derive(Clone, Copy)]
struct Field {
    value: u32,
    extended: bool,
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
            carry: Carry { bytes: [0; HEADER_MAX_BYTES], len: 0 },
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
                    None if input.is_empty() && self.carry.len == 0 => return Ok(None),
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
        let Some(header) = self.parse_header(available)? else {
            self.carry.keep(input);
            return Ok(None);
        };
        let index = self.accept(&header)?;
        self.carry.advance(input, header.size_bytes);
        Ok(Some(index))
    }

    fn parse_header(&self, bytes: &[u8]) -> Result<Option<Header>, ChunkError> {
        let Some((format, chunk_stream, basic_bytes)) = parse_basic_header(bytes) else { return Ok(None) };
        let fields = &bytes[basic_bytes..];
        let needed = [11, 7, 3, 0][usize::from(format)];
        if fields.len() < needed {
            return Ok(None);
        }
        let extension = &fields[needed..];
        let mut size_bytes = basic_bytes + needed;
        let mut timestamp = || -> Option<Field> {
            let value = u24(fields);
            if value < EXTENDED_TIMESTAMP {
                return Some(Field { value, extended: false });
            }
            size_bytes += 4;
            Some(Field { value: u32::from_be_bytes(*extension.first_chunk()?), extended: true })
        };
        let form = match format {
            0 => timestamp().map(|timestamp| Form::Full {
                timestamp,
                length_bytes: u24(&fields[3..]) as usize,
                kind: MessageKind::from(fields[6]),
                stream_id: u32::from_le_bytes([fields[7], fields[8], fields[9], fields[10]]),
            }),
            1 => timestamp().map(|delta| Form::SameStream {
                delta,
                length_bytes: u24(&fields[3..]) as usize,
                kind: MessageKind::from(fields[6]),
            }),
            2 => timestamp().map(|delta| Form::SameLength { delta }),
            _ => match self.repeated_timestamp_bytes(chunk_stream, extension)? {
                Some(repeated_bytes) => {
                    size_bytes += repeated_bytes;
                    Some(Form::Same)
                }
                None => None,
            },
        };
        Ok(form.map(|form| Header { size_bytes, chunk_stream, form }))
    }

    /// How many bytes of extended timestamp a type 3 chunk carries: 4 when its last header was extended, as
    /// RTMP 1.0 §5.3.1.3 has it. Some encoders leave it out, and some repeat the message's time where the
    /// delta belongs, so the bytes are compared with both; `None` while they agree and are not all there.
    fn repeated_timestamp_bytes(&self, id: u32, next: &[u8]) -> Result<Option<usize>, ChunkError> {
        let stream = self
            .streams
            .iter()
            .find(|stream| stream.id == id)
            .ok_or(ChunkError::NoHeaderToContinue { chunk_stream: id })?;
        if !stream.extended {
            return Ok(Some(0));
        }
        let next = &next[..next.len().min(4)];
        let agrees = stream.timestamp_field.to_be_bytes().starts_with(next)
            || (stream.open && stream.timestamp_ms.to_be_bytes().starts_with(next));
        Ok(match (agrees, next.len()) {
            (false, _) => Some(0),
            (true, 4) => Some(4),
            (true, _) => None,
        })
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

impl ChunkStream {
    fn new(id: u32) -> Self {
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

    fn begin(&mut self, form: &Form) -> Result<(), ChunkError> {
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
    fn check_continuation(&mut self, form: &Form) -> Result<(), ChunkError> {
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
    fn append(&mut self, part: &[u8]) {
        let len = self.payload.len();
        if self.payload.capacity() - len < part.len() {
            let additional = part.len().max(len).min(self.length_bytes - len);
            self.payload.reserve(additional);
        }
        self.payload.extend_from_slice(part);
    }

    fn finish(&mut self) -> Message {
        self.open = false;
        let payload: Bytes = mem::take(&mut self.payload).freeze();
        Message { kind: self.kind, stream_id: self.stream_id, timestamp_ms: self.timestamp_ms, payload }
    }
}

/// The beginning of a header whose end has not arrived.
struct Carry {
    bytes: [u8; HEADER_MAX_BYTES],
    len: usize,
}

/// Bytes from the carry, or from the caller's input.
enum Part<'a> {
    Carried { bytes: [u8; HEADER_MAX_BYTES], len: usize },
    Input(&'a [u8]),
}

impl Part<'_> {
    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Carried { bytes, len } => &bytes[..*len],
            Self::Input(bytes) => bytes,
        }
    }
}

impl Carry {
    /// What comes next: at least a header's length if that much is there.
    fn peek<'a>(&self, input: &'a [u8], joined: &'a mut [u8; HEADER_MAX_BYTES]) -> &'a [u8] {
        if self.len == 0 {
            return input;
        }
        let fresh = input.len().min(HEADER_MAX_BYTES - self.len);
        joined[..self.len].copy_from_slice(&self.bytes[..self.len]);
        joined[self.len..self.len + fresh].copy_from_slice(&input[..fresh]);
        &joined[..self.len + fresh]
    }

    /// Keeps all of `input`, which is known to be shorter than a header.
    fn keep(&mut self, input: &mut &[u8]) {
        let taken = input.len().min(HEADER_MAX_BYTES - self.len);
        self.bytes[self.len..self.len + taken].copy_from_slice(&input[..taken]);
        self.len += taken;
        *input = &input[taken..];
    }

    fn advance(&mut self, input: &mut &[u8], count: usize) {
        let carried = count.min(self.len);
        self.bytes.copy_within(carried..self.len, 0);
        self.len -= carried;
        *input = &input[count - carried..];
    }

    fn take<'a>(&mut self, input: &mut &'a [u8], max: usize) -> Part<'a> {
        if self.len > 0 {
            let len = self.len.min(max);
            let bytes = self.bytes;
            self.advance(input, len);
            return Part::Carried { bytes, len };
        }
        let (part, rest) = input.split_at(input.len().min(max));
        *input = rest;
        Part::Input(part)
    }
}

/// Format, chunk stream and length of a basic header (RTMP 1.0 §5.3.1.1), if it is all there.
fn parse_basic_header(bytes: &[u8]) -> Option<(u8, u32, usize)> {
    let first = *bytes.first()?;
    let (id, size_bytes) = match first & 0x3F {
        0 => (64 + u32::from(*bytes.get(1)?), 2),
        1 => (64 + u32::from(*bytes.get(1)?) + 256 * u32::from(*bytes.get(2)?), 3),
        id => (u32::from(id), 1),
    };
    Some((first >> 6, id, size_bytes))
}

fn u24(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]])
}
