use core::fmt;

use bytes::Bytes;

use crate::limits::{
    AUDIO_MESSAGE_MAX_BYTES, COMMAND_MESSAGE_MAX_BYTES, CONTROL_MESSAGE_MAX_BYTES, VIDEO_MESSAGE_MAX_BYTES,
};

/// What a message is for (RTMP 1.0 §5.4 and §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// 1: the largest chunk the sender will use from now on.
    SetChunkSize,
    /// 2: drop an unfinished message.
    Abort,
    /// 3: bytes received so far.
    Acknowledgement,
    /// 4: stream events and pings.
    UserControl,
    /// 5: how often to acknowledge.
    WindowAcknowledgementSize,
    /// 6: how much may be in flight unacknowledged.
    SetPeerBandwidth,
    /// 8: sound.
    Audio,
    /// 9: picture.
    Video,
    /// 15: metadata in AMF3.
    DataAmf3,
    /// 17: a command in AMF3.
    CommandAmf3,
    /// 18: metadata in AMF0.
    DataAmf0,
    /// 20: a command in AMF0.
    CommandAmf0,
    /// 22: several messages in one.
    Aggregate,
    /// Anything else; ignored.
    Other(u8),
}

impl MessageKind {
    /// The largest message of this kind that is accepted, in bytes.
    #[must_use]
    pub const fn max_bytes(self) -> usize {
        match self {
            Self::Video | Self::Aggregate => VIDEO_MESSAGE_MAX_BYTES,
            Self::Audio => AUDIO_MESSAGE_MAX_BYTES,
            Self::DataAmf3 | Self::CommandAmf3 | Self::DataAmf0 | Self::CommandAmf0 | Self::Other(_) => {
                COMMAND_MESSAGE_MAX_BYTES
            }
            Self::SetChunkSize
            | Self::Abort
            | Self::Acknowledgement
            | Self::UserControl
            | Self::WindowAcknowledgementSize
            | Self::SetPeerBandwidth => CONTROL_MESSAGE_MAX_BYTES,
        }
    }
}

impl From<u8> for MessageKind {
    fn from(type_id: u8) -> Self {
        match type_id {
            1 => Self::SetChunkSize,
            2 => Self::Abort,
            3 => Self::Acknowledgement,
            4 => Self::UserControl,
            5 => Self::WindowAcknowledgementSize,
            6 => Self::SetPeerBandwidth,
            8 => Self::Audio,
            9 => Self::Video,
            15 => Self::DataAmf3,
            17 => Self::CommandAmf3,
            18 => Self::DataAmf0,
            20 => Self::CommandAmf0,
            22 => Self::Aggregate,
            other => Self::Other(other),
        }
    }
}

impl From<MessageKind> for u8 {
    fn from(kind: MessageKind) -> Self {
        match kind {
            MessageKind::SetChunkSize => 1,
            MessageKind::Abort => 2,
            MessageKind::Acknowledgement => 3,
            MessageKind::UserControl => 4,
            MessageKind::WindowAcknowledgementSize => 5,
            MessageKind::SetPeerBandwidth => 6,
            MessageKind::Audio => 8,
            MessageKind::Video => 9,
            MessageKind::DataAmf3 => 15,
            MessageKind::CommandAmf3 => 17,
            MessageKind::DataAmf0 => 18,
            MessageKind::CommandAmf0 => 20,
            MessageKind::Aggregate => 22,
            MessageKind::Other(other) => other,
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SetChunkSize => "set-chunk-size",
            Self::Abort => "abort",
            Self::Acknowledgement => "acknowledgement",
            Self::UserControl => "user-control",
            Self::WindowAcknowledgementSize => "window-acknowledgement-size",
            Self::SetPeerBandwidth => "set-peer-bandwidth",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::DataAmf3 | Self::DataAmf0 => "metadata",
            Self::CommandAmf3 | Self::CommandAmf0 => "command",
            Self::Aggregate => "aggregate",
            Self::Other(type_id) => return write!(f, "type-{type_id}"),
        })
    }
}

/// One complete message.
///
/// There is no `Debug`: a command message may carry a stream key.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is for.
    pub kind: MessageKind,
    /// The message stream it belongs to; 0 is the connection itself.
    pub stream_id: u32,
    /// When it happens on the sender's clock: milliseconds modulo 2³².
    pub timestamp_ms: u32,
    /// The body.
    pub payload: Bytes,
}
