//! What goes into a room, and what comes out.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use showfloor_domain::event::CloudEvent;
use showfloor_domain::{MessageId, UserId, UtcMs, ViewerId};

use crate::overlay::RoomSeed;
use crate::protocol::{CloseCode, Frame};
use crate::token::{Participant, Role};

/// One socket, as the host numbers it. A number is never used again in the life of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// Someone whose access ends or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A viewer.
    Viewer(ViewerId),
    /// A person of the dashboard.
    User(UserId),
}

/// What a host keeps with a socket while the room itself is out of memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Who it is.
    pub who: Participant,
    /// The name they speak under.
    pub name: String,
    /// Whether `hello` was said.
    pub greeted: bool,
}

/// What happens to a room.
#[derive(Clone, Debug)]
pub enum Input {
    /// A socket was opened with a checked token.
    Joined {
        /// The socket.
        conn: ConnId,
        /// Who it is.
        who: Participant,
    },
    /// A socket outlived the room's memory (hibernation).
    Woken {
        /// The socket.
        conn: ConnId,
        /// What [`Room::attachment`](super::Room::attachment) gave for it.
        attachment: Attachment,
    },
    /// A socket is gone.
    Left {
        /// The socket.
        conn: ConnId,
    },
    /// A socket's text frame.
    Frame {
        /// The socket.
        conn: ConnId,
        /// The frame. The host need not have looked at it.
        frame: Bytes,
    },
    /// This much of what was sent to a socket has been written.
    Drained {
        /// The socket.
        conn: ConnId,
        /// How many bytes of frames.
        bytes: usize,
    },
    /// Something happened in another plane.
    Event(Box<CloudEvent>),
    /// A newer seed, asked for by [`Output::SeedStale`].
    Seed(Box<RoomSeed>),
    /// Somebody's access is over: their sockets are closed, and their tokens are not good here any more.
    Revoked(Subject),
    /// A person of the dashboard has another role now.
    RoleChanged {
        /// Who.
        user: UserId,
        /// What they may do now.
        role: Role,
    },
    /// The host goes down: everybody is told to come back.
    Shutdown,
    /// Time has passed.
    Tick,
}

/// A change of what must outlive the room's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where. Keys sort: `log/` keys by offset.
    pub key: String,
    /// What, as JSON; none deletes the key.
    pub value: Option<Bytes>,
}

/// What a moderator did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModerationAction {
    /// Removed a message.
    Remove,
    /// Brought one back.
    Restore,
    /// Muted a viewer.
    Mute,
    /// Let them speak again.
    Unmute,
    /// Shut a viewer out.
    Ban,
    /// Let them in again.
    Unban,
    /// Changed slow mode.
    Slow,
    /// Pinned a message, or took it down.
    PinMessage,
    /// The room itself muted a viewer for flooding.
    AutoMute,
}

/// One line of the moderation log: who did what to whom, and why. Never the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderation {
    /// When.
    pub at: UtcMs,
    /// What.
    pub action: ModerationAction,
    /// The person of the dashboard who did it; none if the room itself did.
    pub by: Option<UserId>,
    /// In which role.
    pub role: Option<Role>,
    /// The viewer it was about.
    pub viewer_id: Option<ViewerId>,
    /// The message it was about.
    pub message_id: Option<MessageId>,
    /// For how long, in seconds.
    pub seconds: Option<u32>,
    /// Why.
    pub reason: Option<String>,
}

/// What the host does next, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send a frame to one socket.
    Send {
        /// The socket.
        conn: ConnId,
        /// The frame.
        frame: Frame,
    },
    /// Send one frame to several sockets. It was encoded once; share its bytes.
    Broadcast {
        /// The sockets.
        to: Vec<ConnId>,
        /// The frame.
        frame: Frame,
    },
    /// Close a socket, after what was sent to it. The room has forgotten it already.
    Close {
        /// The socket.
        conn: ConnId,
        /// The code and, with [`CloseCode::reason`], the reason.
        code: CloseCode,
    },
    /// Store this. It comes before the frames that tell of it.
    Persist(Record),
    /// How many watch, for the figures.
    Presence {
        /// When.
        at: UtcMs,
        /// Distinct viewers.
        viewers: u32,
    },
    /// Log this.
    Moderated(Moderation),
    /// Fetch a new seed and bring it as [`Input::Seed`]; asked again while it does not come.
    SeedStale,
    /// Nothing more to do: bring [`Input::Tick`] at this time, if nothing else comes before.
    Timeout(Option<UtcMs>),
}
