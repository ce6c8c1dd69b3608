//! The state machine: inputs in, outputs out, and what is due.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use showfloor_domain::event::{CloudEvent, Event, ShowState};
use showfloor_domain::{MessageId, ProductId, UserId, UtcMs, VariantId, ViewerId};

use super::conn::{Conn, Stage};
use super::history::History;
use super::people::People;
use super::rate::Cell;
use super::record::{self, Ban};
use super::ring::{Entry, Ring};
use super::seen::Seen;
use super::{Attachment, ConnId, Input, Limits, Output, Subject};
use crate::overlay::{Audience, Change, Overlays, RoomSeed};
use crate::protocol::{ChatMessage, CloseCode, Epoch, Frame, Offset, Pinned, ReactionKind, ServerMessage};
use crate::text::{Blocklist, ReservedNames, clean};
use crate::token::{Participant, Role};

/// How often a seed is asked for while it does not come.
const SEED_RETRY_MS: i64 = 5_000;

/// How many sockets come back in a second after a restart.
const RESUME_SPREAD_MS: u64 = 5_000;

/// How many titles of one order are told.
const SOLD_LINES_MAX: usize = 5;

/// The longest title that is told, in characters.
const TITLE_CHARS_MAX: usize = 120;

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
    seed_asked_at: Option<UtcMs>,
    stale_products: BTreeSet<ProductId>,
    seen: Seen,
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

    /// What to keep with a socket, so that it can be [`Input::Woken`].
    #[must_use]
    pub fn attachment(&self, conn: ConnId) -> Option<Attachment> {
        let socket = self.conns.get(&conn)?;
        let person = self.people.get(socket.viewer)?;
        let seed = self.seed();
        Some(Attachment {
            who: Participant {
                shop: seed.shop_id,
                show: seed.show_id,
                viewer: socket.viewer,
                user: socket.user,
                role: socket.role,
                name: None,
                device: person.device.clone(),
                expires_at: socket.expires_at,
            },
            name: person.name.clone(),
            greeted: socket.has_greeted(),
        })
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

    fn joined(&mut self, conn: ConnId, who: &Participant, name: Option<&str>) {
        if self.conns.contains_key(&conn) {
            return;
        }
        let seed = self.overlays.seed();
        let refused = if who.shop != seed.shop_id || who.show != seed.show_id {
            // A host that asks the wrong room is a mistake of ours; the token is not good here.
            Some(CloseCode::Unauthorized)
        } else if self.now >= who.expires_at || self.is_revoked(who) {
            Some(CloseCode::Unauthorized)
        } else if self.is_banned(who) {
            Some(CloseCode::Banned)
        } else if self.is_over() {
            Some(CloseCode::ShowOver)
        } else if self.conns.len() >= self.limits.conns_max {
            Some(CloseCode::Full)
        } else if self.people.get(who.viewer).map_or(0, |person| person.conns.len())
            >= self.limits.conns_per_viewer_max
        {
            Some(CloseCode::TooManySockets)
        } else {
            None
        };
        if let Some(code) = refused {
            return self.turn_away(conn, code);
        }
        let socket = Conn::new(self.now, who, &self.limits);
        self.deadlines.insert((socket.deadline, conn));
        self.conns.insert(conn, socket);
        let now = self.now;
        let known = self.people.get(who.viewer).is_some_and(|person| !person.name.is_empty());
        let default = if known { None } else { Some(self.name_for(who, name)) };
        let person = self.people.entry(now, who.viewer);
        person.conns.push(conn);
        if person.device.is_none() {
            person.device.clone_from(&who.device);
        }
        if let Some(name) = default {
            person.name = name;
        }
    }

    fn woken(&mut self, conn: ConnId, attachment: &Attachment) {
        self.joined(conn, &attachment.who, Some(&attachment.name));
        if !attachment.greeted {
            return;
        }
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        socket.stage = Stage::Welcomed;
        let viewer = socket.viewer;
        self.set_deadline(conn);
        self.people.greeted(viewer);
        // They were counted before the room slept.
        self.presence_told = self.people.present();
    }

    /// From now on only the token's end closes the socket.
    pub(super) fn set_deadline(&mut self, conn: ConnId) {
        if let Some(socket) = self.conns.get_mut(&conn) {
            self.deadlines.remove(&(socket.deadline, conn));
            socket.deadline = socket.expires_at;
            self.deadlines.insert((socket.deadline, conn));
        }
    }

    fn event(&mut self, event: CloudEvent) {
        if event.shopid != self.seed().shop_id {
            return;
        }
        let key = (event.source, event.id.to_string());
        if !self.seen.insert(key.clone()) {
            return;
        }
        if let Event::OrderPaid(order) = &event.event {
            if order.show_id != Some(self.seed().show_id) {
                return;
            }
            let name = order.shown_name.as_deref().map(clean).filter(|name| self.may_be_shown(name));
            for line in order.lines.iter().take(SOLD_LINES_MAX) {
                let title = clean(&line.title).chars().take(TITLE_CHARS_MAX).collect();
                let (name, product_id, quantity) = (name.clone(), line.product_id, line.quantity);
                let at = order.at;
                self.tell(Some(key.clone()), 0, |offset| ServerMessage::Sold {
                    offset,
                    at,
                    name,
                    product_id,
                    title,
                    quantity,
                });
            }
            return;
        }
        if let Some(change) = self.overlays.apply(event.shopid, &event.event) {
            self.tell_change(Some(key), change);
        }
    }

    fn tell_change(&mut self, event: Option<(String, String)>, change: Change) {
        match change {
            Change::Pin(pin) => {
                let Pinned { product_id, at, version } = pin;
                self.tell(event, 0, |offset| ServerMessage::Pin { offset, at, product_id, version });
            }
            Change::Unpin { at, version } => {
                self.tell(event, 0, |offset| ServerMessage::Unpin { offset, at, version });
            }
            Change::Banner { at, text, version } => {
                self.tell(event, 0, |offset| ServerMessage::Banner { offset, at, text, version });
            }
            Change::Flash(flash) => {
                self.tell(event, 0, |offset| ServerMessage::Flash { offset, flash });
            }
            Change::FlashEnd { at, product_id, reason, version } => {
                self.tell(event, 0, |offset| ServerMessage::FlashEnd {
                    offset,
                    at,
                    product_id,
                    reason,
                    version,
                });
            }
            Change::State { at, state, version } => {
                self.ended_at = (state == ShowState::Ended).then_some(self.now);
                self.tell(event, 0, |offset| ServerMessage::State { offset, at, state, version });
            }
            Change::Stock { product_id, variant_id, available, reserved, version } => {
                let message = |offset| ServerMessage::Stock {
                    offset,
                    product_id,
                    variant_id,
                    available,
                    reserved,
                    version,
                };
                // What nobody has been told yet is told once, as it stands now.
                if let Some(untold) = self.untold_stock.get(&variant_id) {
                    self.ring.replace(*untold, &message(*untold));
                } else {
                    let offset = self.tell(event, 0, message);
                    self.untold_stock.insert(variant_id, offset);
                }
            }
            Change::Stale(product) => {
                self.stale_products.extend(product);
                self.ask_for_seed();
            }
        }
    }

    fn ask_for_seed(&mut self) {
        if self.seed_asked_at.is_none() {
            self.seed_asked_at = Some(self.now);
            self.outputs.push_back(Output::SeedStale);
        }
    }

    fn reseed(&mut self, seed: RoomSeed) {
        if seed.shop_id != self.seed().shop_id || seed.show_id != self.seed().show_id {
            return;
        }
        self.seed_asked_at = None;
        self.blocklist = Blocklist::new(&seed.blocklist);
        self.reserved = reserved_names(&seed);
        if seed.slow_mode_s != self.seed().slow_mode_s {
            self.set_slow(slow_s_of(&seed));
        }
        let (changes, different) = self.overlays.reseed(seed);
        for change in changes {
            self.tell_change(None, change);
        }
        let stale = std::mem::take(&mut self.stale_products);
        for product_id in stale.into_iter().chain(different).collect::<BTreeSet<_>>() {
            // A product has no version of its own; the position serves as one.
            self.tell(None, 0, |offset| ServerMessage::Price { offset, product_id, version: offset });
        }
    }

    pub(super) fn set_slow(&mut self, seconds: u16) {
        self.slow_s = seconds;
        self.persist(record::put(record::SLOW_KEY, &seconds));
        self.tell(None, 0, |offset| ServerMessage::Slow { offset, seconds });
    }

    fn revoke(&mut self, subject: Subject) {
        // No token that exists now outlives this.
        let until = self.now.plus_ms(crate::token::VIEWER_LIFE_MS);
        self.revoked.insert(subject, until);
        let of = |conn: &Conn| match subject {
            Subject::Viewer(viewer) => conn.viewer == viewer,
            Subject::User(user) => conn.user == Some(user),
        };
        self.close_where(CloseCode::Unauthorized, of);
    }

    fn change_role(&mut self, user: UserId, role: Role) {
        if role == Role::Viewer {
            return self.revoke(Subject::User(user));
        }
        self.conns.values_mut().filter(|conn| conn.user == Some(user)).for_each(|conn| conn.role = role);
    }

    fn is_revoked(&self, who: &Participant) -> bool {
        let revoked = |subject| self.revoked.get(&subject).is_some_and(|until| self.now < *until);
        revoked(Subject::Viewer(who.viewer)) || who.user.is_some_and(|user| revoked(Subject::User(user)))
    }

    fn is_banned(&self, who: &Participant) -> bool {
        let same_device = |ban: &Ban| ban.device.is_some() && ban.device == who.device;
        !who.role.is_staff() && (self.bans.contains_key(&who.viewer) || self.bans.values().any(same_device))
    }

    fn is_over(&self) -> bool {
        self.ended_at.is_some_and(|at| self.now.since(at) >= self.limits.ended_ms)
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

    /// Sends messages to one socket, as one frame.
    pub(super) fn send(&mut self, conn: ConnId, messages: &[ServerMessage]) {
        let mut frame = crate::protocol::FrameBuilder::default();
        messages.iter().for_each(|message| frame.push(&crate::protocol::encode(message)));
        if let Some(frame) = frame.finish() {
            self.send_frame(conn, frame);
        }
    }

    pub(super) fn send_frame(&mut self, conn: ConnId, frame: Frame) {
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        if socket.queue(frame.len(), &self.limits) {
            self.outputs.push_back(Output::Send { conn, frame });
        } else {
            self.close(conn, CloseCode::TooSlow);
        }
    }

    /// Says `bye`, and forgets the socket.
    pub(super) fn close(&mut self, conn: ConnId, code: CloseCode) {
        if self.forget(conn) {
            self.turn_away(conn, code);
        }
    }

    fn turn_away(&mut self, conn: ConnId, code: CloseCode) {
        let bye = ServerMessage::Bye {
            code,
            reason: code.reason().into(),
            resume_after_ms: resume_after_ms(conn, code),
        };
        self.outputs.push_back(Output::Send { conn, frame: Frame::of(&bye) });
        self.outputs.push_back(Output::Close { conn, code });
    }

    pub(super) fn close_where(&mut self, code: CloseCode, of: impl Fn(&Conn) -> bool) {
        let conns: Vec<ConnId> = self.conns.iter().filter(|(_, conn)| of(conn)).map(|(id, _)| *id).collect();
        for conn in conns {
            self.close(conn, code);
        }
    }

    fn close_all(&mut self, code: CloseCode) {
        // Whoever can still be told, is.
        self.broadcast();
        self.close_where(code, |_| true);
    }

    fn forget(&mut self, conn: ConnId) -> bool {
        let Some(socket) = self.conns.remove(&conn) else { return false };
        self.deadlines.remove(&(socket.deadline, conn));
        self.people.left(self.now, socket.viewer, conn, socket.has_greeted());
        if matches!(socket.stage, Stage::Greeting(_)) {
            self.greeting.retain(|id| *id != conn);
            self.after_welcome.remove(&conn);
        }
        true
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

fn slow_s_of(seed: &RoomSeed) -> u16 {
    u16::try_from(seed.slow_mode_s).unwrap_or(u16::MAX)
}

fn reserved_names(seed: &RoomSeed) -> ReservedNames {
    ReservedNames::new(seed.shop_name.iter().chain(&seed.host_name))
}

/// When a socket comes back: spread over some seconds, so that thousands do not come at once.
fn resume_after_ms(conn: ConnId, code: CloseCode) -> Option<u32> {
    let spread = |ms: u64| {
        // A multiplicative hash (Knuth): neighbours land far from each other.
        let hash = conn.0.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        u32::try_from(hash % ms).unwrap_or(0)
    };
    match code {
        CloseCode::Restart => Some(spread(RESUME_SPREAD_MS)),
        CloseCode::TooSlow => Some(1_000 + spread(RESUME_SPREAD_MS)),
        CloseCode::Full => Some(10_000 + spread(20_000)),
        CloseCode::Unauthorized => Some(spread(1_000)),
        CloseCode::BadFrame | CloseCode::Banned | CloseCode::ShowOver | CloseCode::TooManySockets => None,
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
