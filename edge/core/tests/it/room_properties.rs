//! What holds whatever happens: random people join, leave, stall, come back, speak, and are moderated.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;
use showfloor_domain::event::{Event, ProductPinned, StockChanged};
use showfloor_domain::{MessageId, ViewerId};
use showfloor_edge_core::overlay::RoomSeed;
use showfloor_edge_core::protocol::{Epoch, Offset, ServerMessage};
use showfloor_edge_core::room::{ConnId, Input, Limits, Restart};
use showfloor_edge_core::token::Role;

use crate::stage::{Stage, offset_of, product, show, variant, viewer};

/// Small limits, so that every one of them is reached.
fn limits() -> Limits {
    Limits {
        queue_bytes_max: 12_000,
        queue_bytes_without_reactions: 3_000,
        queue_bytes_without_chat: 6_000,
        ring_count_max: 40,
        ring_bytes_max: 16_000,
        recovery_bytes_max: 5_000,
        history_max: 20,
        snapshot_chat_max: 10,
        ..Limits::default()
    }
}

fn seed() -> RoomSeed {
    crate::stage::seed()
}

/// One client, as strict as one can be.
#[derive(Default)]
struct Client {
    conn: Option<ConnId>,
    /// Where it is: what it would resume with.
    at: Option<(Epoch, Offset)>,
    /// What it has heard of since its last snapshot, by offset.
    welcomed: bool,
    texts: BTreeMap<MessageId, String>,
    pin: u64,
    stock: u64,
}

impl Client {
    /// Reads what came, and checks that nothing is missing in silence.
    fn read(&mut self, messages: &[ServerMessage]) -> Result<(), TestCaseError> {
        for message in messages {
            match message {
                ServerMessage::Welcome { epoch, offset, recovered, .. } => {
                    prop_assert!(!self.welcomed, "welcomed twice");
                    self.welcomed = true;
                    if *recovered {
                        let (known_epoch, known) = self.at.unwrap_or_default();
                        prop_assert_eq!(known_epoch, *epoch);
                        prop_assert!(known <= *offset);
                    } else {
                        self.at = None;
                        self.texts.clear();
                        self.at = Some((*epoch, u64::MAX));
                    }
                }
                ServerMessage::Snapshot(snapshot) => {
                    let Some((epoch, unset)) = self.at else { panic!("a snapshot before a welcome") };
                    prop_assert_eq!(unset, u64::MAX, "a snapshot nobody asked for");
                    self.at = Some((epoch, snapshot.offset));
                    self.texts = snapshot.chat.iter().map(|m| (m.id, m.text.clone())).collect();
                    self.pin = snapshot.pinned.map_or(0, |pinned| pinned.version);
                }
                ServerMessage::Skipped { from, to } => {
                    let Some((_, at)) = &mut self.at else { panic!("skipped before a welcome") };
                    prop_assert_eq!(*from, *at + 1, "a gap begins where the client is");
                    prop_assert!(to >= from);
                    *at = *to;
                }
                other => {
                    if let Some(offset) = offset_of(other) {
                        let Some((_, at)) = &mut self.at else { panic!("told before a welcome: {other:?}") };
                        prop_assert_eq!(offset, *at + 1, "a gap that nobody told of: {:?}", other);
                        *at = offset;
                    }
                    self.learn(other);
                }
            }
        }
        Ok(())
    }

