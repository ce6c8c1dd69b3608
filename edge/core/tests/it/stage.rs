//! A room with sockets, on virtual time: what hosts do, for tests.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};
use showfloor_domain::event::{CloudEvent, Event, SpecVersion};
use showfloor_domain::{EventId, MessageId, ProductId, ShopId, ShowId, UserId, UtcMs, VariantId, ViewerId};
use showfloor_edge_core::overlay::RoomSeed;
use showfloor_edge_core::protocol::{CloseCode, Frame, Offset, Refusal, ServerMessage};
use showfloor_edge_core::room::{ConnId, Input, Limits, Moderation, Output, Restart, Room};
use showfloor_edge_core::token::{Participant, Role};

/// When every test begins.
pub const T0: UtcMs = UtcMs::new(1_795_000_000_000);

pub fn shop() -> ShopId {
    ShopId::generate(T0, [1; 10])
}

pub fn show() -> ShowId {
    ShowId::generate(T0, [2; 10])
}

pub fn product(n: u8) -> ProductId {
    ProductId::generate(T0, [n; 10])
}

pub fn variant(n: u8) -> VariantId {
    VariantId::generate(T0, [n; 10])
}

pub fn viewer(n: u64) -> ViewerId {
    let mut entropy = [3; 10];
    entropy[2..].copy_from_slice(&n.to_be_bytes());
    ViewerId::generate(T0, entropy)
}

pub fn user(n: u8) -> UserId {
    UserId::generate(T0, [n; 10])
}

/// A live show with one product in two currencies.
pub fn seed_json() -> Value {
    json!({
        "shop_id": shop(), "show_id": show(), "shop_name": "Clay & Co", "host_name": "Mira Kovač",
        "state": "live", "slow_mode_s": 0, "blocklist": ["darn", "cheap copy"], "links": "block",
        "currencies": ["EUR", "USD"], "locale": "en", "allowed_origins": ["https://shop.example"],
        "products": [{
            "id": product(1), "title": "Mug", "images": [], "a_field_of_tomorrow": 1,
            "variants": [{
                "id": variant(1), "title": "Oat", "options": {"Glaze": "Oat"},
                "prices": [{"minor": 5800, "currency": "EUR"}, {"minor": 6400, "currency": "USD"}],
                "compare_at": [{"minor": 6500, "currency": "EUR"}],
                "live_prices": [{"minor": 4900, "currency": "EUR"}],
                "available": 7, "reserved": 0, "version": 3
            }]
        }]
    })
}

pub fn seed() -> RoomSeed {
    serde_json::from_value(seed_json()).unwrap()
}

pub fn event(n: u64, event: Event) -> CloudEvent {
    let mut entropy = [9; 10];
    entropy[2..].copy_from_slice(&n.to_be_bytes());
    CloudEvent {
        specversion: SpecVersion::V1,
        id: EventId::generate(T0, entropy),
        source: "/functions/test".into(),
        subject: show().to_string(),
        time: T0.into(),
        shopid: shop(),
        event,
    }
}

/// A room with its sockets.
pub struct Stage {
    pub room: Room,
    pub now: UtcMs,
    pub inbox: BTreeMap<ConnId, Vec<ServerMessage>>,
    /// What the host holds for sockets that do not read.
    pub held_bytes: BTreeMap<ConnId, usize>,
    pub closed: BTreeMap<ConnId, CloseCode>,
    /// Sockets that do not read.
    pub stuck: Vec<ConnId>,
    pub stored: BTreeMap<String, Bytes>,
    pub moderated: Vec<Moderation>,
    pub samples: Vec<(UtcMs, u32)>,
    pub seeds_asked: usize,
    pub broadcasts: usize,
    pub timeout: Option<UtcMs>,
    next_conn: u64,
    next_ref: u64,
    next_event: u64,
}

impl Stage {
    pub fn new() -> Self {
        Self::with(Limits::default(), seed())
    }

    pub fn with(limits: Limits, seed: RoomSeed) -> Self {
        Self::on(Room::new(limits, seed, 7))
    }

    pub fn on(room: Room) -> Self {
        let mut stage = Self {
            room,
            now: T0,
            inbox: BTreeMap::new(),
            held_bytes: BTreeMap::new(),
            closed: BTreeMap::new(),
            stuck: vec![],
            stored: BTreeMap::new(),
            moderated: vec![],
            samples: vec![],
            seeds_asked: 0,
            broadcasts: 0,
            timeout: None,
            next_conn: 0,
            next_ref: 0,
            next_event: 0,
        };
        stage.drain();
        stage
    }

