//! The chunk stream of RTMP 1.0 §5.3 and §5.4: messages cut into interleaved chunks, and back.

mod carry;
mod header;
mod message;
mod reader;
mod stream;
mod writer;

pub use message::{Message, MessageKind};
pub use reader::ChunkReader;
pub use writer::ChunkWriter;

use crate::limits::CHUNK_STREAMS_MAX;

/// The low-level chunk stream that protocol control messages travel on (RTMP 1.0 §5.4).
pub const CONTROL_CHUNK_STREAM: u32 = 2;

/// The value of a 24-bit timestamp field that says a 32-bit one follows (RTMP 1.0 §5.3.1.3).
const EXTENDED_TIMESTAMP: u32 = 0x00FF_FFFF;

/// Bytes that are no chunk stream, or one beyond our limits. The connection cannot be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// A message is longer than its kind may be.
    #[error("a {kind} message of {declared_bytes} bytes exceeds the limit of {max_bytes}")]
    MessageTooLarge {
        /// What kind of message it would have been.
        kind: MessageKind,
        /// The length its header declares.
        declared_bytes: usize,
        /// The most that is accepted.
        max_bytes: usize,
    },
    /// Unfinished messages hold more than they may together.
    #[error("unfinished messages exceed {max_bytes} bytes in all")]
    UnfinishedTooLarge {
        /// The most that is accepted.
        max_bytes: usize,
    },
    /// More chunk streams than anyone needs.
    #[error("more than {CHUNK_STREAMS_MAX} chunk streams are open")]
    TooManyChunkStreams,
    /// A chunk refers to a header that its chunk stream never had.
    #[error("a chunk continues chunk stream {chunk_stream}, which has not begun")]
    NoHeaderToContinue {
        /// The chunk stream.
        chunk_stream: u32,
    },
    /// A header begins a new message before the one before it is complete.
    #[error("a new message begins on chunk stream {chunk_stream} before the one before it is complete")]
    MessageInterrupted {
        /// The chunk stream.
        chunk_stream: u32,
    },
    /// A chunk size of zero, or with the top bit set.
    #[error("a chunk size of {0} is not allowed")]
    InvalidChunkSize(u32),
    /// A protocol control message is too short for its kind.
    #[error("a {0} message is too short")]
    ControlTooShort(MessageKind),
}
