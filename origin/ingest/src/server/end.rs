use core::fmt;
use std::borrow::Cow;

use crate::amf0::AmfError;
use crate::chunk::ChunkError;
use crate::flv::MediaError;
use crate::handshake::HandshakeError;
use crate::limits::{
    AUTHORIZE_TIMEOUT, BEFORE_KEY_MAX_BYTES, DESCRIPTION_MAX_BYTES, HANDSHAKE_TIMEOUT,
    MESSAGES_BEFORE_KEY_MAX, OUTPUT_MAX_BYTES, PUBLISH_TIMEOUT, SILENCE_TIMEOUT,
};

/// Why a connection is over. It prints as a log line, and never contains names or keys from the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndReason {
    /// The publisher stopped in good order.
    #[error("the publisher stopped")]
    Finished,
    /// The connection went away without a farewell.
    #[error("the connection was lost")]
    ConnectionLost,
    /// The host refused the publisher.
    #[error("the publisher was refused: {0}")]
    Refused(Refusal),
    /// The host closed the connection.
    #[error("the connection was closed here: {0}")]
    Closed(String),
    /// Something took too long.
    #[error("{0}")]
    TimedOut(Wait),
    /// The peer does not speak RTMP.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// The chunk stream is damaged or exceeds a limit.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    /// A command or metadata is damaged or exceeds a limit.
    #[error(transparent)]
    Amf(#[from] AmfError),
    /// The media cannot be packaged.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The application's name cannot be one.
    #[error("the application name in the address is too long")]
    AppNameTooLong,
    /// The stream key cannot be one.
    #[error("the stream key is empty or too long")]
    UnusableStreamKey,
    /// Media came before the publisher had asked to publish.
    #[error("the peer sent media before it asked to publish")]
    MediaBeforePublish,
    /// Too many messages came before the stream key.
    #[error("the peer sent more than {MESSAGES_BEFORE_KEY_MAX} messages without a stream key")]
    TooManyMessagesBeforeKey,
    /// Too much came before the stream key was proved.
    #[error("the peer sent more than {BEFORE_KEY_MAX_BYTES} bytes before its stream key was proved")]
    TooMuchBeforeKey,
    /// The peer makes us answer faster than it reads.
    #[error("the peer does not read: more than {OUTPUT_MAX_BYTES} bytes wait for it")]
    PeerDoesNotRead,
}

impl EndReason {
    /// A short stable word for counting.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::ConnectionLost => "connection-lost",
            Self::Refused(_) => "refused",
            Self::Closed(_) => "closed",
            Self::TimedOut(Wait::Handshake) => "handshake-timeout",
            Self::TimedOut(Wait::Publish) => "publish-timeout",
            Self::TimedOut(Wait::Authorization) => "authorization-timeout",
            Self::TimedOut(Wait::Media) => "silent",
            Self::Handshake(_) => "not-rtmp",
            Self::Chunk(_) | Self::Amf(_) | Self::MediaBeforePublish => "protocol-error",
            Self::Media(_) => "unsupported-media",
            Self::AppNameTooLong | Self::UnusableStreamKey => "unusable-name",
            Self::TooManyMessagesBeforeKey | Self::TooMuchBeforeKey | Self::PeerDoesNotRead => "flood",
        }
    }
}

/// What a connection waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The end of the handshake.
    Handshake,
    /// The `publish` command.
    Publish,
    /// The host's answer about the stream key.
    Authorization,
    /// Sound or picture.
    Media,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handshake => write!(f, "the handshake took longer than {} s", HANDSHAKE_TIMEOUT.as_secs()),
            Self::Publish => write!(f, "no stream key was presented within {} s", PUBLISH_TIMEOUT.as_secs()),
            Self::Authorization => {
                write!(f, "the stream key could not be checked within {} s", AUTHORIZE_TIMEOUT.as_secs())
            }
            Self::Media => {
                write!(f, "no sound or picture came for {} s", SILENCE_TIMEOUT.as_secs())
            }
        }
    }
}

/// Why a host does not let a publisher in; the publisher's encoder shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    description: Cow<'static, str>,
}

impl Refusal {
    /// A refusal in the host's own words, cut to [`DESCRIPTION_MAX_BYTES`].
    #[must_use]
    pub fn new(mut description: String) -> Self {
        description.truncate(description.floor_char_boundary(DESCRIPTION_MAX_BYTES));
        Self { description: Cow::Owned(description) }
    }

    /// There is no such key, or it has been revoked, or its show is over.
    #[must_use]
    pub const fn unknown_key() -> Self {
        Self::constant(
            "This stream key is not valid. Copy it again from the show's page in the dashboard; a key ends \
             with its show.",
        )
    }

    /// Somebody publishes with this key already.
    #[must_use]
    pub const fn already_publishing() -> Self {
        Self::constant(
            "Somebody is already publishing with this stream key. Stop the other encoder first, then start \
             again.",
        )
    }

    /// The key could not be checked just now.
    #[must_use]
    pub const fn try_again() -> Self {
        Self::constant("The server is busy and could not check the stream key. Try again in a few seconds.")
    }

    /// The text itself.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    const fn constant(description: &'static str) -> Self {
        Self { description: Cow::Borrowed(description) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description)
    }
}
