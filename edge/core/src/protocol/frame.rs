//! Frames: their limits, reading, and encoding once.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::{ClientMessage, Ref, ServerMessage};

/// The longest frame from a client.
pub const FRAME_BYTES_MAX: usize = 4_096;

/// How deep JSON from a client may be nested.
pub const JSON_DEPTH_MAX: usize = 8;

/// The most messages in a frame from a client.
pub const MESSAGES_PER_FRAME_MAX: usize = 16;

/// A frame that no client of ours sends: close with 4400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// Longer than [`FRAME_BYTES_MAX`].
    #[error("the frame is longer than 4,096 bytes")]
    TooLong,
    /// Nested deeper than [`JSON_DEPTH_MAX`].
    #[error("the frame is nested deeper than 8")]
    TooDeep,
    /// More than [`MESSAGES_PER_FRAME_MAX`].
    #[error("the frame has more than 16 messages")]
    TooMany,
    /// Not a JSON array of objects.
    #[error("the frame is not a JSON array of objects")]
    NotAnArray,
}

/// One message of a frame could not be read: refuse it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a message that a client may send")]
pub struct NotUnderstood {
    /// The client's name for it, if it has one.
    pub r#ref: Option<Ref>,
}

/// Reads a frame from a client. Limits come before parsing, and memory follows what was received.
///
/// # Errors
/// [`BadFrame`], when there is nothing to answer to. A message that is not understood is an error in the list.
pub fn read_frame(frame: &[u8]) -> Result<Vec<Result<ClientMessage, NotUnderstood>>, BadFrame> {
    if frame.len() > FRAME_BYTES_MAX {
        return Err(BadFrame::TooLong);
    }
    if depth(frame) > JSON_DEPTH_MAX {
        return Err(BadFrame::TooDeep);
    }
    let messages: Vec<Value> = serde_json::from_slice(frame).map_err(|_| BadFrame::NotAnArray)?;
    if messages.len() > MESSAGES_PER_FRAME_MAX {
        return Err(BadFrame::TooMany);
    }
    messages.into_iter().map(read_message).collect()
}

fn read_message(message: Value) -> Result<Result<ClientMessage, NotUnderstood>, BadFrame> {
    let Value::Object(fields) = &message else { return Err(BadFrame::NotAnArray) };
    let named = fields.get("ref").and_then(Value::as_str).and_then(Ref::new);
    Ok(serde_json::from_value(message).map_err(|_| NotUnderstood { r#ref: named }))
}

/// How deep brackets are nested outside of strings.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A frame to send as text, encoded once and shared by everybody who gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// One message alone.
    #[must_use]
    pub fn of(message: &ServerMessage) -> Self {
        let mut frame = FrameBuilder::default();
        frame.push(&encode(message));
        frame.finish().expect("a message was put in")
    }

    /// The text, as shared bytes that are UTF-8.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("frames are made from JSON, which is UTF-8")
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: a frame has at least its brackets.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One message as JSON.
pub(crate) fn encode(message: &ServerMessage) -> Bytes {
    serde_json::to_vec(message).expect("messages are plain structs with string keys").into()
}

/// Puts encoded messages into one frame.
#[derive(Debug, Default)]
pub(crate) struct FrameBuilder(Vec<u8>);

impl FrameBuilder {
    pub(crate) fn push(&mut self, message: &[u8]) {
        self.0.push(if self.0.is_empty() { b'[' } else { b',' });
        self.0.extend_from_slice(message);
    }

    /// The frame; none if nothing was put in.
    pub(crate) fn finish(mut self) -> Option<Frame> {
        if self.0.is_empty() {
            return None;
        }
        self.0.push(b']');
        Some(Frame(self.0.into()))
    }
}
