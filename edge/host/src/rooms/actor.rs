//! One room: a task that owns the state machine, its sockets' queues and its clock.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use showfloor_domain::{ShowId, UtcMs};
use showfloor_edge_core::protocol::CloseCode;
use showfloor_edge_core::room::{ConnId, Input, Moderation, Output, Room};
use showfloor_edge_core::token::Participant;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::log::{LogError, RoomLog};
use crate::{Clock, TICK_MS};

/// Commands that wait for one room. Senders wait when it is full, which slows the sockets that send too much.
pub const COMMANDS_MAX: usize = 4_096;
/// How many commands are taken before outputs are carried out.
const BURST_MAX: usize = 256;

/// What is asked of a room.
pub enum Command {
    /// A socket was opened.
    Join {
        /// Who it is.
        who: Participant,
        /// Where it is told its number and its queue.
        reply: oneshot::Sender<Joined>,
    },
    /// Something happens.
    Input(Input),
    /// Somebody wants the overlay.
    Overlay {
        /// The query, as it came.
        query: String,
        /// Where the overlay goes.
        reply: oneshot::Sender<Bytes>,
    },
}

/// A socket's end of a room.
pub struct Joined {
    /// Its number.
    pub conn: ConnId,
    /// What it is to send. The room bounds it by bytes: [`Delivery`] counts what was written.
    pub queue: mpsc::UnboundedReceiver<Delivery>,
    /// Bytes written to the socket since the room last looked.
    pub written: Arc<AtomicUsize>,
}

/// What a socket is to do.
#[derive(Clone)]
pub enum Delivery {
    /// Send this frame.
    Frame(Utf8Bytes),
    /// Close.
    Close(CloseCode),
}

/// What a room tells the rest of the edge.
pub enum Told {
    /// How many watch.
    Presence(ShowId, UtcMs, u32),
    /// A moderator did something.
    Moderated(ShowId, Moderation),
    /// The room needs a newer seed.
    SeedStale(ShowId),
}

struct Conn {
    queue: mpsc::UnboundedSender<Delivery>,
    written: Arc<AtomicUsize>,
}

/// A room and what it is connected to.
pub struct RoomActor {
    /// The show.
    pub show: ShowId,
    /// The state machine.
    pub room: Room,
    /// What it keeps.
    pub log: RoomLog,
    /// What it tells.
    pub told: mpsc::Sender<Told>,
    /// What time it is.
    pub clock: Clock,
}

