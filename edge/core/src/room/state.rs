//! The state machine: inputs in, outputs out, and what is due.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use showfloor_domain::event::ShowState;
use showfloor_domain::{MessageId, ProductId, UtcMs, VariantId, ViewerId};

use super::conn::Conn;
use super::history::History;
use super::news::{reserved_names, slow_s_of};
use super::people::People;
use super::rate::Cell;
use super::record::{self, Ban};
use super::ring::{Entry, Ring};
use super::seen::Seen;
use super::{ConnId, Input, Limits, Output, Subject};
use crate::overlay::{Audience, Overlays, RoomSeed};
use crate::protocol::{ChatMessage, CloseCode, Epoch, Offset, ReactionKind, ServerMessage};
use crate::text::{Blocklist, ReservedNames};

/// How often a seed is asked for while it does not come.
const SEED_RETRY_MS: i64 = 5_000;

/// What a room holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Sockets.
    pub sockets: usize,
    /// Viewers that are remembered.
    pub people: usize,
    /// Sequenced messages that can be recovered.
    pub ring_count: usize,
    /// Their bytes.
    pub ring_bytes: usize,
    /// Chat messages, those that can be restored included.
    pub history_count: usize,
}

/// See the [module](super).
#[derive(Debug)]
pub struct Room {
    pub(super) limits: Limits,
    pub(super) epoch: Epoch,
    pub(super) now: UtcMs,
    pub(super) overlays: Overlays,
    pub(super) blocklist: Blocklist,
    pub(super) reserved: ReservedNames,
    pub(super) conns: BTreeMap<ConnId, Conn>,
    pub(super) deadlines: BTreeSet<(UtcMs, ConnId)>,
    pub(super) people: People,
    pub(super) bans: BTreeMap<ViewerId, Ban>,
    pub(super) revoked: BTreeMap<Subject, UtcMs>,
    pub(super) ring: Ring,
    /// Everything up to here was broadcast.
    pub(super) told: Offset,
    pub(super) history: History,
    pub(super) pinned_message: Option<ChatMessage>,
    pub(super) slow_s: u16,
    pub(super) greeting: Vec<ConnId>,
    /// What is said to a socket after its `welcome`.
    pub(super) after_welcome: BTreeMap<ConnId, Vec<ServerMessage>>,
    /// Offsets of stock that was not broadcast yet, and so can still be told newer.
    pub(super) untold_stock: BTreeMap<VariantId, Offset>,
    pub(super) reactions: BTreeMap<ReactionKind, u32>,
    pub(super) presence_told: u32,
    pub(super) broadcast_at: UtcMs,
    pub(super) reactions_at: UtcMs,
    pub(super) presence_at: UtcMs,
    pub(super) sampled: (UtcMs, u32),
    pub(super) room_chat: Cell,
    pub(super) newcomers: Cell,
    /// What many said within the last seconds: the text, when first, how often.
    pub(super) raids: VecDeque<(u64, UtcMs, u32)>,
    pub(super) ended_at: Option<UtcMs>,
    pub(super) seed_asked_at: Option<UtcMs>,
    pub(super) stale_products: BTreeSet<ProductId>,
    pub(super) seen: Seen,
    pub(super) outputs: VecDeque<Output>,
}

impl Room {
    /// An empty room of the seed's show. The epoch is one that this room never had before: the time at which it
    /// is made will do.
    #[must_use]
    pub fn new(limits: Limits, seed: RoomSeed, epoch: Epoch) -> Self {
        let mut room = Self::with_log_end(limits, seed, epoch, 0);
        room.persist(record::put(record::EPOCH_KEY, &epoch));
        room
    }

    pub(super) fn with_log_end(limits: Limits, seed: RoomSeed, epoch: Epoch, last: Offset) -> Self {
        let long_ago = UtcMs::new(0);
        Self {
            limits,
            epoch,
            now: long_ago,
            blocklist: Blocklist::new(&seed.blocklist),
            reserved: reserved_names(&seed),
            slow_s: slow_s_of(&seed),
            ended_at: None,
            overlays: Overlays::new(seed),
            conns: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            people: People::new(limits.people_max),
            bans: BTreeMap::new(),
            revoked: BTreeMap::new(),
            ring: Ring::new(last, limits.ring_count_max, limits.ring_bytes_max),
            told: last,
            history: History::new(limits.history_max, limits.removed_max),
            pinned_message: None,
            greeting: vec![],
            after_welcome: BTreeMap::new(),
            untold_stock: BTreeMap::new(),
            reactions: BTreeMap::new(),
            presence_told: 0,
            broadcast_at: long_ago,
            reactions_at: long_ago,
            presence_at: long_ago,
            sampled: (long_ago, 0),
            room_chat: Cell::default(),
            newcomers: Cell::default(),
            raids: VecDeque::new(),
            seed_asked_at: None,
            stale_products: BTreeSet::new(),
            seen: Seen::new(limits.seen_events_max),
            outputs: VecDeque::new(),
        }
    }

    /// The epoch of its offsets.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The newest offset.
    #[must_use]
    pub const fn offset(&self) -> Offset {
        self.ring.last()
    }

    /// How many distinct viewers are here.
    #[must_use]
    pub const fn viewers(&self) -> u32 {
        self.people.present()
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.conns.len()
    }

