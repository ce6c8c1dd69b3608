//! The room of one show: chat, control, reactions and presence, as a state machine without I/O.
//!
//! # The run loop
//! A host owns sockets and clocks; the room owns every decision.
//!
//! 1. Check a socket's token ([`Verifier::verify_participant`](crate::token::Verifier::verify_participant)) before
//!    a room is looked for, and a staff member's `Origin` ([`origin_is_listed`]) once the seed is known.
//! 2. Call [`Room::handle`] with what happened and the time.
//! 3. Call [`Room::poll_output`] and do what it says, in order, until it says [`Output::Timeout`].
//! 4. Wait for the next input, or until that time at the latest: then it is [`Input::Tick`].
//!
//! A host never looks into a frame, and never decides who gets one.
//!
//! # What it promises
//! - A client sees offsets that go up one by one, or is told of the gap: by `skipped`, or by `snapshot`.
//! - Control is never left out. A slow client loses reactions, then chat, then its connection; what waits for it
//!   is bounded by [`Limits::queue_bytes_max`], if the host brings [`Input::Drained`].
//! - A message is encoded once, however many get it; so is a snapshot for all who join in one batch.
//! - A removed message's text is nowhere any more: not in the ring, in a snapshot, in a quote, or in what is stored.
//!   Only the room's memory keeps it, for as long as it can be restored.
//! - Every collection has a limit, in [`Limits`].
//!
//! ```
//! use bytes::Bytes;
//! use showfloor_domain::{UtcMs, ViewerId};
//! use showfloor_edge_core::overlay::RoomSeed;
//! use showfloor_edge_core::room::{ConnId, Input, Limits, Output, Room};
//! use showfloor_edge_core::token::{Participant, Role};
//!
//! let seed: RoomSeed = serde_json::from_str(r#"{
//!     "shop_id": "shp_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d",
//!     "show_id": "shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d", "state": "live"
//! }"#)?;
//! let now = UtcMs::new(1_795_000_000_000);
//! let who = Participant {
//!     shop: seed.shop_id,
//!     show: seed.show_id,
//!     viewer: ViewerId::generate(now, [1; 10]),
//!     user: None,
//!     role: Role::Viewer,
//!     name: Some("Mira".into()),
//!     device: None,
//!     expires_at: now.plus_ms(900_000),
//! };
//! let mut room = Room::new(Limits::default(), seed, 1);
//! let conn = ConnId(1);
//! room.handle(now, Input::Joined { conn, who });
//! room.handle(now, Input::Frame { conn, frame: Bytes::from_static(br#"[{"t":"hello"}]"#) });
//! let mut sent = String::new();
//! loop {
//!     match room.poll_output() {
//!         Output::Send { frame, .. } | Output::Broadcast { frame, .. } => sent.push_str(frame.as_str()),
//!         Output::Timeout(_) => break,
//!         _ => {}
//!     }
//! }
//! assert!(sent.starts_with(r#"[{"t":"welcome","epoch":1,"offset":0,"recovered":false"#));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod broadcast;
mod chat;
mod commands;
mod conn;
mod fanout;
mod history;
mod io;
mod limits;
mod moderation;
mod naming;
mod news;
mod people;
mod permission;
mod rate;
mod record;
mod restart;
mod ring;
mod seen;
mod sockets;
mod state;

pub use io::{Attachment, ConnId, Input, Moderation, ModerationAction, Output, Record, Subject};
pub use limits::{Limits, Pressure, Rate};
pub use restart::Restart;
pub use state::{Load, Room};

use crate::token::Role;

/// Whether somebody with this role may open a socket from this page: staff only from a listed origin, or from no
/// page at all; viewers from anywhere (abuse case R1).
#[must_use]
pub fn origin_is_listed(role: Role, origin: Option<&str>, listed: &[String]) -> bool {
    match origin {
        Some(origin) if role.is_staff() => listed.iter().any(|allowed| allowed == origin),
        Some(_) | None => true,
    }
}