impl RoomActor {
    /// Runs until stopped; then everybody is told to come back.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>, stop: CancellationToken) {
        let mut conns: HashMap<ConnId, Conn> = HashMap::new();
        let mut next_conn = 0_u64;
        let Ok(mut due) = self.carry_out(&mut conns).await else { return };
        loop {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                () = wait(due, (self.clock)()) => None,
                command = commands.recv() => match command {
                    Some(command) => Some(command),
                    None => break,
                },
            };
            self.collect_written(&conns);
            let now = (self.clock)();
            match first {
                Some(command) => self.take(now, command, &mut conns, &mut next_conn),
                None => self.room.handle(now, Input::Tick),
            }
            for _ in 1..BURST_MAX {
                let Ok(command) = commands.try_recv() else { break };
                self.take(now, command, &mut conns, &mut next_conn);
            }
            // A room that can't keep what it tells ends here; everybody comes back to a new one, in a new epoch.
            let Ok(next) = self.carry_out(&mut conns).await else { return };
            due = next;
        }
        self.room.handle((self.clock)(), Input::Shutdown);
        // What could not be kept was not told.
        let _ = self.carry_out(&mut conns).await;
    }

    fn take(&mut self, now: UtcMs, command: Command, conns: &mut HashMap<ConnId, Conn>, next_conn: &mut u64) {
        match command {
            Command::Input(input) => {
                if let Input::Left { conn } = &input {
                    conns.remove(conn);
                }
                self.room.handle(now, input);
            }
            Command::Overlay { query, reply } => {
                // Whoever asked may be gone.
                let audience = self.room.audience(&query);
                let _ = reply.send(self.room.overlay(now, &audience));
            }
            Command::Join { who, reply } => {
                let conn = ConnId(*next_conn);
                *next_conn += 1;
                let (queue, receiver) = mpsc::unbounded_channel();
                let written = Arc::new(AtomicUsize::new(0));
                let joined = Joined { conn, queue: receiver, written: Arc::clone(&written) };
                if reply.send(joined).is_ok() {
                    conns.insert(conn, Conn { queue, written });
                    self.room.handle(now, Input::Joined { conn, who });
                }
            }
        }
    }

    /// Tells the room what has reached the sockets since it last looked.
    fn collect_written(&mut self, conns: &HashMap<ConnId, Conn>) {
        let now = (self.clock)();
        for (conn, Conn { written, .. }) in conns {
            let bytes = written.swap(0, Ordering::Relaxed);
            if bytes > 0 {
                self.room.handle(now, Input::Drained { conn: *conn, bytes });
            }
        }
    }

    /// Does what the room wants done: what is to be kept is kept before anybody hears of it.
    async fn carry_out(&mut self, conns: &mut HashMap<ConnId, Conn>) -> Result<Option<UtcMs>, LogError> {
        let (mut records, mut outputs) = (Vec::new(), Vec::new());
        let due = loop {
            match self.room.poll_output() {
                Output::Timeout(at) => break at,
                Output::Persist(record) => records.push(record),
                output @ (Output::Send { .. }
                | Output::Broadcast { .. }
                | Output::Close { .. }
                | Output::Presence { .. }
                | Output::Moderated(_)
                | Output::SeedStale) => outputs.push(output),
            }
        };
        if !records.is_empty()
            && let Err(error) = self.log.write(self.show, records).await
        {
            tracing::error!(show = %self.show, %error, "the room's log could not be written: the room starts anew");
            for conn in conns.values() {
                let _ = conn.queue.send(Delivery::Close(CloseCode::Restart));
            }
            return Err(error);
        }
        for output in outputs {
            match output {
                Output::Send { conn, frame } => {
                    if let Some(text) = text_of(frame.bytes()) {
                        deliver(conns, conn, Delivery::Frame(text));
                    }
                }
                Output::Broadcast { to, frame } => {
                    if let Some(text) = text_of(frame.bytes()) {
                        for conn in to {
                            deliver(conns, conn, Delivery::Frame(text.clone()));
                        }
                    }
                }
                Output::Close { conn, code } => {
                    deliver(conns, conn, Delivery::Close(code));
                    conns.remove(&conn);
                }
                Output::Presence { at, viewers } => self.tell(Told::Presence(self.show, at, viewers)),
                Output::Moderated(moderation) => self.tell(Told::Moderated(self.show, moderation)),
                Output::SeedStale => self.tell(Told::SeedStale(self.show)),
                Output::Persist(_) | Output::Timeout(_) => {}
            }
        }
        Ok(due)
    }

    fn tell(&self, told: Told) {
        // Figures and logs wait for nobody: when the teller is behind, the room goes on.
        if self.told.try_send(told).is_err() {
            tracing::warn!(show = %self.show, "the edge is behind with telling what happens in rooms");
        }
    }
}

fn text_of(bytes: Bytes) -> Option<Utf8Bytes> {
    Utf8Bytes::try_from(bytes).ok()
}

fn deliver(conns: &HashMap<ConnId, Conn>, conn: ConnId, delivery: Delivery) {
    if let Some(conn) = conns.get(&conn) {
        // A socket that is gone says so with `Left`.
        let _ = conn.queue.send(delivery);
    }
}

async fn wait(due: Option<UtcMs>, now: UtcMs) {
    match due {
        Some(at) => {
            let left_ms = u64::try_from(at.since(now)).unwrap_or(0).max(TICK_MS.min(1));
            tokio::time::sleep(Duration::from_millis(left_ms)).await;
        }
        None => std::future::pending().await,
    }
}
