//! What clients say.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use showfloor_domain::event::ShowState;
use showfloor_domain::{MessageId, UtcMs, ViewerId};

use super::conn::{Conn, Stage};
use super::history::Said;
use super::permission::{may, rank};
use super::state::{Room, message_id};
use super::{ConnId, Moderation, ModerationAction, Output, record};
use crate::overlay::LinkPolicy;
use crate::protocol::{
    Badge, ChatMessage, ClientMessage, CloseCode, NAME_CHARS_MAX, NotUnderstood, Offset, ReactionKind, Ref,
    Refusal, Resume, Sender, ServerMessage, TEXT_CHARS_MAX, read_frame,
};
use crate::text::{clean, fold, has_link};
use crate::token::{Participant, Role};

/// How many reactions one message can send up.
const REACTIONS_MAX: u8 = 10;

/// How long a viewer who floods is muted.
const FLOOD_MUTE_S: u32 = 60;

/// How many may say the same thing within [`RAID_MS`] before it counts as a raid.
const RAID_MAX: u32 = 4;
/// The time in which the same thing from many is counted.
const RAID_MS: i64 = 10_000;
/// What people say alike by themselves is shorter, folded.
const RAID_CHARS_MIN: usize = 16;
/// How many texts are watched for raids.
const RAIDS_MAX: usize = 64;

/// Why something is refused, and when it may be tried again.
pub(super) struct No(pub(super) Refusal, pub(super) Option<i64>);

