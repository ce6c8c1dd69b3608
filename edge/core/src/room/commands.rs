//! What clients say.

use bytes::Bytes;
use showfloor_domain::ViewerId;
use showfloor_domain::event::ShowState;

use super::ConnId;
use super::conn::{Conn, Stage};
use super::permission::may;
use super::state::Room;
use crate::protocol::{
    ClientMessage, CloseCode, NotUnderstood, ReactionKind, Ref, Refusal, Resume, ServerMessage, read_frame,
};
use crate::token::Role;

/// How many reactions one message can send up.
const REACTIONS_MAX: u8 = 10;

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
            ClientMessage::Say { r#ref, text, reply_to } => {
                match self.say(viewer, role, (&r#ref, &text), reply_to) {
                    Ok((message_id, offset)) => {
                        replies.push(ServerMessage::Sent { r#ref, message_id, offset });
                    }
                    Err(no) => {
                        self.strike(viewer, role, &no);
                        replies.push(refused(Some(r#ref), no));
                    }
                }
            }
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
