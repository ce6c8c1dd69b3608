//! What goes out to many: batched, encoded once, and less to those who are slow.

use bytes::Bytes;
use showfloor_domain::UtcMs;

use super::conn::Stage;
use super::fanout::Batch;
use super::record::logged;
use super::state::Room;
use super::{ConnId, Output, Pressure};
use crate::protocol::{CloseCode, Frame, FrameBuilder, Resume, ServerMessage, Snapshot, You, encode};

/// This many sequenced messages do not wait for the next batch.
const PENDING_MAX: u64 = 256;

/// The number of sockets at which batches are slowest.
const SOCKETS_OF_SLOWEST_BATCH: usize = 5_000;

impl Room {
    /// When the next broadcast is due; none if there is nothing to tell.
    pub(super) fn broadcast_due(&self) -> Option<UtcMs> {
        let pending = self.ring.last() - self.told;
        let batch = (pending > 0 || !self.greeting.is_empty()).then(|| {
            let wait_ms = if pending >= PENDING_MAX { 0 } else { self.batch_ms() };
            self.broadcast_at.plus_ms(wait_ms)
        });
        let reactions =
            (!self.reactions.is_empty()).then(|| self.reactions_at.plus_ms(self.limits.reactions_ms));
        let presence = self.presence_changed().then(|| self.presence_at.plus_ms(self.limits.presence_ms));
        [batch, reactions, presence].into_iter().flatten().min()
    }

    fn presence_changed(&self) -> bool {
        self.people.present() != self.presence_told && !self.conns.is_empty()
    }

    /// From the shortest time to the longest, the more sockets there are.
    fn batch_ms(&self) -> i64 {
        let (min, max) = (self.limits.batch_ms_min, self.limits.batch_ms_max);
        let sockets = i64::try_from(self.conns.len().min(SOCKETS_OF_SLOWEST_BATCH)).unwrap_or(i64::MAX);
        let slowest = i64::try_from(SOCKETS_OF_SLOWEST_BATCH).unwrap_or(i64::MAX);
        min + (max - min) * sockets / slowest
    }

    /// Tells everybody what is new, then greets those who came.
    pub(super) fn broadcast(&mut self) {
        self.store_untold();
        let extras = self.take_extras();
        self.fan_out(extras);
        self.told = self.ring.last();
        self.broadcast_at = self.now;
        self.untold_stock.clear();
        self.greet();
        self.ring.trim(self.told);
    }

    fn store_untold(&mut self) {
        let entries = self.ring.since(self.told).into_iter().flatten();
        let records: Vec<_> = entries.filter_map(logged).map(Output::Persist).collect();
        self.outputs.extend(records);
    }

    fn take_extras(&mut self) -> Vec<Bytes> {
        let mut extras = vec![];
        if !self.reactions.is_empty() && self.now.since(self.reactions_at) >= self.limits.reactions_ms {
            let counts = std::mem::take(&mut self.reactions);
            extras.push(encode(&ServerMessage::Reactions { counts }));
            self.reactions_at = self.now;
        }
        if self.presence_changed() && self.now.since(self.presence_at) >= self.limits.presence_ms {
            self.presence_told = self.people.present();
            self.presence_at = self.now;
            extras.push(encode(&ServerMessage::Presence { viewers: self.presence_told }));
        }
        extras
    }

    fn fan_out(&mut self, extras: Vec<Bytes>) {
        let entries: Vec<_> = self.ring.since(self.told).into_iter().flatten().collect();
        if entries.is_empty() && extras.is_empty() {
            return;
        }
        let batch = Batch { entries, extras };
        let mut frames: [Option<Option<Frame>>; 3] = [None, None, None];
        let mut to: [Vec<ConnId>; 3] = [vec![], vec![], vec![]];
        let mut slow = vec![];
        let offset = self.ring.last();
        for (id, conn) in self.conns.iter_mut().filter(|(_, conn)| conn.is_welcomed()) {
            let level = conn.level(self.now, &self.limits);
            // A form is encoded for the first who needs it.
            let frame = frames[level as usize].get_or_insert_with(|| batch.frame(level));
            let Some(frame) = frame else { continue };
            conn.mark(offset, &self.limits);
            if conn.is_stalled(self.now, &self.limits) || !conn.queue(frame.len(), &self.limits) {
                slow.push(*id);
            } else {
                to[level as usize].push(*id);
            }
        }
        for (to, frame) in to.into_iter().zip(frames) {
            if let Some(frame) = frame.flatten().filter(|_| !to.is_empty()) {
                self.outputs.push_back(Output::Broadcast { to, frame });
            }
        }
        for conn in slow {
            self.close(conn, CloseCode::TooSlow);
        }
    }

    /// Welcomes those who said `hello`: with what they missed, or with a snapshot that is encoded once for all
    /// of them.
    fn greet(&mut self) {
        let mut snapshot: Option<Frame> = None;
        for conn in std::mem::take(&mut self.greeting) {
            let Some(socket) = self.conns.get_mut(&conn) else { continue };
            let Stage::Greeting(resume) = socket.stage else { continue };
            socket.stage = Stage::Welcomed;
            let (viewer, role) = (socket.viewer, socket.role);
            let missed = resume.and_then(|resume| self.missed(resume));
            let welcome = ServerMessage::Welcome {
                epoch: self.epoch,
                offset: self.ring.last(),
                recovered: missed.is_some(),
                you: You {
                    viewer_id: viewer,
                    role,
                    name: self.people.get(viewer).map(|person| person.name.clone()).unwrap_or_default(),
                },
                now: self.now,
                ping_s: self.limits.ping_s,
                ack_every: match self.limits.pressure {
                    Pressure::Drained => 0,
                    Pressure::Acknowledged { every } => every,
                },
            };
            self.send(conn, &[welcome]);
            let muted_until = self.people.get(viewer).and_then(|person| person.muted_until);
            if let Some(muted_until) = muted_until.filter(|until| *until > self.now) {
                self.send(conn, &[ServerMessage::You { muted_until: Some(muted_until), name: None }]);
            }
            match missed {
                Some(missed) => {
                    if let Some(frame) = missed {
                        self.send_frame(conn, frame);
                    }
                }
                None => {
                    let frame = snapshot.get_or_insert_with(|| self.snapshot()).clone();
                    self.send_frame(conn, frame);
                }
            }
            let replies = self.after_welcome.remove(&conn).unwrap_or_default();
            self.send(conn, &replies);
        }
    }

    /// Exactly what was missed, as one frame, or as none if nothing was; none at all if it cannot be had.
    fn missed(&self, resume: Resume) -> Option<Option<Frame>> {
        if resume.epoch != self.epoch {
            return None;
        }
        let entries = self.ring.since(resume.offset)?;
        let size_bytes: usize = entries.clone().map(|entry| entry.encoded.len() + 1).sum();
        if size_bytes > self.limits.recovery_bytes_max {
            return None;
        }
        let mut frame = FrameBuilder::default();
        entries.for_each(|entry| frame.push(&entry.encoded));
        Some(frame.finish())
    }

    fn snapshot(&self) -> Frame {
        let on_air = self.overlays.on_air();
        Frame::of(&ServerMessage::Snapshot(Snapshot {
            offset: self.ring.last(),
            state: on_air.state(),
            pinned: on_air.pinned(),
            banner: on_air.banner().cloned(),
            flash: on_air.flash(self.now).cloned().collect(),
            pinned_message: self.pinned_message.clone(),
            slow_s: self.slow_s,
            chat: self.history.newest(self.limits.snapshot_chat_max).cloned().collect(),
            presence: self.people.present(),
        }))
    }
}
