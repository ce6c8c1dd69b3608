//! The room's wire, `showfloor.v1`: JSON over a WebSocket, one array of messages per text frame, both ways; every
//! message is an object with its type in `t`.
//!
//! The types here are the only definition; `typescript()` (feature `ts`) writes them down for the web. What a client may send,
//! [`ClientMessage`], and what the server says, [`ServerMessage`], are separate closed types: a client that sends
//! `sold` or `price` says nothing that can be read (abuse case R5).
//!
//! Sequenced messages carry `offset`, which counts up by one within an `epoch`. A client that comes back with
//! both gets exactly what it missed, or a snapshot.
//!
//! ```
//! use showfloor_edge_core::protocol::{ClientMessage, Ref, read_frame};
//!
//! let messages = read_frame(br#"[{"t":"say","ref":"1","text":"Does it come in blue?"}]"#)?;
//! let expected = ClientMessage::Say {
//!     r#ref: Ref::new("1").expect("short"),
//!     text: "Does it come in blue?".into(),
//!     reply_to: None,
//! };
//! assert_eq!(messages, [Ok(expected)]);
//! # Ok::<(), showfloor_edge_core::protocol::BadFrame>(())
//! ```

mod client;
mod close;
mod frame;
mod server;
#[cfg(feature = "ts")]
mod typescript;

pub use client::{ClientMessage, ReactionKind, Ref, Resume};
pub use close::CloseCode;
pub use frame::{
    BadFrame, FRAME_BYTES_MAX, Frame, JSON_DEPTH_MAX, MESSAGES_PER_FRAME_MAX, NotUnderstood, read_frame,
};
pub(crate) use frame::{FrameBuilder, encode};
pub use server::{
    Badge, Banner, ChatMessage, Flash, Pinned, Quote, Refusal, Sender, ServerMessage, Snapshot, You,
};
#[cfg(feature = "ts")]
pub use typescript::typescript;

/// The longest chat message, in characters.
pub const TEXT_CHARS_MAX: usize = 500;

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 32;

/// Names one life of a room. Offsets of different epochs do not compare.
pub type Epoch = u64;

/// The position of a sequenced message in its epoch; the first is 1.
pub type Offset = u64;