    /// The same room, made again from what was stored. All sockets are gone.
    pub fn restart(&mut self, limits: Limits, restart: Restart) {
        let stored = self.stored.clone();
        self.room = Room::restore(limits, seed(), self.now, restart, stored);
        self.inbox.clear();
        self.drain();
    }

    pub fn input(&mut self, input: Input) {
        self.room.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.room.poll_output() {
                Output::Send { conn, frame } => self.deliver(conn, &read(&frame), frame.len()),
                Output::Broadcast { to, frame } => {
                    self.broadcasts += 1;
                    let messages = read(&frame);
                    to.iter().for_each(|conn| self.deliver(*conn, &messages, frame.len()));
                }
                Output::Close { conn, code } => {
                    self.closed.insert(conn, code);
                }
                Output::Persist(record) => match record.value {
                    Some(value) => {
                        self.stored.insert(record.key, value);
                    }
                    None => {
                        self.stored.remove(&record.key);
                    }
                },
                Output::Presence { at, viewers } => self.samples.push((at, viewers)),
                Output::Moderated(entry) => self.moderated.push(entry),
                Output::SeedStale => self.seeds_asked += 1,
                Output::Timeout(at) => {
                    self.timeout = at;
                    return;
                }
            }
        }
    }

    fn deliver(&mut self, conn: ConnId, messages: &[ServerMessage], bytes: usize) {
        self.inbox.entry(conn).or_default().extend_from_slice(messages);
        if self.stuck.contains(&conn) {
            *self.held_bytes.entry(conn).or_default() += bytes;
        } else {
            self.room.handle(self.now, Input::Drained { conn, bytes });
        }
    }

    /// Lets time pass, with a tick whenever the room asked for one.
    pub fn pass(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        while let Some(at) = self.timeout.filter(|at| *at <= end) {
            self.now = self.now.max(at);
            let before = self.timeout;
            self.input(Input::Tick);
            assert!(self.timeout != before || at > self.now, "the room asks for a time that is over: {at}");
        }
        self.now = end;
        self.input(Input::Tick);
    }

    pub fn who(&self, viewer: ViewerId, role: Role) -> Participant {
        Participant {
            shop: shop(),
            show: show(),
            viewer,
            user: role.is_staff().then(|| user(role as u8)),
            role,
            name: None,
            device: Some(format!("device of {viewer}")),
            expires_at: self.now.plus_ms(15 * 60_000),
        }
    }

    pub fn open(&mut self, who: Participant) -> ConnId {
        self.next_conn += 1;
        let conn = ConnId(self.next_conn);
        self.input(Input::Joined { conn, who });
        conn
    }

    /// A socket that has said `hello`, with its welcome read.
    pub fn join(&mut self, n: u64, role: Role) -> ConnId {
        let conn = self.open(self.who(viewer(n), role));
        self.send(conn, json!({"t": "hello"}));
        self.pass(100);
        self.take(conn);
        conn
    }

    pub fn viewer(&mut self, n: u64) -> ConnId {
        self.join(n, Role::Viewer)
    }

    pub fn leave(&mut self, conn: ConnId) {
        self.input(Input::Left { conn });
        self.inbox.remove(&conn);
    }

    pub fn frame(&mut self, conn: ConnId, frame: impl Into<Bytes>) {
        self.input(Input::Frame { conn, frame: frame.into() });
    }

    pub fn send(&mut self, conn: ConnId, message: Value) {
        self.frame(conn, json!([message]).to_string());
    }

    pub fn event(&mut self, what: Event) {
        self.next_event += 1;
        self.input(Input::Event(Box::new(event(self.next_event, what))));
    }

    pub fn reference(&mut self) -> String {
        self.next_ref += 1;
        self.next_ref.to_string()
    }

    /// Says something, and expects that it is said.
    pub fn say(&mut self, conn: ConnId, text: &str) -> MessageId {
        match self.try_say(conn, text) {
            Ok((id, _)) => id,
            Err(reason) => panic!("{text}: {reason:?}"),
        }
    }

    pub fn try_say(&mut self, conn: ConnId, text: &str) -> Result<(MessageId, Offset), Refusal> {
        let named = self.reference();
        self.ask(conn, json!({"t": "say", "ref": named, "text": text}))
    }

    /// Sends a message with a `ref` and gives its answer.
    pub fn ask(&mut self, conn: ConnId, message: Value) -> Result<(MessageId, Offset), Refusal> {
        let named = message["ref"].as_str().unwrap().to_owned();
        self.send(conn, message);
        for message in self.inbox.get(&conn).into_iter().flatten().rev() {
            match message {
                ServerMessage::Sent { r#ref, message_id, offset } if r#ref.as_str() == named => {
                    return Ok((*message_id, *offset));
                }
                ServerMessage::Refused { r#ref: Some(r#ref), reason, next, .. }
                    if r#ref.as_str() == named =>
                {
                    assert!(next.ends_with('.'), "a refusal says what to do next");
                    return Err(*reason);
                }
                _ => {}
            }
        }
        panic!("no answer to {named}");
    }

    /// Sends a moderation command; `Ok` when it was done.
    pub fn moderate(&mut self, conn: ConnId, mut message: Value) -> Result<(), Refusal> {
        let named = self.reference();
        message["ref"] = json!(named);
        self.send(conn, message);
        for message in self.inbox.get(&conn).into_iter().flatten().rev() {
            match message {
                ServerMessage::Done { r#ref } if r#ref.as_str() == named => return Ok(()),
                ServerMessage::Refused { r#ref: Some(r#ref), reason, .. } if r#ref.as_str() == named => {
                    return Err(*reason);
                }
                _ => {}
            }
        }
        panic!("no answer to {named}");
    }

    /// What a socket has received since the last time.
    pub fn take(&mut self, conn: ConnId) -> Vec<ServerMessage> {
        self.inbox.remove(&conn).unwrap_or_default()
    }

    /// The chat texts that a socket has received since the last time.
    pub fn texts(&mut self, conn: ConnId) -> Vec<String> {
        self.take(conn).into_iter().filter_map(|message| text_of(&message)).collect()
    }
}

fn read(frame: &Frame) -> Vec<ServerMessage> {
    let messages: Vec<ServerMessage> = serde_json::from_str(frame.as_str()).unwrap();
    assert!(!messages.is_empty(), "an empty frame");
    messages
}

fn text_of(message: &ServerMessage) -> Option<String> {
    match message {
        ServerMessage::Chat { message, .. } => Some(message.text.clone()),
        _ => None,
    }
}

/// The offset of a sequenced message.
pub fn offset_of(message: &ServerMessage) -> Option<Offset> {
    match message {
        ServerMessage::Chat { offset, .. }
        | ServerMessage::Sold { offset, .. }
        | ServerMessage::Removed { offset, .. }
        | ServerMessage::Restored { offset, .. }
        | ServerMessage::Pin { offset, .. }
        | ServerMessage::Unpin { offset, .. }
        | ServerMessage::Banner { offset, .. }
        | ServerMessage::Flash { offset, .. }
        | ServerMessage::FlashEnd { offset, .. }
        | ServerMessage::Price { offset, .. }
        | ServerMessage::Stock { offset, .. }
        | ServerMessage::State { offset, .. }
        | ServerMessage::Slow { offset, .. }
        | ServerMessage::PinnedMessage { offset, .. } => Some(*offset),
        ServerMessage::Welcome { .. }
        | ServerMessage::Snapshot(_)
        | ServerMessage::Reactions { .. }
        | ServerMessage::Presence { .. }
        | ServerMessage::Sent { .. }
        | ServerMessage::Refused { .. }
        | ServerMessage::You { .. }
        | ServerMessage::Done { .. }
        | ServerMessage::Skipped { .. }
        | ServerMessage::Pong { .. }
        | ServerMessage::Bye { .. } => None,
    }
}

/// Finds the one message that `pick` picks.
pub fn only<T>(messages: &[ServerMessage], pick: impl Fn(&ServerMessage) -> Option<T>) -> T {
    let mut found = messages.iter().filter_map(pick);
    match (found.next(), found.next()) {
        (Some(found), None) => found,
        (None, _) => panic!("not there: {messages:?}"),
        (Some(_), Some(_)) => panic!("there twice: {messages:?}"),
    }
}