    /// What it holds, for metrics and for those who check its limits.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            sockets: self.conns.len(),
            people: self.people.len(),
            ring_count: self.ring.len(),
            ring_bytes: self.ring.size_bytes(),
            history_count: self.history.len(),
        }
    }

    /// What it was made from, as events have changed it since.
    #[must_use]
    pub const fn seed(&self) -> &RoomSeed {
        self.overlays.seed()
    }

    /// The audience that an overlay's query asks for.
    #[must_use]
    pub fn audience(&self, query: &str) -> Audience {
        self.overlays.audience(query)
    }

    /// The overlay of an audience, as JSON.
    pub fn overlay(&mut self, now: UtcMs, audience: &Audience) -> Bytes {
        self.overlays.compose(now, audience, self.epoch, self.ring.last())
    }

    /// Takes an input that happened at `now`. Time never goes back: an earlier `now` counts as the latest.
    pub fn handle(&mut self, now: UtcMs, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::Joined { conn, who } => self.joined(conn, &who, None),
            Input::Woken { conn, attachment } => self.woken(conn, &attachment),
            Input::Left { conn } => {
                self.forget(conn);
            }
            Input::Frame { conn, frame } => self.frame(conn, &frame),
            Input::Drained { conn, bytes } => {
                if let Some(conn) = self.conns.get_mut(&conn) {
                    conn.drained(bytes, &self.limits);
                }
                // Very often; and it makes nothing due.
                return;
            }
            Input::Event(event) => self.event(*event),
            Input::Seed(seed) => self.reseed(*seed),
            Input::Revoked(subject) => self.revoke(subject),
            Input::RoleChanged { user, role } => self.change_role(user, role),
            Input::Shutdown => self.close_all(CloseCode::Restart),
            Input::Tick => {}
        }
        self.run_due();
    }

    /// What the host does next; call until it says [`Output::Timeout`].
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| Output::Timeout(self.next_moment()))
    }

    /// Puts a sequenced message into the log; it goes out with the next broadcast.
    pub(super) fn tell(
        &mut self,
        event: Option<(String, String)>,
        rank: u8,
        message: impl FnOnce(Offset) -> ServerMessage,
    ) -> Offset {
        let offset = self.ring.last() + 1;
        let mut entry = Entry::new(&message(offset)).expect("only sequenced messages are told");
        entry.event = event;
        entry.rank = rank;
        self.ring.push(entry);
        offset
    }

    pub(super) fn persist(&mut self, record: super::Record) {
        self.outputs.push_back(Output::Persist(record));
    }

    fn run_due(&mut self) {
        while let Some((deadline, conn)) = self.deadlines.first().copied()
            && self.now >= deadline
        {
            let expired = self.conns.get(&conn).is_none_or(|socket| self.now >= socket.expires_at);
            self.close(conn, if expired { CloseCode::Unauthorized } else { CloseCode::BadFrame });
            self.deadlines.remove(&(deadline, conn));
        }
        if self.ended_at.is_none() && self.overlays.on_air().state() == ShowState::Ended {
            // It was over before the room was made.
            self.ended_at = Some(self.now);
        }
        if self.is_over() && !self.conns.is_empty() {
            self.close_all(CloseCode::ShowOver);
        }
        self.history.forget(self.now);
        let now = self.now;
        self.revoked.retain(|_, until| now < *until);
        if let Some(asked_at) = self.seed_asked_at
            && self.now.since(asked_at) >= SEED_RETRY_MS
        {
            self.seed_asked_at = None;
            self.ask_for_seed();
        }
        if self.broadcast_due().is_some_and(|due| self.now >= due) {
            self.broadcast();
        }
        self.sample();
    }

    /// Tells the figures how many watch.
    fn sample(&mut self) {
        let viewers = self.people.present();
        let (at, last) = self.sampled;
        if (viewers > 0 || last > 0) && self.now.since(at) >= self.limits.sample_ms {
            self.sampled = (self.now, viewers);
            self.outputs.push_back(Output::Presence { at: self.now, viewers });
        }
    }

    fn next_moment(&self) -> Option<UtcMs> {
        let sample = (self.people.present() > 0 || self.sampled.1 > 0)
            .then(|| self.sampled.0.plus_ms(self.limits.sample_ms));
        let over = self.ended_at.filter(|_| !self.conns.is_empty());
        [
            self.broadcast_due(),
            self.deadlines.first().map(|(at, _)| *at),
            over.map(|at| at.plus_ms(self.limits.ended_ms)),
            self.seed_asked_at.map(|at| at.plus_ms(SEED_RETRY_MS)),
            self.history.next_moment(),
            sample,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Deletes what is stored of a message, wherever it stands in the log.
    pub(super) fn delete_stored(&mut self, id: MessageId) {
        let key = record::log_key(offset_of(id), Some(id));
        self.persist(record::delete(key));
        if self.pinned_message.as_ref().is_some_and(|pinned| pinned.id == id) {
            self.persist(record::delete(record::PINNED_MESSAGE_KEY));
        }
    }

    pub(super) fn seen_before(&mut self, event: (String, String)) {
        self.seen.insert(event);
    }
}

/// The id of the message at an offset. It holds the offset, so that a message can be found by its id alone.
pub(super) fn message_id(now: UtcMs, epoch: Epoch, offset: Offset) -> MessageId {
    let mut entropy = [0; 10];
    entropy[..3].copy_from_slice(&epoch.to_be_bytes()[5..]);
    entropy[3..].copy_from_slice(&offset.to_be_bytes()[1..]);
    MessageId::generate(now, entropy)
}

/// The offset that an id holds; anything, if it is not one of ours.
pub(super) fn offset_of(id: MessageId) -> Offset {
    let mut bytes = [0; 8];
    bytes[1..].copy_from_slice(&id.uuid().as_bytes()[9..]);
    Offset::from_be_bytes(bytes)
}