    fn learn(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::Chat { message, .. } | ServerMessage::Restored { message, .. } => {
                self.texts.insert(message.id, message.text.clone());
            }
            ServerMessage::Removed { message_id, .. } => {
                self.texts.remove(message_id);
            }
            ServerMessage::Pin { version, .. } => self.pin = *version,
            ServerMessage::Stock { version, .. } => self.stock = *version,
            _ => {}
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Join(usize),
    Leave(usize),
    Say(usize, usize),
    React(usize),
    Stall(usize),
    Unstall(usize),
    Remove(usize),
    Restore(usize),
    Pin,
    Stock,
    Pass(i64),
    Restart(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..6_usize;
    prop_oneof![
        4 => who.clone().prop_map(Step::Join),
        2 => who.clone().prop_map(Step::Leave),
        12 => (who.clone(), 1..300_usize).prop_map(|(who, length)| Step::Say(who, length)),
        3 => who.clone().prop_map(Step::React),
        2 => who.clone().prop_map(Step::Stall),
        1 => who.clone().prop_map(Step::Unstall),
        3 => (0..30_usize).prop_map(Step::Remove),
        1 => (0..30_usize).prop_map(Step::Restore),
        2 => Just(Step::Pin),
        3 => Just(Step::Stock),
        6 => (0..3_000_i64).prop_map(Step::Pass),
        1 => any::<bool>().prop_map(Step::Restart),
    ]
}

struct World {
    stage: Stage,
    clients: Vec<Client>,
    host: ConnId,
    said: Vec<MessageId>,
    removed: BTreeSet<MessageId>,
    secrets: BTreeMap<MessageId, String>,
    version: u64,
    lines: usize,
}

impl World {
    fn new() -> Self {
        let mut stage = Stage::with(limits(), seed());
        let host = stage.join(1_000, Role::Host);
        let clients = (0..6).map(|_| Client::default()).collect();
        Self {
            stage,
            clients,
            host,
            said: vec![],
            removed: BTreeSet::new(),
            secrets: BTreeMap::new(),
            version: 10,
            lines: 0,
        }
    }

    fn who(n: usize) -> ViewerId {
        viewer(n as u64)
    }

    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Join(n) if self.clients[n].conn.is_none() => {
                let who = self.stage.who(Self::who(n), Role::Viewer);
                let conn = self.stage.open(who);
                let hello = match self.clients[n].at {
                    Some((epoch, offset)) if offset != u64::MAX => {
                        json!({"t": "hello", "resume": {"epoch": epoch, "offset": offset}})
                    }
                    _ => json!({"t": "hello"}),
                };
                self.clients[n].conn = Some(conn);
                self.clients[n].welcomed = false;
                self.stage.send(conn, hello);
            }
            Step::Leave(n) => {
                if let Some(conn) = self.clients[n].conn.take() {
                    let unread = self.stage.take(conn);
                    self.clients[n].read(&unread)?;
                    self.stage.leave(conn);
                }
            }
            Step::Say(n, length) => {
                if let Some(conn) = self.clients[n].conn.filter(|_| self.clients[n].welcomed) {
                    self.lines += 1;
                    let text = format!("secret{}x {}", self.lines, "w ".repeat(length / 2));
                    if !self.stage.closed.contains_key(&conn) {
                        let named = self.stage.reference();
                        let reply_to = self.said.last().copied();
                        let said = self.stage.room.offset();
                        self.stage.send(
                            conn,
                            json!({"t": "say", "ref": named, "text": text, "reply_to": reply_to}),
                        );
                        if self.stage.room.offset() > said {
                            let sent =
                                self.stage.inbox[&conn].iter().rev().find_map(|message| match message {
                                    ServerMessage::Sent { message_id, .. } => Some(*message_id),
                                    _ => None,
                                });
                            let id = sent.expect("what was told was confirmed");
                            self.secrets.insert(id, format!("secret{}x", self.lines));
                            self.said.push(id);
                        }
                    }
                }
            }
            Step::React(n) => {
                if let Some(conn) = self.clients[n].conn {
                    self.stage.send(conn, json!({"t": "react", "kind": "heart", "n": 3}));
                }
            }
            Step::Stall(n) => self.stage.stuck.extend(self.clients[n].conn),
            Step::Unstall(n) => {
                if let Some(conn) = self.clients[n].conn {
                    self.stage.stuck.retain(|stuck| *stuck != conn);
                    let bytes = self.stage.held_bytes.remove(&conn).unwrap_or(0);
                    self.stage.input(Input::Drained { conn, bytes });
                }
            }
            Step::Remove(n) => {
                if let Some(id) = self.said.iter().rev().nth(n).copied()
                    && self.stage.moderate(self.host, json!({"t": "remove", "message_id": id})).is_ok()
                {
                    self.removed.insert(id);
                }
            }
            Step::Restore(n) => {
                if let Some(id) = self.removed.iter().nth(n).copied()
                    && self.stage.moderate(self.host, json!({"t": "restore", "message_id": id})).is_ok()
                {
                    self.removed.remove(&id);
                }
            }
            Step::Pin => {
                self.version += 1;
                let (at, version) = (self.stage.now, self.version);
                let pinned =
                    ProductPinned { show_id: show(), product_id: product(1), cue_id: None, at, version };
                self.stage.event(Event::ProductPinned(pinned));
            }
            Step::Stock => {
                self.version += 1;
                self.stage.event(Event::StockChanged(StockChanged {
                    product_id: product(1),
                    variant_id: variant(1),
                    show_ids: vec![show()],
                    available: 2,
                    reserved: 0,
                    version: self.version,
                }));
            }
            Step::Pass(ms) => self.stage.pass(ms),
            Step::Restart(lossless) => self.restart(lossless)?,
            Step::Join(_) => {}
        }
        self.check()
    }

