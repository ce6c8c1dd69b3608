//! What the server says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use showfloor_domain::event::{FlashSaleEnd, ShowState, VariantPrice};
use showfloor_domain::{MessageId, ProductId, UtcMs, VariantId, ViewerId};

use super::{CloseCode, Epoch, Offset, ReactionKind, Ref};
use crate::token::Role;

/// What stands beside a name. It comes from the role, never from the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// Nothing.
    Viewer,
    /// Presents the show.
    Host,
    /// Speaks for the shop.
    Shop,
    /// Keeps the chat.
    Moderator,
}

impl From<Role> for Badge {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Host => Self::Host,
            Role::Moderator => Self::Moderator,
            Role::Owner | Role::Manager | Role::Analyst => Self::Shop,
        }
    }
}

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Sender {
    /// The viewer.
    pub id: ViewerId,
    /// The name they spoke under.
    pub name: String,
    /// Their badge.
    pub role: Badge,
}

/// The message that is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Quote {
    /// Which.
    pub id: MessageId,
    /// Who said it.
    pub name: String,
    /// How it began; empty once it is removed.
    pub text: String,
}

/// A chat message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChatMessage {
    /// Which.
    pub id: MessageId,
    /// When it was said.
    pub at: UtcMs,
    /// Who said it.
    pub from: Sender,
    /// What was said: text, never markup.
    pub text: String,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub reply_to: Option<Quote>,
}

/// Who the client is in this room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct You {
    /// The viewer.
    pub viewer_id: ViewerId,
    /// What they may do.
    pub role: Role,
    /// The name they speak under.
    pub name: String,
}

/// The product on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Pinned {
    /// Which.
    pub product_id: ProductId,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// A lower version is stale.
    pub version: u64,
}

/// The line over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Banner {
    /// The line.
    pub text: String,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// A lower version is stale.
    pub version: u64,
}

/// A flash sale that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Flash {
    /// The product.
    pub product_id: ProductId,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// When its prices end, at the latest.
    pub ends_at: UtcMs,
    /// How many pieces are sold at these prices, at most.
    pub cap: u32,
    /// The prices, in every currency.
    pub prices: Vec<VariantPrice>,
    /// A lower version is stale.
    pub version: u64,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Slow mode: it is not this viewer's turn yet.
    SlowMode,
    /// Too much at once.
    RateLimited,
    /// Muted for a while.
    Muted,
    /// A word that this shop does not want.
    Blocked,
    /// A link, where links are not wanted.
    Link,
    /// The same again.
    Duplicate,
    /// Too long.
    TooLong,
    /// Nothing to read in it.
    Empty,
    /// A name that would be taken for the host's, the shop's or the staff's.
    NameTaken,
    /// This role may not do that.
    NotAllowed,
    /// There is no such message, viewer, or nothing to undo.
    NotFound,
    /// The chat is closed: the show is over.
    Closed,
    /// Not a message of showfloor.v1, or a value out of its bounds.
    NotUnderstood,
}

/// Everything that a client without a past needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Snapshot {
    /// What is told from here on has a higher offset.
    pub offset: Offset,
    /// Where the show stands.
    pub state: ShowState,
    /// The product on screen.
    pub pinned: Option<Pinned>,
    /// The line over the picture.
    pub banner: Option<Banner>,
    /// Flash sales that run.
    pub flash: Vec<Flash>,
    /// The message above the chat.
    pub pinned_message: Option<ChatMessage>,
    /// Slow mode, in seconds; 0 is off.
    pub slow_s: u16,
    /// The newest messages, oldest first.
    pub chat: Vec<ChatMessage>,
    /// How many watch.
    pub presence: u32,
}