impl Room {
    pub(super) fn frame(&mut self, conn: ConnId, frame: &Bytes) {
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        if self.now >= socket.expires_at {
            return self.close(conn, CloseCode::Unauthorized);
        }
        if socket.frames.take(self.now, self.limits.frames, 1).is_err() {
            return self.close(conn, CloseCode::BadFrame);
        }
        let Ok(messages) = read_frame(frame) else { return self.close(conn, CloseCode::BadFrame) };
        let mut replies = vec![];
        for message in messages {
            // What came before may have closed the socket.
            let Some(socket) = self.conns.get(&conn) else { return };
            match message {
                Ok(ClientMessage::Hello { resume, name, .. }) if !socket.has_greeted() => {
                    self.hello(conn, resume, name.as_deref(), &mut replies);
                }
                // Nothing is said before `hello`.
                Ok(_) | Err(_) if !socket.has_greeted() => return self.close(conn, CloseCode::BadFrame),
                Ok(message) => self.message(conn, message, &mut replies),
                Err(NotUnderstood { r#ref }) => self.not_understood(conn, r#ref, &mut replies),
            }
        }
        if self.conns.get(&conn).is_some_and(Conn::is_welcomed) {
            self.send(conn, &replies);
        } else if !replies.is_empty() && self.conns.contains_key(&conn) {
            self.after_welcome.entry(conn).or_default().extend(replies);
        }
    }

    fn message(&mut self, conn: ConnId, message: ClientMessage, replies: &mut Vec<ServerMessage>) {
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        let (viewer, role, user) = (socket.viewer, socket.role, socket.user);
        if !may(role, &message) {
            replies.push(refused(reference(&message), No(Refusal::NotAllowed, None)));
            return;
        }
        match message {
            ClientMessage::Hello { .. } => self.not_understood(conn, None, replies),
            ClientMessage::Ping {} => replies.push(ServerMessage::Pong { now: self.now }),
            ClientMessage::Ack { offset } => socket.acknowledged(offset, &self.limits),
            ClientMessage::React { kind, n } => {
                if (1..=REACTIONS_MAX).contains(&n) {
                    self.react(viewer, kind, n);
                } else {
                    self.not_understood(conn, None, replies);
                }
            }
            ClientMessage::Name { name } => match self.rename(viewer, &name) {
                Ok(()) => {}
                Err(no) => replies.push(refused(None, no)),
            },
            ClientMessage::Say { r#ref, text, reply_to } => match self.say(viewer, role, &text, reply_to) {
                Ok((message_id, offset)) => replies.push(ServerMessage::Sent { r#ref, message_id, offset }),
                Err(no) => {
                    self.strike(viewer, role, &no);
                    replies.push(refused(Some(r#ref), no));
                }
            },
            ClientMessage::Remove { .. }
            | ClientMessage::Restore { .. }
            | ClientMessage::Mute { .. }
            | ClientMessage::Unmute { .. }
            | ClientMessage::Ban { .. }
            | ClientMessage::Unban { .. }
            | ClientMessage::Slow { .. }
            | ClientMessage::PinMessage { .. } => {
                let named = reference(&message);
                replies.push(match (self.moderate(viewer, role, user, message), named) {
                    (Ok(()), Some(r#ref)) => ServerMessage::Done { r#ref },
                    (Ok(()), None) => return,
                    (Err(no), named) => refused(named, no),
                });
            }
        }
    }

    fn not_understood(&mut self, conn: ConnId, named: Option<Ref>, replies: &mut Vec<ServerMessage>) {
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        socket.not_understood += 1;
        if socket.not_understood >= self.limits.not_understood_max {
            return self.close(conn, CloseCode::BadFrame);
        }
        replies.push(refused(named, No(Refusal::NotUnderstood, None)));
    }

    fn hello(
        &mut self,
        conn: ConnId,
        resume: Option<Resume>,
        name: Option<&str>,
        replies: &mut Vec<ServerMessage>,
    ) {
        let Some(socket) = self.conns.get_mut(&conn) else { return };
        socket.stage = Stage::Greeting(resume);
        let (viewer, role) = (socket.viewer, socket.role);
        self.set_deadline(conn);
        self.people.greeted(viewer);
        self.greeting.push(conn);
        if let Some(name) = name.filter(|_| role == Role::Viewer)
            && let Err(no) = self.fit_name(name).map(|name| self.put_name(viewer, name))
        {
            replies.push(refused(None, no));
        }
    }

    fn react(&mut self, viewer: ViewerId, kind: ReactionKind, n: u8) {
        let (now, rate) = (self.now, self.limits.reactions);
        let over = self.overlays.on_air().state() == ShowState::Ended;
        let Some(person) = self.people.get_mut(viewer).filter(|_| !over) else { return };
        // Too many hearts are nobody's mistake: those that fit are counted.
        let counted = (1..=n).filter(|_| person.reactions.take(now, rate, 1).is_ok()).count();
        if counted > 0 {
            let sum = self.reactions.entry(kind).or_default();
            *sum = sum.saturating_add(u32::try_from(counted).unwrap_or(0));
        }
    }

    fn rename(&mut self, viewer: ViewerId, name: &str) -> Result<(), No> {
        let (now, rate) = (self.now, self.limits.chat);
        if let Some(person) = self.people.get_mut(viewer) {
            person.chat.take(now, rate, 1).map_err(|wait_ms| No(Refusal::RateLimited, Some(wait_ms)))?;
        }
        let name = self.fit_name(name)?;
        self.put_name(viewer, name.clone());
        let conns = self.people.get(viewer).map(|person| person.conns.clone()).unwrap_or_default();
        for conn in conns {
            self.send(conn, &[ServerMessage::You { muted_until: None, name: Some(name.clone()) }]);
        }
        Ok(())
    }

    fn put_name(&mut self, viewer: ViewerId, name: String) {
        if let Some(person) = self.people.get_mut(viewer) {
            person.name = name;
        }
    }

    /// The name as it is shown, if a viewer may speak under it.
    fn fit_name(&self, name: &str) -> Result<String, No> {
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(No(Refusal::TooLong, None));
        }
        let name = clean(name);
        if !name.chars().any(char::is_alphanumeric) {
            return Err(No(Refusal::Empty, None));
        }
        if self.reserved.forbids(&name) {
            return Err(No(Refusal::NameTaken, None));
        }
        if self.blocklist.finds(&name) {
            return Err(No(Refusal::Blocked, None));
        }
        if has_link(&name) { Err(No(Refusal::Link, None)) } else { Ok(name) }
    }

    /// Whether a buyer's name may be told to everybody.
    pub(super) fn may_be_shown(&self, name: &str) -> bool {
        self.fit_name(name).is_ok()
    }

    /// The name that somebody starts with.
    pub(super) fn name_for(&self, who: &Participant, woken: Option<&str>) -> String {
        if let Some(name) = woken {
            return name.into();
        }
        let given = who.name.as_deref().map(clean);
        match who.role {
            Role::Viewer => given.and_then(|name| self.fit_name(&name).ok()).unwrap_or_else(|| {
                let bytes = who.viewer.uuid().into_bytes();
                let number = u16::from_be_bytes([bytes[14], bytes[15]]) % 9_000 + 1_000;
                format!("Guest {number}")
            }),
            Role::Host => given.or_else(|| self.seed().host_name.clone()).unwrap_or_else(|| "Host".into()),
            Role::Moderator => given.unwrap_or_else(|| "Moderator".into()),
            Role::Owner | Role::Manager | Role::Analyst => {
                given.or_else(|| self.seed().shop_name.clone()).unwrap_or_else(|| "Shop".into())
            }
        }
    }

    fn say(
        &mut self,
        viewer: ViewerId,
        role: Role,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Result<(MessageId, Offset), No> {
        if self.overlays.on_air().state() == ShowState::Ended {
            return Err(No(Refusal::Closed, None));
        }
        let now = self.now;
        let Some(person) = self.people.get_mut(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        if let Some(left_ms) = person.is_muted(now) {
            return Err(No(Refusal::Muted, Some(left_ms)));
        }
        let wait = |wait_ms| No(Refusal::RateLimited, Some(wait_ms));
        person.chat.take(now, self.limits.chat, 1).map_err(wait)?;
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(No(Refusal::TooLong, None));
        }
        let text = clean(text);
        if text.is_empty() {
            return Err(No(Refusal::Empty, None));
        }
        let folded = fold(&text);
        // What folds to nothing, like a row of hearts, is compared as it is.
        let fingerprint = fingerprint(if folded.is_empty() { &text } else { &folded });
        if role == Role::Viewer {
            self.check_viewer(viewer, &text, &folded, fingerprint)?;
        }
        self.room_chat.take(now, self.limits.room_chat, 1).map_err(wait)?;
        let Some(person) = self.people.get_mut(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        person.remember(now, fingerprint);
        let name = person.name.clone();
        let reply_to = reply_to.and_then(|id| self.history.quote(id));
        let id = message_id(now, self.epoch, self.ring.last() + 1);
        let from = Sender { id: viewer, name, role: Badge::from(role) };
        let message = ChatMessage { id, at: now, from, text, reply_to };
        let told = message.clone();
        let offset = self.tell(None, rank(role), |offset| ServerMessage::Chat { offset, message: told });
        self.history.push(Said { offset, rank: rank(role), message });
        Ok((id, offset))
    }

    /// What staff need not heed.
    fn check_viewer(
        &mut self,
        viewer: ViewerId,
        text: &str,
        folded: &str,
        fingerprint: u64,
    ) -> Result<(), No> {
        let now = self.now;
        let Some(person) = self.people.get(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        if let Some(said_at) = person.said_at {
            let left_ms = i64::from(self.slow_s) * 1_000 - now.since(said_at);
            if left_ms > 0 {
                return Err(No(Refusal::SlowMode, Some(left_ms)));
            }
        }
        if self.blocklist.finds(text) {
            return Err(No(Refusal::Blocked, None));
        }
        if self.overlays.seed().links == LinkPolicy::Block && has_link(text) {
            return Err(No(Refusal::Link, None));
        }
        if person.repeats(now, fingerprint) {
            return Err(No(Refusal::Duplicate, None));
        }
        let is_new = person.said_at.is_none();
        if folded.chars().count() >= RAID_CHARS_MIN && self.is_raid(fingerprint) {
            return Err(No(Refusal::Duplicate, None));
        }
        if is_new {
            let wait = |wait_ms| No(Refusal::RateLimited, Some(wait_ms));
            self.newcomers.take(now, self.limits.newcomers, 1).map_err(wait)?;
        }
        Ok(())
    }

    /// Counts a text; whether too many say it.
    fn is_raid(&mut self, fingerprint: u64) -> bool {
        let now = self.now;
        self.raids.retain(|(_, since, _)| now.since(*since) < RAID_MS);
        if let Some((_, _, count)) = self.raids.iter_mut().find(|(text, _, _)| *text == fingerprint) {
            *count = count.saturating_add(1);
            return *count > RAID_MAX;
        }
        self.raids.push_back((fingerprint, now, 1));
        if self.raids.len() > RAIDS_MAX {
            self.raids.pop_front();
        }
        false
    }

    /// Counts a refusal of a viewer; one too many mutes them for a minute.
    fn strike(&mut self, viewer: ViewerId, role: Role, no: &No) {
        let flooding = matches!(
            no.0,
            Refusal::RateLimited | Refusal::Blocked | Refusal::Link | Refusal::Duplicate | Refusal::TooLong
        );
        let (now, most) = (self.now, self.limits.strikes_max);
        let person = self.people.get_mut(viewer).filter(|_| flooding && role == Role::Viewer);
        if person.is_some_and(|person| person.strike(now, most)) {
            self.mute(viewer, FLOOD_MUTE_S);
            self.outputs.push_back(Output::Moderated(Moderation {
                at: now,
                action: ModerationAction::AutoMute,
                by: None,
                role: None,
                viewer_id: Some(viewer),
                message_id: None,
                seconds: Some(FLOOD_MUTE_S),
                reason: Some("flood".into()),
            }));
        }
    }

    pub(super) fn mute(&mut self, viewer: ViewerId, seconds: u32) {
        let until = self.now.plus_ms(i64::from(seconds) * 1_000);
        self.put_mute(viewer, until);
        self.persist(record::put(record::mute_key(viewer), &until));
    }

    pub(super) fn unmute(&mut self, viewer: ViewerId) {
        self.put_mute(viewer, self.now);
        self.persist(record::delete(record::mute_key(viewer)));
    }

    fn put_mute(&mut self, viewer: ViewerId, until: UtcMs) {
        let now = self.now;
        let person = self.people.entry(now, viewer);
        person.muted_until = Some(until);
        for conn in person.conns.clone() {
            self.send(conn, &[ServerMessage::You { muted_until: Some(until), name: None }]);
        }
    }
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn reference(message: &ClientMessage) -> Option<Ref> {
    match message {
        ClientMessage::Say { r#ref, .. }
        | ClientMessage::Remove { r#ref, .. }
        | ClientMessage::Restore { r#ref, .. }
        | ClientMessage::Mute { r#ref, .. }
        | ClientMessage::Unmute { r#ref, .. }
        | ClientMessage::Ban { r#ref, .. }
        | ClientMessage::Unban { r#ref, .. }
        | ClientMessage::Slow { r#ref, .. }
        | ClientMessage::PinMessage { r#ref, .. } => Some(r#ref.clone()),
        ClientMessage::Hello { .. }
        | ClientMessage::React { .. }
        | ClientMessage::Name { .. }
        | ClientMessage::Ping {}
        | ClientMessage::Ack { .. } => None,
    }
}

fn refused(named: Option<Ref>, No(reason, retry_ms): No) -> ServerMessage {
    let next = match reason {
        Refusal::SlowMode => "Slow mode is on. Wait for your turn.",
        Refusal::RateLimited => "That was a lot at once. Wait a moment, then send it again.",
        Refusal::Muted => "You are muted for now. You can still watch and buy.",
        Refusal::Blocked => "This shop does not allow one of these words. Say it differently.",
        Refusal::Link => "Links are not allowed here. Send it without the link.",
        Refusal::Duplicate => "That was just said. Say something new.",
        Refusal::TooLong => "That is too long. Make it shorter.",
        Refusal::Empty => "There was nothing to read in it. Write some letters.",
        Refusal::NameTaken => "That name could be taken for somebody of the show. Choose another.",
        Refusal::NotAllowed => "Your role does not allow this.",
        Refusal::NotFound => "It is not there any more.",
        Refusal::Closed => "The show is over, and so is its chat.",
        Refusal::NotUnderstood => "Reload the page; it speaks another version.",
    };
    let retry_ms = retry_ms.map(|ms| u32::try_from(ms).unwrap_or(u32::MAX));
    ServerMessage::Refused { r#ref: named, reason, next: next.into(), retry_ms }
}
