//! Sockets: who comes in, who is let go, and what is sent to one of them.

use showfloor_domain::UserId;

use super::conn::{Conn, Stage};
use super::record::Ban;
use super::state::Room;
use super::{Attachment, ConnId, Output, Subject};
use crate::protocol::{CloseCode, Frame, FrameBuilder, ServerMessage, encode};
use crate::token::{Participant, Role, VIEWER_LIFE_MS};

/// The time over which sockets come back.
const RESUME_SPREAD_MS: u64 = 5_000;

impl Room {
    pub(super) fn joined(&mut self, conn: ConnId, who: &Participant, name: Option<&str>) {
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

    pub(super) fn woken(&mut self, conn: ConnId, attachment: &Attachment) {
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

    /// What to keep with a socket, so that it can be [`Input::Woken`](super::Input::Woken).
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

    /// From now on only the token's end closes the socket.
    pub(super) fn set_deadline(&mut self, conn: ConnId) {
        if let Some(socket) = self.conns.get_mut(&conn) {
            self.deadlines.remove(&(socket.deadline, conn));
            socket.deadline = socket.expires_at;
            self.deadlines.insert((socket.deadline, conn));
        }
    }

    /// Sends messages to one socket, as one frame.
    pub(super) fn send(&mut self, conn: ConnId, messages: &[ServerMessage]) {
        let mut frame = FrameBuilder::default();
        messages.iter().for_each(|message| frame.push(&encode(message)));
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

    pub(super) fn turn_away(&mut self, conn: ConnId, code: CloseCode) {
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

    pub(super) fn close_all(&mut self, code: CloseCode) {
        // Whoever can still be told, is.
        self.broadcast();
        self.close_where(code, |_| true);
    }

    pub(super) fn forget(&mut self, conn: ConnId) -> bool {
        let Some(socket) = self.conns.remove(&conn) else { return false };
        self.deadlines.remove(&(socket.deadline, conn));
        self.people.left(self.now, socket.viewer, conn, socket.has_greeted());
        if matches!(socket.stage, Stage::Greeting(_)) {
            self.greeting.retain(|id| *id != conn);
            self.after_welcome.remove(&conn);
        }
        true
    }

    pub(super) fn is_revoked(&self, who: &Participant) -> bool {
        let revoked = |subject| self.revoked.get(&subject).is_some_and(|until| self.now < *until);
        revoked(Subject::Viewer(who.viewer)) || who.user.is_some_and(|user| revoked(Subject::User(user)))
    }

    pub(super) fn is_banned(&self, who: &Participant) -> bool {
        let same_device = |ban: &Ban| ban.device.is_some() && ban.device == who.device;
        !who.role.is_staff() && (self.bans.contains_key(&who.viewer) || self.bans.values().any(same_device))
    }

    pub(super) fn is_over(&self) -> bool {
        self.ended_at.is_some_and(|at| self.now.since(at) >= self.limits.ended_ms)
    }

    pub(super) fn revoke(&mut self, subject: Subject) {
        // No token that exists now outlives this.
        let until = self.now.plus_ms(VIEWER_LIFE_MS);
        self.revoked.insert(subject, until);
        let of = |conn: &Conn| match subject {
            Subject::Viewer(viewer) => conn.viewer == viewer,
            Subject::User(user) => conn.user == Some(user),
        };
        self.close_where(CloseCode::Unauthorized, of);
    }

    pub(super) fn change_role(&mut self, user: UserId, role: Role) {
        if role == Role::Viewer {
            return self.revoke(Subject::User(user));
        }
        self.conns.values_mut().filter(|conn| conn.user == Some(user)).for_each(|conn| conn.role = role);
    }
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