/// What the server says.
///
/// `pin`, `unpin`, `banner`, `flash`, `flash_end` and `state` apply when the frame on screen reaches `at`;
/// everything else applies on arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The answer to `hello`. If not `recovered`, `snapshot` follows; else what was missed.
    Welcome {
        /// The epoch of all offsets on this socket.
        epoch: Epoch,
        /// The newest offset.
        offset: Offset,
        /// Whether exactly what was missed follows.
        recovered: bool,
        /// Who the client is.
        you: You,
        /// The server's clock.
        now: UtcMs,
        /// A client that hears nothing for twice this long reconnects; it sends `ping` this often.
        ping_s: u16,
        /// The client sends `ack` after this many sequenced messages, and with every `ping`; 0: never.
        ack_every: u16,
    },
    /// Everything, for a client without a past.
    Snapshot(Snapshot),
    /// Somebody spoke.
    Chat {
        /// The position.
        offset: Offset,
        /// What was said.
        message: ChatMessage,
    },
    /// A paid order.
    Sold {
        /// The position.
        offset: Offset,
        /// When it was paid.
        at: UtcMs,
        /// The buyer, if they have a name here.
        name: Option<String>,
        /// What was bought.
        product_id: ProductId,
        /// Its title then.
        title: String,
        /// How many.
        quantity: u32,
    },
    /// A message is gone; quotes of it are empty from now on.
    Removed {
        /// The position.
        offset: Offset,
        /// Which.
        message_id: MessageId,
    },
    /// A removed message is back, in its old place.
    Restored {
        /// The position.
        offset: Offset,
        /// What was said.
        message: ChatMessage,
    },
    /// A product came on screen.
    Pin {
        /// The position.
        offset: Offset,
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// Which.
        product_id: ProductId,
        /// A lower version is stale.
        version: u64,
    },
    /// The product went off screen.
    Unpin {
        /// The position.
        offset: Offset,
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// A lower version is stale.
        version: u64,
    },
    /// The line over the picture changed.
    Banner {
        /// The position.
        offset: Offset,
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// The line; none takes it away.
        text: Option<String>,
        /// A lower version is stale.
        version: u64,
    },
    /// A flash sale began.
    Flash {
        /// The position.
        offset: Offset,
        /// The sale.
        #[serde(flatten)]
        flash: Flash,
    },
    /// A flash sale is over.
    FlashEnd {
        /// The position.
        offset: Offset,
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// The product.
        product_id: ProductId,
        /// Why.
        reason: FlashSaleEnd,
        /// A lower version is stale.
        version: u64,
    },
    /// A product's words, pictures or prices changed: get the overlay again.
    Price {
        /// The position.
        offset: Offset,
        /// Which.
        product_id: ProductId,
        /// A lower version is stale.
        version: u64,
    },
    /// A variant's stock, to show. Only a reservation decides.
    Stock {
        /// The position.
        offset: Offset,
        /// The product.
        product_id: ProductId,
        /// The variant.
        variant_id: VariantId,
        /// Pieces that can be reserved now.
        available: u32,
        /// Pieces in checkouts that may still lapse.
        reserved: u32,
        /// A lower version is stale.
        version: u64,
    },
    /// The show moved on.
    State {
        /// The position.
        offset: Offset,
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// Where it stands now.
        state: ShowState,
        /// A lower version is stale.
        version: u64,
    },
    /// Slow mode changed.
    Slow {
        /// The position.
        offset: Offset,
        /// How long a viewer waits between messages; 0 is off.
        seconds: u16,
    },
    /// The message above the chat changed.
    PinnedMessage {
        /// The position.
        offset: Offset,
        /// The message; none takes it down.
        message: Option<ChatMessage>,
    },
    /// Reactions since the last time.
    Reactions {
        /// How many of each.
        counts: BTreeMap<ReactionKind, u32>,
    },
    /// How many watch.
    Presence {
        /// Distinct viewers.
        viewers: u32,
    },
    /// A message of this client was said.
    Sent {
        /// The client's name for it.
        r#ref: Ref,
        /// Its id from now on.
        message_id: MessageId,
        /// Where it stands.
        offset: Offset,
    },
    /// A request of this client was not done.
    Refused {
        /// The client's name for it; none if it had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        r#ref: Option<Ref>,
        /// Why.
        reason: Refusal,
        /// What to do next, for people.
        next: String,
        /// When to try again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        retry_ms: Option<u32>,
    },
    /// This client's own circumstances changed.
    You {
        /// Until when it is muted; in the past: no longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        muted_until: Option<UtcMs>,
        /// The name it speaks under.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        name: Option<String>,
    },
    /// A moderation request was done.
    Done {
        /// The client's name for it.
        r#ref: Ref,
    },
    /// This client was too slow: chat with these offsets was not sent to it.
    Skipped {
        /// The first.
        from: Offset,
        /// The last.
        to: Offset,
    },
    /// The answer to `ping`.
    Pong {
        /// The server's clock.
        now: UtcMs,
    },
    /// The socket is about to be closed.
    Bye {
        /// The close code.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        code: CloseCode,
        /// Why, for people.
        reason: String,
        /// When to come back; none: not by itself.
        resume_after_ms: Option<u32>,
    },
}
