//! What a client may say.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use showfloor_domain::{MessageId, ViewerId};

use super::{Epoch, Offset};

/// A client's own name for a request, 1 to 32 bytes; answers to it repeat it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Ref(String);

impl Ref {
    /// The longest.
    pub const BYTES_MAX: usize = 32;

    /// A name for a request; none if it is empty or too long.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (1..=Self::BYTES_MAX).contains(&text.len()).then_some(Self(text))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).ok_or_else(|| serde::de::Error::custom("a ref has 1 to 32 bytes"))
    }
}

/// Where a client was when it lost its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The epoch it was told.
    pub epoch: Epoch,
    /// The last offset it saw.
    pub offset: Offset,
}

/// What viewers send up over the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ReactionKind {
    /// A heart.
    Heart,
}

/// What a client may say: this, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// First of all, and once.
    Hello {
        /// Where it was; without it, a snapshot follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        resume: Option<Resume>,
        /// The name to speak under.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        name: Option<String>,
        /// The language that is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        locale: Option<String>,
        /// The currency that prices are read in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        currency: Option<String>,
    },
    /// Speaks in the chat.
    Say {
        /// Answered by `sent` or `refused`.
        r#ref: Ref,
        /// What is said; 500 characters at most.
        text: String,
        /// The message that is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        reply_to: Option<MessageId>,
    },
    /// Sends up reactions.
    React {
        /// Which.
        kind: ReactionKind,
        /// How many: 1 to 10.
        n: u8,
    },
    /// Changes the name to speak under.
    Name {
        /// The name; 32 characters at most.
        name: String,
    },
    /// Asks for `pong`.
    Ping {},
    /// Has seen everything up to here.
    Ack {
        /// The last offset seen.
        offset: Offset,
    },
    /// Staff: takes a message away from everybody.
    Remove {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Which.
        message_id: MessageId,
        /// Why, for the log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        reason: Option<String>,
    },
    /// Staff: brings a removed message back.
    Restore {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Which.
        message_id: MessageId,
    },
    /// Staff: lets a viewer read but not speak for a while.
    Mute {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Whom.
        viewer_id: ViewerId,
        /// For how long: 1 to 86,400.
        seconds: u32,
    },
    /// Staff: lets a muted viewer speak again.
    Unmute {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Whom.
        viewer_id: ViewerId,
    },
    /// Staff: shuts a viewer out.
    Ban {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Whom.
        viewer_id: ViewerId,
        /// Why, for the log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        reason: Option<String>,
    },
    /// Staff: lets a viewer in again.
    Unban {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Whom.
        viewer_id: ViewerId,
    },
    /// Staff: how long a viewer waits between messages.
    Slow {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// 0 turns slow mode off; 300 at most.
        seconds: u16,
    },
    /// Staff: keeps a message above the chat.
    PinMessage {
        /// Answered by `done` or `refused`.
        r#ref: Ref,
        /// Which; none takes the pinned one down.
        message_id: Option<MessageId>,
    },
}
