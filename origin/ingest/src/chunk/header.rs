use super::{ChunkError, EXTENDED_TIMESTAMP, MessageKind};

/// A parsed header and the number of bytes it took.
pub(super) struct Header {
    pub(super) size_bytes: usize,
    pub(super) chunk_stream: u32,
    pub(super) form: Form,
}

/// The four types of message header (RTMP 1.0 §5.3.1.2).
pub(super) enum Form {
    Full { timestamp: Field, length_bytes: usize, kind: MessageKind, stream_id: u32 },
    SameStream { delta: Field, length_bytes: usize, kind: MessageKind },
    SameLength { delta: Field },
    Same,
}

#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) value: u32,
    pub(super) extended: bool,
}

/// Parses a header at the front of `bytes`; `None` when it is not all there. `repeated_bytes` tells how many
/// bytes of extended timestamp follow a type 3 header on a chunk stream, if that can be told yet.
pub(super) fn parse_header(
    bytes: &[u8],
    repeated_bytes: impl FnOnce(u32, &[u8]) -> Result<Option<usize>, ChunkError>,
) -> Result<Option<Header>, ChunkError> {
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
        _ => match repeated_bytes(chunk_stream, extension)? {
            Some(more_bytes) => {
                size_bytes += more_bytes;
                Some(Form::Same)
            }
            None => None,
        },
    };
    Ok(form.map(|form| Header { size_bytes, chunk_stream, form }))
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