    fn restart(&mut self, lossless: bool) -> Result<(), TestCaseError> {
        self.stage.pass(200);
        self.check()?;
        let epoch = self.stage.room.epoch();
        let restart = if lossless { Restart::Lossless } else { Restart::NewEpoch(epoch + 1) };
        self.stage.restart(limits(), restart);
        self.clients.iter_mut().for_each(|client| client.conn = None);
        self.stage.stuck.clear();
        self.stage.held_bytes.clear();
        self.host = self.stage.join(1_000, Role::Host);
        // What cannot be undone any more is gone for good.
        Ok(())
    }

    /// Everybody reads, and nothing is missing in silence.
    fn check(&mut self) -> Result<(), TestCaseError> {
        self.stage.take(self.host);
        for client in &mut self.clients {
            let Some(conn) = client.conn else { continue };
            // A stalled client has not read; what the host holds for it is bounded.
            let held = self.stage.held_bytes.get(&conn).copied().unwrap_or(0);
            prop_assert!(held <= limits().queue_bytes_max, "{} bytes wait", held);
            let messages = self.stage.take(conn);
            client.read(&messages)?;
            if self.stage.closed.contains_key(&conn) {
                client.conn = None;
            }
        }
        let load = self.stage.room.load();
        prop_assert!(load.history_count <= limits().history_max + limits().removed_max);
        Ok(())
    }

    /// Everything that a stranger can learn now, and what is stored.
    fn no_trace_is_left(&mut self) -> Result<(), TestCaseError> {
        self.stage.pass(2_000);
        let mut all = String::new();
        let (epoch, newest) = (self.stage.room.epoch(), self.stage.room.offset());
        for back in [None, Some(0), Some(10), Some(30)] {
            let conn = self.stage.open(self.stage.who(viewer(900), Role::Viewer));
            let hello = match back {
                None => json!({"t": "hello"}),
                Some(back) => json!({
                    "t": "hello", "resume": {"epoch": epoch, "offset": newest.saturating_sub(back)}
                }),
            };
            self.stage.send(conn, hello);
            self.stage.pass(200);
            all.push_str(&serde_json::to_string(&self.stage.take(conn)).unwrap());
            self.stage.leave(conn);
        }
        for value in self.stage.stored.values() {
            all.push_str(std::str::from_utf8(value).unwrap());
        }
        for id in &self.removed {
            let secret = &self.secrets[id];
            prop_assert!(!all.contains(secret.as_str()), "{} is still there", secret);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nobody_misses_anything_in_silence_and_what_was_removed_is_gone(steps in prop::collection::vec(step(), 1..150)) {
        let mut world = World::new();
        for step in steps {
            world.take(step)?;
        }
        world.no_trace_is_left()?;
        // Those who are here and read have what is newest.
        for client in &world.clients {
            let Some(conn) = client.conn.filter(|conn| !world.stage.stuck.contains(conn)) else { continue };
            if let (true, Some((_, at))) = (client.welcomed, client.at) {
                let unread = world.stage.inbox.get(&conn).map_or(&[][..], Vec::as_slice);
                let newest = unread.iter().filter_map(offset_of).max().unwrap_or(at);
                let skipped = unread.iter().filter_map(|message| match message {
                    ServerMessage::Skipped { to, .. } => Some(*to),
                    _ => None,
                });
                prop_assert_eq!(skipped.max().unwrap_or(0).max(newest), world.stage.room.offset());
            }
        }
    }

    /// Whatever bytes come, the room lives, and others lose nothing.
    #[test]
    fn no_frame_harms_the_room_or_anybody_else(frames in prop::collection::vec(prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "\\[\\{\"t\":\"(say|react|hello|name|ban|mute|slow|ack|remove|pin_message)\"(,\"(ref|text|n|kind|name|offset|seconds)\":(1|-1|null|\"x\"|1e400|\\[\\])){0,4}\\}\\]"
            .prop_map(String::into_bytes),
    ], 1..40)) {
        let mut stage = Stage::new();
        let watcher = stage.viewer(1);
        let mut attacker = stage.viewer(2);
        for frame in frames {
            stage.pass(100);
            stage.frame(attacker, frame);
            if stage.closed.contains_key(&attacker) {
                attacker = stage.viewer(2);
            }
        }
        stage.pass(1_000);
        stage.take(watcher);
        let host = stage.join(3, Role::Host);
        stage.say(host, "still here");
        stage.pass(200);
        prop_assert!(stage.texts(watcher).contains(&"still here".to_owned()));
    }
}
